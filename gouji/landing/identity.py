"""Whose report a document is, and for which year.

Its titles, its metadata, its stated period and its date must agree; where they do not, and nothing
settles it, the document is refused with the candidates.  The name of the file is asked last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gouji.landing.agencies import Registry, UnknownAgency
from gouji.landing.dates import (
    listed_on,
    published_on,
    same_year,
    stated_period,
    year_told,
)
from gouji.landing.grid import Document, Refused
from gouji.landing.named_bodies import compare_bodies, refuse_other_body, same_body, sources_of
from gouji.landing.titles import (
    Title,
    lines_of,
    narrow,
    titles_in_metadata,
    titles_in_text,
)

if TYPE_CHECKING:
    from gouji.landing.collected import Collected

_ADDRESS = re.compile(r"https?://[^\s<>\"']{4,500}$")
_YEAR_OF_FILE = re.compile(r"(?<!\d)(20[12]\d)(?!\d)")
_NAME_OF_FILE = re.compile(r"[\u4e00-\u9fff]{3,40}")
_NAMED_TWICE = re.compile(r"([\u4e00-\u9fff]{1,8}?[省市县区旗盟州]).*\1")  # a region
_URL_KEYS = ("url", "og:url", "canonical", "saved from")


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
    period = stated_period(document)
    file_name, file_year = _from_file(origin.title if origin and origin.title else file_stem)
    believed = bool(agency), year is not None
    said, lines = titles_in_metadata(document), lines_of(document)
    title = _title(said, titles_in_text(lines, document.links), registry, period, believed)
    sources = sources_of(document, lines)
    source = next(iter(sources), "")
    given = registry.agencies[agency]["agency_name"] if agency in registry.agencies else agency
    own = Title(
        "", given or title.name or source or file_name, year or title.year or period or file_year
    )
    published = published_on(document, own, registry, notes)
    report_year = year_told(title.year, period, published, notes, file=file_year, given=year)
    name = agency or title.name or source or file_name
    if not name:
        raise Refused("no agency is named in its title; name it with --agency")
    if not agency and _NAMED_TWICE.match(name):
        raise Refused(
            f"its title names several bodies: {name}; say whose report it is with --agency"
        )
    if not agency and not title.name:
        refuse_other_body(name, document, lines, registry)
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
    compare_bodies(row["agency_name"], names, registry, notes, is_given=bool(agency))
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
        published_on=published or listed_on(origin, report_year, notes),
        source_url=url,
        notes=notes,
        unknown=unknown,
    )


def stated_year(document: Document, file_stem: str = "") -> int | None:
    """The year that a document's period, title or file says, whosever report it is."""
    shown = titles_in_text(lines_of(document), document.links)
    titles = [*titles_in_metadata(document), *shown]
    named = next((title.year for title in titles if title.year), None)
    return stated_period(document) or named or _from_file(file_stem)[1]


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
        is_one_body = believed[0] or same_body(first.name, other.name, registry)
        is_one_year = believed[1] or same_year(first.year, other.year)
        if not (is_one_body and is_one_year):
            names = dict.fromkeys(narrow(title.printed)[:60] for title in titles)
            raise Refused(
                f"it bears the titles of several reports ({'; '.join(list(names)[:4])}); say which "
                "it is with --agency and --year"
            )
    return _fuller(titles, titles)


def _same(one: Title, other: Title, registry: Registry) -> bool:
    return same_year(one.year, other.year) and same_body(one.name, other.name, registry)


# -- the body


def _abolished(region_code: str, year: int, registry: Registry) -> list[str]:
    region = registry.regions.by_code.get(region_code, {})
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


def _from_file(stem: str) -> tuple[str, int | None]:
    plain = narrow(stem)
    year, name = _YEAR_OF_FILE.search(plain), _NAME_OF_FILE.match(plain)
    return (name.group() if name else ""), (int(year.group(1)) if year else None)


def _url(document: Document) -> str:
    for key in _URL_KEYS:
        value = document.metadata.get(key, "")
        if _ADDRESS.match(value):
            return value
    return ""
