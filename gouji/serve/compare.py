"""Two bodies side by side, a chart and a table for each measure that peers are compared by."""

import altair as alt

from gouji.findings.words import Language
from gouji.paths import Warehouse
from gouji.serve.build import Build
from gouji.serve.pages import drawing
from gouji.site.charts import BLUE, ORANGE, ROWS, AnyChart, chart_kind
from gouji.site.pages.series import (
    COMPARED,
    DASHES,
    HEIGHT,
    MEASURES,
    SHAPES,
    SHARES,
    Series,
    all_series,
    figure_of,
    form_of,
)
from gouji.site.words import same, words
from gouji.warehouse_file import Record

COLOURS = (BLUE, ORANGE)
SHOWN = tuple(dict.fromkeys((*COMPARED, *MEASURES)))


def compared(
    build: Build, warehouse: Warehouse, agency_ids: tuple[str, str]
) -> tuple[list[Record], list[Series]]:
    """Give two bodies, and their figures over the years side by side.

    Args:
        build: the build that is served.
        warehouse: its folder.
        agency_ids: the bodies, in this order.
    """
    with build.pages.one() as connection:
        connection.execute(
            "create or replace temp table agency_pages as select unnest($ids) as agency_id",
            {"ids": sorted(set(agency_ids))},
        )
        site = drawing(build, warehouse, connection)
        found = {row["agency_id"]: row for row in site.rows("agencies")}
        rows = dict(all_series(site, "agency_id"))
    bodies = [found[agency_id] for agency_id in agency_ids]
    by_body = [
        {(row["measure"], row["report_year"]): row for row in rows.get(agency_id, [])}
        for agency_id in agency_ids
    ]
    return bodies, [_series(measure, bodies, by_body) for measure in SHOWN]


def _series(
    measure: str, bodies: list[Record], by_body: list[dict[tuple[str, int], Record]]
) -> Series:
    years = sorted({year for rows in by_body for of, year in rows if of == measure})
    names = [body["agency_name"] for body in bodies]
    marks = [
        {"year": year, "name": name, "value": row["value"]}
        for year in years
        for name, rows in zip(names, by_body, strict=True)
        if (row := rows.get((measure, year)))
    ]
    kind = SHARES_KIND if measure in SHARES else COUNTS_KIND
    is_drawn = any(mark["value"] is not None for mark in marks)
    return Series(
        name=f"compared-{measure}",
        caption=words(f"measure.{measure}"),
        drawn=kind.of(marks, height=HEIGHT) if is_drawn else None,
        key=[
            (same(name), colour, " ".join(map(str, dashes)), shape)
            for name, colour, dashes, shape in zip(names, COLOURS, DASHES, SHAPES, strict=False)
        ],
        columns=[same(name) for name in names],
        rows=[
            (
                year,
                form_of(
                    " / ".join(filter(None, (_layout(rows, measure, year) for rows in by_body)))
                ),
                [figure_of(rows.get((measure, year), {"is_reported": False})) for rows in by_body],
            )
            for year in years
        ],
        counted=0 if measure in SHARES else len(bodies),
    )


def _layout(rows: dict[tuple[str, int], Record], measure: str, year: int) -> str | None:
    layout: str | None = rows.get((measure, year), {}).get("layout")
    return layout


def _lines(axis: alt.Axis, language: Language) -> AnyChart:
    base = alt.Chart(ROWS, width="container").encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, grid=False)),
        y=alt.Y("value:Q", title=None, axis=axis),
        color=alt.Color("name:N", sort=None, scale=alt.Scale(range=list(COLOURS)), legend=None),
        tooltip=[
            alt.Tooltip("year:O", title=words("column.year").of(language)),
            alt.Tooltip("name:N", title=words("column.agency").of(language)),
            alt.Tooltip("value:Q", title=words("series.value").of(language), format=",.4~f"),
        ],
    )
    dashes = alt.StrokeDash("name:N", sort=None, scale=alt.Scale(range=DASHES[:2]), legend=None)
    shapes = alt.Shape("name:N", sort=None, scale=alt.Scale(range=SHAPES[:2]), legend=None)
    return alt.layer(
        base.mark_line(invalid="break-paths-show-path-domains").encode(strokeDash=dashes),
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, size=55, opacity=1)
        .encode(shape=shapes),
    )


COUNTS_KIND = chart_kind(
    lambda language: _lines(alt.Axis(format=",d", tickMinStep=1, tickCount=5), language)
)
SHARES_KIND = chart_kind(lambda language: _lines(alt.Axis(format="%", tickCount=5), language))
