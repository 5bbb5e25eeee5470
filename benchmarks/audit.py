"""The audit beside its own checks as plain SQL, its import left aside.

Both ask the same warehouse the same queries, read-only: the one through Great Expectations, the
other straight from DuckDB. They must count the same failing rows for every rule and identity.

    python -m benchmarks.audit DATABASE FOLDER RUNS
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from gouji.audit.expectations import CHECKS, FAILING_ROWS
from gouji.audit.run import audit, compare_all
from gouji.audit.suites import build_suites
from gouji.memory import limit
from gouji.paths import find_project

Counts = dict[str, int]


def measure(database: Path, folder: Path, runs: int) -> dict[str, Any]:
    """Median seconds of both, and the rules in whose counts they differ."""
    expectations = find_project(Path(__file__)).expectations

    def with_great_expectations() -> Counts:
        result = audit(database, expectations, folder)
        return {verdict.rule_id: verdict.failing for verdict in result.verdicts}

    def with_plain_sql() -> Counts:
        return _failing(database, expectations)

    # In turns, and the plain one first: whoever reads a table first warms it for the other.
    plain, plain_used, plain_counts = _timed(with_plain_sql, runs)
    audited, audited_used, counts = _timed(with_great_expectations, runs)
    return {
        "audit": audited,
        "plain": plain,
        "audit_processor": audited_used,
        "plain_processor": plain_used,
        "rules": len(counts),
        "failing": sum(counts.values()),
        "differences": sorted(
            rule for rule in counts | plain_counts if counts.get(rule) != plain_counts.get(rule)
        ),
    }


def _timed(count: Callable[[], Counts], runs: int) -> tuple[float, float, Counts]:
    """The median seconds of a count, those of the processor, and what it counted."""
    seconds, processor, counts = [], [], {}
    for _ in range(runs):
        started, used = time.perf_counter(), time.process_time()
        counts = count()
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return statistics.median(seconds), statistics.median(processor), counts


def _failing(database: Path, expectations: Path) -> Counts:
    """How many rows fail each rule, asked of DuckDB itself."""
    counts, checks = {}, {}
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set enable_progress_bar = false")
        limit(connection)
        for suite in build_suites(expectations / "suites", database):
            for rule in suite.expectations:
                query = str(rule.unexpected_rows_query)
                query = query.replace("{batch}", "").replace("{{", "{").replace("}}", "}")
                # The same rows, and as many of them as Great Expectations takes.
                found = connection.execute(query)
                columns = [column for column, *_ in found.description or ()]
                row = dict(zip(columns, found.fetchmany(200)[0], strict=True))
                # none where there is no check of the rule
                counts[rule.rule_id] = int(row[FAILING_ROWS] or 0)
                if CHECKS in row:
                    checks[rule.rule_id] = row[CHECKS]
    today = datetime.now().astimezone().date()
    tables = compare_all(database, expectations, today, checks)
    return counts | {verdict.rule_id: verdict.failing for verdict in tables}


def main() -> None:
    """Measure and print as JSON."""
    database, folder, runs = sys.argv[1:]
    sys.stdout.write(json.dumps(measure(Path(database), Path(folder), int(runs))))


if __name__ == "__main__":
    main()
