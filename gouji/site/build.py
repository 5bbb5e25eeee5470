"""Writing the whole site beside the one that is there, and putting it in its place."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from gouji.errors import WrongCall
from gouji.findings.read import findings
from gouji.paths import Warehouse
from gouji.publish.swap import publish_folder
from gouji.site.charts import write_vega
from gouji.site.dbt_pages import write_dbt_pages
from gouji.site.folder import MARK, check_is_site
from gouji.site.page import Site
from gouji.site.pages import (
    agencies,
    calendar,
    data,
    dictionary,
    editions,
    feed,
    issues,
    overview,
    quality,
    regions,
    report_form,
    reports,
)
from gouji.site.tables import write_tables

# In the order of the navigation.
PAGES: tuple[Callable[[Site], None], ...] = (
    overview.write,
    quality.write,
    issues.write,
    calendar.write,
    agencies.write,
    regions.write,
    reports.write,
    report_form.write,
    editions.write,
    data.write,
    dictionary.write,
    feed.write,
    write_dbt_pages,
)


def build_site(
    database: Path, out: Path, asked: Iterable[str] = (), *, earlier: Path | None = None
) -> None:
    """Write the site of a warehouse file to a folder.

    A reader of the folder finds the old site or the new one, never half of one.

    Args:
        database: the published warehouse, opened read-only.
        out: the folder of the site; one that is there must be a site, or empty.
        asked: reports that get a page even where they have no issue.
        earlier: an earlier site, what was there before if not given: what is the same in every
            site is taken from it.

    Raises:
        WrongCall: the folder holds something else, a report is not in the warehouse, or the
            warehouse does not open.
    """
    check_is_site(out)
    new = out.parent / f".{out.name}.new"
    shutil.rmtree(new, ignore_errors=True)
    try:
        assets = new / "assets"
        assets.mkdir(parents=True)
        (new / MARK).touch()
        with findings(database) as connection:
            site = Site(connection, new, Warehouse(database.parent), frozenset(asked))
            _check_reports(site)
            site.copy_assets()
            write_tables(assets)
            write_vega(assets, (earlier or out) / "assets")
            _write_pages(site, database)
        publish_folder(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _write_pages(site: Site, database: Path) -> None:
    try:
        for write in PAGES:
            write(site)
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        problem = " ".join(str(error).split())
        raise WrongCall(
            f"{database} lacks what the site shows, gouji build makes it anew: {problem}"
        ) from error


def _check_reports(site: Site) -> None:
    if not site.asked:
        return
    known = {row["report_id"] for row in site.rows("known_reports", asked=list(site.asked))}
    unknown = sorted(site.asked - known)
    if unknown:
        raise WrongCall(f"The warehouse has no report {', '.join(unknown)}.")
