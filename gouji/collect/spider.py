"""The way from the listed addresses to the documents: which links are followed, and how far.

Each host has a queue of its own and one request under way.  An address that was answered in this
run is not asked again: its stored content is read for its links instead, so that a run which was
interrupted finds its way from the list anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest

from gouji.collect.addresses import canonical, folder_of, host_of
from gouji.collect.archive import Answer
from gouji.collect.index import Outcome, Row
from gouji.collect.kinds import HTML, kind_of
from gouji.collect.page import Link, Page, read_page
from gouji.collect.politeness import Forbidden, OtherHost, RobotsUnread, wants_long_rest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from gouji.collect.rules import Rules
    from gouji.collect.store import Collection

_MOVED = frozenset([301, 302, 303, 307, 308])
_NOTHING_THERE = "no report is on it, and no link to one that is followed"
_NOWHERE = "it leads to no web address"
_IN_A_CIRCLE = "it leads back to where it was led from"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a run goes."""

    addresses_of_a_host: int = 20_000
    bytes_of_a_document: int = 60_000_000
    redirects: int = 5
    depth: int = 4  # links from a listed page, not counting the pages of a list
    pages_of_a_list: int = 300
    idle_pages: int = 2  # of a list, one after the other, that name no other reports


@dataclass(frozen=True, slots=True)
class Errand:
    """An address to be asked, and how the way led there."""

    address: str
    title: str = ""
    listed_on: str = ""
    found_on: str = ""
    is_report: bool = False  # a link named it a report, or a page that is one offers it
    depth: int = 0
    redirects: int = 0
    list_of: str = ""  # the first page of the list that it is a page of
    idle: int = 0
    named_before: frozenset[str] = frozenset()  # the reports that the page before names


