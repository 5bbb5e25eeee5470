"""Figures stated in the prose, with the place where each stands.

Precision first: a figure is taken only where its sentence fits one of the patterns below and no
other sentence of the report states another number for the same thing.  The sentence itself goes
into the evidence file beside the document, never into the raw tables.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gouji.landing.grid import Document, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SENTENCE = 600
_NUMBERS = "一二三四五六七八九十"
_SECTION = re.compile(f"^([{_NUMBERS}])、")
_SENTENCE = re.compile("[^。；;！!？?]+[。；;！!？?]?")
_YEARS_AGO = re.compile("上一?年度?共|去年同期|截至目前|历年|历史累计")

# In the patterns: N a number, U a unit of counting, G a gap without digits or an end of a clause,
# L a gap that may hold commas.
_MACROS = {
    "N": r"(\d[\d,]*(?:\.\d+)?(?:余|多)?)",
    "U": "(?:件|条|份|篇|起|项|宗|批次|次|则|个)",
    "G": r"[^\d。；;,，:：]{0,18}?",
    "W": r"[^\d。；;,，:：]{0,45}?",
    "L": r"[^\d。；;]{0,24}?",
}

# (figure, pattern, words that must not stand between the beginning of the match and the number)
_PATTERNS: tuple[tuple[str, str, str], ...] = (
    (
        "requests_received",
        (
            "(?:收到|接收|受理){W}(?:公开申请|申请公开政府信息的要求|依申请公开|申请件)"
            "(?:共计|共|数量|数|件)?{N}(?:件|份|条|宗)"
        ),
        "复议|诉讼|办结|答复|投诉|热线|结转|依申请公开信息",
    ),
    ("requests_received", "(?:收到|受理){N}(?:件|份)(?:政府)?(?:信息公开)?申请", ""),
    ("requests_received", "(未收到)过?{G}公开(?:政府信息)?申请", ""),
    (
        "requests_processed",
        (
            "(?:办结|办理|答复|回应)(?:政府信息)?(?:依申请公开|依申请|公开申请|信息公开申请)"
            "(?:信息|件)?(?:共)?{N}(?:件|条|份)"
        ),
        "",
    ),
    ("requests_processed", "(?:按时)?办结申请{N}件", ""),
    (
        "requests_processed",
        "申请.{0,60}?(?:已|共|依法依规|受理并)办结{N}件",
        "复议|诉讼|投诉|热线|。",
    ),
    ("requests_processed", "{N}件公开申请均?已?办结", ""),
    ("requests_processed", "申请.{0,40}?规范答复{N}件", "复议|诉讼|。"),
    ("requests_processed", "公开申请\\d+件,答复{N}件", ""),
    ("requests_carried_in", "结转上年度?(?:政府)?信息公开申请{N}件", ""),
    ("requests_carried_in", "上年度?结转(?:政府信息公开)?(?:申请)?{N}件", ""),
    ("requests_carried_out", "{N}件(?:申请[^。；\\d]{{0,14}})?(?:结转|顺延)[至到]?下一?年度?", ""),
    ("requests_carried_out", "结转[至到]?(?:20\\d\\d年|下一?年度?)(?:继续办理)?{N}件", ""),
    ("requests_granted", '(?<!不)(?<!及)(?:予以公开|同意公开)(?:答复)?数?[”"]?{N}件', ""),
    ("requests_partially_granted", '(?<!及)(?:区分处理后?公开|部分公开)(?:答复)?数?[”"]?{N}件', ""),
    ("requests_granted_or_partial", "予以公开[及和]部分公开{N}件", ""),
    ("requests_denied", '不予公开(?:答复)?数?[”"]?{N}件', ""),
    ("requests_unavailable", '无法提供(?:相关信息)?(?:答复)?数?[”"]?{N}件', ""),
    ("requests_unprocessed", '不予处理(?:答复)?数?[”"]?{N}件', ""),
    ("requests_other", "其他处理(?:答复)?数?{N}件", ""),
    ("reviews", "行政复议(?:案件|申请)?(?:共|共计)?{N}(?:件|起|条|宗)", ""),
    ("lawsuits", "(?:行政)?诉讼(?:案件)?(?:共|共计)?{N}(?:件|起|条|宗)", ""),
    ("reviews_upheld", "行政复议\\d+件,其中结果维持{N}件", ""),
    ("reviews_corrected", "行政复议\\d+件,其中.{0,20}?结果纠正{N}件", "诉讼"),
    ("reviews_other", "行政复议\\d+件,其中.{0,35}?其他结果{N}件", "诉讼"),
    ("reviews_pending", "行政复议\\d+件,其中.{0,50}?尚未审结{N}件", "诉讼"),
    ("lawsuits_upheld", "行政诉讼\\d+件,其中结果维持{N}件", ""),
    ("lawsuits_corrected", "行政诉讼\\d+件,其中.{0,20}?结果纠正{N}件", "复议"),
    ("lawsuits_other", "行政诉讼\\d+件,其中.{0,35}?其他结果{N}件", "复议"),
    ("lawsuits_pending", "行政诉讼\\d+件,其中.{0,50}?尚未审结{N}件", "复议"),
    ("lawsuits", "(未发生)(?:(?!复议)[^\\d。；;,，]){{0,40}}行政诉讼", ""),
    (
        "normative_made",
        "(?:制定|制发|新制发|年发布)的?(?:行政)?规范性文件(?:共|共计)?{N}(?:件|份)",
        "",
    ),
    (
        "normative_in_force",
        "(?:规范性文件.{0,40})?现行有效的?(?:行政)?(?:规范性文件|件数)(?:共|共计)?{N}(?:件|份)",
        "。|废止$",
    ),
    ("normative_repealed", "(?:宣布|失效或|局|年)废止的?(?:行政)?(?:规范性)?文件{N}(?:件|份)", ""),
    ("normative_items_published", "规范性文件类?(?:信息)?数?(?:共|共计)?{N}条", "审核"),
    ("normative_items_published", "公开规章\\d+件,(?:行政)?规范性文件{N}件", ""),
    ("regulation_published", "公开规章{N}件", ""),
    ("regulation_made", "新增公开(?:省|市)政府规章{N}件", ""),
    ("permit_decisions_published", "公示行政许可信息{N}条", ""),
    ("penalty_decisions_published", "公示(?:行政许可信息\\d+条、)?行政处罚信息{N}条", ""),
    ("permit_items_published", "(?<!公示)行政许可类?(?:信息)?{N}条", ""),
    ("penalty_items_published", "(?<!公示)(?<!条、)行政处罚类(?:信息)?{N}条", ""),
    ("penalty_decisions", "行政处罚决定{N}(?:起|件|宗)", ""),
    (
        "wechat_items",
        "(?:微信|公众号){L}(?:发布|推送|发送|公开|发表|推文){G}{N}(?:条|篇|则)",
        "微博|网站|门户|抖音|分别|其中|期",
    ),
    (
        "weibo_items",
        "微博{L}(?:发布|推送|发送|公开|发表){G}{N}(?:条|篇|则)",
        "微信|公众号|网站|抖音|分别|其中",
    ),
    ("weibo_items", "微博、微信分别发布{G}{N}条和\\d+条", ""),
    ("wechat_items", "微博、微信分别发布{G}\\d+条和{N}条", ""),
    (
        "website_items",
        "(?:网站|门户网|政府网站平台){W}(?:公开|发布){G}{N}(?:条|份|篇)",
        "微信|公众号|微博|依申请|回应|规范性文件|专栏,|其中|新媒体",
    ),
    ("items_published_cumulative", "(?:历年累计主动公开|共公开文件累计){G}{N}(?:条|份)", ""),
    (
        "items_published",
        "(?<!依申请)(?:主动公开)(?:的|{W}(?:政府|政务)信息|信息数?)?(?:数)?(?:共|为|共计)?{N}(?:条|份)",
        "网站|门户|微信|公众号|微博|依申请公开|不予公开",
    ),
    ("items_published", "其中主动公开信息数{N}(?=,)", ""),
    (
        "items_published",
        "(?<!不予)(?<!依申请)(?:公开|公布)(?:公文类|公安)?政府信息(?:共|共计)?{N}条",
        "",
    ),
    ("items_published", "(?:局|全年|年,?)公开{N}条政务信息", ""),
    ("items_published", "年共发布信息{N}条", ""),
    ("procurement_items", "采购(?:项目)?信息{N}(?:条|批次)", ""),
    ("procurement_amount", "采购信息\\d+(?:条|批次)(?:共|涉及金额)(\\d[\\d,.]*万?元)", ""),
    ("enforcement_items_published", "行政执法公示.{0,50}?(?:公布|公开){N}条", "。"),
    ("information_fee", "信息处理费(?:共计|共|为)?(\\d[\\d,.]*\\s?万?元)", ""),
)
_COMPILED = tuple(
    (code, re.compile(_expand), re.compile(barred) if barred else None)
    for code, pattern, barred in _PATTERNS
    for _expand in [
        pattern.replace("{{", "\x00")
        .replace("}}", "\x01")
        .replace("{N}", _MACROS["N"])
        .replace("{G}", _MACROS["G"])
        .replace("{W}", _MACROS["W"])
        .replace("{L}", _MACROS["L"])
        .replace("{U}", _MACROS["U"])
        .replace("\x00", "{")
        .replace("\x01", "}")
    ]
)
_CHANNEL = re.compile("网站|门户网|微信|公众号|微博|抖音|平台公示|信用信息平台")
_POWER_LIST = re.compile("权责清单|权力清单|权责事项清单")
_POWER_KINDS = {
    "行政许可": "permit",
    "行政处罚": "penalty",
    "行政强制": "coercion",
    "行政检查": "inspection",
    "行政确认": "confirmation",
    "行政奖励": "reward",
    "行政征收": "levy",
    "行政给付": "payment",
    "行政裁决": "adjudication",
    "其他类型": "other",
}
# What happened to the items of powers that are named next.
_POWER_CHANGES = {
    "划转": "_transferred",
    "取消": "_cancelled",
    "增加": "_added",
    "新增": "_added",
}
_POWER = re.compile(
    f"(?P<change>共有|现有|{'|'.join(_POWER_CHANGES)})"
    f"|(?P<kind>{'|'.join(_POWER_KINDS)})(?:事项)?(?P<number>\\d+)项"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure stated in the prose; the sentence stays on this machine."""

    code: str
    printed: str
    locator: str
    sentence: str


