"""The bodies with the largest figures of a year."""

from collections.abc import Sequence

from gouji.site.page import Site
from gouji.site.tables import Column, Link, Table, sum_of
from gouji.site.words import words
from gouji.warehouse_file import Record

# What is ranked, beside what it is a part of.
RANKINGS: dict[str, str | None] = {
    "new_requests": None,
    "denied": "processed",
    "reviews_corrected": "reviews_concluded",
    "lawsuits_lost": "lawsuits_concluded",
}
MOST = 5


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


def _of(rows: Sequence[Record], ranking: str, is_consolidated: bool) -> list[Record]:
    return [
        row
        for row in rows
        if row["ranking"] == ranking and row["is_consolidated"] == is_consolidated
    ]


def _ranking(kind: str, name: str, rows: Sequence[Record]) -> Table:
    """Give a ranking, with what of each figure stands in cells in doubt where any does."""
    whole = RANKINGS[name]
    has_doubts = any(row["value_doubtful"] for row in rows)
    return Table(
        name=f"{kind}-{name}",
        caption=words(f"ranking.{name}"),
        columns=[
            Column(words("column.agency"), is_wide=True),
            Column(words(f"measure.{name}"), is_number=True),
            *([Column(words(f"measure.{whole}"), is_number=True)] if whole else []),
            *([Column(words("ranking.doubtful"), is_number=True)] if has_doubts else []),
        ],
        rows=[
            [
                Link(f"agencies/{row['agency_id']}.html", row["agency_name"]),
                sum_of(row, "value"),
                *([sum_of(row, "whole")] if whole else []),
                *([row["value_doubtful"]] if has_doubts else []),
            ]
            for row in rows
        ],
    )
