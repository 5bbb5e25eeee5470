"""What stewards filled in, read back from the workbook: letters, answers, decisions.

A row is taken whole or refused, with sheet, row, column and value; where one is refused, nothing is
written of any. What is in the seeds already is passed over, so that a workbook may be read as often
as it is added to.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from gouji.decisions.rows import CHECK, Decision, correction, ledger_entries, plain
from gouji.decisions.seed import Row
from gouji.errors import WrongCall
from gouji.near import near_it
from gouji.worklist.columns import (
    ACKNOWLEDGE,
    ANSWER,
    ANSWERED_ON,
    ASKED_ON,
    CAUSE,
    CORRECT,
    CORRECTIONS,
    DAYS,
    DECISION,
    DECISIONS,
    EVIDENCE,
    LETTER,
    LHS,
    QUESTIONS,
    REASON,
    RHS,
    SUMMARY,
    UNTIL,
)
from gouji.worklist.read import Cause, read_worklist
from gouji.worklist.workbook import COLUMNS, FILLED_IN, cells_of

PROBLEMS_NAMED = 8
SHOWN = 60
DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
FILLED = tuple(column.heading for column in FILLED_IN)
ANEW = "clear what is noted here, and note it in a new worklist"
# Each needs the others of its row.
TOGETHER = ((ASKED_ON, LETTER), (ANSWERED_ON, ANSWER))
NEEDED = {ACKNOWLEDGE: (REASON, EVIDENCE, UNTIL), CORRECT: (EVIDENCE, CORRECTIONS)}


@dataclass(frozen=True)
class Noted:
    """The rows of seeds that a workbook comes to, and its sheets that are of no worklist."""

    letters: list[Row]
    acknowledgements: list[Row]
    corrections: list[Row]
    passed_over: list[str]


@dataclass(frozen=True)
class Line:
    """A row of a sheet: its place, and the text or the day in each column that has one."""

    sheet: str
    row: int
    cells: Mapping[str, str | date]

    def wrong(self, column: str, problem: str) -> "Wrong":
        """Say what is wrong in a column, and what is to be done."""
        value = self.cells.get(column)
        shown = f" “{_short(str(value))}”" if value is not None else ""
        return Wrong(f"{self.sheet}, row {self.row}, {column}:{shown} {problem}")

    def text(self, column: str) -> str:
        """Give a text on one line; there must be one."""
        return " ".join(str(self.cells[column]).split())

    def day(self, column: str) -> date:
        """Give a day, written in any order that begins with the year.

        Raises:
            Wrong: it is none.
        """
        value = self.cells[column]
        if isinstance(value, date):
            return value
        found = DATE.fullmatch(value.strip())
        try:
            if found:
                return date(*map(int, found.groups()))
        except ValueError:
            pass
        raise self.wrong(column, "is no date: write it as 2026-01-31")


class Wrong(Exception):
    """What is wrong in a row: sheet, row, column, value, and what is to be done."""


def read_notes(database: Path, file: Path, by: str, today: date) -> Noted:
    """Read what is filled in in a workbook that `gouji worklist` made.

    Args:
        database: the published warehouse, which has to know the causes with the same two sides.
        file: the workbook.
        by: who noted it.
        today: the day on which decisions are entered.

    Raises:
        WrongCall: the file is no such workbook, or something in it cannot be taken as it stands.
    """
    causes = {cause.row["root_cause_id"]: cause for cause in read_worklist(database).causes}
    noted = Noted([], [], [], [])
    problems: list[str] = []
    rows_of_causes: dict[str, str] = {}
    is_worklist = False
    for sheet in _sheets(file):
        headings = [_heading(cell.value) for cell in next(sheet.iter_rows(max_row=1), ())]
        if CAUSE not in headings:
            if sheet.title not in (SUMMARY, QUESTIONS):
                noted.passed_over.append(sheet.title)
            continue
        is_worklist = True
        for line in _lines(sheet, headings, problems):
            try:
                cause = _cause(line, causes)
                if cause is None:
                    continue
                place = f"{line.sheet}, row {line.row}"
                first = rows_of_causes.setdefault(cause.row["root_cause_id"], place)
                if first != place:
                    raise line.wrong(CAUSE, f"is filled in twice, first in {first}: clear one")
                _take(line, cause, database, Decision("", by, today), noted)
            except Wrong as wrong:
                problems.append(str(wrong))
    if not is_worklist:
        raise WrongCall(
            f"{file} has no sheet with a column {CAUSE}: it is not a workbook of gouji worklist."
        )
    if problems:
        rest = len(problems) - PROBLEMS_NAMED
        more = f"; and {rest} more" if rest > 0 else ""
        raise WrongCall(
            f"{file}: {'; '.join(problems[:PROBLEMS_NAMED])}{more}. Nothing was written."
        )
    return noted


def _sheets(file: Path) -> list[Worksheet]:
    try:
        return list(openpyxl.load_workbook(file).worksheets)
    except FileNotFoundError as error:
        raise WrongCall(f"{file} is not there.") from error
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError) as error:
        raise WrongCall(f"{file} does not open as a workbook (.xlsx): {error}.") from error


def _lines(sheet: Worksheet, headings: Sequence[str], problems: list[str]) -> Iterator[Line]:
    """Give the rows of a sheet that have anything in a column by which the workbook is read."""
    known = (CAUSE, LHS, RHS, *FILLED)
    for name in known:
        if headings.count(name) > 1:
            problems.append(f"{sheet.title}, row 1, {name}: there are two such columns, keep one")
            return
    if missing := [name for name in (LHS, RHS) if name not in headings]:
        problems.append(f"{sheet.title}, row 1, {missing[0]}: there is no such column, put it back")
        return
    places = {name: headings.index(name) for name in known if name in headings}
    for row, cells in enumerate(sheet.iter_rows(min_row=2), 2):
        found: dict[str, str | date] = {}
        line = Line(sheet.title, row, found)
        is_formula = False
        for name, place in places.items():
            value = _value(cells[place].value)
            if value is not None:
                found[name] = value
            if cells[place].data_type in ("f", "e"):
                problems.append(
                    str(line.wrong(name, "is a formula or an error: put a value there"))
                )
                is_formula = True
        if found and not is_formula:
            yield line


def _heading(value: Any) -> str:
    return "".join(str(value or "").split())


def _value(value: Any) -> str | date | None:
    """Give a cell as a day or as text without blanks around it; nothing where there is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None if value is not None else None


