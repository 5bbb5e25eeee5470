"""Rows that somebody asked for, as CSV and as JSON.

CSV keeps what is not there (nothing between the commas) apart from empty text (`""`). Both write a
number that is none, such as 0/0, as not there: neither format knows it.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any

from gouji.errors import WrongCall

Row = Sequence[Any]

_IN_QUOTES = re.compile(r'[",\r\n]|^\s|\s$|^$')


class Format(StrEnum):
    """What rows are written as."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Give the lines of a CSV file, the names of the columns first."""
    for row in chain([columns], rows):
        yield ",".join(map(_field, row))


def as_json(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """Give the lines of a JSON list, an object for each row.

    A decimal, such as an amount in yuan, is text, so that it stays exact.

    Raises:
        WrongCall: two columns have one name, of which an object would hold but one.
    """
    twice = sorted({name for name in columns if list(columns).count(name) > 1})
    if twice:
        raise WrongCall(f"Two columns are called {twice[0]}: give one another name, with as.")
    yield "["
    line = None
    for row in rows:
        if line:
            yield f"{line},"
        cells = dict(zip(columns, map(_or_none, row), strict=True))
        line = json.dumps(cells, ensure_ascii=False, default=str)
    if line:
        yield line
    yield "]"


def _field(cell: Any) -> str:
    value = _or_none(cell)
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    text = str(value)
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if _IN_QUOTES.search(text) else text


def _or_none(cell: Any) -> Any:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
