"""Whose report a document is, and for which year.

Its titles, its metadata, its stated period and its date must agree; where they do not, and nothing
settles it, the document is refused with the candidates.  The name of the file is asked last.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gouji.landing.agencies import (
    GOVERNMENT,
    OFFICE,
    Registry,
    UnknownAgency,
    is_body,
)
from gouji.landing.grid import BODY_ENDINGS, Document, Paragraph, Refused
from gouji.landing.titles import (
    CRUMBS,
    Title,
    lines_of,
    narrow,
    parse_title,
    titles_in_metadata,
    titles_in_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.agencies import Key
    from gouji.landing.collected import Collected

FIRST_YEAR = 2008  # of the first annual reports
MONTH_OF_REPORTS = 12  # a report for a year is not written before this month of it

_PERIOD = re.compile(
    r"(20\d\d)(?:年度?[(]?|[./-])(?:0?1|一)[月./-](?:0?1|一)日?[^。；\d]{0,8}?[至到起止—~-]{1,3}"
    r"[^。；\d]{0,4}(?:(20\d\d)[年./-])?(?:12|十二)[月./-](?:31|三十一)(?!\d)"
)
_OF_THIS_REPORT = re.compile("统计|期限|起止|本报告|本年报|报告期")
_DATE = re.compile(
    r"(20\d\d)[-年/.](\d{1,2})[-月/.](\d{1,2})(?!\d)日?(?:[\sT]*(\d{1,2}:\d{2}(?::\d{2})?)(?!\d))?"
)
_PUBLISHED = re.compile(
    r"(发布|发文|公布|成文|公开|生成)(?:日期|时间)[:：]?\s*(20\d\d\D[^发公成生]{4,20})"
)
_PUBLISHER = re.compile(
    "(?:发布|发文)(?:机构|单位|机关):([\u4e00-\u9fff]+?)(?=$|[^\u4e00-\u9fff]|发[布文]|公开|成文|生成)"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"']{4,500}$")
_YEAR_OF_FILE = re.compile(r"(?<!\d)(20[12]\d)(?!\d)")
_NAME_OF_FILE = re.compile(r"[\u4e00-\u9fff]{3,40}")
# The body before the rest of a heading, and the one that a text begins with.
_NAMES = re.compile(r"([\u4e00-\u9fff]{3,40}?)(?:关于)?(?:20\d\d|政[府务]信息|信息公|政务公)")
_WRITTEN_BY = re.compile(
    "(?:现将|本报告由)?([\u4e00-\u9fff]{3,30}?[局委厅办部院处镇乡府会队])(?:根据|按照|依据|编制)"
)
_NAMED_TWICE = re.compile(r"([\u4e00-\u9fff]{1,8}?[省市县区旗盟州]).*\1")  # a region
LINES_OF_SIGNATURE = 4  # last lines of a document, among which who signs it may stand
_NEIGHBOUR = re.compile("[上下]一?[篇条页]")
LONGEST_INDEX = 120  # characters of a line that may hold the index of a page
LINES_WITH_DATE = 25  # first lines of a document, among which its date of publication may stand
_COMPACT_DATE = re.compile(r"^(20\d\d)(\d\d)(\d\d)(?=\D|$)")
_A_DAY = datetime.timedelta(days=1)
_DATE_KEYS = ("pubdate", "publishdate", "article:published_time", "publishtime", "contentdate")
_URL_KEYS = ("url", "og:url", "canonical", "saved from")
_SOURCE_KEYS = ("contentsource", "sitename", "author")
# Who publishes what others wrote: the office, the portal, the data bureau of a government.
_PUBLISHERS = frozenset(
    (GOVERNMENT, OFFICE, "administrative_approval", "data", "culture_tourism_sport", "unclassified")
)


@dataclass(slots=True)
class Identity:
    """Whose report it is."""

    agency_id: str
    agency_name: str
    report_year: int
    title: str
    published_on: str = ""
    source_url: str = ""
    notes: list[str] = field(default_factory=list)
    unknown: UnknownAgency | None = None  # the body, where `agencies` does not have it


def identify(
    document: Document,
    registry: Registry,
    *,
    file_stem: str = "",
    agency: str = "",
    year: int | None = None,
    origin: Collected | None = None,
) -> Identity:
    """Tell whose report a document is; `agency` (id or name) and `year`, if given, are believed.

    The address that it was collected from is its own; the words and the date of the link that led
    there are asked where the document says nothing.

    A body that is not known is given as `unknown` with the id that it would have.

    Raises `Refused` where it cannot be told, `UnknownAgency` for a body in no known region.
    """
    notes: list[str] = []
    period = _period(document)
    file_name, file_year = _from_file(origin.title if origin and origin.title else file_stem)
    believed = bool(agency), year is not None
    said, lines = titles_in_metadata(document), lines_of(document)
    title = _title(said, titles_in_text(lines, document.links), registry, period, believed)
    sources = _sources(document, lines)
    source = next(iter(sources), "")
    given = registry.agencies[agency]["agency_name"] if agency in registry.agencies else agency
    own = Title(
        "", given or title.name or source or file_name, year or title.year or period or file_year
    )
    published = _published(document, own, registry, notes)
    report_year = _year(title.year, period, published, notes, file=file_year, given=year)
    name = agency or title.name or source or file_name
    if not name:
        raise Refused("no agency is named in its title; name it with --agency")
    if not agency and _NAMED_TWICE.match(name):
        raise Refused(
            f"its title names several bodies: {name}; say whose report it is with --agency"
        )
    if not agency and not title.name:
        _refuse_other_body(name, document, lines, registry)
        if name == file_name:
            notes.append(f"the agency is taken from the name of the file: {name}")
    unknown: UnknownAgency | None = None
    try:
        agency_id = name if name in registry.agencies else registry.find(name)
        row = registry.agencies[agency_id]
    except UnknownAgency as error:
        if error.proposal.missing:
            raise
        unknown, row = error, error.proposal.row
        agency_id = row["agency_id"]
    names = dict.fromkeys(sources, "its source")
    names |= {one.name: "its page" for one in said if one.name}
    names |= {title.name: "its title"} if title.name else {}
    _compare_bodies(row["agency_name"], names, registry, notes, is_given=bool(agency))
    notes += _abolished(row["region_code"], report_year, registry)
    url = origin.address if origin else _url(document)
    host = urlsplit(url).hostname or "" if url else ""
    if url and not host.endswith(".gov.cn"):
        notes.append(
            f"its address {host} is not a government's and is not taken as evidence of the body"
        )
    return Identity(
        agency_id=agency_id,
        agency_name=row["agency_name"],
        report_year=report_year,
        title=title.printed or f"{row['agency_name']}{report_year}年政府信息公开工作年度报告",
        published_on=published or _listed(origin, report_year, notes),
        source_url=url,
        notes=notes,
        unknown=unknown,
    )


def stated_year(document: Document, file_stem: str = "") -> int | None:
    """The year that a document's period, title or file says, whosever report it is."""
    shown = titles_in_text(lines_of(document), document.links)
    titles = [*titles_in_metadata(document), *shown]
    named = next((title.year for title in titles if title.year), None)
    return _period(document) or named or _from_file(file_stem)[1]


