"""OpenDocument files (.odt, .ods) to the grid model: texts in order, each sheet a table."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from gouji.landing.grid import LOCKED, Document, Paragraph, RawCell, Refused, build_table, clean
from gouji.landing.number_formats import with_a_sign
from gouji.landing.odf_styles import Set, Styles, dressed, is_narrow, local, named
from gouji.landing.shown import (
    PICTURE_FONTS,
    SYMBOL_FONTS,
    Doubt,
    Look,
    crossed,
    read_cell,
    symbol,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.odf_styles import Properties
    from gouji.landing.shown import Piece

MAX_SHEETS = 30
MAX_SHEET_ROWS = 3_000
MAX_SHEET_COLUMNS = 300
MOST_SPACES = 1_000
_LEFT_OUT = frozenset(
    ["tracked-changes", "annotation", "note-body", "ruby-text", "forms", "sequence-decls"]
)
_ROW_GROUPS = frozenset(["table-header-rows", "table-rows", "table-row-group"])
_COLUMN_GROUPS = frozenset(["table-header-columns", "table-columns", "table-column-group"])
_FRAMES = frozenset(["frame", "custom-shape", "line", "rect", "ellipse", "path", "polygon", "g"])
_KINDS = frozenset(["date", "time", "boolean"])  # of a cell, where a number belongs
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_CONTROLS = frozenset(["control", "drop-down", "text-input", "placeholder"])


def read_odf(data: bytes) -> Document:
    """Read a text or spreadsheet of OpenDocument as it shows.

    Raises `Refused` for one that is locked or empty; a damaged file raises whatever error the
    parser meets first.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".xml")}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refused(LOCKED)
    content = etree.fromstring(parts["content.xml"])
    roots = [etree.fromstring(parts[name]) for name in ("styles.xml",) if name in parts]
    reader = _Reader(Styles([*roots, content]))
    settings = parts.get("settings.xml", b"")
    reader.shows_zeros = not re.search(rb'"ShowZeroValues"[^>]*>false<', settings)
    formulas = re.findall(
        rb"<manifest:file-entry[^>]*opendocument\.formula[^>]*>",
        parts.get("META-INF/manifest.xml", b""),
    )
    reader.equations = b"".join(formulas).decode("utf-8", "replace")
    if "meta.xml" in parts:
        title = etree.fromstring(parts["meta.xml"]).find(".//{*}title")
        reader.document.title = clean(title.text or "") if title is not None else ""
    body = content.find("{*}body")
    for part in body if body is not None else ():
        if local(part.tag) == "spreadsheet":
            reader.sheets(part)
        else:
            reader.text(part)
    if not reader.document.blocks:
        raise Refused("it holds no text")
    return reader.document


