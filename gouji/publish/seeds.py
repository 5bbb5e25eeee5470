"""Seeds are looked at before dbt starts, so that a wrong cell is named in seconds, with its line.

Whatever is not looked at here dbt's tests and the audit find, minutes later.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from gouji.errors import WrongCall
from gouji.near import near_it
from gouji.paths import Project
from gouji.publish.seed_rules import Rule, Seed, read_seeds

NAMED_AT_MOST = 5
SHOWN_AT_MOST = 60
FIRST_YEAR = 2008  # the year in which annual reports began
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
MOMENT = re.compile(DATE.pattern + r"([ T](\d{1,2}):(\d{2})(:(\d{2}))?)?")
CLOSED_TOO_EARLY = re.compile(r'(?:^|,)"(?:[^"]|"")*"(?=[^",\r])')
# As DuckDB reads them.
NUMBERS = {
    "integer": re.compile(r"[+-]?\d+"),
    "bigint": re.compile(r"[+-]?\d+"),
    "decimal": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)"),
    "double": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"),
    "ordinal": re.compile(r"[1-9]\d*"),
    "boolean": re.compile(r"true|false|t|f|yes|no|y|n|1|0", re.IGNORECASE),
}
CALLED = {
    "integer": "whole number",
    "bigint": "whole number",
    "decimal": "number",
    "double": "number",
    "ordinal": "whole number from 1",
    "boolean": "true or false",
    "date": "date such as 2024-01-31",
    "moment": "date such as 2024-01-31, or with its hour 2024-01-31 09:00",
}
# What a landing folder may add rows to, or takes the place of.
LANDED_TOO = ("agencies", "agency_successions", "rollup_members")


@dataclass(frozen=True)
class Table:
    """The rows of a seed: the line of the file that each begins in, and its cells."""

    header: list[str]
    rows: list[tuple[int, list[str]]]

    def values(self, column: str) -> set[str]:
        """Give each text that a column has somewhere."""
        place = self.header.index(column)
        return {cells[place] for _, cells in self.rows}

    def lines(self, column: str, values: Collection[str]) -> Iterator[tuple[int, str]]:
        """Give the lines in which a column has one of some texts."""
        place = self.header.index(column)
        return ((line, cells[place]) for line, cells in self.rows if cells[place] in values)


class _Unreadable(Exception):
    """A file whose rows cannot be told apart; the message begins with its line."""


def check_seeds(project: Project, landing: Path | None) -> None:
    """Look at every cell of every seed.

    Args:
        project: the dbt project.
        landing: the folder whose tables replace the raw seeds, if any: those are passed over, and
            so are the codes of bodies, which it may add to.

    Raises:
        WrongCall: names file, line, column and value of what is wrong, and how to mend it.
    """
    seeds = [seed for seed in read_seeds(project) if not (landing and seed.name.startswith("raw_"))]
    problems, tables = [], {}
    for seed in seeds:
        try:
            tables[seed.name] = _read(seed)
        except _Unreadable as error:
            problems.append(f"{seed.path.relative_to(project.root)}, {error}")
    for seed in seeds:
        if seed.name in tables:
            problems += [
                f"{seed.path.relative_to(project.root)}, {problem}"
                for column, rule in seed.rules.items()
                for problem in _wrong_cells(tables[seed.name], column, rule, tables, landing)
            ]
    if problems:
        more = len(problems) - NAMED_AT_MOST
        rest = f"; and {more:,} more" if more > 0 else ""
        raise WrongCall(f"{'; '.join(problems[:NAMED_AT_MOST])}{rest}. Nothing was built.")


def _read(seed: Seed) -> Table:
    text = _text(seed.path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    table = Table([], [])
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _Unreadable(_stray_quote(text, line, table.header, str(error))) from error
        if cells is None:
            if not table.header:
                raise _Unreadable("line 1: the file is empty")
            return table
        if not table.header:
            _check_header(cells, seed.rules)
            table.header.extend(cells)
        elif cells:
            if len(cells) != len(table.header):
                raise _Unreadable(
                    f"line {line}: {len(cells)} cells, and the header has {len(table.header)}"
                    f" columns: {_shown(','.join(cells))}"
                )
            table.rows.append((line, cells))


def _text(path: Path) -> str:
    """Decode a file, which may begin with the mark that Excel sets before UTF-8."""
    data = path.read_bytes()
    if data.startswith(UTF_16) or b"\0" in data[:1000]:
        raise _Unreadable('line 1: the file is UTF-16: save it as "CSV UTF-8"')
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        begin = data.rfind(b"\n", 0, error.start) + 1
        column = data.count(b",", begin, error.start)
        names = data.partition(b"\n")[0].decode("ascii", "replace").strip().split(",")
        name = names[column] if column < len(names) else f"number {column + 1}"
        cells = data[begin:].partition(b"\n")[0].split(b",")
        try:
            shown = (
                f" (it reads {_shown(cells[column].decode('gb18030'))} as GBK, Excel's in China)"
            )
        except (UnicodeDecodeError, IndexError):
            shown = f" (it begins with the bytes {data[error.start : error.start + 4].hex(' ')})"
        raise _Unreadable(
            f'line {line}, column {name}: the text is no UTF-8{shown}: save the file as "CSV UTF-8"'
        ) from error


def _check_header(header: list[str], rules: Mapping[str, Rule]) -> None:
    if twice := [name for name in dict.fromkeys(header) if header.count(name) > 1]:
        raise _Unreadable(f"line 1: the column {_shown(twice[0])} is there twice")
    if not rules:
        return
    if extra := [name for name in header if name not in rules]:
        raise _Unreadable(
            f"line 1: there is no column {_shown(extra[0])}{near_it(extra[0], rules)}:"
            f" the columns are {', '.join(rules)}"
        )
    if missing := [name for name in rules if name not in header]:
        raise _Unreadable(f"line 1: the column {missing[0]} is missing")
    if header != list(rules):
        # DuckDB loads a seed by the place of its columns
        place = next(n for n, (a, b) in enumerate(zip(header, rules, strict=True)) if a != b)
        raise _Unreadable(
            f"line 1: column {place + 1} is {header[place]}, and {list(rules)[place]} is due"
        )


def _stray_quote(text: str, line: int, header: list[str], problem: str) -> str:
    """Say where the quote stands that makes the row of a line unreadable."""
    record = text.split("\n")[line - 1]
    if closed := CLOSED_TOO_EARLY.search(record):
        place = len(next(csv.reader([record[: closed.start()]]), []))
        cell = record[closed.start() :].lstrip(",").partition(",")[0]
        what = "a quote closes in the middle of the cell"
    elif "unexpected end" in problem or "field larger" in problem:
        # which takes all that follows for its cell
        cells = next(csv.reader([record]))
        place, cell, what = len(cells) - 1, cells[-1], "a quote opens here and never closes"
    else:
        return f"line {line}: {problem}: {_shown(record)}"
    column = header[place] if place < len(header) else f"number {place + 1}"
    return f"line {line}, column {column}: {what}: {_shown(cell)}"


def _wrong_cells(
    table: Table, column: str, rule: Rule, tables: Mapping[str, Table], landing: Path | None
) -> Iterator[str]:
    known: set[str] | None = None
    if rule.refers_to and rule.refers_to[0] in tables and not _is_landed(rule, landing):
        known = tables[rule.refers_to[0]].values(rule.refers_to[1])
    wrong = {
        value: problem
        for value in table.values(column)
        if (problem := _problem(value, rule, known))
    }
    if wrong:
        for line, value in table.lines(column, wrong):
            shown = f" {_shown(value)}" if value else ""
            yield f"line {line}, column {column}:{shown} {wrong[value]}"


def _problem(value: str, rule: Rule, known: set[str] | None) -> str | None:
    """Say why a cell may not hold a text; nothing where it may."""
    if value == "":
        return "it is empty" if rule.is_required else None
    if problem := _no_value(rule.means, value):
        return problem
    if rule.allowed and value not in rule.allowed:
        return f"is none of {', '.join(rule.allowed)}"
    if known is not None and rule.refers_to and value not in known:
        return f"is not in {rule.refers_to[0]}{near_it(value, known)}"
    return None


def _is_landed(rule: Rule, landing: Path | None) -> bool:
    return landing is not None and rule.refers_to is not None and rule.refers_to[0] in LANDED_TOO


def _no_value(means: str, value: str) -> str | None:
    """Say why a text is no value of a kind; nothing where it is one."""
    if means == "year":
        this_year = datetime.now().astimezone().year
        is_one = value.isascii() and value.isdigit() and FIRST_YEAR <= int(value) <= this_year
        return None if is_one else f"is no year from {FIRST_YEAR} to {this_year}"
    if means in {"date", "moment"}:
        is_one = _is_moment(value, DATE if means == "date" else MOMENT)
    else:
        is_one = means not in NUMBERS or bool(NUMBERS[means].fullmatch(value))
    return None if is_one else f"is no {CALLED[means]}"


def _is_moment(value: str, form: re.Pattern[str]) -> bool:
    found = form.fullmatch(value)
    if not found:
        return False
    year, month, day, *hour = found.groups()
    try:
        date(int(year), int(month), int(day))
        if hour and hour[0]:
            datetime(int(year), int(month), int(day), int(hour[1]), int(hour[2]), int(hour[4] or 0))  # noqa: DTZ001
    except ValueError:
        return False
    return True


def _shown(value: str) -> str:
    line = " ".join(value.split())
    return f"“{line if len(line) <= SHOWN_AT_MOST else line[:SHOWN_AT_MOST] + '…'}”"
