"""The first page: the figures of the country, then what the warehouse holds and in what state."""

from collections.abc import Container
from itertools import groupby
from operator import itemgetter

import altair as alt

from gouji.findings.words import Language
from gouji.site.charts import ON_LIGHT, ROWS, SHADES, VERDICT_COLOURS, AnyChart, chart_kind
from gouji.site.page import Site, check_anchor
from gouji.site.pages.calendar import year_table
from gouji.site.pages.field import field_of
from gouji.site.pages.provinces import map_of
from gouji.site.pages.rankings import rankings_of
from gouji.site.pages.series import write_kinds
from gouji.site.tables import Cell, Column, Link, Table
from gouji.site.words import Words, both, code_words, same, words
from gouji.warehouse_file import Record

VERDICTS = tuple(VERDICT_COLOURS)
CHANGES = ("appeared", "changed", "disappeared")
TOTALS = ("values_before", "values_after", "total_before", "total_after")
YEARS = {
    "reports": "column.reports",
    "agencies": "column.agencies",
    "consolidated": "column.consolidated",
    "layout_2019": "column.layout_2019",
    "layout_2021": "column.layout_2021",
    "read_as_printed": "column.read_as_printed",
}


def write(site: Site) -> None:
    """Write `index.html`."""
    write_kinds(site)
    field = field_of(site)
    verdicts = site.rows("overview_verdicts")
    coverage = site.rows("overview_coverage")
    verdict_table, coverage_table = _verdict_table(verdicts), _coverage_table(coverage)
    site.write(
        "index.html",
        "overview.html.j2",
        section="overview",
        title=words("overview.title"),
        field=field,
        map=field and map_of(site, field.year),
        rankings=field and rankings_of(site, field.year),
        calendar=year_table(site.rows("calendar_levels")),
        counts=site.row("overview_counts"),
        causes=site.row("cause_counts"),
        verdict_bars=chart_kind(_verdict_bars).of(
            [_verdict_row(row) for row in verdicts], height=26 * len(verdict_table.rows)
        ),
        verdict_colours=VERDICT_COLOURS,
        verdict_table=verdict_table,
        coverage_map=chart_kind(_coverage_map).of(
            [_coverage_row(row) for row in coverage], height=24 * len(coverage_table.rows)
        ),
        coverage_table=coverage_table,
        value_table=_value_table(site.rows("overview_values")),
        total_table=_total_table(site.rows("overview_totals")),
        value_report_table=_value_report_table(
            site.rows("overview_value_reports"), site.report_pages
        ),
        change_table=_change_table(site.rows("overview_changes"), site.report_pages),
        year_table=_year_table(site.rows("overview_years")),
    )


def _verdict_bars(language: Language) -> AnyChart:
    names = [code_words("verdict", verdict).of(language) for verdict in VERDICTS]
    colours = alt.Scale(domain=names, range=list(VERDICT_COLOURS.values()))

    def title(key: str) -> str:
        return words(key).of(language)

    bars: alt.Chart = (
        alt.Chart(ROWS, width="container")
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=5)),
            y=alt.Y(f"family_{language}:N", sort=None, title=None),
            color=alt.Color(f"verdict_{language}:N", scale=colours, legend=None),
            order=alt.Order("verdict_order:Q"),
            tooltip=[
                alt.Tooltip(f"family_{language}:N", title=title("column.family")),
                alt.Tooltip(f"verdict_{language}:N", title=title("column.verdict")),
                alt.Tooltip("counted:Q", title=title("column.checks"), format=","),
                alt.Tooltip("share:Q", title=title("column.share"), format=".1%"),
            ],
        )
    )
    return bars


def _verdict_row(row: Record) -> Record:
    family, verdict = code_words("family", row["family"]), code_words("verdict", row["verdict"])
    return {
        "family_zh": family.zh,
        "family_en": family.en,
        "verdict_zh": verdict.zh,
        "verdict_en": verdict.en,
        **{name: row[name] for name in ("verdict_order", "counted", "share")},
    }


def _verdict_table(rows: list[Record]) -> Table:
    families = [list(group) for _, group in groupby(rows, itemgetter("family"))]
    return Table(
        name="verdicts-table",
        caption=words("overview.verdicts.table"),
        columns=[
            Column(words("column.family")),
            Column(words("column.checks"), is_number=True),
            *(Column(code_words("verdict", verdict), is_number=True) for verdict in VERDICTS),
            Column(words("column.assessable"), is_number=True),
            Column(words("column.held_rate"), is_share=True),
        ],
        rows=[
            [
                code_words("family", family[0]["family"]),
                family[0]["checks"],
                *(row["counted"] for row in family),
                family[0]["assessable"],
                family[0]["held_rate"],
            ]
            for family in families
        ],
    )


