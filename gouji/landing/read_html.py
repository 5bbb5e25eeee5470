"""HTML pages to the grid model, whatever they declare their encoding to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree
from lxml import html as lxml_html

from gouji.landing.grid import (
    Document,
    Paragraph,
    RawCell,
    Refused,
    Table,
    build_table,
    clean,
)

MAX_DEPTH = 400
_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "head", "select", "textarea", "iframe", "object"]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_PARTS = ["table", "tr", "td", "th", "tbody", "thead", "tfoot", "caption"]
_GROUPS = ["html", "body", "main", "center", "section", "article", "header", "footer", "form"]
_TEXTS = ["p", "div", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "br", "hr"]
_BLOCKS = _HEADINGS | {*_PARTS, *_GROUPS, *_TEXTS}
_CELLS = frozenset(["td", "th"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A tag that another begins in: what stood between them is lost in its attributes.
_BROKEN_TAG = re.compile(r"<[A-Za-z][^<>]*<")
_TAG_NAME = re.compile(r"(?:[a-z]+:)?(?:[a-z]+|h[1-6])$")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
# Words that any report of this kind holds: the encoding in which they can be read is the right one.
_COMMON_WORDS = re.compile("政府信息|信息公开|行政|申请|数量")


def decode(data: bytes, *, declared: str = "") -> str:
    """Decode Chinese text whose declared encoding may be wrong or missing.

    The encoding in which the report's own words are found wins; among equals UTF-8, then the
    declared one, then GB18030.  Raises `Refused` for text with NUL bytes or no encoding at all.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").lstrip("\ufeff")
    if b"\x00" in data:
        raise Refused("it holds NUL bytes: it is not text, or it is damaged")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if not declared:
        match = _CHARSET.search(data[:4096])
        declared = match.group(1).decode("ascii") if match else ""
    candidates = ["utf-8-sig", "gb18030", "big5"]
    if declared.lower() in ("utf-16", "utf-16le", "utf-16be", "big5", "big5-hkscs"):
        candidates.append(declared)
    best, best_score = "", -1.0
    for encoding in candidates:
        text = data.decode(encoding, errors="replace")
        score = len(_COMMON_WORDS.findall(text)) - 0.5 * text.count("\ufffd")
        if score > best_score:
            best, best_score = text, score
    if best_score <= 0 and not _COMMON_WORDS.search(best):
        raise Refused("its text cannot be decoded as UTF-8 or GB18030")
    return best


