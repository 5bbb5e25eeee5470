"""Which report a document says it is: the titles it bears, and the one that is its own.

A page bears titles of other reports too: links, breadcrumbs, an index.  Its own is the one that its
metadata names, or that stands as its heading, or the only one before its text begins; where that
leaves two, none is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.agencies import is_body
from gouji.landing.grid import Document, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD_LINES = 60  # lines of a document that are looked at for its title
LONGEST_LINE = 90  # characters of a line that may be a title, or of one with its breadcrumb
TITLE_LINES = 4  # lines that a title is set over at most
_OF_A_DOCUMENT = 256  # texts that are remembered: the lines of one are asked several times

_REPORT = (
    "(?:政府|政务){0,2}信息(?:主动)?公开(?:工作)?(?:年度)?(?:工作)?(?:年度)?(?:情况)?的?"
    "(?:报告|年报)"
)
_YEAR = r"(?P<year>20\d\d)年?度?"
_YEAR_FIRST = re.compile(
    rf"^(?P<before>[^。；，]{{0,60}}?){_YEAR}(?P<middle>[^。；，\d]{{0,40}}?){_REPORT}(?P<after>.*)$"
)
_YEAR_LAST = re.compile(rf"^(?P<before>[^。；，\d]{{0,60}}?){_REPORT}[(]?{_YEAR}[)]?(?P<after>.*)$")
_NO_YEAR = re.compile(rf"^(?P<before>[^。；，\d]{{0,60}}?){_REPORT}(?P<after>.*)$")
# What may stand behind a title in its line, and what the text begins with where it was run on.
_AFTER = re.compile(r"^(?:[(](?:摘要|全文|公开版)[)])?[》”\"']?.{0,3}$")
_TEXT_BEGINS = re.compile(
    r"^[)》]?(?:本报告|本年报|本年度报告|根据|按照|依据|为|现将|一、|目录|来源|信息来源|发布|索引)"
)
_BODY_BEGINS = re.compile(r"^(?:一、|[(]一[)]|本报告|根据《|按照《|依据《)|统计期限|1月1日")
_FORM_WORDS = ("第二十条", "信息内容", "本年新收", "制发件数")
_CRUMBS = re.compile(r"[>»›→]|::|/{2}|\|")
_CHINESE_YEAR = re.compile("二[〇○零0][〇○零一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))


class Title(NamedTuple):
    """A title: as printed, the body's name in it (may be empty) and its year (may be none)."""

    printed: str
    name: str
    year: int | None
    is_heading: bool = False
    is_link: bool = False  # it stands nowhere but in links


