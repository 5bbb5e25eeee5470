"""How fast `gouji serve` answers: `python -m benchmarks.serve DATABASE`.

Starts the command itself over a copy of a database, asks for pages drawn at random, one after the
other, then lets many readers ask at once while another build is published, and prints a table.
"""

import http.client
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated
from urllib.parse import quote

import duckdb
import typer

from benchmarks.processes import Watcher
from gouji.audit.verdicts import Audit
from gouji.publish.history import record_audit, record_run

SECONDS_TO_START = 3600
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@dataclass
class Asked:
    """How long answers took (seconds), and those that were none."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        """A row of the table: how many, median, 99th percentile, longest, errors."""
        taken = sorted(self.seconds)
        far = quantiles(taken, n=100, method="inclusive")[98] if len(taken) > 1 else taken[0]
        figures = (median(taken), far, taken[-1])
        shown = " | ".join(f"{seconds * 1000:,.0f} ms" for seconds in figures)
        return f"| {name} | {len(taken):,} | {shown} | {len(self.errors)} |"


@app.command()
def main(
    database: Annotated[Path, typer.Argument(help="A warehouse file; it stays as it is.")],
    answers: Annotated[int, typer.Option(help="Random pages of each kind.")] = 200,
    readers: Annotated[int, typer.Option(help="Readers at once.")] = 20,
    seconds: Annotated[int, typer.Option(help="How long they read.")] = 300,
    folder: Annotated[Path | None, typer.Option(help="Where to work; needs room.")] = None,
) -> None:
    """Measure the server over a warehouse file."""
    chance = random.Random(7)  # noqa: S311 - which pages are asked for is no secret
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        warehouse = Path(name)
        published = warehouse / "gouji.duckdb"
        _copy(database, published)
        paths = _paths(published, answers, chance)
        began = time.monotonic()
        with _server(warehouse) as (port, watcher):
            typer.echo(f"Ready after {time.monotonic() - began:,.0f} s.\n")
            typer.echo("| | answers | median | 99th of 100 | longest | errors |")
            typer.echo("| --- | --- | --- | --- | --- | --- |")
            for kind, of_kind in paths.items():
                typer.echo(_one_by_one(port, of_kind).line(kind))
            typer.echo(f"\nMost memory so far: {watcher.peak / 1e6:,.0f} MB.")
            if seconds:
                every = [path for of_kind in paths.values() for path in of_kind]
                new = warehouse / "new.duckdb"
                shutil.copy(published, new)
                _stamp(new, "9.9.9")
                found = _at_once(port, every, readers, seconds, lambda: new.replace(published))
                typer.echo(found.line(f"{readers} readers at once, a publish among them"))
                ended = time.monotonic()
                while not _is_new(port) and time.monotonic() < ended + SECONDS_TO_START:
                    time.sleep(1)
                late = f"{time.monotonic() - ended:,.0f} s after they ended"
                typer.echo(f"\nThe new build is {late if _is_new(port) else 'not'} served.")
                typer.echo(f"Most memory: {watcher.peak / 1e6:,.0f} MB.")
                for error in found.errors[:5]:
                    typer.echo(f"    {error}")


def _copy(database: Path, to: Path) -> None:
    """Copy a database; one that dbt alone has built gets the tables that a publish adds."""
    shutil.copy(database, to)
    with duckdb.connect(str(to)) as connection:
        is_published = connection.execute(
            "select count(*) from duckdb_tables() where table_name = 'run_history'"
        ).fetchall()[0][0]
    if not is_published:
        record_run(to, to.with_name("nothing"), "0" * 64)
        record_audit(to, Audit([], to))


def _stamp(database: Path, version: str) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("update quality.run_history set gouji_version = ?", [version])


def _paths(database: Path, answers: int, chance: random.Random) -> dict[str, list[str]]:
    """Draw the pages of each kind."""
    with duckdb.connect(str(database), read_only=True) as connection:

        def drawn(sql: str) -> list[tuple[str, ...]]:
            rows = connection.execute(sql).fetchall()
            return [chance.choice(rows) for _ in range(answers)]

        reports = drawn("select report_id from marts.dim_report where is_current")
        broken = drawn("select distinct report_id from quality.issues")
        bodies = drawn("select agency_id, agency_name from marts.dim_agency")
        regions = drawn(
            "select region_code, region_name from marts.dim_region"
            " where region_code in (select region_code from marts.region_year)"
        )
    words = [name for _, name in bodies[::2]] + [name[:3] for _, name in regions[::2]]
    return {
        "first page": ["/index.html"] * 20,
        "reports": [f"/reports/{report}.html" for (report,) in reports],
        "reports with issues": [f"/reports/{report}.html" for (report,) in broken],
        "bodies": [f"/agencies/{agency}.html" for agency, _ in bodies],
        "regions": [f"/regions/{region}.html" for region, _ in regions],
        "searches": [f"/search?q={quote(word)}" for word in words],
        "lists": [f"/reports/index.html?page={chance.randrange(1, 99)}" for _ in range(20)],
    }


@contextmanager
def _server(warehouse: Path) -> Iterator[tuple[int, Watcher]]:
    command = [sys.executable, "-m", "gouji.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--warehouse", str(warehouse)], stdout=subprocess.PIPE, text=True
    ) as process:
        watcher = Watcher(process.pid)
        watcher.start()
        try:
            told = ADDRESS.search(process.stdout.readline() if process.stdout else "")
            if told is None:
                raise typer.Exit(3)
            yield int(told[1]), watcher
        finally:
            watcher.stop()
            process.terminate()


def _get(port: int, path: str, asked: Asked) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    began = time.perf_counter()
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        asked.seconds.append(time.perf_counter() - began)
        if answer.status != 200:
            asked.errors.append(f"{path}: {answer.status}")
    except OSError as error:
        asked.errors.append(f"{path}: {error}")
        return b""
    finally:
        connection.close()
    return body


def _one_by_one(port: int, paths: list[str]) -> Asked:
    asked = Asked()
    for path in paths:
        _get(port, path, asked)
    return asked


def _at_once(
    port: int, paths: list[str], readers: int, seconds: int, publish: Callable[[], object]
) -> Asked:
    ends = time.monotonic() + seconds
    of_reader = [Asked() for _ in range(readers)]

    def read(asked: Asked, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - as above
        while time.monotonic() < ends:
            _get(port, chance.choice(paths), asked)

    threads = [
        threading.Thread(target=read, args=[asked, seed]) for seed, asked in enumerate(of_reader)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 5)
    publish()
    for thread in threads:
        thread.join()
    return Asked(
        [second for asked in of_reader for second in asked.seconds],
        [error for asked in of_reader for error in asked.errors],
    )


def _is_new(port: int) -> bool:
    return b"gouji 9.9.9" in _get(port, "/index.html", Asked())


if __name__ == "__main__":
    app()
