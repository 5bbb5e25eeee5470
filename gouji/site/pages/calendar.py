"""Who is late and who is missing: reports by the days that the Regulation sets."""

from collections import defaultdict
from collections.abc import Container, Sequence

import altair as alt

from gouji.findings.words import Language
from gouji.site.charts import BLUE, ORANGE, PALE, RED, ROWS, SKY, AnyChart, chart_kind
from gouji.site.page import Site, report_address
from gouji.site.tables import Cell, Column, Link, Table
from gouji.site.words import code_words, same, words
from gouji.warehouse_file import Record

STATE_COLOURS = {
    "on_time": BLUE,
    "late": RED,
    "undated": ORANGE,
    "not_landed": PALE,
    "not_expected": SKY,
}
# A list that is longer is of use to nobody; its beginning is what is most urgent.
MOST_LISTED = 5_000


def write(site: Site) -> None:
    """Write `calendar.html`."""
    levels = site.rows("calendar_levels")
    listed = site.rows("calendar_reports", most=MOST_LISTED)
    years = _by_year(levels)
    site.write(
        "calendar.html",
        "calendar.html.j2",
        section="calendar",
        title=words("calendar.title"),
        bars=chart_kind(_bars).of(years, height=26 * len({row["report_year"] for row in years})),
        colours=STATE_COLOURS,
        level_table=_level_table(levels),
        listed=len(listed),
        not_on_time=listed[0]["reports"] if listed else 0,
        report_table=_report_table(listed, site.report_pages),
    )


def year_table(levels: Sequence[Record]) -> Table:
    """Tell for each year how many reports are in which state; of rows of `calendar_levels.sql`."""
    counts = _counts(levels)
    years = sorted({year for year, _ in counts}, reverse=True)
    return Table(
        name="calendar-years",
        caption=words("calendar.years"),
        columns=[
            Column(words("column.year")),
            *(Column(code_words("calendar", state), is_number=True) for state in STATE_COLOURS),
        ],
        rows=[[str(year), *(counts[year, state] for state in STATE_COLOURS)] for year in years],
    )


def _counts(levels: Sequence[Record]) -> dict[tuple[int, str], int]:
    counts: defaultdict[tuple[int, str], int] = defaultdict(int)
    for row in levels:
        for state in STATE_COLOURS:
            counts[row["report_year"], state] += row[state]
    return counts


def _by_year(levels: Sequence[Record]) -> list[Record]:
    orders = {state: place for place, state in enumerate(STATE_COLOURS)}
    return [
        {
            "report_year": year,
            "state_zh": code_words("calendar", state).zh,
            "state_en": code_words("calendar", state).en,
            "state_order": orders[state],
            "reports": count,
        }
        for (year, state), count in _counts(levels).items()
    ]


def _bars(language: Language) -> AnyChart:
    names = [code_words("calendar", state).of(language) for state in STATE_COLOURS]
    colours = alt.Scale(domain=names, range=list(STATE_COLOURS.values()))
    bars: alt.Chart = (
        alt.Chart(ROWS, width="container")
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("reports:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("report_year:O", title=None, sort="descending"),
            color=alt.Color(f"state_{language}:N", scale=colours, legend=None),
            order=alt.Order("state_order:Q"),
            tooltip=[
                alt.Tooltip("report_year:O", title=words("column.year").of(language)),
                alt.Tooltip(f"state_{language}:N", title=words("column.state").of(language)),
                alt.Tooltip("reports:Q", title=words("column.reports").of(language), format=","),
            ],
        )
    )
    return bars


def _level_table(rows: Sequence[Record]) -> Table:
    return Table(
        name="calendar-levels",
        caption=words("calendar.levels"),
        columns=[
            Column(words("column.year")),
            Column(words("column.level")),
            Column(words("calendar.expected"), is_number=True),
            *(Column(code_words("calendar", state), is_number=True) for state in STATE_COLOURS),
            Column(words("calendar.on_time_share"), is_share=True),
            Column(words("calendar.most_days_late"), is_number=True),
        ],
        rows=[
            [
                str(row["report_year"]),
                code_words("level", row["level"]),
                row["expected"],
                *(row[state] for state in STATE_COLOURS),
                row["on_time_share"],
                row["most_days_late"],
            ]
            for row in rows
        ],
    )


def _report_table(rows: Sequence[Record], pages: Container[str]) -> Table:
    return Table(
        name="calendar-reports",
        caption=words("calendar.reports"),
        columns=[
            Column(words("column.state"), filter="state"),
            Column(words("column.year"), filter="year"),
            Column(words("column.agency"), is_wide=True),
            Column(words("column.level"), filter="level"),
            Column(words("column.province"), filter="province"),
            Column(words("calendar.due_on")),
            Column(words("calendar.published_on")),
            Column(words("calendar.days_late"), is_number=True),
        ],
        rows=[_row(row, pages) for row in rows],
    )


def _row(row: Record, pages: Container[str]) -> list[Cell]:
    published = row["published_on"].isoformat() if row["published_on"] else None
    return [
        code_words("calendar", row["state"]),
        (
            Link(report_address(row), str(row["report_year"]))
            if row["report_id"] in pages
            else str(row["report_year"])
        ),
        Link(f"agencies/{row['agency_id']}.html", row["agency_name"]),
        code_words("level", row["level"]),
        same(row["province"]) if row["province"] else words("site.no_province"),
        row["due_on"].isoformat() if row["due_on"] else None,
        published,
        row["days_late"],
    ]
