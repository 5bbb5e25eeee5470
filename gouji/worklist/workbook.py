"""The workbook itself: sheets, columns, widths, print set-up. It lays out and computes nothing."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from gouji.findings.words import ZH, number
from gouji.warehouse_file import Record
from gouji.worklist.columns import (
    ANSWER,
    ANSWERED_ON,
    ASKED_ON,
    CAUSE,
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
from gouji.worklist.read import Cause, Worklist
from gouji.worklist.sentences import (
    MOST_CHECKS,
    commands,
    corrections,
    printed,
    question,
    slips,
    title_of,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format

A3 = 8
LINE_HEIGHT = 13.0
# Excel's own limits.
HIGHEST_ROW = 409.0
LONGEST_NAME = 31
LONGEST_LINK = 2079
MOST_LINKS = 65_530

# A fixed day, so that the same rows make the same file.
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  # the file format knows no time zones

FAMILIES_ZH = {
    "requests.balance": "收支平衡（表三）",
    "requests.outcomes": "办理结果合计（表三）",
    "requests.other_processing": "其他处理合计（表三）",
    "requests.applicants": "申请人合计（表三）",
    "cases.total": "复议诉讼合计（表四）",
    "requests.carry_over": "上下年结转（表三）",
    "stock": "存量衔接（表二）",
    "rollup": "汇总与所含机关",
    "narrative": "正文与表格",
}
STATES_ZH = {
    "open": "待处理",
    "asked": "已去函",
    "answered": "已答复",
    "acknowledged": "已确认",
    "corrected": "已更正",
}


@dataclass(frozen=True)
class Column:
    """A column of an agency sheet: heading and width in characters."""

    heading: str
    width: float


CAUSE_COLUMNS = (
    Column("序号", 5),
    Column("机关", 13),
    Column("年度", 6),
    Column("级别", 6),
    Column("勾稽关系", 20),
    Column("原文", 38),
    Column(LHS, 8),
    Column(RHS, 8),
    Column("左减右", 8),
    Column("可能的差错", 28),
    Column("受影响的汇总指标", 16),
    Column("状态", 9),
    Column("报告标题", 15),
    Column("网址或文件", 19),
    Column("链接", 6),
    Column("建议询问", 54),
    Column(CAUSE, 15),
)
COMMANDS = Column("命令", 44)
# What a steward fills in: `gouji worklist --read` takes it back.
FILLED_IN = (
    Column(ASKED_ON, 11),
    Column(LETTER, 15),
    Column(ANSWERED_ON, 11),
    Column(ANSWER, 24),
    Column(DECISION, 7),
    Column(REASON, 20),
    Column(EVIDENCE, 18),
    Column(UNTIL, 11),
    Column(CORRECTIONS, 40),
)
COLUMNS = (*CAUSE_COLUMNS, COMMANDS, *FILLED_IN)
QUESTION_COLUMNS = (
    Column("机关", 28),
    Column("年度", 6),
    Column("疑问", 40),
    Column("表", 7),
    Column("行", 30),
    Column("列", 14),
    Column("数值", 12),
    Column("通常水平", 12),
    Column("相同的报告", 24),
    Column("报告标题", 40),
    Column("网址或文件", 40),
)
LINK = [column.heading for column in COLUMNS].index("链接")
NOTES = (
    "每行是一个原因：由同一处数字引起的若干项不成立，合为一行。",
    "级别：错误指表内合计不成立；提示指与上年、所含机关或正文不一致，可能另有原因。",
    "左减右是等式左侧减右侧之差；可能的差错由数字推算而来，仅供核实，任何数字都未被改动。",
    "疑问：筛查所见的不寻常之处，只是疑问，不是差错；如有，在最后一张工作表。",
    "状态：已确认指已登记在台账且数字未变，已更正指按更正后的数字成立。",
    "查看单元格明细：gouji explain 报告 勾稽关系。",
    "黄色各列由管理员填写，填后用 gouji worklist --read 读回。",
    "决定：填“确认”，另填理由、依据、确认至；或填“更正”，另填依据、更正单元格。",
)


def write_workbook(worklist: Worklist, out: Path) -> int:
    """Write the workbook, and give its number of sheets.

    Text is written as text whatever it begins with, so that no cell of a report becomes a formula.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(out), options)
    book.set_properties({"title": "勾稽核实清单", "created": CREATED})
    styles = Styles(book)
    groups = [
        (place, list(causes))
        for place, causes in groupby(worklist.causes, lambda c: sheet_of(c.row))
    ]
    names = dict(
        zip([place for place, _ in groups], unique_names(groups_names(groups)), strict=True)
    )
    _write_summary(book.add_worksheet(SUMMARY), worklist, names, styles)
    for place, causes in groups:
        _write_causes(book.add_worksheet(names[place]), names[place], causes, styles)
    if worklist.findings:
        _write_questions(book.add_worksheet(QUESTIONS), worklist.findings, styles)
    book.close()
    return len(book.worksheets())


