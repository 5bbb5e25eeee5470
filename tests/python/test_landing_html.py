"""What is read of a page is what it shows, in the cells in which it shows it."""

import pytest

from gouji.landing.grid import Paragraph
from gouji.landing.read_html import read_html
from gouji.landing.shown import Doubt

INSIDE = "cells inside a cell: the page's markup is broken here"
BROKEN = "a tag is broken in this cell"


def cells(page: str) -> list[list[tuple[str, int, str]]]:
    """The rows of the last table: text, colspan and flaw of each cell."""
    table = read_html(page.encode()).tables[-1]
    return [[(cell.text, cell.colspan, cell.flaw) for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<td>7</td>", [("7", 1, "")]),
        ("<td colspan=3>7", [("7", 3, "")]),
        ("<td/><td>7</td>", [("", 1, ""), ("7", 1, "")]),
        ("<td></td><td colspan='2'></td>", [("", 1, ""), ("", 2, "")]),
        ("<th>7</th>", [("7", 1, "")]),
        ("<td><p>7</p><p>8</p></td>", [("7 8", 1, "")]),
        ("<td>7<b>8</b><br>9</td>", [("78 9", 1, "")]),
        ("<td>&lt;td&gt;7&amp;nbsp;</td>", [("<td>7&nbsp;", 1, "")]),
        ("<td>\x0c7&nbsp;\u200b</td>", [("7", 1, "")]),
        ('<td title="</td><td>6">7</td>', [("7", 1, "")]),
        ("<td title='\" colspan=\"3'>7</td>", [("7", 1, "")]),
        ("<td>7<script>'</td><td>6</td>'</script></td>", [("7", 1, "")]),
        ("<td>7<!-- </td><td>6 --></td><!-- <td>6</td> -->", [("7", 1, "")]),
        ("<td>7</td></tr><!-- <tr><td>6</td></tr> --><tr>", [("7", 1, "")]),
        ("<td>7<span style='DISPLAY : none'>6</span></td>", [("7", 1, "")]),
        ("<td>7</td><td style='visibility:hidden'>6</td>", [("7", 1, ""), ("", 1, "")]),
        ("<td>7</td><td style='display:none'>6</td>", [("7", 1, "")]),
        ("<td>7<xmp><td>6</xmp></td>", [("7 <td>6", 1, "")]),
        ("<td><p7</p></td><td>8</td>", [("", 1, BROKEN), ("8", 1, "")]),
        ("<td><b<tr>7</td>", [("7", 1, BROKEN)]),
    ],
)
def test_cells_of_a_row(cell: str, expected: list[tuple[str, int, str]]) -> None:
    rows = cells(f"<p>政府信息公开</p><table><tr><td>0</td></tr><tr>{cell}</tr></table>")
    assert rows[0] == [("0", 1, "")]
    assert rows[1] == expected


OFF = "<b class=off>9</b>12"
HIDES = ".off%7Bdisplay:none%7D"


@pytest.mark.parametrize(
    "head",
    [
        "<style>table{ .off{display:none} }</style>",
        "<style>td{ color:black; > .off, .other{display:none} }</style>",
        "<style>b{ &.off{display:none} }</style>",
        "<style>.off{ td & { @media screen{display:none} } }</style>",
        "<style>.off{ @media screen{display:none} }</style>",
        "<style>.other::before, .off{display:none}</style>",
        f"<style>@import url('data:text/css,{HIDES}') screen;</style>",
        f'<link href="data:text/css,td>{HIDES}" rel=stylesheet>',
        "<LINK rel=stylesheet href='data:text/css;base64,Lm9mZntkaXNwbGF5Om5vbmV9'>",
    ],
)
def test_sheets_that_hide(head: str) -> None:
    assert cells(f"{head}<table><tr><td>{OFF}</td></tr></table>") == [[("12", 1, "")]]


@pytest.mark.parametrize(
    "head",
    [
        "<style>.off{ @media print{display:none} }</style>",
        f"<style>@import 'data:text/css,{HIDES}' print;@import url(a.css);@import;</style>",
        f"<link rel='alternate stylesheet' href='data:text/css,{HIDES}'>",
        f"<link rel=stylesheet media=print href='data:text/css,{HIDES}'>",
        "<link rel=stylesheet href='data:text/css;base64,?'>",
        f"<style>.off{{{'&,& &{' * 30}display:none{'}' * 31}</style>",
    ],
)
def test_sheets_that_hide_nothing_here(head: str) -> None:
    assert cells(f"{head}<table><tr><td>{OFF}</td></tr></table>") == [[("912", 1, "")]]


