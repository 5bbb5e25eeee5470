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

from gouji.landing.agency_words import is_body
from gouji.landing.grid import BODY_ENDINGS, Document, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

HEAD_LINES = 60  # lines of a document that are looked at for its title
LONGEST_LINE = 90  # characters of a line that may be a title, or of one with its breadcrumb
TITLE_LINES = 4  # lines that a title is set over at most
MOST_ABOVE = 3  # lines above a title that are looked at for the name in it
_OF_A_DOCUMENT = 256  # texts that are remembered: the lines of one are asked several times

_OPEN = "(?:(?:政[府务務]){0,2}信息|政[务務])(?:主动|主動)?公[开開](?:[和及与]政[务務]公[开開])?"
_KIND = "(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:年度)?(?:情况)?的?(?:[报報]告|年[报報])"
_REPORT = _OPEN + _KIND
_YEAR = r"(?P<year>20\d\d)年?度?(?:1月1日[至到—-]{1,2}12月31日)?"
_YEAR_WITHIN = re.compile(
    rf"^(?P<before>[^。；，\d]{{0,60}}?){_OPEN}(?:工作)?(?:情况)?{_YEAR}{_KIND}(?P<after>.*)$"
)
_YEAR_FIRST = re.compile(
    rf"^(?P<before>[^。；，]{{0,60}}?){_YEAR}(?P<middle>[^。；，\d]{{0,40}}?){_REPORT}(?P<after>.*)$"
)
_YEAR_LAST = re.compile(rf"^(?P<before>[^。；，\d]{{0,60}}?){_REPORT}[(]?{_YEAR}[)]?(?P<after>.*)$")
_NO_YEAR = re.compile(rf"^(?P<before>[^。；，\d]{{0,60}}?){_REPORT}(?P<after>.*)$")
# What may stand behind a title in its line, and what the text begins with where it was run on.
_AFTER = re.compile(r"^(?:[(][^()]{1,12}[)])?[》”\"'】]?(?:[-_|—–].{2,20}|.{0,3})$")
_TEXT_BEGINS = re.compile(
    r"^[)》]?(?:本报告|本年报|本年度报告|根据|按照|依据|为|现将|一、|目录|来源|信息来源|发布|索引)"
)
_BODY_BEGINS = re.compile(r"^(?:一、|[(]一[)]|本报告|根据《|按照《|依据《)|统计期限|1月1日")
_FORM_WORDS = ("第二十条", "信息内容", "本年新收", "制发件数")
CRUMBS = re.compile(r"[>»›→]|::|/{2}|\|")
_CHINESE_YEAR = re.compile("二[〇○零0Oo][〇○零Oo一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = dict(zip("〇○零Oo一二三四五六七八九", "00000123456789", strict=True))
_YEAR_ALONE = re.compile(rf"^[(\[]?{_YEAR}[)\]]?$")
_NAME_AND_YEAR = re.compile(r"^(?:(20\d\d)年?度?)?(\D+?)(?:(20\d\d)年?度?)?$")
_LETTER = re.compile(r"\w")
# What stands before the body's name, and what of "on the sending of the report" stands behind it.
_LEAD = re.compile(r"关于印发|(?:标题|名称|title|附件\d*):", re.IGNORECASE)
_TAIL = re.compile("的?(?:关于.{0,4})?(?:年度)?$")
_MARKS = "《》“”\"'·、:()[]【】-—"


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
    if "公开" not in plain and "公開" not in plain:
        return None
    for pattern in (_YEAR_LAST, _YEAR_FIRST, _YEAR_WITHIN, _NO_YEAR):
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
    name = _LEAD.split(words)[-1].strip(_MARKS).removeprefix("关于")
    name = _TAIL.sub("", name).strip(_MARKS)
    return f"{name}政府" if name.endswith("人民") else name


def lines_of(document: Document) -> list[Paragraph]:
    """The first lines of a document: paragraphs, and the texts of tables that only set them out.

    A line without a letter is none.
    """
    lines: list[Paragraph] = []
    for line in chain.from_iterable(map(_lines, document.blocks)):
        if len(lines) == HEAD_LINES or any(word in line.text for word in _FORM_WORDS):
            break
        if _LETTER.search(line.text):
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
    texts = Counter(narrow(CRUMBS.split(line.text)[-1]) for line in lines if links)
    begin = next((at for at, line in enumerate(lines) if _begins(line)), len(lines))
    # A title that the text follows in one line is looked at too, and one below where none is above.
    for chosen in (lines[: begin + 1], lines[begin + 1 :]):
        for title in _titles(chosen, linked):
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


def _titles(lines: list[Paragraph], links: Collection[str]) -> Iterator[Title]:
    used = -1
    for at, line in enumerate(lines):
        if at <= used:
            continue
        title = _title_at(line)
        if title is not None:
            above, below = lines[max(at - MOST_ABOVE, 0) : at], lines[at + 1 : at + 3]
            yield _with_lines_around(title, above, line, below, links)
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
    *_, last = CRUMBS.split(text)
    title = parse_title(last, is_heading=line.is_heading)
    return title if title and len(narrow(title.printed)) <= LONGEST_LINE else None


def _with_lines_around(
    title: Title,
    above: list[Paragraph],
    line: Paragraph,
    below: list[Paragraph],
    links: Collection[str],
) -> Title:
    """A title that lacks the body's name or the year with what stands for them around it.

    That is a name in the line above, with the year or not, and a year in a line by itself; but no
    name that is a link's or one of a list of bodies.
    """
    for at in range(len(above) - 1, -1, -1):
        text = narrow(above[at].text).strip("《》")
        if title.year is None and (year := _year_alone(above[: at + 1][::-1])):
            title = title._replace(year=year)
            continue
        if title.name or CRUMBS.search(text) or parse_title(above[at].text) is not None:
            break
        name, year = _name_and_year(text) if title.year is None else (text, title.year)
        is_listed = at > 0 and _is_one_of_a_list(narrow(above[at - 1].text))
        if not is_body(name) or name in links or is_listed:
            break
        is_one = above[at].is_heading and line.is_heading
        printed = title.printed if is_one else above[at].text + title.printed
        title = Title(printed, _name(name), year, title.is_heading)
    return title._replace(year=title.year or _year_alone(below))


def _year_alone(lines: list[Paragraph]) -> int | None:
    """The year that the first of some lines is; none of a list of years."""
    found = [_YEAR_ALONE.match(narrow(line.text)) for line in lines[:2]]
    return int(found[0]["year"]) if found and found[0] and not any(found[1:]) else None


def _name_and_year(text: str) -> tuple[str, int | None]:
    """The name in a line, with a year before or behind it."""
    match = _NAME_AND_YEAR.match(text)
    year = match and (match[1] or match[3])
    return (match[2], int(year)) if match and year else (text, None)


def _is_one_of_a_list(above: str) -> bool:
    """Whether a name stands below that of another body, not of its government."""
    return is_body(above) and above.endswith(BODY_ENDINGS) and not above.endswith("府")


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
