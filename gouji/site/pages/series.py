"""Figures over the years, of a body or a region: charts, each with its table."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from gouji.bounds import OpenSum, at_most, rooms_of
from gouji.findings.words import Language
from gouji.site.charts import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PINK,
    RED,
    ROWS,
    SKY,
    AnyChart,
    chart_kind,
)
from gouji.site.numbers import number
from gouji.site.numbers import percent as percent_of
from gouji.site.page import Site
from gouji.site.words import Words, same, words
from gouji.warehouse_file import Record

# What each chart shows, with its colours: all of Okabe and Ito's.
CHARTS: dict[str, dict[str, str]] = {
    "requests": {"new_requests": BLUE, "carried_in": ORANGE, "carried_out": GREEN},
    "outcomes": {
        "granted": BLUE,
        "partially_granted": SKY,
        "denied": RED,
        "unavailable": ORANGE,
        "unprocessed": PINK,
        "other_processing": GREY,
    },
    "cases": {
        "reviews_concluded": BLUE,
        "reviews_corrected": SKY,
        "lawsuits_concluded": RED,
        "lawsuits_lost": ORANGE,
    },
    "documents": {"normative_documents_in_force": BLUE, "normative_documents_made": ORANGE},
}
MEASURES = tuple(measure for measures in CHARTS.values() for measure in measures)
# Of documents nothing printed bounds the sums.
BOUNDED = tuple(measure for measure in MEASURES if measure not in CHARTS["documents"])
Key = Literal["agency_id", "region_code", "scope"]
# What is shown of the country.
COUNTRY_CHARTS: dict[str, dict[str, str]] = {
    "requests": CHARTS["requests"],
    "shares": {"granted_rate": BLUE, "denied_rate": RED, "unavailable_rate": ORANGE},
    "cases": CHARTS["cases"],
}
ALL_CHARTS = CHARTS | COUNTRY_CHARTS
COUNTS = alt.Axis(format=",d", tickMinStep=1, tickCount=5)
PERCENT = alt.Axis(format="%", tickCount=5)
# Of a chart without its axes, in pixels.
HEIGHT = 200
KINDS_ASSET = "series-charts.js"
SHAPES = ["circle", "square", "triangle-up", "diamond"]
DASHES = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2]]
# Measures that are set beside those of peers; shares are shown in percent.
COMPARED = ("new_requests", "granted_rate", "carried_out_rate", "reviews_concluded")
SHARES = frozenset({"carried_out_rate", *COUNTRY_CHARTS["shares"]})
PEERS = ("sector", "region")
# Whose figures are compared, with their colours.
WHO = {"own": INK, "sector": BLUE, "region": ORANGE}


@dataclass(frozen=True)
class Figure:
    """A cell of a series' table: what it shows, the number of a download, and what it misses.

    `missing` cells behind it hold no number; none where there is no report.
    """

    shown: Words
    value: float | None
    missing: int | None = None

    @property
    def in_full(self) -> str:
        """The number as a download holds it, without words; empty where there is none."""
        return "" if self.value is None else f"{self.value:.15g}"


@dataclass(frozen=True)
class Series:
    """A chart with its table.

    Args:
        name: its id on the page.
        drawn: the chart, for `{% call chart(...) %}`; none where no year has a figure.
        key: what each line or bar is, with its colour, its dashes and its shape.
        columns: headings of the table after year and layout.
        rows: for each year its number, what is said of its form, and a figure for each column.
        counted: how many columns, from the first, are sums of cells: a download says beside each
            how many of these hold no number.
    """

    name: str
    caption: Words
    drawn: dict[str, Any] | None
    key: Sequence[tuple[Words, str, str, str]]
    columns: Sequence[Words]
    rows: Sequence[tuple[int, Words, Sequence[Figure]]]
    counted: int


def all_series(
    site: Site, key: Literal["agency_id", "region_code"]
) -> Iterator[tuple[str, list[Record]]]:
    """Give every body or region by its code, with the rows for `series_of` and `peers_of`."""
    is_of_bodies = key == "agency_id"
    years = "marts.agency_year" if is_of_bodies else "marts.region_year"
    measures = tuple(dict.fromkeys((*MEASURES, *COMPARED))) if is_of_bodies else MEASURES
    rooms = rooms_of(site.connection, left_open(site, key, BOUNDED)) or {}
    for code, rows in site.stream("series", key, years=years, measures=measures, compared=COMPARED):
        for row in rows:
            room = rooms.get((code, row["report_year"], row["measure"]))
            row["at_most"] = at_most(row["value"], room)
        yield code, rows


def put_bounds(site: Site, key: Key, rows: Sequence[Record], level: str = "") -> None:
    """Put beside each sum of these years how large it is at most; `key` and `level` as below."""
    shown = rows[0] if rows else {}
    measures = [measure for measure in (*BOUNDED, "processed") if measure in shown]
    rooms = rooms_of(site.connection, left_open(site, key, measures, level)) or {}
    for row in rows:
        for measure in measures:
            room = rooms.get((row[key], row["report_year"], measure))
            row[f"{measure}_at_most"] = at_most(row[measure], room)


def left_open(site: Site, key: Key, measures: Sequence[str], level: str = "") -> Iterator[OpenSum]:
    """Give the sums beside blank cells, by `key`, year and measure.

    Of the bodies or regions that are drawn, of all regions of a level, or of the country by the
    scopes of `field_years.sql`.
    """
    for row in site.each("reports_left_open", key=key, measures=measures, level=level):
        group = (row[key], row["report_year"], row["measure"])
        yield OpenSum(group, row["report_id"], row["measure"], row["value"], row["times_counted"])


def series_of(
    rows: Iterable[Record],
    charts: dict[str, dict[str, str]] = CHARTS,
    covers: Words | None = None,
) -> list[Series]:
    """Give the charts of one body or region, or of the country.

    Args:
        rows: report_year, measure, layout, is_reported, is_whole, value, not_reported and at_most,
            a row for each year and measure; years without a report too, so that they show as gaps.
            Years that are not whole have points, and no line through them.
        charts: what each chart shows, with its colours.
        covers: what the figures are of, where the page's own heading would say too much; it
            stands in every title.
    """
    by_key = {(row["measure"], row["report_year"]): row for row in rows}
    years = sorted({year for _, year in by_key})
    return [
        _series(name, tuple(measures), years, by_key, covers) for name, measures in charts.items()
    ]


def peers_of(rows: Iterable[Record]) -> list[Series]:
    """Give the figures of a body beside those of its peers: a chart for each measure."""
    by_key = {(row["measure"], row["report_year"]): row for row in rows}
    years = sorted({year for _, year in by_key})
    return [_beside_peers(measure, years, by_key) for measure in COMPARED]


def _series(
    name: str,
    measures: Sequence[str],
    years: Sequence[int],
    by_key: dict[tuple[str, int], Record],
    covers: Words | None,
) -> Series:
    breaks = _breaks(years, [by_key[measures[0], year]["layout"] for year in years])
    runs = _runs([by_key[measures[0], year]["is_whole"] for year in years])
    marks = [
        _mark(by_key[measure, year], place, breaks.get(year) if place == 0 else None, run)
        for year, run in zip(years, runs, strict=True)
        for place, measure in enumerate(measures)
    ]
    table = [
        (
            year,
            form_of(by_key[measures[0], year]["layout"]),
            [figure_of(by_key[measure, year]) for measure in measures],
        )
        for year in years
    ]
    names = [words(f"measure.{measure}") for measure in measures]
    key = _key(names, list(ALL_CHARTS[name].values()), is_bar=name == "outcomes")
    caption = words(f"series.{name}")
    if covers:
        caption = words("series.covers", chart=caption, covers=covers)
    return Series(name, caption, _drawn(name, marks), key, names, table, len(names))


def _drawn(kind: str, marks: list[Record]) -> dict[str, Any] | None:
    """Give a chart of one of `KINDS`, by name; none where there is nothing to draw."""
    if all(mark["value"] is None for mark in marks):
        return None
    return {"kind": kind, "rows": marks, "height": HEIGHT}


def _key(
    names: Sequence[Words], colours: Sequence[str], *, is_bar: bool = False
) -> list[tuple[Words, str, str, str]]:
    # ink is light on a dark page
    colours = ["currentColor" if colour == INK else colour for colour in colours]
    if is_bar:
        return [(name, colour, "", "bar") for name, colour in zip(names, colours, strict=True)]
    return [
        (name, colour, " ".join(map(str, dashes)), shape)
        for name, colour, dashes, shape in zip(names, colours, DASHES, SHAPES, strict=False)
    ]


def _runs(are_whole: Iterable[bool]) -> list[int]:
    """Number the runs of years that a line goes through: a year that is not whole is alone."""
    runs, run = [], 0
    for is_whole in are_whole:
        runs.append(run if is_whole else run + 1)
        run += 0 if is_whole else 2
    return runs


def _mark(row: Record, place: int, broken_at: str | None, run: int) -> Record:
    name = words(f"measure.{row['measure']}")
    return {
        "year": row["report_year"],
        "measure_zh": name.zh,
        "measure_en": name.en,
        "place": place,
        "value": row["value"],
        "run": run,
        "layout": broken_at,
    }


def _beside_peers(
    measure: str, years: Sequence[int], by_key: dict[tuple[str, int], Record]
) -> Series:
    of_measure = [by_key[measure, year] for year in years]
    breaks = _breaks(years, [row["layout"] for row in of_measure])
    marks = [
        mark for row in of_measure for mark in _compared_marks(row, breaks.get(row["report_year"]))
    ]
    columns = [
        words(f"measure.{measure}"),
        *(words(f"peers.{peers}.{what}") for peers in PEERS for what in PEER_FIGURES),
    ]
    table = [
        (
            row["report_year"],
            form_of(row["layout"]),
            [
                figure_of(row),
                *(
                    _peer_figure(row, peers, what, measure)
                    for peers in PEERS
                    for what in PEER_FIGURES
                ),
            ],
        )
        for row in of_measure
    ]
    key = _key([words(f"peers.{who}") for who in WHO], list(WHO.values()))
    kind = "compared-shares" if measure in SHARES else "compared"
    caption = words(f"measure.{measure}")
    return Series(f"peers-{measure}", caption, _drawn(kind, marks), key, columns, table, 1)


PEER_FIGURES = ("peers", "median", "least", "most")


def _compared_marks(row: Record, broken_at: str | None) -> list[Record]:
    """Give what is drawn of a year: the body's own figure, and the medians of its peers."""
    # a span of no length is not seen, and keeps the axis where there are no peers
    own = dict.fromkeys(("value", "least", "most"), row["value"])
    of_peers = [
        {what: row[f"{peers}_{what}"] for what in ("least", "most")}
        | {"value": row[f"{peers}_median"]}
        for peers in PEERS
    ]
    return [
        {
            "year": row["report_year"],
            "measure_zh": words(f"peers.{who}").zh,
            "measure_en": words(f"peers.{who}").en,
            "place": place,
            "layout": broken_at if place == 0 else None,
            "run": 0,
            **figures,
        }
        for place, (who, figures) in enumerate(zip(WHO, (own, *of_peers), strict=True))
    ]