class Styles:
    """The formats of the workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": "宋体", "font_size": 10, "valign": "top"}
        boxed = base | {"border": 1, "border_color": "#BFBFBF"}
        self.title: Format = book.add_format(base | {"font_size": 16, "bold": True})
        self.plain: Format = book.add_format(base)
        self.heading: Format = book.add_format(
            boxed
            | {
                "bold": True,
                "text_wrap": True,
                "bg_color": "#DDE7F0",
                "valign": "vcenter",
                "align": "center",
            }
        )
        self.text: Format = book.add_format(boxed | {"text_wrap": True})
        self.number: Format = book.add_format(boxed | {"num_format": "#,##0.######"})
        self.whole: Format = book.add_format(boxed | {"num_format": "#,##0"})
        filled = boxed | {"text_wrap": True, "bg_color": "#FFF9DB"}
        self.filled: Format = book.add_format(filled | {"num_format": "@"})
        self.day: Format = book.add_format(filled | {"num_format": "yyyy-mm-dd"})
        self.link: Format = book.add_format(
            boxed | {"text_wrap": True, "font_color": "#0563C1", "underline": 1}
        )


def height_of(texts: Sequence[str], columns: Sequence[Column]) -> float:
    """Say how high a row must be to show its wrapped texts, in points.

    Neither Excel nor LibreOffice fits the rows of a file that it did not write. A Chinese
    character is as wide as two digits, the unit of a column's width.
    """
    lines = max(
        sum(max(1, ceil(width_of(part) / (column.width - 1))) for part in text.split("\n"))
        for text, column in zip(texts, columns, strict=True)
    )
    return min(HIGHEST_ROW, LINE_HEIGHT * (lines + 1))


def width_of(text: str) -> int:
    """Count a text's width in digits."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


Place = tuple[str, str]
"""province, and the parent agency's id where the province has a sheet for each"""


def sheet_of(row: Record) -> Place:
    """Say which sheet a row belongs on."""
    return row["province"], row["parent_agency_id"] if row["is_split"] else ""


def groups_names(groups: Iterable[tuple[Place, Sequence[Cause]]]) -> list[str]:
    """Name each sheet: the province, with the parent agency where it has more than one sheet."""
    return [
        f"{province} {causes[0].row['parent']}" if parent else province
        for (province, parent), causes in groups
    ]


def unique_names(names: Sequence[str]) -> list[str]:
    """Make names that Excel takes for sheets: short, without its marks, and no two the same.

    Excel compares without case, refuses a quote at either end, and keeps "History" for itself.
    """
    taken = {SUMMARY, QUESTIONS, "history"}
    unique = []
    for name in names:
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '") or "其他"
        tried, count = clean[:LONGEST_NAME].strip(" '"), 1
        while tried.casefold() in taken:
            count += 1
            mark = f" ({count})"
            tried = clean[: LONGEST_NAME - len(mark)] + mark
        taken.add(tried.casefold())
        unique.append(tried)
    return unique


def is_link(address: str | None) -> bool:
    """Whether an address may become a hyperlink: only the web's, and none too long for Excel."""
    return (
        bool(address and re.match(r"https?://\S+$", address)) and len(address or "") < LONGEST_LINK
    )


