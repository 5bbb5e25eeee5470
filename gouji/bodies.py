"""Bodies and their reports, found by what people call them."""

import re
from dataclasses import dataclass
from pathlib import Path

from gouji.errors import WrongCall
from gouji.findings.read import findings, query
from gouji.near import plain
from gouji.sql import sql
from gouji.warehouse_file import Record, near_words

REPORTS_AND_NAMES = """
select report_id as word from marts.dim_report
union select agency_name from marts.dim_agency
union select other_name from reference.agency_names
"""


@dataclass(frozen=True)
class Found:
    """What is called by a word: a report, or the reports of a body, or several bodies."""

    report_id: str | None = None
    body: Record | None = None
    reports: tuple[Record, ...] = ()
    bodies: tuple[Record, ...] = ()


def find(database: Path, word: str) -> Found:
    """Find a report by its id, or a body by its id or any of its names, former and short ones too.

    A body that has one report leads to it. Where no body is called so, those are taken whose name
    holds the word, or all of its characters in this order.

    Raises:
        WrongCall: nothing is called so; the message names near matches.
    """
    with findings(database) as connection:
        is_report = "select report_id from marts.dim_report where report_id = $word"
        if query(connection, is_report, {"word": word}):
            return Found(report_id=word)
        named: dict[str, object] = {"name": word, "in_this_order": _in_this_order(word)}
        bodies = query(connection, sql("queries/bodies/called.sql"), named)
        if len(bodies) > 1:
            return Found(bodies=tuple(bodies))
        if not bodies:
            near = near_words(connection, REPORTS_AND_NAMES, word)
            raise WrongCall(f"There is no report and no body {word}; near it are {near}.")
        body = bodies[0]
        asked: dict[str, object] = {"agency": body["agency_id"]}
        reports = query(connection, sql("queries/bodies/reports.sql"), asked)
    if len(reports) == 1:
        return Found(report_id=reports[0]["report_id"])
    return Found(body=body, reports=tuple(reports))


def _in_this_order(word: str) -> str:
    """A pattern of `like`: between characters of Chinese, and between words, others may stand."""
    parts = plain(word).split() if plain(word).isascii() else list(word)
    escaped = (re.sub(r"[%_\\]", r"\\\g<0>", part) for part in parts)
    return f"%{'%'.join(escaped)}%"
