"""`gouji diff` shows what a build changed."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gouji.publish.history import record_run
from test_history import AFTER, BEFORE, CHANGED, warehouse_with

Gouji = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of two builds, the second of which is published."""
    folder = tmp_path_factory.mktemp("diff")
    places = [folder / "builds" / f"2026-11-29T{hour}0000" for hour in ("01", "02")]
    earlier = folder / "none.duckdb"
    for place, reports in zip(places, (BEFORE, AFTER), strict=True):
        place.mkdir(parents=True)
        database = warehouse_with(place / "gouji.duckdb", reports=reports)
        record_run(database, earlier, place.name)
        earlier = database
    (folder / "current").symlink_to(places[-1])
    return folder


def test_why_and_the_totals_are_shown(store: Path, gouji: Gouji) -> None:
    done = gouji("diff", "--warehouse", store)
    assert done.returncode == 0, done.stderr
    assert re.search(r"read_anew +requests +1 +1 +2 +1$", done.stdout, re.MULTILINE)
    assert re.search(r"requests\.granted\.total +2023 +10 +9 +40 +42$", done.stdout, re.MULTILINE)


def test_each_value_is_given_for_programs(store: Path, gouji: Gouji) -> None:
    done = gouji("diff", "2026-11-29T02", "--format", "json", "--warehouse", store)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told) == len(CHANGED)
    assert {(row["report_id"], row["column_code"], row["why"]) for row in told} == {
        row[:3] for row in CHANGED
    }


def test_a_first_build_has_none_before_it(store: Path, gouji: Gouji) -> None:
    done = gouji("diff", "2026-11-29T01", "--warehouse", store)
    assert done.returncode == 0, done.stderr
    assert "has none before it to be held against" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"), [("2026-11-30", "No build"), ("2026", "More than one build")]
)
def test_a_build_that_is_not_kept_is_named(store: Path, gouji: Gouji, name: str, said: str) -> None:
    done = gouji("diff", name, "--warehouse", store)
    assert done.returncode == 2
    assert f"{said} in {store / 'builds'} is called {name}: there are 2026-11-29T010000, " in (
        done.stderr
    )