class _Reader:
    """Reads the body of a file by its styles into a document."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.document = Document()
        self.tables = 0
        self.shows_zeros = True
        self.equations = ""  # what the list of parts says of those that are equations
        self.usual = dressed(Set(), styles.of("paragraph", ""), styles.fonts)

    # -- texts

    def text(self, parent: etree._Element) -> None:
        """The paragraphs and tables of a text, in order, whatever they stand in."""
        stack = list(reversed(parent))
        while stack:
            element = stack.pop()
            name = local(element.tag)
            if name in ("p", "h"):
                pieces, _ = self._pieces([element], self.usual)
                shown = (text for text, look in pieces if look in (Look.PLAIN, Look.FAINT))
                text = clean("".join(shown))
                if text:
                    self.document.blocks.append(Paragraph(text, name == "h"))
                boxes = list(element.iter("{*}text-box"))
                stack.extend(reversed(boxes))
            elif name == "table":
                self.tables += 1
                place = f"table {self.tables}"
                table = build_table(self._rows(element, is_sheet=False), place)
                self.document.blocks.append(table)
                # A table that holds tables is most often layout.
                if next(islice(element.iter(element.tag), 1, None), None) is not None:
                    cells = element.iterdescendants("{*}table-cell")
                    own = (cell for cell in cells if _table_of(cell) is element)
                    stack.extend(reversed([part for cell in own for part in cell]))
            elif name not in _LEFT_OUT and not self._is_hidden_section(element):
                stack.extend(reversed(element))

    def _is_hidden_section(self, element: etree._Element) -> bool:
        return local(element.tag) == "section" and named(element, "display") in (
            "none",
            "condition",
        )

    # -- sheets

    def sheets(self, parent: etree._Element) -> None:
        """Every sheet that is not hidden, its titles as paragraphs before it."""
        sheets = list(parent.iterchildren("{*}table"))
        if len(sheets) > MAX_SHEETS:
            raise Refused(f"it has {len(sheets)} sheets, more than {MAX_SHEETS}")
        conditional = self._conditional(parent)
        for sheet in sheets:
            if self.styles.of("table", named(sheet, "style-name")).get("display") == "false":
                continue
            title = named(sheet, "name")
            rows = self._rows(sheet, is_sheet=True, conditional=conditional.get(title, frozenset()))
            heads = [
                filled[0]
                for filled in ([cell.text for cell in row if cell.text] for row in rows)
                if len(filled) == 1 and len(filled[0]) > 6
            ]
            self.document.blocks.extend(map(Paragraph, heads))
            if any(cell.text for row in rows for cell in row):
                self.document.blocks.append(build_table(rows, f"sheet {title[:40]}"))

    def _conditional(self, parent: etree._Element) -> dict[str, frozenset[tuple[int, int]]]:
        """The cells of each sheet of which a condition says how they show."""
        found: dict[str, frozenset[tuple[int, int]]] = {}
        for sheet in parent.iterchildren("{*}table"):
            places: set[tuple[int, int]] = set()
            for one in sheet.iter("{*}conditional-format"):
                names = [named(condition, "apply-style-name") for condition in one]
                marks = any(named(part, "show-value") == "false" for part in one)
                if marks or any(name and self.styles.is_telling(name) for name in names):
                    places |= _places(named(one, "target-range-address"))
            found[named(sheet, "name")] = frozenset(places)
        return found

    # -- tables

    def _rows(
        self,
        table: etree._Element,
        *,
        is_sheet: bool,
        conditional: frozenset[tuple[int, int]] = frozenset(),
    ) -> list[list[RawCell]]:
        """The rows of a table; of a sheet up to the last that holds anything."""
        columns = [
            (_repeated(column, "number-columns-repeated"), column)
            for column in _within(table, "table-column", _COLUMN_GROUPS)
        ]
        hidden = [
            self._is_hidden("table-column", column)
            for times, column in columns
            for _ in range(min(times, MAX_SHEET_COLUMNS))
        ][:MAX_SHEET_COLUMNS]
        usual = [
            named(column, "default-cell-style-name")
            for times, column in columns
            for _ in range(min(times, MAX_SHEET_COLUMNS))
        ][:MAX_SHEET_COLUMNS]
        extent = _extent(table) if is_sheet else MAX_SHEET_COLUMNS
        covers = _covers(table)
        rows: list[list[RawCell]] = []
        blank = 0  # rows that hold nothing, until one does that holds something
        number = 0
        for element in _within(table, "table-row", _ROW_GROUPS):
            times = _repeated(element, "number-rows-repeated")
            is_hidden = self._is_hidden("table-row", element)
            row = list(self._cells(element, hidden, usual, is_hidden, extent))
            for column, place in enumerate(_columns(element)):
                if place < len(row) and (number, column) in covers | conditional:
                    doubt = Doubt.PICTURE if (number, column) in covers else Doubt.FORMAT
                    row[place] = row[place]._replace(flaw=row[place].flaw or doubt)
            number += times
            if is_sheet and not any(cell.text or cell.flaw for cell in row):
                blank += times
                continue
            if len(rows) + blank + times > MAX_SHEET_ROWS and is_sheet:
                raise Refused(f"its cells reach to row {number}, farther than any report's")
            rows.extend([RawCell("")] for _ in range(blank))
            blank = 0
            if times > MAX_SHEET_ROWS:
                raise Refused(f"a row of it stands {times} times")
            rows.extend([row] * times)
        return rows

    def _is_hidden(self, family: str, element: etree._Element) -> bool:
        if named(element, "visibility") in ("collapse", "filter"):
            return True
        return is_narrow(self.styles.of(family, named(element, "style-name")))

    def _cells(
        self,
        row: etree._Element,
        hidden: list[bool],
        usual: list[str],
        is_hidden: bool,
        extent: int,
    ) -> Iterator[RawCell]:
        """The cells of a row, of a sheet as many as hold anything in any of its rows."""
        column = 0
        for element in row:
            if local(element.tag) not in ("table-cell", "covered-table-cell"):
                continue
            times = min(_repeated(element, "number-columns-repeated"), extent - column)
            if local(element.tag) == "table-cell" and times > 0:
                down = _repeated(element, "number-rows-spanned")
                right = _repeated(element, "number-columns-spanned")
                style = named(element, "style-name") or (
                    usual[column] if column < len(usual) else ""
                )
                text, doubt = self._cell(element, style)
                for each in range(column, column + times):
                    if is_hidden or (each < len(hidden) and hidden[each]):
                        yield RawCell("", down, right)
                    else:
                        yield RawCell(text, down, right, doubt)
            column += times

    def _cell(self, cell: etree._Element, style: str) -> tuple[str, str]:
        """What a cell shows, and what makes it doubtful."""
        said = self.styles.of("table-cell", style)
        how = dressed(self.usual, said, self.styles.fonts)
        pieces, doubt = self._pieces(list(cell), how)
        doubt = self._format(cell, style, said, how) or doubt
        kind, value = named(cell, "value-type"), named(cell, "value")
        text, doubt = read_cell(pieces, doubt)
        has_lines = any(local(part.tag) == "p" for part in cell)
        if named(cell, "formula") and not text and not has_lines:
            doubt = doubt or Doubt.FORMULA
        elif kind in ("float", "percentage", "currency") and value:
            if value.startswith("-"):
                text = with_a_sign(text)
            doubt = doubt or _against(value, text, has_lines=has_lines)
            if not self.shows_zeros and not value.strip("0.-"):
                text = ""
        for name in ("diagonal-tl-br", "diagonal-bl-tr"):
            if said.get(name, "none") != "none":
                doubt = crossed(text, doubt)
        return text, doubt

    def _format(self, cell: etree._Element, style: str, said: Properties, how: Set) -> str:
        """What in the kind or the format of a cell leaves open what it shows."""
        kinds = {named(cell, "value-type")} | {
            str(value) for key, value in cell.attrib.items() if "calc" in key
        }
        if kinds & _KINDS or "error" in kinds:
            return Doubt.KIND
        is_filled = said.get("data-style-name") in self.styles.filling
        if is_filled or said.get("repeat-content") == "true" or self.styles.changes_reading(style):
            return Doubt.FORMAT
        # A format that sets a colour of its own: in one of its sections the number may not be seen.
        inks = self.styles.inks.get(said.get("data-style-name", ""), ())
        return Doubt.FAINT if any(replace(how, colour=ink).is_faint for ink in inks) else ""

    # -- letters

    def _pieces(self, parents: list[etree._Element], how: Set) -> tuple[list[Piece], str]:
        """What stands in elements in pieces, paragraphs apart by a space; and a doubt."""
        pieces: list[Piece] = []
        doubt = ""
        stack: list[tuple[etree._Element | str, Set]] = [(e, how) for e in reversed(parents)]
        while stack:
            node, how = stack.pop()
            if isinstance(node, str):
                text, unclear = _in_font(node, how.font)
                if how.is_overlaid and text.strip():
                    unclear = Doubt.OVERLAID
                doubt = doubt or unclear
                if text and not how.is_unseen:
                    pieces.append((text, how.look))
                continue
            name = local(node.tag)
            if name in _LEFT_OUT or not name or self._is_hidden_text(node, name):
                continue
            doubt = doubt or self._doubt(node, name)
            if name in _FRAMES or name in ("control", "table"):
                continue
            if name in ("p", "h"):
                pieces.append(("\n", Look.PLAIN))
                said = self.styles.of("paragraph", named(node, "style-name"))
                how = dressed(how, said, self.styles.fonts)
            elif name in ("span", "a"):
                said = self.styles.of("text", named(node, "style-name"))
                how = dressed(how, said, self.styles.fonts)
            elif name == "note-citation":
                pieces.append(("".join(map(str, node.itertext())), Look.RAISED))
                continue
            elif name == "s":
                spaces = min(_repeated(node, "c"), MOST_SPACES)
                pieces.append((" " * spaces, Look.PLAIN))
            elif name in ("tab", "line-break"):
                pieces.append(("\n", Look.PLAIN))
            for child in reversed(node):
                stack.append((child.tail or "", how))
                stack.append((child, how))
            stack.append((node.text or "", how))
        return pieces, doubt

    def _is_hidden_text(self, node: etree._Element, name: str) -> bool:
        if name in ("hidden-text", "hidden-paragraph"):
            return named(node, "is-hidden") != "false"
        return self._is_hidden_section(node)

    def _doubt(self, node: etree._Element, name: str) -> str:
        """What an element that is no text leaves open of the cell around it."""
        if name == "table":
            return Doubt.NESTED
        if name in _CONTROLS:
            return Doubt.FIELD
        if name == "list" and self._counts(node):
            return Doubt.COUNTED
        if name == "p":
            said = self.styles.of("paragraph", named(node, "style-name"))
            return Doubt.COUNTED if said.get("list-style-name") in self.styles.numbered else ""
        return _doubt_of_frame(node, self.equations) if name in _FRAMES else ""

    def _counts(self, node: etree._Element) -> bool:
        return named(node, "style-name") in self.styles.numbered


def _doubt_of_frame(frame: etree._Element, equations: str) -> str:
    """What a frame leaves open, by the first thing in it; what follows stands in for it."""
    part = next(iter(frame), None)
    if part is None or local(part.tag) != "object":
        return Doubt.PICTURE
    address = named(part, "href").removeprefix("./")
    is_equation = next(part.iter("{*}math"), None) is not None
    is_listed = bool(address) and f'"{address}/"' in equations
    return Doubt.EQUATION if is_equation or is_listed else Doubt.EMBEDDED


def _in_font(text: str, font: str) -> tuple[str, str]:
    """What letters mean in their font, and a doubt where only the font knows."""
    name = font.lower()
    if name not in SYMBOL_FONTS or not text.strip():
        return text, ""
    if name in PICTURE_FONTS:
        return "", Doubt.SYMBOL
    characters = [char if char.isspace() else symbol(font, ord(char)) for char in text]
    return "".join(filter(None, characters)), "" if all(characters) else Doubt.SYMBOL


def _against(value: str, text: str, *, has_lines: bool) -> str:
    """The doubt of a number that does not show as it is: by its colour alone, or not at all."""
    if not has_lines:
        return Doubt.FORMAT
    is_negative = value.startswith("-") and value.strip("-0.") != ""
    shows_it = not text or any(char in text for char in "-−‑–—△▲负")
    return "" if not is_negative or shows_it else Doubt.FORMAT


def _within(parent: etree._Element, name: str, groups: frozenset[str]) -> Iterator[etree._Element]:
    """The rows or columns of a table, whatever groups them."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        kind = local(element.tag)
        if kind == name:
            yield element
        elif kind in groups:
            stack.extend(reversed(element))


