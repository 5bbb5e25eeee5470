"""HTML pages to the grid model, whatever they declare their encoding to be."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from lxml import etree

from gouji.landing import plain_tables
from gouji.landing.grid import (
    Document,
    Paragraph,
    RawCell,
    Refused,
    Table,
    build_table,
    clean,
    names_report_or_body,
    visible,
)
from gouji.landing.leave_out import FLAW, leave_out
from gouji.landing.plain_tables import mark_plain_tables
from gouji.landing.shown import Doubt, cell_text
from gouji.landing.style_sheets import decoded, rules_of, sheets_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.landing.style_sheets import Rule

MAX_SPAN = 10_000
# The page is flattened to one text by a stylesheet, with these characters, which no page needs,
# where tables, rows, cells and paragraphs begin and end.
_TABLE, _TABLE_END, _ROW, _CELL, _CELL_END, _HEADING, _HEADING_END, _VALUE = (
    chr(0xE001 + number) for number in range(8)
)
_PLAIN_TABLE, _BLOCK, _PART = chr(0xE009), chr(0xE00A), chr(0xE00B)
_BROKEN = "BROKEN"  # beside the names of doubts, what a cell's mark may say
_BLOCKS = (
    "p|div|li|ul|ol|dl|dt|dd|blockquote|pre|br|hr|caption|main|center|section|article|header|footer"
    "|address|aside|nav|fieldset|legend|figure|figcaption|form|hgroup|search|listing|xmp|dir|menu"
    "|option|optgroup|summary"
)
_FLATTEN = etree.XSLT(
    etree.XML(
        f"""
        <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
          <xsl:output method="text"/>
          <xsl:template match="script|style|noscript|template|head|select|textarea|iframe|object
            |rt|rp|svg|math|datalist|noembed|noframes"/>
          <!-- Asked inside: a condition in the pattern counts the siblings of every node. -->
          <xsl:template match="button">
            <xsl:if test="normalize-space()"><xsl:apply-templates/></xsl:if>
          </xsl:template>
          <xsl:template match="dialog">
            <xsl:if test="@open"><xsl:apply-templates/></xsl:if>
          </xsl:template>
          <xsl:template match="details">
            <xsl:choose>
              <xsl:when test="@open"><xsl:apply-templates/></xsl:when>
              <xsl:otherwise><xsl:apply-templates select="summary"/></xsl:otherwise>
            </xsl:choose>
          </xsl:template>
          <xsl:template match="table">
            <xsl:text>{_TABLE}</xsl:text><xsl:apply-templates/><xsl:text>{_TABLE_END}</xsl:text>
          </xsl:template>
          <xsl:template match="tr">
            <xsl:text>{_ROW}</xsl:text><xsl:apply-templates/>
          </xsl:template>
          <xsl:template match="td|th">
            <xsl:text>{_CELL}</xsl:text><xsl:apply-templates/><xsl:text>{_CELL_END}</xsl:text>
          </xsl:template>
          <xsl:template match="td[@*]|th[@*]">
            <xsl:text>{_CELL}</xsl:text>
            <xsl:if test="@colspan or @rowspan or @{FLAW}">
              <xsl:value-of select="@colspan"/><xsl:text>{_PART}</xsl:text>
              <xsl:value-of select="@rowspan"/><xsl:text>{_PART}</xsl:text>
              <xsl:value-of select="@{FLAW}"/><xsl:text>{_VALUE}</xsl:text>
            </xsl:if>
            <xsl:apply-templates/><xsl:text>{_CELL_END}</xsl:text>
          </xsl:template>
          <xsl:template match="h1|h2|h3|h4|h5|h6">
            <xsl:text>{_HEADING}</xsl:text><xsl:apply-templates/>
            <xsl:text>{_HEADING_END}</xsl:text>
          </xsl:template>
          <xsl:template match="{_BLOCKS}">
            <xsl:text>{_BLOCK}</xsl:text><xsl:apply-templates/><xsl:text>{_BLOCK}</xsl:text>
          </xsl:template>
        </xsl:stylesheet>
        """
    )
)
_PLAIN = "[^\ue001-\ue009]*"
_WHOLE = f"(?:({_PLAIN}){_VALUE})?({_PLAIN}){_CELL_END}"  # a cell that holds nothing but text
_WHOLE_CELL = re.compile(rf"{_WHOLE}\s*")
_TOKEN = re.compile(  # a whole cell; the start of another; text; a mark
    f"({_CELL}){_WHOLE}|{_CELL}(?:({_PLAIN}){_VALUE})?|([^\ue001-\ue009]+)|([\ue001-\ue009])"
)
_LONGEST_ROW = 5_000  # characters up to which a row is read with what is remembered of cells
_MARKS = [chr(0xE001 + number).encode() for number in range(11)] + [b"\x0c"]
_MARKS_OF_STAND_INS = [
    (plain_tables.PLAIN, _PLAIN_TABLE.encode()),
    (plain_tables.ROW, _ROW.encode()),
    (plain_tables.CELL, _CELL.encode()),
    (plain_tables.CELL_END, _CELL_END.encode()),
    (plain_tables.PART, _PART.encode()),
    (plain_tables.VALUE, _VALUE.encode()),
    (plain_tables.NOTHING, b""),
]
_STARTS_OF_MARKS = (b"\xee", b"\x0c")
_WRITTEN_MARKS = re.compile(rb"&#(?:x0*e00[1-9ab]|0*573(?:4[5-9]|5[0-5]));?", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")
_DIGITS = re.compile(r"\s*\+?(\d{1,9})")
_FLAWS: dict[str, str] = {doubt.name: doubt for doubt in Doubt}
# A tag that another begins in: what stood between them is lost in its name or its attributes.
_HAS_BROKEN = etree.XPath(
    "boolean(//@*[contains(name(), '<')]) or boolean(//*[contains(name(), '<')])",
    smart_strings=False,
)
_TAG_NAME = re.compile(r"(?:[a-z]+:)?(?:[a-z]+|h[1-6])$")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
# Words that any report of this kind holds: the encoding in which they can be read is the right one.
_SURE_WORD = "政府信息公开"
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
    candidates = ["gb18030", "utf-8-sig", "big5"]
    if declared.lower() in ("utf-16", "utf-16le", "utf-16be"):
        candidates.append(declared)
    best, best_score = "", -1.0
    for encoding in candidates:
        text = data.decode(encoding, errors="replace")
        damaged = text.count("\ufffd")
        if not damaged and _SURE_WORD in text:
            return text
        score = len(_COMMON_WORDS.findall(text)) - 0.5 * damaged
        if score > best_score:
            best, best_score = text, score
    if best_score <= 0 and not _COMMON_WORDS.search(best):
        raise Refused("its text cannot be decoded as UTF-8 or GB18030")
    return best


def read_markup(text: str) -> tuple[str, str]:
    """The text of a cell that holds tags, and what makes it doubtful."""
    page = f"<table><tr><td>{text}</td></tr></table>".encode()
    tables = read_html(page).tables
    cells = [cell for row in tables[-1].rows for cell in row.cells] if tables else []
    if len(cells) != 1:
        return (text, "a tag is broken in this cell") if cells else _alone(page)
    return cells[0].text, cells[0].flaw


def _alone(page: bytes) -> tuple[str, str]:
    """The cell of a table that holds no text: its doubt, if there is one, is all that it holds."""
    rows = read_html(page.replace(b"<tr>", b"<tr><td>.</td>", 1)).tables
    return ("", rows[-1].rows[0].flaws[-1]) if rows else ("", "")


class _Displaced(Exception):
    """A table is not plain after all: in a place that is not shown, or under rules that hide."""


def read_html(data: bytes, sheets: Sequence[bytes] = ()) -> Document:
    """Read a page: its tables, its prose, title and metadata; hidden parts are left out.

    `sheets` are stylesheets that came with it, beside its own.
    """
    marked, tables = mark_plain_tables(data)
    try:
        return _read(data, marked, tables, sheets)
    except _Displaced:
        return _read(data, data, 0, sheets)


def _rules(root: etree._Element, data: bytes, sheets: Sequence[bytes]) -> list[Rule]:
    """The rules of a page's stylesheets, if they may hide a part of it."""
    in_page = list(sheets_in(root))
    if not sheets and not in_page:
        return []
    page = _as_utf8(data).replace(b"\r\n", b"\n")
    for text, _ in in_page:
        page = page.replace(text.encode(), b"")
    return rules_of([*((decoded(sheet), True) for sheet in sheets), *in_page], page.lower())


