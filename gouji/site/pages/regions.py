"""Regions: a list of those that reports lie in, and a page for each from `marts.region_year`."""

from collections.abc import Sequence

from gouji.site.numbers import span
from gouji.site.page import Site
from gouji.site.pages.series import all_series, series_of
from gouji.site.tables import Column, Link, Table
from gouji.site.words import Words, code_words, named, same, words
from gouji.warehouse_file import Record, by


def write(site: Site) -> None:
    """Write `regions/index.html` and `regions/<region_code>.html`."""
    site.draw_regions()
    write_list(site)
    write_pages(site)


def write_list(site: Site) -> None:
    """Write `regions/index.html`."""
    regions = site.rows("regions")
    site.write(
        "regions/index.html",
        "list.html.j2",
        section="regions",
        title=words("regions.title"),
        lead=words("regions.lead", count=len(regions)),
        table=table_of(regions),
    )


def write_pages(site: Site) -> None:
    """Write `regions/<region_code>.html` for each region that is drawn."""
    by_code = {row["region_code"]: row for row in site.rows("regions")}
    years = by(site.rows("region_years"), "region_code")
    agencies = by(site.rows("region_agencies"), "region_code")
    parts = by(site.rows("region_parts"), "parent_code")
    for code, rows in all_series(site, "region_code"):
        region = by_code[code]
        site.write(
            f"regions/{code}.html",
            "region.html.j2",
            section="regions",
            title=named(region["region_name"], region["name_latin"]),
            region=region,
            years=years[code],
            agencies=agencies.get(code, []),
            parts=parts.get(code, []),
            series=series_of(rows, covers=_covers(years[code])),
        )


def _covers(years: Sequence[Record]) -> Words | None:
    """Say what a region's figures are of where its own report is not among those counted."""
    partial = [year for year in years if not year["is_whole_region"]]
    if not partial:
        return None
    used = [year["reports_used"] for year in partial]
    names = {year["only_agency"] for year in partial}
    if max(used) == 1 and len(names) == 1:
        covers = words("region.covers.one", name=names.pop())
    else:
        covers = words("region.covers", reports=span(min(used), max(used)))
    if len(partial) == len(years):
        return covers
    of_years = ", ".join(str(year["report_year"]) for year in partial)
    return words("region.covers.years", years=of_years, covers=covers)


def table_of(regions: Sequence[Record]) -> Table:
    """List regions, rows of `queries/regions.sql`."""
    return Table(
        name="regions",
        caption=words("regions.caption"),
        columns=[
            Column(words("column.region")),
            Column(words("column.region_code")),
            Column(words("column.level"), filter="level"),
            Column(words("column.province"), filter="province"),
            Column(words("column.agencies"), is_number=True),
            Column(words("column.reports"), is_number=True),
            Column(words("column.first_year")),
            Column(words("column.last_year")),
        ],
        rows=[
            [
                Link(
                    f"regions/{row['region_code']}.html",
                    named(row["region_name"], row["name_latin"]),
                ),
                row["region_code"],
                code_words("level", row["region_level"]),
                same(row["province"], row["province_code"]),
                row["agencies"],
                row["reports"],
                *(str(row[name]) if row[name] else None for name in ("first_year", "last_year")),
            ]
            for row in regions
        ],
    )
