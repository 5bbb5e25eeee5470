"""Rows of the form with nothing but spaces between their cells: a row a line, or all in one."""

import io
import random
import sys
from collections import Counter
from pathlib import Path

import docx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing.form import recognise
from gouji.landing.grid import Refused
from gouji.landing.read import read_document
from gouji.landing.reading import Reading
from gouji.landing.vocabulary import Form, load_form
from landing_documents import (
    PROSE,
    Truth,
    made_up,
    parts,
    read_truths,
    write_pdf,
)
from landing_layouts import distinct

ROOT = Path(__file__).parents[2]
END = "五、存在的主要问题及改进情况"


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


def lines(truth: Truth, form: Form, style: str = "clean") -> list[str]:
    """A report as a text copy: its rows, in which blank cells leave no trace."""
    found = [truth.title, PROSE]
    for heading, grid in parts(truth, form, style):
        found.append(heading)
        found += [" ".join(box.text for box in row if box.text) for row in grid]
    return [*found, END]


def read(rows: list[str], kind: str, form: Form) -> Reading:
    if kind == "html":
        body = "".join(f"<p>{row}</p>" for row in rows)
        data = f"<html><body>{body}</body></html>".encode()
    elif kind == "docx":
        document = docx.Document()
        for row in rows:
            document.add_paragraph(row)
        file = io.BytesIO()
        document.save(file)
        data = file.getvalue()
    elif kind == "pdf":
        data = write_pdf(rows[0], [(row, []) for row in rows], "clean", random.Random(0))
    else:
        data = ("\n".join(rows) + "\n").encode()
    return recognise(read_document(data, f".{kind}"), form)


def cells(truth: Truth) -> dict[tuple[str, str, str], str]:
    found = {("disclosures", *key): text for key, text in truth.disclosures.items()}
    for table, rows in (("requests", truth.requests), ("reviews", truth.reviews)):
        for line, texts in rows.items():
            found |= {(table, line, str(order)): text for order, text in enumerate(texts)}
    return found


@pytest.mark.parametrize("layout", ["2019", "2021"])
@pytest.mark.parametrize("in_one", [True, False])
@pytest.mark.parametrize("kind", ["txt", "md", "html", "docx"])
def test_spaced_rows(kind: str, in_one: bool, layout: str, form: Form) -> None:
    truth = distinct(form, layout)
    rows = lines(truth, form)
    reading = read([" ".join(rows)] if in_one else rows, kind, form)
    got = {(table, line, column): cell for table, line, column, cell in reading.cells()}
    assert {key: cell.printed for key, cell in got.items()} == cells(truth)
    assert not reading.marked()


@pytest.mark.parametrize("in_one", [True, False])
def test_spaced_rows_in_a_pdf(in_one: bool, form: Form) -> None:
    """Where printed lines end, cells may touch: such rows are marked."""
    truth = distinct(form)
    rows = lines(truth, form)
    try:
        reading = read([" ".join(rows)] if in_one else rows, "pdf", form)
    except Refused:
        assert in_one
        return
    expected = cells(truth)
    for table, line, column, cell in reading.cells():
        assert cell.mark or cell.printed == expected[table, line, column]
    assert reading.held() - reading.marked() > reading.marked()


@pytest.mark.parametrize("row", ["行政许可 12", "规章 1 0 3"])
def test_a_row_that_does_not_count_up_is_marked(row: str, form: Form) -> None:
    truth = distinct(form)
    rows = [
        row if text.startswith(row.split(maxsplit=1)[0]) else text for text in lines(truth, form)
    ]
    plain = read([" ".join(rows)], "txt", form)
    assert not plain.marked()
    longer = [f"{text} 5" if text == row else text for text in rows]
    reading = read([" ".join(longer)], "txt", form)
    assert {line for _, line, _, cell in reading.cells() if cell.mark} == {
        "permit" if row.startswith("行政许可") else "regulation"
    }


def test_a_blank_and_a_number_with_a_space_do_not_make_a_whole_row(form: Form) -> None:
    truth = distinct(form)
    truth.requests["new_requests"] = ["1 234", "", "0", "0", "0", "0", "1234"]
    reading = read([" ".join(lines(truth, form))], "txt", form)
    assert {line for _, line, _, cell in reading.cells() if cell.mark} == {"new_requests"}


def with_values(layout: str, line: str, values: str, form: Form) -> list[str]:
    """A report in which other values follow the label of one line."""
    rows = []
    for row in lines(distinct(form, layout), form):
        label = row.split(maxsplit=1)[0]
        word = form.word(label)
        is_line = line in (word.disclosure_line, word.request_line)
        rows += f"{label} {values}".split("\n") if is_line else [row]
    return rows


