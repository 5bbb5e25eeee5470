"""`gouji serve`: the site's pages on request, search, tables, SQL, and who is let in."""

import csv
import errno
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import duckdb
import pytest
import uvicorn
from lxml import html
from playwright.sync_api import Browser, expect

from conftest import ROOT, Gouji, clean_environment, copied
from gouji.errors import WrongCall
from gouji.paths import Warehouse
from gouji.serve import app as serving
from gouji.serve import tables
from gouji.serve.app import Server
from gouji.serve.build import Build, Builds, Busy
from gouji.serve.guard import names_at
from gouji.serve.prepare import prepare
from site_browser import asked, barriers, visiting

REPORT = "320813-zhengfu-2023"
BODY = "350128-ziyuan"
REGION = "350128"
SECONDS = 5


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Served:
    port: int
    database: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, quote(path, safe="/?&=%+"), body, headers)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def sql(self, statement: str, kind: str = "") -> Answer:
        return self.get(f"/sql{kind}?{urlencode({'q': statement})}")


@pytest.fixture(scope="module")
def served(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    database = copied(warehouse, folder / "warehouse")
    (database.parent / "site").symlink_to(warehouse.parent / "site")
    assets = folder / "assets"
    assets.mkdir()
    listening = socket.create_server(("127.0.0.1", 0), backlog=50)
    server = Server(Warehouse(database.parent), assets, seconds=SECONDS)
    running = uvicorn.Server(
        uvicorn.Config(server.app(["127.0.0.1"]), log_level="warning", server_header=False)
    )
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    yield Served(listening.getsockname()[1], database)
    running.should_exit = True
    thread.join(30)
    assert not thread.is_alive()


def main_of(page: str) -> str:
    found = re.search(r"<main.*</main>", page, re.DOTALL)
    assert found, page[:500]
    return found[0]


def test_pages_are_those_of_the_static_site(served: Served, site: Path) -> None:
    paths = [
        "index.html",
        "quality.html",
        "issues.html",
        "dictionary.html",
        *(f"{folder}/index.html" for folder in ("agencies", "regions", "reports")),
        f"regions/{REGION}.html",
        f"agencies/{BODY}.html",
        f"reports/{REPORT}.html",
        *(f"{path.parent.name}/{path.name}" for path in sorted(site.glob("reports/*-r*.html"))),
        *(f"{path.parent.name}/{path.name}" for path in sorted(site.glob("reports/3*.html"))[::9]),
        *(f"{path.parent.name}/{path.name}" for path in sorted(site.glob("agencies/*.html"))[::9]),
        *(f"{path.parent.name}/{path.name}" for path in sorted(site.glob("regions/*.html"))[::5]),
    ]
    for path in paths:
        answer = served.get(f"/{path}")
        assert answer.status == 200, (path, answer.text[:500])
        assert main_of(answer.text) == main_of((site / path).read_text(encoding="utf-8")), path
    assert served.get("/").body == served.get("/index.html").body
    assert served.get("/feed.atom").body == (site / "feed.atom").read_bytes()


def test_what_is_not_there_is_said(served: Served) -> None:
    for path in (
        "/agencies/no-body.html",
        "/reports/no-body-2020.html",
        "/nothing",
        "/reports/x.html",
    ):
        answer = served.get(path)
        assert answer.status == 404
        assert "没有这一页" in answer.text
    assert served.get("/api/regions/000001").json == {"problem": "There is no such page"}


@pytest.mark.parametrize(
    ("words", "kind", "id_"),
    [
        ("福建省", "regions", "350000"),
        ("350128", "regions", "350128"),
        ("平潭 自然资源", "agencies", BODY),
        (f"{REPORT}", "reports", REPORT),
        ("淮安市洪泽区人民政府 2023", "reports", REPORT),
        ("洪泽人民政府", "agencies", "320813-zhengfu"),
        ("Fujian Province", "regions", "350000"),
        ("Hongze people's government", "agencies", "320813-zhengfu"),
        ("pingtan agriculture", "agencies", "350128-nongye"),
    ],
)
def test_search_finds_by_name_code_and_parts(
    served: Served, words: str, kind: str, id_: str
) -> None:
    found = served.get(f"/api/search?{urlencode({'q': words})}").json[kind]
    assert id_ in [row.get("id") or row["report_id"] for row in found][:10]
    assert f"{kind}/{id_}.html" in served.get(f"/search?{urlencode({'q': words})}").text


def test_former_names_are_found(served: Served, warehouse: Path) -> None:
    former = asked(
        warehouse,
        "select agency_id, other_name from reference.agency_names"
        " semi join marts.dim_agency using (agency_id) order by all limit 1",
    )
    for agency_id, name in former:
        found = served.get(f"/api/search?{urlencode({'q': name})}").json["agencies"]
        assert agency_id in [row["id"] for row in found]


def test_nothing_is_found_of_what_is_no_name(served: Served) -> None:
    for words in ("zzzz", "%", "_", "'", "1999", "\\", "%%%%", "' or 1=1 --"):
        found = served.get(f"/api/search?{urlencode({'q': words})}").json
        assert found == {"regions": [], "agencies": [], "reports": []}, words


def test_long_lists_are_given_in_parts(
    served: Served, warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "ROWS_OF_WHOLE_LIST", 0)
    monkeypatch.setattr("gouji.serve.lists.ROWS_OF_PART", 10)
    seen = []
    where = "/reports/index.html?layout=2021"
    while where:
        page = html.fromstring(served.get(where).text)
        seen += page.xpath("//table//tr/td[1]//text()")
        following = page.xpath("//a[@rel='next']/@href")
        where = f"/reports/index.html{following[0]}" if following else ""
    counted = asked(
        warehouse,
        "select report_id from marts.dim_report where is_current and layout = '2021'"
        " order by agency_id, report_year",
    )
    assert seen == [report for (report,) in counted]
    endless = served.get(f"/reports/index.html?{urlencode({'q': '2023' + ' ' * 200 + 'zzzz'})}")
    assert html.fromstring(endless.text).xpath("//table//tr/td[1]")
    by_code = served.get("/issues.html?severity=error").text
    assert main_of(by_code) == main_of(served.get("/issues.html?severity=错误").text).replace(
        quote("错误"), "error"
    )
    assert main_of(by_code) != main_of(served.get("/issues.html?severity=warning").text)


def test_two_bodies_stand_side_by_side(served: Served, warehouse: Path) -> None:
    names = {"a": BODY, "b": "320813-zhengfu"}
    page = html.fromstring(served.get(f"/compare?{urlencode(names)}").text)
    table = page.xpath("//table[@id='compared-new_requests-table']")[0]
    shown = {
        int(row.xpath("string(th)")): [cell.get("data-value") for cell in row.xpath("td")[:2]]
        for row in table.xpath("tbody/tr")
    }
    for place, agency_id in enumerate(names.values()):
        figures = asked(
            warehouse,
            "select report_year, new_requests, new_requests_not_reported from marts.agency_year"
            f" where agency_id = '{agency_id}'",
        )
        assert figures
        for year, value, missing in figures:
            in_full = None if value is None or missing else f"{value:.15g}"
            assert shown[year][place] == in_full
    unknown = served.get("/compare?a=zzzz&b=yyyy").text
    assert "zzzz" in unknown
    assert "yyyy" in unknown


def test_tables_are_given_whole_and_filtered(
    served: Served, warehouse: Path, tmp_path: Path
) -> None:
    rows = list(csv.DictReader(io.StringIO(served.get("/tables/marts.fct_requests.csv").text)))
    assert len(rows) == asked(warehouse, "select count(*) from marts.fct_requests")[0][0]
    some = served.get("/tables/marts.agency_year.json?report_year=2022&limit=500").json
    counted = asked(warehouse, "select count(*) from marts.agency_year where report_year = 2022")
    assert len(some) == counted[0][0]
    assert {row["report_year"] for row in some} == {2022}
    assert (
        served.get("/tables/marts.agency_year.json?limit=2&offset=3").json
        == (served.get("/tables/marts.agency_year.json?limit=5").json[3:])
    )
    after = served.get("/tables/marts.fct_requests.csv?offset=3").text
    assert list(csv.DictReader(io.StringIO(after))) == rows[3:]
    file = tmp_path / "some.parquet"
    file.write_bytes(served.get("/tables/marts.dim_region.parquet?region_level=province").body)
    assert (
        len(duckdb.read_parquet(str(file)).fetchall())
        == (
            asked(
                warehouse, "select count(*) from marts.dim_region where region_level = 'province'"
            )[0][0]
        )
    )
    for path in ("raw.raw_reports.csv", "marts.nothing.json", "marts.dim_report%22.csv"):
        assert served.get(f"/tables/{path}").status == 404
    for asked_of in ("nothing=1", "limit=x", "limit=99999999"):
        refused = served.get(f"/tables/marts.dim_report.json?{asked_of}")
        assert refused.status == 400
        assert refused.json["problem"]
    injected = served.get(
        f"/tables/marts.dim_report.json?{urlencode({'layout': chr(39) + ' or 1=1'})}"
    )
    assert injected.json == []


def test_a_download_leaves_nothing_behind(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for part in ("bytes=0-3", "bytes=x", "bytes=99999999-", "lines=1"):
        answer = served.get("/tables/marts.dim_region.parquet?offset=2", Range=part)
        assert (answer.status, answer.body[:4], answer.body[-4:]) == (200, b"PAR1", b"PAR1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_a_download_that_has_no_place_says_so(
    served: Served, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def full(*_asked: object) -> Iterator[bytes]:
        raise Busy
        yield b""

    monkeypatch.setattr(tables, "_rows", full)
    monkeypatch.setattr(tables, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(tables, "SECONDS_TO_WAIT_FOR_READERS", 0.01)
    assert tables._places.acquire()
    answer = served.get(f"/tables/marts.dim_region.{kind}")
    assert (answer.status, list(answer.json)) == (503, ["problem"])


def test_the_api_is_what_its_document_says(served: Served) -> None:
    document = served.get("/api/openapi.json").json
    put_in = {
        "agency_id": BODY,
        "region_code": REGION,
        "report_id": REPORT,
        "q": "from dim_report limit 1",
    }
    paths = [path for path in document["paths"] if not path.startswith("/tables/")]
    assert len(document["paths"]) - len(paths) > 60
    for path in [*paths, "/tables/marts.dim_report.json", "/tables/quality.issues.csv"]:
        described = document["paths"][path]["get"]
        filled = path.format(**put_in)
        needed = [one["name"] for one in described["parameters"] if one["in"] == "query"]
        query = urlencode({name: put_in[name] for name in needed if name in put_in})
        answer = served.get(f"{filled}?{query}")
        assert answer.status == 200, path
        assert (
            answer.headers["content-type"].split(";")[0] in described["responses"]["200"]["content"]
        )


def test_the_api_says_what_the_tables_say(served: Served, warehouse: Path) -> None:
    report = served.get(f"/api/reports/{REPORT}").json
    counted = asked(
        warehouse,
        f"select count(*) from marts.printed_cells where report_id = '{REPORT}'",
    )
    assert len(report["cells"]) == counted[0][0]
    assert {check["status"] for check in report["checks"]} >= {"broken"}
    body = served.get(f"/api/agencies/{BODY}").json
    assert [year["report_year"] for year in body["years"]] == [
        one["report_year"] for one in body["reports"]
    ]


@pytest.mark.parametrize(
    ("statement", "columns", "rows"),
    [
        ("select 1 as a, 'x' as b, null as c", ["a", "b", "c"], [["1", "x", ""]]),
        ("select 1/0 as a, 0/0 as b, 'x' as c", ["a", "b", "c"], [["", "", "x"]]),
        (
            "select i, -1/(i-1) as b from range(3) as t(i)",
            None,
            [["0", "1.0"], ["1", ""], ["2", "-1.0"]],
        ),
        ("select count(*) as reports from dim_report", ["reports"], None),
        ("from agency_year limit 3", None, None),
        ("pivot dim_agency on level using count(*) group by sector", None, None),
    ],
)
def test_sql_is_answered(
    served: Served, statement: str, columns: list[str] | None, rows: list[list[str]] | None
) -> None:
    answer = served.sql(statement, ".csv")
    assert answer.status == 200, answer.text
    head, *found = list(csv.reader(io.StringIO(answer.text)))
    assert columns is None or head == columns
    assert rows is None or found == rows
    page = html.fromstring(served.sql(statement).text)
    assert page.xpath("string(//textarea)").strip() == statement
    assert len(page.xpath("//table[@id='answer']/tbody/tr")) == len(found)


HOSTILE = [
    "",
    "select",
    "from read_csv('/etc/passwd')",
    "from read_text('/etc/passwd')",
    "from read_blob('/etc/passwd')",
    "from read_json('/etc/passwd')",
    "from read_parquet('/etc/*')",
    "from '/etc/passwd'",
    "from '/etc/hosts.csv'",
    "from glob('/etc/*')",
    "from glob('*')",
    "from read_csv('http://127.0.0.1:1/x.csv')",
    "from 'https://example.com/x.parquet'",
    "from sniff_csv('/etc/passwd')",
    "from read_duckdb('{folder}/other.duckdb')",
    "select getenv('HOME')",
    "attach '{folder}/other.duckdb'",
    "attach ':memory:' as other",
    "detach gouji",
    "use memory",
    "install httpfs",
    "load httpfs",
    "install spatial from community",
    "copy (select 1) to '{folder}/hostile.csv'",
    "copy dim_report to '{folder}/hostile.parquet'",
    "copy dim_report from '/etc/passwd'",
    "export database '{folder}/hostile'",
    "import database '{folder}/hostile'",
    "set enable_external_access = true",
    "set memory_limit = '100GB'",
    "set threads = 64",
    "set lock_configuration = false",
    "reset memory_limit",
    "pragma memory_limit = '100GB'",
    "pragma enable_profiling",
    "create table mine as select 1",
    "create temp table mine as select 1",
    "create view mine as select 1",
    "create macro f() as 1",
    "create secret (type s3, key_id 'x', secret 'y')",
    "create or replace function f() as table from read_csv('/etc/passwd')",
    "insert into marts.dim_report select * from marts.dim_report",
    "update marts.dim_report set report_year = 1",
    "delete from marts.dim_report",
    "drop table marts.dim_report",
    "alter table marts.dim_report drop column layout",
    "truncate marts.dim_report",
    "checkpoint",
    "force checkpoint",
    "vacuum",
    "begin transaction",
    "prepare p as select 1",
    "select 1; select 2",
    "select 1; drop table marts.dim_report",
    "explain analyze copy (select 1) to '{folder}/hostile.csv'",
    "select * from query('copy (select 1) to ''{folder}/hostile.csv''')",
    "call pragma_database_size(); call enable_logging()",
    "select " + ", ".join(["1"] * 300),
    "select '" + "x" * 11_000 + "'",
    "select repeat('x', 2000000000)",
    "select repeat('x', 9000000)",
    "select list(i) from range(1000000000) as t(i)",
    "select string_agg(i, ',') from range(1000000000) as t(i)",
    "from range(10000000000) as t(i) order by hash(i)",
    "select count(*) from range(10000000) a, range(10000000) b, range(10000000) c",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r",
    "select sum(levenshtein(repeat('a', 5000), i::text)) from range(100000000) as t(i)",
    "select count(*) from fct_requests a, fct_requests b, fct_requests c where hash(a, b, c) = 1",
]


def test_hostile_statements_are_refused_or_stopped(
    served: Served, warehouse: Path, tmp_path: Path
) -> None:
    """Each in its turn and several at once; the server answers on, and no file is touched."""
    before = served.database.read_bytes()
    ends: dict[str, tuple[int, float]] = {}

    def run(statements: list[str]) -> None:
        for statement in statements:
            began = time.monotonic()
            answer = served.sql(statement.replace("{folder}", str(tmp_path)), ".json")
            ends[statement] = answer.status, time.monotonic() - began

    threads = [threading.Thread(target=run, args=[HOSTILE[place::2]]) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {statement[:80] for statement, (status, _) in ends.items() if status != 400} == set()
    assert max(seconds for _, seconds in ends.values()) < SECONDS * 12
    assert list(tmp_path.iterdir()) == []
    assert served.database.read_bytes() == before
    counted = asked(warehouse, "select count(*) as reports from marts.dim_report")
    assert served.sql("select count(*) as n from dim_report", ".json").json == [
        {"n": counted[0][0]}
    ]
    assert served.get("/index.html").status == 200


def test_settings_of_the_sql_page_are_shut(served: Served) -> None:
    rows = served.sql(
        "select name, value from duckdb_settings() where name in"
        " ('enable_external_access', 'lock_configuration', 'autoload_known_extensions',"
        " 'autoinstall_known_extensions', 'threads', 'access_mode')",
        ".json",
    ).json
    assert {row["name"]: row["value"] for row in rows} == {
        "enable_external_access": "false",
        "lock_configuration": "true",
        "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false",
        "threads": "1",
        "access_mode": "read_only",
    }


def test_a_long_answer_is_cut_and_says_so(served: Served) -> None:
    page = html.fromstring(served.sql("from range(5000)").text)
    assert len(page.xpath("//table[@id='answer']/tbody/tr")) == 1000
    assert "只列出前 1,000 行" in page.text_content()
    whole = served.sql("from range(5000)", ".csv")
    assert len(whole.text.splitlines()) == 5001
    assert "x-gouji-cut" not in whole.headers
    assert served.sql("from range(200000)", ".csv").headers["x-gouji-cut"] == "true"


@pytest.mark.parametrize(
    "statement",
    [
        f'select 1 as "{"a" * 9_000}" from range(100000)',
        f"select {', '.join(f'i as i{place}' for place in range(150))} from range(100000) as t(i)",
    ],
)
def test_names_and_numbers_count_as_text_of_an_answer_does(served: Served, statement: str) -> None:
    for kind in (".json", ".csv"):
        answer = served.sql(statement, kind)
        assert (answer.status, "8,000,000" in answer.text) == (400, True), len(answer.body)


def test_a_statement_is_text_on_its_page(served: Served) -> None:
    page = served.sql("select '</textarea><script>alert(1)</script>' as \"<b>\"").text
    assert "<script>alert" not in page
    assert "<b>" not in html.fromstring(page).xpath("//main//th")[0].text_content().replace(
        "<b>", ""
    )


@pytest.mark.parametrize("path", ["/", "/assets/site.css", "/api/tables", "/nothing", "/sql?q=x"])
def test_every_answer_is_shut_to_other_sites(served: Served, path: str) -> None:
    headers = served.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (200, {"Origin": "http://127.0.0.1:{port}"}),
        (421, {"Host": "example.com"}),
        (421, {"Host": "127.0.0.1.example.com:{port}"}),
        (421, {"Host": "10.0.0.1"}),
        (421, {"Host": "["}),
        (403, {"Origin": "http://example.com"}),
        (403, {"Origin": "null"}),
        (403, {"Origin": "http://127.0.0.1:1"}),
        (403, {"Origin": "http://[x"}),
        (403, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
        (403, {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}),
        (403, {"Sec-Fetch-Site": "cross-site"}),
        (200, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}),
        (200, {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors"}),
        (200, {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}),
    ],
)
def test_foreign_names_and_sites_are_refused(
    served: Served, status: int, request_: dict[str, str]
) -> None:
    headers = {name: value.format(port=served.port) for name, value in request_.items()}
    answer = served.get("/api/tables", **headers)
    assert answer.status == status
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("host", "names", "others"),
    [
        ("127.0.0.1", {"localhost", "127.0.0.1", "::1"}, {"10.0.0.1"}),
        ("127.0.0.2", {"localhost", "127.0.0.2"}, {"10.0.0.1"}),
        ("0.0.0.0", {"localhost", "127.0.0.1"}, {"myhost"}),
        ("MyHost", {"myhost"}, {"MyHost", "localhost", "127.0.0.1"}),
        ("10.0.0.1", {"10.0.0.1"}, {"localhost"}),
    ],
)
def test_a_server_knows_where_it_listens(host: str, names: set[str], others: set[str]) -> None:
    known = names_at(host, ["Data.example.org"])
    assert known >= names | {"data.example.org"}
    assert not known & others


def test_nothing_but_reading_is_possible(served: Served) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        assert served.get("/sql", method, b"q=select+1").status == 405
    assert served.get("/sql", "GET", b"x" * 1000).status == 413
    assert served.get("/", "HEAD").body == b""
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        head = f"POST /sql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {10_000_000}\r\n\r\n"
        connection.sendall(head.encode())
        try:
            for _ in range(100):
                connection.sendall(b"x" * 100_000)
        except OSError:
            pass  # it hung up
    long = served.get(f"/sql?q={'x' * 30_000}")
    assert long.status == 414
    assert served.get("/api/tables").status == 200


def publish_again(database: Path, version: str) -> None:
    """Put another build in the place of the published file, as a publish does."""
    new = database.with_name("new.duckdb")
    shutil.copy(database, new)
    with duckdb.connect(str(new)) as connection:
        connection.execute(
            "insert into quality.run_history by name select * replace"
            f" (published_at + interval 1 day as published_at, '{version}' as gouji_version)"
            " from quality.run_history order by published_at desc limit 1"
        )
        connection.execute(
            f"update marts.dim_agency set agency_name = agency_name || '{version}'"
            f" where agency_id = '{BODY}'"
        )
    new.replace(database)


def test_a_new_build_is_served_without_a_restart(served: Served) -> None:
    """Answers are of the old build or the new one, and after a moment of the new one alone."""
    seen: list[tuple[bool, bool]] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            answer = served.get(f"/agencies/{BODY}.html")
            assert answer.status == 200
            seen.append(("gouji 9.9.9" in answer.text, "局9.9.9" in answer.text))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        publish_again(served.database, "9.9.9")
        until = time.monotonic() + 300
        while time.monotonic() < until and "9.9.9" not in served.get("/index.html").text:
            time.sleep(0.2)
        assert "gouji 9.9.9" in served.get("/index.html").text
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert set(seen) >= {(False, False)}
    assert all(page == name for page, name in seen), "two builds in one answer"
    until = time.monotonic() + 60
    while len(kept := list((served.database.parent / ".serve").iterdir())) > 1:
        assert time.monotonic() < until, kept
        time.sleep(0.2)


def test_a_broken_file_leaves_the_old_build_served(served: Served) -> None:
    kept = served.database.with_name("kept.duckdb")
    os.link(served.database, kept)
    broken = served.database.with_name("broken")
    broken.write_bytes(b"no database" * 1000)
    broken.replace(served.database)
    try:
        for _ in range(10):
            assert served.get("/index.html").status == 200
            time.sleep(0.1)
        assert served.get(f"/reports/{REPORT}.html").status == 200
    finally:
        kept.replace(served.database)


def test_a_build_that_is_withdrawn_while_it_is_prepared_is_not_served(
    warehouse: Path, tmp_path: Path
) -> None:
    published = copied(warehouse, tmp_path / "warehouse")
    kept = published.with_name("kept.duckdb")
    os.link(published, kept)
    is_preparing, go_on = threading.Event(), threading.Event()
    calls = count()

    def warm(_build: Build) -> None:
        if next(calls) == 1:
            is_preparing.set()
            assert go_on.wait(60)

    before = set(threading.enumerate())
    builds = Builds(Warehouse(published.parent), warm, tmp_path)
    shutil.copy(published, published.with_name("new"))
    published.with_name("new").replace(published)
    with builds.current():
        assert is_preparing.wait(60)
    kept.replace(published)
    with builds.current():
        go_on.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
    with builds.current() as build:
        assert build.file.samefile(published)
    (folder,) = (published.parent / ".serve").iterdir()

    other = Builds(Warehouse(published.parent), warm, tmp_path)
    with other.current() as build:
        assert build.place.folder != folder, "another server's, which runs"
    other.close()
    builds.close()
    again = Builds(Warehouse(published.parent), warm, tmp_path)
    with again.current() as build:
        assert [build.place.folder] == list(folder.parent.iterdir()), (
            "taken over, the other cleared"
        )
    again.close()


@pytest.mark.parametrize("statement", [None, "create table x as select 1 as report_id"])
def test_a_file_that_is_no_warehouse_of_ours_is_the_callers_to_mend(
    tmp_path: Path, statement: str | None
) -> None:
    file = tmp_path / "gouji.duckdb"
    if statement:
        with duckdb.connect(str(file)) as connection:
            connection.execute(statement)
    else:
        file.write_bytes(b"no database" * 1000)
    with pytest.raises(WrongCall, match="gouji build"):
        prepare(file, tmp_path / "prepared.duckdb")
    assert list(tmp_path.iterdir()) == [file]


def test_a_warehouse_that_is_not_written_and_has_no_links_is_served(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = copied(warehouse, tmp_path / "warehouse")
    (published.parent / ".serve").write_text("no folder")
    (tmp_path / "otherwise").mkdir()

    def refused(*_names: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    warehouse_ = Warehouse(published.parent)
    builds = Builds(warehouse_, lambda _build: None, tmp_path / "otherwise")
    with builds.current() as build, build.pages.one() as connection:
        assert build.file.is_relative_to(tmp_path / "otherwise")
        assert build.file.read_bytes() == published.read_bytes()
        counted = asked(warehouse, "select count(*) from marts.dim_report")
        assert connection.execute("select count(*) from marts.dim_report").fetchall() == counted
    builds.close()
    with pytest.raises(WrongCall, match="nowhere"):
        Builds(warehouse_, lambda _build: None, tmp_path / "nowhere")


def test_the_command_serves_until_it_is_ended(
    warehouse: Path, tmp_path: Path, gouji: Gouji
) -> None:
    folder = copied(warehouse, tmp_path / "warehouse").parent
    command = [
        sys.executable,
        "-m",
        "gouji.cli",
        "serve",
        "--port",
        "0",
        "--warehouse",
        str(folder),
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
        # a runner in the background has had it ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as running:
        assert running.stdout
        told = running.stdout.readline()
        port = int(told.rstrip("/\n").rpartition(":")[2])
        served = Served(port, folder / "gouji.duckdb")
        assert served.get("/regions/index.html").status == 200
        assert served.get("/regions/index.html", Host=f"localhost:{port}").status == 200
        taken = gouji("serve", "--port", str(port), "--warehouse", folder)
        assert (taken.returncode, taken.stdout) == (2, "")
        assert str(port) in taken.stderr
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
    kept = {path.name for path in folder.iterdir()}
    assert kept == {"gouji.duckdb", "dbt", "parquet", ".serve"}, "it writes nowhere else"
    nothing = gouji("serve", "--warehouse", tmp_path / "nothing")
    assert nothing.returncode == 2
    assert "gouji build" in nothing.stderr


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=福建",
        f"/compare?a={BODY}&b=320813-zhengfu",
        "/sql?q=select+report_year,+count(*)+as+n+from+dim_report+group+by+all+order+by+all",
        "/sql?q=select+nothing",
        "/nothing",
        f"/reports/{REPORT}.html",
        "/index.html",
    ],
)
def test_served_pages_open_cleanly_and_shut_nobody_out(
    browser: Browser, served: Served, axe: str, path: str
) -> None:
    for device in ("desktop", "phone"):
        with visiting(browser, served.base, device, bypass_csp=True) as visit:
            page = visit.go(path.lstrip("/"))
            wide, window = page.evaluate(
                "[document.documentElement.scrollWidth, window.innerWidth]"
            )
            assert wide <= window, "the page scrolls sideways"
            # the browser tells of a status that is an error
            assert [one for one in visit.complaints if "status of 40" not in one] == []
            assert barriers(visit, axe) == []


def test_a_reader_searches_asks_and_compares(browser: Browser, served: Served) -> None:
    with visiting(browser, served.base) as visit:
        page = visit.go("index.html")
        page.locator("input[name=q]").fill("平潭 自然资源")
        page.keyboard.press("Enter")
        page.locator("#found-agencies a").first.click()
        expect(page.locator("h1")).to_contain_text("平潭")
        visit.settle()
        visit.switch_language()
        page.locator("nav a[href$=sql]").click()
        page.locator("textarea").fill(
            "select level, count(*) as bodies from dim_agency group by all"
        )
        page.locator("form.statement button").click()
        expect(page.locator("#answer")).to_be_visible()
        visit.settle()
        assert (
            page.locator("#drawn .mark-rect path").count()
            == page.locator("#answer tbody tr").count()
        )
        assert "q=select" in page.url
        page.locator("nav a[href$=compare]").click()
        page.locator("input[name=a]").fill(BODY)
        page.locator("input[name=b]").fill("320813-zhengfu")
        page.locator("main form button").click()
        expect(page.locator("h2 a")).to_have_count(2)
        visit.settle()
        assert page.locator("figure.chart .mark-symbol").count() > 0
        assert visit.complaints == []
