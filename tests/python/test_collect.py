"""`gouji collect` against a site that plays a government's: killed, resumed, run again, landed."""

import csv
import hashlib
import io
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

pytest.importorskip("scrapy", reason="gouji collect is an extra")

from scrapy.http import Response
from warcio.archiveiterator import ArchiveIterator

from gouji.collect import command
from gouji.collect.addresses import canonical
from gouji.collect.archive import Answer as Answered
from gouji.collect.index import HEADER, Row, read_index
from gouji.collect.kinds import kind_of
from gouji.collect.listed import read_list
from gouji.collect.page import read_page
from gouji.collect.rules import load_rules
from gouji.collect.spider import Bounds, Collector, Errand
from gouji.collect.store import opened
from gouji.errors import WrongCall
from gouji.landing.vocabulary import load_form
from landing_documents import STYLES, Truth, lone_counties, made_up, write
from site_of_a_government import Answer, Faults, Government, Published

ROOT = Path(__file__).parents[2]
KINDS = ("pdf", "docx", *["html", "html", "html", "txt", "html"] * 9)
REPORTS, KILLS = 58, (40,)
RULES = load_rules()


def collect(folder: Path, *options: str) -> subprocess.Popen[str]:
    told = ["--to", str(folder / "collection"), "--contact", "tests@example.org", "--delay", "0"]
    return subprocess.Popen(
        [sys.executable, "-m", "gouji.cli", "collect", str(folder / "list.txt"), *told, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def list_of(folder: Path, *addresses: str) -> Path:
    path = folder / "list.txt"
    path.write_text("# a list\n\n" + "\n".join(addresses), encoding="utf-8")
    return path


def packed(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


@dataclass
class Collected:
    """A site, the truth of its reports by title, and the collection of it."""

    site: Government
    truths: dict[str, Truth]
    folder: Path
    broken_off: int  # answers under way when the collection was killed
    said: str
    asked_first: Counter[str]

    @property
    def rows(self) -> list[Row]:
        return list(read_index(self.folder / "collection"))


@pytest.fixture(scope="module")
def reports() -> tuple[list[Published], dict[str, Truth]]:
    """Reports of bodies in known places, one of them without a title, one published twice."""
    form = load_form(ROOT / "seeds" / "reference")
    known = [row["region_name"] for row in lone_counties(ROOT / "seeds" / "reference")]
    truths: dict[str, Truth] = {}
    published = []
    for number in range(REPORTS):
        kind, style = KINDS[number % len(KINDS)], STYLES[number % len(STYLES)]
        truth = made_up(form, number)
        title = f"{known[number]}教育局2023年政府信息公开工作年度报告"
        truth.title = "" if number == 2 else title
        truths[title] = truth
        published.append(Published(title, kind, write(truth, form, kind, style, number)))
    published.append(published[7])
    word = next(one.content for one in published if one.kind == "docx")
    for kind, content in (
        ("zip", packed({"2023年报.docx": word})),
        ("ofd", packed({"OFD.xml": b"<ofd/>"})),
    ):
        published.append(Published("2023年政府信息公开工作年度报告", kind, content))
    random.Random(1).shuffle(published)
    return published, truths


@pytest.fixture(scope="module")
def collected(
    tmp_path_factory: pytest.TempPathFactory, reports: tuple[list[Published], dict[str, Truth]]
) -> Iterator[Collected]:
    """The collection of a site that was killed in the middle and gone on with."""
    folder = tmp_path_factory.mktemp("collected")
    with Government(reports[0]) as site:
        list_of(folder, *site.listed)
        for kill in KILLS:
            running = collect(folder)
            while running.poll() is None and len(site.log) < kill:
                time.sleep(0.002)
            running.kill()
            running.communicate()
        said, errors = collect(folder).communicate()
        yield Collected(site, reports[1], folder, len(KILLS), said + errors, site.asked())


def test_all_documents_are_there_once(collected: Collected) -> None:
    site = collected.site
    stored = {
        path.name: path.read_bytes() for path in collected.folder.glob("collection/documents/*")
    }
    contents = {report.content for report in site.files.values()}
    assert set(stored.values()) == contents
    assert len(stored) == len(contents) == len(site.files) - 1  # one is published twice
    for name, content in stored.items():
        assert name.partition(".")[0] == hashlib.sha256(content).hexdigest()
    kinds = Counter(name.partition(".")[2] for name in stored)
    assert {"html", "pdf", "docx", "zip", "ofd"} <= set(kinds)
    answered = {row.address for row in collected.rows if row.outcome == "document"}
    assert answered == {f"http://{site.host}{address}" for address in site.files}


def test_nothing_is_asked_without_need(collected: Collected) -> None:
    site = collected.site
    again = {
        address: times - 1
        for address, times in site.asked(200).items()
        if times > 1 and address not in ("/robots.txt", "/down.pdf")
    }
    assert sum(again.values()) <= collected.broken_off, again
    assert "Going on with run 1" in collected.said
    assert site.asked()["/robots.txt"] == 1 + len(KILLS)


def test_manners(collected: Collected) -> None:
    site = collected.site
    assert site.together == 1
    assert not site.too_early
    assert site.asked(429)
    assert {host for host, *_ in site.log} == {site.host}
    assert not [address for _, address, _ in site.log if address.startswith("/inner/")]
    assert site.asked()["/cal?month=1"] == 0
    assert len([address for address in site.asked() if address.startswith("/list.aspx")]) < 6
    assert "jsessionid" not in "".join(row.address for row in collected.rows)


def test_what_was_not_had_is_said(collected: Collected) -> None:
    site, said = collected.site, collected.said
    assert f"Failed http://{site.host}/down.pdf: answers 500" in said
    last = {row.address.removeprefix(f"http://{site.host}"): row for row in collected.rows}
    assert last["/inner/1.html"].reason == "robots.txt forbids it"
    assert last["/missing.html"].outcome == "gone"
    assert last["/gone.pdf"].reason == "no report is on it, and no link to one that is followed"
    assert last["/loop/b.html"].reason == "it leads back to where it was led from"
    away = last[f"http://{site.other_host}/nb.html"]
    assert away.reason == f"{site.other_host} is not among the hosts of the list"
    assert away.found_on == f"http://{site.host}/away/listed.html"


def test_archive_holds_each_content_once(collected: Collected) -> None:
    folder = collected.folder / "collection"
    rows = {(row.archive, int(row.offset)): row for row in collected.rows if row.archive}
    contents: Counter[bytes] = Counter()
    records = 0
    for path in sorted((folder / "archive").iterdir()):
        with path.open("rb") as file:
            iterator = ArchiveIterator(file, check_digests="raise")
            for record in iterator:
                if record.rec_type == "warcinfo":
                    continue
                content = record.content_stream().read()
                row = rows[path.name, iterator.get_record_offset()]
                assert record.rec_headers["WARC-Target-URI"] == row.address
                assert record.rec_headers["WARC-Date"] == row.fetched_at
                assert record.http_headers.get_statuscode() == row.status
                if record.rec_type == "response":
                    contents[content] += 1
                    assert content == (folder / row.file).read_bytes()
                records += 1
    assert records == len(rows)
    assert set(contents.values()) == {1}


def test_landed_with_address_and_date(collected: Collected, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "seeds" / "reference", project / "seeds" / "reference")
    (project / "dbt_project.yml").write_text("name: small\n", encoding="utf-8")
    land = ["land", str(collected.folder / "collection"), "--project", str(project)]
    done = subprocess.run(
        [sys.executable, "-m", "gouji.cli", *land, "--new-agencies"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    with (project / "seeds/raw/raw_reports.csv").open(encoding="utf-8", newline="") as file:
        landed = {row["source_url"]: row for row in csv.DictReader(file)}
    site = collected.site
    own = [(a, one) for a, one in site.files.items() if one.title in collected.truths]
    assert len({one.content for _, one in own}) == REPORTS
    for address, one in own:
        found = landed.get(f"http://{site.host}{address}")
        if found is None:  # the second address of a content
            assert [other.content for _, other in own].count(one.content) == 2, (
                address,
                done.stderr,
            )
            continue
        assert one.title.startswith(found["agency_name"]), done.stderr
        assert found["report_year"] == "2023"
        assert found["published_on"] == one.day


def test_run_again_asks_with_conditions(collected: Collected) -> None:
    """After the run has ended: what has not changed is not sent, what has is stored beside it."""
    site, folder = collected.site, collected.folder
    asked, before = len(site.log), {p.name for p in folder.glob("collection/documents/*")}
    changed = next(a for a, one in site.files.items() if one.kind == "html" and len(a) % 2)
    old = site.files[changed]
    site.files[changed] = Published(old.title, "html", old.content + b"<p>&nbsp;</p>")
    said, _ = collect(folder).communicate()
    log = site.log[asked:]
    assert [address for _, address, status in log if status == 200 and address in site.files] == [
        changed
    ]
    assert Counter(a for _, a, _ in log if a in site.files) == Counter(list(site.files))
    after = {path.name for path in folder.glob("collection/documents/*")}
    assert len(after - before) == 1
    assert not before - after
    assert f"{len(site.files)} documents" in said


def test_hosts_that_want_to_be_left_alone(tmp_path: Path) -> None:
    """One whose robots.txt cannot be had, and one that asks for an hour, are not asked further."""
    report = Published("某县2023年政府信息公开工作年度报告", "html", b"<p>2023</p>")
    with Government([report] * 4) as unsure, Government([report] * 4) as tired:
        tired.faults = Faults()
        unsure_answer, tired_answer = unsure._answer, tired._answer
        unsure._answer = lambda *a: Answer(503, b"") if a[1] == "/robots.txt" else unsure_answer(*a)
        tired._answer = lambda *a: (
            Answer(429, b"", {"Retry-After": "3600"}) if a[1] == "/" else tired_answer(*a)
        )
        list_of(tmp_path, f"http://{unsure.host}/", *tired.listed)
        running = collect(tmp_path)
        _, errors = running.communicate()
        assert running.returncode == 2
        assert set(unsure.asked()) == {"/robots.txt"}
        assert "its robots.txt answers 503" in errors
        assert tired.asked() == {"/robots.txt": 1, "/": 1}
        assert "asks to be left alone (Retry-After: 3600)" in errors
        tired._answer = tired_answer
        said, _ = collect(tmp_path).communicate()
        assert "Going on with run 1" in said
        assert set(tired.asked(200)) > set(tired.files)


def walk(folder: Path, site: dict[str, str], bounds: Bounds) -> dict[str, Row]:
    """What a run says of the addresses of a site of pages and, with a slash before, redirects."""
    with opened(folder, "tests") as collection:
        spider = Collector(["http://h/"], collection, RULES, bounds, lambda _: None)
        spider._send(Errand("http://h/", list_of="http://h/"))
        requests = deque(spider._of_free_hosts())
        while requests:
            request = requests.popleft()
            said = site[request.url.removeprefix("http://h")]
            moved = {"Location": said} if said.startswith("/") else {}
            answer = Response(request.url, 302 if moved else 200, moved, said.encode())
            requests += spider.answered(answer, **request.cb_kwargs)
        spider.say_what_lies_beyond()
        return {row.address.removeprefix("http://h"): row for row in collection.rows()}


def test_what_lies_beyond_the_bounds_is_said(tmp_path: Path) -> None:
    link = '<a href="{}">2023年信息公开年度报告</a>'.format
    deep = {f"/{number}.html": link(f"/{number + 1}.html") for number in range(1, 3)}
    pages = "".join(f'<a href="/p{number}.html">{number}</a>' for number in range(1, 4))
    site = {"/": link("/1.html") + pages, **deep, "/p1.html": link("/9.html"), "/9.html": "<p>"}
    rows = walk(tmp_path, site, Bounds(depth=2, pages_of_a_list=1))
    assert {address: row.reason for address, row in rows.items() if row.outcome == "refused"} == {
        "/3.html": "it is more than 2 links from the list",
        "/p2.html": "its list has more than 1 pages",
        "/p3.html": "its list has more than 1 pages",
    }
    assert rows["/3.html"].found_on == "http://h/2.html"


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ({"/": "/"}, "/"),
        ({"/": "/a", "/a": "/b", "/b": "/a"}, "/b"),
        ({"/": '<meta http-equiv="refresh" content="0;url=/">'}, "/"),
    ],
)
def test_what_leads_back_is_said(site: dict[str, str], said: str, tmp_path: Path) -> None:
    rows = walk(tmp_path, site, Bounds())
    assert [address for address, row in rows.items() if row.reason] == [said]


def test_addresses() -> None:
    home = "http://www.example.gov.cn"
    for written, meant in {
        "HTTP://WWW.Example.gov.cn:80": f"{home}/",
        f"{home}/a;jsessionid=9F#top": f"{home}/a",
        f"{home}/a.aspx?id=5&PHPSESSID=x&_=1700000000": f"{home}/a.aspx?id=5",
        f"{home}/报告.pdf": f"{home}/%E6%8A%A5%E5%91%8A.pdf",
        f"{home}/a/b/a/b/a/b/a/b/c.html": "",
        "javascript:void(0)": "",
        "http://[::1": "",
        "http://user@www.example.gov.cn/": "",
    }.items():
        assert canonical(written, RULES) == meant, written


def test_page() -> None:
    page = read_page(
        '<html><head><meta charset="utf-8"><title>政府信息公开年报</title></head><body>'
        '<ul><li><a href="./1.html" title="某县教育局2023年政府信息公开工作年度报告">某县教育…</a>'
        "<i>[2024-01-25]</i></li>"
        '<li><a href="../../jsgg/2.html">2023年部门决算信息公开报告</a></li>'
        '<li><a href="a/3.pdf">下载</a></li><li><a href="list_2.html">2</a></li>'
        '<li><a href="/other/list_2.html">2</a></li></ul>'
        "<script>createPageHTML(3, 0, 'index', 'html')</script>".encode("gbk"),
        "http://h/nb/index.html",
        RULES,
    )
    assert not page.is_report
    (report,) = page.reports
    assert (report.address, report.listed_on) == ("http://h/nb/1.html", "2024-01-25")
    assert report.title == "某县教育局2023年政府信息公开工作年度报告"
    assert [link.address for link in page.documents] == ["http://h/nb/a/3.pdf"]
    assert [link.address for link in page.paging] == [
        f"http://h/nb/{name}.html" for name in ("list_2", "index_1", "index_2")
    ]


@pytest.mark.parametrize(
    ("data", "named", "kind"),
    [
        (b"%PDF-1.4", "a.doc", ".pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.et", ".et"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a", ".doc"),
        (packed({"OFD.xml": b""}), "a.zip", ".ofd"),
        (packed({"word/document.xml": b""}), "a.doc", ".docx"),
        (packed({"mimetype": b"application/vnd.oasis.opendocument.text"}), "a", ".odt"),
        (b"PK\x03\x04 damaged", "a.docx", ".zip"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "a.pdf", ".html"),
        (b"words", "a.php", ".bin"),
    ],
)
def test_kind_is_told_by_content(data: bytes, named: str, kind: str) -> None:
    if kind == ".bin":
        named = "a.something-long"
    assert kind_of(data, "application/octet-stream", f"http://h/{named}") == kind


def test_list(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("name,URL\nA,http://h/1\nB,\nA,http://h/1#x\n", encoding="utf-8")
    assert read_list(table, RULES) == ["http://h/1"]
    for text, complaint in (
        ("http://h/1\nftp://h/2\n", "line 2: “ftp://h/2” is no http"),
        ("# nothing\n", "names no address"),
    ):
        path = list_of(tmp_path, text)
        path.write_text(text, encoding="utf-8")
        with pytest.raises(WrongCall, match=complaint):
            read_list(path, RULES)


def test_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"")
    with (
        pytest.raises(WrongCall, match="no collection, it holds thesis"),
        opened(tmp_path, "tests"),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_killed_between_two_writes(tmp_path: Path) -> None:
    """A row, a record and a content that are not whole are cut off; what is whole stays."""
    answer = Answered("http://h/1", "2024-01-01T00:00:00Z", 200, "OK", (), b"%PDF-1")
    with opened(tmp_path, "tests") as collection:
        row = Row(str(collection.run), answer.fetched_at, answer.address, "")
        collection.keep(answer, row, ".pdf", is_document=True)
    whole = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (archive,) = (tmp_path / "archive").iterdir()
    archive.write_bytes(whole[archive] + whole[archive][:-9])
    (tmp_path / "index.csv").write_bytes(whole[tmp_path / "index.csv"] + b"1,2024-01-01T00")
    (tmp_path / "documents" / "0a.pdf.waiting").write_bytes(b"%PDF")
    with opened(tmp_path, "tests"):
        pass
    (tmp_path / "archive" / "run-0001-00002.warc.gz").write_bytes(b"half of what says who")
    with opened(tmp_path, "tests") as collection:
        assert collection.goes_on
        assert collection.done("http://h/1")
        assert not collection.done("http://h/2")
        collection.finish()
    mended = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    differing = {path.name for path in whole | mended if whole.get(path) != mended.get(path)}
    assert differing <= {".lock", "collection.json"}
    (tmp_path / "index.csv").unlink()  # not by a kill: nothing is cut back to it
    with pytest.raises(WrongCall, match="missing or empty"), opened(tmp_path, "tests"):
        pass
    assert archive.read_bytes() == whole[archive]
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "index.csv").write_bytes(b"run,fet")
    with opened(tmp_path / "new", "tests"):
        assert (tmp_path / "new" / "index.csv").read_bytes() == HEADER


def test_call_is_looked_at_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    listed = list_of(tmp_path, "http://127.0.0.1:9/")
    with pytest.raises(WrongCall, match="mail or web address"):
        command.collect(listed, "nobody", tmp_path / "new", 1.0, 1)
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    with pytest.raises(WrongCall, match=r"pip install 'gouji\[collect\]'"):
        command.collect(listed, "a@example.org", tmp_path / "new", 1.0, 1)
    assert not (tmp_path / "new").exists()
