"""The identities of the contract, written a second time and computed from the printed texts.

What a planted fault breaks must be known without asking the warehouse: these terms do not come
from the seeds `identities` and `identity_terms`, and the texts are read by `numbers.py`. Only the
vocabulary (lines, cells) is the seeds'.

Works on a DuckDB connection with two tables:

* `cells`: report_id, form_table, line_code, column_code, printed;
* `links`: report_id, whose, check_report_id: the report counts in a check of the other one as its
  `own`, as the report of the year `before` (in the same
  layout), or as a `member` that it adds up.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from gouji.paths import find_project
from gouji.raw_tables import APPLICANT_COLUMNS as APPLICANTS
from gouji.raw_tables import RESULT_COLUMNS
from gouji.synthetic.landing_folder import quoted
from gouji.synthetic.numbers import read_number

FRAME = ("new_requests", "carried_in", "total_processed", "carried_out")
CHANNELS = ("review", "litigation_direct", "litigation_after_review")
NARRATIVE = {
    "requests_received": ("requests", "new_requests", "total"),
    "requests_carried_in": ("requests", "carried_in", "total"),
    "requests_processed": ("requests", "total_processed", "total"),
    "requests_granted": ("requests", "granted", "total"),
    "requests_carried_out": ("requests", "carried_out", "total"),
    "normative_made": ("disclosures", "normative_document", "made"),
    "normative_in_force": ("disclosures", "normative_document", "in_force"),
    "reviews": ("reviews", "review", "total"),
}


class Term(NamedTuple):
    """A cell in a check; the cells times their coefficients add up to 0 when it holds."""

    identity_id: str
    slice: str
    whose: str
    form_table: str
    line_code: str
    column_code: str
    coefficient: int
    is_required: bool


def terms(outcomes: Iterable[str], cells: Iterable[tuple[str, str]]) -> Iterator[Term]:
    """Give the terms of every check that a report can have.

    Args:
        outcomes: the outcome lines of table 三.
        cells: the lines and measures of table 二.
    """
    outcomes = list(outcomes)
    yield from _within_a_report(outcomes)
    yield from _from_year_to_year()
    for form_table, line, column in (
        *(("requests", line, column) for line in (*FRAME, *outcomes) for column in APPLICANTS),
        *(("reviews", channel, result) for channel in CHANNELS for result in RESULT_COLUMNS),
        *(("disclosures", line, measure) for line, measure in cells),
    ):
        check = (f"rollup.{form_table}.{column}", line)
        yield Term(*check, "own", form_table, line, column, 1, True)
        yield Term(*check, "member", form_table, line, column, -1, True)


def _within_a_report(outcomes: list[str]) -> Iterator[Term]:
    for column in APPLICANTS:
        for line, sign in zip(FRAME, (1, 1, -1, -1), strict=True):
            yield Term("requests.balance", column, "own", "requests", line, column, sign, True)
        processed = "total_processed"
        yield Term("requests.outcomes", column, "own", "requests", processed, column, 1, True)
        for line in outcomes:
            yield Term("requests.outcomes", column, "own", "requests", line, column, -1, False)
    for line in (*FRAME, *outcomes):
        for column in APPLICANTS:
            sign = 1 if column == "total" else -1
            yield Term("requests.applicants", line, "own", "requests", line, column, sign, True)
    for channel in CHANNELS:
        for result in RESULT_COLUMNS:
            sign = 1 if result == "total" else -1
            yield Term(f"{channel}.total", "all", "own", "reviews", channel, result, sign, True)
    for figure, cell in NARRATIVE.items():
        check = (f"narrative.{figure}", "all")
        yield Term(*check, "own", "narrative", figure, "", 1, True)
        yield Term(*check, "own", *cell, -1, True)


def _from_year_to_year() -> Iterator[Term]:
    for column in APPLICANTS:
        check = ("requests.carry_over", column)
        yield Term(*check, "own", "requests", "carried_in", column, 1, True)
        yield Term(*check, "before", "requests", "carried_out", column, -1, True)
    for line in ("regulation", "normative_document"):
        for whose, measure, sign in (
            ("own", "in_force", 1),
            ("before", "in_force", -1),
            ("own", "made", -1),
            ("own", "repealed", 1),
        ):
            yield Term("documents.stock", line, whose, "disclosures", line, measure, sign, True)
    for line in ("permit", "other_service", "penalty", "coercion", "fee"):
        for whose, measure, sign in (
            ("own", "prior_items", 1),
            ("before", "prior_items", -1),
            ("before", "change", -1),
        ):
            yield Term("items.stock", line, whose, "disclosures", line, measure, sign, True)


def line_order() -> dict[str, int]:
    """The place of each line of table 三 on the form."""
    path = quoted(find_project(Path(__file__)).root / "seeds" / "reference" / "form_lines.csv")
    rows = duckdb.sql(
        f"select line_code, min(line_order::integer) from read_csv('{path}', all_varchar = true)"
        " where form_table = 'requests' group by line_code"
    ).fetchall()
    return dict(rows)


def load_terms(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `terms`."""
    reference = quoted(find_project(Path(__file__)).root / "seeds" / "reference")
    outcomes = connection.sql(
        f"select line_code from read_csv('{reference}/form_lines.csv', all_varchar = true)"
        " where stage = 'outcome' group by line_code order by min(line_order::integer)"
    ).fetchall()
    cells = connection.sql(
        "select distinct line_code, measure_code"
        f" from read_csv('{reference}/form_cells.csv', all_varchar = true) order by all"
    ).fetchall()
    rows = list(terms((line for (line,) in outcomes), ((line, code) for line, code in cells)))
    columns = ", ".join(
        f"unnest($columns[{i}]) as {name}" for i, name in enumerate(Term._fields, 1)
    )
    connection.execute(
        "create or replace table terms as select * replace (coefficient::integer as coefficient,"
        f" is_required::boolean as is_required) from (select {columns})",
        {"columns": [[str(value) for value in column] for column in zip(*rows, strict=True)]},
    )


def judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Judge every check of `cells`: make the tables `term_cells` and `verdicts`.

    `verdicts`: report_id, identity_id, slice, residual (0 when it holds), raising and lowering (how
    many blank cells could raise or lower it), status.
    `term_cells`: the cells of each check with coefficient and value.
    """
    _load_numbers(connection)
    connection.execute("""
        create or replace table term_cells as
        select
            links.check_report_id as report_id,
            terms.identity_id,
            terms.slice,
            terms.whose,
            terms.coefficient,
            terms.is_required,
            cells.report_id as cell_report_id,
            cells.form_table,
            cells.line_code,
            cells.column_code,
            coalesce(numbers.status, 'blank') as status,
            numbers.value
        from cells
        inner join terms using (form_table, line_code, column_code)
        inner join links on cells.report_id = links.report_id and terms.whose = links.whose
        left join numbers
            on cells.printed = numbers.printed
            and if(cells.line_code = 'fee' and cells.column_code = 'amount', 10000, 1)
                = numbers.form_factor
    """)
    connection.execute("""
        create or replace table verdicts as
        with required as (
            select identity_id, slice, count(*) filter (is_required and whose <> 'member') as terms,
                bool_or(whose = 'member') as is_rollup
            from terms group by all
        ),
        members as (
            select check_report_id as report_id, count(*) as members
            from links where whose = 'member' group by all
        ),
        sums as (
            select
                report_id, identity_id, slice,
                coalesce(sum(coefficient * value), 0) as residual,
                count(*) filter (is_required) as found,
                count(*) filter (status = 'unreadable') as unreadable,
                count(*) filter (is_empty) as blank,
                count(*) filter (is_empty and (coefficient > 0 or is_signed)) as raising,
                count(*) filter (is_empty and (coefficient < 0 or is_signed)) as lowering
            from (
                select *, status in ('blank', 'not_applicable') as is_empty,
                    column_code = 'change' as is_signed
                from term_cells
            )
            group by all
        )
        select
            report_id, identity_id, slice, residual, raising, lowering,
            case
                when found < required.terms + if(is_rollup, coalesce(members, 1), 0)
                    then 'not_assessable'
                when unreadable > 0 then 'not_assessable'
                when residual = 0 and blank = 0 then 'holds'
                when residual = 0 then 'holds_if_blank_is_zero'
                when residual < 0 and raising > 0 then 'not_assessable'
                when residual > 0 and lowering > 0 then 'not_assessable'
                else 'broken'
            end as status
        from sums
        inner join required using (identity_id, slice)
        left join members using (report_id)
    """)


def _load_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `numbers`: every distinct text with its status and value."""
    rows = connection.sql("""
        select distinct
            printed,
            -- a bare amount of table 二 is in 10,000 yuan in the 2021 layout
            if(line_code = 'fee' and column_code = 'amount', 10000, 1) as form_factor
        from cells where printed is not null
    """).fetchall()
    readings = [read_number(printed, factor) for printed, factor in rows]
    connection.execute(
        "create or replace table numbers as select unnest($printed) as printed,"
        " unnest($factors) as form_factor, unnest($statuses) as status,"
        " unnest($values)::decimal(28, 4) as value",
        {
            "printed": [printed for printed, _factor in rows],
            "factors": [factor for _printed, factor in rows],
            "statuses": [reading.status for reading in readings],
            "values": [
                None if reading.value is None else str(reading.value) for reading in readings
            ],
        },
    )


