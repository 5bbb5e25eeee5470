"""The checks of the contract, computed from the printed texts.

What a planted fault breaks must be known without asking the warehouse: the texts are read by
`numbers.py`, and the identities are the rows of the seeds.

Works on a DuckDB connection with two tables:

* `cells`: report_id, form_table, line_code, column_code, printed;
* `links`: report_id, whose, check_report_id, check_layout, is_in_other_layout: the report counts in
  a check of the other one as its `own`, as the report of the year `before`, or as a `member` that
  it adds up.
"""

from pathlib import Path

import duckdb

from gouji.identities import identities_of_seeds
from gouji.paths import find_project
from gouji.raw_tables import APPLICANT_COLUMNS, RESULT_COLUMNS
from gouji.sql import quoted, sql
from gouji.synthetic.numbers import read_number

# What the report of a term is to the checked one, by its scope and year.
WHOSE = {("own", 0): "own", ("own", -1): "before", ("members", 0): "member"}


def line_order(form_table: str) -> dict[str, int]:
    """The place of each line of a table on the form."""
    return dict(duckdb.sql(_sql("line_order", form_table=form_table)).fetchall())


def load_terms(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `identity_terms`, of the seeds, and `terms`, spelled out cell by cell."""
    connection.execute(
        "create or replace table identity_terms (identity_id varchar, slice_by varchar,"
        " layout varchar, side varchar, whose varchar, form_table varchar, line_code varchar,"
        " column_code varchar, coefficient integer, is_required boolean, reading varchar)"
    )
    connection.executemany(
        f"insert into identity_terms values ({', '.join('?' * 11)})",
        [
            (
                *(identity.identity_id, identity.slice_by, identity.layout),
                *(term.side, WHOSE[term.scope, term.year_offset]),
                *(term.form_table, term.line_code, term.column_code),
                *(term.coefficient, term.is_required, term.reading),
            )
            for identity in identities_of_seeds(_reference())
            for term in identity.terms
        ],
    )
    connection.execute(_sql("terms"))


def judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Judge every check of `cells`: make the tables `term_cells` and `verdicts`.

    `verdicts`: report_id, identity_id, slice, residual (0 when it holds), raising and lowering (how
    many blank cells could raise or lower it), status.
    `term_cells`: the cells of each check with coefficient and value.
    """
    _load_numbers(connection)
    connection.execute(_sql("term_cells"))
    connection.execute(_sql("verdicts"))


def _load_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `numbers`: every distinct text with its status and value."""
    rows = connection.sql(_sql("printed")).fetchall()
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
    return _sql("cells", tables=tables, reports=reports)


def load_links(
    connection: duckdb.DuckDBPyConnection, raw_reports: str, rollup_members: str
) -> None:
    """Make the table `links` from the reports and the members of consolidated ones."""
    connection.execute(_sql("links", raw_reports=raw_reports, rollup_members=rollup_members))


def _reference() -> Path:
    return find_project(Path(__file__)).root / "seeds" / "reference"


def _sql(name: str, **names: object) -> str:
    return sql(
        f"synthetic/queries/checks/{name}.sql",
        reference=quoted(_reference()),
        applicants=APPLICANT_COLUMNS,
        results=RESULT_COLUMNS,
        **names,
    )