@lru_cache(maxsize=_OF_A_DOCUMENT)
def narrow(text: str) -> str:
    """A text without spaces, in half-width characters, its year in digits."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return _CHINESE_YEAR.sub(
        lambda match: "20" + "".join(_CHINESE_DIGITS.get(char, char) for char in match.group()[2:]),
        plain,
    )


@lru_cache(maxsize=_OF_A_DOCUMENT)
def parse_title(text: str, *, is_heading: bool = False) -> Title | None:
    """A text as the title of a report, or nothing."""
    plain = narrow(text)
    if "信息" not in plain:
        return None
    for pattern in (_YEAR_LAST, _YEAR_FIRST, _NO_YEAR):
        match = pattern.match(plain)
        if match is None:
            continue
        after = match["after"]
        if not (_AFTER.match(after) or _TEXT_BEGINS.match(after)) or "公开指南" in plain:
            continue
        parts = match.groupdict()
        name = _name(f"{parts['before']}{parts.get('middle') or ''}")
        year = parts.get("year")
        printed = text if not after or _AFTER.match(after) else plain[: match.start("after")]
        return Title(printed.strip(), name, int(year) if year else None, is_heading)
    return None


def _name(words: str) -> str:
    """The body's name before 信息公开, whole again where its 政府 was taken for the form's."""
    name = (
        re.split("关于印发|标题:|名称:", words)[-1].strip("《》“”\"'·、:()-—").removeprefix("关于")
    )
    name = name.removesuffix("的").removesuffix("关于").removesuffix("年度").strip("《》“”\"'")
    return f"{name}政府" if name.endswith("人民") else name


def lines_of(document: Document) -> list[Paragraph]:
    """The first lines of a document: paragraphs, and the texts of tables that only set them out."""
    lines: list[Paragraph] = []
    for line in chain.from_iterable(map(_lines, document.blocks)):
        if len(lines) == HEAD_LINES or any(word in line.text for word in _FORM_WORDS):
            break
        lines.append(line)
    return lines


def _lines(block: Paragraph | Table) -> Iterable[Paragraph]:
    if isinstance(block, Paragraph):
        return [block]
    return (Paragraph(text) for row in block.rows for text in row.texts if text)


def titles_in_text(lines: list[Paragraph], links: list[str]) -> list[Title]:
    """The titles before the text begins, in order, each once; those that are headings say so."""
    found: dict[tuple[str, int | None], Title] = {}
    linked = Counter(map(narrow, links))
    texts = Counter(narrow(_CRUMBS.split(line.text)[-1]) for line in lines if links)
    begin = next((at for at, line in enumerate(lines) if _begins(line)), len(lines))
    # A title that the text follows in one line is looked at too, and one below where none is above.
    for chosen in (lines[: begin + 1], lines[begin + 1 :]):
        for title in _titles(chosen):
            text = narrow(title.printed)
            title = title._replace(is_link=0 < texts[text] <= linked[text])  # noqa: PLW2901
            key = (title.name, title.year)
            before = found.get(key)
            if before is None or _rank(title) > _rank(before):
                found[key] = title
        if found:
            break
    return list(found.values())


def _rank(title: Title) -> tuple[bool, bool]:
    return not title.is_link, title.is_heading


def _begins(line: Paragraph) -> bool:
    plain = narrow(line.text)
    return bool(_BODY_BEGINS.search(plain)) and parse_title(line.text) is None


def _titles(lines: list[Paragraph]) -> Iterator[Title]:
    used = -1
    for at, line in enumerate(lines):
        if at <= used:
            continue
        title = _title_at(line)
        if title is not None:
            yield _with_line_above(title, lines[at - 1] if at else None, line)
            continue
        for end in range(at + 2, min(at + TITLE_LINES, len(lines)) + 1):
            texts = [one.text for one in lines[at:end]]
            if sum(map(len, texts)) > LONGEST_LINE or _title_at(lines[end - 1]) is not None:
                break
            title = parse_title("".join(texts), is_heading=line.is_heading)
            if title is not None and title.name:
                used = end - 1
                yield title
                break


def _title_at(line: Paragraph) -> Title | None:
    """The title that a line is, or that stands last in a breadcrumb, or that the text follows."""
    text = line.text
    if len(text) > LONGEST_LINE * 4:
        text = text[: LONGEST_LINE * 2]
    *_, last = _CRUMBS.split(text)
    title = parse_title(last, is_heading=line.is_heading)
    return title if title and len(narrow(title.printed)) <= LONGEST_LINE else None


def _with_line_above(title: Title, above: Paragraph | None, line: Paragraph) -> Title:
    """A title that lacks the body's name with the name in the line above it."""
    if title.name or above is None or _CRUMBS.search(above.text):
        return title
    name, year = narrow(above.text).strip("《》"), title.year
    if year is None:
        match = re.match(r"^(.*?)(20\d\d)年?度?$", name)
        if match:
            name, year = match[1], int(match[2])
    if not is_body(name) or parse_title(above.text) is not None:
        return title
    both_headings = above.is_heading and line.is_heading
    printed = title.printed if both_headings else above.text + title.printed
    return Title(printed, _name(name), year, title.is_heading)


def titles_in_metadata(document: Document) -> list[Title]:
    """The titles that the document's metadata and its page title name."""
    found = []
    for text in (
        document.metadata.get("articletitle", ""),
        document.metadata.get("og:title", ""),
        *re.split("[-_|—]", document.title)[:1],
    ):
        title = parse_title(text)
        if title is not None:
            found.append(title)
    return found
