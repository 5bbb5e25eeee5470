"""For which year a report is and when it was published, by all that a document says of both."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import TYPE_CHECKING

from gouji.landing.grid import Document, Refused
from gouji.landing.named_bodies import LONGEST_INDEX, body_of
from gouji.landing.titles import Title, narrow, parse_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.agencies import Registry
    from gouji.landing.collected import Collected

FIRST_YEAR = 2008  # of the first annual reports
MONTH_OF_REPORTS = 12  # a report for a year is not written before this month of it
_PERIOD = re.compile(
    r"(20\d\d)(?:年度?[(]?|[./-])(?:0?1|一)[月./-](?:0?1|一)日?[^。；\d]{0,8}?[至到起止—~-]{1,3}"
    r"[^。；\d]{0,4}(?:(20\d\d)[年./-])?(?:12|十二)[月./-](?:31|三十一)(?!\d)"
)
_LAST_DAY = ("31", "３１", "三十一")  # few paragraphs name it
_OF_THIS_REPORT = re.compile("统计|期限|起止|本报告|本年报|报告期")
_DATE = re.compile(
    r"(20\d\d)[-年/.](\d{1,2})[-月/.](\d{1,2})(?!\d)日?(?:[\sT]*(\d{1,2}:\d{2}(?::\d{2})?)(?!\d))?"
)
_PUBLISHED = re.compile(
    r"(发布|发文|公布|成文|公开|生成)(?:日期|时间)[:：]?\s*(20\d\d\D[^发公成生]{4,20})"
)
_NEIGHBOUR = re.compile("[上下]一?[篇条页]")
LINES_WITH_DATE = 25  # first lines of a document, among which its date of publication may stand
_COMPACT_DATE = re.compile(r"^(20\d\d)(\d\d)(\d\d)(?=\D|$)")
_A_DAY = datetime.timedelta(days=1)
_DATE_KEYS = ("pubdate", "publishdate", "article:published_time", "publishtime", "contentdate")


def same_year(one: int | None, other: int | None) -> bool:
    """Whether two years are one; one that is not told contradicts none."""
    return one is None or other is None or one == other


def year_told(
    title: int | None,
    period: int | None,
    published: str,
    notes: list[str],
    *,
    file: int | None,
    given: int | None,
) -> int:
    """The year of the report: what title, period and date agree on, two of the three at least."""
    if given is not None:
        notes += _against_given(title, period, published, given)
        return _possible(given)
    before = int(published[:4]) - 1 if published else None
    year = title or period
    if title and period and title != period:
        if before == title or (before is None and file == title):
            notes.append(f"the period stated in the text is {period}, the title's year {title}")
        elif before == period:
            year = period
            notes.append(f"the title's year is {title}, the period stated in the text {period}")
        else:
            raise Refused(
                f"its title says {title} and the period that it states {period}; say which with "
                "--year"
            )
    if year is None and file is not None:
        year = file
        notes.append(f"the year is taken from the name of the file: {year}")
    if year is None:
        raise Refused("no year is told by its title or text; say which with --year")
    _possible(year)
    if published and published[:7] < f"{year}-{MONTH_OF_REPORTS:02}":
        raise Refused(
            f"it says that it is for {year} and was published on {published[:10]}, before that "
            "year was over; say which year with --year"
        )
    if before is not None and before != year:
        notes.append(f"published in {before + 1}, for the year {year}")
    return year


def _possible(year: int) -> int:
    """A year for which there can be a report; `Refused` for another."""
    if year < FIRST_YEAR:
        raise Refused(f"it is a report for {year}: annual reports begin with {FIRST_YEAR}")
    if year > _today().year:
        raise Refused(f"it says that it is for {year}, which is to come; say which with --year")
    return year


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()


def _against_given(title: int | None, period: int | None, published: str, given: int) -> list[str]:
    """What of a document speaks against the year that the caller gave."""
    notes = [
        f"{words} says {said}, --year {given}"
        for words, said in (("its title", title), ("the period that it states", period))
        if said is not None and said != given
    ]
    if published and published[:7] < f"{given}-{MONTH_OF_REPORTS:02}":
        notes.append(f"it was published on {published[:10]}, before the year {given} was over")
    elif published and title is period is None and int(published[:4]) - 1 != given:
        notes.append(f"it was published on {published[:10]}, --year {given}")
    return notes


def stated_period(document: Document) -> int | None:
    """The year that the stated period is; of several the first that is said to be the report's."""
    periods = [
        (int(match[1]), bool(_OF_THIS_REPORT.search(paragraph.text)))
        for paragraph in document.paragraphs
        if any(day in paragraph.text for day in _LAST_DAY)
        for match in _PERIOD.finditer(narrow(paragraph.text))
        if match[2] in (None, match[1])
    ]
    return next((year for year, is_said in periods if is_said), periods[0][0] if periods else None)