def _cause(line: Line, causes: Mapping[str, Cause]) -> Cause | None:
    """Give the cause that a row notes something of, with the sides that the row shows.

    The corrections that the workbook proposes are no note of a steward's.
    """
    noted = {name for name in FILLED if name in line.cells}
    if CAUSE not in line.cells:
        if not noted:
            return None
        column = next(name for name in FILLED if name in noted)
        raise line.wrong(column, f"stands in a row without {CAUSE}: put it into the row of a cause")
    cause = causes.get(line.text(CAUSE))
    if noted == {CORRECTIONS} and (cause is None or _is_as_proposed(line, cause)):
        return None
    if not noted:
        return None
    if cause is None:
        near = near_it(line.text(CAUSE), causes)
        raise line.wrong(CAUSE, f"is no cause of broken checks now{near}: {ANEW}")
    made = _made(cause)
    for side in (LHS, RHS):
        if _written(line.cells.get(side)) != _written(made[side]):
            raise line.wrong(side, f"is {_short(_written(made[side]))} now: {ANEW}")
    return cause


def _made(cause: Cause) -> dict[str, str | float]:
    """Give the cells of a cause's row as the workbook has them, by heading."""
    return dict(zip((column.heading for column in COLUMNS), cells_of(cause, 0), strict=True))


def _is_as_proposed(line: Line, cause: Cause) -> bool:
    return _written(line.cells.get(CORRECTIONS)) == _written(_made(cause)[CORRECTIONS])


