"""Reading checks, the cells that they add up, and what would explain a break.

All figures are the warehouse's own, read by SQL; here they only get names.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from gouji.errors import WrongCall
from gouji.sql import sql
from gouji.warehouse_file import Record, reading

CheckKey = tuple[str, str, str]
"""report_id, identity_id, slice"""

Row = TypeVar("Row")


@dataclass(frozen=True)
class Term:
    """A cell that a check adds up: where it stands, its printed text and its value."""

    report_id: str
    identity_id: str
    slice: str
    side: str
    weight: int
    scope: str
    year_offset: int
    form_table: str
    line_code: str
    column_code: str
    line_zh: str | None
    line_en: str | None
    column_zh: str | None
    column_en: str | None
    is_money: bool
    source_report_id: str | None
    source_agency: str | None
    source_year: int | None
    source_title: str | None
    source_document: str | None
    source_url: str | None
    printed: str | None
    locator: str | None
    value: Decimal | None
    value_status: str


@dataclass(frozen=True)
class SuspectCell:
    """A cell that an explanation changes: what it holds, and what it would have to hold."""

    root_cause_id: str
    hypothesis_id: str
    rank: int
    kind: str
    kind_zh: str
    kind_en: str
    checks_mended: int
    mends: str
    report_id: str
    agency_name: str
    report_year: int
    form_table: str
    line_code: str
    column_code: str
    line_zh: str | None
    line_en: str | None
    column_zh: str | None
    column_en: str | None
    is_money: bool
    printed: str | None
    reported_value: Decimal
    implied_value: Decimal | None


@dataclass(frozen=True)
class Hypothesis:
    """A slip that would explain breaks; those of equal rank explain equally well."""

    cells: tuple[SuspectCell, ...]

    @property
    def hypothesis_id(self) -> str:
        """The change: each cell with the number that would have to stand there."""
        return self.cells[0].hypothesis_id

    @property
    def is_whole_table(self) -> bool:
        """Whether it says that a table is wrong as a whole, and not what belongs there."""
        return all(cell.implied_value is None for cell in self.cells)

    @property
    def rank(self) -> int:
        """1 for the best explanation of its breaks."""
        return self.cells[0].rank


@dataclass(frozen=True)
class Check:
    """The verdict on an identity in one slice of a report."""

    report_id: str
    agency_name: str
    report_year: int
    identity_id: str
    slice: str
    lhs: Decimal | None
    rhs: Decimal | None
    difference: Decimal | None
    status: str
    reason: str | None
    is_acknowledged: bool
    family: str
    severity: str
    basis: str
    title_zh: str
    title_en: str
    slice_by: str
    slice_zh: str | None
    slice_en: str | None
    observed_lhs: Decimal | None
    observed_rhs: Decimal | None
    acknowledged_reason: str | None
    acknowledged_evidence: str | None
    acknowledged_by: str | None
    acknowledged_on: date | None
    expires_on: date | None
    corrected_lhs: Decimal | None
    corrected_rhs: Decimal | None
    corrected_status: str | None

    @property
    def key(self) -> CheckKey:
        """What names the check."""
        return self.report_id, self.identity_id, self.slice


@contextmanager
def findings(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse read-only, with the views of `views.sql` beside its tables.

    Raises:
        WrongCall: there is no such file, it is no warehouse, or an older one without these tables.
    """
    with reading(database) as connection:
        try:
            connection.execute(sql("findings/views.sql"))
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            problem = " ".join(str(error).split())
            raise WrongCall(f"{database} lacks a table, gouji build it anew: {problem}") from error
        yield connection


def query(
    connection: duckdb.DuckDBPyConnection, asked: str, parameters: dict[str, object] | None = None
) -> list[Record]:
    """Give the rows of a query with named parameters, each by column name."""
    cursor = connection.execute(asked, parameters or {})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_checks(
    connection: duckdb.DuckDBPyConnection, condition: str, parameters: dict[str, object]
) -> list[Check]:
    """Read the checks that a condition names: broken first, errors before warnings."""
    in_order = f"""
        select * from check_words where {condition}
        order by status <> 'broken', status <> 'not_assessable', severity,
            identity_id, report_id, slice_order, slice
    """
    return _read(connection, Check, in_order, parameters)


def read_terms(
    connection: duckdb.DuckDBPyConnection, condition: str, parameters: dict[str, object]
) -> dict[CheckKey, tuple[Term, ...]]:
    """Read the cells of the checks that a condition names, in the order of their identity."""
    in_order = f"""
        select * from check_terms where {condition}
        order by report_id, identity_id, slice, term_order, source_report_id, column_order
    """
    terms = _read(connection, Term, in_order, parameters)
    return {
        key: tuple(group)
        for key, group in groupby(
            terms, lambda term: (term.report_id, term.identity_id, term.slice)
        )
    }


def read_hypotheses(
    connection: duckdb.DuckDBPyConnection, condition: str, parameters: dict[str, object]
) -> list[Hypothesis]:
    """Read the explanations that a condition names: by cause, the best first."""
    in_order = f"""
        select * from suspect_words where {condition}
        order by root_cause_id, rank, hypothesis_id, report_id, form_table,
            line_order, column_order
    """
    cells = _read(connection, SuspectCell, in_order, parameters)
    return [
        Hypothesis(tuple(group))
        for _, group in groupby(cells, lambda cell: (cell.report_id, cell.hypothesis_id))
    ]


def read_mending(
    connection: duckdb.DuckDBPyConnection, condition: str, parameters: dict[str, object]
) -> dict[CheckKey, list[Hypothesis]]:
    """Read what would mend the broken checks that a condition on `quality.mended_checks` names.

    Returns:
        For each check its explanations, the best first; a check that none mends is not there.
    """
    mended = query(
        connection,
        "select check_report_id, identity_id, slice, hypothesis_id"
        f" from quality.mended_checks where {condition}",
        parameters,
    )
    checks: dict[str, list[CheckKey]] = {}
    for row in mended:
        key = (row["check_report_id"], row["identity_id"], row["slice"])
        checks.setdefault(row["hypothesis_id"], []).append(key)
    # named one by one, they are found before words are looked up for all that there are
    explaining = "list_contains($hypotheses, hypothesis_id)"
    mending: dict[CheckKey, list[Hypothesis]] = {}
    for hypothesis in read_hypotheses(connection, explaining, {"hypotheses": sorted(checks)}):
        for key in checks[hypothesis.hypothesis_id]:
            mending.setdefault(key, []).append(hypothesis)
    return {key: sorted(these, key=lambda one: one.rank) for key, these in mending.items()}


def read_letters(
    connection: duckdb.DuckDBPyConnection, condition: str, parameters: dict[str, object]
) -> dict[CheckKey, list[Record]]:
    """Read the letters and answers on the causes of the checks that a condition names, in order."""
    letters: dict[CheckKey, list[Record]] = {}
    in_order = f"""
        select * from quality.issues inner join quality.cause_history using (root_cause_id)
        where {condition} and event in ('asked', 'answered')
        order by happened_on, event desc, note
    """
    for row in query(connection, in_order, parameters):
        key = (row["report_id"], row["identity_id"], row["slice"])
        letters.setdefault(key, []).append(row)
    return letters


def _read(
    connection: duckdb.DuckDBPyConnection,
    kind: type[Row],
    asked: str,
    parameters: dict[str, object],
) -> list[Row]:
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # a dataclass
    rows: list[dict[str, Any]] = query(connection, asked, parameters)
    return [kind(**{name: row[name] for name in names}) for row in rows]
