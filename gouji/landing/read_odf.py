"""OpenDocument files (.odt, .ods) to the grid model: texts in order, each sheet a table."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from gouji.landing.grid import LOCKED, Document, Paragraph, RawCell, Refused, build_table, clean
from gouji.landing.laid_over import laid_over
from gouji.landing.number_formats import holds, with_a_sign
from gouji.landing.odf_styles import Set, Styles, dressed, is_narrow, local, named, points
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
    from gouji.landing.shown import Colour, Piece

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
_USUAL = {"table-column": 64.0, "table-row": 12.8}  # points
_FORMULA_IS = re.compile(r"(?:formula-is|is-true-formula)\((.*)\)")
_COMPARED = re.compile(
    r"(?:(?:cell-content|value)\(\))?(<=|>=|!=|<>|<|>|=)(-?\d{1,15}(?:\.\d{1,15})?)"
)
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?")
_HIDING = ("", "")  # a condition that shows a bar or a sign and no number
_Place = tuple[int, int]
_Conditions = dict[_Place, list[tuple[str, str]]]  # what is compared, and the style that is set
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


@dataclass(frozen=True, slots=True)
class _Around:
    """What is said of the columns and rows of a table, and of places in it, counted from 0."""

    how: Set  # how its letters are set, unless a cell says more
    extent: int  # columns that hold anything
    usual: list[str]  # the style that the cells of each column have, unless they name one
    hidden_columns: frozenset[int]
    hidden_rows: frozenset[int]
    covers: frozenset[_Place]  # over which something is drawn
    conditional: _Conditions

    def over(self, start: _Place, size: _Place) -> str:
        """The doubt of a cell over any part of which something is drawn."""
        (row, column), (down, right) = start, size
        is_over = self.covers and any(
            row <= below < row + down and column <= after < column + right
            for below, after in self.covers
        )
        return Doubt.PICTURE if is_over else ""


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
                boxes = element.iter("{*}text-box", "{*}custom-shape")
                stack.extend(reversed([box for box in boxes if _paragraph_of(box) is element]))
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
            rows = self._rows(sheet, is_sheet=True, conditional=conditional.get(title))
            heads = [
                filled[0]
                for filled in ([cell.text for cell in row if cell.text] for row in rows)
                if len(filled) == 1 and len(filled[0]) > 6
            ]
            self.document.blocks.extend(map(Paragraph, heads))
            if any(cell.text for row in rows for cell in row):
                self.document.blocks.append(build_table(rows, f"sheet {title[:40]}"))

    def _conditional(self, parent: etree._Element) -> dict[str, _Conditions]:
        """The conditions that say how cells show, of each sheet by the cell."""
        found: dict[str, _Conditions] = {}
        for sheet in parent.iterchildren("{*}table"):
            places: _Conditions = {}
            for one in sheet.iter("{*}conditional-format"):
                said = [_condition(part) for part in one.iter("{*}condition")]
                said += [_HIDING for part in one.iter() if named(part, "show-value") == "false"]
                for place in _places(named(one, "target-range-address")):
                    places.setdefault(place, []).extend(said)
            found[named(sheet, "name")] = places
        return found

    # -- tables

    def _rows(
        self, table: etree._Element, *, is_sheet: bool, conditional: _Conditions | None = None
    ) -> list[list[RawCell]]:
        """The rows of a table; of a sheet up to the last that holds anything."""
        around = self._around(table, is_sheet=is_sheet, conditional=conditional or {})
        rows: list[list[RawCell]] = []
        blank = 0  # rows that hold nothing, until one does that holds something
        number = 0
        for element in _within(table, "table-row", _ROW_GROUPS):
            times = _repeated(element, "number-rows-repeated")
            row = list(self._cells(element, number, around))
            number += times
            # The rest of a sheet is one row many times: a picture may reach into it.
            is_rest = is_sheet and times > MAX_SHEET_ROWS
            if is_sheet and not any(cell.text or (cell.flaw and not is_rest) for cell in row):
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

    def _around(
        self, table: etree._Element, *, is_sheet: bool, conditional: _Conditions
    ) -> _Around:
        columns = _each(table, "table-column", _COLUMN_GROUPS, MAX_SHEET_COLUMNS)
        rows = _each(table, "table-row", _ROW_GROUPS, MAX_SHEET_ROWS)
        widths = [self._size("table-column", column) for column in columns]
        heights = [self._size("table-row", row) for row in rows]
        return _Around(
            how=self._on(self.usual, "table", table),
            extent=_extent(table) if is_sheet else MAX_SHEET_COLUMNS,
            usual=[named(column, "default-cell-style-name") for column in columns],
            hidden_columns=frozenset(at for at, width in enumerate(widths) if not width),
            hidden_rows=frozenset(at for at, height in enumerate(heights) if not height),
            covers=_covers(table, heights, widths) if is_sheet else frozenset(),
            conditional=conditional,
        )

    def _on(self, how: Set, family: str, element: etree._Element) -> Set:
        """The same on the ground of a table or row."""
        ground = self.styles.of(family, named(element, "style-name")).get("background-color")
        return dressed(how, {"background-color": ground}, {}) if ground else how

    def _size(self, family: str, element: etree._Element) -> float:
        """The width of a column or height of a row in points; nothing for one that is hidden."""
        said = self.styles.of(family, named(element, "style-name"))
        if named(element, "visibility") in ("collapse", "filter") or is_narrow(said):
            return 0.0
        return points(said.get("column-width") or said.get("row-height") or "", _USUAL[family])

    def _cells(self, row: etree._Element, number: int, around: _Around) -> Iterator[RawCell]:
        """The cells of a row that are seen, of a sheet as many as hold anything in any row.

        A merged cell shows in whatever it reaches over that is not hidden.
        """
        column = 0
        before = self._on(around.how, "table-row", row)
        for element in row:
            if local(element.tag) not in ("table-cell", "covered-table-cell"):
                continue
            times = min(_repeated(element, "number-columns-repeated"), around.extent - column)
            if local(element.tag) == "table-cell" and times > 0:
                down = _repeated(element, "number-rows-spanned")
                right = _repeated(element, "number-columns-spanned")
                style = named(element, "style-name") or (
                    around.usual[column] if column < len(around.usual) else ""
                )
                is_hidden = around.hidden_rows.issuperset(range(number, number + down))
                text, doubt, how = self._cell(element, style, before)
                said = self.styles.conditional.get(style, [])
                for each in range(column, column + times):
                    seen = len(set(range(each, each + right)) - around.hidden_columns)
                    flaw = doubt or around.over((number, each), (down, right))
                    rules = [*said, *around.conditional.get((number, each), ())]
                    if text and any(self._may_hide(rule, element, how) for rule in rules):
                        flaw = flaw or Doubt.FORMAT
                    if seen:
                        shown = ("", "") if is_hidden else (text, flaw)
                        yield RawCell(shown[0], down, seen, shown[1])
            column += times

    def _may_hide(self, rule: tuple[str, str], cell: etree._Element, how: Set) -> bool:
        """Whether a condition may change what is read of a cell whose letters are set so."""
        condition, style = rule
        if rule == _HIDING:
            return True
        is_telling = bool(style) and self.styles.is_telling(style, how)
        return is_telling and _may_hold(condition, named(cell, "value"))

    def _cell(self, cell: etree._Element, style: str, before: Set) -> tuple[str, str, Set]:
        """What a cell shows, what makes it doubtful, and how its letters are set."""
        said = self.styles.of("table-cell", style)
        how = dressed(before, said, self.styles.fonts)
        pieces, doubt = self._pieces(list(cell), how)
        doubt = self._format(cell, said, how) or doubt
        text, doubt = read_cell(pieces, doubt)
        has_lines = any(local(part.tag) == "p" for part in cell)
        kind, value = named(cell, "value-type"), named(cell, "value")
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
        return text, doubt, how

    def _format(self, cell: etree._Element, said: Properties, how: Set) -> str:
        """What in the kind or the format of a cell leaves open what it shows."""
        kinds = {named(cell, "value-type")} | {
            str(value) for key, value in cell.attrib.items() if "calc" in key
        }
        if kinds & _KINDS or "error" in kinds:
            return Doubt.KIND
        is_filled = said.get("data-style-name") in self.styles.filling
        if is_filled or said.get("repeat-content") == "true":
            return Doubt.FORMAT
        ink = self._ink(said.get("data-style-name", ""), named(cell, "value"))
        return Doubt.FAINT if ink is not None and replace(how, colour=ink).is_faint else ""

    def _ink(self, name: str, value: str) -> Colour | None:
        """The colour that a number format sets for a value, or for a text."""
        sections = self.styles.sections.get(name, []) if value else []
        holding = (section for condition, section in sections if _may_hold(condition, value))
        return self.styles.inks.get(next(holding, name))

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


def _paragraph_of(box: etree._Element) -> etree._Element | None:
    return next(box.iterancestors("{*}p", "{*}h"), None)


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


def _each(
    table: etree._Element, name: str, groups: frozenset[str], most: int
) -> list[etree._Element]:
    """The rows or columns of a table one by one, as many as count."""
    found: list[etree._Element] = []
    for element in _within(table, name, groups):
        times = _repeated(element, f"number-{name.removeprefix('table-')}s-repeated")
        found += [element] * min(times, most - len(found))
    return found


def _condition(element: etree._Element) -> tuple[str, str]:
    return named(element, "value"), named(element, "apply-style-name")


def _may_hold(condition: str, value: str) -> bool:
    """Whether a condition may hold for a value, of a text none: that is known of numbers alone."""
    formula, compared = _FORMULA_IS.fullmatch(condition), _COMPARED.fullmatch(condition)
    if formula is not None:
        return formula[1].upper() not in ("FALSE", "FALSE()", "0")
    if compared is None:
        return True
    number = Decimal(value) if _NUMBER.fullmatch(value) else Decimal("Infinity")
    return holds((compared[1].replace("!=", "<>"), Decimal(compared[2])), number)


def _covers(sheet: etree._Element, heights: list[float], widths: list[float]) -> frozenset[_Place]:
    """The cells of a sheet over which something is drawn."""
    covered: set[_Place] = set()
    sizes = [
        lambda row: heights[row] if row < len(heights) else _USUAL["table-row"],
        lambda column: widths[column] if column < len(widths) else _USUAL["table-column"],
    ]
    for drawn in sheet.iter(*(f"{{*}}{name}" for name in (*_FRAMES, "control"))):
        cell = next(drawn.iterancestors("{*}table-cell"), None)
        end = _RANGE.search(named(drawn, "end-cell-address").rpartition(".")[2])
        first = (0, 0) if cell is None else _at(cell)
        if cell is not None and end is not None:
            covered |= _area(first, (int(end[2]) - 1, _column(end[1])))
            continue
        rows, columns = (
            laid_over(size_of, _length(drawn, size), first=start, offset=_length(drawn, way))
            for size_of, size, start, way in zip(
                sizes, ("height", "width"), first, ("y", "x"), strict=True
            )
        )
        covered |= _area((rows[0], columns[0]), (rows[1], columns[1]))
    return frozenset(covered)


def _length(drawn: etree._Element, name: str) -> float:
    return points(named(drawn, name), 0)


def _at(cell: etree._Element) -> _Place:
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


def _places(address: str) -> set[_Place]:
    """The cells that an address of ranges names."""
    places: set[_Place] = set()
    for part in address.split():
        corners = [
            (int(found[2]) - 1, _column(found[1]))
            for found in _RANGE.finditer(part.replace("$", ""))
            if part[max(0, found.start() - 1) : found.start()] in (".", ":", "")
        ]
        if corners:
            places |= _area(corners[0], corners[-1])
    return places


def _area(first: _Place, last: _Place) -> set[_Place]:
    rows = range(first[0], min(last[0], first[0] + MAX_SHEET_ROWS) + 1)
    columns = range(first[1], min(last[1], first[1] + MAX_SHEET_COLUMNS) + 1)
    return {(row, column) for row in rows for column in columns}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
