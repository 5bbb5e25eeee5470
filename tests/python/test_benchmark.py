"""The benchmark at a small size: every way to the same tables comes to the same ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, clean_environment

STEPS = ("data", "build", "hand-written", "pandas", "queries", "night", "night-equal", "faults")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the benchmark of 400 reports has run, without the slow steps."""
    folder = tmp_path_factory.mktemp("bench")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks", "--reports", "400", "--runs", "1", "--no-tests"),
            *(argument for step in STEPS for argument in ("--only", step)),
            *("--folder", str(folder), "--results", str(folder / "RESULTS.md")),
            *("--picture", str(folder / "growth.svg")),
        ],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_dbt_pandas_and_the_hand_written_script_agree(measured: Path) -> None:
    figures = json.loads((measured / "400" / "figures.json").read_text())
    assert figures["equality"]["rows"] > 100_000
    assert figures["night_equality"]["rows"] > figures["equality"]["rows"]
    assert figures["pandas"]["seconds"] > 0
    assert all(row["rows"] and not row["difference"] for row in figures["queries"]["asked"])
    assert len(figures["queries"]["asked"]) == 10
    assert figures["faults"]["total"]["recall"] == 1


@pytest.mark.slow
def test_the_page_says_what_was_measured(measured: Path) -> None:
    page = (measured / "RESULTS.md").read_text()
    assert "full build with dbt's tests : hand-written script" in page
    assert "The targets are meant for 1,000,000 reports" in page
    assert str(ROOT) not in page


@pytest.mark.slow
def test_nothing_large_is_left_behind(measured: Path) -> None:
    assert [path.name for path in (measured / "400").iterdir()] == ["figures.json"]
