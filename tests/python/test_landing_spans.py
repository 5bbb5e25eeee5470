"""Spans that only dress letters are left out before a page is parsed, and nothing else changes."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing import read_html
from gouji.landing.grid import Document, Paragraph
from gouji.landing.vocabulary import Form, load_form
from landing_documents import made_up, write

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


def _with_all_spans(page: bytes, monkeypatch: pytest.MonkeyPatch) -> Document:
    with monkeypatch.context() as patch:
        patch.setattr(read_html, "_without_spans", lambda data: data)
        return read_html.read_html(page)


@pytest.mark.parametrize("seed", range(12))
def test_a_page_reads_the_same_without_them(
    seed: int, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = write(made_up(form, seed), form, "html", "word", seed)
    for cut in (len(page), len(page) * 3 // 4, len(page) // 2):  # whole, and cut off
        part = page[:cut]
        assert read_html.read_html(part) == _with_all_spans(part, monkeypatch)
    assert len(read_html._without_spans(page)) < 0.8 * len(page)


_ROW = (
    "<tr><td>规章</td>" + "<td><span lang=EN-US style='color:\"red\"'>1</span></td>" * 60 + "</tr>"
)


@pytest.mark.parametrize(
    "cell",
    [
        "<td><span style='display :none'>7</span>8</td>",
        "<td><span style='&#100;isplay:none'>7</span>8</td>",
        "<td><span title='a>b'>7</span></td>",
        "<td><span style='a'b>7</span></td>",
        "<td><span>7</td>",
        "<td>7</span></td>",
        "<td><p<span>7</span></p></td>",
        "<td><p<span>>7</span></p></td>",
        "<td>7 < 8</td>",
        "<td><SPAN>7</span></td>",
    ],
)
def test_an_unusual_page_keeps_them(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for charset in ("utf-8", "gb18030"):
        page = f"<p>政府信息公开</p><table>{_ROW}<tr>{cell}</tr></table>".encode(charset)
        assert read_html._without_spans(page) == page
        plain = page.replace(cell.encode(), b"<td>7</td>")
        assert len(read_html._without_spans(plain)) < len(plain)
        assert read_html.read_html(plain) == _with_all_spans(plain, monkeypatch)


def test_a_hidden_part_around_spans_stays_hidden() -> None:
    page = f"<table>{_ROW}<tr style='display:none'><td><span>7</span></td></tr></table><p>完</p>"
    document = read_html.read_html(page.encode())
    assert [len(row.cells) for row in document.tables[0].rows] == [61]
    assert document.blocks[-1] == Paragraph("完")
