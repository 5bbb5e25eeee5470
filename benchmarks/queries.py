"""Ten questions of analysts, asked of the marts and of the raw Parquet files.

Each file of `queries/` holds a question and two statements: the first over the warehouse, the
second over the landing folder as views of its files. The answers must be the same. `one_body` is
the name of a body, as an analyst would write it.

    python -m benchmarks.queries DATABASE LANDING RUNS
"""

import json
import statistics
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from gouji.memory import limit
from gouji.raw_tables import RAW_TABLES
from gouji.sql import quoted

ROOT = Path(__file__).parents[1]
QUERIES = Path(__file__).with_name("queries")

Answer = list[tuple[str, ...]]


def measure(database: Path, landing: Path, runs: int) -> list[dict[str, Any]]:
    """Ask every question of both, several times after one run to warm up.

    Gives for each question its title, the median seconds over the marts and over the raw files,
    and whether both gave the same answer.
    """
    rows = []
    body = _one_body(landing)
    for path in sorted(QUERIES.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        over_marts, over_raw = (s.query for s in duckdb.extract_statements(text))
        with duckdb.connect(str(database), read_only=True) as connection:
            connection.execute(f"set variable one_body = '{body}'")
            marts, answer = _ask(connection, over_marts, runs)
        with duckdb.connect() as connection:
            _show_raw(connection, landing)
            connection.execute(f"set variable one_body = '{body}'")
            raw, same = _ask(connection, over_raw, runs)
        rows.append(
            {
                "question": text.splitlines()[0].removeprefix("-- "),
                "marts": marts,
                "raw": raw,
                "rows": len(answer),
                "difference": _difference(answer, same),
            }
        )
    return rows


def _one_body(landing: Path) -> str:
    """The last of the bodies whose reports add up others'."""
    agencies = quoted(landing / "agencies.parquet")
    last = "select max(agency_id) from read_parquet('{}') where is_consolidated = 'true'"
    return str(duckdb.sql(last.format(agencies)).fetchall()[0][0])


def _show_raw(connection: duckdb.DuckDBPyConnection, landing: Path) -> None:
    """Make a view of each table of the landing folder, and of the regions, which are a seed."""
    for table in RAW_TABLES:
        connection.execute(
            f"create view {table} as from read_parquet('{quoted(landing / table)}/*/*.parquet',"
            " hive_partitioning = false)"
        )
    connection.execute(
        f"create view agencies as from read_parquet('{quoted(landing / 'agencies.parquet')}');"
        "create view regions as from read_csv("
        f"'{quoted(ROOT / 'seeds' / 'reference' / 'regions.csv')}', all_varchar = true)"
    )


def _ask(connection: duckdb.DuckDBPyConnection, sql: str, runs: int) -> tuple[float, Answer]:
    limit(connection).execute("set threads = 2; set enable_progress_bar = false")
    seconds = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        rows = connection.execute(sql).fetchall()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:]), [tuple(_plain(cell) for cell in row) for row in rows]


def _plain(cell: Any) -> str:
    """A cell as text, a number without zeros at its end."""
    text = f"{cell:f}" if isinstance(cell, int | float | Decimal) else str(cell)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _difference(one: Answer, other: Answer) -> str:
    """The first row that differs, or nothing."""
    for place in range(max(len(one), len(other))):
        rows = [answer[place] if place < len(answer) else None for answer in (one, other)]
        if rows[0] != rows[1]:
            return f"row {place + 1}: {rows[0]} over the marts, {rows[1]} over the raw files"
    return "" if one else "no row at all"


def main() -> None:
    """Measure and print as JSON."""
    database, landing, runs = sys.argv[1:]
    sys.stdout.write(json.dumps(measure(Path(database), Path(landing), int(runs))))


if __name__ == "__main__":
    main()