def published_on(document: Document, own: Title, registry: Registry, notes: list[str]) -> str:
    """When the document says that it was published: in its metadata, else in its first lines."""
    values = (_COMPACT_DATE.sub(r"\1-\2-\3", document.metadata.get(key, "")) for key in _DATE_KEYS)
    named = filter(None, map(_date, values))
    found = [
        (match[1], _date(match[2]), is_own)
        for text, is_own in _first_lines(document, own, registry)
        for match in _PUBLISHED.finditer(text)
    ]
    shown = {kind: date for kind, date, is_own in reversed(found) if date and is_own}
    said, text = next(named, ""), shown.get("发布", "")
    if said and text and said[:10] != text[:10]:
        notes.append(f"its metadata say that it was published on {said[:10]}, its text {text[:10]}")
    others = [date for _, date, is_own in found if date and not is_own]
    if others and not said and not shown:
        notes.append(f"{others[0][:10]} stands beside the title of another report: not its date")
    return said or text or next(reversed(shown.values()), "")


def _first_lines(document: Document, own: Title, registry: Registry) -> Iterator[tuple[str, bool]]:
    """The short ones of the first lines, and whether each is of this report.

    What stands beside or below the title of another report, above the own title or behind the
    tables, is of that one; the names of a page's neighbours are lines by themselves.
    """
    is_own = True
    for paragraph in document.paragraphs[:LINES_WITH_DATE]:
        if len(paragraph.text) >= LONGEST_INDEX:
            continue
        title = parse_title(paragraph.text) if "信息" in paragraph.text else None
        if title and title.year:
            is_anothers = _is_anothers(title, own, registry)
            if _NEIGHBOUR.match(narrow(paragraph.text)):
                yield paragraph.text, is_own and not is_anothers
                continue
            is_own = not is_anothers
        yield paragraph.text, is_own


def _is_anothers(title: Title, own: Title, registry: Registry) -> bool:
    """Whether a title is certainly of another report; a name of no known body tells nothing."""
    if not same_year(own.year, title.year):
        return True
    if not own.name or not title.name or own.name == title.name:
        return False
    bodies = [body_of(name, registry, is_placed=True) for name in (own.name, title.name)]
    return None not in bodies and bodies[0] != bodies[1]


def listed_on(origin: Collected | None, year: int, notes: list[str]) -> str:
    """The date beside the link that led to a document, if a report for the year can bear it."""
    date = _date(origin.listed_on) if origin else ""
    if date and date[:7] < f"{year}-{MONTH_OF_REPORTS:02}":
        notes.append(f"the list that names it has {date}, before {year} was over: not its date")
        return ""
    return date


def _date(text: str) -> str:
    """The first date in a text, with its time as far as that is told, to the second.

    A day that no calendar has or that is to come, or a time that no clock shows, is no date.
    """
    for match in _DATE.finditer(unicodedata.normalize("NFKC", text)):
        year, month, day, time = match.groups()
        clock = f"{time:0>{8 if time.count(':') == 2 else 5}}" if time else ""
        try:
            date = datetime.date(int(year), int(month), int(day))
            datetime.time.fromisoformat(clock or "00:00")
        except ValueError:
            continue
        if date <= _today() + _A_DAY:  # it may be tomorrow in China
            return f"{date.isoformat()} {clock}".rstrip()
    return ""
