"""Tables as they are published: each kind in each format, no cell wrong in silence."""

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing.form import recognise
from gouji.landing.grid import Refused
from gouji.landing.read import read_document
from gouji.landing.vocabulary import Form, load_form
from landing_documents import (
    FORMATS,
    STYLES,
    Box,
    parts,
    write_docx,
    write_html,
    write_md,
    write_pdf,
    write_txt,
    write_xlsx,
)
from landing_layouts import CUT, LAYOUTS, Sections, cut, distinct, sides

ROOT = Path(__file__).parents[2]
WRITERS = {
    "html": write_html,
    "docx": write_docx,
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "md": write_md,
    "txt": write_txt,
}
SEEDS = 6
# A column too many is marked where no heading or no place tells which it is.
MAY_BE_REFUSED = {"a column too many"}
# What a flow of cells and columns set with spaces cannot show: which cells stand beside which.
NOT_IN_TEXT = {
    "table 三 cut down its columns",
    "the parts of table 三 side by side",
    "the halves of table 三 side by side",
    "a row that numbers the columns",
}


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


def printed(sections: Sections) -> set[str]:
    return {box.text for _, grid in sections for row in grid for box in row}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str, kind: str, form: Form) -> None:
    count = {"right": 0, "not read": 0}
    for seed in range(2 if kind == "pdf" else SEEDS):
        rnd = random.Random(seed)
        truth = distinct(form, rnd.choice(["2019", "2021"]))
        style = STYLES[seed % 3]
        sections = LAYOUTS[name](parts(truth, form, style), rnd)
        data = WRITERS[kind](truth.title, sections, style, random.Random(seed))
        kept = printed(sections)
        expected = {("disclosures", *key): text for key, text in truth.disclosures.items()}
        for table, rows in (("requests", truth.requests), ("reviews", truth.reviews)):
            for line, texts in rows.items():
                expected |= {(table, line, str(at)): text for at, text in enumerate(texts)}
        try:
            reading = recognise(read_document(data, f".{kind}"), form)
        except Refused:
            may_be = MAY_BE_REFUSED | NOT_IN_TEXT if kind == "txt" else MAY_BE_REFUSED
            assert name in may_be, (seed, style)
            continue
        for table, line, column, cell in reading.cells():
            right = expected[table, line, column]
            if cell.mark:
                count["not read"] += 1
                continue
            assert cell.printed == (right if right in kept else ""), (seed, table, line, column)
            count["right"] += 1
    assert count["not read"] <= 0.05 * count["right"]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("lacking", [0, 1, 2])
def test_two_reports_in_one_document(lacking: int, kind: str, form: Form) -> None:
    """What the first report lacks is never taken from the second."""
    truth = distinct(form)
    sections = parts(truth, form, "clean")
    second = [("某某县2023年政府信息公开工作年度报告", [sections[0][1][0]]), *sections]
    first = [section for at, section in enumerate(sections) if at != lacking]
    data = WRITERS[kind](truth.title, [*first, *second], "clean", random.Random(0))
    with pytest.raises(Refused, match="two reports"):
        recognise(read_document(data, f".{kind}"), form)


@pytest.mark.parametrize("kind", ["html", "docx", "xlsx", "pdf", "md"])
def test_a_right_part_without_labels(kind: str, form: Form) -> None:
    """Its rows are those of the left part in their order, where the totals bear them out."""
    truth = distinct(form)
    for texts in truth.requests.values():
        texts[-1] = str(sum(map(int, texts[:-1])))
    truth.requests["carried_in"][0] = "5"
    sections = sides(parts(truth, form, "clean"), random.Random(1), repeats=False)
    data = WRITERS[kind](truth.title, sections, "clean", random.Random(0))
    reading = recognise(read_document(data, f".{kind}"), form)
    for line, cells in reading.requests.items():
        if line == "carried_in":
            assert any(cell.mark for cell in cells)
        else:
            assert [cell.printed for cell in cells] == truth.requests[line]
    # A row that one of the parts has lost: none can be told.
    del sections[2][1][3]
    data = WRITERS[kind](truth.title, sections, "clean", random.Random(0))
    with pytest.raises(Refused):
        recognise(read_document(data, f".{kind}"), form)


@pytest.mark.parametrize("kind", ["html", "docx", "xlsx", "md"])
def test_a_page_between_numbers_and_their_label(kind: str, form: Form) -> None:
    """What the end of a page leaves beside （六） are the numbers of its first line, or may be."""
    truth = distinct(form)
    sections = parts(truth, form, "clean")
    heading, grid = sections[1]
    at = next(n for n, row in enumerate(grid) if any("（六）" in box.text for box in row))
    upper, lower = cut(grid, at + 1)
    head, *values = upper[-1][-9:]
    upper[-1] = [replace(box, rows=1) for box in (head, Box(""), *values[1:])]
    upper[-1] = [*grid[at][:-9], *upper[-1]]
    lower.insert(0, [Box(""), Box(""), values[0], *(Box("") for _ in values[1:])])
    sections[1:2] = [(heading, upper), (CUT, lower)]
    data = WRITERS[kind](truth.title, sections, "clean", random.Random(0))
    reading = recognise(read_document(data, f".{kind}"), form)
    assert "other_processing" not in reading.requests
    for line, cells in reading.requests.items():
        read = [cell.printed for cell in cells]
        assert read == (["?"] * 7 if line == "other_no_correction" else truth.requests[line])


