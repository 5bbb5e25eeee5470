"""The list that a collection begins with: addresses of documents and of pages that list them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from gouji.collect.addresses import canonical
from gouji.errors import WrongCall

if TYPE_CHECKING:
    from pathlib import Path

    from gouji.collect.rules import Rules

_NAMES = ("address", "url", "source_url")  # of the column of a CSV file


def read_list(path: Path, rules: Rules) -> list[str]:
    """The addresses of a list: a text file, one a line, or a column `address` or `url` of a CSV.

    Blank lines, and in a text file those that begin with #, are passed over.

    Raises:
        WrongCall: the file cannot be read, holds no address, or a line is none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongCall(f"{path}: it is not in UTF-8; save it as that.") from error
    lines = _column(path, text) if path.suffix.lower() == ".csv" else _lines(text)
    addresses: dict[str, None] = {}
    for number, line in lines:
        address = canonical(line, rules)
        if not address:
            raise WrongCall(f"{path}, line {number}: “{line[:80]}” is no http(s) address.")
        addresses[address] = None
    if not addresses:
        raise WrongCall(f"{path}: it names no address.")
    return list(addresses)


def _lines(text: str) -> list[tuple[int, str]]:
    lines = enumerate(map(str.strip, text.splitlines()), start=1)
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _column(path: Path, text: str) -> list[tuple[int, str]]:
    rows = csv.DictReader(text.splitlines())
    names = [name for name in rows.fieldnames or () if name.strip().lower() in _NAMES]
    if not names:
        raise WrongCall(f"{path}: it has no column {', '.join(_NAMES[:-1])} or {_NAMES[-1]}.")
    found = ((rows.line_num, (row[names[0]] or "").strip()) for row in rows)
    return [(number, address) for number, address in found if address]
