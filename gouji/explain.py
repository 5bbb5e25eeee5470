"""`gouji explain`: an identity of a report as a small table in the shape of the form.

One row a cell: side, line, column, sign, printed text, value and place; then both sides, the
verdict, what the ledger says, and the slips that would explain a break.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table

from gouji.errors import WrongCall
from gouji.findings.read import (
    Check,
    CheckKey,
    Hypothesis,
    Term,
    findings,
    query,
    read_checks,
    read_letters,
    read_mending,
    read_terms,
)
from gouji.findings.sentences import (
    SENTENCES,
    corrected_sides_of,
    ledger_of,
    letter_of,
    sides_of,
    sign_of,
    slip_of,
    verdict_of,
)
from gouji.findings.words import LANGUAGES, Language, column_of, line_of, number
from gouji.warehouse_file import Record, near_words

Cell = tuple[str, str, str]
"""form table, line, column"""

PlacesOf = Callable[[str], dict[Cell, str]]
"""Where the cells of a report stood in its document, as landing wrote it down."""

# Added up over the bodies below, in every cell of the form: without their reports, none is judged.
ROLLUP = "rollup"

HEADINGS = {
    "zh": ("侧", "符号", "表", "行", "列", "原文", "数值", "出处"),
    "en": ("side", "sign", "table", "line", "column", "printed", "value", "where"),
}


@dataclass(frozen=True)
class Explanation:
    """A report's checks that were asked for, with their cells and what would explain the breaks."""

    report: Record
    checks: list[Check]
    terms: dict[CheckKey, tuple[Term, ...]]
    hypotheses: dict[CheckKey, list[Hypothesis]]
    letters: dict[CheckKey, list[Record]]
    is_whole_report: bool


def explain(
    database: Path, report_id: str, identity_id: str | None = None, slice_: str | None = None
) -> Explanation:
    """Read what there is to say about a report, one of its identities, or one slice of that.

    Raises:
        WrongCall: no such report, identity or slice; the message names near matches.
    """
    with findings(database) as connection:
        report = _report(connection, report_id)
        asked: dict[str, object] = {"report": report_id}
        condition = "report_id = $report"
        if identity_id:
            asked["identity"] = identity_id
            condition += " and identity_id = $identity"
        checks = read_checks(connection, condition, asked)
        if identity_id and not checks:
            raise _unknown_identity(connection, report_id, identity_id)
        if slice_:
            slices = sorted({check.slice for check in checks})
            if slice_ not in slices:
                known = f"{report_id} {identity_id or ''}".strip()
                raise WrongCall(f"{known} has no slice {slice_}; it has {', '.join(slices)}.")
            checks = [check for check in checks if check.slice == slice_]
        terms = read_terms(connection, condition, asked)
        hypotheses = read_mending(connection, "check_report_id = $report", {"report": report_id})
        letters = read_letters(connection, condition, asked)
    return Explanation(report, checks, terms, hypotheses, letters, is_whole_report=not identity_id)


def show_explanation(
    console: Console,
    explanation: Explanation,
    language: Language = "zh",
    places_of: PlacesOf = lambda _: {},
) -> None:
    """Show an explanation; `places_of` gives the places of a report's cells where known."""
    sentences = SENTENCES[language]
    _show_report(console, explanation.report, sentences)
    odd = [check for check in explanation.checks if check.status != "holds"]
    broken = [check for check in odd if check.status == "broken"]
    in_full = broken if explanation.is_whole_report else odd
    if not explanation.is_whole_report and len(explanation.checks) == 1:
        in_full = explanation.checks
    for check in in_full:
        _show_check(console, check, explanation, language, places_of)
    rest = [check for check in explanation.checks if check not in in_full]
    if not explanation.is_whole_report:
        _show_slices(console, rest, language)
    elif not odd:
        _line(console, "\n" + sentences["all_hold"].format(checks=len(explanation.checks)))
    else:
        _show_others(console, [check for check in odd if check not in broken], language)


def _report(connection: duckdb.DuckDBPyConnection, report_id: str) -> Record:
    rows = query(
        connection,
        "select reports.*, current.report_id as current_id from marts.dim_report as reports"
        " inner join marts.dim_report as current"
        " on reports.agency_id = current.agency_id and reports.report_year = current.report_year"
        " and current.is_current where reports.report_id = $report",
        {"report": report_id},
    )
    if not rows:
        near = near_words(connection, "select report_id as word from marts.dim_report", report_id)
        raise WrongCall(f"There is no report {report_id}; near it are {near}.")
    if not rows[0]["is_current"]:
        raise WrongCall(
            f"{report_id} is not the current edition, and only current ones are checked:"
            f" ask for {rows[0]['current_id']}."
        )
    return rows[0]


def _unknown_identity(
    connection: duckdb.DuckDBPyConnection, report_id: str, identity_id: str
) -> WrongCall:
    known = query(
        connection,
        "select layout from reference.identities where identity_id = $identity",
        {"identity": identity_id},
    )
    if known and known[0]["layout"]:
        return WrongCall(
            f"{identity_id} is not checked on {report_id}: it is an identity of the"
            f" {known[0]['layout']} layout, or the report has no such cell."
        )
    if known:
        return WrongCall(f"{identity_id} is not checked on {report_id}: it has no such cell.")
    near = near_words(
        connection, "select identity_id as word from reference.identities", identity_id
    )
    return WrongCall(f"There is no identity {identity_id}; near it are {near}.")