def _write_summary(
    sheet: Worksheet, worklist: Worklist, names: dict[Place, str], styles: Styles
) -> None:
    totals, reports = worklist.totals, worklist.reports
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 5, 10)
    sheet.set_column(6, 6, 34)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, "勾稽核实清单", styles.title)
    lines = (
        (
            f"共 {totals['causes']} 个原因：错误 {totals['errors']}，提示 {totals['warnings']}；"
            f"其中待处理 {totals['still_open']}（含已去函、已答复）。"
        ),
        (
            f"数据：{reports['agencies']} 个机关 {reports['first_year']} 至"
            f" {reports['last_year']} 年度报告 {reports['reports']} 份，"
            f"最近入库 {reports['landed_on']}。"
        ),
        *NOTES,
    )
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line, styles.plain)
    row = _write_parents(sheet, len(lines) + 2, worklist.by_parent, names, styles)
    families = [
        (FAMILIES_ZH.get(family := str(one["family"]), family), family, one)
        for one in worklist.by_family
    ]
    row = _write_counts(sheet, row + 1, ("勾稽关系类别", "代码"), families, styles)
    kinds = [(one["slip_zh"], one["likely_slip"] or "", one) for one in worklist.by_slip]
    row = _write_counts(sheet, row + 1, ("可能的差错", "代码"), kinds, styles)
    if worklist.unclassified:
        _write_unclassified(sheet, row + 1, worklist.unclassified, styles)
    _print_setup(sheet, SUMMARY, paper=9)


def _write_parents(
    sheet: Worksheet,
    row: int,
    by_parent: Sequence[Record],
    names: dict[Place, str],
    styles: Styles,
) -> int:
    rows = [(one["province"], one["parent"], one) for one in by_parent]
    end = _write_counts(sheet, row, ("省份", "上级机关或本机关"), rows, styles)
    sheet.write_string(row, 6, "工作表", styles.heading)
    for place, one in enumerate(by_parent, row + 1):
        name = names[sheet_of(one)]
        target = name.replace("'", "''")
        sheet.write_url(place, 6, f"internal:'{target}'!A1", styles.link, name)
    return end


def _write_counts(
    sheet: Worksheet,
    row: int,
    headings: tuple[str, str],
    rows: Sequence[tuple[str, str, Record]],
    styles: Styles,
) -> int:
    """Write a table of counts, and give the row after it."""
    for column, heading in enumerate((*headings, "原因", "错误", "提示", "待处理")):
        sheet.write_string(row, column, heading, styles.heading)
    for name, other, counts in rows:
        row += 1
        sheet.write_string(row, 0, name, styles.text)
        sheet.write_string(row, 1, other, styles.text)
        for column, count in enumerate(("causes", "errors", "warnings", "still_open"), 2):
            sheet.write_number(row, column, counts[count], styles.whole)
    return row + 1


def _write_unclassified(
    sheet: Worksheet, row: int, agencies: Sequence[Record], styles: Styles
) -> None:
    """List the agencies that a steward gives a sector."""
    for column, heading in enumerate(("系统未归类的机关", "机关", "省份")):
        sheet.write_string(row, column, heading, styles.heading)
    for place, one in enumerate(agencies, row + 1):
        for column, name in enumerate(("agency_id", "agency_name", "province")):
            sheet.write_string(place, column, one[name] or "", styles.text)


def _write_causes(sheet: Worksheet, name: str, causes: Sequence[Cause], styles: Styles) -> None:
    _write_head(sheet, COLUMNS, len(causes), styles)
    links = 0
    for row, cause in enumerate(causes, 1):
        links = _write_cause(sheet, row, cause, styles, links)
    for index, column in enumerate(COLUMNS):
        if column.heading == DECISION:
            choice = {"validate": "list", "source": list(DECISIONS)}
            sheet.data_validation(1, index, len(causes), index, choice)
    sheet.freeze_panes(1, 3)
    # what is filled in and pasted is for the screen
    sheet.print_area(0, 0, len(causes), len(CAUSE_COLUMNS) - 1)
    _print_setup(sheet, name, paper=A3)


def _write_questions(sheet: Worksheet, findings: Sequence[Record], styles: Styles) -> None:
    """List what the screens saw."""
    _write_head(sheet, QUESTION_COLUMNS, len(findings), styles)
    for row, finding in enumerate(findings, 1):
        _write_cells(sheet, row, question_cells(finding), QUESTION_COLUMNS, styles)
    sheet.freeze_panes(1, 2)
    _print_setup(sheet, QUESTIONS, paper=A3)