class Collector(Spider):
    """Asks, stores and follows."""

    name = "gouji"

    def __init__(
        self,
        listed: Iterable[str],
        collection: Collection,
        rules: Rules,
        bounds: Bounds,
        say: Callable[[Row], None],
    ) -> None:
        super().__init__()
        self.listed = tuple(listed)
        self.collection, self.rules, self.bounds, self.say = collection, rules, bounds, say
        self.hosts = frozenset(map(host_of, self.listed))
        self.left_alone: dict[str, str] = {}  # a host that wants it, and what it said
        self.failed: dict[str, Row] = {}
        self.asked = 0
        self.broke: Exception | None = None
        self.is_whole = False  # whether it came to its end without an interruption
        self._queues: dict[str, deque[Errand]] = defaultdict(deque)
        self._busy: set[str] = set()  # hosts with a request under way
        self._seen: set[str] = set()
        self._count: Counter[str] = Counter()  # addresses of a host, pages of a list
        self._beyond: dict[str, tuple[Errand, str]] = {}  # not followed, and why; by address

    async def start(self) -> AsyncIterator[Request]:
        """The first request of each host."""
        try:
            for address in self.listed:
                self._send(Errand(address, list_of=address))
            for request in self._of_free_hosts():
                yield request
        except Exception as error:  # Scrapy writes it to its log and ends as if all was well
            self.broke = error
            raise

    # -- from errand to request

    def _send(self, errand: Errand) -> None:
        """Put an errand into the queue of its host, once, if it is within the bounds."""
        host = host_of(errand.address)
        if errand.address in self._seen:
            return
        self._seen.add(errand.address)
        self._count[host] += 1
        reason = ""
        if host not in self.hosts:
            reason = f"{host} is not among the hosts of the list"
        elif errand.redirects > self.bounds.redirects:
            reason = f"more than {self.bounds.redirects} redirects lead there"
        elif self._count[host] > self.bounds.addresses_of_a_host:
            reason = f"the host has more than {self.bounds.addresses_of_a_host} addresses (--most)"
        if reason:
            self._note(errand, Outcome.REFUSED, reason=reason)
        else:
            self._queues[host].append(errand)

    def _of_free_hosts(self) -> Iterator[Request]:
        """The next request of each host that has none under way; a page of one names others."""
        while free := sorted(
            host
            for host, queue in self._queues.items()
            if queue and host not in self._busy and host not in self.left_alone
        ):
            for host in free:
                yield from self._next(host)

    def _next(self, host: str) -> Iterator[Request]:
        """The next request of a host; what was answered in this run is followed from the store."""
        queue = self._queues[host]
        while queue and host not in self.left_alone:
            errand = queue.popleft()
            row = self.collection.done(errand.address)
            if row is None:
                self.asked += 1
                self._busy.add(host)
                yield self._request(errand)
                return
            if row.leads_to:
                self._redirect(errand, row.leads_to)
            elif row.file.endswith(HTML):
                self._follow(errand, self.collection.content(row))

    def _request(self, errand: Errand) -> Request:
        headers: dict[str, str] = {}
        before = self.collection.before(errand.address)
        if before and before.etag:
            headers["If-None-Match"] = before.etag
        if before and before.last_modified:
            headers["If-Modified-Since"] = before.last_modified
        return Request(
            errand.address,
            callback=self.answered,
            errback=self.unanswered,
            headers=headers,
            dont_filter=True,
            meta={"dont_redirect": True},
            cb_kwargs={"errand": errand},
        )

    # -- from answer to store and links

    def answered(self, response: Response, errand: Errand) -> Iterator[Request]:
        """Store an answer, follow where it leads, and ask what is next."""
        self._busy.discard(host_of(errand.address))
        before = self.collection.before(errand.address)
        location = (response.headers.get(b"Location") or b"").decode("utf-8", "replace")
        if response.status == HTTPStatus.OK and response.body.strip():
            self._keep(response, errand)
        elif response.status == HTTPStatus.NOT_MODIFIED and before:
            row = self._row(errand, response)
            row = replace(
                row,
                title=row.title or before.title,
                etag=row.etag or before.etag,
                last_modified=row.last_modified or before.last_modified,
            )
            self.say(self.collection.keep_unchanged(_answer(response, row), row, before))
            if before.file.endswith(HTML):
                self._follow(errand, self.collection.content(before))
        elif response.status in _MOVED and location:
            target = canonical(location, self.rules, base=errand.address)
            comes_back = self._comes_back(errand.address, target)
            self._note(
                errand,
                Outcome.REDIRECT,
                response,
                leads_to=target or location[:200],
                reason=_IN_A_CIRCLE if comes_back else "" if target else _NOWHERE,
            )
            self._redirect(errand, target)
        elif response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            self._note(errand, Outcome.GONE, response, reason=f"answers {response.status}")
        elif wants_long_rest(response):
            wait = (response.headers.get(b"Retry-After") or b"").decode("ascii", "replace")
            reason = f"the host asks to be left alone (Retry-After: {wait}); collect again later"
            self.left_alone[host_of(errand.address)] = reason
            self._note(errand, Outcome.FAILED, response, reason=reason)
        else:
            reason = f"answers {response.status}" if response.body.strip() else "answers nothing"
            self._note(errand, Outcome.FAILED, response, reason=reason)
        yield from self._of_free_hosts()

    def unanswered(self, failure: Failure) -> Iterator[Request]:
        """Note why an address gave no answer, and ask what is next."""
        errand: Errand = failure.request.cb_kwargs["errand"]  # type: ignore[attr-defined]
        self._busy.discard(host_of(errand.address))
        error = failure.value
        if isinstance(error, Forbidden | OtherHost):
            self._note(errand, Outcome.REFUSED, reason=str(error))
        elif isinstance(error, RobotsUnread):
            self._note(errand, Outcome.FAILED, reason=str(error))
        elif isinstance(error, DownloadCancelledError | IgnoreRequest):
            megabytes = self.bounds.bytes_of_a_document / 1e6
            reason = f"it is larger than {megabytes:,.0f} MB, as no report is"
            self._note(errand, Outcome.REFUSED, reason=reason)
        else:
            reason = f"no answer ({type(error).__name__})"
            self._note(errand, Outcome.FAILED, reason=reason)
        yield from self._of_free_hosts()

    def _keep(self, response: Response, errand: Errand) -> None:
        row = self._row(errand, response)
        answer = _answer(response, row)
        kind = kind_of(answer.content, answer.header("content-type"), errand.address)
        page = read_page(answer.content, errand.address, self.rules) if kind == HTML else None
        onward: list[Errand] = []
        if page is not None:
            onward = self._links(errand, page)
            is_found = page.is_report or onward
            reason = "" if is_found else _NOTHING_THERE
            row = replace(row, title=row.title or page.title, reason=reason)
        is_document = page is None or page.is_report
        self.say(self.collection.keep(answer, row, kind, is_document=is_document))
        self._send_all(onward)

    def _comes_back(self, address: str, target: str) -> bool:
        """Whether redirects lead from a target to the address that leads there."""
        passed: set[str] = set()
        while target != address:
            row = self.collection.done(target)
            if row is None or not row.leads_to or target in passed:
                return False
            passed.add(target)
            target = row.leads_to
        return True

    def _redirect(self, errand: Errand, target: str) -> None:
        if target:
            redirects = errand.redirects + 1
            self._send(
                replace(errand, address=target, found_on=errand.address, redirects=redirects)
            )

    def _follow(self, errand: Errand, content: bytes) -> None:
        page = read_page(content, errand.address, self.rules)
        self._send_all(self._links(errand, page))

    def _send_all(self, errands: Iterable[Errand]) -> None:
        for errand in errands:
            self._send(errand)

    def say_what_lies_beyond(self) -> None:
        """Note what the bounds kept from being asked, and no shorter way led to."""
        for address, (errand, reason) in self._beyond.items():
            if address not in self._seen:
                self._note(errand, Outcome.REFUSED, reason=reason)

    # -- which links are followed

    def _links(self, errand: Errand, page: Page) -> list[Errand]:
        """The errands that a page gives: reports, documents of reports, and pages of its list."""
        reports = [link for link in page.documents if self._is_offered(link, errand, page)]
        if not page.is_report:
            reports += page.reports
        errands = [self._to_report(link, errand, page) for link in reports]
        if page.is_report or errand.is_report:
            errands += [self._to_report(link, errand, page) for link in self._onward(errand, page)]
        if errand.is_report and not page.is_report and not reports:
            errands += [self._to_report(link, errand, page) for link in page.pictures]
        if errand.depth >= self.bounds.depth:
            self._leave(errands, f"it is more than {self.bounds.depth} links from the list")
            errands = []
        if not page.is_report:
            errands += self._to_pages(errand, page)
        return errands

    @staticmethod
    def _onward(errand: Errand, page: Page) -> list[Link]:
        """Where a page sends its reader on: neither to itself nor back."""
        return [
            link for link in page.onward if link.address not in (errand.address, errand.found_on)
        ]

    def _leave(self, errands: Iterable[Errand], reason: str) -> None:
        for errand in errands:
            self._beyond.setdefault(errand.address, (errand, reason))

    def _is_offered(self, link: Link, errand: Errand, page: Page) -> bool:
        name = PurePosixPath(unquote(urlsplit(link.address).path)).name
        is_named = self.rules.names_report(link.title) or self.rules.names_report(name)
        return is_named or page.is_report or errand.is_report

    def _to_report(self, link: Link, errand: Errand, page: Page) -> Errand:
        """The errand to a report; a link without telling words has those of its page."""
        is_telling = self.rules.names_report(link.title)
        return Errand(
            link.address,
            title=link.title if is_telling else errand.title or page.title,
            listed_on=link.listed_on or ("" if is_telling else errand.listed_on),
            found_on=errand.address,
            is_report=True,
            depth=errand.depth + 1,
            list_of=link.address,
        )

    def _to_pages(self, errand: Errand, page: Page) -> list[Errand]:
        """The errands to the other pages of a list, as long as they name other reports."""
        named = frozenset(link.address for link in (*page.reports, *page.documents))
        idle = 0 if named - errand.named_before else errand.idle + 1
        onward = [] if errand.is_report else self._onward(errand, page)
        within = folder_of(errand.list_of)
        links = [link for link in page.paging if folder_of(link.address).startswith(within)]
        pages = [
            replace(
                errand,
                address=address,
                found_on=errand.address,
                redirects=0,
                idle=idle,
                named_before=named,
            )
            for address in dict.fromkeys(link.address for link in [*links, *onward])
            if address not in self._seen
        ]
        if idle >= self.bounds.idle_pages:
            self._leave(pages, f"the {idle} pages of its list before it name no other reports")
            return []
        room = self.bounds.pages_of_a_list - self._count[errand.list_of]
        self._count[errand.list_of] += min(len(pages), room)
        self._leave(pages[room:], f"its list has more than {self.bounds.pages_of_a_list} pages")
        return pages[:room]

    # -- rows

    def _row(self, errand: Errand, response: Response | None = None) -> Row:
        def header(name: bytes) -> str:
            value = response.headers.get(name) if response is not None else None
            return (value or b"").decode("utf-8", "replace")[:500]

        return Row(
            run=str(self.collection.run),
            fetched_at=datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            address=errand.address,
            outcome="",
            status=str(response.status) if response is not None else "",
            content_type=header(b"Content-Type"),
            etag=header(b"ETag"),
            last_modified=header(b"Last-Modified"),
            title=errand.title,
            listed_on=errand.listed_on,
            found_on=errand.found_on,
        )

    def _note(
        self, errand: Errand, outcome: Outcome, response: Response | None = None, **said: Any
    ) -> None:
        row = replace(self._row(errand, response), outcome=outcome, **said)
        if outcome == Outcome.FAILED:
            self.failed[errand.address] = row
        self.say(self.collection.note(row))


def _answer(response: Response, row: Row) -> Answer:
    headers = tuple(
        (key.decode("latin-1"), text.decode("latin-1"))
        for key, texts in response.headers.items()
        for text in texts
    )
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = ""
    return Answer(row.address, row.fetched_at, response.status, reason, headers, response.body)
