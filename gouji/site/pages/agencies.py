"""The bodies that report: a list of all, and a page for each with its figures beside its peers'."""

from collections.abc import Sequence
from typing import Any

from gouji.site.page import Site
from gouji.site.pages.report_form import web_address
from gouji.site.pages.series import all_series, peers_of, series_of, write_kinds
from gouji.site.pages.statistics import annexes_of
from gouji.site.tables import Column, Link, Table
from gouji.site.words import both, code_words, named, words
from gouji.warehouse_file import Record, by


def write(site: Site) -> None:
    """Write `agencies/index.html` and `agencies/<agency_id>.html`."""
    write_kinds(site)
    site.draw_agencies()
    write_list(site)
    write_pages(site)


def write_list(site: Site) -> None:
    """Write `agencies/index.html`."""
    agencies = site.rows("agencies")
    site.write(
        "agencies/index.html",
        "list.html.j2",
        section="agencies",
        title=words("agencies.title"),
        lead=words("agencies.lead", count=len(agencies)),
        table=table_of(agencies),
    )


def write_pages(site: Site) -> None:
    """Write `agencies/<agency_id>.html` for each body that is drawn."""
    pages = site.report_pages
    relatives = site.rows("agency_relatives")
    of_agency = {
        "reports": by(site.rows("reports"), "agency_id"),
        "members": by(relatives, "parent_agency_id"),
        "heirs": by(relatives, "predecessor_agency_id"),
    }
    annexes = by(site.rows("statistics"), "agency_id")

    def write_one(agency: Record, rows: Sequence[Record]) -> None:
        mine: dict[str, Any] = {
            name: found.get(agency["agency_id"], []) for name, found in of_agency.items()
        }
        site.write(
            f"agencies/{agency['agency_id']}.html",
            "agency.html.j2",
            section="agencies",
            title=named(agency["agency_name"], agency["name_latin"]),
            agency=agency,
            series=series_of(rows) if rows else [],
            peers=peers_of(rows) if rows else [],
            annexes=annexes_of(annexes.get(agency["agency_id"], [])),
            report_pages=pages,
            web_address=web_address,
            **mine,
        )

    by_id = {agency["agency_id"]: agency for agency in site.rows("agencies")}
    for agency_id, rows in all_series(site, "agency_id"):
        write_one(by_id.pop(agency_id), rows)
    # bodies that are named, as a parent or a member, but of which no report is here
    for agency in by_id.values():
        write_one(agency, [])


def table_of(agencies: Sequence[Record]) -> Table:
    """List bodies, rows of `queries/agencies.sql`."""
    return Table(
        name="agencies",
        caption=words("agencies.caption"),
        columns=[
            Column(words("column.agency")),
            Column(words("column.region"), filter="region"),
            Column(words("column.level"), filter="level"),
            Column(words("column.sector"), filter="sector"),
            Column(words("column.reports"), is_number=True),
            Column(words("column.first_year")),
            Column(words("column.last_year")),
            Column(words("column.open_issues"), is_number=True),
            Column(words("column.acknowledged"), is_number=True),
        ],
        rows=[
            [
                Link(
                    f"agencies/{row['agency_id']}.html",
                    named(row["agency_name"], row["name_latin"]),
                ),
                named(row["region_name"], row["region_latin"], row["region_code"]),
                code_words("level", row["level"]),
                both(row["sector_zh"], row["sector_en"], row["sector"]),
                row["reports"],
                *(str(row[name]) if row[name] else None for name in ("first_year", "last_year")),
                row["open_issues"],
                row["acknowledged"],
            ]
            for row in agencies
        ],
    )
