"""The steps of a benchmark, each of which can be run alone and keeps its figures in one file."""

import json
import shutil
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.data import Data, make_data
from benchmarks.equality import Compared, compare, compare_files
from benchmarks.landing import measure as measure_landing
from benchmarks.processes import Run, run
from benchmarks.room import Room
from benchmarks.with_pandas.tables import LEFT_OUT, TABLES
from gouji.synthetic.score import score

ROOT = Path(__file__).parents[1]
QUICK_RUN = 60.0
# What the hand-written script holds does not fit into the build's 4 GB at a million reports.
MEMORY_BY_HAND = "12GB"


# The last of pandas' four tables that the hand-written script makes.
LAST_OF_PANDAS = "marts.fct_published_items"


class Unequal(Exception):
    """Two ways to the same tables or answers came to different ones."""


@dataclass
class Bench:
    """A benchmark of one size: its folder, its reports, and the figures so far."""

    folder: Path
    reports: int
    runs: int
    room: Room
    pages: int
    tests: bool
    say: Callable[[str], None]
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> Data:
        """The reports."""
        return Data(self.folder / "data", self.reports)

    @property
    def by_dbt(self) -> Path:
        """The database that dbt builds."""
        return self.folder / "dbt.duckdb"

    @property
    def by_hand(self) -> Path:
        """The database that the hand-written script builds."""
        return self.folder / "hand_written.duckdb"

    @property
    def kept(self) -> Path:
        """The file of the figures."""
        return self.folder / "figures.json"

    def keep(self, name: str, figures: dict[str, Any]) -> None:
        """Keep the figures of a step."""
        self.figures[name] = figures
        self.kept.write_text(json.dumps(self.figures, indent=1), encoding="utf-8")

    def python(self, module: str, *arguments: object, **settings: str) -> Run:
        """Run a module of Python in a process of its own, and watch it."""
        return run(
            [sys.executable, "-m", module, *map(str, arguments)],
            folder=ROOT,
            log=self.folder / "logs" / f"{module}.log",
            settings={"PYTHONPATH": str(ROOT), **settings},
        )

    def several(self, once: Callable[[], Run]) -> dict[str, Any]:
        """Run a command again and again, but a long one only once; give median and peak."""
        done = [once()]
        while len(done) < self.runs and done[0].seconds < QUICK_RUN:
            done.append(once())
        return {
            "seconds": statistics.median(each.seconds for each in done),
            "processor": statistics.median(each.processor for each in done),
            "peak": max(each.peak_bytes for each in done),
            "runs": len(done),
        }


def _once(done: Run) -> dict[str, Any]:
    return {
        "seconds": done.seconds,
        "processor": done.processor,
        "peak": done.peak_bytes,
        "runs": 1,
    }


def remove(database: Path) -> None:
    """Delete a database and what DuckDB may have left beside it."""
    database.unlink(missing_ok=True)
    Path(f"{database}.wal").unlink(missing_ok=True)
    shutil.rmtree(f"{database}.tmp", ignore_errors=True)


def make(bench: Bench) -> None:
    """Make the reports."""
    data = make_data(bench.data.root, bench.reports, bench.say)
    today = datetime.now(UTC).date().isoformat()
    bench.keep("data", {**data.facts, "measured_on": today})


def _dbt(bench: Bench, *arguments: str) -> Run:
    return bench.python(
        "dbt.cli.main",
        "build",
        "--quiet",
        # Unit tests are of the SQL, not of the data.
        *("--exclude-resource-type", "unit_test"),
        *(() if bench.tests else ("--exclude-resource-type", "test")),
        *("--target-path", bench.folder / "target", "--log-path", bench.folder / "logs"),
        *arguments,
        GOUJI_DB=str(bench.by_dbt),
        GOUJI_LANDING=str(bench.data.landing),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )


def build(bench: Bench) -> None:
    """Build everything with dbt, its tests of the data included."""
    bench.data.take_night_back()

    def once() -> Run:
        remove(bench.by_dbt)
        return _dbt(bench)

    bench.keep("build", {**bench.several(once), "bytes": bench.by_dbt.stat().st_size})
    with duckdb.connect(str(bench.by_dbt), read_only=True) as connection:
        rows = {
            table: connection.execute(f"select count(*) from {table}").fetchall()[0][0]
            for table in (
                "marts.fct_requests",
                "marts.fct_published_items",
                "marts.fct_review_litigation",
                "quality.fct_identity_checks",
                "quality.suspect_cells",
            )
        }
    bench.keep("rows", rows)


def _by_hand(bench: Bench, *until: str) -> Run:
    """Run the hand-written script into a new database, or its part up to a table."""
    remove(bench.by_hand)
    return bench.python(
        "benchmarks.hand_written",
        *(bench.data.landing, bench.by_hand, *until),
        GOUJI_MEMORY=MEMORY_BY_HAND,
    )


