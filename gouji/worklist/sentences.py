"""A cause of broken checks in Chinese: what is printed, what would explain it, what to ask.

The form's own words and all numbers come from the warehouse; the sentences are of this file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gouji.findings.read import Check, Hypothesis, SuspectCell, Term
from gouji.findings.words import ADVICE, TABLE_TITLES_ZH, ZH, column_of, number
from gouji.findings.words import line_of as full_line_of
from gouji.worklist.read import Cause

# A row of the workbook has room for so many; gouji explain shows all.
MOST_CHECKS = 4
MOST_CELLS = 5
MOST_EQUALS = 8
# A slip of more cells is corrected by its document, not cell by cell.
MOST_CORRECTIONS = 12
# Up to so many cells of a sum are all named, also those that are 0.
FEW = 3


# 表四（政府信息公开行政复议、行政诉讼情况）
TITLED_TABLES = {
    code: f"{table}（{TABLE_TITLES_ZH[code]}）" if code in TABLE_TITLES_ZH else table
    for code, table in ZH.tables.items()
}


@dataclass(frozen=True)
class Naming:
    """How the cells of one check are named: what all share is said once, the rest for each."""

    terms: tuple[Term, ...]
    tables: dict[str, str]

    @property
    def has_one_table(self) -> bool:
        """Whether all cells stand in one table of the form."""
        return len({term.form_table for term in self.terms}) == 1

    @property
    def has_one_line(self) -> bool:
        """Whether all cells stand in one line."""
        return self.has_one_table and len({term.line_code for term in self.terms}) == 1

    @property
    def has_one_column(self) -> bool:
        """Whether all cells stand in one column."""
        return self.has_one_table and len({term.column_code for term in self.terms}) == 1

    def shared(self) -> str:
        """Name what all cells share: 表四（…）“行政复议”行; nothing where they share no table."""
        if not self.has_one_table:
            return ""
        first = self.terms[0]
        line = f"“{line_of(first)}”行" if self.has_one_line else ""
        column = f"“{column_of(first, 'zh')}”列" if self.has_one_column else ""
        return self.tables[first.form_table] + line + column

    def name(self, term: Term, check: Check) -> str:
        """Name a cell by what it does not share with the others."""
        report = report_name(term.source_report_id, term.source_agency, term.source_year, check)
        if term.form_table == "narrative":
            return f"{report}正文所述“{line_of(term)}”"
        table = "" if self.has_one_table else self.tables[term.form_table]
        line = "" if self.has_one_line else f"“{line_of(term)}”行"
        column = "" if self.has_one_column else f"“{column_of(term, 'zh')}”列"
        return (report + table + line + column) or "本报告"


def line_of(cell: Term | SuspectCell) -> str:
    """Name the line of a cell, without the form's advice on it."""
    return ADVICE.sub("", full_line_of(cell, "zh"))


def report_name(report_id: str | None, agency: str | None, year: int | None, check: Check) -> str:
    """Name a report as seen from a check's: nothing if it is the same, last year's by its year."""
    if report_id in (None, check.report_id):
        return ""
    return f"{'' if agency == check.agency_name else agency}{year}年度报告"


def quoted(term: Term) -> str:
    """Quote a cell's printed text; a cell without text is said to be empty."""
    return f"“{term.printed}”" if term.printed else "空白"


