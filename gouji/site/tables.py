"""Tables that sort, search and filter: DataTables, as the package itables carries it.

A table is plain HTML first, so that it is there without JavaScript and in print; one with many
rows stands as JSON beside its head and is drawn a page at a time.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from gouji.errors import ToolFailed
from gouji.site.numbers import number, span
from gouji.site.words import Words
from gouji.warehouse_file import Record

# Above this, rows are drawn by the browser, a page of them at a time.
MANY = 400
# The last line of its module: `export{Md as DateTime,vh as default,...};`
EXPORTS = re.compile(r"export\{[^}]*?(?P<name>[\w$]+) as default[^}]*\};")


@dataclass(frozen=True)
class Link:
    """A cell that leads to another page: an address from the root of the site."""

    href: str
    text: str | Words


@dataclass(frozen=True)
class Sum:
    """A sum, none where no cell holds a number; with some `missing`, it is at least so much.

    `most` is how much it is at most then, where something printed says so.
    """

    value: int | float | Decimal | None
    missing: int
    most: int | None = None

    @property
    def said(self) -> str:
        """The sum as it is shown: one number, its bounds, or the lower one alone."""
        if self.value is None or not self.missing:
            return number(self.value)
        return f"≥ {number(self.value)}" if self.most is None else span(self.value, self.most)


Cell = str | int | float | Decimal | Words | Link | Sum | None


def sum_of(row: Record, measure: str) -> Sum:
    """Give a measure of a summary with the number of cells behind it that hold none."""
    return Sum(row[measure], row[f"{measure}_not_reported"], row.get(f"{measure}_at_most"))


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `is_number` aligns to the right and sorts by value; `is_share` does so too, and shows a share of
    1 as a percentage; `filter` names a choice among the column's values above the table, which an
    address may preset by code or by words: `issues.html?year=2023&severity=error`.
    """

    title: Words
    is_number: bool = False
    is_share: bool = False
    filter: str | None = None
    is_wide: bool = False


@dataclass(frozen=True)
class Table:
    """A table for `{{ table(...) }}` in a template.

    Args:
        name: id on the page.
        caption: what it shows.
        columns: its columns; each row has a cell for each.
        rows: its rows, in the order in which they first stand.
    """

    name: str
    caption: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

    @property
    def is_large(self) -> bool:
        """Whether the browser draws the rows from JSON."""
        return len(self.rows) > MANY

    @property
    def sums(self) -> set[int]:
        """The places of its sums: what each lacks is no column here, but one of the download."""
        cells = enumerate(self.rows[0]) if self.rows else ()
        return {place for place, cell in cells if isinstance(cell, Sum)}

    @property
    def data(self) -> list[list[Any]]:
        """The rows for JSON: text and numbers as they are, words as pairs, others as objects."""
        return [[_json_cell(cell) for cell in row] for row in self.rows]

    def filters(self) -> Iterable[tuple[int, Column, list[Words]]]:
        """Give the columns that have a choice of values, each with its values."""
        for place, column in enumerate(self.columns):
            if column.filter:
                values = {value.zh: value for row in self.rows if (value := _words(row[place])).zh}
                yield place, column, sorted(values.values())


def _words(cell: Cell) -> Words:
    text = cell.text if isinstance(cell, Link) else cell
    if isinstance(text, Words):
        return text
    plain = "" if text is None else str(text)
    return Words(plain, plain)


def _json_cell(cell: Cell) -> object:
    if isinstance(cell, Link):
        text = _pair(cell.text) if isinstance(cell.text, Words) else cell.text
        return {"href": cell.href, "text": text}
    if isinstance(cell, Sum):
        return {"sum": cell.value, "missing": cell.missing, "said": cell.said}
    return _pair(cell) if isinstance(cell, Words) else cell


def _pair(text: Words) -> list[str]:
    return [text.zh, text.en]


def tables_asset() -> str:
    """Name DataTables' script in `assets/`, without its ending."""
    return f"datatables-{version('itables')}"


def write_tables(assets: Path) -> None:
    """Write DataTables' script and style.

    The package's script is a module, which browsers do not load from a folder: here its export
    becomes a name of the window.

    Raises:
        ToolFailed: the package's script is not of the form that is known.
    """
    bundle = files("itables").joinpath("html")
    module = bundle.joinpath("dt_bundle.js").read_text(encoding="utf-8")
    exports = EXPORTS.search(module)
    if exports is None:
        raise ToolFailed("The script of the package itables does not export DataTables.")
    body = module[: exports.start()] + module[exports.end() :]
    script = f'(function(){{"use strict";{body}\nwindow.DataTable={exports["name"]};}})();\n'
    (assets / f"{tables_asset()}.js").write_text(script, encoding="utf-8")
    style = bundle.joinpath("dt_bundle.css").read_text(encoding="utf-8")
    (assets / f"{tables_asset()}.css").write_text(style, encoding="utf-8")
