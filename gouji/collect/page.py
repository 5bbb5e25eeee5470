"""A page as the collection sees it: its title, whether it is a report, and where its links lead."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from lxml import etree, html

from gouji.collect.addresses import canonical, folder_of
from gouji.collect.kinds import suffix_in
from gouji.landing.grid import Refused
from gouji.landing.read_html import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.collect.rules import Rules

MOST_PAGES_IN_A_SCRIPT = 500
_DATE = re.compile(r"20\d\d[-./年]\d{1,2}[-./月]\d{1,2}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CUT = ("…", "...")
_LONGEST_ENTRY = 300  # characters of an entry of a list
_ENTRY_HEIGHT = 3  # elements from a link up to the entry of the list that it stands in
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,]\s*(?:url\s*=)?\s*[\"']?([^\"'>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads, its words, and the date printed beside it."""

    address: str
    title: str = ""
    listed_on: str = ""


@dataclass(slots=True)
class Page:
    """What a page says and where it leads."""

    title: str = ""
    is_report: bool = False
    reports: list[Link] = field(default_factory=list)  # named as reports, or columns of them
    documents: list[Link] = field(default_factory=list)  # whatever their words
    pictures: list[Link] = field(default_factory=list)  # beside the page
    paging: list[Link] = field(default_factory=list)  # within its folder
    onward: list[Link] = field(default_factory=list)  # frames, and where it sends its reader


def read_page(data: bytes, address: str, rules: Rules) -> Page:
    """Read a page, whatever encoding it declares; one that is damaged has no links."""
    try:
        text = decode(data)
        plain = _XML_DECLARATION.sub("", text)
        root = cast("html.HtmlElement", html.document_fromstring(plain))
        root.make_links_absolute(address, resolve_base_href=True, handle_failures="discard")
    except (Refused, etree.LxmlError, ValueError, AssertionError, RecursionError):
        return Page()
    page = Page(title=_title(root))
    scripts = [script.text or "" for script in root.iter("script")]
    etree.strip_elements(root, "script", "style", "noscript", etree.Comment, with_tail=False)
    page.is_report = rules.is_report(str(root.text_content()))
    seen: set[tuple[str, str]] = set()

    def add(to: list[Link], link: Link) -> None:
        if link.address and (link.address, link.title) not in seen:
            seen.add((link.address, link.title))
            to.append(link)

    for element in root.iter("a", "area"):
        link = _link(element, rules)
        if suffix_in(link.address) in rules.suffixes | rules.pictures:
            add(page.documents, link)
        elif rules.names_report(link.title):
            add(page.reports, link)
        elif rules.is_paging(link.title) and _is_of_list(link.address, address):
            add(page.paging, link)
    for found in _pages_of_script(scripts, address, rules):
        add(page.paging, found)
    for element in root.iter("iframe", "frame", "embed"):
        add(page.onward, Link(canonical(element.get("src") or "", rules, base=address)))
    for target in _refreshes(root):
        add(page.onward, Link(canonical(target, rules, base=address)))
    for element in root.iter("img"):
        source = canonical(element.get("src") or "", rules, base=address)
        if suffix_in(source) in rules.pictures and _is_within(source, address):
            add(page.pictures, Link(source, element.get("alt") or ""))
    return page


def _title(root: html.HtmlElement) -> str:
    named = root.xpath("//meta[translate(@name, 'ARTICLE', 'article')='articletitle']/@content")
    for text in [*map(str, named), *(str(e.text_content()) for e in root.iter("h1", "title"))]:
        if text.strip():
            return " ".join(text.split())
    return ""


def _link(element: html.HtmlElement, rules: Rules) -> Link:
    """A link with its words: those of its title, where what it shows is cut short or nothing."""
    shown = " ".join(str(element.text_content()).split())
    said = " ".join((element.get("title") or "").split())
    title = said if not shown or (shown.endswith(_CUT) and said) else shown
    return Link(canonical(element.get("href") or "", rules), title, _listed_on(element))


def _listed_on(element: html.HtmlElement) -> str:
    """The one date that the entry of a link prints; nothing where there are none or several."""
    entry = element
    for _ in range(_ENTRY_HEIGHT):
        parent = entry.getparent()
        if parent is None or len(list(parent.iter("a"))) > 1:
            break
        entry = parent
        text = str(entry.text_content())
        if len(text) > _LONGEST_ENTRY:
            break
        dates = set(_DATE.findall(text))
        if dates:
            return dates.pop() if len(dates) == 1 else ""
    return ""


def _is_of_list(address: str, page: str) -> bool:
    """Whether an address can be another page of a list: in its folder, or the same with a query."""
    of_it, of_page = urlsplit(address), urlsplit(page)
    return _is_within(address, page) and (not of_it.query or of_it.path == of_page.path)


def _is_within(address: str, page: str) -> bool:
    """Whether an address lies in the folder of a page, or deeper."""
    return folder_of(address).startswith(folder_of(page)) if address else False


def _pages_of_script(scripts: list[str], address: str, rules: Rules) -> Iterator[Link]:
    for script in scripts:
        for count, name, suffix in rules.paging_script.findall(script):
            for number in range(1, min(int(count), MOST_PAGES_IN_A_SCRIPT)):
                yield Link(canonical(f"{name}_{number}.{suffix}", rules, base=address))


def _refreshes(root: html.HtmlElement) -> Iterator[str]:
    for element in root.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "refresh":
            match = _REFRESH.match(element.get("content") or "")
            if match:
                yield match[1]