def _table_of(cell: etree._Element) -> etree._Element | None:
    return next(cell.iterancestors("{*}table"), None)


def _repeated(element: etree._Element, name: str) -> int:
    """How many times something stands, or over how many it reaches."""
    value = named(element, name)
    return max(1, int(value)) if value.isdecimal() and len(value) < 9 else 1


def _extent(sheet: etree._Element) -> int:
    """The column after the last that holds anything in a sheet, where rows name thousands."""
    extent = 0
    for row in _within(sheet, "table-row", _ROW_GROUPS):
        column = 0
        for cell in row:
            column += _repeated(cell, "number-columns-repeated")
            if not _is_bare(cell):
                extent = max(extent, column + _repeated(cell, "number-columns-spanned") - 1)
    if extent > MAX_SHEET_COLUMNS:
        raise Refused(f"its cells reach to column {extent}, farther than any report's")
    return extent


def _is_bare(cell: etree._Element) -> bool:
    """Whether a cell holds nothing and reaches over no other."""
    spans = ("number-columns-spanned", "number-rows-spanned", "formula", "value")
    return not len(cell) and not any(named(cell, name) for name in spans)


def _columns(row: etree._Element) -> list[int]:
    """For each column of a row the place of its cell among those that are not covered."""
    places: list[int] = []
    cell = -1
    for element in row:
        times = min(_repeated(element, "number-columns-repeated"), MAX_SHEET_COLUMNS)
        is_cell = local(element.tag) == "table-cell"
        for _ in range(times if len(places) < MAX_SHEET_COLUMNS else 0):
            cell += is_cell
            places.append(max(cell, 0))
    return places


