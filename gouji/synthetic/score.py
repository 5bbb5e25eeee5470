"""What a warehouse found of the faults that were planted.

The verdicts are the warehouse's own, `quality.fct_identity_checks`; what should be broken is the
truth that was written when the faults were planted. Where `quality.suspect_cells` is there, its
hypotheses are compared with the cells that were changed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table

from gouji.errors import WrongCall
from gouji.synthetic.landing_folder import quoted
from gouji.synthetic.plant import FAULT_CHECKS, FAULTS, TRUTH

Row = dict[str, Any]


@dataclass(frozen=True)
class Score:
    """The score by kind of fault and by identity, and over all.

    Attributes:
        kinds: a row a kind: planted, visible (some check should break), caught (all that should
            break do), recall; broken (checks that broke in the reports it reaches), precision.
            With hypotheses: offered first, among_equals, lower, or not_offered; sole (visible
            faults that only one cell can explain), sole_first; unknowable (several cells can).
        identities: a row an identity: expected, found, caught, recall, precision.
        total: the same over all; accused_clean counts broken checks that no fault explains.
        unchecked: identities of the truth that the warehouse does not have.
    """

    kinds: list[Row]
    identities: list[Row]
    total: Row
    unchecked: list[str]

    def as_json(self) -> dict[str, Any]:
        """The score as plain lists and numbers."""
        return {
            "kinds": self.kinds,
            "identities": self.identities,
            "total": self.total,
            "unchecked": self.unchecked,
        }


def score(database: Path, planted: Path) -> Score:
    """Compare a warehouse with the truth of the planted folder that it was built from.

    Raises:
        WrongCall: one of the two is not there, or not what it should be.
    """
    truth = planted / TRUTH
    for path in (database, truth / FAULTS, truth / FAULT_CHECKS):
        if not path.is_file():
            raise WrongCall(f"{path} is not there: build the warehouse of a planted folder first.")
    with duckdb.connect() as connection:
        try:
            connection.execute(f"attach '{quoted(database)}' as warehouse (read_only)")
            connection.execute(
                "create view verdicts as select * from warehouse.quality.fct_identity_checks"
            )
            has_hypotheses = bool(
                connection.sql(
                    "from duckdb_tables() where database_name = 'warehouse'"
                    " and schema_name = 'quality' and table_name = 'suspect_cells'"
                ).fetchall()
            )
        except duckdb.Error as error:
            raise WrongCall(f"{database} is no warehouse that can be read: {error}.") from error
        connection.execute(
            f"create view faults as from read_parquet('{quoted(truth / FAULTS)}');"
            f"create view truth as from read_parquet('{quoted(truth / FAULT_CHECKS)}')"
        )
        unchecked = _compare(connection)
        if has_hypotheses:
            connection.execute(HYPOTHESES)
        else:
            connection.execute("create table offers (fault_id varchar, offer varchar)")
        kinds = _rows(connection, _by_kind(has_hypotheses, "kind"))
        total = _rows(connection, _by_kind(has_hypotheses, "'all'"))[0]
        total |= _rows(connection, ACCUSED)[0]
        return Score(kinds, _rows(connection, BY_IDENTITY), total, unchecked)


def _compare(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Make the tables `expected` and `found`; name the identities that are checked nowhere."""
    connection.execute("""
        create table checked as select distinct identity_id, slice from verdicts;
        create table expected as
        select distinct fault_id, report_id, identity_id, slice from truth
        where identity_id
            in (select identity_id from checked);
        create table found as
        select distinct report_id, identity_id, slice from verdicts where status = 'broken';
    """)
    rows = connection.sql("""
        select distinct identity_id from truth
        where identity_id
            not in (select identity_id from checked)
        order by identity_id
    """).fetchall()
    return [identity_id for (identity_id,) in rows]


