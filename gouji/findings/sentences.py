"""Verdicts, ledger entries and likely slips in sentences, as explain and the site say them."""

from gouji.findings.read import Check, Hypothesis, SuspectCell
from gouji.findings.words import (
    LANGUAGES,
    Language,
    column_of,
    line_of,
    number,
    reason_words,
)
from gouji.warehouse_file import Record

# A slip of a whole table changes many cells: so many are named.
MOST_CELLS = 12

SENTENCES: dict[Language, dict[str, str]] = {
    "zh": {
        "document": "文件：{document}    网址：{url}",
        "none": "无",
        "all_hold": "全部 {checks} 项检查均成立。",
        "rollups": "{identities} 条勾稽关系，{checks} 项检查",
        "others": "其余未直接成立的检查（逐项查看：gouji explain {report} 勾稽关系）：",
        "slices": "{slices}：成立（查看：--slice）",
        "sides": "左 {lhs} {sign} 右 {rhs}，左减右得 {difference}",
        "acknowledged": "台账：已确认（{reason}；依据：{evidence}；"
        "{by}，{on}，有效期至 {expires}）",
        "stale": "台账：有一条记录（左 {lhs}，右 {rhs}，有效期至 {expires}），与现状不符或已过期",
        "unacknowledged": "台账：未确认",
        "asked": "去函：{on}，{note}（{by}）",
        "answered": "答复：{on}，{note}（{by}）",
        "corrected": "按更正后数字：左 {lhs}，右 {rhs}，{verdict}",
        "no_slip": "原因不明：没有哪种差错足以解释此项。",
        "one_slip": "可能的差错：",
        "equals": "可能的差错（以下 {count} 种同样可能）：",
        "weaker": "可能性较小：",
        "mends": "可同时消除 {count} 项不成立",
        "and": "；",
        "whole_table": "整表（{cells} 个单元格）",
        "more": "等 {cells} 个单元格",
    },
    "en": {
        "document": "document: {document}    address: {url}",
        "none": "none",
        "all_hold": "All {checks} checks hold.",
        "rollups": "{identities} identities, {checks} checks",
        "others": "Other checks that do not simply hold (look: gouji explain {report} IDENTITY):",
        "slices": "{slices}: holds (--slice shows it)",
        "sides": "left {lhs} {sign} right {rhs}, left less right {difference}",
        "acknowledged": "ledger: acknowledged ({reason}; evidence: {evidence};"
        " {by}, {on}, until {expires})",
        "stale": "ledger: an entry (left {lhs}, right {rhs}, until {expires})"
        " does not match or has expired",
        "unacknowledged": "ledger: not acknowledged",
        "asked": "asked: {on}, {note} ({by})",
        "answered": "answered: {on}, {note} ({by})",
        "corrected": "on corrected numbers: left {lhs}, right {rhs}, {verdict}",
        "no_slip": "Cause not known: no slip explains it well enough.",
        "one_slip": "likely slip:",
        "equals": "likely slips ({count}, equally likely):",
        "weaker": "less likely:",
        "mends": "mends {count} broken checks",
        "and": "; ",
        "whole_table": "as a whole ({cells} cells)",
        "more": "... ({cells} cells)",
    },
}


def verdict_of(check: Check, language: Language) -> str:
    """Name a verdict, its code and severity, and why where it is no plain one."""
    words = LANGUAGES[language]
    verdict = f"{words.verdicts[check.status]} ({check.status}, {check.severity})"
    reason = reason_words(check.reason, words)
    return f"{verdict}: {reason}" if reason and check.status != "broken" else verdict


def sides_of(check: Check, language: Language) -> str:
    """Say what both sides come to: 左 0 ≠ 右 11，左减右得 -11; nothing where one has no number."""
    if check.difference is None:
        return ""
    return SENTENCES[language]["sides"].format(
        lhs=number(check.lhs),
        sign="=" if check.difference == 0 else "≠",
        rhs=number(check.rhs),
        difference=number(check.difference),
    )


def corrected_sides_of(check: Check, language: Language) -> str:
    """Say what both sides come to on corrected numbers; nothing where no correction touches it."""
    if not check.corrected_status:
        return ""
    return SENTENCES[language]["corrected"].format(
        lhs=number(check.corrected_lhs),
        rhs=number(check.corrected_rhs),
        verdict=LANGUAGES[language].verdicts[check.corrected_status],
    )


def ledger_of(check: Check, language: Language) -> str:
    """Say what the ledger holds of a check."""
    sentences = SENTENCES[language]
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


def letter_of(letter: Record, language: Language) -> str:
    """Say when a body was asked about a cause, or answered, and by what letter."""
    return SENTENCES[language][letter["event"]].format(
        on=letter["happened_on"], note=letter["note"], by=letter["entered_by"]
    )


def sign_of(weight: int) -> str:
    """Write the sign of a cell in its side, with its factor if not one."""
    sign = "+" if weight > 0 else "-"
    return sign if abs(weight) == 1 else f"{sign}{abs(weight)}×"


def slip_of(
    hypothesis: Hypothesis, check: Check, language: Language, *, with_code: bool = True
) -> str:
    """Say what slip would explain a break: 总计漏填，仍为 0 (…): 表四 行政复议 / 总计 0 → 11.

    `with_code` puts the code of the slip beside its Chinese name.
    """
    sentences = SENTENCES[language]
    first = hypothesis.cells[0]
    kind = first.kind_zh if language == "zh" else first.kind_en
    if with_code and language == "zh":
        kind = f"{kind} ({first.kind})"
    cells = len(hypothesis.cells)
    if hypothesis.is_whole_table:
        table = _table_of(first, check.report_id, language)
        changes = f"{table} {sentences['whole_table'].format(cells=cells)}"
    else:
        named = [change_of(cell, check.report_id, language) for cell in hypothesis.cells]
        more = [sentences["more"].format(cells=cells)] if cells > MOST_CELLS else []
        changes = sentences["and"].join(named[:MOST_CELLS] + more)
    mends = sentences["mends"].format(count=first.checks_mended)
    return f"{kind}: {changes}" + (f" [{mends}]" if first.checks_mended > 1 else "")


def change_of(cell: SuspectCell, seen_from: str, language: Language) -> str:
    """Say what would have to stand in a cell; its report is named where it is another one."""
    place = f"{line_of(cell, language)} / {column_of(cell, language)}"
    return (
        f"{_table_of(cell, seen_from, language)} {place}"
        f" {number(cell.reported_value)} → {number(cell.implied_value)}"
    )


def _table_of(cell: SuspectCell, seen_from: str, language: Language) -> str:
    other = "" if cell.report_id == seen_from else f"{cell.report_id} "
    return f"{other}{LANGUAGES[language].tables[cell.form_table]}"
