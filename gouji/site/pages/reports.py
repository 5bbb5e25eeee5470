"""The list of all reports, with those that have a page of their own."""

from gouji.site.page import MOST_REPORT_PAGES, Site
from gouji.site.tables import Cell, Column, Link, Table
from gouji.site.words import same, words
from gouji.warehouse_file import Record


def write(site: Site) -> None:
    """Write `reports/index.html`."""
    reports = site.rows("reports")
    pages = site.report_pages
    table = Table(
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
    key = "reports.all_have_pages" if len(pages) == len(reports) else "reports.some_have_pages"
    site.write(
        "reports/index.html",
        "list.html.j2",
        section="reports",
        title=words("reports.title"),
        lead=words(key, count=len(reports), pages=len(pages), most=MOST_REPORT_PAGES),
        table=table,
    )


def _report(row: Record, pages: frozenset[str]) -> Cell:
    report_id = str(row["report_id"])
    return Link(f"reports/{report_id}.html", report_id) if report_id in pages else report_id
