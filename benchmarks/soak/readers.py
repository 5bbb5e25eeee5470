"""Four readers, a process each: `python -m benchmarks.soak.readers KIND WAREHOUSE NOTES`.

Each reads again and again until its standard input ends, and holds what it read against itself: a
read is of one build if all that it saw says the same of which build it is, and of what is in it. A
line of NOTES (JSON) is a read that failed, or a build that was seen for the first time, with a hash
of its facts: the same build must look the same to all readers.
"""

from __future__ import annotations

import hashlib
import json
import re
import select
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Often enough that each build is read several times, and seldom enough that it is built.
SECONDS_BETWEEN_READS = 1.0
FACTS = {
    "fct_requests": ("report_id, line_code, applicant_type", "request_rows"),
    "fct_review_litigation": ("report_id, channel, result", "review_rows"),
    "fct_published_items": ("report_id, line_code, measure_code", "published_item_rows"),
}
LAST_BUILD = """
select strftime(published_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as created, input_sha256,
    reports, request_rows, review_rows, published_item_rows, identity_checks,
    (select count(*) from {0}) as builds
from {0} order by published_at desc limit 1
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
INPUT = re.compile(r"<code>([0-9a-f]{12})</code></p>")
UPDATED = re.compile(r"<updated>([^<]+)</updated>")
LINK = re.compile(r'(?:href|src)="([^":#?]+)"')


class Mixed(Exception):
    """What was read is not of one build."""


Seen = dict[str, Any]  # `build`: what names it; `facts`: their hash, where they were read


def facts_of(connection: duckdb.DuckDBPyConnection, table: Callable[[str], str]) -> Seen:
    """Read which build it is, and its facts, and hold the two against each other.

    Args:
        connection: what is asked.
        table: how a table, `schema.name`, is written there.
    """
    found = connection.sql(LAST_BUILD.format(table("quality.run_history")))
    last = dict(zip(found.columns, found.fetchall()[0], strict=True))
    hashes = []
    for fact, (key, counted) in FACTS.items():
        rows, hashed = connection.sql(
            f"select count(*), bit_xor(hash({key}, value, reported_value, value_status))"
            f" from {table(f'marts.{fact}')}"
        ).fetchall()[0]
        _same(rows, last[counted], f"rows of {fact}")
        hashes.append(hashed)
    checks = f"select count(*) from {table('quality.fct_identity_checks')}"
    _same(connection.sql(checks).fetchall()[0][0], last["identity_checks"], "checks")
    build = [last["created"], last["input_sha256"], last["builds"]]
    return {"build": build, "facts": hashes}


def read_database(warehouse: Path) -> Seen:
    """The database by its path: twice over one connection."""
    with duckdb.connect(str(warehouse / "gouji.duckdb"), read_only=True) as connection:
        first = facts_of(connection, str)
        time.sleep(SECONDS_BETWEEN_READS)
        _same(facts_of(connection, str), first, "the second look over one connection")
    return first


def read_parquet(warehouse: Path) -> Seen:
    """The folder of Parquet files, where `current` leads: every file is the one that is named."""
    folder = (warehouse / "current").resolve() / "parquet"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    paths = {one["name"]: _paths(folder, one["path"]) for one in package["resources"]}
    hashes = json.dumps(package)
    for path in sorted(folder.rglob("*.parquet")):
        if hashlib.sha256(path.read_bytes()).hexdigest() not in hashes:
            raise Mixed(f"{path.name} is not the file that the data package names")
    with duckdb.connect() as connection:
        seen = facts_of(
            connection,
            lambda table: f"read_parquet({paths[table.split('.')[1]]}, union_by_name = true)",
        )
    _same([package["created"], package["input_sha256"]], seen["build"][:2], "the data package")
    # and by the path that everybody knows: one file, of some build
    json.loads((warehouse / "parquet" / "datapackage.json").read_text(encoding="utf-8"))
    return seen


def _paths(folder: Path, path: str | list[str]) -> list[str]:
    """The files of a table, one or one a year; every one that is named is there."""
    found = [folder / one for one in ([path] if isinstance(path, str) else path)]
    if gone := [one.name for one in found if not one.is_file()]:
        raise Mixed(f"{gone[0]} is not there")
    return [str(one) for one in found]


def read_site(warehouse: Path) -> Seen:
    """Pages of the site, its feed, and the data package beside it, where `current` leads."""
    build = (warehouse / "current").resolve()
    site = build / "site"
    package = json.loads((build / "parquet/datapackage.json").read_text(encoding="utf-8"))
    index = (site / "index.html").read_text(encoding="utf-8")
    pages = [site / link for link in set(LINK.findall(index))]
    for page in pages:
        if not page.exists():
            raise Mixed(f"index.html leads to {page.relative_to(site)}, which is not there")
    for page in (path for path in pages if path.suffix == ".html" and path.parent == site):
        _same(_input(page.read_text(encoding="utf-8")), package["input_sha256"][:12], page.name)
    feed = UPDATED.findall((site / "feed.atom").read_text(encoding="utf-8"))
    _same(feed[0], package["created"], "the feed")
    _input((warehouse / "site/index.html").read_text(encoding="utf-8"))
    return {"build": [package["created"], package["input_sha256"]]}


def read_served(address: str) -> Seen:
    """What `gouji serve` answers: the first page, and one statement over several tables."""
    page = _ask(address)
    counts = ", ".join(
        f"(select count(*) from marts.{fact}) = {counted}" for fact, (_, counted) in FACTS.items()
    )
    query = f"select *, {counts} from ({LAST_BUILD.format('quality.run_history')})"
    answer = json.loads(_ask(f"{address}sql.json?{urllib.parse.urlencode({'q': query})}"))
    row = list((answer[0] if isinstance(answer, list) else answer["rows"][0]).values())
    if row[-3:] != [True] * 3:
        raise Mixed(f"the served facts are not those of its build: {row}")
    _input(page)
    return {"build": row[:2]}


@contextmanager
def served(warehouse: Path) -> Iterator[str]:
    """Serve the warehouse for the block, and give the address."""
    command = [sys.executable, "-m", "gouji.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        [*command, "--warehouse", str(warehouse)],
        cwd=warehouse.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        lines = []
        for line in server.stdout or ():
            lines.append(line)
            if found := ADDRESS.search(line):
                try:
                    yield found.group()
                finally:
                    server.terminate()
                return
        raise Mixed(f"gouji serve ended: {''.join(lines)}")


def _ask(address: str) -> str:
    # the address of a server that was started here
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
        return str(answer.read().decode())


def _input(page: str) -> str:
    found = INPUT.search(page)
    if not found:
        raise Mixed("a page does not end with what it was made from")
    return found.group(1)


def _same(one: object, other: object, what: str) -> None:
    if one != other:
        raise Mixed(f"{what}: {one}, and not {other}")


READERS: dict[str, Callable[[Path], Seen]] = {
    "database": read_database,
    "parquet": read_parquet,
    "site": read_site,
}
KINDS = (*READERS, "serve")


def read_on(read: Callable[[], Seen], notes: Path) -> None:
    """Read until standard input ends, and note what failed and which builds were seen."""
    reads = 0
    known: set[str] = set()
    with notes.open("a", encoding="utf-8") as file:

        def note(**facts: object) -> None:
            file.write(json.dumps(facts, ensure_ascii=False) + "\n")
            file.flush()

        while not select.select([sys.stdin], [], [], SECONDS_BETWEEN_READS)[0]:
            reads += 1
            try:
                seen = read()
            except Exception as error:  # noqa: BLE001 - whatever it is, a reader failed
                what = " ".join(f"{type(error).__name__}: {error}".split())
                note(failed=what, at=time.strftime("%H:%M:%S"))
                continue
            if (key := json.dumps(seen)) not in known:
                known.add(key)
                note(**seen)
        note(reads=reads)


def main(kind: str, warehouse: Path, notes: Path) -> None:
    """Be a reader of a kind."""
    if kind == "serve":
        with served(warehouse) as address:
            read_on(lambda: read_served(address), notes)
    else:
        read_on(lambda: READERS[kind](warehouse), notes)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
