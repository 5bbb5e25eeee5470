"""Figures that a copy of the annex ran together, told apart where its rules leave one way.

条4251516 is 425 and 1516 because of all ways to part it and the rows of its parts only these agree:
no part is more than its whole, and channels and kinds of answers make theirs.  Where several ways
are left, the cumulative column of the same body's neighbouring year may tell: what was counted up
to a year is what was counted up to the year before and in the year.  What that leaves open stays
run together, and is landed as `?`.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from gouji.landing.statistics.reading import COLUMNS, is_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gouji.landing.statistics.reading import AnnexRow, StatisticsReading
    from gouji.landing.statistics.words import Part, StatisticWords

Figures = tuple[str, str]  # of the year, and of all years
Known = dict[str, Figures]  # by indicator
MOST_WAYS = 200_000  # of parting a whole and its parts; more are not tried


def tell_apart(reading: StatisticsReading, words: StatisticWords) -> None:
    """Tell the run-together figures of an annex apart, as far as the annex itself does."""
    if not _are_run_together(reading):
        return
    by_indicator = {row.indicator: row for row in reading.rows if row.indicator}
    if any(len(row.run) > 1 and row.run.startswith("0") for row in reading.runs()):
        # 00 can be no figure of its own
        for row in reading.runs():
            _settle(row, row.splits())
    for whole in words.sums:
        _settle_sum(whole, by_indicator)


def tell_apart_by_neighbours(
    reading: StatisticsReading, before: Mapping[str, Figures], after: Mapping[str, Figures]
) -> None:
    """Tell apart what is left by the figures of the same body's years before and after.

    Args:
        reading: the annex.
        before: of the year before, the figures by indicator.
        after: of the year after.
    """
    if not _are_run_together(reading):
        return
    for row in reading.runs():
        last, then = _numbers(before.get(row.indicator)), _numbers(after.get(row.indicator))
        if last or then:
            _settle(row, [way for way in row.splits() if _continues(way, last, then)])


def _are_run_together(reading: StatisticsReading) -> bool:
    """Whether the digits can be two figures in every row; one that is single says that all are."""
    return all(row.splits() for row in reading.runs())


def _continues(way: Figures, last: tuple[int, int] | None, then: tuple[int, int] | None) -> bool:
    """Whether figures go on from the year before, and the year after from them."""
    year, total = map(int, way)
    goes_on = last is None or total == last[1] + year
    return goes_on and (then is None or then[1] == total + then[0])


def _settle(row: AnnexRow, ways: list[Figures]) -> None:
    """Part a row's run if there is one way."""
    if len(set(ways)) == 1:
        row.figures = dict(zip(COLUMNS, ways[0], strict=True))
        row.run = ""


def _settle_sum(whole: Part, rows: Mapping[str, AnnexRow]) -> None:
    """Part the runs of a whole and its parts if one way fits for all of them together."""
    together = [rows[code] for code in (whole.whole, *whole.parts) if code in rows]
    if whole.whole not in rows or len(together) < 2 or not any(row.run for row in together):
        return
    choices = [_ways(row) for row in together]
    if not all(choices):
        return
    count = 1
    for ways in choices:
        count *= len(ways)
    if count > MOST_WAYS:
        return
    fitting = [ways for ways in product(*choices) if _fits(ways, is_exact=whole.is_exact)]
    if not fitting:
        return
    for row, *ways in zip(together, *fitting, strict=True):
        if row.run:
            _settle(row, ways)


def _ways(row: AnnexRow) -> list[Figures]:
    """The ways to read a row: one where its figures are told apart, none where one is no number."""
    if row.run:
        return row.splits()
    figures = (row.figures.get("year", ""), row.figures.get("cumulative", ""))
    return [figures] if all(map(is_number, figures)) else []


def _fits(ways: tuple[Figures, ...], *, is_exact: bool) -> bool:
    """Whether the figures of a whole, the first, agree with those of its parts in both columns."""
    whole, *parts = ways
    for column in (0, 1):
        total = sum(int(part[column]) for part in parts)
        if total > int(whole[column]) or (is_exact and total != int(whole[column])):
            return False
    return True


def _numbers(figures: Figures | None) -> tuple[int, int] | None:
    if figures is None or not all(map(is_number, figures)):
        return None
    return int(figures[0]), int(figures[1])
