"""A web server that plays the site of a government, with all that such sites do to a visitor.

Lists in pages (numbered by a script, or by a field of the address), reports as pages and as files
beside a page, session ids in links, visit counters, encodings that are not what they are said to
be, redirects (in circles and to another host too), a calendar without end, answers that are slow,
broken off, 429, 500 and 404, rules for robots, and `304 Not Modified` where it knows how.

It counts what it is asked, so that a test can say what was asked without need.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

ON_A_PAGE = 15
_MOST_OF_A_FAULT = {"busy": 1, "slow": 1}  # they take time
MODIFIED = "Wed, 31 Jan 2024 08:00:00 GMT"
TYPES = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}
MENU = (
    '<a href="/">首页</a> <a href="/zwgk/guide.html">信息公开指南</a>'
    '<a href="/czjs/">2023年部门决算</a>'
    '<a href="/cal?month=1">1</a> <a href="javascript:history.back()">上一页</a>'
)


@dataclass(frozen=True)
class Published:
    """A report as the site publishes it."""

    title: str
    kind: str  # of its file, without the dot
    content: bytes
    day: str = "2024-01-25"


@dataclass
class Faults:
    """What goes wrong the first time that an address is asked for."""

    broken: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)


class Government:
    """The site: its pages are made of reports; started with `with`, it listens on a free port."""

    def __init__(self, reports: list[Published], seed: int = 1, retry_after: int = 1) -> None:
        self.reports, self.retry_after = reports, retry_after
        self.log: list[tuple[str, str, int]] = []  # host, address, status; 0 if it broke off
        self.together = 0  # the most requests at one time
        self.too_early: list[str] = []  # asked while it wanted to be left alone
        self.files: dict[str, Published] = {}
        self.pages: dict[str, str] = {}  # a page of a report's file -> the address of the file
        self.faults = Faults()
        self._under_way = 0
        self._alone_until = 0.0
        self._lock = threading.Lock()
        self._rnd = random.Random(seed)
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.other_host = f"localhost:{self._server.server_port}"
        self._fixed = {
            "/robots.txt": Answer(200, b"User-agent: *\nDisallow: /inner/\n", kind="text/plain"),
            "/": _page('<meta http-equiv="refresh" content="0;url=xxgk/nb/index.html">'),
            "/away/listed.html": _moved(f"http://{self.other_host}/nb.html"),
            "/away/1.html": _moved(f"http://{self.other_host}/nb.html"),
            "/loop/a.html": _moved("/loop/b.html"),
            "/loop/b.html": _moved("a.html"),
            "/gone.pdf": _page("<h1>您访问的页面不存在</h1>"),
        }
        self._publish()
        self._numbers = {  # of the pages of the first list
            f"/xxgk/nb/index{f'_{number}' if number else ''}.html": number
            for number in range(-(-len(reports) // 2 // ON_A_PAGE) or 1)
        }

    def __enter__(self) -> Government:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def listed(self) -> list[str]:
        """The addresses that a list of this site holds."""
        home = f"http://{self.host}"
        return [f"{home}/", f"{home}/list.aspx?col=7", f"{home}/away/listed.html"]

    def asked(self, status: int | None = None) -> Counter[str]:
        """How often each address was asked for, or answered so."""
        return Counter(address for _, address, code in list(self.log) if status in (None, code))

    def _publish(self) -> None:
        """Give each report its addresses, and some of them a fault."""
        self.entries: list[tuple[str, Published]] = []  # what a list links to
        for number, report in enumerate(self.reports):
            if report.kind == "html":
                address = f"/xxgk/nb/202401/t20240125_{number}.html"
                entry = f"/old/{number}.html" if number % 10 == 4 else address
            elif number % 3:
                address = f"/files/{quote(f'附件{number}')}.{report.kind}"
                entry = f"/xxgk/nb/202401/t20240125_{number}.html"
                self.pages[entry] = address
            else:
                address = entry = f"/download/{number}.{report.kind}"
            self.files[address] = report
            self.entries.append((entry, report))
            for kind, names in vars(self.faults).items():
                if self._rnd.random() < 0.05 and len(names) < _MOST_OF_A_FAULT.get(kind, 99):
                    names.add(address)

    # -- answers

    def answer(self, host: str, address: str, headers: dict[str, str]) -> Answer:
        """What the site says, and what it remembers of being asked."""
        plain = address.partition(";")[0]
        if time.monotonic() < self._alone_until:
            self.too_early.append(plain)
        answer = self._answer(host, plain, headers)
        with self._lock:
            if answer.status == 429:
                self._alone_until = time.monotonic() + self.retry_after - 0.05
            self.log.append((host, plain, 0 if answer.is_cut else answer.status))
        return answer

    def _answer(self, host: str, address: str, headers: dict[str, str]) -> Answer:
        if host != self.host:
            return Answer(200, b"<p>another host</p>")
        found = self._fault(address) or self._report(address, headers) or self._other(address)
        return found or Answer(404, "<h1>找不到</h1>".encode())

    def _report(self, address: str, headers: dict[str, str]) -> Answer | None:
        """A report, the page beside it, or the old address that leads to it."""
        if address in self.files:
            return self._file(address, headers)
        if address in self.pages:
            return _page(self._page_of_file(address))
        if address.startswith("/old/"):
            number = address.removeprefix("/old/")
            return _moved(f"../xxgk/nb/202401/t20240125_{number}")
        return None

    def _other(self, address: str) -> Answer | None:
        """A page of a list, or one of those that lead nowhere."""
        query = parse_qs(urlsplit(address).query)
        half = len(self.entries) // 2
        if address in self._numbers:
            return self._list(self.entries[:half], self._numbers[address], "utf-8")
        if address.startswith("/list.aspx?col=7"):
            return self._list(self.entries[half:], int(query.get("page", ["1"])[0]) - 1, "gbk")
        if address.startswith("/cal?"):
            return self._calendar(int(query["month"][0]))
        return self._fixed.get(address)

    def _fault(self, address: str) -> Answer | None:
        if address == "/down.pdf":
            return Answer(500, b"down")
        if address in self.faults.slow:
            self.faults.slow.discard(address)
            time.sleep(0.2)
        if address in self.faults.broken:
            self.faults.broken.discard(address)
            return Answer(200, b"<html>half of a page", is_cut=True)
        if address in self.faults.failing:
            self.faults.failing.discard(address)
            return Answer(500, b"<h1>500</h1>")
        if address in self.faults.busy:
            self.faults.busy.discard(address)
            return Answer(429, b"", {"Retry-After": str(self.retry_after)})
        return None

    def _file(self, address: str, headers: dict[str, str]) -> Answer:
        report = self.files[address]
        tag = f'"{hashlib.md5(report.content).hexdigest()}"'
        knows = {"ETag": tag} if len(address) % 2 else {"Last-Modified": MODIFIED}
        if headers.get("If-None-Match") == tag and "ETag" in knows:
            return Answer(304, b"", knows)
        if headers.get("If-Modified-Since") == MODIFIED and "Last-Modified" in knows:
            return Answer(304, b"", knows)
        return Answer(
            200, report.content, knows, TYPES.get(report.kind, "application/octet-stream")
        )

    def _page_of_file(self, page: str) -> str:
        address = self.pages[page]
        report = self.files[address]
        return (
            f"<title>{report.title}</title>{MENU}<h1>{report.title}</h1><p>见附件。</p>"
            f'<a href="{address};jsessionid={self._rnd.getrandbits(64):X}">附件下载</a>'
            f"<p>访问量：{self._rnd.randrange(10**6)}</p>"
        )

    def _list(self, entries: list[tuple[str, Published]], number: int, encoding: str) -> Answer:
        """A page of a list; one in GBK says that it is in UTF-8, and its last page never ends."""
        pages = -(-len(entries) // ON_A_PAGE)
        shown = entries[min(number, pages - 1) * ON_A_PAGE :][:ON_A_PAGE]
        items = [
            f'<li><a href="{address}" title="{one.title}">{one.title[:12]}…</a>'
            f"<span>{one.day}</span></li>"
            for address, one in shown
        ]
        if number == 0:
            odd = ("/away/1.html", "/loop/a.html", "/gone.pdf", "/down.pdf", "/inner/1.html")
            odd += ("/missing.html", f"http://{self.other_host}/2.html", "http://[::1")
            items += [f'<li><a href="{one}">2023年信息公开年度报告</a></li>' for one in odd]
        if encoding == "gbk":
            chance = f"_=1700{self._rnd.randrange(10**9)}"
            turn = f'<a href="list.aspx?col=7&page={number + 2}&{chance}">下一页</a>'
        else:
            turn = f'<script>createPageHTML({pages}, {number}, "index", "html");</script>'
        body = (
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
            f"<title>政府信息公开年报</title>{MENU}<ul>{''.join(items)}</ul>{turn}"
            f"<p>访问量：{self._rnd.randrange(10**6)}</p>"
        )
        return Answer(200, body.encode(encoding), kind="text/html; charset=utf-8")

    def _calendar(self, month: int) -> Answer:
        days = "".join(f'<a href="/cal?month={month}&day={day}">{day}</a>' for day in range(1, 29))
        return _page(f'{days}<a href="/cal?month={month + 1}">下一页</a>')


@dataclass
class Answer:
    """An answer; one that is cut ends before the length that it says."""

    status: int
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html"
    is_cut: bool = False


def _page(body: str) -> Answer:
    return Answer(200, f"<html><body>{body}</body></html>".encode())


def _moved(to: str) -> Answer:
    return Answer(302, b"", {"Location": to})


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of visitors that are killed in the middle of a request."""


def _handler(site: Government) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 20  # one packet: the second of two would wait 40 ms for its turn

        def do_GET(self) -> None:
            with site._lock:
                site._under_way += 1
                site.together = max(site.together, site._under_way)
            answer = site.answer(self.headers.get("Host", ""), self.path, dict(self.headers))
            with site._lock:
                site._under_way -= 1
            self.send_response(answer.status)
            for name, text in answer.headers.items():
                self.send_header(name, text)
            if answer.status != 304:
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(answer.content) + 99 * answer.is_cut))
            self.end_headers()
            self.wfile.write(answer.content)
            self.close_connection = self.close_connection or answer.is_cut

        def log_message(self, *_: object) -> None:
            pass

    return Handler