def _coverage_map(language: Language) -> AnyChart:
    cells = alt.Chart(ROWS).encode(
        x=alt.X("report_year:O", title=None, axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y(f"province_{language}:N", sort=None, title=None),
        tooltip=[
            alt.Tooltip(f"province_{language}:N", title=words("column.region").of(language)),
            alt.Tooltip("report_year:O", title=words("column.year").of(language)),
            alt.Tooltip("reports:Q", title=words("column.reports").of(language), format=","),
            alt.Tooltip("agencies:Q", title=words("column.agencies").of(language), format=","),
        ],
    )
    shade = alt.Scale(range=list(SHADES), domainMin=0, interpolate="rgb")
    numbers = alt.condition(alt.datum.is_dark, alt.value("white"), alt.value(ON_LIGHT))
    return alt.layer(
        cells.mark_rect(stroke="#d9d9d9").encode(
            color=alt.Color("reports:Q", scale=shade, legend=None)
        ),
        cells.mark_text().encode(text=alt.Text("reports:Q", format=","), color=numbers),
        width="container",
    )


def _coverage_row(row: Record) -> Record:
    province = _province(row)
    return {
        "province_zh": province.zh,
        "province_en": province.en,
        **{name: row[name] for name in ("report_year", "reports", "agencies", "is_dark")},
    }


def _coverage_table(rows: list[Record]) -> Table:
    provinces = [list(group) for _, group in groupby(rows, itemgetter("province"))]
    return Table(
        name="coverage-table",
        caption=words("overview.coverage.chart"),
        columns=[
            Column(words("column.region")),
            *(Column(same(row["report_year"]), is_number=True) for row in provinces[0]),
            Column(words("column.total"), is_number=True),
        ],
        rows=[
            [_province(years[0]), *(row["reports"] for row in years), years[0]["all_reports"]]
            for years in provinces
        ],
    )


def _year_table(rows: list[Record]) -> Table:
    return Table(
        name="years-table",
        caption=words("overview.years.table"),
        columns=[
            Column(words("column.year")),
            *(Column(words(key), is_number=True) for key in YEARS.values()),
        ],
        rows=[[str(row["report_year"]), *(row[name] for name in YEARS)] for row in rows],
    )


def _change_table(rows: list[Record], pages: Container[str]) -> Table:
    return Table(
        name="changes-table",
        caption=words("overview.changes.table"),
        columns=[
            Column(words("column.change"), filter="change"),
            Column(words("column.severity"), filter="severity"),
            Column(words("column.report"), is_wide=True),
            Column(words("column.identity"), is_wide=True),
            Column(words("column.slice")),
        ],
        rows=[
            [
                code_words("change", row["change"]),
                code_words("severity", row["severity"]),
                _report(row),
                _identity(row, pages),
                both(row["slice_zh"], row["slice_en"]),
            ]
            for row in rows
        ],
    )


def _value_table(rows: list[Record]) -> Table:
    return Table(
        name="values-table",
        caption=words("overview.values.table"),
        columns=[
            Column(words("column.why")),
            Column(words("column.table")),
            Column(words("column.reports"), is_number=True),
            *(Column(words(f"column.{change}"), is_number=True) for change in CHANGES),
        ],
        rows=[
            [
                code_words("why", row["why"]),
                code_words("table", row["form_table"]),
                row["reports"],
                *(row[change] for change in CHANGES),
            ]
            for row in rows
        ],
    )


def _total_table(rows: list[Record]) -> Table:
    return Table(
        name="totals-table",
        caption=words("overview.values.totals"),
        columns=[
            Column(words("column.year"), filter="year"),
            Column(words("column.table"), filter="table"),
            Column(words("column.line"), is_wide=True),
            *(Column(words(f"column.{name}"), is_number=True) for name in TOTALS),
        ],
        rows=[
            [
                str(row["report_year"]),
                code_words("table", row["form_table"]),
                both(row["line_zh"], row["line_en"]),
                *(row[name] for name in TOTALS),
            ]
            for row in rows
        ],
    )


def _value_report_table(rows: list[Record], pages: Container[str]) -> Table:
    return Table(
        name="value-reports-table",
        caption=words("overview.values.reports"),
        columns=[
            Column(words("column.why"), filter="why"),
            Column(words("column.report"), is_wide=True),
            *(Column(words(f"column.{change}"), is_number=True) for change in CHANGES),
        ],
        rows=[
            [
                code_words("why", row["why"]),
                _report_link(row, pages),
                *(row[change] for change in CHANGES),
            ]
            for row in rows
        ],
    )


def _report_link(row: Record, pages: Container[str]) -> Cell:
    is_there = row["agency_name"] and row["report_id"] in pages
    return Link(f"reports/{row['report_id']}.html", _report(row)) if is_there else _report(row)


def _report(row: Record) -> str:
    """Name a report; by its id alone where the warehouse has it no more."""
    return f"{row['agency_name']} {row['report_year']}" if row["agency_name"] else row["report_id"]


def _identity(row: Record, pages: Container[str]) -> Cell:
    title = both(row["title_zh"] or row["identity_id"], row["title_en"])
    if not row["has_place"] or row["report_id"] not in pages:
        return title
    place = check_anchor(row["identity_id"], row["slice"])
    return Link(f"reports/{row['report_id']}.html#{place}", title)


def _province(row: Record) -> Words:
    return same(row["province"]) if row["province"] else words("site.no_province")
