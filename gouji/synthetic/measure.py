"""The checks measured on synthetic reports with planted faults: generate, plant, build, score."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gouji.errors import DataFailed, ToolFailed
from gouji.paths import find_project
from gouji.synthetic.generate import generate
from gouji.synthetic.plant import plant
from gouji.synthetic.score import Score, score

# A fault that only its own cell explains is named first this often, or better.
SOLE_FIRST_AT_LEAST = 0.99
# What was planted comes first, or among equals, this often.
PLANTED_FIRST_AT_LEAST = 0.95
# A right cell comes first this often at most; so for kinds that no explanation was made for.
ACCUSED_AT_MOST = 0.01
ACCUSED_AT_MOST_UNTUNED = 0.05


def measure(
    folder: Path, *, reports: int, share: float, seed: int, say: Callable[[str], None]
) -> Score:
    """Build a warehouse from planted reports in a new folder, and score what it found.

    Raises:
        WrongCall: the folder is there already.
        ToolFailed: dbt did not build the warehouse.
    """
    done = generate(folder / "clean", reports=reports, seed=seed)
    say(f"{done.reports:,} reports of {done.agencies:,} bodies, consistent")
    planted = plant(folder / "clean", folder / "planted", seed=seed, share=share)
    say(f"{sum(planted.by_kind.values()):,} faults planted, {planted.visible:,} break a check")
    build(folder, folder / "planted", folder / "gouji.duckdb")
    say("warehouse built")
    return score(folder / "gouji.duckdb", folder / "planted")


def build(folder: Path, landing: Path, database: Path, select: Sequence[str] = ()) -> None:
    """Build a warehouse from a landing folder, all of it or what is selected.

    Raises:
        ToolFailed: dbt did not build it; its log stays in the folder.
    """
    project = find_project(Path(__file__)).root
    log = folder / "dbt.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "dbt.cli.main", "build", "--quiet"),
                *("--exclude-resource-type", "test", "unit_test"),
                *(("--select", *select) if select else ()),
                *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
            ],
            cwd=project,
            env=os.environ | {"GOUJI_DB": str(database), "GOUJI_LANDING": str(landing)},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise ToolFailed(f"dbt did not build the planted reports: see {log}.")


def shortfalls(result: Score) -> list[str]:
    """Say in which ways a score falls short of what the checks must reach; none is good."""
    total = result.total
    found = []
    if total["caught"] < total["visible"]:
        found.append(f"{total['visible'] - total['caught']} visible faults were not caught whole")
    if total["accused_clean"]:
        found.append(f"{total['accused_clean']} broken checks have no fault behind them")
    known, untuned = result.known, result.untuned
    if known["sole_first"] < SOLE_FIRST_AT_LEAST * known["sole"]:
        found.append(
            f"only {known['sole_first']} of {known['sole']} cells that alone explain a fault"
            " were named first"
        )
    planted_first = known["first"] + known["among_equals"]
    if planted_first < PLANTED_FIRST_AT_LEAST * known["visible"]:
        found.append(
            f"only {planted_first} of {known['visible']} faults of known kinds came first or"
            " among equals"
        )
    for group, most in ((known, ACCUSED_AT_MOST), (untuned, ACCUSED_AT_MOST_UNTUNED)):
        if group["accused"] > most * group["visible"]:
            found.append(
                f"a right cell came first for {group['accused']} of {group['visible']} faults"
                f" of {group['kind']}"
            )
    if result.unchecked:
        found.append(f"never checked: {', '.join(result.unchecked)}")
    return found


def require(result: Score) -> None:
    """Let a score pass, or say where it falls short.

    Raises:
        DataFailed: a visible fault was missed, a clean check or a right cell accused, or what
            was planted too seldom first.
    """
    found = shortfalls(result)
    if found:
        raise DataFailed(f"The checks fall short: {'; '.join(found)}.")