def _show_report(console: Console, report: Record, sentences: dict[str, str]) -> None:
    _line(console, f"{report['report_id']}  {report['agency_name']}  {report['report_year']}")
    if report["title"]:
        _line(console, report["title"])
    none = sentences["none"]
    _line(
        console,
        sentences["document"].format(
            document=report["source_document"] or none, url=report["source_url"] or none
        ),
    )


def _show_check(
    console: Console,
    check: Check,
    explanation: Explanation,
    language: Language,
    places_of: PlacesOf,
) -> None:
    title = check.title_zh if language == "zh" else check.title_en
    of = (check.slice_zh if language == "zh" else check.slice_en) or ""
    slice_name = "" if check.slice_by == "all" else f"  {of} ({check.slice})"
    _line(console, f"\n{check.identity_id}{slice_name}  {title}")
    terms = explanation.terms.get(check.key, ())
    console.print(_terms_table(console, check, terms, language, places_of))
    for document in _other_documents(check, terms, language):
        _line(console, document)
    _line(console, verdict_of(check, language))
    for sentence in (sides_of(check, language), corrected_sides_of(check, language)):
        if sentence:
            _line(console, sentence)
    if check.status == "broken" or check.observed_lhs is not None:
        _line(console, ledger_of(check, language))
    for letter in explanation.letters.get(check.key, ()):
        _line(console, letter_of(letter, language))
    if check.status == "broken":
        _show_hypotheses(console, check, explanation.hypotheses.get(check.key, []), language)


def _terms_table(
    console: Console,
    check: Check,
    terms: Sequence[Term],
    language: Language,
    places_of: PlacesOf,
) -> Table:
    words = LANGUAGES[language]
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for heading in HEADINGS[language]:
        is_value = heading == HEADINGS[language][6]
        table.add_column(heading, justify="right" if is_value else "left", overflow="fold")
    for term in terms:
        table.add_row(
            words.sides[term.side],
            sign_of(term.weight),
            words.tables[term.form_table],
            line_of(term, language),
            column_of(term, language),
            term.printed or "",
            number(term.value) or words.statuses[term.value_status],
            _where(term, check, places_of),
        )
    return table


def _where(term: Term, check: Check, places_of: PlacesOf) -> str:
    """Say where a cell stands: the report, if it is another one, and the place in its document."""
    if term.source_report_id is None:
        return ""
    place = term.locator or places_of(term.source_report_id).get(
        (term.form_table, term.line_code, term.column_code)
    )
    parts = [place or f"{term.form_table}.{term.line_code}.{term.column_code}"]
    if term.source_report_id != check.report_id:
        parts.insert(0, term.source_report_id)
    return " ".join(parts)


def _other_documents(check: Check, terms: Sequence[Term], language: Language) -> list[str]:
    """Name the documents of last year's report, or of the members', that a check reads."""
    sentences = SENTENCES[language]
    others = {
        term.source_report_id: f"{term.source_report_id}  {term.source_agency}  "
        + sentences["document"].format(
            document=term.source_document or sentences["none"],
            url=term.source_url or sentences["none"],
        )
        for term in terms
        if term.source_report_id not in (None, check.report_id)
    }
    return list(others.values())


def _show_hypotheses(
    console: Console, check: Check, hypotheses: list[Hypothesis], language: Language
) -> None:
    sentences = SENTENCES[language]
    if not hypotheses:
        _line(console, sentences["no_slip"])
    for place, (_, group) in enumerate(groupby(hypotheses, lambda one: one.rank)):
        equals = list(group)
        heading = "equals" if len(equals) > 1 else "one_slip"
        _line(console, sentences["weaker" if place else heading].format(count=len(equals)))
        for one in equals:
            _line(console, "  - " + slip_of(one, check, language))


def _show_slices(console: Console, checks: Sequence[Check], language: Language) -> None:
    """Name the slices in which the identity holds."""
    if checks:
        names = [(check.slice_zh if language == "zh" else check.slice_en) for check in checks]
        parts = [
            f"{name or check.slice} ({check.slice}) {number(check.lhs)} = {number(check.rhs)}"
            for name, check in zip(names, checks, strict=True)
        ]
        slices = SENTENCES[language]["and"].join(parts)
        _line(console, "\n" + SENTENCES[language]["slices"].format(slices=slices))


def _show_others(console: Console, checks: Sequence[Check], language: Language) -> None:
    """Name the checks that blanks, or what is missing, leave open: a line for each reason."""
    if not checks:
        return
    report = checks[0].report_id
    _line(console, "\n" + SENTENCES[language]["others"].format(report=report))
    by_verdict: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        is_rollup = check.family == ROLLUP and check.status == "not_assessable"
        name = ROLLUP if is_rollup else check.identity_id
        by_verdict.setdefault((name, verdict_of(check, language)), []).append(check)
    for (name, verdict), group in by_verdict.items():
        slices = ", ".join(check.slice for check in group if check.slice != "all")
        if name == ROLLUP:
            identities = len({check.identity_id for check in group})
            slices = SENTENCES[language]["rollups"].format(identities=identities, checks=len(group))
        _line(console, f"  {name}{f' [{slices}]' if slices else ''}: {verdict}")


def _line(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, markup=False)
