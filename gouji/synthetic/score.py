"""What a warehouse found of the faults that were planted.

The verdicts are the warehouse's own, `quality.fct_identity_checks`; what should be broken is the
truth that was written when the faults were planted. Where `quality.suspect_cells` is there, its
hypotheses are compared with the cells that were changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table

from gouji.errors import WrongCall
from gouji.sql import quoted, sql
from gouji.synthetic.kinds import KNOWN_KINDS
from gouji.synthetic.plant import FAULT_CHECKS, FAULTS, TRUTH
from gouji.synthetic.untuned_faults import UNTUNED_KINDS

Row = dict[str, Any]


@dataclass(frozen=True)
class Score:
    """The score by kind of fault and by identity, and over all.

    Attributes:
        kinds: a row a kind: planted, visible (some check should break), caught (all that should
            break do), recall; broken (checks that broke in the reports it reaches), precision.
            With hypotheses: offered first, among_equals, lower, or not_offered; not_known (no
            hypothesis at all); accused (some right cell comes first); sole (visible faults that
            only one cell can explain), sole_first; unknowable (several cells can).
        identities: a row an identity: expected, found, caught, recall, precision.
        known: the same over the kinds that explanations are made for.
        untuned: the same over the others.
        total: the same over all; accused_clean counts broken checks that no fault explains.
        unchecked: identities of the truth that the warehouse does not have.
    """

    kinds: list[Row]
    identities: list[Row]
    known: Row
    untuned: Row
    total: Row
    unchecked: list[str]

    def as_json(self) -> dict[str, Any]:
        """The score as plain lists and numbers."""
        return {
            "kinds": self.kinds,
            "identities": self.identities,
            "known": self.known,
            "untuned": self.untuned,
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
            connection.execute(_sql("offers"))
        else:
            connection.execute(
                "create table offers (fault_id varchar, offer varchar, accuses boolean)"
            )

        def by_kind(kind: str, kinds: Iterable[str] = ()) -> list[Row]:
            query = _sql("by_kind", has_hypotheses=has_hypotheses, kind=kind, kinds=list(kinds))
            return _rows(connection, query)

        total = by_kind("'all'")[0] | _rows(connection, _sql("accused"))[0]
        known = by_kind("'known kinds'", KNOWN_KINDS)[0]
        untuned = by_kind("'untuned kinds'", UNTUNED_KINDS)[0]
        identities = _rows(connection, _sql("by_identity"))
        return Score(by_kind("kind"), identities, known, untuned, total, unchecked)


def _compare(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Make the tables `expected` and `found`; name the identities that are checked nowhere."""
    connection.execute(_sql("compared"))
    rows = connection.sql(
        "select distinct identity_id from truth"
        " where identity_id not in (select identity_id from checked) order by identity_id"
    ).fetchall()
    return [identity_id for (identity_id,) in rows]


def _sql(name: str, **names: object) -> str:
    return sql(f"synthetic/queries/score/{name}.sql", **names)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    relation = connection.sql(query)
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def tables(result: Score) -> list[Table]:
    """The score as tables for a terminal: by kind of fault, and by identity."""
    return [
        _table(
            "Planted faults by kind", [*result.kinds, result.known, result.untuned, result.total]
        ),
        _table("Broken checks by identity", result.identities),
        *(
            [_table("First explanations", [_first(result.known), _first(result.untuned)])]
            if "first" in result.total
            else []
        ),
    ]


def _first(group: Row) -> Row:
    visible = group["visible"] or None
    return {"kind": group["kind"]} | {
        name: None if visible is None else count / visible
        for name, count in (
            ("planted first or among equals", group["first"] + group["among_equals"]),
            ("right cell first", group["accused"]),
            ("cause not known", group["not_known"]),
        )
    }


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