def narrative_figures(document: Document) -> list[Figure]:
    """The figures that the prose of a report states, each only where it can mean one thing."""
    found: list[Figure] = []
    for text, locator in _paragraphs(document):
        for sentence in _SENTENCE.findall(text):
            if len(sentence) <= MAX_SENTENCE:
                found.extend(
                    Figure(code, _as_printed(printed, sentence), locator, sentence.strip())
                    for code, printed in figures_in(sentence)
                )
    said: dict[str, set[str]] = {}
    for figure in found:
        said.setdefault(figure.code, set()).add(figure.printed)
    first: dict[str, Figure] = {}
    for figure in found:
        if len(said[figure.code]) == 1:
            first.setdefault(figure.code, figure)
    return list(first.values())


def _paragraphs(document: Document) -> Iterator[tuple[str, str]]:
    """The paragraphs of prose with their places, `section 1 paragraph 3`."""
    section = paragraph = 0
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            continue
        heading = _SECTION.match(block.text)
        if heading:
            section, paragraph = _NUMBERS.index(heading.group(1)) + 1, 0
            if len(block.text) <= 40 and "。" not in block.text:
                continue
        paragraph += 1
        yield block.text, f"section {section} paragraph {paragraph}"


def _as_printed(figure: str, sentence: str) -> str:
    """A figure with the spaces that its sentence prints in it."""
    match = re.search(r"\s*".join(map(re.escape, figure)), sentence)
    return match.group() if match else figure


