"""A site of made-up reports collected with interruptions, landed, built, and compared.

The site plays a government's (`tests/python/site_of_a_government.py`), with its faults.  The
collection is killed five times and gone on with; what it stored is landed into a copy of the
project and built; every printed text in the warehouse is compared with what the site was made of.

    python benchmarks/collecting.py [REPORTS]
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "seeds" / "reference"
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "python")]

from gouji.landing.vocabulary import Form, load_form  # noqa: E402
from gouji.paths import Project  # noqa: E402
from gouji.publish.inputs import copy_project  # noqa: E402
from landing_documents import STYLES, Truth, lone_counties, made_up, parts, write  # noqa: E402
from landing_open_formats import report_ods, report_odt, report_ofd  # noqa: E402
from site_of_a_government import Government, Published  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

INTERRUPTIONS = 5
# How many of twenty reports come as what.
SHARES = {
    "html": 9,
    "docx": 3,
    "pdf": 1,
    "xlsx": 1,
    "txt": 1,
    "zip": 1,
    "odt": 1,
    "ods": 1,
    "ofd": 2,
}
OPEN_FORMATS = {"odt": report_odt, "ods": report_ods, "ofd": report_ofd}


def kinds() -> list[str]:
    """The kinds of documents of the site, as often as they come."""
    return [kind for kind, share in SHARES.items() for _ in range(share)]


def made_up_reports(count: int) -> Iterator[tuple[Published, Truth]]:
    """Reports of bodies in counties whose name is theirs alone, for two years each."""
    form = load_form(REFERENCE)
    known = [row["region_name"] for row in lone_counties(REFERENCE)]
    all_kinds = kinds()
    for number in range(count):
        kind, style = all_kinds[number % len(all_kinds)], STYLES[number % len(STYLES)]
        truth = made_up(form, number)
        year = 2022 + number % 2
        truth.title = f"{known[number // 2]}教育局{year}年政府信息公开工作年度报告"
        content = written(truth, form, kind, style, number)
        yield Published(truth.title, kind, content, f"{year + 1}-01-25"), truth


def written(truth: Truth, form: Form, kind: str, style: str, number: int) -> bytes:
    """A report as a document of a kind."""
    if kind in OPEN_FORMATS:
        return OPEN_FORMATS[kind](truth.title, parts(truth, form, style))
    if kind == "zip":
        return packed(f"{truth.title}.docx", write(truth, form, "docx", style, number))
    return write(truth, form, kind, style, number)


def packed(name: str, content: bytes) -> bytes:
    """A ZIP file of one document."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, content)
    return data.getvalue()


def run(*arguments: str | Path, ends: tuple[int, ...] = (0,)) -> str:
    """What a command of `gouji` says; one that reads the site ends with 2: some is refused."""
    done = subprocess.run(
        [sys.executable, "-m", "gouji.cli", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in ends:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-4000:])
    return done.stdout


def collect(site: Government, folder: Path) -> int:
    """Collect the site, interrupted after so many requests; how often it was."""
    (folder / "list.txt").write_text("\n".join(site.listed), encoding="utf-8")
    manners = ["--contact", "benchmark@example.org", "--delay", "0"]
    arguments = ["collect", str(folder / "list.txt"), "--to", str(folder / "collection"), *manners]
    killed = 0
    for number in range(1, INTERRUPTIONS + 1):
        moment = len(site.entries) * number // INTERRUPTIONS
        running = subprocess.Popen(
            [sys.executable, "-m", "gouji.cli", *arguments],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while running.poll() is None and len(site.log) < moment:
            time.sleep(0.001)
        killed += running.poll() is None
        running.kill()
        running.wait()
    run(*arguments, ends=(2,))
    return killed


def unequal(database: Path, truths: dict[str, Truth]) -> dict[str, int]:
    """How many reports are missing or not equal to what the site was made of, by table."""
    with duckdb.connect(str(database), read_only=True) as connection:

        def rows(table: str) -> list[tuple[Any, ...]]:
            return connection.execute(f"from raw.{table}").fetchall()

        columns = [c[0] for c in connection.execute("from raw.raw_reports limit 0").description]
        reports = [dict(zip(columns, row, strict=True)) for row in rows("raw_reports")]
        found: dict[str, Truth] = {
            row["report_id"]: Truth(row["layout"], f"{row['agency_name']}{row['report_year']}")
            for row in reports
        }
        for report_id, line, measure, printed in rows("raw_disclosures"):
            found[report_id].disclosures[line, measure] = printed or ""
        for report_id, line, *values in rows("raw_requests"):
            found[report_id].requests[line] = [value or "" for value in values]
        for report_id, channel, *values in rows("raw_reviews"):
            found[report_id].reviews[channel] = [value or "" for value in values]
    by_title = {truth.title: truth for truth in found.values()}
    differences = dict.fromkeys(("missing", "layout", "disclosures", "requests", "reviews"), 0)
    for title, truth in truths.items():
        landed = by_title.get(title.partition("年政府")[0])
        if landed is None:
            differences["missing"] += 1
            continue
        for part in ("layout", "disclosures", "requests", "reviews"):
            differences[part] += getattr(landed, part) != getattr(truth, part)
    return differences


def measure(count: int) -> dict[str, Any]:
    """What was asked, stored, landed and found equal, and the seconds of each step."""
    made = list(made_up_reports(count))
    truths = {report.title: truth for report, truth in made}
    published = [report for report, _ in made]
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Government(published) as site:
            started = time.perf_counter()
            killed = collect(site, folder)
            seconds["collect"] = time.perf_counter() - started
            first = len(site.log)
            run("collect", folder / "list.txt", "--to", folder / "collection", "--delay", "0",
                "--contact", "benchmark@example.org", ends=(2,))  # fmt: skip
            again = [(a, s) for _, a, s in site.log[first:] if a in site.files]
            asked = [(a, s) for _, a, s in site.log[:first]]
        sent = [address for address, status in asked if status == 200 and address in site.files]
        stored = {path.read_bytes() for path in (folder / "collection" / "documents").iterdir()}
        project = folder / "project"
        copy_project(Project(ROOT), project)
        started = time.perf_counter()
        said = run("land", folder / "collection", "--project", project, "--new-agencies",
                   ends=(0, 2))  # fmt: skip
        seconds["land"] = time.perf_counter() - started
        started = time.perf_counter()
        run("build", "--project", project, "--warehouse", folder / "warehouse", "--no-site")
        seconds["build"] = time.perf_counter() - started
        differences = unequal(folder / "warehouse" / "gouji.duckdb", truths)
    return {
        "reports": count,
        "kinds": {kind: sum(one.kind == kind for one in published) for kind in set(kinds())},
        "interruptions": killed,
        "requests": len(asked),
        "documents sent more than once": len(sent) - len(set(sent)),
        "documents lost": sum(one.content not in stored for one in published),
        "most requests at one time": site.together,
        "requests while it wanted rest": len(site.too_early),
        "requests to other hosts": sum(host != site.host for host, *_ in site.log),
        "second run: unchanged, sent": [sum(s == n for _, s in again) for n in (304, 200)],
        "landing says": said.strip().splitlines()[-1:],
        "not equal": differences,
        "seconds": {step: round(taken, 1) for step, taken in seconds.items()},
    }


if __name__ == "__main__":
    asked_for = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    sys.stdout.write(json.dumps(measure(asked_for), ensure_ascii=False, indent=1) + "\n")