@pytest.mark.parametrize(
    ("layout", "line", "values"),
    [
        ("2019", "procurement", "1 234"),
        ("2019", "procurement", "1 234.56"),
        ("2019", "procurement", "1 234.56万元"),
        ("2019", "permit", "66 增12 345"),
        ("2021", "normative_document", "1 234 66"),
        ("2021", "normative_document", "1 2\n34"),
        ("2021", "normative_document", "1 2\n\n34"),
        ("2021", "permit", "\n12"),
        ("2021", "new_requests", "1 234 0 0 0 0 1234"),
        ("2021", "new_requests", "3001 53 0 0 61 4\n12"),
    ],
)
def test_numbers_that_may_be_others(layout: str, line: str, values: str, form: Form) -> None:
    """By a space for the thousands, or the number of a page in a line of its own."""
    reading = read(with_values(layout, line, values, form), "txt", form)
    assert {name for _, name, _, cell in reading.cells() if cell.mark} == {line}
    assert all(cell.mark for _, name, _, cell in reading.cells() if name == line)


@pytest.mark.parametrize(
    ("layout", "line", "values"),
    [
        ("2019", "procurement", "1 2345.67"),
        ("2019", "procurement", "1 234,567.00"),
        ("2021", "normative_document", "1 0 234"),
        ("2021", "normative_document", "\n1 2 34"),
        ("2021", "new_requests", "1 234 0 0 0 0 235"),
        ("2021", "new_requests", "3001 53 0 0\n61 4 3119"),
    ],
)
def test_numbers_that_are_no_others(layout: str, line: str, values: str, form: Form) -> None:
    reading = read(with_values(layout, line, values, form), "txt", form)
    assert not reading.marked()
    got = [cell.printed for _, name, _, cell in reading.cells() if name == line]
    assert got == values.split()


@pytest.mark.parametrize("total", ["1234", "235"])
def test_the_totals_of_table_four_bear_it_out(total: str, form: Form) -> None:
    truth = distinct(form)
    for channel in form.channels:
        truth.reviews[channel] = ["1", "234", "0", "0", "235"]
    truth.reviews[form.channels[1]][-1] = total
    reading = read(lines(truth, form), "txt", form)
    marked = {table for table, _, _, cell in reading.cells() if cell.mark}
    assert marked == ({"reviews"} if total == "1234" else set())


def test_prose_beside_tables_is_not_taken_apart(form: Form) -> None:
    page = (
        "<table><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
        "<tr><td>规章</td><td>1</td><td>2</td><td>3</td></tr></table>"
        "<p>上年 规章 4 5 6 行政规范性文件 4 5 6 行政许可 7</p>"
    )
    reading = recognise(read_document(page.encode(), ".html"), form)
    assert {key[0] for key in reading.disclosures} == {"regulation"}
    assert [cell.printed for cell in reading.disclosures.values()] == ["1", "2", "3"]


def test_damaged_spaced_rows(form: Form) -> None:
    """Blank cells, numbers with spaces, lost parts, labels cut: no wrong cell in silence."""
    real = list(read_truths(ROOT / "seeds" / "raw").values())
    count: Counter[str] = Counter()
    for seed in range(150):
        rnd = random.Random(seed)
        truth = rnd.choice([distinct(form), made_up(form, seed), rnd.choice(real)])
        rows = lines(truth, form, rnd.choice(["clean", "hurried"]))
        chance = rnd.choice([0, 0.003, 0.01])
        texts = []
        for row in rows:
            pieces = [piece for piece in row.split(" ") if rnd.random() >= chance]
            for at, piece in enumerate(pieces):
                if len(piece) > 3 and rnd.random() < chance * 3:
                    pieces[at] = f"{piece[:-3]} {piece[-3:]}"
            texts.append(" ".join(pieces))
        text = rnd.choice([" ", "\n"]).join(texts)
        if rnd.random() < 0.2:
            text = text[: rnd.randrange(len(text) // 2, len(text))]
        try:
            reading = read(text.split("\n"), rnd.choice(["txt", "html"]), form)
        except Refused:
            count["refused"] += 1
            continue
        expected = cells(truth)
        for table, line, column, cell in reading.cells():
            if cell.mark or not form.is_value(cell.printed or "0"):
                count["not read"] += 1
                continue
            assert cell.printed == expected.get((table, line, column)), (seed, line, column)
            count["right"] += 1
    assert count["right"] > 3_000
