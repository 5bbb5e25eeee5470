"""How a host is asked: what its robots.txt says, when it wants to be left alone, and no other one.

Rules of robots.txt: RFC 9309.  One request at a time for each host is the spider's doing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle

from gouji.collect.addresses import host_of

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

TOO_MANY, UNAVAILABLE = 429, 503
LONGEST_WAIT = 600.0  # seconds for which a host that asks for it is waited
FIRST_WAIT = 5  # times the usual delay, where a host does not say how long
LONGEST_ROBOTS = 512_000  # bytes that are read of it
ROBOTS = "robots.txt"
_NOTHING_ALLOWED = b"User-agent: *\nDisallow: /\n"
_NO_ROBOTS = frozenset(range(400, 500)) - {TOO_MANY}


class Forbidden(IgnoreRequest):
    """A site's robots.txt forbids an address."""


class RobotsUnread(IgnoreRequest):
    """A site's robots.txt could not be had, so that nothing there is asked for."""


class OtherHost(IgnoreRequest):
    """An address is of a host that is not listed."""


class WithinHosts:
    """Lets no request through to a host that is not listed, whoever makes it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WithinHosts:
        """Make one, as Scrapy does."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse a request to another host; raises `OtherHost`."""
        if host_of(request.url) not in self._crawler.settings["GOUJI_HOSTS"]:
            raise OtherHost(host_of(request.url))


class Robots(RobotsTxtMiddleware):
    """Obeys robots.txt: one that is not there allows all, one that cannot be had nothing.

    Scrapy's own reads any answer as robots.txt, the page of an error too, and takes a host that
    cannot be reached for one that allows all.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: dict[str, str] = {}

    async def process_request(
        self,
        request: Request,
        spider: Spider | None = None,  # noqa: ARG002 - as Scrapy has it
    ) -> None:
        """Refuse what may not be asked for; raises `Forbidden` or `RobotsUnread`."""
        host = host_of(request.url)
        try:
            await super().process_request(request)
        except IgnoreRequest as error:
            if host in self._unread:
                raise RobotsUnread(f"its {ROBOTS} {self._unread[host]}") from error
            raise Forbidden(f"{ROBOTS} forbids it") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        response = response.replace(body=response.body[:LONGEST_ROBOTS])
        if response.status in _NO_ROBOTS:
            response = response.replace(body=b"")
        elif response.status != 200:
            self._unread[host_of(response.url)] = f"answers {response.status}"
            response = response.replace(body=_NOTHING_ALLOWED)
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, IgnoreRequest):  # it leads to a host that is not listed: there is none
            super()._robots_error(exc, netloc)
            return
        self._unread[netloc] = f"cannot be had ({type(exc).__name__})"
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser = self._parserimpl.from_crawler(
            self.crawler, _NOTHING_ALLOWED
        )
        waiting.callback(parser)  # type: ignore[union-attr]


class Retry(RetryMiddleware):
    """Asks again after what may pass, but not a host that wants to be left alone for long."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 - as Scrapy has it
    ) -> Request | Response:
        """Give the answer, or the request that asks again."""
        if wants_long_rest(response):
            return response
        return super().process_response(request, response)


class BackOff(AutoThrottle):
    """Asks a host the less often the slower it answers, and later when it says that it has enough.

    After 429 and 503 it is left alone for as long as `Retry-After` says, else for twice as long as
    before; then the pause shrinks again by half with each answer.  `Crawl-delay` is obeyed.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._least: dict[str, float] = {}
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        delay = robotparser.crawl_delay(self.crawler.settings["USER_AGENT"])
        self._least[host_of(request.url)] = min(delay or 0.0, LONGEST_WAIT)

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        _, slot = self._get_slot(request, spider)
        if slot is None:
            return
        slot.delay = max(slot.delay, self._least.get(host_of(request.url), 0.0))
        if response.status in (TOO_MANY, UNAVAILABLE) and not wants_long_rest(response):
            latency = float(request.meta.get("download_latency") or 0)
            wait = seconds_to_wait(response)
            if wait is None:
                wait = max(2 * slot.delay, FIRST_WAIT * self.mindelay)
            # the pause counts from the request before, not from its answer
            slot.delay = min(wait + latency, LONGEST_WAIT)


def seconds_to_wait(response: Response) -> float | None:
    """How long a host asks to be left alone; nothing where it does not say."""
    text = (response.headers.get(b"Retry-After") or b"").decode("ascii", "replace").strip()
    if text.isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    now = datetime.now(tz=UTC)
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())


def wants_long_rest(response: Response) -> bool:
    """Whether a host asks to be left alone for longer than is waited."""
    is_busy = response.status in (TOO_MANY, UNAVAILABLE)
    return is_busy and (seconds_to_wait(response) or 0) > LONGEST_WAIT