@pytest.mark.parametrize(
    ("around", "cell"),
    [
        ("font-size:0", "<b style='font-size:1em'>9</b><b style='font-size:larger'>9</b>"),
        ("font-size:0", "<b style='font-size:12px'>12</b>9"),
        ("font-size:0", "<b style='font:bold 12px/2 a'>12</b>9"),
        ("font-size:0", "<font size=3>12</font>9"),
        ("font-size:0", "<b class=on>12</b>9"),
        ("font-size:1px", "<b style='font-size:16em'>12</b>9"),
        ("font-size:.5cm", "12"),
        ("visibility:hidden", "9<b class=on>12</b>"),
        ("visibility:collapse", "9<b style='visibility:visible'>12</b>"),
    ],
)
def test_what_stands_in_hidden_parts(around: str, cell: str) -> None:
    head = "<style>.on{font-size:14px;visibility:visible}</style>"
    page = f"{head}<table><tr><td>1</td><td><i style='{around}'>{cell}</i></td></tr></table>"
    assert cells(page)[0][1] == ("12" if "12" in cell else "", 1, "")


@pytest.mark.parametrize(
    "size", ["font-size:calc(10px + 4px)", "font-size:var(--s)", "font:bold clamp(9px,2vw,3em) a"]
)
def test_letters_of_a_size_that_is_worked_out_are_in_doubt_where_others_are_hidden(
    size: str,
) -> None:
    page = (
        f"<table><tr><td style='font-size:0'>9<b style='{size}'>12</b></td><td>3</td></tr></table>"
    )
    assert cells(page) == [[("12", 1, Doubt.UNSEEN), ("3", 1, "")]]
    assert cells(f"<table><tr><td style='{size}'>12</td></tr></table>") == [[("12", 1, "")]]


@pytest.mark.parametrize("names", [101, 300])
def test_a_rule_of_many_names_hides_too(names: int) -> None:
    listed = ",".join(f".off{'f' * 4 * (name % 101)}" for name in range(names))
    page = f"<style>{listed}{{display:none}}</style><table><tr><td>{OFF}</td></tr></table>"
    assert cells(page) == [[("12", 1, "")]]


def test_sheets_count_in_the_order_of_the_page() -> None:
    link = f"<link rel=stylesheet href='data:text/css,{HIDES}'>"
    shows = "<style>.off{display:inline}</style>"
    third = "<style>a{color:red}i{color:red}.off{display:inline}</style>"
    for head, text in ((link + shows, "912"), (shows + link, "12"), (third + link, "12")):
        assert cells(f"{head}<table><tr><td>{OFF}</td></tr></table>") == [[(text, 1, "")]]


def test_rows_and_columns_that_are_collapsed() -> None:
    row = "<tr style='visibility:collapse'><td style='visibility:visible'>9</td></tr>"
    assert cells(f"<table><tr><td>1</td></tr>{row}</table>")[1] == [("", 1, "")]
    column = "<col><col style='visibility:collapse'>"
    rows = cells(f"<table>{column}<tr><td>1</td><td>9</td></tr></table>")
    assert all(flaw == Doubt.UNSEEN for *_, flaw in rows[0])


def test_a_cell_in_a_cell_is_no_cell_of_its_own() -> None:
    rows = cells("<table><tr><td>1<tdx<b>2</tdx<b><tabne><td>3</td></tabne>4</td><td>5</td></tr>")
    assert [text for text, *_ in rows[0]][-1] == "5"
    assert len(rows) == 1


def test_prose_around_and_within_tables() -> None:
    inner = "<table><tr><td>五</td></tr></table>"
    page = f"<h1>一</h1>二<br>三<table><tr><td>四{inner}六</td></tr></table>七"
    document = read_html(page.encode())
    prose = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert [paragraph.text for paragraph in prose] == list("一二三四六七")
    assert [paragraph.is_heading for paragraph in prose] == [True] + [False] * 5
    assert [table.rows[0].cells[0].text for table in document.tables] == ["五", "四六"]


def test_title_and_metadata() -> None:
    page = (
        '<title>一&amp;二</title><meta name=PubDate content="三&quot;"><p>四</p><title>五</title>'
    )
    document = read_html(page.encode())
    assert document.title == "一&二"
    assert document.metadata == {"pubdate": '三"'}
