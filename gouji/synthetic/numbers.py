"""What a printed text means as a number, read a second time, apart from the warehouse's SQL."""

import re
from decimal import Decimal
from typing import NamedTuple

from gouji.landing.printed_words import NUMBER

STROKES = frozenset({"/", "-", "—", "无", "不适用"})
# In the prose these say that there was none.
NONE_STATED = frozenset({"未收到", "未发生", "没有"})
TEXT = re.compile(
    rf"(?P<sign>\+|-|--|增|增加|减|减少)?(?P<digits>{NUMBER})"
    r"(?P<unit>件|个|笔|元|万元)?(（[^（）]*）)?"
)
MINUS = frozenset({"-", "--", "减", "减少"})
FACTORS = {"元": 1, "万元": 10_000}


class Reading(NamedTuple):
    """A value with its status; the value is None unless the status is `reported`."""

    status: str
    value: Decimal | None


def read_number(printed: str | None, form_factor: int = 1) -> Reading:
    """Read the text of a cell.

    Args:
        printed: the text of the cell, None where it is blank.
        form_factor: what a bare number of an amount is multiplied by to give yuan.
    """
    if printed is None or not printed.strip():
        return Reading("blank", None)
    if printed in STROKES:
        return Reading("not_applicable", None)
    if printed == "0/0" or printed in NONE_STATED:
        return Reading("reported", Decimal(0))
    match = TEXT.fullmatch(printed)
    if match is None:
        return Reading("unreadable", None)
    sign = -1 if match["sign"] in MINUS else 1
    factor = FACTORS.get(match["unit"] or "", form_factor)
    return Reading("reported", sign * Decimal(match["digits"].replace(",", "")) * factor)


def plain(number: Decimal) -> str:
    """A decimal number with no exponent and no zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