def figures_in(sentence: str) -> list[tuple[str, str]]:
    """The figures that one sentence states: (figure, printed); none that it states twice."""
    plain = "".join(unicodedata.normalize("NFKC", sentence).split())
    if not re.search(r"\d|未收到|未发生", plain):
        return []
    found: dict[str, set[str]] = {}
    for code, pattern, barred in _COMPILED:
        for match in pattern.finditer(plain):
            before = plain[match.start() : match.start(1)]
            if barred is not None and barred.search(before):
                continue
            if code == "items_published":
                clause = re.split("[,。;]", plain[: match.start(1)])[-1]
                if _CHANNEL.search(clause):
                    continue
            if not code.endswith("cumulative"):
                clause_start = max(plain.rfind(mark, 0, match.start(1)) for mark in ",。;(")
                if _YEARS_AGO.search(plain[max(0, clause_start - 8) : match.start(1)]):
                    continue
            found.setdefault(code, set()).add(match.group(1))
    for code, printed in _power_items(plain):
        found.setdefault(code, set()).add(printed)
    return [(code, printed.pop()) for code, printed in found.items() if len(printed) == 1]


def _power_items(plain: str) -> Iterator[tuple[str, str]]:
    """The items of powers by kind: those on the list, and those that came to it or left it."""
    on_list = "" if _POWER_LIST.search(plain) else None
    change = on_list
    for match in _POWER.finditer(plain):
        if match["change"]:
            change = _POWER_CHANGES.get(match["change"], on_list)
        elif change is not None:
            yield f"{_POWER_KINDS[match['kind']]}_power_items{change}", match["number"]
