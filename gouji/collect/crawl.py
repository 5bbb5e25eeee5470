"""A run of the crawler: Scrapy with the manners of this project and nothing that listens or calls.

What Scrapy brings that a collection does not want is off: cookies, the telnet console, the remote
control, the usual following of redirects, which the spider does within the hosts of the list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import CrawlerProcess

from gouji.collect.addresses import host_of
from gouji.collect.spider import Bounds, Collector
from gouji.errors import ToolFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twisted.python.failure import Failure

    from gouji.collect.index import Row
    from gouji.collect.rules import Rules
    from gouji.collect.store import Collection

_SECONDS_FOR_AN_ANSWER = 90
_SLOWEST = 60.0  # seconds between requests to a host that answers slowly
_HERE = "gouji.collect.politeness"
_SCRAPY = "scrapy.downloadermiddlewares"


@dataclass(frozen=True, slots=True)
class Manners:
    """How hosts are asked: in whose name, and how many seconds apart at least."""

    agent: str
    delay: float
    bounds: Bounds = field(default_factory=Bounds)


def crawl(
    listed: Sequence[str],
    collection: Collection,
    rules: Rules,
    manners: Manners,
    say: Callable[[Row], None],
) -> Collector:
    """Collect what a list leads to, and give the spider when it has ended.

    The run is finished if nothing interrupted it and no host asked to be left alone.

    Raises:
        ToolFailed: the spider met an error of its own.
    """
    process = CrawlerProcess(_settings(listed, manners))
    crawler = process.create_crawler(Collector)
    errors: list[str] = []
    ends: list[str] = []

    def met_error(failure: Failure) -> None:
        errors.append(f"{type(failure.value).__name__}: {failure.getErrorMessage()}")

    def closed(reason: str) -> None:
        ends.append(reason)

    crawler.signals.connect(met_error, signals.spider_error)
    crawler.signals.connect(closed, signals.spider_closed)
    process.crawl(
        crawler,
        listed=listed,
        collection=collection,
        rules=rules,
        bounds=manners.bounds,
        say=say,
    )
    process.start()
    spider = crawler.spider
    if not isinstance(spider, Collector):
        raise ToolFailed("The crawler did not begin.")
    if spider.broke is not None:
        errors.append(f"{type(spider.broke).__name__}: {spider.broke}")
    if errors:
        raise ToolFailed(f"The collection stopped: {errors[0]}.")
    spider.is_whole = ends == ["finished"]
    if spider.is_whole and not spider.left_alone:
        spider.say_what_lies_beyond()
        collection.finish()
    return spider


def _settings(listed: Sequence[str], manners: Manners) -> dict[str, Any]:
    return {
        "GOUJI_HOSTS": frozenset(map(host_of, listed)),
        "USER_AGENT": manners.agent,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "gouji",
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": manners.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # a pause that a host asks for is not made shorter
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": manners.delay,
        "AUTOTHROTTLE_MAX_DELAY": _SLOWEST,
        "DOWNLOAD_TIMEOUT": _SECONDS_FOR_AN_ANSWER,
        "DOWNLOAD_MAXSIZE": manners.bounds.bytes_of_a_document,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "RETRY_TIMES": 3,
        "RETRY_PRIORITY_ADJUST": 0,
        "HTTPERROR_ALLOW_ALL": True,
        "COOKIES_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "REFERER_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "CLOSESPIDER_ERRORCOUNT": 1,
        "DOWNLOADER_MIDDLEWARES": {
            f"{_SCRAPY}.offsite.OffsiteMiddleware": None,
            f"{_HERE}.WithinHosts": 50,
            f"{_SCRAPY}.robotstxt.RobotsTxtMiddleware": None,
            f"{_HERE}.Robots": 100,
            f"{_SCRAPY}.retry.RetryMiddleware": None,
            f"{_HERE}.Retry": 550,
        },
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            f"{_HERE}.BackOff": 0,
        },
    }