def hand_written(bench: Bench) -> None:
    """Make the same tables with the hand-written script, and compare them one by one."""
    bench.data.take_night_back()

    figures = {**bench.several(lambda: _by_hand(bench)), "bytes": bench.by_hand.stat().st_size}
    bench.keep("hand_written", figures)
    bench.keep("equality", _compared(bench))


def _compared(bench: Bench) -> dict[str, Any]:
    tables = compare(bench.by_dbt, bench.by_hand, bench.folder / "spill")
    return equal("the hand-written script", tables)


def equal(other: str, tables: list[Compared]) -> dict[str, Any]:
    """Count what was compared.

    Raises:
        Unequal: a table differs.
    """
    unequal = [table for table in tables if table.differences]
    if unequal:
        raise Unequal(
            f"dbt and {other} differ:\n"
            + "\n".join(
                f"  {table.table}: {difference}"
                for table in unequal
                for difference in table.differences
            )
        )
    return {
        "tables": len(tables),
        "rows": sum(table.rows for table in tables),
        "by_hash": [table.table for table in tables if table.by_hash],
    }


def in_pandas(bench: Bench) -> None:
    """Make facts and checks with pandas, and compare them with the warehouse's."""
    if bench.reports > bench.room.at_most:
        bench.keep("pandas", {"left_out": bench.room.at_most, "why": bench.room.why})
        return
    bench.data.take_night_back()
    folder = bench.folder / "pandas"

    def once() -> Run:
        shutil.rmtree(folder, ignore_errors=True)
        return bench.python("benchmarks.with_pandas", bench.data.landing, folder)

    figures = bench.several(once)
    files = {table: folder / f"{table}.parquet" for table in TABLES}
    tables = compare_files(bench.by_dbt, files, bench.folder / "spill", LEFT_OUT)
    bench.keep("pandas_equality", equal("pandas", tables))
    size = sum(file.stat().st_size for file in files.values())
    bench.keep("pandas", {**figures, "bytes": size})
    if "hand_written" in bench.figures:
        bench.keep("facts_by_hand", bench.several(lambda: _by_hand(bench, LAST_OF_PANDAS)))


def queries(bench: Bench) -> None:
    """Ask ten questions of the marts and of the raw files."""
    bench.data.take_night_back()
    done = bench.python("benchmarks.queries", bench.by_dbt, bench.data.landing, max(bench.runs, 3))
    asked = json.loads(done.output)
    for row in asked:
        if row["difference"]:
            raise Unequal(f"{row['question']} {row['difference']}")
    bench.keep("queries", {"asked": asked, "runs": max(bench.runs, 3), "peak": done.peak_bytes})


def audit(bench: Bench) -> None:
    """Audit the warehouse, and ask the same checks as plain SQL."""
    done = bench.python("benchmarks.audit", bench.by_dbt, bench.folder / "audit", bench.runs)
    figures = json.loads(done.output)
    if figures["differences"]:
        raise Unequal(
            f"the audit and plain SQL count differently: {', '.join(figures['differences'])}"
        )
    bench.keep("audit", {**figures, "runs": bench.runs, "peak": done.peak_bytes})


def night(bench: Bench) -> None:
    """Let one night's reports arrive, and build again over the database that is there."""
    bench.data.take_night_back()
    bench.data.add_night()
    done = _dbt(bench)
    bench.keep("night", _once(done))
    with duckdb.connect(str(bench.by_dbt), read_only=True) as connection:
        reports = connection.execute("select count(*) from marts.dim_report").fetchall()[0][0]
    facts = bench.data.facts
    if reports != facts["reports"] + facts["night"]:
        raise Unequal(f"after the night {reports} reports are in the warehouse, not all")


def night_by_hand(bench: Bench) -> None:
    """Compare the warehouse after the night with one made at once by the hand-written script."""
    bench.data.add_night()
    _by_hand(bench)
    bench.keep("night_equality", _compared(bench))


def faults(bench: Bench) -> None:
    """Score what the warehouse found of the planted faults."""
    result = score(bench.by_dbt, bench.data.landing)
    bench.keep("faults", result.as_json())
    missed = result.total["visible"] - result.total["caught"]
    if missed:
        raise Unequal(f"{missed} visible faults were not caught whole")
    if result.total["accused_clean"]:
        raise Unequal(f"{result.total['accused_clean']} broken checks have no fault behind them")


def landing(bench: Bench) -> None:
    """Land HTML pages, beside reading their tables with pandas."""
    if bench.pages:
        bench.keep("landing", dict(measure_landing(bench.pages)))


STEPS: dict[str, Callable[[Bench], None]] = {
    "data": make,
    "build": build,
    "hand-written": hand_written,
    "pandas": in_pandas,
    "queries": queries,
    "audit": audit,
    "night": night,
    "night-equal": night_by_hand,
    "faults": faults,
    "landing": landing,
}