def _by_kind(has_hypotheses: bool, kind: str) -> str:
    offers = """
        , count(*) filter (offer = 'first') as first
        , count(*) filter (offer = 'among_equals') as among_equals
        , count(*) filter (offer = 'lower') as lower
        , count(*) filter (is_visible and offer is null) as not_offered
        , count(*) filter (is_visible and explanations = 1 and cells = 1) as sole
        , count(*) filter (is_visible and explanations = 1 and cells = 1 and offer = 'first')
            as sole_first
        , count(*) filter (is_visible and explanations > 1) as unknowable
    """
    return f"""
        with planted as (
            select fault_id, any_value(kind) as kind, any_value(report_id) as report_id,
                any_value(explanations) as explanations, count(*) as cells
            from faults group by fault_id
        ),
        caught as (
            select fault_id, count(*) as expected, count(found.report_id) as found
            from expected
            left join found using (report_id, identity_id, slice)
            group by fault_id
        ),
        -- every check that broke in a report that the fault reaches
        reached as (
            select fault_id, report_id from planted
            union select fault_id, report_id from expected
        ),
        broken as (
            select fault_id, count(*) as broken
            from reached inner join found using (report_id) group by fault_id
        ),
        judged as (
            select
                planted.*, caught.fault_id is not null as is_visible,
                coalesce(expected, 0) as expected, coalesce(caught.found, 0) as found,
                coalesce(broken, 0) as broken, offer
            from planted
            left join caught using (fault_id)
            left join broken using (fault_id)
            left join offers using (fault_id)
        )
        select
            {kind} as kind,
            count(*) as planted,
            count(*) filter (is_visible) as visible,
            count(*) filter (is_visible and found = expected) as caught,
            count(*) filter (is_visible and found = expected) / nullif(visible, 0) as recall,
            sum(broken)::bigint as broken,
            sum(found)::bigint / nullif(sum(broken)::bigint, 0) as precision
            {offers if has_hypotheses else ""}
        from judged
        group by 1
        order by 1
    """


BY_IDENTITY = """
    with compared as (
        select
            identity_id,
            expected.report_id is not null as is_expected,
            found.report_id is not null as is_found
        from (select distinct report_id, identity_id, slice from expected) as expected
        full join found using (report_id, identity_id, slice)
    )
    select
        identity_id,
        count(*) filter (is_expected) as expected,
        count(*) filter (is_found) as found,
        count(*) filter (is_expected and is_found) as caught,
        count(*) filter (is_expected and is_found) / nullif(expected, 0) as recall,
        count(*) filter (is_expected and is_found) / nullif(found, 0) as precision
    from compared
    group by identity_id
    order by identity_id
"""

ACCUSED = """
    select count(*) as accused_clean
    from found anti join expected using (report_id, identity_id, slice)
"""

# A hypothesis is the planted one when it names the very cells, each with the value it had. One
# report holds at most one fault, so the best rank of a report is the best for its fault.
HYPOTHESES = """
    create table offers as
    with hypotheses as (
        select * from warehouse.quality.suspect_cells
    ),
    sizes as (
        select hypothesis_id, count(*) as cells from hypotheses group by hypothesis_id
    ),
    fault_sizes as (
        select fault_id, count(*) as cells from faults group by fault_id
    ),
    matching as (
        select faults.fault_id, hypotheses.hypothesis_id, hypotheses.report_id,
            min(hypotheses.rank) as rank, count(*) as cells
        from faults
        inner join hypotheses
            on faults.report_id = hypotheses.report_id
            and faults.form_table = hypotheses.form_table
            and faults.line_code = hypotheses.line_code
            and faults.column_code = hypotheses.column_code
            and faults.value_before = hypotheses.implied_value
        group by all
    ),
    planted_ones as (
        select matching.fault_id, matching.report_id, min(matching.rank) as rank
        from matching
        inner join sizes using (hypothesis_id)
        inner join fault_sizes using (fault_id)
        where matching.cells = sizes.cells and matching.cells = fault_sizes.cells
        group by all
    ),
    rivals as (
        select report_id, rank, count(distinct hypothesis_id) as hypotheses
        from hypotheses group by all
    )
    select
        fault_id,
        case when rank > 1 then 'lower' when rivals.hypotheses = 1 then 'first'
            else 'among_equals' end as offer
    from planted_ones
    inner join rivals using (report_id, rank)
"""


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    relation = connection.sql(sql)
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def tables(result: Score) -> list[Table]:
    """The score as tables for a terminal: by kind of fault, and by identity."""
    return [
        _table("Planted faults by kind", [*result.kinds, result.total]),
        _table("Broken checks by identity", result.identities),
    ]


def _table(title: str, rows: list[Row]) -> Table:
    table = Table(title=title, title_justify="left")
    columns = list(rows[0]) if rows else []
    for number, name in enumerate(columns):
        table.add_column(name.replace("_", " "), justify="right" if number else "left")
    for row in rows:
        table.add_row(*(_text(row[name]) for name in columns))
    return table


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if isinstance(value, float) else str(value)