def cells_of(tables: dict[str, str], reports: str) -> str:
    """The SQL for the cells of reports, in long form.

    Args:
        tables: the SQL of each raw table.
        reports: a table with the `report_id` of the reports that are wanted.
    """
    request_cells = " union all ".join(
        f"select report_id, 'requests' as form_table, line_code, '{column}' as column_code,"
        f" {column} as printed from requests"
        for column in APPLICANTS
    )
    review_cells = " union all ".join(
        f"select report_id, 'reviews' as form_table, channel as line_code,"
        f" '{column}' as column_code, \"{column}\" as printed from reviews"
        for column in RESULT_COLUMNS
    )
    return f"""
        with requests as materialized (
            select * from {tables["raw_requests"]} semi join {reports} using (report_id)
        ),
        reviews as materialized (
            select * from {tables["raw_reviews"]} semi join {reports} using (report_id)
        )
        {request_cells}
        union all {review_cells}
        union all
        select report_id, 'disclosures', line_code, measure_code, printed
        from {tables["raw_disclosures"]} semi join {reports} using (report_id)
        union all
        select report_id, 'narrative', figure_code, '', printed
        from {tables["raw_narrative_figures"]} semi join {reports} using (report_id)
    """


def load_links(
    connection: duckdb.DuckDBPyConnection, raw_reports: str, rollup_members: str
) -> None:
    """Make the table `links` from the reports and the members of consolidated ones."""
    connection.execute(f"""
        create or replace table links as
        with reports as (
            select report_id, agency_id, report_year::integer as report_year, layout
            from {raw_reports}
        ),
        members as (
            select agency_id, member_agency_id, report_year::integer as report_year
            from {rollup_members} where is_complete = 'true'
        )
        select report_id, 'own' as whose, report_id as check_report_id from reports
        union all
        select reports.report_id, 'before', later.report_id
        from reports inner join reports as later
            on reports.agency_id = later.agency_id and reports.report_year + 1 = later.report_year
            and reports.layout = later.layout
        union all
        select reports.report_id, 'member', parents.report_id
        from members
        inner join reports on members.member_agency_id = reports.agency_id
            and members.report_year = reports.report_year
        inner join reports as parents on members.agency_id = parents.agency_id
            and members.report_year = parents.report_year
    """)


def single_cell_explanations(fault_checks: str) -> str:
    """The SQL for every one-cell edit that mends all that a fault broke and touches no held check.

    Mended is a check that is broken no more: it holds, or a blank cell may now close the gap.
    Columns: fault_id, report_id, form_table, line_code, column_code, implied (the value that the
    cell would have).

    Args:
        fault_checks: a table with fault_id, report_id, identity_id, slice of the broken checks.
    """
    return f"""
        with broken as (
            select fault_id, count(*) as checks from {fault_checks} group by fault_id
        ),
        edits as (
            select distinct
                term_cells.cell_report_id, form_table, line_code, column_code,
                -residual / coefficient as change
            from verdicts
            inner join term_cells using (report_id, identity_id, slice)
            where verdicts.status = 'broken' and value is not null
        ),
        effects as (
            select
                term_cells.cell_report_id as report_id, form_table, line_code, column_code,
                change, value, raising, lowering, {fault_checks}.fault_id,
                verdicts.status = 'broken' as is_broken,
                residual + coefficient * change as residual
            from edits
            inner join term_cells using (cell_report_id, form_table, line_code, column_code)
            inner join verdicts using (report_id, identity_id, slice)
            left join {fault_checks} using (report_id, identity_id, slice)
            where verdicts.status <> 'not_assessable'
        ),
        mending as (
            select
                report_id, form_table, line_code, column_code,
                min(fault_id) as fault_id,
                count(fault_id) as mended,
                any_value(value) + change as implied
            from effects
            group by report_id, form_table, line_code, column_code, change
            having min(fault_id) = max(fault_id) and bool_and(is_broken and (
                residual = 0 or residual < 0 and raising > 0 or residual > 0 and lowering > 0
            ))
        )
        select fault_id, report_id, form_table, line_code, column_code, implied
        from mending
        inner join broken using (fault_id)
        where mended = checks and (implied >= 0 or column_code = 'change')
    """