def read_html(data: bytes) -> Document:
    """Read a page: its tables, its prose, title and metadata; hidden parts are left out."""
    text = decode(data)
    parser = lxml_html.HTMLParser(
        recover=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    # Entities are those of HTML only and nothing is fetched: libxml2's HTML parser has no others.
    body_text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    body_text = body_text.replace("\x0c", " ")
    try:
        root = lxml_html.document_fromstring(body_text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refused(f"it is no page that can be parsed ({error})") from error
    ends_in_text = bool(text[text.rfind(">") + 1 :].strip()) and "<" in text
    ends_in_tag = text.rfind("<") > text.rfind(">")
    document = Document()
    _head(root, document)
    reader = _Reader(document, has_broken_tags=bool(_BROKEN_TAG.search(text)))
    reader.read(root)
    last = document.blocks[-1] if document.blocks else None
    if isinstance(last, Table):
        is_open = ends_in_text or ends_in_tag or not _closes(text)
        is_torn = is_open and not text.rstrip().lower().endswith(("</td>", "</th>", "</tr>"))
        document.blocks[-1] = replace(last, is_open=is_open, is_torn=is_torn)
    return document


def _closes(text: str) -> bool:
    """Whether the page's last table, if it has any, is closed."""
    lowered = text[-200_000:].lower()
    return lowered.rfind("</table") >= lowered.rfind("<table")


def _head(root: etree._Element, document: Document) -> None:
    for element in root.iter("title", "meta"):
        if element.tag == "title":
            document.title = document.title or clean(str(element.text or ""))
            continue
        name = element.get("name") or element.get("property") or ""
        content = element.get("content")
        if name and content:
            document.metadata.setdefault(name.lower(), clean(content))


class _Reader:
    """Walks the tree once, without recursion, and writes blocks in the order of the page."""

    def __init__(self, document: Document, *, has_broken_tags: bool) -> None:
        self.document = document
        self.has_broken_tags = has_broken_tags
        self.tables = 0
        self.pieces: list[str] = []
        self.heading = False

    def read(self, root: etree._Element) -> None:
        # A stack of (element, is_end, depth).  A table that holds tables is most often layout, but
        # may be one that was never closed: its own rows are read, and its content as well.
        stack: list[tuple[etree._Element, bool, int]] = [(root, False, 0)]
        while stack:
            element, is_end, depth = stack.pop()
            tag = element.tag
            if is_end:
                if tag in _BLOCKS:
                    self._flush()
                    self.heading = False
                if element.tail:
                    self.pieces.append(element.tail)
                continue
            if depth > MAX_DEPTH:
                raise Refused(f"its elements are nested more than {MAX_DEPTH} deep")
            stack.append((element, True, depth))
            if tag in _SKIPPED or _is_hidden(element):
                continue
            if tag in _BLOCKS:
                self._flush()
                self.heading = tag in _HEADINGS
            if tag == "table":
                holds_tables = element.find(".//table") is not None
                self._table(element, holds_tables)
                if not holds_tables:
                    continue
            if element.text:
                self.pieces.append(element.text)
            stack.extend((child, False, depth + 1) for child in reversed(element))

    def _flush(self) -> None:
        if self.pieces:
            text = clean("".join(self.pieces))
            self.pieces.clear()
            if text:
                self.document.blocks.append(Paragraph(text, self.heading))

    def _table(self, table: etree._Element, holds_tables: bool) -> None:
        self.tables += 1
        place = f"table {self.tables}"
        rows = [
            [_raw_cell(cell, place, self.has_broken_tags) for cell in row]
            for row in _rows(table, holds_tables)
        ]
        if any(any(cell.text for cell in row) for row in rows):
            self.document.blocks.append(build_table(rows, place))


def _rows(table: etree._Element, holds_tables: bool) -> Iterator[list[etree._Element]]:
    """The rows that are the table's own: each the cells that stand in it."""
    for row in table.iter("tr"):
        if holds_tables and next(row.iterancestors("table")) is not table:
            continue
        if not _is_hidden(row):
            yield [cell for cell in row if cell.tag in _CELLS]


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    if style is not None and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None


def _raw_cell(cell: etree._Element, place: str, has_broken_tags: bool) -> RawCell:
    colspan = _span(cell.get("colspan"), place)
    rowspan = _span(cell.get("rowspan"), place)
    if has_broken_tags and any(_is_broken(node) for node in cell.iter()):
        return RawCell(_cell_text(cell)[0], rowspan, colspan, "a tag is broken in this cell")
    if len(cell) == 0:
        return RawCell(clean(cell.text or ""), rowspan, colspan)
    if len(cell) == 1:  # the common <td><p>12</p></td>
        only = cell[0]
        if only.tag == "p" and len(only) == 0 and only.get("style") is None:
            pieces = (cell.text or "", only.text or "", only.tail or "")
            filled = [piece for piece in pieces if piece.strip()]
            return RawCell(clean(" ".join(filled)), rowspan, colspan)
    text, flaw = _cell_text(cell)
    return RawCell(text, rowspan, colspan, flaw)


def _is_broken(element: etree._Element) -> bool:
    """Whether a tag swallowed what stood after it, as `<p0</p>` for `<p>0</p>` does."""
    return not _TAG_NAME.match(element.tag) or any("<" in str(name) for name in element.attrib)


def _span(value: str | None, place: str) -> int:
    if value is None:
        return 1
    match = re.match(r"\s*\+?(\d{1,9})", value)
    if match is None:
        return 1
    span = int(match.group(1))
    if span > 10_000:
        raise Refused(f"{place}: a cell spans {span} rows or columns")
    return span or 1


def _cell_text(cell: etree._Element) -> tuple[str, str]:
    """The text of a cell, blocks apart by a space, and its flaw: rows or cells inside it."""
    pieces: list[str] = []
    flaw = ""
    stack: list[tuple[etree._Element, bool]] = [(cell, False)]
    while stack:
        element, is_end = stack.pop()
        tag = element.tag
        if is_end:
            if tag in _BLOCKS:
                pieces.append("\n")
            if element is not cell and element.tail:
                pieces.append(element.tail)
            continue
        stack.append((element, True))
        if tag in _SKIPPED or tag == "table":
            continue
        if element is not cell:
            if tag in ("td", "th", "tr"):
                flaw = "cells inside a cell: the page's markup is broken here"
            if _is_hidden(element):
                continue
            if tag in _BLOCKS:
                pieces.append("\n")
        if element.text:
            pieces.append(element.text)
        stack.extend((child, False) for child in reversed(element))
    return clean("".join(pieces)), flaw
