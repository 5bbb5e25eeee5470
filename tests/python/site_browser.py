"""The site of the real reports in a real browser, opened from its folder and from a web server."""

import http.server
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from workers import one_at_a_time

AXE = "axe-core@4.11"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = {"desktop": 1280, "phone": 390}


@dataclass
class Visit:
    """A page in the browser, and what should not have happened on it.

    `complaints` are errors and warnings of the console, exceptions, requests that failed and
    requests that left the site.
    """

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site, and wait until its charts are drawn and its tables are live."""
        self.page.goto(f"{self.base}/{path}")
        self.settle()
        return self.page

    def settle(self) -> None:
        expect(self.page.locator(".plot:not([data-drawn])")).to_have_count(0, timeout=20_000)
        live = self.page.locator("table[data-search-table]:not(.dataTable)")
        expect(live).to_have_count(0, timeout=20_000)

    def switch_language(self) -> None:
        self.page.locator("#language").click()
        language = self.page.locator("html").get_attribute("data-language")
        expect(self.page.locator(f".plot:not([data-drawn={language}])")).to_have_count(0)

    def texts(self, selector: str) -> list[str]:
        """The visible texts of elements."""
        return [text.strip() for text in self.page.locator(selector).all_inner_texts()]


def _cannot_look(reason: str) -> NoReturn:
    """Skip on a machine without the tool; CI brings its tools, and fails without them."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def site(warehouse: Path) -> Path:
    """The folder of the site that `gouji build` wrote beside the real warehouse."""
    return warehouse.parent / "site"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, with an empty profile and nobody to call."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        _cannot_look("no chromium: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site_server(site: Path) -> Iterator[str]:
    """The address of a web server that gives the site's pages, below a path of its own."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    handler = partial(Quiet, directory=str(site.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{site.name}"
        server.shutdown()
        thread.join()


@pytest.fixture(params=["folder", "server"])
def origin(request: pytest.FixtureRequest, site: Path) -> str:
    """Where the site is opened from: its folder, and a web server."""
    if request.param == "folder":
        return site.as_uri()
    return str(request.getfixturevalue("site_server"))


@pytest.fixture
def visit(browser: Browser, site: Path) -> Iterator[Visit]:
    """A new visitor of the site's folder at desktop width; a complaint fails the test."""
    with visiting(browser, site.as_uri()) as visitor:
        yield visitor
        assert visitor.complaints == []


@contextmanager
def visiting(
    browser: Browser, base: str, device: str = "desktop", **options: Any
) -> Iterator[Visit]:
    """Visit a site with a new profile, of a reader of Chinese if nothing else is said."""
    size = {"width": WIDTHS[device], "height": 900}
    context = browser.new_context(viewport=size, **({"locale": "zh-CN"} | options))
    visit = Visit(context.new_page(), base)
    _listen(visit)
    try:
        yield visit
    finally:
        context.close()


def _listen(visit: Visit) -> None:
    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            visit.complaints.append(f"console: {message.text}")

    def request(asked: Request) -> None:
        if not asked.url.startswith((f"{visit.base}/", "data:", "blob:")):
            visit.complaints.append(f"foreign: {asked.url}")

    visit.page.on("console", console)
    visit.page.on("pageerror", lambda error: visit.complaints.append(f"exception: {error}"))
    visit.page.on("request", request)
    visit.page.on("requestfailed", lambda asked: visit.complaints.append(f"failed: {asked.url}"))


@pytest.fixture(scope="session")
def axe(request: pytest.FixtureRequest) -> str:
    """The script of axe-core, which looks for what shuts people out; kept between runs."""
    folder = request.config.cache.mkdir("axe-core")  # type: ignore[union-attr]
    script = folder / f"{AXE}.js"
    with one_at_a_time(folder / ".lock"):
        if not script.exists():
            _fetch_axe(folder, script)
    return script.read_text(encoding="utf-8")


def _fetch_axe(folder: Path, script: Path) -> None:
    if shutil.which("npm") is None:
        _cannot_look("no npm, which axe-core comes with: apt-get install npm")
    done = subprocess.run(
        ["npm", "pack", AXE, "--silent", "--pack-destination", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        _cannot_look(f"npm does not get {AXE}: {done.stderr.strip()[-200:]}")
    with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as package:
        member = package.extractfile("package/axe.min.js")
        assert member is not None
        script.write_bytes(member.read())


def barriers(visit: Visit, axe: str) -> list[str]:
    """What axe-core finds serious or critical on the open page, a line each."""
    visit.page.evaluate(axe)
    found = visit.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['impact']} {violation['id']}: {violation['nodes'][0]['html'][:200]}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def asked(warehouse: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query over the warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.sql(sql).fetchall()
