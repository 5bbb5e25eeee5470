"""The hand-written script: what DuckDB can do at all, as the measure for dbt's build.

python -m benchmarks.hand_written LANDING DATABASE [TABLE]

With a table it stops when that one is made. The seconds of each statement go to standard error.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from jinja2 import Environment, StrictUndefined

from gouji.memory import limit
from gouji.raw_tables import RAW_TABLES

ROOT = Path(__file__).parents[1]
SCRIPT = Path(__file__).with_name("hand_written.sql")


def script(landing: Path) -> str:
    """The SQL over a landing folder; the template only repeats columns and names files."""
    template = Environment(undefined=StrictUndefined, autoescape=False).from_string(  # noqa: S701
        SCRIPT.read_text(encoding="utf-8")
    )
    return template.render(
        landing=landing,
        seeds=ROOT / "seeds",
        raw_tables=RAW_TABLES,
        successions_landed=(landing / "agency_successions.parquet").exists(),
    )


def run(
    landing: Path, database: Path, say: Callable[[float, str], None], until: str | None = None
) -> None:
    """Make the tables in a new database.

    Args:
        landing: a folder of Parquet files that `benchmarks.data` wrote.
        database: the file to write.
        say: is told the seconds and the first words of each statement.
        until: the table to stop after, with its schema; all are made without it.

    Raises:
        ValueError: the script makes no such table.
    """
    # the format of the file and the settings are those of profiles.yml
    config = {"storage_compatibility_version": "v1.3.0"}
    with duckdb.connect(str(database), config=config) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        connection.execute("set threads = 2")
        limit(connection)
        connection.execute("set block_allocator_memory = '100%'")
        for statement in duckdb.extract_statements(script(landing)):
            started = time.perf_counter()
            connection.execute(statement)
            lines = [line for line in statement.query.strip().splitlines() if line[:2] != "--"]
            name = next((line for line in lines if line.strip()), "")
            say(time.perf_counter() - started, name)
            if until and name == f"create table {until} as":
                return
    if until:
        raise ValueError(f"the hand-written script makes no table {until}")


def main() -> None:
    """Run the script, or the part of it up to a table."""
    landing, database, *until = sys.argv[1:]

    def say(seconds: float, statement: str) -> None:
        sys.stderr.write(f"{seconds:7.2f} {statement}\n")

    run(Path(landing), Path(database), say, *until)


if __name__ == "__main__":
    main()