# -- the title


def _title(
    said: list[Title],
    shown: list[Title],
    registry: Registry,
    period: int | None,
    believed: tuple[bool, bool],
) -> Title:
    """The document's own title among those that its metadata say and its text shows.

    Raises `Refused` where the metadata and the text name different reports, or the text names
    several and neither metadata nor headings nor the period tell which is its own.
    """
    said = _with_year(said)
    shown = _with_year(_own(shown, said))
    if not shown:
        return _one(said, registry, believed) if said else Title("", "", None)
    headings = [title for title in shown if title.is_heading and title.name]
    if any(title.year for title in said):
        _one(said, registry, believed)  # metadata that contradict each other settle nothing
        agreed = [t for t in headings or shown if all(_same(t, s, registry) for s in said)]
        if agreed:
            return _fuller(agreed, said)
        return _one([*(headings or shown), *said], registry, believed)
    chosen = headings or [title for title in shown if title.name] or shown
    if len(chosen) > 1 and period:
        chosen = [title for title in chosen if title.year == period] or chosen
    return _one(chosen, registry, believed)


def _own(shown: list[Title], said: list[Title]) -> list[Title]:
    """The titles that are not those of other pages: a link is one of its own page if nothing else.

    That is, if it is the heading, or the metadata name the same.
    """
    plain = [title for title in shown if not title.is_link]
    named = {title[1:3] for title in said}
    return plain or [title for title in shown if title.is_heading or title[1:3] in named]


