"""Where each landed cell stood in its document, in a compact form beside the raw tables.

One line of JSON a report in `provenance.jsonl`: for every line of the form the row that it was
read from and the numbers of its cells, for every marked cell the reason, and for every cell read
from a picture how sure the engine was.  A row is written as
`table 2, row 6`, its cells as `2-8`, or one by one where they do not follow each other.
"""

from __future__ import annotations

import json
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gouji.landing.store import PROVENANCE
from gouji.raw_tables import RAW_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gouji.landing.reading import CellRead, LineRead, Reading

NONE_SAID: Mapping[str, float] = MappingProxyType({})
_TABLES = {"requests": "raw_requests", "reviews": "raw_reviews"}


def pack(reading: Reading, document: str, sureness: Mapping[str, float] = NONE_SAID) -> str:
    """The places of a reading's cells as a JSON object.

    `sureness` is how sure an engine was of the cells that it read from pictures, by their places.
    """
    lines: dict[str, dict[str, CellRead]] = {}
    for (line, measure), cell in reading.disclosures.items():
        lines.setdefault(line, {})[measure] = cell
    tables: dict[str, dict[str, str]] = {}
    tables["disclosures"] = {line: _pack_cells(cells) for line, cells in lines.items()}
    for form_table, rows in (("requests", reading.requests), ("reviews", reading.reviews)):
        names = RAW_TABLES[_TABLES[form_table]][2:]
        tables[form_table] = {line: _pack_line(row, names) for line, row in rows.items()}
    parts = [f'"document": {_json(document)}']
    for table, places in tables.items():
        packed = [f"{_json(line)}: {place}" for line, place in places.items()]
        parts.append(f'"{table}": {{{", ".join(packed)}}}')
    marks = _marks(reading, lines) if reading.marked() else {}
    if marks:
        parts.append(f'"marks": {json.dumps(marks, ensure_ascii=False)}')
    if sureness:
        sure = {
            f"{table}.{line}.{_column(table, column)}": round(sureness[cell.place], 3)
            for table, line, column, cell in reading.cells()
            if cell.place in sureness
        }
        parts.append(f'"confidence": {json.dumps(sure)}')
    return f"{{{', '.join(parts)}}}"


def _column(form_table: str, column: str) -> str:
    """The name of a column that is given by its number, as that of a measure is not."""
    names = RAW_TABLES[_TABLES[form_table]][2:] if form_table in _TABLES else ()
    return names[int(column)] if names else column


@lru_cache(maxsize=20_000)
def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _pack_cells(cells: dict[str, CellRead]) -> str:
    """The places of a line of table 二."""
    _, rows, numbers, _ = zip(*cells.values(), strict=True)
    if rows.count(rows[0]) != len(rows):
        return json.dumps({name: cell.place for name, cell in cells.items()}, ensure_ascii=False)
    return f"[{_json(rows[0])}, {_pack_measures(tuple(cells), numbers)}]"


@lru_cache(maxsize=20_000)
def _pack_measures(measures: tuple[str, ...], numbers: tuple[int, ...]) -> str:
    """The number of the cell of each measure."""
    return json.dumps(dict(zip(measures, numbers, strict=True)), ensure_ascii=False)


def _pack_line(line: LineRead, names: tuple[str, ...]) -> str:
    """The places of a line of table 三 or 四."""
    rows = line.rows
    if rows.count(rows[0]) != len(rows):
        places = {name: cell.place for name, cell in zip(names, line, strict=True)}
        return json.dumps(places, ensure_ascii=False)
    return f"[{_json(rows[0])}{_pack_numbers(line.numbers)}]"


@lru_cache(maxsize=20_000)
def _pack_numbers(numbers: tuple[int, ...]) -> str:
    """The numbers of a row's cells, none where the whole row is meant."""
    first, last = numbers[0], numbers[-1]
    if not first:
        return ""
    if numbers == tuple(range(first, first + len(numbers))):
        return f', "{first}-{last}"'
    return f', "{",".join(map(str, numbers))}"'


def _marks(reading: Reading, lines: dict[str, dict[str, CellRead]]) -> dict[str, str]:
    """The reasons of all marks."""
    marks: dict[str, str] = {}
    for line, cells in lines.items():
        marks.update({f"disclosures.{line}.{m}": c.mark for m, c in cells.items() if c.mark})
    for form_table, rows in (("requests", reading.requests), ("reviews", reading.reviews)):
        for line, row in rows.items():
            marks.update(
                _marks_of(f"{form_table}.{line}", row, RAW_TABLES[_TABLES[form_table]][2:])
            )
    return marks


def _marks_of(line: str, row: LineRead, names: tuple[str, ...]) -> dict[str, str]:
    """The reasons of a line's marks: one for the line where all its cells have the same."""
    reasons = set(row.marks)
    if len(reasons) == 1:
        reason = reasons.pop()
        return {line: reason} if reason else {}
    return {f"{line}.{name}": mark for name, mark in zip(names, row.marks, strict=True) if mark}


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


def confidence(folder: Path, report_id: str) -> dict[str, float]:
    """How sure an engine was of the cells that it read from pictures: `table.line.column` -> to 1.

    Empty for a report that was not read from a scan.
    """
    return dict(_entry(folder, report_id).get("confidence", {}))


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
