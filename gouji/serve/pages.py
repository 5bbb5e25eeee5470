"""The site's pages drawn on request, by the functions that write the static site."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from functools import cached_property

from jinja2 import Environment

from gouji.findings.read import query
from gouji.paths import Warehouse
from gouji.serve.build import Build, Connection, draw_few
from gouji.site.dbt_pages import DOCUMENTATION, LINEAGE, write_dbt_pages
from gouji.site.page import Site, templates
from gouji.site.pages import (
    agencies,
    calendar,
    data,
    dictionary,
    editions,
    feed,
    overview,
    quality,
    regions,
    report_form,
)
from gouji.warehouse_file import Record

# Pages of the whole build, drawn once for it. The first of them as soon as it is opened.
WHOLE: dict[str, Callable[[Site], None]] = {
    "index.html": overview.write,
    "quality.html": quality.write,
    "calendar.html": calendar.write,
    "data.html": data.write,
    "dictionary.html": dictionary.write,
    feed.FEED: feed.write,
    DOCUMENTATION: write_dbt_pages,
    LINEAGE: write_dbt_pages,
}
PAGES_OF: dict[str, Callable[[Site], None]] = {
    "agencies": agencies.write_pages,
    "regions": regions.write_pages,
}
FIRST = ("index.html", "quality.html")
# `320813-zhengfu-2023`, which may end in the number of an edition.
REPORT = re.compile(r"(?P<agency>.+)-(?P<year>\d{4})(?:-r(?P<revision>\d+))?")


class NotThere(Exception):
    """The build has no such page."""


class Every(Container[str]):
    """Holds whatever is asked: each report has a page."""

    def __contains__(self, _report_id: object) -> bool:
        return True


@dataclass
class Drawing(Site):
    """A site of which single pages are drawn, and kept in memory."""

    of: Build = field(kw_only=True)
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> Environment:
        """The templates, with what only a server can do."""
        return templates(is_served=True)

    @cached_property
    def report_pages(self) -> Container[str]:
        """All reports: the one that is drawn stands in the table `report_pages`."""
        return Every()

    @cached_property
    def build(self) -> Record:
        """The build, read once for all of its pages."""
        return self.of.told

    def keep(self, path: str, text: str) -> None:
        """Keep a page that is drawn."""
        self.pages[path] = text

    def write_asset(self, name: str, text: str) -> None:
        """Leave it: the server has written its own, and writes nothing to the site's folder."""


def drawing(build: Build, warehouse: Warehouse, connection: Connection) -> Drawing:
    """Begin to draw, on a connection of the build."""
    return Drawing(connection, warehouse.site, warehouse, of=build)


def warm(build: Build, warehouse: Warehouse) -> None:
    """Draw the pages that add up the whole build before anybody asks for them."""
    for path in FIRST:
        whole_page(build, warehouse, path)


def whole_page(build: Build, warehouse: Warehouse, path: str) -> str:
    """Draw a page of the whole build, or give it as it was drawn."""
    if path not in build.drawn:
        with build.drawing, build.pages.one() as connection:
            if path not in build.drawn:
                site = drawing(build, warehouse, connection)
                WHOLE[path](site)
                build.drawn |= site.pages
    return build.drawn[path]


def agency_page(build: Build, warehouse: Warehouse, agency_id: str) -> str:
    """Draw the page of a body."""
    return _chosen(build, warehouse, ("agencies", "agency_pages", "agency_id"), agency_id)


def region_page(build: Build, warehouse: Warehouse, region_code: str) -> str:
    """Draw the page of a region."""
    return _chosen(build, warehouse, ("regions", "region_pages", "region_code"), region_code)


def _chosen(build: Build, warehouse: Warehouse, of: tuple[str, str, str], asked: str) -> str:
    """Draw the one page of a list whose key is asked for, as the site's queries name the chosen."""
    listed, chosen, key = of
    with build.pages.one() as connection:
        connection.execute(
            f"create or replace temp table {chosen} as"
            f" select {key} from prepared.lists.{listed} where {key} = $asked",
            {"asked": asked},
        )
        site = drawing(build, warehouse, connection)
        PAGES_OF[listed](site)
    return _only(site)


def _only(site: Drawing) -> str:
    if not site.pages:
        raise NotThere
    (page,) = site.pages.values()
    return page


def report_page(build: Build, warehouse: Warehouse, name: str) -> str:
    """Draw the annotated form of a report, or an edition of it that is not current.

    Args:
        build: the build that is served.
        warehouse: its folder.
        name: the report's id, or its body and year with the number of an edition or without.

    Raises:
        NotThere: there is no such report or edition.
    """
    editions_held = _editions(build, name)
    (report_id,) = [one for one, is_current in editions_held.items() if is_current]
    path = f"reports/{name}.html"
    with build.reports.one() as connection:
        draw_few(build, connection, report_id, set(editions_held))
        site = drawing(build, warehouse, connection)
        report_form.write(site)
        if path not in site.pages:
            _take_cells(build, connection, set(editions_held) - {report_id})
            editions.write(site)
    if path not in site.pages:
        raise NotThere
    return site.pages[path]


def _editions(build: Build, name: str) -> dict[str, bool]:
    """Name all editions of a report by one of its names, and tell which is current."""
    asked = REPORT.fullmatch(name)
    if asked is None:
        raise NotThere
    stem = f"{asked['agency']}-{asked['year']}"
    with build.pages.one() as connection:
        found = query(
            connection,
            # the ids that begin with the stem, as a range of which DuckDB reads few blocks
            "select report_id, is_current from marts.dim_report"
            " where report_id between $stem and $stem || '~'"
            " and agency_id = $agency and report_year = $year",
            {"stem": stem, "agency": asked["agency"], "year": int(asked["year"])},
        )
    if not found:
        raise NotThere
    return {row["report_id"]: row["is_current"] for row in found}


def _take_cells(build: Build, connection: Connection, report_ids: set[str]) -> None:
    """Add the cells of earlier editions, which the current one's page does not read."""
    for table in ("raw.raw_disclosures", "raw.raw_requests", "raw.raw_reviews"):
        if table in build.tables:
            connection.execute(
                f"insert into {table} from prepared.{table}"
                " where report_id in (select unnest($ids))",
                {"ids": sorted(report_ids)},
            )
