"""The same dbt project on DuckDB and on Spark."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from compare import Table
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

PROJECT = Path(__file__).parents[2]
COMPARED_SCHEMAS = ("marts", "quality")


class DbtFailed(Exception):
    """dbt did not get through; the sentence names the nodes that went wrong."""


@dataclass(frozen=True)
class Run:
    """Calls of dbt: with which project, over which landing folder, and where they leave what."""

    leavings: Path
    landing: Path | None = None
    project: Path = PROJECT

    @property
    def database(self) -> Path:
        """The warehouse that DuckDB makes."""
        return self.leavings / "gouji.duckdb"

    def with_both(self, *left_out: str) -> Counter[str]:
        """Build with DuckDB and, meanwhile, with Spark; count Spark's nodes by kind.

        Args:
            left_out: the kinds of nodes that Spark leaves out. DuckDB leaves out all tests: they
                are those of `make test`.

        Raises:
            DbtFailed: anything but a success.
        """
        with ThreadPoolExecutor(1) as aside:
            duckdb = aside.submit(self.with_duckdb, "build", *_without("test", "unit_test"))
            counts = self.with_spark("build", *_without(*left_out))
            duckdb.result()
        return counts

    def with_duckdb(self, *arguments: str) -> None:
        """Call dbt with DuckDB, in a process of its own, so that the database is free afterwards.

        Raises:
            DbtFailed: anything but a success.
        """
        command = [sys.executable, "-m", "dbt.cli.main", *self._command("dev", *arguments)]
        settings = {name: str(value) for name, value in self._settings().items() if value}
        kept = {name: value for name, value in os.environ.items() if name not in self._settings()}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=kept | settings
        )
        if done.returncode:
            raise DbtFailed(f"DuckDB: dbt {arguments[0]} failed:\n{done.stdout}{done.stderr}")

    def with_spark(self, *arguments: str) -> Counter[str]:
        """Call dbt with Spark, in this process and its session, and count the nodes by kind.

        Raises:
            DbtFailed: anything but a success.
        """
        with environment(**self._settings()):
            done = dbtRunner().invoke(self._command("spark", *arguments))
        if done.exception:
            raise DbtFailed(f"Spark: dbt {arguments[0]} failed: {done.exception}")
        results = done.result.results if isinstance(done.result, RunExecutionResult) else []
        if not done.success or not results:
            bad = [f"{node.node.name}: {node.message}" for node in results if _is_bad(node.status)]
            raise DbtFailed(f"Spark: dbt {arguments[0]} failed:\n" + "\n".join(bad))
        return Counter(str(node.node.resource_type) for node in results)

    def _command(self, target: str, *arguments: str) -> list[str]:
        return [
            *(*arguments, "--quiet", "--target", target),
            *("--project-dir", str(self.project), "--profiles-dir", str(self.project)),
            *("--target-path", str(self.leavings / f"target-{target}")),
            *("--log-path", str(self.leavings / f"logs-{target}")),
        ]

    def _settings(self) -> dict[str, Path | None]:
        return {"GOUJI_DB": self.database, "GOUJI_LANDING": self.landing}

    def tables(self) -> list[Table]:
        """Every mart and quality table that Spark's dbt knows, with the key that a test names."""
        file = self.leavings / "target-spark" / "manifest.json"
        manifest = json.loads(file.read_text(encoding="utf-8"))
        keys: dict[str, tuple[str, ...]] = {}
        for node in manifest["nodes"].values():
            test = node.get("test_metadata") or {}
            if test.get("name") == "unique_key":
                columns = test["kwargs"].get("columns") or [test["kwargs"]["column_name"]]
                keys[node["attached_node"]] = tuple(columns)
        return sorted(
            (
                Table(node["schema"], node["alias"], keys[name])
                for name, node in manifest["nodes"].items()
                if node["resource_type"] == "model" and node["schema"] in COMPARED_SCHEMAS
            ),
            key=lambda table: table.full_name,
        )


@contextmanager
def environment(**settings: Path | str | None) -> Iterator[None]:
    """Set variables of the environment, or take them away, for a while."""
    before = {name: os.environ.get(name) for name in settings}
    _set(settings)
    try:
        yield
    finally:
        _set(before)


def _set(settings: dict[str, Path | str | None] | dict[str, str | None]) -> None:
    for name, setting in settings.items():
        if setting is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = str(setting)


def _without(*kinds: str) -> list[str]:
    return [word for kind in kinds for word in ("--exclude-resource-type", kind)]


def _is_bad(status: object) -> bool:
    return str(status) not in ("success", "pass", "warn", "skipped")


def session() -> SparkSession:
    """The session that dbt will find, with a catalogue that lives as long as this process.

    Spark's own settings say where the cluster is.
    """
    return (
        SparkSession.builder.appName("gouji")
        .config("spark.sql.catalogImplementation", "in-memory")
        .getOrCreate()
    )
