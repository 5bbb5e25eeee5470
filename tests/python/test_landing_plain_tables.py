"""Tables with plain markup are marked before a page is parsed, and nothing else changes."""

import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing import read_html
from gouji.landing.grid import Document, Paragraph, Refused
from gouji.landing.plain_tables import mark_plain_tables
from gouji.landing.vocabulary import Form, load_form
from landing_documents import STYLES, made_up, write

ROOT = Path(__file__).parents[2]
PIECES = re.findall(
    r"\S+",
    """
    <td> </td> <tr> </tr> <p> </p> <div> </div> <span> </span> <b> </i> <table> </table> <th> </th>
    <br/> <col> <colgroup> <thead> <!-- --> <!--[if·gte·mso·9]>9<![endif]--> <![if·!x]> <![endif]>
    &nbsp &#5 3; & 5 < > " ' <td·colspan=2> <td·colspan="2"·colspan=3> <td·rowspan=0>
    <td·style='display:none'> <td·title='a>b'> <caption> <script> </script> <textarea> <title>
    <select> <h1> <ul> \x01 \x15 <td/> <p/> <TD> <noscript> <xmp> <plaintext> <svg> <template>
    """,
)


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


def _parsed_whole(page: bytes) -> Document | str:
    try:
        return read_html._read(page, page, 0, ())
    except Refused as refusal:
        return str(refusal)


def _read(page: bytes) -> Document | str:
    try:
        return read_html.read_html(page)
    except Refused as refusal:
        return str(refusal)


@pytest.mark.parametrize("style", STYLES)
def test_most_of_a_page_is_marked(style: str, form: Form) -> None:
    page = write(made_up(form, 1), form, "html", style, 1)
    marked, tables = mark_plain_tables(page)
    assert tables >= 3
    assert marked.count(b"<") < 0.1 * page.count(b"<")
    assert _read(page) == _parsed_whole(page)


def test_damaged_pages_read_the_same(form: Form) -> None:
    marked = 0
    for seed in range(300):
        rnd = random.Random(seed)
        page = write(made_up(form, seed % 30), form, "html", rnd.choice(STYLES), seed)
        for _ in range(rnd.choice([1, 2, 5])):
            at = rnd.randrange(page.find(b"<table"), len(page))
            at = max(at, page.find(b"<", at) if rnd.random() < 0.6 else at)
            end = page.find(b">", at) + 1 if rnd.random() < 0.3 else at
            piece = rnd.choice(PIECES).replace("·", " ").encode()
            page = page[:at] + piece + page[end:]
        if rnd.random() < 0.1:
            page = page[: rnd.randrange(len(page))]
        assert _read(page) == _parsed_whole(page), seed
        marked += bool(mark_plain_tables(page)[1])
    assert marked > 200


_ROW = "<tr><td>规章</td><td rowspan=2 colspan='3'><p lang=a>1<br></p></td><td>&nbsp;</td></tr>"


@pytest.mark.parametrize(
    "row",
    [
        "<tr><td><span style='display :none'>7</span>8</td></tr>",
        "<tr><td style='DISPLAY: none'>7</td></tr>",
        "<tr><td><span style='&#100;isplay:none'>7</span>8</td></tr>",
        "<tr style='visibility:hidden'><td>7</td></tr>",
        "<tr><td><span title='a>b'>7</span></td></tr>",
        "<tr><td><span style='a'b>7</span></td></tr>",
        "<tr><td><span>7</td></tr>",
        "<tr><td>7</span></td></tr>",
        "<tr><td><p<span>7</span></p></td></tr>",
        "<tr><td><span s<br>tyle='a'>7</span></td></tr>",
        '<tr><td colspan="<!-- x -->4">7</td></tr>',
        "<tr><td>7 < 8</td></tr>",
        "<tr><td>7<!-- 8 - 9 --></td></tr>",
        "<tr><td>7<!--></td></tr>",
        "<tr><td>7</td><tr>",
        "<tr><td>7<td>8</td></td></tr>",
        "<tr><td>7</th></tr>",
        "<tr><td>7</td></tr></tr>",
        "<td>7</td>",
        "<tr><td>&#5<b>3</b>;</td></tr>",
        "<tr><td colspan=2 colspan=3>7</td></tr>",
        "<tr><td colspan=-2>7</td></tr>",
        "<tr><td rowspan=99999>7</td></tr>",
        "<tr><td flaw=1>7</td></tr>",
        "<tr><TD>7</td></tr>",
        "<tr><td/></tr>",
        "<caption>7</caption>",
        "<tr><td>\x15</td></tr>",
        "<tr><td class=a\x0bcolspan=2>7</td></tr>",
    ],
)
def test_an_unusual_table_is_parsed(row: str) -> None:
    for charset in ("utf-8", "gb18030"):
        page = f"<p>政府信息公开</p><table>{_ROW}{row}</table>".encode(charset)
        assert mark_plain_tables(page) == (page, 0)
        plain = page.replace(row.encode(), b"<tr><td>7</td></tr>")
        assert mark_plain_tables(plain)[1] == 1
        assert _read(plain) == _parsed_whole(plain)


@pytest.mark.parametrize(
    "before", ["<!--", "<title>", "<textarea>", "<xmp>", "<p title='", "<script>", "<noscript>"]
)
def test_a_table_that_is_none_is_not_read(before: str) -> None:
    page = f"<table>{_ROW}</table><p>政府信息公开</p>{before}<table>{_ROW}</table>".encode()
    assert mark_plain_tables(page)[1] == 2
    assert _read(page) == _parsed_whole(page)


@pytest.mark.parametrize(
    "cell", [b"1\x81<b>6</b>\xa4<b>7</b>", b"1\x81<b>0</b>\x81<b>0</b>5", b"1\xe2<b></b>\x80\x8b"]
)
def test_a_tag_keeps_broken_characters_apart(cell: bytes) -> None:
    page = "<p>政府信息公开</p>".encode("gb18030") + b"<table><tr><td>%b</td></tr></table>" % cell
    assert mark_plain_tables(page)[1] == 1
    assert _read(page) == _parsed_whole(page)


def test_a_hidden_part_stays_hidden() -> None:
    hidden = "<tr style='display:none'><td><span>7</span></td></tr>"
    page = f"<table>{_ROW}{hidden}</table><p>完</p><div style='display:none'><table>{_ROW}</table>"
    document = read_html.read_html(page.encode())
    assert [[len(row.cells) for row in table.rows] for table in document.tables] == [[3]]
    assert document.blocks[-1] == Paragraph("完")


@pytest.mark.parametrize("ground", ["bgcolor=#dddddd", "style='background:#ddd'"])
@pytest.mark.parametrize("letters", ["color=#dddddd", "color='#d8d8d8'"])
def test_letters_in_the_colour_of_their_own_ground_are_left_out(ground: str, letters: str) -> None:
    row = f"<tr><td>规章</td><td {ground}><font {letters}>9</font>12</td></tr>"
    (table,) = read_html.read_html(f"<table>{row}</table>".encode()).tables
    assert [cell.text for cell in table.rows[0].cells] == ["规章", "12"]


def test_a_shaded_heading_leaves_a_table_plain() -> None:
    row = "<tr><td bgcolor=#eeeeee><font color=#333333>规章</font></td><td>12</td></tr>"
    assert mark_plain_tables(f"<table>{row}</table>".encode())[1] == 1
