"""The bodies with the largest figures of a year, and those whose reports came late or not."""

from collections.abc import Sequence

from gouji.site.page import Site
from gouji.site.tables import AtLeast, Cell, Column, Link, Table
from gouji.site.words import code_words, words
from gouji.warehouse_file import Record

# What is ranked, beside what it is a part of.
RANKINGS: dict[str, str | None] = {
    "new_requests": None,
    "denied": "processed",
    "reviews_corrected": "reviews_concluded",
    "lawsuits_lost": "lawsuits_concluded",
}
MOST = 5
MOST_MISSING = 200


def rankings_of(site: Site, year: int) -> list[tuple[str, list[Table]]]:
    """Give the rankings of a year: of consolidated reports, and of bodies' own."""
    rows = site.rows("rankings", year=year, most=MOST)
    kinds = {"consolidated": True, "own": False}
    return [
        (
            kind,
            [
                table
                for name in RANKINGS
                if (table := _ranking(kind, name, _of(rows, name, is_consolidated))).rows
            ],
        )
        for kind, is_consolidated in kinds.items()
    ]


def timeliness_of(site: Site) -> tuple[Table, Table]:
    """Give how many reports of each year came late or not, and the bodies without a report."""
    return _years(site.rows("timeliness")), _missing(site.rows("missing_bodies", most=MOST_MISSING))


def _of(rows: Sequence[Record], ranking: str, is_consolidated: bool) -> list[Record]:
    return [
        row
        for row in rows
        if row["ranking"] == ranking and row["is_consolidated"] == is_consolidated
    ]


def _ranking(kind: str, name: str, rows: Sequence[Record]) -> Table:
    whole = RANKINGS[name]
    return Table(
        name=f"{kind}-{name}",
        caption=words(f"ranking.{name}"),
        columns=[
            Column(words("column.agency"), is_wide=True),
            Column(words(f"measure.{name}"), is_number=True),
            *([Column(words(f"measure.{whole}"), is_number=True)] if whole else []),
        ],
        rows=[
            [
                Link(f"agencies/{row['agency_id']}.html", row["agency_name"]),
                AtLeast(row["value"]) if row["not_reported"] else row["value"],
                *([row["of_all"]] if whole else []),
            ]
            for row in rows
        ],
    )


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
