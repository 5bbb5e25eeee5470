"""The list of issues: each cause of broken checks, leading to its place in the report."""

from collections.abc import Container

from gouji.site.page import Site, check_anchor
from gouji.site.tables import Cell, Column, Link, Table
from gouji.site.words import both, code_words, same, words
from gouji.warehouse_file import Record


def write(site: Site) -> None:
    """Write `issues.html`."""
    causes = site.rows("issues")
    site.write(
        "issues.html",
        "issues.html.j2",
        section="issues",
        title=words("issues.title"),
        counts=site.row("overview_counts"),
        table=table_of(causes, site.report_pages),
    )


def table_of(causes: list[Record], pages: Container[str]) -> Table:
    """List causes of broken checks, rows of `queries/issues.sql`."""
    return Table(
        name="issues",
        caption=words("issues.table"),
        columns=[
            Column(words("column.severity"), filter="severity"),
            Column(words("column.year"), filter="year"),
            Column(words("column.agency"), filter="agency", is_wide=True),
            Column(words("column.identity"), is_wide=True),
            Column(words("column.slice"), is_wide=True),
            Column(words("column.difference"), is_number=True),
            Column(words("column.slip"), filter="slip", is_wide=True),
            Column(words("column.broken_checks"), is_number=True),
            Column(words("column.family"), filter="family"),
            Column(words("column.province"), filter="province"),
            Column(words("column.state"), filter="state"),
        ],
        rows=[_row(cause, pages) for cause in causes],
    )


def _row(cause: Record, pages: Container[str]) -> list[Cell]:
    place = check_anchor(cause["identity_id"], cause["slice"])
    page = f"reports/{cause['report_id']}.html#{place}"
    title = both(cause["title_zh"], cause["title_en"])
    return [
        code_words("severity", cause["severity"]),
        str(cause["report_year"]),
        cause["agency_name"],
        Link(page, title) if cause["report_id"] in pages else title,
        both(cause["slice_zh"], cause["slice_en"]),
        cause["difference"],
        both(cause["slip_zh"], cause["slip_en"]),
        cause["checks"],
        code_words("family", cause["family"]),
        same(cause["province"]) if cause["province"] else words("site.no_province"),
        words("issues.acknowledged" if cause["is_acknowledged"] else "issues.open"),
    ]