def _peer_figure(row: Record, peers: str, what: str, measure: str) -> Figure:
    """Say what a year's peers have; a dash where there are none, or no report of the body."""
    value = row[f"{peers}_{what}"]
    is_share = what != "peers" and measure in SHARES
    return Figure(same(percent_of(value) if is_share else number(value) or "–"), value)


def figure_of(row: Record) -> Figure:
    """Say what a year's figure is; none is one of three: no report, no such cell, all blank."""
    if not row["is_reported"]:
        return Figure(words("series.no_report"), None)
    value, missing = row["value"], row["not_reported"]
    most = row["at_most"] if missing else None
    if value is None:
        key = "series.all_missing" if missing else "series.not_there"
        return Figure(_bounded(words(key, count=missing), most), None, missing)
    is_share = row["measure"] in SHARES
    text = percent_of(value) if is_share else number(value)
    shown = same(text)
    if missing:
        key = "series.some_missing" if is_share or most == value else "series.at_least"
        shown = _bounded(words(key, value=text, count=missing), most)
    return Figure(shown, value, missing)


def _bounded(said: Words, most: int | None) -> Words:
    """Add how large a sum can be by the printed totals, where they say so."""
    return said if most is None else words("series.at_most", said=said, most=number(most))


def form_of(layout: str | None) -> Words:
    """Name the form that a year's figures were printed in."""
    if layout is None:
        return words("series.no_report")
    return same(layout)