def _covers(sheet: etree._Element) -> set[tuple[int, int]]:
    """The cells of a sheet over which something is drawn that begins in another."""
    covered: set[tuple[int, int]] = set()
    for drawn in sheet.iter("{*}frame", "{*}custom-shape", "{*}control"):
        end = _RANGE.search(named(drawn, "end-cell-address").rpartition(".")[2])
        start = next(drawn.iterancestors("{*}table-cell"), None)
        if end is None or start is None:
            continue
        row = start.getparent()
        if row is None or row.getparent() is None:
            continue
        first = _at(start)
        last = int(end[2]) - 1, _column(end[1])
        covered |= _area(first, last)
    return covered


def _at(cell: etree._Element) -> tuple[int, int]:
    """Row and column of a cell, counted from 0."""
    row = cell.getparent()
    if row is None:
        return 0, 0
    before = cell.itersiblings(preceding=True)
    column = sum(_repeated(one, "number-columns-repeated") for one in before)
    table = _table_of(cell)
    number = 0
    for other in _within(table, "table-row", _ROW_GROUPS) if table is not None else ():
        if other is row:
            break
        number += _repeated(other, "number-rows-repeated")
    return number, column


def _places(address: str) -> set[tuple[int, int]]:
    """The cells that an address of ranges names."""
    places: set[tuple[int, int]] = set()
    for part in address.split():
        corners = [
            (int(found[2]) - 1, _column(found[1]))
            for found in _RANGE.finditer(part.replace("$", ""))
            if part[max(0, found.start() - 1) : found.start()] in (".", ":", "")
        ]
        if corners:
            places |= _area(corners[0], corners[-1])
    return places


def _area(first: tuple[int, int], last: tuple[int, int]) -> set[tuple[int, int]]:
    rows = range(first[0], min(last[0], first[0] + MAX_SHEET_ROWS) + 1)
    columns = range(first[1], min(last[1], first[1] + MAX_SHEET_COLUMNS) + 1)
    return {(row, column) for row in rows for column in columns}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
