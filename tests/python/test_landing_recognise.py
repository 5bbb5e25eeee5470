"""Single cases of reading the form, each one that was seen in print or could be."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing.form import recognise
from gouji.landing.grid import Refused
from gouji.landing.read import read_document
from gouji.landing.reading import Reading
from gouji.landing.vocabulary import Form, load_form
from landing_documents import Truth, made_up, write

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


@pytest.fixture(scope="module")
def truth(form: Form) -> Truth:
    return next(
        truth
        for truth in (made_up(form, seed) for seed in range(100))
        if truth.layout == "2021"
        and "other_other" in truth.requests
        and ("regulation", "made") in truth.disclosures
        and all(text.isdigit() for row in truth.requests.values() for text in row)
    )


@pytest.fixture
def page(truth: Truth, form: Form) -> str:
    return write(truth, form, "html", "clean").decode()


def read(page: str, form: Form) -> Reading:
    return recognise(read_document(page.encode(), ".html"), form)


def is_whole(reading: Reading, truth: Truth) -> bool:
    return (
        {key: cell.printed for key, cell in reading.disclosures.items()} == truth.disclosures
        and {k: [c.printed for c in row] for k, row in reading.requests.items()} == truth.requests
        and {k: [c.printed for c in row] for k, row in reading.reviews.items()} == truth.reviews
    )


EXTRA = (
    "<table><tr><td>行政许可</td><td>5</td></tr><tr><td>予以公开</td><td>3</td><td>件</td></tr>"
    "<tr><td>年份</td><td>2023</td></tr></table>"
)


@pytest.mark.parametrize("place", ["<body>", "</body>"])
def test_an_extra_table_changes_nothing(place: str, page: str, truth: Truth, form: Form) -> None:
    inserted = page.replace(place, place + EXTRA if place == "<body>" else EXTRA + place)
    reading = read(inserted, form)
    assert is_whole(reading, truth)


def test_a_line_that_stands_twice_with_other_numbers(page: str, form: Form) -> None:
    start = page.index("<tr><td><p>行政许可")
    row = page[start : page.index("</tr>", start) + 5]
    other = row.replace("</p></td></tr>", "9</p></td></tr>")
    reading = read(page.replace(row, row + other), form)
    cell = reading.disclosures["permit", "decisions"]
    assert cell.printed == "?"
    assert "twice" in cell.mark
    assert read(page.replace(row, row + row), form).marked() == 0


def test_an_unknown_label_marks_the_lines_that_are_missing(page: str, form: Form) -> None:
    reading = read(page.replace("2.重复申请", "2.其实申领"), form)
    assert all(cell.mark for cell in reading.requests["unprocessed_repeat"])
    assert any("其实申领" in note for note in reading.notes)
    assert reading.marked() == 7


def test_a_missing_row_is_absent_and_said(page: str, form: Form) -> None:
    start = page.index("<tr><td><p>2.重复申请")
    reading = read(page[:start] + page[page.index("</tr>", start) + 5 :], form)
    assert "unprocessed_repeat" not in reading.requests
    assert any("2.重复申请" in note and "absent" in note for note in reading.notes)
    assert reading.marked() == 0


def test_headings_of_two_layouts(page: str, form: Form) -> None:
    with pytest.raises(Refused, match="two layouts"):
        read(page.replace("本年废止件数", "对外公开总数量"), form)


def test_an_amount_under_another_unit(page: str, truth: Truth, form: Form) -> None:
    other = page.replace("（单位：万元）", "（单位：元）")
    cell = read(other, form).disclosures["fee", "amount"]
    amount = truth.disclosures["fee", "amount"]
    if amount.strip("0.") and "元" not in amount:
        assert "元" in cell.mark
    else:
        assert cell.printed == amount


def test_columns_in_another_order_are_not_guessed(page: str, form: Form) -> None:
    swapped = (
        page.replace("科研机构", "\0").replace("商业企业", "科研机构").replace("\0", "商业企业")
    )
    with pytest.raises(Refused, match="not in the form's order"):
        read(swapped, form)


def test_a_number_with_a_space_in_it_is_said(page: str, truth: Truth, form: Form) -> None:
    number = truth.disclosures["penalty", "decisions"]
    start = page.index("行政处罚")
    spoilt = page[:start] + page[start:].replace(f"<p>{number}</p>", "<p>1 2</p>", 1)
    reading = read(spoilt, form)
    assert reading.disclosures["penalty", "decisions"].printed == "1 2"
    assert any("no number" in note for note in reading.notes)


def test_remarks_in_cells_are_kept(page: str, truth: Truth, form: Form) -> None:
    number = truth.disclosures["penalty", "decisions"]
    start = page.index("行政处罚")
    remark = "55（含自然失效29件）"
    kept = page[:start] + page[start:].replace(f"<p>{number}</p>", f"<p>{remark}</p>", 1)
    assert read(kept, form).disclosures["penalty", "decisions"].printed == remark


def test_a_label_cut_in_two_by_a_page_break(page: str, truth: Truth, form: Form) -> None:
    start = page.index("<tr><td><p>2.没有现成信息需要另行制作")
    row = page[start : page.index("</tr>", start) + 5]
    upper = row.replace("需要另行制作", "")
    cells = row.count("<td>") - 1
    lower = "<tr><td></td><td></td><td>需要另行制作</td>" + "<td></td>" * cells + "</tr>"
    upper = "<tr><td></td><td></td>" + upper.removeprefix("<tr>")
    cut = page.replace(row, f"{upper}</tbody></table><table border=1><tbody>{lower}")
    reading = read(cut, form)
    line = [cell.printed for cell in reading.requests["unavailable_needs_creation"]]
    assert line == truth.requests["unavailable_needs_creation"]


def test_chinese_and_english_names_of_no_kind(form: Form) -> None:
    for line in {code for lines in form.request_lines.values() for code in lines}:
        label = form.labels[line]
        assert form.word(label).request_line == line
        assert form.word(f" {label} ".replace("（", "(")).request_line == line
    near = [form.word(text).request_line for text in ("属于国家密秘", "属于", "公开", "申请")]
    assert near == ["", "", "", ""]