def _breaks(years: Sequence[int], layouts: Sequence[str | None]) -> dict[int, str]:
    """Give the years from which on another form was used, with that form.

    A year whose reports are of several forms (`2019+2021`) begins with the newest.
    """
    breaks: dict[int, str] = {}
    last: str | None = None
    for year, layout in zip(years, layouts, strict=True):
        newest = layout.rpartition("+")[2] if layout else None
        if newest and last and newest != last:
            breaks[year] = newest
        last = newest or last
    return breaks


def _break_rule(language: Language) -> list[alt.Chart]:
    """Draw where another form begins: between two years, named above."""
    at = alt.X("year:O", bandPosition=0)
    base = alt.Chart(ROWS).transform_filter("isValid(datum.layout)").encode(x=at)
    said = _said("series.break", language).split("{layout}")
    text = base.transform_calculate(said=f"'{said[0]}' + datum.layout + '{said[1]}'")
    return [
        base.mark_rule(strokeDash=[4, 3], color="#595959"),
        text.mark_text(baseline="bottom", dy=-2, fontSize=11, color="#595959").encode(
            y=alt.value(0), text="said:N"
        ),
    ]


def _years() -> alt.X:
    return alt.X(
        "year:O",
        title=None,
        scale=alt.Scale(type="band", padding=0),
        axis=alt.Axis(labelAngle=0, grid=False),
    )