def _written(value: Any) -> str:
    return " ".join(str(_value(value) or "").split())


def _take(line: Line, cause: Cause, database: Path, who: Decision, noted: Noted) -> None:
    """Add what a row says to what is noted; a row that is refused adds nothing."""
    for pair in TOGETHER:
        lacking = [name for name in pair if name not in line.cells]
        if len(lacking) == 1:
            (filled,) = set(pair) - set(lacking)
            raise line.wrong(lacking[0], f"is empty, and {filled} is filled in")
    days = {name: line.day(name) for name in DAYS if name in line.cells}
    for name in (ASKED_ON, ANSWERED_ON):
        if name in days and days[name] > who.on:
            raise line.wrong(name, f"is a day to come: today is {who.on}")
    if ASKED_ON in days and ANSWERED_ON in days and days[ANSWERED_ON] < days[ASKED_ON]:
        raise line.wrong(ANSWERED_ON, f"is before the letter of {days[ASKED_ON]}")
    letters = [
        letter
        for event, on, said in (("asked", ASKED_ON, LETTER), ("answered", ANSWERED_ON, ANSWER))
        if on in days
        for letter in _letters(cause, event, days[on], line.text(said), who.by)
    ]
    acknowledgements, corrections = _decided(line, cause, database, who, days)
    noted.letters.extend(letters)
    noted.acknowledgements.extend(acknowledgements)
    noted.corrections.extend(corrections)


def _letters(cause: Cause, event: str, on: date, note: str, by: str) -> Iterator[Row]:
    for check in cause.checks:
        yield {
            **{name: getattr(check, name) for name in CHECK},
            "observed_lhs": plain(check.lhs),
            "observed_rhs": plain(check.rhs),
            "event": event,
            "happened_on": on.isoformat(),
            "note": note,
            "entered_by": by,
        }


def _decided(
    line: Line, cause: Cause, database: Path, who: Decision, days: Mapping[str, date]
) -> tuple[list[Row], list[Row]]:
    """Give the rows of the ledger, or of the corrections, that a row decides on."""
    decision = line.text(DECISION) if DECISION in line.cells else ""
    if decision and decision not in DECISIONS:
        raise line.wrong(DECISION, f"is neither {' nor '.join(DECISIONS)}")
    needed = NEEDED.get(decision, ())
    for name in FILLED:
        kinds = " or ".join(kind for kind, names in NEEDED.items() if name in names)
        is_noted = name in line.cells and not (name == CORRECTIONS and _is_as_proposed(line, cause))
        if kinds and is_noted and name not in needed:
            raise line.wrong(name, f"goes with {DECISION} {kinds}: write it there, or clear this")
        if name in needed and name not in line.cells:
            raise line.wrong(name, f"is empty, and {decision} needs it")
    if not decision:
        return [], []
    decided = Decision(line.text(EVIDENCE), who.by, who.on)
    if decision == ACKNOWLEDGE:
        if days[UNTIL] <= who.on:
            raise line.wrong(UNTIL, "is no day to come: an entry holds up to it")
        checks = map(vars, cause.checks)
        return ledger_entries(checks, line.text(REASON), days[UNTIL], decided), []
    return [], [_correction(line, one, database, decided) for one in _corrections(line)]


def _corrections(line: Line) -> list[str]:
    return [one for one in str(line.cells[CORRECTIONS]).splitlines() if one.strip()]


def _correction(line: Line, said: str, database: Path, decided: Decision) -> Row:
    parts = said.split()
    if len(parts) != 3:
        raise line.wrong(
            CORRECTIONS,
            f"has “{_short(said)}”: a line is report, cell and number, such as"
            " 320813-zhengfu-2023 reviews.review.total 11",
        )
    try:
        return correction(database, parts[0], parts[1], parts[2], decided)
    except WrongCall as error:
        raise line.wrong(CORRECTIONS, f"cannot be: {str(error).removesuffix('.')}") from error


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
