"""The identities of the form, as the seeds `identities` and `identity_terms` hold them.

Whoever needs them in Python reads them here: from a warehouse's `reference` schema, or from the
seeds' files.

An identity has a shape: the table that is checked, what it is sliced by, and where its terms
stand. In each slice a term is one cell. So the dimension that an identity is sliced by is left
empty in its terms, and the other one is given:

| `slice_by` | `line_code` | `column_code` | a check's slice is |
| --- | --- | --- | --- |
| `column` | given | empty | the column's code |
| `line` | empty | given | the line's code |
| `all` | given | given | `all` |

The lines of the prose are its figures (`figure_code`), and its one column is `stated`.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.sql import sql
from gouji.warehouse_file import reading, records


@dataclass(frozen=True)
class Term:
    """A row of `identity_terms`; the terms times their coefficients sum to 0 when it holds.

    `is_required` is of a term without which there is nothing to judge; another is left out where
    the document does not have it. `reading` is how the term reads its cell, where not simply as it
    is named: `subtotal`, only where the line is printed beside its parts, or `total_or_parts`, the
    printed total of a row or, where that is blank, the parts of the row.
    """

    side: str
    scope: str
    year_offset: int
    form_table: str
    line_code: str | None
    column_code: str | None
    coefficient: int
    is_required: bool
    reading: str | None = None

    @property
    def is_of_the_report(self) -> bool:
        """Whether the cell is the checked report's own, of the same year."""
        return self.scope == "own" and self.year_offset == 0


@dataclass(frozen=True)
class Identity:
    """A row of `identities` with its terms, in their order."""

    identity_id: str
    form_table: str
    slice_by: str
    layout: str | None
    title_zh: str
    title_en: str
    severity: str
    terms: tuple[Term, ...]

    @property
    def is_rollup(self) -> bool:
        """Whether the identity compares a consolidated report with its members."""
        return any(term.scope == "members" for term in self.terms)

    @property
    def takes_subtotals(self) -> bool:
        """Whether a subtotal of table 三 is checked too: along its own row, added to nothing."""
        return self.slice_by == "line" and not self.is_rollup


def identities_of_warehouse(database: Path) -> list[Identity]:
    """Read the identities of a warehouse file, in the order of their ids."""
    with reading(database) as connection:
        return _read(connection, "reference.identities", "reference.identity_terms")


def identities_of_seeds(reference: Path) -> list[Identity]:
    """Read the identities from the folder of the reference seeds, in the order of their ids."""
    with duckdb.connect() as connection:
        for name in ("identities", "identity_terms"):
            file = connection.read_csv(str(reference / f"{name}.csv"), all_varchar=True)
            file.create_view(name)
        return _read(connection, "identities", "identity_terms")


def _read(connection: duckdb.DuckDBPyConnection, identities: str, terms: str) -> list[Identity]:
    rows = records(
        connection, sql("queries/identities.sql", identities=identities, identity_terms=terms)
    )
    return [
        Identity(**row | {"terms": tuple(Term(**term) for term in row["terms"])}) for row in rows
    ]
