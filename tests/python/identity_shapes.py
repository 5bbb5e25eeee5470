"""Identities to be added to the seeds, one of each shape.

A shape is the table that is checked, what the checks are sliced by, and where the right side
stands.
"""

import csv
from itertools import product
from pathlib import Path
from typing import NamedTuple

# Of each table two lines and two columns; the prose has one column.
CELLS = {
    "requests": (("granted", "partially_granted"), ("total", "natural_person")),
    "reviews": (("review", "litigation_direct"), ("total", "upheld")),
    "disclosures": (("normative_document", "regulation"), ("made", "repealed")),
    "narrative": (("requests_received", "requests_processed"), ("stated", "stated")),
}
# A line that may be printed beside its parts, and one of these.
SPLIT = (("other_processing", "other_other"), ("total", "natural_person"))
# The tables whose rows have a total.
ROWS = ("requests", "reviews")
SLICES = ("column", "line", "all")
# Where the right side stands: scope and year_offset.
PLACES = {"beside": ("own", 0), "last_year": ("own", -1), "members": ("members", 0)}


class Shape(NamedTuple):
    """The shape of an identity; `other_table` is where the right side stands, if elsewhere.

    `reading` is how its terms read their cells, if not simply as they are named.
    """

    form_table: str
    slice_by: str
    place: str
    other_table: str = ""
    reading: str = ""

    @property
    def identity_id(self) -> str:
        return ".".join(("shape", *filter(None, self)))


SHAPES = [
    *(Shape(*shape) for shape in product(CELLS, SLICES, PLACES)),
    *(
        Shape(table, "all", place, other)
        for table, other in product(CELLS, CELLS)
        for place in PLACES
        if table != other
    ),
    *(
        Shape("requests", *of, reading="subtotal")
        for of in product(("column", "all"), ("beside", "last_year"))
    ),
    *(
        Shape(table, *of, reading="total_or_parts")
        for table in ("requests", "reviews")
        for of in (("all", "beside"), ("all", "last_year"), ("line", "last_year"))
    ),
    *(
        Shape("narrative", "all", place, other, "total_or_parts")
        for place in ("beside", "last_year")
        for other in ("requests", "reviews")
    ),
]


def identity_row(shape: Shape) -> dict[str, str]:
    basis = "narrative" if shape.form_table == "narrative" else "arithmetic"
    return {
        "identity_id": shape.identity_id,
        "family": {"members": "rollup"}.get(shape.place, basis),
        "form_table": shape.form_table,
        "slice_by": shape.slice_by,
        "layout": "",
        "title_zh": shape.identity_id,
        "title_en": shape.identity_id,
        "severity": "warning",
        "basis": {"members": "rollup"}.get(shape.place, basis),
    }


def term_rows(shape: Shape) -> list[dict[str, str]]:
    """Two terms: the right one is the next cell of the report, or the same cell elsewhere."""
    lines, columns = SPLIT if shape.reading == "subtotal" else CELLS[shape.form_table]
    right_lines, right_columns = CELLS[shape.other_table or shape.form_table]
    if shape.reading == "subtotal":
        right_lines, right_columns = SPLIT
    here = shape.place == "beside" and not shape.other_table
    scope, year_offset = PLACES[shape.place]
    right_line = right_lines[1 if here and shape.slice_by != "line" else 0]
    right_column = right_columns[1 if here and shape.slice_by == "line" else 0]
    sides = (
        ("left", "own", 0, shape.form_table, lines[0], columns[0], 1),
        # a figure of the prose has nothing beside it in its line: it is set against its double
        (
            *("right", scope, year_offset, shape.other_table or shape.form_table),
            *(right_line, right_column),
            -2 if here and (shape.form_table, shape.slice_by) == ("narrative", "line") else -1,
        ),
    )
    return [
        {
            "identity_id": shape.identity_id,
            "term_order": str(order),
            "side": side,
            "scope": of,
            "year_offset": str(offset),
            "form_table": table,
            "line_code": "" if shape.slice_by == "line" else line,
            "column_code": "" if shape.slice_by == "column" else column,
            "coefficient": str(coefficient),
            "when_absent": "not_assessable",
            "reading": reading_of(shape, side, of, table, column),
        }
        for order, (side, of, offset, table, line, column, coefficient) in enumerate(sides, 1)
    ]


def reading_of(shape: Shape, side: str, scope: str, table: str, column: str) -> str:
    """A subtotal is on the left; the total of a row of the report, or of last year's, on either."""
    is_read = {
        "subtotal": side == "left",
        "total_or_parts": table in ROWS and column == "total" and scope == "own",
    }
    return shape.reading if is_read.get(shape.reading) else ""


def add_rows(seed: Path, rows: list[dict[str, str]]) -> None:
    with seed.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with seed.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, lineterminator="\n").writerows(rows)