def _read(data: bytes, marked: bytes, tables: int, sheets: Sequence[bytes]) -> Document:
    """Read a page, given also with stand-ins for the rows and cells of so many plain tables."""
    page = _without_marks(_as_utf8(marked))
    if tables:
        page = _with_marks(page)
    # Entities are those of HTML only and nothing is fetched: libxml2's HTML parser has no others.
    parser = etree.HTMLParser(
        recover=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(page, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refused(f"it is no page that can be parsed ({error})") from error
    document = Document()
    if root is None:
        return document
    _head(root, document)
    links = (clean("".join(map(str, a.itertext()))) for a in root.iter("a") if a.get("href"))
    document.links = [text for text in links if names_report_or_body(text)]
    rules = _rules(root, data, sheets)
    if rules and tables:  # they may say of any tag that it hides
        raise _Displaced
    leave_out(root, rules)
    flat = _flatten(root)
    if (page.count(b"<") != page.count(b">") or "<" in flat or ">" in flat) and _HAS_BROKEN(root):
        _note_broken(root)
        flat = _flatten(root)
    if flat.count(_TABLE + _PLAIN_TABLE) != tables:
        raise _Displaced
    reader = _Reader(document)
    reader.read(flat.replace(_PLAIN_TABLE, ""))
    last = reader.last_table
    if last is not None and not any(
        isinstance(block, Paragraph) for block in document.blocks[last + 1 :]
    ):
        document.blocks[last] = _with_its_end(document.blocks[last], page.lower())
    return document


def _as_utf8(data: bytes) -> bytes:
    """A page in UTF-8, as it is where it is that already; `Refused` for what is no text."""
    if b"\x00" not in data:
        try:
            data.decode()
        except UnicodeDecodeError:
            pass
        else:
            return data.removeprefix(codecs.BOM_UTF8)
    return decode(data).encode()


def _without_marks(page: bytes) -> bytes:
    """A page without the characters that mark its parts, and without an XML declaration."""
    if any(start in page for start in _STARTS_OF_MARKS):
        for mark in _MARKS:
            page = page.replace(mark, b" ")
    if b"&" in page and b"&#" in page:  # one byte is found many times as quickly as two
        page = _WRITTEN_MARKS.sub(b" ", page)
    declaration = _XML_DECLARATION.match(page)
    return page[declaration.end() :] if declaration else page


def _with_marks(page: bytes) -> bytes:
    """A page with the marks of its rows and cells for what stands for them in plain tables."""
    for stand_in, mark in _MARKS_OF_STAND_INS:
        page = page.replace(stand_in, mark)
    return page


def _flatten(root: etree._Element) -> str:
    try:
        return str(_FLATTEN(root))
    except etree.XSLTError as error:
        raise Refused("its elements are nested without end") from error


def _with_its_end(last: Paragraph | Table, lowered: bytes) -> Paragraph | Table:
    """The last table of a page; a page, given in small letters, that ends inside it was cut."""
    if not isinstance(last, Table):
        return last
    ends_in_text = bool(lowered[lowered.rfind(b">") + 1 :].decode().strip())
    ends_in_tag = lowered.rfind(b"<") > lowered.rfind(b">")
    is_closed = lowered.rfind(b"</table") >= lowered.rfind(b"<table")
    is_open = ends_in_text or ends_in_tag or not is_closed
    is_torn = is_open and not lowered.rstrip().endswith((b"</td>", b"</th>", b"</tr>"))
    return replace(last, is_open=is_open, is_torn=is_torn)


def _head(root: etree._Element, document: Document) -> None:
    for element in root.iter("title", "meta"):
        if element.tag == "title":
            document.title = document.title or clean(str(element.text or ""))
            continue
        name = element.get("name") or element.get("property") or ""
        content = element.get("content")
        if name and content:
            document.metadata.setdefault(name.lower(), clean(content))


def _note_broken(root: etree._Element) -> None:
    """Mark the cells in which a tag swallowed what stood after it: `<p0</p>` for `<p>0</p>`."""
    for cell in root.iter("td", "th"):
        if any(
            not _TAG_NAME.match(node.tag) or any("<" in str(name) for name in node.attrib)
            for node in cell.iter()
        ):
            cell.set(FLAW, _BROKEN)


class _Frame:
    """A table that is being read: its finished rows, and the cell that is open, if any."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.rows: list[list[RawCell]] = []
        self.spans: tuple[int, int] | None = None
        self.text: list[str] = []
        self.flaw = ""
        self.holds_tables = False

    def row(self) -> list[RawCell] | None:
        """The row that the next cell belongs to; none while a cell is open or before any row."""
        return self.rows[-1] if self.rows and self.spans is None else None


class _Reader:
    """Reads the flattened page once and writes its blocks in their order.

    A table that holds tables is most often layout: its cells are read as prose too.  It may also
    be one that was never closed, so its own rows are read like any other's.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.frames: list[_Frame] = []
        self.tables = 0
        self.prose: list[str] = []
        self.heading = False
        self.last_table: int | None = None  # where the last table stands that holds no other

    def read(self, flat: str) -> None:
        """Read a flattened page."""
        before, *rows = flat.split(_ROW)
        self._pieces(before)
        for row in rows:
            own, end, after = row.partition(_TABLE_END)
            if self._plain_row(own):
                if end:
                    self._close_table()
                    self._pieces(after)
            else:
                self._mark(_ROW)
                self._pieces(row)
        while self.frames:
            self._close_table()
        self._end_prose()

    def _plain_row(self, row: str) -> bool:
        """Read a row whose cells hold nothing but text; False, and nothing read, for another."""
        if not self.frames or self.frames[-1].spans is not None or len(row) > _LONGEST_ROW:
            return False
        before, *parts = row.split(_CELL)
        cells = list(map(_plain_cell, parts))
        if before.strip() or not all(cells):
            return False
        self.frames[-1].rows.append(cast("list[RawCell]", cells))
        return True

    def _pieces(self, flat: str) -> None:
        """Read a part of a page piece by piece."""
        frames = self.frames
        for whole, attributes, text, opened, prose, mark in _TOKEN.findall(flat):
            row = frames[-1].row() if frames else None
            if whole and row is not None:
                row.append(_raw_cell(attributes, text, frames[-1].place))
            elif whole:
                self._odd_cell(text)
            elif prose:
                self._text(prose)
            elif mark:
                self._mark(mark)
            elif frames:  # a cell that holds more than text
                self._open_cell(opened)

    def _text(self, text: str) -> None:
        if not self.frames:
            self.prose.append(text)
        elif self.frames[-1].spans is not None:
            self.frames[-1].text.append(text)
            if self.frames[-1].holds_tables:
                self.prose.append(text)

    def _mark(self, mark: str) -> None:
        frames = self.frames
        if mark == _TABLE:
            if frames:
                if frames[-1].spans is not None:
                    frames[-1].flaw = frames[-1].flaw or Doubt.NESTED
                self._found_nested(frames[-1])
            self._end_prose()
            self.tables += 1
            frames.append(_Frame(f"table {self.tables}"))
        elif mark in (_HEADING, _HEADING_END):
            if frames:
                frames[-1].text.append(_BLOCK)
            self._end_prose()
            self.heading = mark == _HEADING
        elif not frames:
            return
        elif mark == _TABLE_END:
            self._close_table()
        elif mark == _ROW:
            if frames[-1].spans is not None:
                frames[-1].flaw = "rows inside a cell: the page's markup is broken here"
            else:
                frames[-1].rows.append([])
        elif mark == _CELL_END:
            self._close_cell()

    def _odd_cell(self, text: str) -> None:
        """A cell outside of any table, before any row of it, or inside another cell."""
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.spans is None:
            frame.rows.append([RawCell(clean(text.replace(_BLOCK, " ")))])
        elif frame is not None:
            frame.flaw = "cells inside a cell: the page's markup is broken here"
            frame.text.append(f" {text} ")
        else:
            self.prose.append(f"{_BLOCK}{text}{_BLOCK}")

    def _open_cell(self, values: str) -> None:
        frame = self.frames[-1]
        if frame.spans is not None:
            frame.flaw = "cells inside a cell: the page's markup is broken here"
            return
        if not frame.rows:
            frame.rows.append([])
        rows, columns, frame.flaw = _attributes(values, frame.place) if values else (1, 1, "")
        frame.spans = (rows, columns)

    def _close_cell(self) -> None:
        frame = self.frames[-1]
        if frame.spans is None:
            return
        text, doubt = cell_text("".join(frame.text).replace(_BLOCK, " "))
        frame.rows[-1].append(RawCell(text, *frame.spans, frame.flaw or doubt))
        frame.spans, frame.text, frame.flaw = None, [], ""
        if frame.holds_tables:
            self._end_prose()

    def _found_nested(self, frame: _Frame) -> None:
        """The first table inside a table: what was read of the outer one may be prose."""
        if not frame.holds_tables:
            frame.holds_tables = True
            texts = [cell.text for row in frame.rows for cell in row]
            self.prose.extend(f"{text}{_BLOCK}" for text in texts)
            self.prose.extend(frame.text)
        self._end_prose()

    def _close_table(self) -> None:
        frame = self.frames[-1]
        self._close_cell()
        self.frames.pop()
        if any(cell.text for row in frame.rows for cell in row):
            if not frame.holds_tables or self.last_table is None:
                self.last_table = len(self.document.blocks)
            self.document.blocks.append(build_table(frame.rows, frame.place))

    def _end_prose(self) -> None:
        if self.prose:
            blocks = self.document.blocks
            for part in visible("".join(self.prose)).split(_BLOCK):
                text = " ".join(part.split())
                if text:
                    blocks.append(Paragraph(text, self.heading))
            self.prose.clear()


def _raw_cell(attributes: str, text: str, place: str) -> RawCell:
    rows, columns, flaw = _attributes(attributes, place) if attributes else (1, 1, "")
    shown, doubt = cell_text(text.replace(_BLOCK, " "))
    return RawCell(shown, rows, columns, flaw or doubt)


@lru_cache(maxsize=20_000)
def _plain_cell(part: str) -> RawCell | None:
    """The cell in a part of a row, if it holds nothing but text and spans that can be."""
    match = _WHOLE_CELL.fullmatch(part)
    try:
        return _raw_cell(match.group(1) or "", match.group(2), "") if match else None
    except Refused:
        return None


def _attributes(values: str, place: str) -> tuple[int, int, str]:
    """The rowspan, colspan and flaw of a cell."""
    columns, rows, broken = values.split(_PART)
    flaw = _FLAWS.get(broken, "a tag is broken in this cell") if broken else ""
    return _span(rows, place), _span(columns, place), flaw


def _span(value: str, place: str) -> int:
    match = _DIGITS.match(value)
    if match is None:
        return 1
    span = int(match.group(1))
    if span > MAX_SPAN:
        raise Refused(f"{place}: a cell spans more than {MAX_SPAN} rows or columns")
    return span or 1
