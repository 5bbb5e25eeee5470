"""How often the identities hold: by year, by kind of body, over builds; and what the audit says."""

from itertools import groupby
from operator import itemgetter

import altair as alt

from gouji.findings.words import Language
from gouji.site.charts import BLUE, INK, ON_LIGHT, ORANGE, RED, ROWS, AnyChart, chart_kind
from gouji.site.numbers import moment, number, percent
from gouji.site.page import Site
from gouji.site.tables import Cell, Column, Table
from gouji.site.words import Words, both, code_words, words
from gouji.warehouse_file import Record

# Classes of the share of checks that hold: the least share of each, and its colour.
RATE_CLASSES = {
    "below_80": (0.0, "#d98a52"),
    "from_80": (0.8, "#f2bd8f"),
    "from_95": (0.95, "#fae3cb"),
    "from_99": (0.99, "#e3eef7"),
    "all": (1.0, "#b5d3e8"),
}
RATE_COLOURS = {name: colour for name, (_, colour) in RATE_CLASSES.items()}
TREND_COLOURS = {"issues": RED, "issues_opened": ORANGE, "issues_closed": BLUE}
COUNTS = ("checks", "assessable", "broken", "acknowledged", "not_assessable")


def write(site: Site) -> None:
    """Write `quality.html`."""
    by_year, builds = site.rows("quality_by_year"), site.rows("quality_builds")
    audit = site.rows("audit_results")
    heat_table = _heat_table(by_year)
    bars = chart_kind(_group_bars)
    site.write(
        "quality.html",
        "quality.html.j2",
        section="quality",
        title=words("quality.title"),
        causes=site.row("cause_counts"),
        rate_colours=RATE_COLOURS,
        heat_map=chart_kind(_heat_map).of(
            [_heat_row(row) for row in by_year], height=22 * len(heat_table.rows)
        ),
        heat_table=heat_table,
        identity_table=_identity_table(site.rows("quality_identities")),
        groups=[
            (
                dimension,
                bars.of([_group_row(row) for row in rows], height=20 * len(rows)),
                _group_table(dimension, rows),
            )
            for dimension, rows in _by_dimension(site.rows("quality_groups"))
        ],
        trend=chart_kind(_trend).of(
            [_trend_row(row) for row in site.rows("quality_trend")], height=160
        ),
        trend_colours=TREND_COLOURS,
        build_table=_build_table(builds),
        audit=audit[0] if audit else None,
        audit_table=_audit_table(audit),
    )


def _heat_map(language: Language) -> AnyChart:
    cells = alt.Chart(ROWS).encode(
        x=alt.X("report_year:O", title=None, axis=alt.Axis(labelAngle=0, orient="top")),
        y=alt.Y(f"identity_{language}:N", sort=None, title=None),
        tooltip=[
            alt.Tooltip(f"identity_{language}:N", title=words("column.identity").of(language)),
            alt.Tooltip("report_year:O", title=words("column.year").of(language)),
            alt.Tooltip("rate:N", title=words("column.held_rate").of(language)),
            *(_counted(name, language) for name in COUNTS),
        ],
    )
    limits = [least for least, _ in RATE_CLASSES.values()][1:]
    shade = alt.Scale(type="threshold", domain=limits, range=list(RATE_COLOURS.values()))
    shaded = cells.transform_filter(alt.datum.assessable > 0).mark_rect(stroke="white")
    ink = alt.condition(alt.datum.assessable > 0, alt.value(ON_LIGHT), alt.value(INK))
    chart: AnyChart = alt.layer(
        shaded.encode(color=alt.Color("held_rate:Q", scale=shade, legend=None)),
        cells.mark_text(fontSize=11).encode(text="shown:N", color=ink),
        width="container",
    )
    return chart


def _counted(name: str, language: Language) -> alt.Tooltip:
    return alt.Tooltip(f"{name}:Q", title=words(f"column.{name}").of(language), format=",")


def _heat_row(row: Record) -> Record:
    """What a cell of the heat map shows: the rate, and of how many; a dash where none is judged."""
    title = both(row["title_zh"], row["title_en"])
    rate = percent(row["held_rate"])
    return {
        "identity_zh": title.zh,
        "identity_en": title.en,
        "rate": rate,
        "shown": f"{rate} / {number(row['assessable'])}" if row["assessable"] else "–",
        **{name: row[name] for name in ("report_year", "held_rate", *COUNTS)},
    }


def _heat_table(rows: list[Record]) -> Table:
    years = sorted({row["report_year"] for row in rows})
    identities = [list(group) for _, group in groupby(rows, itemgetter("identity_id"))]
    return Table(
        name="heat-table",
        caption=words("quality.heat.table"),
        columns=[
            Column(words("column.identity"), is_wide=True),
            *(
                column
                for year in years
                for column in (
                    Column(words("quality.heat.year", year=year), is_share=True),
                    Column(words("column.assessable"), is_number=True),
                )
            ),
        ],
        rows=[
            [both(group[0]["title_zh"], group[0]["title_en"]), *_of_years(group, years)]
            for group in identities
        ],
    )


def _of_years(rows: list[Record], years: list[int]) -> list[Cell]:
    """Give the rate and its denominator of each year; nothing where there was no check."""
    shown = {row["report_year"]: (row["held_rate"], row["assessable"]) for row in rows}
    return [cell for year in years for cell in shown.get(year, (None, None))]