def _with_year(titles: list[Title]) -> list[Title]:
    """The titles with a year, if there are any: one without may be that of a column of the site.

    But a heading that names a body is no column's.
    """
    return (
        [t for t in titles if t.year or (t.is_heading and t.name)]
        if any(t.year for t in titles)
        else titles
    )


def _fuller(agreed: list[Title], said: list[Title]) -> Title:
    """Of titles that agree the one that names body and year, completed from the metadata."""
    best = max(agreed, key=lambda title: (bool(title.name), title.year is not None))
    name = best.name or next((title.name for title in said if title.name), "")
    year = best.year or next((title.year for title in said if title.year), None)
    return best._replace(name=name, year=year)


def _one(titles: list[Title], registry: Registry, believed: tuple[bool, bool]) -> Title:
    """The one report that titles name; `Refused` with the candidates for several.

    What the caller gave, the agency or the year, is no difference between them.
    """
    first, *others = titles
    for other in others:
        same_body = believed[0] or _same_body(first.name, other.name, registry)
        same_year = believed[1] or _same_year(first.year, other.year)
        if not (same_body and same_year):
            names = dict.fromkeys(narrow(title.printed)[:60] for title in titles)
            raise Refused(
                f"it bears the titles of several reports ({'; '.join(list(names)[:4])}); say which "
                "it is with --agency and --year"
            )
    return _fuller(titles, titles)


def _same(one: Title, other: Title, registry: Registry) -> bool:
    return _same_year(one.year, other.year) and _same_body(one.name, other.name, registry)


