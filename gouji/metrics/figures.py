"""Figures as they are given to people: whole counts, rounded rates."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from gouji.metrics.ask import Answer

# Beyond it lies nothing that the counts behind a rate could tell apart.
DECIMALS_OF_A_RATE = 6


def rounded(answer: Answer, rates: Collection[str]) -> Answer:
    """Round the rates of an answer, and take needless zeros from its amounts."""
    rows = [
        tuple(
            _rounded(value, name in rates) for name, value in zip(answer.columns, row, strict=True)
        )
        for row in answer.rows
    ]
    return Answer(answer.columns, rows, answer.sql)


def _rounded(value: Any, is_rate: bool) -> Any:
    if isinstance(value, Decimal):
        return Decimal(f"{value.normalize():f}")
    if isinstance(value, float):
        return round(value, DECIMALS_OF_A_RATE) if is_rate or value % 1 else int(value)
    return value
