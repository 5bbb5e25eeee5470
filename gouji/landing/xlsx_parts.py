"""What a spreadsheet file holds beside its cells: drawings, and conditions of later Excels."""

from __future__ import annotations

import posixpath
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from lxml import etree
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.cell_range import MultiCellRange

from gouji.landing.laid_over import laid_over
from gouji.landing.shown import Doubt

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator

MAX_SHEET_ROWS = 3_000
MAX_SHEET_COLUMNS = 300
_MOST_DRAWN = 2_000  # cells that one drawing can lie over
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ANCHORS = [f"{{*}}{kind}Anchor" for kind in ("twoCell", "oneCell", "absolute")]
_LATER = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
# The parts of an inch that drawings are measured in: in a point, and in a letter of a usual size.
_POINT, _LETTER = 12_700, 7 * 9_525
_COLUMN, _ROW = 9.14, 15.0  # letters and points of columns and rows of which nothing is said
Place = tuple[int, int]


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the file that holds each sheet, by its title."""
    targets = _targets(archive, "xl/workbook.xml")
    book = etree.fromstring(archive.read("xl/workbook.xml"))
    found = {}
    for sheet in book.iter("{*}sheet"):
        part = targets.get(sheet.get(_RELATION, ""), "")
        if part in archive.namelist():
            found[sheet.get("name", "")] = part
    return found


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The parts that a part of the file refers to, by the ids of the references."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return {}
    return {
        entry.get("Id", ""): posixpath.normpath(
            posixpath.join("/", folder, entry.get("Target", ""))
        ).lstrip("/")
        for entry in etree.fromstring(archive.read(relations)).iter("{*}Relationship")
        if entry.get("TargetMode") != "External"
    }


def conditions(content: bytes) -> Iterator[tuple[MultiCellRange, Any]]:
    """The ranges and rules of conditions that only later Excels know, which openpyxl leaves out."""
    if b"conditionalFormattings" not in content:
        return
    for one in etree.fromstring(content).iter(f"{_LATER}conditionalFormatting"):
        places = " ".join(one.findtext("{*}sqref", "").split())
        for rule in one.iterchildren(f"{_LATER}cfRule") if places else ():
            style = rule.find(f"{_LATER}dxf")
            marks = rule.iterchildren("{*}dataBar", "{*}iconSet")
            shows = all(mark.get("showValue") not in ("0", "false") for mark in marks)
            yield (
                MultiCellRange(places),
                SimpleNamespace(
                    type=rule.get("type", ""),
                    operator=rule.get("operator", ""),
                    formula=[formula.text or "" for formula in rule.iterchildren("{*}f")],
                    dxf=_style(style) if style is not None else None,
                    dataBar=None,
                    iconSet=SimpleNamespace(showValue=shows),
                    colorScale=None,
                ),
            )


def _style(element: Any) -> DifferentialStyle | None:
    return DifferentialStyle.from_tree(element)


# -- drawings


def drawn(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[Place, Doubt]]:
    """The cells over which pictures, drawings and form controls lie."""
    content = archive.read(part)
    sizes = _Sizes(content)
    for target in _targets(archive, part).values():
        if "/drawings/drawing" in target and target in archive.namelist():
            drawing = etree.fromstring(archive.read(target))
            for anchor in drawing.iter(*_ANCHORS):
                yield from ((place, Doubt.PICTURE) for place in _under(anchor, sizes))
        elif target.endswith(".vml") and target in archive.namelist():
            yield from ((place, Doubt.FIELD) for place in _old_controls(archive.read(target)))
    if b"control" in content:
        for anchor in etree.fromstring(content).iter("{*}anchor"):
            yield from ((place, Doubt.FIELD) for place in _under(anchor, sizes))


class _Sizes:
    """The widths of the columns and heights of the rows of a sheet, looked up where need be."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.known: tuple[Callable[[int], float], Callable[[int], float]] | None = None

    def of_rows_and_columns(self) -> tuple[Callable[[int], float], Callable[[int], float]]:
        if self.known is None:
            root = etree.fromstring(self.content)
            usual = root.find("{*}sheetFormatPr")
            wide, high = (
                _measure(usual, name, size)
                for name, size in (("defaultColWidth", _COLUMN), ("defaultRowHeight", _ROW))
            )
            widths = {
                number: _measure(column, "width", wide)
                for column in root.iter("{*}col")
                for number in range(
                    _whole(column.get("min")), min(_whole(column.get("max")), MAX_SHEET_COLUMNS) + 1
                )
            }
            heights = {_whole(r.get("r")): _measure(r, "ht", high) for r in root.iter("{*}row")}
            self.known = (
                lambda row: heights.get(row + 1, high) * _POINT,
                lambda column: widths.get(column + 1, wide) * _LETTER,
            )
        return self.known


def _measure(element: etree._Element | None, name: str, usual: float) -> float:
    if element is None:
        return usual
    if element.get("hidden") in ("1", "true"):
        return 0.0
    try:
        return float(element.get(name, usual))
    except ValueError:
        return usual


def _whole(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _old_controls(drawing: bytes) -> Iterator[Place]:
    """The cells in which the form controls of an old drawing begin; notes are none."""
    recovering = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(drawing, parser=recovering)
    for control in root.iter("{*}ClientData") if root is not None else ():
        corners = (control.findtext("{*}Anchor") or "").split(",")
        if control.get("ObjectType") != "Note" and len(corners) == 8:
            column, row = corners[0].strip(), corners[2].strip()
            if column.isdecimal() and row.isdecimal():
                yield int(row) + 1, int(column) + 1


def _under(anchor: etree._Element, sizes: _Sizes) -> list[Place]:
    """The cells, counted from 1, over which lies what is anchored so."""
    start, end = anchor.find("{*}from"), anchor.find("{*}to")
    if end is not None and start is not None:
        row, column, *_ = _corner(start)
        last_row, last_column, down, right = _corner(end)
        last_row -= not down  # it ends at the edge of the cell before
        last_column -= not right
    else:
        (row, last_row), (column, last_column) = _reached(anchor, start, sizes)
    cells = [
        (down, right)
        for down in range(row, min(max(row, last_row), row + _MOST_DRAWN) + 1)
        for right in range(column, min(max(column, last_column), column + MAX_SHEET_COLUMNS) + 1)
    ]
    return [(down + 1, right + 1) for down, right in cells[:_MOST_DRAWN]]


def _reached(
    anchor: etree._Element, start: etree._Element | None, sizes: _Sizes
) -> tuple[Place, Place]:
    """The first and last rows and columns under what begins in a cell, or anywhere on a sheet."""
    row, column, down, right = (0, 0, 0, 0) if start is None else _corner(start)
    place, size = anchor.find("{*}pos"), anchor.find("{*}ext")
    if place is not None:
        down, right = _whole(place.get("y")), _whole(place.get("x"))
    high, wide = (_whole(size.get(way)) if size is not None else 0 for way in ("cy", "cx"))
    of_rows, of_columns = sizes.of_rows_and_columns()
    return (
        laid_over(of_rows, high, first=row, offset=down),
        laid_over(of_columns, wide, first=column, offset=right),
    )


def _corner(element: etree._Element) -> tuple[int, int, int, int]:
    """Row, column, and how far into them, of a corner of an anchor."""
    names = ("row", "col", "rowOff", "colOff")
    row, column, down, right = (_whole(element.findtext(f"{{*}}{name}")) for name in names)
    return row, column, down, right