def side(check: Check, naming: Naming, which: str) -> str:
    """Put one side of a check in words, with what it comes to: A“10”、B“1”及其余2项“0”之和为11."""
    terms = naming.terms
    of_side = [term for term in terms if term.side == which]
    total = check.lhs if which == "left" else check.rhs
    sum_ = number(total) + unit(terms)
    named = [(term, naming.name(term, check) + quoted(term)) for term in of_side]
    if len(of_side) == 1:
        only = of_side[0]
        return f"{naming.name(only, check)}为{quoted(only)}"
    if any(term.weight < 0 for term in of_side):
        first, *rest = named
        steps = (("减" if term.weight < 0 else "加") + name for term, name in rest)
        return first[1] + "".join(steps) + f"得{sum_}"
    if len(of_side) <= FEW:
        return "、".join(name for _, name in named) + f"之和为{sum_}"
    shown = [name for term, name in named if term.value]
    zeros = sum(term.value == 0 for term in of_side)
    empty = sum(term.value is None for term in of_side)
    if not shown:
        first_name = naming.name(of_side[0], check)
        what = "“0”" if not empty else "“0”或空白"
        return f"{first_name}等{len(of_side)}项均为{what}，合计0"
    others = [f"{count}项{what}" for count, what in ((zeros, "“0”"), (empty, "空白")) if count]
    rest_ = f"及其余{'、'.join(others)}" if others else ""
    return "、".join(shown) + rest_ + f"之和为{sum_}"


def unit(cells: Sequence[Term | SuspectCell]) -> str:
    """Name the unit of amounts of money; counts have none."""
    return "元" if any(cell.is_money for cell in cells) else ""


def rule_of(check: Check) -> str:
    """Name an identity so that it can be quoted."""
    return check.title_zh.replace("“", "‘").replace("”", "’")


def title_of(check: Check, first: Check) -> str:
    """Name an identity, the slice in which it is checked, and its report if not that of `first`."""
    report = report_name(check.report_id, check.agency_name, check.report_year, first)
    slice_ = "" if check.slice_by == "all" else ADVICE.sub("", check.slice_zh or check.slice)
    return "：".join(filter(None, [report, check.title_zh, slice_]))


def printed(check: Check, terms: Sequence[Term], first: Check) -> str:
    """Say what the document prints on both sides of a check, a line for each."""
    naming = Naming(tuple(terms), ZH.tables)
    report = report_name(check.report_id, check.agency_name, check.report_year, first)
    shared = report + naming.shared()
    lines = [f"左：{side(check, naming, 'left')}", f"右：{side(check, naming, 'right')}"]
    return "\n".join([f"{shared}：", *lines] if shared else lines)


def suspects(hypothesis: Hypothesis, check: Check) -> list[tuple[SuspectCell, str]]:
    """Name the suspect cells of an explanation; each says only what the one before did not."""
    named = []
    before: tuple[str, str] = ("", "")
    for cell in hypothesis.cells[:MOST_CELLS]:
        table = _table(cell, check)
        if cell.form_table == "narrative":
            report = report_name(cell.report_id, cell.agency_name, cell.report_year, check)
            name = f"{report}正文所述“{line_of(cell)}”"
        else:
            line = "" if before == (table, cell.line_code) else f"“{line_of(cell)}”行"
            name = ("" if before[0] == table else table) + line + f"“{column_of(cell, 'zh')}”列"
        named.append((cell, name))
        before = (table, cell.line_code)
    return named


def _table(cell: SuspectCell, check: Check) -> str:
    report = report_name(cell.report_id, cell.agency_name, cell.report_year, check)
    return report + ZH.tables[cell.form_table]


def slip(hypothesis: Hypothesis, check: Check) -> str:
    """Say what slip would explain the breaks: 总计漏填，仍为 0：表四“行政复议”行“总计”列 0 → 11."""
    if hypothesis.is_whole_table:
        return f"{hypothesis.cells[0].kind_zh}：{_table(hypothesis.cells[0], check)}整表"
    changes = "；".join(
        f"{name} {number(cell.reported_value)} → {number(cell.implied_value)}"
        for cell, name in suspects(hypothesis, check)
    )
    return (
        f"{hypothesis.cells[0].kind_zh}：{changes}{_and_so_on(hypothesis.cells, MOST_CELLS, '处')}"
    )


def slips(cause: Cause) -> str:
    """Say what slips would explain a cause; equals are numbered."""
    said = [slip(one, cause.checks[0]) for one in cause.hypotheses[:MOST_EQUALS]]
    if not said:
        return "原因不明"
    if len(said) == 1:
        return said[0]
    numbered = (f"({i}) {one}" for i, one in enumerate(said, 1))
    more = _and_so_on(cause.hypotheses, MOST_EQUALS, "种")
    return "\n".join([f"以下{len(cause.hypotheses)}种同样可能：", *numbered, *filter(None, [more])])


