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
    SuspectCell,
    Term,
    findings,
    query,
    read_checks,
    read_hypotheses,
    read_terms,
)
from gouji.findings.words import (
    LANGUAGES,
    Language,
    Words,
    column_of,
    line_of,
    number,
    reason_words,
)
from gouji.warehouse_file import Record

Cell = tuple[str, str, str]
"""form table, line, column"""

PlacesOf = Callable[[str], dict[Cell, str]]
"""Where the cells of a report stood in its document, as landing wrote it down."""

HEADINGS = {
    "zh": ("侧", "符号", "表", "行", "列", "原文", "数值", "出处"),
    "en": ("side", "sign", "table", "line", "column", "printed", "value", "where"),
}
SENTENCES: dict[Language, dict[str, str]] = {
    "zh": {
        "document": "文件：{document}    网址：{url}",
        "none": "无",
        "all_hold": "全部 {checks} 项检查均成立。",
        "others": "其余未直接成立的检查（逐项查看：gouji explain {report} 勾稽关系）：",
        "slices": "{slices}：成立（查看：--slice）",
        "sides": "左 {lhs} {sign} 右 {rhs}，左减右得 {difference}",
        "acknowledged": "台账：已确认（{reason}；依据：{evidence}；"
        "{by}，{on}，有效期至 {expires}）",
        "stale": "台账：有一条记录（左 {lhs}，右 {rhs}，有效期至 {expires}），与现状不符或已过期",
        "unacknowledged": "台账：未确认",
        "corrected": "按更正后数字：左 {lhs}，右 {rhs}，{verdict}",
        "no_slip": "没有单一差错能解释此项。",
        "one_slip": "可能的差错：",
        "equals": "可能的差错（以下 {count} 种同样可能）：",
        "weaker": "可能性较小：",
        "mends": "可同时消除 {count} 项不成立",
        "and": "；",
    },
    "en": {
        "document": "document: {document}    address: {url}",
        "none": "none",
        "all_hold": "All {checks} checks hold.",
        "others": "Other checks that do not simply hold (look: gouji explain {report} IDENTITY):",
        "slices": "{slices}: holds (--slice shows it)",
        "sides": "left {lhs} {sign} right {rhs}, left less right {difference}",
        "acknowledged": "ledger: acknowledged ({reason}; evidence: {evidence};"
        " {by}, {on}, until {expires})",
        "stale": "ledger: an entry (left {lhs}, right {rhs}, until {expires})"
        " does not match or has expired",
        "unacknowledged": "ledger: not acknowledged",
        "corrected": "on corrected numbers: left {lhs}, right {rhs}, {verdict}",
        "no_slip": "No single slip explains it.",
        "one_slip": "likely slip:",
        "equals": "likely slips ({count}, equally likely):",
        "weaker": "less likely:",
        "mends": "mends {count} broken checks",
        "and": "; ",
    },
}