def _names(chart: str, language: Language) -> list[str]:
    return [_said(f"measure.{measure}", language) for measure in ALL_CHARTS[chart]]


def _said(key: str, language: Language) -> str:
    return words(key).of(language)


def _tooltip(language: Language) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("year:O", title=_said("column.year", language)),
        alt.Tooltip(f"measure_{language}:N", title=_said("series.measure", language)),
        alt.Tooltip("value:Q", title=_said("series.value", language), format=",.4~f"),
    ]


def _encoded(
    names: Sequence[str], colours: Sequence[str], axis: alt.Axis, language: Language
) -> alt.Chart:
    return alt.Chart(ROWS).encode(
        x=_years(),
        y=alt.Y("value:Q", title=None, axis=axis),
        color=alt.Color(
            f"measure_{language}:N",
            scale=alt.Scale(domain=names, range=colours),
            legend=None,
        ),
    )


def _line_and_points(base: alt.Chart, names: Sequence[str], language: Language) -> list[alt.Chart]:
    """Draw a line through each run of years, with a gap for no figure, and a point for each."""
    measure, shown = f"measure_{language}:N", len(names)
    dashes = alt.Scale(domain=names, range=DASHES[:shown])
    shapes = alt.Scale(domain=names, range=SHAPES[:shown])
    line = base.mark_line(invalid="break-paths-show-path-domains", strokeWidth=2)
    points = base.mark_point(filled=True, size=55, opacity=1)
    return [
        line.encode(strokeDash=alt.StrokeDash(measure, scale=dashes, legend=None), detail="run:O"),
        points.transform_filter("isValid(datum.value)").encode(
            shape=alt.Shape(measure, scale=shapes, legend=None), tooltip=_tooltip(language)
        ),
    ]


def _laid(layers: Sequence[alt.Chart], language: Language) -> AnyChart:
    return alt.layer(*layers, *_break_rule(language)).properties(width="container")


def _lines(chart: str) -> Callable[[Language], AnyChart]:
    """Draw a line for each measure."""

    def make(language: Language) -> AnyChart:
        names = _names(chart, language)
        axis = PERCENT if chart == "shares" else COUNTS
        base = _encoded(names, list(ALL_CHARTS[chart].values()), axis, language)
        return _laid(_line_and_points(base, names, language), language)

    return make


def _bars(language: Language) -> AnyChart:
    """Stack the outcomes of a year."""
    colours = CHARTS["outcomes"]
    base = _encoded(_names("outcomes", language), list(colours.values()), COUNTS, language)
    bars = (
        base.transform_filter("isValid(datum.value)")
        .mark_bar(stroke="white", strokeWidth=0.5, width={"band": 0.72})
        .encode(
            y=alt.Y("value:Q", title=None, stack="zero", axis=COUNTS),
            order=alt.Order("place:Q"),
            tooltip=_tooltip(language),
        )
    )
    # all years have their place, also those without a bar
    years = alt.Chart(ROWS).mark_point(opacity=0, size=0).encode(x=_years())
    return _laid([years, bars], language)


def _peers(is_share: bool) -> Callable[[Language], AnyChart]:
    """Draw a body's line beside the medians of its peers, over the span of each."""

    def make(language: Language) -> AnyChart:
        names = [_said(f"peers.{who}", language) for who in WHO]
        axis = PERCENT if is_share else COUNTS
        base = _encoded(names, list(WHO.values()), axis, language)
        # the region's span stands before the sector's, and is narrower
        width = alt.condition("datum.place === 1", alt.value(16), alt.value(7))
        spans = (
            base.transform_filter("isValid(datum.least)")
            .mark_rule(opacity=0.25)
            .encode(y=alt.Y("least:Q", title=None, axis=axis), y2="most:Q", strokeWidth=width)
        )
        return _laid([spans, *_line_and_points(base, names, language)], language)

    return make


KINDS = {
    "requests": chart_kind(_lines("requests")),
    "shares": chart_kind(_lines("shares")),
    "outcomes": chart_kind(_bars),
    "cases": chart_kind(_lines("cases")),
    "documents": chart_kind(_lines("documents")),
    "compared": chart_kind(_peers(is_share=False)),
    "compared-shares": chart_kind(_peers(is_share=True)),
}


def write_kinds(site: Site) -> None:
    """Write the specifications that the pages of bodies and regions share, once for all."""
    specs = {name: kind.specs for name, kind in KINDS.items()}
    text = json.dumps(specs, ensure_ascii=False, separators=(",", ":"))
    site.write_asset(KINDS_ASSET, f"window.goujiCharts = {text};\n")