@pytest.mark.parametrize("kind", FORMATS)
def test_types_in_another_order(kind: str, form: Form) -> None:
    """总计 before 自然人: no cell of such a table is read as another's."""
    truth = distinct(form)
    sections = parts(truth, form, "clean")
    rows = [list(row) for row in sections[1][1]]
    natural, organisations, total = rows[1]
    rows[1] = [total, natural, organisations]
    for row in rows[3:]:
        row.insert(len(row) - 7, row.pop())
    sections[1] = (sections[1][0], rows)
    data = WRITERS[kind](truth.title, sections, "clean", random.Random(0))
    with pytest.raises(Refused, match=r"order|cannot be read"):
        recognise(read_document(data, f".{kind}"), form)


@pytest.mark.parametrize("kind", FORMATS)
def test_two_rows_of_table_four(kind: str, form: Form) -> None:
    """This year's and the last's, which nothing tells apart."""
    truth = distinct(form)
    sections = parts(truth, form, "clean")
    heading, grid = sections[2]
    sections[2] = (heading, [*grid, [replace(box, text="7") for box in grid[-1]]])
    data = WRITERS[kind](truth.title, sections, "clean", random.Random(0))
    reading = recognise(read_document(data, f".{kind}"), form)
    assert all(cell.mark for line in reading.reviews.values() for cell in line)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_second_report_without_a_title(kind: str, form: Form) -> None:
    """Other numbers: refused; the same: what only the second has is marked."""
    truth = distinct(form)
    whole = parts(truth, form, "clean")
    zeros = [
        (heading, [[replace(b, text="0") if b.text.isdigit() else b for b in row] for row in grid])
        for heading, grid in whole
    ]
    for lacking, expected in ((0, 10), (None, 0), (2, 15))[: 1 if kind == "pdf" else 3]:
        first, again = (
            [section for at, section in enumerate(sections) if at != lacking]
            for sections in (whole, zeros)
        )
        data = WRITERS[kind](truth.title, [*first, *zeros], "clean", random.Random(0))
        with pytest.raises(Refused, match="two reports"):
            recognise(read_document(data, f".{kind}"), form)
        data = WRITERS[kind](truth.title, [*again, *zeros], "clean", random.Random(0))
        reading = recognise(read_document(data, f".{kind}"), form)
        assert (reading.marked(), reading.held()) == (expected, 200)


def test_fifteen_zeros_beside_the_form_are_no_table_four(form: Form) -> None:
    truth = distinct(form)
    sections = parts(truth, form, "clean")[:2]
    page = write_html(truth.title, sections, "clean", random.Random(0)).decode()
    for heading in ("", f"<tr>{'<td>指标</td>' * 15}</tr>"):
        zeros = f"<table>{heading}<tr>{'<td>0</td>' * 15}</tr></table></body>"
        reading = recognise(read_document(page.replace("</body>", zeros).encode(), ".html"), form)
        assert not reading.reviews


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "txt"])
@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("emptied", ["nothing", "the last row", "all but its end"])
def test_a_table_that_a_text_parts_from_the_form_is_no_rest_of_it(
    kind: str, at: int, emptied: str, form: Form
) -> None:
    """Numbers in the columns of the last row, under a heading of their own."""
    truth = distinct(form)
    sections = parts(truth, form, "clean")
    heading, grid = sections[at]
    last = len(grid[-1]) - 1 if emptied == "all but its end" else len(grid[-1])
    values = [box.text.isdigit() for box in grid[-1]]
    if emptied != "nothing":
        row = [
            replace(box, text="") if is_value and place < last else box
            for place, (box, is_value) in enumerate(zip(grid[-1], values, strict=True))
        ]
        grid = [*grid[:-1], row]
        sections[at] = (heading, grid)
    numbers = iter(range(31, 99))
    foreign = [
        replace(box, text=str(next(numbers)) if is_value else "")
        for box, is_value in zip(grid[-1], values, strict=True)
    ]
    sections.insert(at + 1, ("附：本年度咨询量", [foreign]))
    data = WRITERS[kind](truth.title, sections, "clean", random.Random(0))
    reading = recognise(read_document(data, f".{kind}"), form)
    landed = [cell.printed for *_, cell in reading.cells()]
    # a sheet ends with its last filled row
    absent = 15 if (kind, at, emptied) == ("xlsx", 2, "the last row") else 0
    assert len(landed) == 200 - absent
    assert not {str(number) for number in range(31, 99)} & set(landed)
    assert set(landed) - {"", "?"} <= printed(sections)
    if emptied != "the last row":
        assert "?" not in landed


@pytest.mark.parametrize("kind", FORMATS)
def test_an_odd_cell_of_table_four_leaves_its_neighbours(kind: str, form: Form) -> None:
    truth = distinct(form)
    truth.reviews[form.channels[1]][2] = "待定"
    data = WRITERS[kind](truth.title, parts(truth, form, "clean"), "clean", random.Random(0))
    reading = recognise(read_document(data, f".{kind}"), form)
    assert [list(line.printed) for line in reading.reviews.values()] == [
        truth.reviews[channel] for channel in form.channels
    ]


def test_a_row_of_table_four_that_cannot_be_told_is_marked(form: Form) -> None:
    """Two numbers in each cell: the table stands there, and is not absent."""
    truth = distinct(form)
    for channel in form.channels:
        truth.reviews[channel] = [f"{number} 9" for number in truth.reviews[channel]]
    data = write_html(truth.title, parts(truth, form, "clean"), "clean", random.Random(0))
    reading = recognise(read_document(data, ".html"), form)
    cells = [cell for line in reading.reviews.values() for cell in line]
    assert len(cells) == 15
    assert all(cell.mark for cell in cells)
