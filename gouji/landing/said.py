"""What `gouji land` says: a line for each document, what came of all, and what to do next."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gouji.landing.agencies import NO_LEVEL
from gouji.landing.agency_words import UNCLASSIFIED
from gouji.landing.find import LeftAside, readable
from gouji.landing.land import LANDED, REFUSED, REVISED, UNCHANGED, Result

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN_RESULTS = 60
NAMED = 5  # files that are named in one line


def say_left_aside(left_aside: Iterable[LeftAside]) -> None:
    """Name the files that are not read."""
    for one in left_aside:
        sys.stderr.write(f"Passed over {_plain(readable(one.path))}: {one.reason}.{os.linesep}")


def say_results(results: list[Result]) -> None:
    """The result table, plain lines when piped; refusals in one sentence each on stderr.

    Where both are seen on a terminal, the table does not repeat the sentence.
    """
    console = Console()
    shown = [r for r in results if r.status != UNCHANGED] or results
    if console.is_terminal:
        table = Table("Document", "Result", "Report", "Cells", "Broken identities", "Remarks")
        for result in shown[:SHOWN_RESULTS]:
            reason = "" if sys.stderr.isatty() else result.reason
            table.add_row(
                escape(_plain(Path(result.document).name)),
                result.status,
                escape(result.report_id),
                _cells(result),
                _broken(result),
                escape(_plain(reason or "; ".join(result.notes[:3]))),
            )
        console.print(table)
        if len(shown) > SHOWN_RESULTS:
            console.print(f"… and {len(shown) - SHOWN_RESULTS} more; --report has them all")
    else:
        for result in shown:
            remarks = result.reason or "; ".join([*result.broken_identities, *result.notes])
            parts = [
                result.status,
                result.report_id or "-",
                result.document,
                _cells(result),
                remarks,
            ]
            _say("\t".join(_plain(part) for part in parts if part))
    for result in results:
        if result.status == REFUSED:
            sys.stderr.write(
                f"Refused {_plain(result.document)}: {_plain(result.reason)}.{os.linesep}"
            )


def say_what_to_do(
    results: list[Result],
    left_aside: list[LeftAside],
    to: Path | None,
    proposals: Path,
    evidence: Path,
) -> None:
    """What came of all documents, and what is to be done, a line each."""
    count = Counter(result.status for result in results)
    parts = [f"{count[status]} {status}" for status in (LANDED, REVISED, UNCHANGED, REFUSED)]
    landed = [result for result in results if result.status in {LANDED, REVISED}]
    marked = [result for result in landed if result.cells_marked]
    cells_marked = sum(result.cells_marked for result in marked)
    broken = sum(len(result.broken_identities) for result in landed)
    _say(
        f"{', '.join(parts)}; {_number(cells_marked, 'cell')} marked as unreadable; "
        f"{_number(broken, 'identity', 'identities')} broken in what was landed."
    )
    if landed:
        build = f"gouji build --landing {to}" if to else "gouji build"
        _say(f"To do: {build} brings what was landed into the warehouse.")
    if marked:
        _say(
            f"To do: compare the marked cells of {_number(len(marked), 'report')} with the "
            f"documents; {evidence} says why they are marked."
        )
    for line in bodies_to_do(results, proposals):
        _say(_plain(line))
    others = [r for r in results if r.status == REFUSED and not r.body]
    if others:
        _say(
            f"To do: {_number(len(others), 'document')} refused for other reasons, each said "
            f"beside its name: {_names(result.document for result in others)}."
        )
    unread = [readable(one.path) for one in left_aside if one.may_be_report]
    if unread:
        _say(
            f"To do: {_number(len(unread), 'file')} of a kind that is not read may be reports; "
            f"save them as PDF, DOCX or HTML and land them: {_names(unread)}."
        )


def bodies_to_do(results: list[Result], proposals: Path) -> list[str]:
    """What a steward does about bodies that were not known, a line for each."""
    lines = {}
    for result in results:
        name, agency_id = result.body.get("agency_name", ""), result.body.get("agency_id", "")
        if not name:
            continue
        if result.missing.endswith(NO_LEVEL):
            lines[name] = f"To do: {result.missing}: leave its report out."
        elif result.missing:
            lines[name] = (
                f"To do: {name}: {result.missing}; fill in its row in {proposals} and add it to "
                "agencies.csv, or land with --agency."
            )
        elif result.status == REFUSED:
            lines[name] = (
                f"To do: {name} is not yet known: look at its row in {proposals}, then land with "
                "--new-agencies."
            )
        elif result.body["sector_code"] == UNCLASSIFIED:
            lines[name] = (
                f"To do: {name} ({agency_id}) has the sector {UNCLASSIFIED}: set its sector_code "
                "in agencies.csv."
            )
    return [lines[name] for name in sorted(lines)]


def _say(line: str) -> None:
    sys.stdout.write(line + os.linesep)


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _names(documents: Iterable[str]) -> str:
    names = [_plain(Path(document).name) for document in documents]
    return ", ".join(names[:NAMED]) + (
        f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    )


def _cells(result: Result) -> str:
    if not result.cells_read:
        return ""
    blank = f", {result.cells_blank} of them blank" if result.cells_blank else ""
    marked = f"; {result.cells_marked} marked" if result.cells_marked else ""
    unclear = f"; {result.cells_unclear} printed as no value" if result.cells_unclear else ""
    return f"{_number(result.cells_read, 'cell')} read{blank}{marked}{unclear}"


def _broken(result: Result) -> str:
    if not result.broken_identities:
        return ""
    more = len(result.broken_identities) - 1
    return result.broken_identities[0] + (f" and {more} more" if more else "")


def _plain(text: str) -> str:
    """A text of a document without the characters that could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
