"""Reports of each year that came late or not at all, and the bodies without one."""

from collections.abc import Sequence

from gouji.site.page import Site
from gouji.site.tables import Cell, Column, Link, Table
from gouji.site.words import code_words, words
from gouji.warehouse_file import Record

MOST_MISSING = 200
TIMELINESS = {
    "reports": "field.held",
    "missing": "timeliness.missing",
    "not_dated": "timeliness.not_dated",
    "own_dated": "timeliness.own_dated",
    "own_late": "timeliness.own_late",
    "own_late_rate": "timeliness.own_late_rate",
    "consolidated_dated": "timeliness.consolidated_dated",
    "consolidated_late": "timeliness.consolidated_late",
    "consolidated_late_rate": "timeliness.consolidated_late_rate",
}


def timeliness_of(site: Site) -> tuple[Table, Table]:
    """Give how many reports of each year came late or not, and the bodies without a report."""
    return _years(site.rows("timeliness")), _missing(site.rows("missing_bodies", most=MOST_MISSING))


def _years(rows: Sequence[Record]) -> Table:
    return Table(
        name="timeliness",
        caption=words("timeliness.table"),
        columns=[
            Column(words("column.year")),
            *(
                Column(words(key), is_share=name.endswith("_rate"), is_number=True)
                for name, key in TIMELINESS.items()
            ),
        ],
        rows=[[str(row["report_year"]), *(row[name] for name in TIMELINESS)] for row in rows],
    )


def _missing(rows: Sequence[Record]) -> Table:
    return Table(
        name="missing",
        caption=words("timeliness.bodies", most=MOST_MISSING),
        columns=[
            Column(words("timeliness.missing_year"), filter="missing"),
            Column(words("column.agency")),
            Column(words("column.level"), filter="level"),
            Column(words("column.province"), filter="province"),
            Column(words("timeliness.next_year")),
        ],
        rows=[_missing_row(row) for row in rows],
    )


def _missing_row(row: Record) -> list[Cell]:
    return [
        str(row["missing_year"]),
        Link(f"agencies/{row['agency_id']}.html", row["agency_name"]),
        code_words("level", row["level"]),
        row["province"],
        str(row["next_year"]) if row["next_year"] else None,
    ]