def _write_head(sheet: Worksheet, columns: Sequence[Column], rows: int, styles: Styles) -> None:
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(0, index, column.heading, styles.heading)
    sheet.autofilter(0, 0, rows, len(columns) - 1)
    sheet.repeat_rows(0)


def _write_cells(
    sheet: Worksheet,
    row: int,
    cells: Sequence[str | float],
    columns: Sequence[Column],
    styles: Styles,
) -> None:
    for column, cell in enumerate(cells):
        style = styles.text
        if columns[column] in FILLED_IN:
            style = styles.day if columns[column].heading in DAYS else styles.filled
        if cell == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell, style)
        else:
            is_year = columns[column].heading == "年度"
            sheet.write_number(row, column, cell, styles.text if is_year else styles.number)
    sheet.set_row(row, height_of([str(cell) for cell in cells], columns))


def question_cells(finding: Record) -> list[str | float]:
    """Give the cells of a row, in the order of `QUESTION_COLUMNS`."""
    return [
        finding["agency_name"],
        finding["report_year"],
        finding["title_zh"],
        ZH.tables[finding["form_table"]],
        finding["line_zh"] or "",
        finding["column_zh"] or "",
        *(
            "" if finding[name] is None else float(finding[name])
            for name in ("value", "usual_value")
        ),
        finding["other_report_id"] or "",
        finding["title"] or "",
        finding["source_url"] or finding["source_document"] or "",
    ]


def _write_cause(sheet: Worksheet, row: int, cause: Cause, styles: Styles, links: int) -> int:
    """Write a row, and give the number of links on the sheet so far."""
    _write_cells(sheet, row, cells_of(cause, row), COLUMNS, styles)
    address = cause.row["source_url"]
    if not is_link(address) or links == MOST_LINKS:
        return links
    # the address itself would not wrap as a link
    sheet.write_url(row, LINK, address, styles.link, "打开", address)
    return links + 1


def cells_of(cause: Cause, place: int) -> list[str | float]:
    """Give the cells of a row, in the order of `COLUMNS`."""
    of, checks = cause.row, cause.checks
    return [
        place,
        of["agency_name"],
        of["report_year"],
        ZH.severities[of["severity"]],
        _each([title_of(check, checks[0]) for check in checks]),
        _each([printed(check, cause.terms[check.key], checks[0]) for check in checks]),
        _figures([check.lhs for check in checks]),
        _figures([check.rhs for check in checks]),
        _figures([check.difference for check in checks]),
        slips(cause),
        (of["figures_affected"] or "").replace(", ", "\n"),
        _state(of),
        of["title"],
        of["source_url"] or of["source_document"] or "",
        "",
        question(cause),
        of["root_cause_id"],
        commands(cause),
        *(corrections(cause) if column.heading == CORRECTIONS else "" for column in FILLED_IN),
    ]


def _figures(values: Sequence[Decimal | None]) -> str | float:
    """Give one figure as a number, several as text, one a check."""
    if len(values) == 1 and values[0] is not None:
        return float(values[0])
    return _each([number(value) for value in values])


def _each(texts: Sequence[str]) -> str:
    """Put a text for each check into one cell, numbered where there are several."""
    if len(texts) == 1:
        return texts[0]
    numbered = [f"({place}) {text}" for place, text in enumerate(texts[:MOST_CHECKS], 1)]
    more = [f"… 共{len(texts)}项"] if len(texts) > MOST_CHECKS else []
    return "\n".join(numbered + more)


def _state(row: Record) -> str:
    """Say how far people have come: since when, and what is left where some checks are done."""
    said = STATES_ZH[row["state"]]
    if row["state"] != "open":
        said += f"\n{row['state_since']}"
    if 0 < row["checks_open"] < row["checks"]:
        said += f"\n余 {row['checks_open']}/{row['checks']} 项"
    return said


def _print_setup(sheet: Worksheet, name: str, paper: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L{name.replace('&', '&&')}&C第 &P 页，共 &N 页")
