"""The list of all reports, with those that have a page of their own."""

from collections.abc import Container

from gouji.site.page import MOST_REPORT_PAGES, Site
from gouji.site.tables import Cell, Column, Link, Table
from gouji.site.words import same, words
from gouji.warehouse_file import Record


def write(site: Site) -> None:
    """Write `reports/index.html`."""
    site.draw_agencies()
    reports = site.rows("reports")
    pages = site.report_pages
    with_page = sum(row["report_id"] in pages for row in reports)
    key = "reports.all_have_pages" if with_page == len(reports) else "reports.some_have_pages"
    site.write(
        "reports/index.html",
        "list.html.j2",
        section="reports",
        title=words("reports.title"),
        lead=words(key, count=len(reports), pages=with_page, most=MOST_REPORT_PAGES),
        table=table_of(reports, pages),
    )


def table_of(reports: list[Record], pages: Container[str]) -> Table:
    """List reports, rows of `queries/reports.sql`."""
    return Table(
        name="reports",
        caption=words("reports.caption"),
        columns=[
            Column(words("column.report")),
            Column(words("column.agency")),
            Column(words("column.province"), filter="province"),
            Column(words("column.year"), filter="year"),
            Column(words("column.layout"), filter="layout"),
            Column(words("column.open_issues"), is_number=True),
            Column(words("column.causes"), is_number=True),
            Column(words("column.acknowledged"), is_number=True),
        ],
        rows=[
            [
                _report(row, pages),
                Link(f"agencies/{row['agency_id']}.html", row["agency_name"]),
                same(row["province"], row["province_code"]) if row["province"] else None,
                str(row["report_year"]),
                row["layout"],
                row["open_issues"],
                row["causes"],
                row["acknowledged"],
            ]
            for row in reports
        ],
    )


def _report(row: Record, pages: Container[str]) -> Cell:
    report_id = str(row["report_id"])
    return Link(f"reports/{report_id}.html", report_id) if report_id in pages else report_id
