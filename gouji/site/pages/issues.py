"""The list of issues: each cause of broken checks, leading to its place in the report.

After it stands what the screens saw: questions, not faults.
"""

from collections.abc import Container

from gouji.site.form import anchor
from gouji.site.page import Site, check_anchor
from gouji.site.tables import Cell, Column, Link, Table
from gouji.site.words import Words, both, code_words, named, same, words
from gouji.warehouse_file import Record


def write(site: Site) -> None:
    """Write `issues.html`."""
    causes = site.rows("issues")
    site.write(
        "issues.html",
        "issues.html.j2",
        section="issues",
        title=words("issues.title"),
        causes=site.row("cause_counts"),
        table=table_of(causes, site.report_pages),
        findings=_findings(site.rows("findings"), site.report_pages),
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
            Column(words("column.family"), filter="family", is_wide=True),
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
        named(cause["agency_name"], cause["name_latin"], cause["agency_id"]),
        Link(page, title) if cause["report_id"] in pages else title,
        both(cause["slice_zh"], cause["slice_en"]),
        cause["difference"],
        both(cause["slip_zh"], cause["slip_en"], cause["likely_slip"]),
        cause["checks"],
        code_words("family", cause["family"]),
        _province(cause),
        code_words("state", cause["state"]),
    ]


def _province(row: Record) -> Words:
    if not row["province"]:
        return words("site.no_province")
    return same(row["province"], row["province_code"])


def _findings(findings: list[Record], pages: Container[str]) -> Table:
    return Table(
        name="findings",
        caption=words("findings.table"),
        columns=[
            Column(words("column.screen"), filter="screen", is_wide=True),
            Column(words("column.year"), filter="year"),
            Column(words("column.agency"), filter="agency", is_wide=True),
            Column(words("column.form_table"), filter="table"),
            Column(words("column.line"), is_wide=True),
            Column(words("column.column_of_form"), is_wide=True),
            Column(words("column.value"), is_number=True),
            Column(words("column.usual_value"), is_number=True),
            Column(words("column.other_report")),
            Column(words("column.province"), filter="province"),
        ],
        rows=[_finding(finding, pages) for finding in findings],
    )


def _finding(finding: Record, pages: Container[str]) -> list[Cell]:
    screen = both(finding["title_zh"], finding["title_en"], finding["sanity_check_id"])
    place = f"reports/{finding['report_id']}.html"
    if finding["line_zh"] and finding["column_zh"]:
        names = (finding[name] for name in ("form_table", "line_code", "column_code"))
        place += f"#{anchor(*names)}"
    other = finding["other_report_id"]
    return [
        Link(place, screen) if finding["report_id"] in pages else screen,
        str(finding["report_year"]),
        same(finding["agency_name"], finding["agency_id"]),
        code_words("table", finding["form_table"]),
        both(finding["line_zh"], finding["line_en"]),
        both(finding["column_zh"], finding["column_en"]),
        finding["value"],
        finding["usual_value"],
        Link(f"reports/{other}.html", other) if other and other in pages else other,
        _province(finding),
    ]