@dataclass(frozen=True)
class Explanation:
    """A report's checks that were asked for, with their cells and what would explain the breaks."""

    report: Record
    checks: list[Check]
    terms: dict[CheckKey, tuple[Term, ...]]
    hypotheses: dict[CheckKey, list[Hypothesis]]
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
        hypotheses = _hypotheses(connection, report_id)
    return Explanation(report, checks, terms, hypotheses, is_whole_report=not identity_id)


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
        near = _near(connection, "select report_id as word from marts.dim_report", report_id)
        raise WrongCall(f"There is no report {report_id}; near it are {near}.")
    if not rows[0]["is_current"]:
        raise WrongCall(
            f"{report_id} was superseded, and only current revisions are checked:"
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
    near = _near(connection, "select identity_id as word from reference.identities", identity_id)
    return WrongCall(f"There is no identity {identity_id}; near it are {near}.")


def _near(connection: duckdb.DuckDBPyConnection, words: str, asked: str) -> str:
    rows = query(
        connection,
        f"select word from ({words}) order by jaro_winkler_similarity(word, $asked) desc, word"
        " limit 3",
        {"asked": asked},
    )
    return ", ".join(row["word"] for row in rows)


def _hypotheses(
    connection: duckdb.DuckDBPyConnection, report_id: str
) -> dict[CheckKey, list[Hypothesis]]:
    """Read what would mend each broken check of a report, by check."""
    asked: dict[str, object] = {"report": report_id}
    mended = query(
        connection,
        "select check_report_id, identity_id, slice, hypothesis_id"
        " from quality.mended_checks where check_report_id = $report",
        asked,
    )
    hypotheses = read_hypotheses(
        connection,
        "hypothesis_id in (select hypothesis_id from quality.mended_checks"
        " where check_report_id = $report)",
        asked,
    )
    ids: dict[CheckKey, set[str]] = {}
    for row in mended:
        key = (row["check_report_id"], row["identity_id"], row["slice"])
        ids.setdefault(key, set()).add(row["hypothesis_id"])
    return {
        key: sorted(
            (one for one in hypotheses if one.hypothesis_id in wanted), key=lambda one: one.rank
        )
        for key, wanted in ids.items()
    }


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
    words, sentences = LANGUAGES[language], SENTENCES[language]
    title = check.title_zh if language == "zh" else check.title_en
    of = (check.slice_zh if language == "zh" else check.slice_en) or ""
    slice_name = "" if check.slice_by == "all" else f"  {of} ({check.slice})"
    _line(console, f"\n{check.identity_id}{slice_name}  {title}")
    terms = explanation.terms.get(check.key, ())
    console.print(_terms_table(console, check, terms, language, places_of))
    for document in _other_documents(check, terms, language):
        _line(console, document)
    _line(console, _verdict(check, words))
    if check.difference is not None:
        sign = "=" if check.difference == 0 else "≠"
        _line(
            console,
            sentences["sides"].format(
                lhs=number(check.lhs),
                sign=sign,
                rhs=number(check.rhs),
                difference=number(check.difference),
            ),
        )
    if check.corrected_status:
        _line(
            console,
            sentences["corrected"].format(
                lhs=number(check.corrected_lhs),
                rhs=number(check.corrected_rhs),
                verdict=words.verdicts[check.corrected_status],
            ),
        )
    if check.status == "broken" or check.observed_lhs is not None:
        _line(console, _ledger(check, sentences))
    if check.status == "broken":
        _show_hypotheses(console, check, explanation.hypotheses.get(check.key, []), language)


def _verdict(check: Check, words: Words) -> str:
    verdict = f"{words.verdicts[check.status]} ({check.status}, {check.severity})"
    reason = reason_words(check.reason, words)
    return f"{verdict}: {reason}" if reason and check.status != "broken" else verdict


def _ledger(check: Check, sentences: dict[str, str]) -> str:
    if check.is_acknowledged:
        return sentences["acknowledged"].format(
            reason=check.acknowledged_reason,
            evidence=check.acknowledged_evidence,
            by=check.acknowledged_by,
            on=check.acknowledged_on,
            expires=check.expires_on,
        )
    if check.observed_lhs is not None:
        return sentences["stale"].format(
            lhs=number(check.observed_lhs),
            rhs=number(check.observed_rhs),
            expires=check.expires_on,
        )
    return sentences["unacknowledged"]


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
            _sign(term.weight),
            words.tables[term.form_table],
            line_of(term, language),
            column_of(term, language),
            term.printed or "",
            number(term.value) or words.statuses[term.value_status],
            _where(term, check, places_of),
        )
    return table


def _sign(weight: int) -> str:
    sign = "+" if weight > 0 else "-"
    return sign if abs(weight) == 1 else f"{sign}{abs(weight)}×"


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
            _line(console, "  - " + _hypothesis(one, check, language))


def _hypothesis(hypothesis: Hypothesis, check: Check, language: Language) -> str:
    sentences = SENTENCES[language]
    first = hypothesis.cells[0]
    kind = f"{first.kind_zh} ({first.kind})" if language == "zh" else first.kind_en
    changes = sentences["and"].join(_change(cell, check, language) for cell in hypothesis.cells)
    mends = sentences["mends"].format(count=first.checks_mended)
    return f"{kind}: {changes}" + (f" [{mends}]" if first.checks_mended > 1 else "")


def _change(cell: SuspectCell, check: Check, language: Language) -> str:
    other = "" if cell.report_id == check.report_id else f"{cell.report_id} "
    table = LANGUAGES[language].tables[cell.form_table]
    return (
        f"{other}{table} {line_of(cell, language)} / {column_of(cell, language)}"
        f" {number(cell.reported_value)} → {number(cell.implied_value)}"
    )


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
    words = LANGUAGES[language]
    report = checks[0].report_id
    _line(console, "\n" + SENTENCES[language]["others"].format(report=report))
    by_verdict: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        by_verdict.setdefault((check.identity_id, _verdict(check, words)), []).append(check)
    for (identity_id, verdict), group in by_verdict.items():
        slices = ", ".join(check.slice for check in group if check.slice != "all")
        _line(console, f"  {identity_id}{f' [{slices}]' if slices else ''}: {verdict}")


def _line(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, markup=False)
