"""How the site's folder is written, replaced and refused, without a browser."""

import re
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from gouji.errors import ToolFailed, WrongCall
from gouji.findings.read import findings
from gouji.paths import Warehouse
from gouji.site import build
from gouji.site.build import build_site
from gouji.site.numbers import number, percent
from gouji.site.page import Site, script_json

Gouji = Callable[..., subprocess.CompletedProcess[str]]


def test_the_site_is_small_and_names_no_script_of_others(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert site / "index.html" in pages
    assert sum(file.stat().st_size for file in site.rglob("*")) < 15_000_000
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(
            r"<(?:script|link|img|iframe|source)[^>]*\s(?:src|href)=\"([^\"]*)", text
        )
        assert not [url for url in loaded if re.match(r"(https?:)?//", url)], page


def test_an_earlier_site_is_there_until_the_new_one_is(
    site: Path, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    shutil.copytree(site, out)
    (out / "reports").mkdir(exist_ok=True)
    (out / "reports" / "of-an-earlier-build.html").touch()
    monkeypatch.setattr(build, "PAGES", build.PAGES[:1])
    missed: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                (out / "index.html").read_bytes()
            except OSError as error:
                missed.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        build_site(warehouse, out)
    finally:
        done.set()
        reader.join()
    assert missed == []
    assert not (out / "reports" / "of-an-earlier-build.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_that_is_no_site_is_not_replaced(warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "theses").mkdir()
    mine = tmp_path / "theses" / "mine.txt"
    mine.write_text("three years of work", encoding="utf-8")
    for out in (mine.parent, mine):
        with pytest.raises(WrongCall, match="is no site of gouji"):
            build_site(warehouse, out)
    assert mine.read_text(encoding="utf-8") == "three years of work"


def test_a_site_that_fails_leaves_the_earlier_one(
    site: Path, warehouse_copy: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute("drop table quality.audit_results")
    out = tmp_path / "site"
    shutil.copytree(site, out)
    before = (out / "index.html").stat().st_mtime_ns
    with pytest.raises(WrongCall, match="audit_results"):
        build_site(warehouse_copy, out)
    assert (out / "index.html").stat().st_mtime_ns == before
    assert {path.name for path in tmp_path.iterdir()} == {"site", "spoilt"}


def test_wrong_calls_are_told(warehouse: Path, tmp_path: Path, gouji: Gouji) -> None:
    calls = {
        ("--warehouse", tmp_path): "There is no warehouse at",
        ("--warehouse", warehouse.parent, "--out", tmp_path / "none" / "site"): "is not there",
        (
            *("--warehouse", warehouse.parent, "--out", tmp_path / "site"),
            *("--report", "000000-nobody-1999"),
        ): "The warehouse has no report 000000-nobody-1999",
    }
    for call, sentence in calls.items():
        done = gouji("site", *call)
        assert done.returncode == 2
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_page_stays_within_the_site(warehouse: Path, tmp_path: Path) -> None:
    with findings(warehouse) as connection:
        site = Site(connection, tmp_path / "site", Warehouse(warehouse.parent))
        for path in ("../x.html", "/x.html", "reports/../../x.html", "reports/a b.html", ""):
            with pytest.raises(ToolFailed, match="no place for a page"):
                site.write(path, "issues.html.j2")
    assert list(tmp_path.iterdir()) == []


def test_json_ends_no_script() -> None:
    text = "</script><!-- \u2028 & =HYPERLINK(1)"
    written = str(script_json({"text": text}))
    assert not set("<>&\u2028") & set(written)
    with duckdb.connect() as connection:
        read = connection.execute("select json_extract_string($1, '$.text')", [written]).fetchall()
    assert read == [(text,)]


def test_numbers_are_written_for_people() -> None:
    assert [number(value) for value in (1234567, -3, 0.5, 0, None)] == [
        "1,234,567",
        "\u22123",
        "0.5",
        "0",
        "",
    ]
    shares = (1.0, 0.99999, 0.5, 0.00001, 0.0, None)
    assert [percent(share) for share in shares] == [
        *("100.0%", ">99.9%", "50.0%", "<0.1%", "0.0%", "–"),
    ]