def _same_year(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


def _same_body(one: str, other: str, registry: Registry) -> bool:
    """Whether two names are one body's; a title without a name contradicts none."""
    if not one or not other or one == other:
        return True
    first, second = _body(one, registry), _body(other, registry)
    return first is not None and first == second


def _body(name: str, registry: Registry, *, is_placed: bool = False) -> str | Key | None:
    """What stands for a body whatever its spelling: its id, or its key if it is not known.

    With `is_placed` none for an unknown one whose name does not say where it is.
    """
    try:
        return registry.find(name)
    except UnknownAgency as unknown:
        return None if is_placed and unknown.proposal.missing else unknown.proposal.key
    except Refused:
        return None


# -- the body


def _compare_bodies(
    name: str, said: dict[str, str], registry: Registry, notes: list[str], *, is_given: bool
) -> None:
    """Compare the body with the names that the document says, and where; `Refused` for another's.

    The source of a page is often the office that put it there, or the portal: that is no
    contradiction.  Where the caller named the body, a difference is only said.
    """
    for other, where in said.items():
        if _same_body(name, other, registry):
            continue
        if is_given:
            notes.append(f"the document names {other}, --agency {name}")
        elif not _may_publish_for(other, name, registry):
            raise Refused(
                f"its title names {name}, {where} {other}; say whose report it is with --agency"
            )


def _refuse_other_body(
    name: str, document: Document, lines: list[Paragraph], registry: Registry
) -> None:
    """Raise `Refused` where a body that no title names is not the one that the text names.

    Who publishes a report, or the name of its file, tells little of whose it is.
    """
    for other in dict.fromkeys(_bodies_in_text(document, lines)):
        body = _body(other, registry, is_placed=True)
        if body is not None and body != _body(name, registry):
            raise Refused(
                f"no title that could be read names its body: {name} is its source or file, and "
                f"its text names {other}; say whose report it is with --agency"
            )


def _bodies_in_text(document: Document, lines: list[Paragraph]) -> Iterator[str]:
    """The bodies that a heading, a breadcrumb, the first sentences or the signature name."""
    for line in lines:
        plain = narrow(line.text)
        if "公开" in plain and parse_title(line.text) is None and (match := _NAMES.match(plain)):
            yield match[1]
        crumbs = CRUMBS.split(plain)
        yield from (crumb for crumb in crumbs[1:] if crumb.endswith(BODY_ENDINGS))
        if match := _WRITTEN_BY.match(plain):
            yield match[1]
    for paragraph in document.paragraphs[-LINES_OF_SIGNATURE:]:
        plain = narrow(paragraph.text)
        if is_body(plain) and plain.endswith(BODY_ENDINGS):
            yield plain


def _may_publish_for(publisher: str, name: str, registry: Registry) -> bool:
    """Whether a body may have put a report of another on the page: one of its region or above.

    A part of a body, as its office, does so too.
    """
    try:
        theirs, own = registry.parts_of(publisher), registry.parts_of(name)
    except Refused:
        return True  # a name that could be several bodies' proves nothing
    if not theirs.region_code or not own.region_code:
        return True
    if theirs.region_code != own.region_code and not registry.is_inside(
        own.region_code, theirs.region_code
    ):
        return False
    return publisher.startswith(name) or registry.sector_of(theirs) in _PUBLISHERS


def _abolished(region_code: str, year: int, registry: Registry) -> list[str]:
    region = registry.regions.get(region_code, {})
    name, until, since = (
        region.get("region_name", ""),
        region.get("valid_to", ""),
        region.get("valid_from", ""),
    )
    if until and year > int(until):
        return [f"the region {name} was abolished in {until}"]
    if since and year < int(since) - 1:
        return [f"the region {name} was founded in {since}"]
    return []


def _sources(document: Document, lines: list[Paragraph]) -> list[str]:
    """The bodies that the metadata and the index of a page name as its source."""
    said = [document.metadata.get(key, "") for key in _SOURCE_KEYS]
    for line in lines:
        said += _PUBLISHER.findall(narrow(line.text)) if len(line.text) < LONGEST_INDEX else []
    names = dict.fromkeys(map(narrow, said))
    return [name for name in names if is_body(name) and name.endswith(BODY_ENDINGS)]


def _from_file(stem: str) -> tuple[str, int | None]:
    plain = narrow(stem)
    year, name = _YEAR_OF_FILE.search(plain), _NAME_OF_FILE.match(plain)
    return (name.group() if name else ""), (int(year.group(1)) if year else None)


# -- the year


def _year(
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


def _period(document: Document) -> int | None:
    """The year that the stated period is; of several the first that is said to be the report's."""
    periods = [
        (int(match[1]), bool(_OF_THIS_REPORT.search(paragraph.text)))
        for paragraph in document.paragraphs
        if "20" in paragraph.text or "二" in paragraph.text
        for match in _PERIOD.finditer(narrow(paragraph.text))
        if match[2] in (None, match[1])
    ]
    return next((year for year, is_said in periods if is_said), periods[0][0] if periods else None)


def _published(document: Document, own: Title, registry: Registry, notes: list[str]) -> str:
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
    if not _same_year(own.year, title.year):
        return True
    if not own.name or not title.name or own.name == title.name:
        return False
    bodies = [_body(name, registry, is_placed=True) for name in (own.name, title.name)]
    return None not in bodies and bodies[0] != bodies[1]


def _listed(origin: Collected | None, year: int, notes: list[str]) -> str:
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


def _url(document: Document) -> str:
    for key in _URL_KEYS:
        value = document.metadata.get(key, "")
        if _ADDRESS.match(value):
            return value
    return ""
