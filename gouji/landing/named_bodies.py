"""Which bodies a document names, and whether they are one: its sources, its text, its signature."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.landing.agencies import UnknownAgency
from gouji.landing.agency_words import GOVERNMENT, OFFICE, is_body
from gouji.landing.grid import BODY_ENDINGS, Document, Paragraph, Refused
from gouji.landing.titles import CRUMBS, narrow, parse_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.agencies import Key, Registry

LONGEST_INDEX = 120  # characters of a line that may hold the index of a page
_PUBLISHER = re.compile(
    "(?:发布|发文)(?:机构|单位|机关):([\u4e00-\u9fff]+?)(?=$|[^\u4e00-\u9fff]|发[布文]|公开|成文|生成)"
)
# The body before the rest of a heading, and the one that a text begins with.
_NAMES = re.compile(r"([\u4e00-\u9fff]{3,40}?)(?:关于)?(?:20\d\d|政[府务]信息|信息公|政务公)")
_WRITTEN_BY = re.compile(
    "(?:现将|本报告由)?([\u4e00-\u9fff]{3,30}?[局委厅办部院处镇乡府会队])(?:根据|按照|依据|编制)"
)
LINES_OF_SIGNATURE = 4  # last lines of a document, among which who signs it may stand
_SOURCE_KEYS = ("contentsource", "sitename", "author")
# Who publishes what others wrote: the office, the portal, the data bureau of a government.
_PUBLISHERS = frozenset(
    (GOVERNMENT, OFFICE, "administrative_approval", "data", "culture_tourism_sport", "unclassified")
)


def same_body(one: str, other: str, registry: Registry) -> bool:
    """Whether two names are one body's; a title without a name contradicts none."""
    if not one or not other or one == other:
        return True
    first, second = body_of(one, registry), body_of(other, registry)
    return first is not None and first == second


def body_of(name: str, registry: Registry, *, is_placed: bool = False) -> str | Key | None:
    """What stands for a body whatever its spelling: its id, or its key if it is not known.

    With `is_placed` none for an unknown one whose name does not say where it is.
    """
    try:
        return registry.find(name)
    except UnknownAgency as unknown:
        return None if is_placed and unknown.proposal.missing else unknown.proposal.key
    except Refused:
        return None


def compare_bodies(
    name: str, said: dict[str, str], registry: Registry, notes: list[str], *, is_given: bool
) -> None:
    """Compare the body with the names that the document says, and where; `Refused` for another's.

    The source of a page is often the office that put it there, or the portal: that is no
    contradiction.  Where the caller named the body, a difference is only said.
    """
    for other, where in said.items():
        if same_body(name, other, registry):
            continue
        if is_given:
            notes.append(f"the document names {other}, --agency {name}")
        elif not _may_publish_for(other, name, registry):
            raise Refused(
                f"its title names {name}, {where} {other}; say whose report it is with --agency"
            )


def refuse_other_body(
    name: str, document: Document, lines: list[Paragraph], registry: Registry
) -> None:
    """Raise `Refused` where a body that no title names is not the one that the text names.

    Who publishes a report, or the name of its file, tells little of whose it is.
    """
    own = body_of(name, registry)
    for other in dict.fromkeys(_bodies_in_text(document, lines)):
        if body_of(other, registry, is_placed=True) not in (None, own):
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
    if theirs.region_code != own.region_code and not registry.regions.is_inside(
        own.region_code, theirs.region_code
    ):
        return False
    return publisher.startswith(name) or registry.sector_of(theirs) in _PUBLISHERS


def sources_of(document: Document, lines: list[Paragraph]) -> list[str]:
    """The bodies that the metadata and the index of a page name as its source."""
    said = [document.metadata.get(key, "") for key in _SOURCE_KEYS]
    for line in lines:
        said += _PUBLISHER.findall(narrow(line.text)) if len(line.text) < LONGEST_INDEX else []
    names = dict.fromkeys(map(narrow, said))
    return [name for name in names if is_body(name) and name.endswith(BODY_ENDINGS)]
