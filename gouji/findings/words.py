"""How numbers, cells and verdicts are put in words.

The form's own words come from the warehouse. Here are the headings of the form's sections
(国办公开办函〔2021〕30号, the same in 〔2019〕60号) and the words of this project.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from gouji.findings.read import SuspectCell, Term

Language = Literal["zh", "en"]

TABLES_ZH = {
    "disclosures": "表二",
    "requests": "表三",
    "reviews": "表四",
    "narrative": "正文",
}
TABLE_TITLES_ZH = {
    "disclosures": "主动公开政府信息情况",
    "requests": "收到和处理政府信息公开申请情况",
    "reviews": "政府信息公开行政复议、行政诉讼情况",
}
TABLE_TITLES_EN = {
    "disclosures": "Information published on the agency's own initiative",
    "requests": "Requests received and processed",
    "reviews": "Administrative reviews and litigation",
}
TABLES_EN = {
    "disclosures": "table 2",
    "requests": "table 3",
    "reviews": "table 4",
    "narrative": "prose",
}

MOST_NAMES = 4
LAST_YEAR = " last year"
# The form's advice to the clerk: （区分处理的，只计这一情形，不计其他情形）
ADVICE = re.compile(r"（[^（）]*，[^（）]*）$")


@dataclass(frozen=True)
class Words:
    """The words of one language."""

    tables: dict[str, str]
    sides: dict[str, str]
    verdicts: dict[str, str]
    severities: dict[str, str]
    statuses: dict[str, str]
    reasons: dict[str, str]


ZH = Words(
    tables=TABLES_ZH,
    sides={"left": "左", "right": "右"},
    verdicts={
        "holds": "成立",
        "holds_if_blank_is_zero": "空白视为零则成立",
        "broken": "不成立",
        "not_assessable": "无法判断",
    },
    severities={"error": "错误", "warning": "提示"},
    statuses={
        "reported": "",
        "blank": "空白",
        "not_applicable": "不适用",
        "unreadable": "无法识别",
        "contradictory": "前后不一",
        "absent": "文件中没有",
        "no_report": "没有可比报告",
    },
    reasons={
        "blank": "空白",
        "not_applicable": "不适用",
        "unreadable": "无法识别",
        "contradictory": "前后不一",
        "absent": "文件中没有",
        "one side": "等式一侧",
        "last year": "上年",
        "no report": "没有报告",
        "report is in the other layout": "报告为另一种格式",
        "a body was split": "机关有拆分",
        "undistributed": "未分列",
        "members": "所含机关",
        "no complete set of reports": "报告不齐",
    },
)
EN = Words(
    tables=TABLES_EN,
    sides={"left": "left", "right": "right"},
    verdicts={
        "holds": "holds",
        "holds_if_blank_is_zero": "holds if blank is zero",
        "broken": "broken",
        "not_assessable": "not assessable",
    },
    severities={"error": "error", "warning": "warning"},
    statuses={
        "reported": "",
        "blank": "blank",
        "not_applicable": "not applicable",
        "unreadable": "unreadable",
        "contradictory": "contradictory",
        "absent": "not in the document",
        "no_report": "no report to compare with",
    },
    reasons={"undistributed": "not distributed"},
)
LANGUAGES: dict[Language, Words] = {"zh": ZH, "en": EN}


def number(value: Decimal | None) -> str:
    """Write a number as people do: `5`, `-4`, `251000.5`; nothing where there is none."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def reason_words(
    reason: str | None, words: Words, labels: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Put a verdict's reason (`blank: total; absent: made`) in words.

    Of a long list of cells, the first are named: by `labels`, those without one by their codes.
    """
    parts = [part.split(": ", 1) for part in (reason or "").split("; ")]
    return "; ".join(
        ": ".join(words.reasons.get(word) or _cells(word, labels) for word in part)
        for part in parts
    )


def _cells(names: str, labels: Mapping[str, str]) -> str:
    cells = [_cell(name, labels) for name in names.split(", ")]
    if len(cells) <= MOST_NAMES:
        return ", ".join(cells)
    return f"{cells[0]}, {cells[1]}, … ({len(cells)})"


def _cell(name: str, labels: Mapping[str, str]) -> str:
    code = name.removesuffix(LAST_YEAR)
    return labels.get(code, code) + name[len(code) :]


def line_of(cell: Term | SuspectCell, language: Language) -> str:
    """Name the line of a cell; its code where the form has no label for it."""
    return (cell.line_zh if language == "zh" else cell.line_en) or cell.line_code


def column_of(cell: Term | SuspectCell, language: Language) -> str:
    """Name the column of a cell; its code where the form has no label for it."""
    return (cell.column_zh if language == "zh" else cell.column_en) or cell.column_code