def question(cause: Cause) -> str:
    """Write what a steward may ask the agency, complete in itself."""
    check, *others = cause.checks
    naming = Naming(cause.terms[check.key], TITLED_TABLES)
    rule = "按表内注明的" if check.basis == "printed_on_form" else "按"
    difference = number(abs(check.difference or Decimal(0))) + unit(naming.terms)
    found = (
        f"贵单位《{cause.row['title']}》{naming.shared()}中，{rule}“{rule_of(check)}”核对，"
        f"{side(check, naming, 'left')}，而{side(check, naming, 'right')}，两者相差{difference}"
    )
    asked = f"请贵单位核实{_doubt(cause)}，并更正报告或说明原因，谢谢。"
    return f"{found}{_and_others(others, check)}。{asked}"


def _and_others(others: Sequence[Check], first: Check) -> str:
    if not others:
        return ""
    names = "；".join(title_of(check, first) for check in others[:MOST_CHECKS])
    more = "等" if len(others) > MOST_CHECKS else ""
    return f"；另有{len(others)}项核对也不一致（{names}{more}）"


def _doubt(cause: Cause) -> str:
    """Say what the agency is to look at: the suspect cell, each of several equals, or all."""
    doubts = [_is_it(one, cause.checks[0]) for one in cause.hypotheses[:MOST_EQUALS]]
    if not doubts:
        return "上述数字中哪一项有误"
    if len(doubts) == 1:
        return doubts[0]
    more = "；（其他可能从略）" if len(cause.hypotheses) > MOST_EQUALS else ""
    listed = "；".join(f"（{i}）{one}" for i, one in enumerate(doubts, 1))
    return f"是否属于下列情形之一：{listed}{more}"


def _is_it(hypothesis: Hypothesis, check: Check) -> str:
    first = hypothesis.cells[0]
    if hypothesis.is_whole_table:
        return f"{_table(first, check)}整表是否有误（疑似{first.kind_zh}）"
    changes = "、".join(
        f"{name}的“{cell.printed or number(cell.reported_value)}”"
        f"是否应为{number(cell.implied_value)}{unit([cell])}"
        for cell, name in suspects(hypothesis, check)
    )
    more = _and_so_on(hypothesis.cells, MOST_CELLS, "处")
    return changes + more + ("" if first.kind == "other" else f"（疑似{first.kind_zh}）")


def _and_so_on(all_: Sequence[object], most: int, what: str) -> str:
    return f"等{len(all_)}{what}" if len(all_) > most else ""


def corrections(cause: Cause) -> str:
    """Write what the one best explanation would correct, a line a cell: report, cell, number.

    Nothing where several explain the break equally well, or where the number that should stand
    there is not known as it would be printed: of the prose, or of money, whose printed unit varies.
    """
    if len(cause.hypotheses) != 1 or len(cause.hypotheses[0].cells) > MOST_CORRECTIONS:
        return ""
    cells = cause.hypotheses[0].cells
    if any(
        cell.implied_value is None or cell.is_money or cell.form_table == "narrative"
        for cell in cells
    ):
        return ""
    return "\n".join(
        f"{cell.report_id} {cell.form_table}.{cell.line_code}.{cell.column_code}"
        f" {format((cell.implied_value or Decimal(0)).normalize(), 'f')}"
        for cell in cells
    )


def commands(cause: Cause) -> str:
    """Write the commands that would decide on a cause, to be pasted once they are filled in."""
    check = cause.checks[0]
    names = f"{check.report_id} {check.identity_id} --slice {check.slice}"
    acknowledge = f'gouji acknowledge {names} --reason "" --evidence "" --until ""'
    correct = [f'gouji correct {line} --evidence ""' for line in corrections(cause).splitlines()]
    return "\n".join((acknowledge, *correct))
