"""The annex of reports for 2008 to 2018, 政府信息公开情况统计表: one table of indicators.

What a label means hangs on the words and on the whole that it is a part of, never on the number
before it.  `annex` finds the rows in tables or in text, `runs` tells figures apart that a copy ran
together, `words` has the vocabulary of the reference seeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.landing.statistics.annex import find_annex
from gouji.landing.statistics.reading import StatisticsReading
from gouji.landing.statistics.runs import tell_apart

if TYPE_CHECKING:
    from gouji.landing.grid import Document
    from gouji.landing.statistics.words import StatisticWords

__all__ = ["StatisticsReading", "read_statistics"]


def read_statistics(document: Document, words: StatisticWords) -> StatisticsReading | None:
    """Read the annex of a document; nothing where it has none.

    Figures that were run together are told apart where the annex itself leaves one way.
    """
    reading = find_annex(document, words)
    if reading is not None:
        tell_apart(reading, words)
    return reading
