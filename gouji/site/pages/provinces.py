"""The map of provinces: a tile each, coloured by a rate of a year, and all of it as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any

import yaml

from gouji.site.numbers import percent
from gouji.site.page import Site
from gouji.site.pages.series import put_bounds
from gouji.site.tables import Cell, Column, Link, Sum, Table, sum_of
from gouji.site.words import LANGUAGES, Words, words
from gouji.warehouse_file import Record, by

# By what each rate is a part of.
RATES_OF = {
    "processed": ("granted_rate", "denied_rate", "unavailable_rate"),
    "reviews_concluded": ("reviews_corrected_rate",),
    "lawsuits_concluded": ("lawsuits_lost_rate",),
}
WHOLE_OF = {rate: whole for whole, rates in RATES_OF.items() for rate in rates}
# Classes of a rate, of one width; their colours are those of `.shade-0` and so on.
SHADES = 5


@dataclass(frozen=True)
class Tile:
    """The tile of a province: where it stands, what it is called, and its page if it has one."""

    code: str
    row: int
    column: int
    name: Words
    href: str | None


@dataclass(frozen=True)
class Map:
    """The map of provinces.

    Args:
        year: the one shown first.
        data: what the tiles show. `rates`: by rate, year and code the rate in words, its shade, of
            how many it is, and how many cells hold no number. `covered`: by year and code the name,
            the reports counted and held, and whether one is of the whole province. `legends`: the
            classes of each rate from the lightest. `told`: what is said of a tile, with and
            without a rate, in both languages.
    """

    tiles: Sequence[Tile]
    years: Sequence[int]
    year: int
    data: dict[str, Any]
    table: Table


def map_of(site: Site, year: int) -> Map:
    """Read the rates of every province and year."""
    rows = site.rows("province_years")
    put_bounds(site, "region_code", rows, level="province")
    known = {row["region_code"] for row in rows}
    years = by(rows, "report_year")
    tops = {rate: _top(rows, rate) for rate in WHOLE_OF}
    told = [words(key) for key in ("map.tile", "map.tile.none")]
    return Map(
        tiles=[
            Tile(
                code,
                place["row"],
                place["column"],
                Words(place["zh"], place["en"]),
                f"regions/{code}.html" if code in known else None,
            )
            for code, place in _grid().items()
        ],
        years=sorted({row["report_year"] for row in rows}),
        year=year,
        data={
            "rates": {
                rate: {
                    str(year): {row["region_code"]: _shown(row, rate, top) for row in of_year}
                    for year, of_year in years.items()
                }
                for rate, top in tops.items()
            },
            "covered": {
                str(year): {row["region_code"]: _covered(row) for row in of_year}
                for year, of_year in years.items()
            },
            "legends": {rate: _classes(top) for rate, top in tops.items()},
            "told": {language: [one.of(language) for one in told] for language in LANGUAGES},
        },
        table=_table(rows),
    )


@cache
def _grid() -> dict[str, dict[str, Any]]:
    text = files("gouji.site").joinpath("tile_grid.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _top(rows: Sequence[Record], rate: str) -> int:
    """Give the upper end of the scale in percent, over all years: so many whole classes of 1 %."""
    highest = max((row[rate] for row in rows if row[rate] is not None), default=0)
    return SHADES * max(1, ceil(highest * 100 / SHADES))


def _classes(top: int) -> list[str]:
    step = top // SHADES
    return [f"{step * place}–{step * (place + 1)}%" for place in range(SHADES)]


def _shown(row: Record, rate: str, top: int) -> list[Any]:
    value = row[rate]
    shade = None if value is None else min(SHADES - 1, int(value * 100 * SHADES / top))
    whole, missing = WHOLE_OF[rate], row[f"{WHOLE_OF[rate]}_not_reported"]
    # a share is of the cells that hold a number: what the others may hold is none of it
    return [percent(value), shade, Sum(row[whole] or 0, missing).said, missing]


def _covered(row: Record) -> list[Any]:
    return [row["region_name"], row["reports_used"], row["reports"], row["is_whole_region"]]


def _table(rows: Sequence[Record]) -> Table:
    columns = [
        Column(words("column.year"), filter="year"),
        Column(words("column.region")),
        Column(words("region.is_whole"), filter="whole", is_wide=True),
        Column(words("field.held"), is_number=True),
        Column(words("field.counted"), is_number=True),
        Column(words("measure.new_requests"), is_number=True),
    ]
    for whole, rates in RATES_OF.items():
        columns.append(Column(words(f"measure.{whole}"), is_number=True))
        columns += [Column(words(f"measure.{rate}"), is_share=True) for rate in rates]
    return Table("provinces", words("map.table"), columns, [_row(row) for row in rows])


def _row(row: Record) -> list[Cell]:
    cells: list[Cell] = [
        str(row["report_year"]),
        Link(f"regions/{row['region_code']}.html", row["region_name"]),
        words("region.whole" if row["is_whole_region"] else "region.not_whole"),
        row["reports"],
        row["reports_used"],
        sum_of(row, "new_requests"),
    ]
    for whole, rates in RATES_OF.items():
        cells += [sum_of(row, whole), *(row[rate] for rate in rates)]
    return cells
