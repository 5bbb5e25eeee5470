"""The reports of a benchmark: synthetic, with planted faults, in a Parquet landing folder.

They are made in blocks, each with bodies and faults of its own, so that a million take ten times
as long as a hundred thousand. Beside the folder stands a small one: the reports of one night, one
in a hundred, all of the last year and drawn by chance. Most of their bodies have reports of
earlier years in the large folder, so that the night's checks reach back into it.
"""

import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from gouji.raw_tables import RAW_TABLES
from gouji.sql import quoted
from gouji.synthetic.generate import LAST_YEAR, generate
from gouji.synthetic.plant import FAULT_CHECKS, FAULTS, TRUTH, plant

REPORTS_IN_A_BLOCK = 50_000
# As many reports hold a fault; a report holds one at most.
SHARE_OF_FAULTS = 0.05
SHARE_OF_A_NIGHT = 0.01
# More than a block has: a body has some seven reports.
BODIES_IN_A_BLOCK = 10_000
BESIDE = ("agencies", "rollup_members")
NIGHT_FILE = "night.parquet"


@dataclass(frozen=True)
class Data:
    """The folders of a benchmark's reports.

    `landing` holds `reports` reports, `night` those that come in addition; `landing/truth` says
    which faults are in both.
    """

    root: Path
    reports: int

    @property
    def landing(self) -> Path:
        """The landing folder."""
        return self.root / "landing"

    @property
    def night(self) -> Path:
        """The reports of one night, in the same layout."""
        return self.root / "night"

    @property
    def facts(self) -> dict[str, int]:
        """How many reports, bodies, faults and cells there are."""
        facts: dict[str, int] = json.loads((self.root / "facts.json").read_text(encoding="utf-8"))
        return facts

    def add_night(self) -> None:
        """Let the night's reports arrive in the landing folder."""
        for table in RAW_TABLES:
            arriving = self.night / table / f"report_year={LAST_YEAR}" / NIGHT_FILE
            shutil.copy(arriving, self.landing / arriving.relative_to(self.night))

    def take_night_back(self) -> None:
        """Leave the landing folder as it was before the night."""
        for path in self.landing.glob(f"*/*/{NIGHT_FILE}"):
            path.unlink()


def make_data(root: Path, reports: int, say: Callable[[str], None]) -> Data:
    """Make the folders, or find them as they were made before.

    Args:
        root: where to write.
        reports: how many reports the landing folder holds; the night's come in addition.
        say: is told how far the work is, a line at a time.
    """
    data = Data(root, reports)
    is_whole = all((data.landing / table).is_dir() for table in RAW_TABLES)
    if is_whole and (root / "facts.json").exists() and data.facts["reports"] == reports:
        data.take_night_back()
        return data
    shutil.rmtree(root, ignore_errors=True)
    for table in RAW_TABLES:
        (data.landing / table).mkdir(parents=True)
    (data.landing / TRUTH).mkdir()
    night = max(1, round(reports * SHARE_OF_A_NIGHT))
    wanted = reports + night
    blocks = [
        (number, min(REPORTS_IN_A_BLOCK, wanted - start))
        for number, start in enumerate(range(0, wanted, REPORTS_IN_A_BLOCK))
    ]
    with ProcessPoolExecutor(min(len(blocks), os.cpu_count() or 1)) as pool:
        folders = pool.map(_make_block, [root] * len(blocks), *zip(*blocks, strict=True))
        for number, folder in enumerate(folders):
            _take_in(data.landing, folder, number)
            say(f"{sum(size for _, size in blocks[: number + 1]):,} of {wanted:,} reports")
    _join_parts(data.landing)
    _set_night_apart(data, night)
    _count(data)
    return data


def _make_block(root: Path, number: int, reports: int) -> Path:
    """Make one block: consistent reports, then the copy with faults."""
    folder = root / f"block-{number}"
    seed = number + 1
    generate(
        folder / "clean",
        reports=reports,
        seed=seed,
        bodies_before=number * BODIES_IN_A_BLOCK,
        memory_limit="1500MB",
    )
    plant(
        folder / "clean",
        folder / "planted",
        seed=seed,
        share=SHARE_OF_FAULTS,
        memory_limit="1500MB",
    )
    shutil.rmtree(folder / "clean")
    return folder / "planted"


def _take_in(landing: Path, block: Path, number: int) -> None:
    for path in sorted(block.rglob("*.parquet")):
        place = landing / path.relative_to(block)
        target = place.with_name(f"{place.stem}-{number:03}.parquet")
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    shutil.rmtree(block.parent)


def _join_parts(landing: Path) -> None:
    """Make one file of each table that stands beside the raw ones."""
    for folder, name in (
        *((landing, name) for name in BESIDE),
        *((landing / TRUTH, Path(name).stem) for name in (FAULTS, FAULT_CHECKS)),
    ):
        parts = sorted(folder.glob(f"{name}-[0-9][0-9][0-9].parquet"))
        names = ", ".join(f"'{quoted(part)}'" for part in parts)
        duckdb.execute(
            f"copy (from read_parquet([{names}]))"
            f" to '{quoted(folder / name)}.parquet' (format parquet)"
        )
        for part in parts:
            part.unlink()


def _set_night_apart(data: Data, reports: int) -> None:
    """Move reports of the last year, drawn by chance, from the landing folder to the night's."""
    year = f"report_year={LAST_YEAR}"
    with duckdb.connect() as connection:
        connection.execute(
            "create table night as select report_id from read_parquet("
            f"'{quoted(data.landing / 'raw_reports' / year)}/*.parquet', hive_partitioning = false)"
            f" order by hash(report_id), report_id limit {reports}"
        )
        for table in RAW_TABLES:
            folder = data.landing / table / year
            arriving = data.night / table / year / NIGHT_FILE
            arriving.parent.mkdir(parents=True)
            files = f"read_parquet('{quoted(folder)}/*.parquet', hive_partitioning = false)"
            connection.execute(
                f"copy (from {files} semi join night using (report_id))"
                f" to '{quoted(arriving)}' (format parquet)"
            )
            for path in sorted(folder.glob("*.parquet")):
                kept = path.with_suffix(".kept")
                connection.execute(
                    f"copy (from read_parquet('{quoted(path)}', hive_partitioning = false)"
                    " anti join night using (report_id) order by all)"
                    f" to '{quoted(kept)}' (format parquet)"
                )
                kept.replace(path)


def _count(data: Data) -> None:
    def number(what: str, files: Path) -> int:
        row = duckdb.execute(f"select {what} from read_parquet('{quoted(files)}')").fetchone()
        return int(row[0]) if row else 0

    every = "*/*.parquet"
    facts = {
        "reports": number("count(*)", data.landing / "raw_reports" / every),
        "night": number("count(*)", data.night / "raw_reports" / every),
        "bodies": number("count(*)", data.landing / "agencies.parquet"),
        "faults": number("count(distinct fault_id)", data.landing / TRUTH / FAULTS),
        "rows_of_table_three": number("count(*)", data.landing / "raw_requests" / every),
        "cells": 7 * number("count(*)", data.landing / "raw_requests" / every)
        + 5 * number("count(*)", data.landing / "raw_reviews" / every)
        + number("count(*)", data.landing / "raw_disclosures" / every),
        "megabytes": sum(path.stat().st_size for path in data.landing.rglob("*.parquet"))
        // 1_000_000,
    }
    (data.root / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
