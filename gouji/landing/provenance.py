"""Where each landed cell stood in its document, in a compact form beside the raw tables.

One line of JSON a report in `provenance.jsonl`: for every line of the form the row that it was
read from and the numbers of its cells, for every marked cell the reason.  A row is written as
`table 2, row 6`, its cells as `2-8`, or one by one where they do not follow each other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gouji.landing.store import PROVENANCE
from gouji.raw_tables import RAW_TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from gouji.landing.reading import CellRead, Reading

_TABLES = {"requests": "raw_requests", "reviews": "raw_reviews"}


def pack(reading: Reading, document: str) -> str:
    """The places of a reading's cells as a JSON object."""
    entry: dict[str, object] = {"document": document}
    marks: dict[str, str] = {}
    lines: dict[str, dict[str, CellRead]] = {}
    for (line, measure), cell in reading.disclosures.items():
        lines.setdefault(line, {})[measure] = cell
    entry["disclosures"] = {line: _pack_cells(cells) for line, cells in lines.items()}
    has_marks = reading.marked() > 0
    for line, cells in lines.items():
        marks.update({f"disclosures.{line}.{m}": c.mark for m, c in cells.items() if c.mark})
    for form_table, rows in (("requests", reading.requests), ("reviews", reading.reviews)):
        names = RAW_TABLES[_TABLES[form_table]][2:]
        packed = {line: _pack_line(row, names) for line, row in rows.items()}
        if has_marks:
            for line, row in rows.items():
                marks.update(_marks_of(f"{form_table}.{line}", row, names))
        entry[form_table] = packed
    if marks:
        entry["marks"] = marks
    return json.dumps(entry, ensure_ascii=False)


def _pack_cells(cells: dict[str, CellRead]) -> object:
    rows = {cell.row for cell in cells.values()}
    if len(rows) != 1:
        return {name: cell.place for name, cell in cells.items()}
    return [rows.pop(), {name: cell.number for name, cell in cells.items()}]


def _pack_line(row: list[CellRead], names: tuple[str, ...]) -> object:
    first, last = row[0], row[-1]
    if any(cell.row != first.row for cell in row):
        return {name: cell.place for name, cell in zip(names, row, strict=True)}
    numbers = [cell.number for cell in row]
    if not first.number:
        return [first.row]
    if numbers == list(range(first.number, first.number + len(row))):
        return [first.row, f"{first.number}-{last.number}"]
    return [first.row, ",".join(map(str, numbers))]


def _marks_of(line: str, row: list[CellRead], names: tuple[str, ...]) -> dict[str, str]:
    """The reasons of a line's marks: one for the line where all its cells have the same."""
    reasons = {cell.mark for cell in row}
    if len(reasons) == 1:
        reason = reasons.pop()
        return {line: reason} if reason else {}
    return {f"{line}.{name}": c.mark for name, c in zip(names, row, strict=True) if c.mark}


def places(folder: Path, report_id: str) -> dict[tuple[str, str, str], str]:
    """Where the cells of a report stood: (form table, line, column) -> place.

    The column is a measure, an applicant type or a result.  Empty for a report whose document was
    not landed by this tool.
    """
    entry = _entry(folder, report_id)
    found: dict[tuple[str, str, str], str] = {}
    for form_table in ("disclosures", "requests", "reviews"):
        columns = RAW_TABLES[_TABLES[form_table]][2:] if form_table in _TABLES else ()
        for line, packed in entry.get(form_table, {}).items():
            for column, place in _unpack(packed, columns):
                found[form_table, line, column] = place
    return found


def marks(folder: Path, report_id: str) -> dict[str, str]:
    """Why cells of a report are marked: `table.line` or `table.line.column` -> reason."""
    return dict(_entry(folder, report_id).get("marks", {}))


def _entry(folder: Path, report_id: str) -> dict[str, Any]:
    path = folder / PROVENANCE
    if not path.exists():
        return {}
    marker = f'{{"report_id": {json.dumps(report_id, ensure_ascii=False)},'
    with path.open(encoding="utf-8") as file:
        line = next((line for line in file if line.startswith(marker)), "{}")
    entry: dict[str, Any] = json.loads(line)
    return entry


def _unpack(packed: Any, columns: tuple[str, ...]) -> list[tuple[str, str]]:
    if isinstance(packed, dict):
        return [(name, str(place)) for name, place in packed.items()]
    row, *rest = packed
    if rest and isinstance(rest[0], dict):
        return [
            (name, f"{row}, cell {number}" if number else row) for name, number in rest[0].items()
        ]
    if not rest:
        return [(name, row) for name in columns]
    numbers: list[int] = []
    for part in rest[0].split(","):
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return [(name, f"{row}, cell {n}") for name, n in zip(columns, numbers, strict=False)]