def _identity_table(rows: list[Record]) -> Table:
    return Table(
        name="identities",
        caption=words("quality.identities.table"),
        columns=[
            Column(words("column.identity"), is_wide=True),
            Column(words("column.family"), filter="family"),
            Column(words("column.severity"), filter="severity"),
            *(Column(words(f"column.{name}"), is_number=True) for name in COUNTS),
            Column(words("column.held_rate"), is_share=True),
            Column(words("column.assessable_as_printed"), is_number=True),
            Column(words("column.held_rate_as_printed"), is_share=True),
        ],
        rows=[
            [
                both(row["title_zh"], row["title_en"]),
                code_words("family", row["family"]),
                code_words("severity", row["severity"]),
                *(row[name] for name in COUNTS),
                row["held_rate"],
                row["assessable_as_printed"],
                row["held_rate_as_printed"],
            ]
            for row in rows
        ],
    )


def _by_dimension(rows: list[Record]) -> list[tuple[str, list[Record]]]:
    return [(dimension, list(group)) for dimension, group in groupby(rows, itemgetter("dimension"))]


def _group_bars(language: Language) -> AnyChart:
    title = words("column.broken_rate").of(language)
    bars: alt.Chart = (
        alt.Chart(ROWS, width="container")
        .mark_bar(color=RED)
        .encode(
            x=alt.X("broken_rate:Q", title=title, axis=alt.Axis(format=".1%", tickCount=4)),
            y=alt.Y(f"label_{language}:N", sort=None, title=None),
            tooltip=[
                alt.Tooltip(f"label_{language}:N", title=" "),
                alt.Tooltip("rate:N", title=title),
                *(_counted(name, language) for name in COUNTS),
            ],
        )
    )
    return bars


def _group_label(row: Record) -> Words:
    if row["dimension"] == "level":
        return code_words("level", row["code"])
    return both(row["label_zh"], row["label_en"]) if row["code"] else words("quality.no_group")


def _group_row(row: Record) -> Record:
    label = _group_label(row)
    return {
        "label_zh": label.zh,
        "label_en": label.en,
        "rate": percent(row["broken_rate"]),
        **{name: row[name] for name in ("broken_rate", *COUNTS)},
    }


def _group_table(dimension: str, rows: list[Record]) -> Table:
    counts = ("reports", "reports_with_issues", *COUNTS)
    return Table(
        name=f"{dimension}-table",
        caption=words(f"quality.{dimension}.table"),
        columns=[
            Column(words(f"column.{dimension}")),
            *(Column(words(f"column.{name}"), is_number=True) for name in counts),
            Column(words("column.broken_rate"), is_share=True),
        ],
        rows=[
            [_group_label(row), *(row[name] for name in counts), row["broken_rate"]] for row in rows
        ],
    )


def _trend(language: Language) -> AnyChart:
    names = [words(f"column.{name}").of(language) for name in TREND_COLOURS]
    colours = alt.Scale(domain=names, range=list(TREND_COLOURS.values()))
    lines: alt.Chart = (
        alt.Chart(ROWS, width="container")
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "published_at:O",
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=12),
            ),
            y=alt.Y("counted:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(f"measure_{language}:N", scale=colours, legend=None),
            tooltip=[
                alt.Tooltip("published_at:O", title=words("column.published_at").of(language)),
                alt.Tooltip(f"measure_{language}:N", title=" "),
                alt.Tooltip("counted:Q", title=words("column.checks").of(language), format=","),
            ],
        )
    )
    return lines


def _trend_row(row: Record) -> Record:
    measure = words(f"column.{row['measure']}")
    return {
        "published_at": moment(row["published_at"]).removesuffix(" UTC"),
        "measure_zh": measure.zh,
        "measure_en": measure.en,
        "counted": row["counted"],
    }


def _build_table(rows: list[Record]) -> Table:
    counts = (
        *("reports", "identity_checks", "assessable_checks", "issues", "acknowledged_checks"),
        *("issues_opened", "issues_closed"),
    )
    return Table(
        name="builds-table",
        caption=words("quality.builds.table"),
        columns=[
            Column(words("column.published_at")),
            *(Column(words(f"column.{name}"), is_number=True) for name in counts),
            Column(words("column.gouji_version")),
            Column(words("column.input")),
        ],
        rows=[
            [
                moment(row["published_at"]),
                *(row[name] for name in counts),
                row["gouji_version"],
                row["input_sha256"][:12],
            ]
            for row in rows
        ],
    )


def _audit_table(rows: list[Record]) -> Table:
    return Table(
        name="audit",
        caption=words("quality.audit.table"),
        columns=[
            Column(words("column.suite"), filter="suite"),
            Column(words("column.rule")),
            Column(words("column.title"), is_wide=True),
            Column(words("column.severity"), filter="severity"),
            Column(words("column.audit_verdict"), filter="verdict"),
            Column(words("column.failing_rows"), is_number=True),
        ],
        rows=[
            [
                code_words("suite", row["suite"]),
                row["rule_id"],
                both(row["title_zh"], row["title_en"]),
                code_words("severity", row["severity"]),
                words("audit.passed" if row["passed"] else "audit.failed"),
                row["failing_rows"],
            ]
            for row in rows
        ],
    )
