"""The benchmark from the command line: `make bench`, or `python -m benchmarks --help`."""

import json
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.growth import draw, measured
from benchmarks.results import write
from benchmarks.room import Room, memory_of_machine, room_for_pandas
from benchmarks.steps import ROOT, STEPS, Bench, Unequal, remove
from gouji.errors import GoujiError, WrongCall

FOLDER = ROOT / "warehouse" / "bench"
RESULTS = Path(__file__).with_name("RESULTS.md")
PICTURE = Path(__file__).with_name("growth.svg")
GROWTH_SIZES = (1_000, 10_000, 100_000, 1_000_000)
GROWTH_STEPS = ("data", "build", "hand-written", "pandas")
# At the most that pandas has room for, with the build that it is compared with.
LARGEST_STEPS = ("data", "build", "pandas")
# Two databases, what is spilled while they are built, and the reports.
BYTES_FOR_A_REPORT = 40_000
BYTES_AT_LEAST = 2_000_000_000

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def bench(  # noqa: PLR0917 - Typer: an option each
    reports: Annotated[int, typer.Option("--reports", "-n", help="How many reports.")] = 100_000,
    only: Annotated[
        list[str] | None, typer.Option(help=f"One step, of {', '.join(STEPS)}; may be repeated.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option(help="A step to leave out.")] = None,
    runs: Annotated[int, typer.Option(help="Runs to take the median of; long ones run once.")] = 3,
    pandas_at: Annotated[
        int | None,
        typer.Option(help="The most reports that pandas is given, instead of what fits."),
    ] = None,
    pages: Annotated[int, typer.Option(help="HTML pages to land; 0 leaves it out.")] = 6_000,
    growth: Annotated[
        bool, typer.Option(help="Measure smaller sizes too, and draw the picture.")
    ] = False,
    tests: Annotated[bool, typer.Option(help="Run dbt's tests of the data in each build.")] = True,
    keep: Annotated[bool, typer.Option(help="Keep reports and databases afterwards.")] = False,
    folder: Annotated[Path, typer.Option(help="Where to work.")] = FOLDER,
    results: Annotated[Path, typer.Option(help="The page to write.")] = RESULTS,
    picture: Annotated[Path, typer.Option(help="The picture to draw.")] = PICTURE,
) -> None:
    """Measure the warehouse on synthetic reports, and write the results.

    Fails where tables or answers are unequal, a visible fault is missed or a build fails; a speed
    that misses its target is only said.
    """
    unknown = set(only or ()) | set(skip or ())
    if unknown := unknown - set(STEPS):
        raise WrongCall(
            f"No such step: {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}."
        )

    def measure(size: int, steps: Iterable[str]) -> None:
        _measure(
            folder,
            size,
            [name for name in only or steps if name not in (skip or ())],
            runs=runs,
            room=_room(folder, size, pandas_at),
            pages=pages,
            tests=tests,
            keep=keep,
        )

    if growth:
        for size in GROWTH_SIZES:
            if size < reports:
                measure(size, GROWTH_STEPS)
        largest = _room(folder, reports, pandas_at).at_most
        if largest < reports and largest not in GROWTH_SIZES:
            measure(largest, LARGEST_STEPS)
    measure(reports, STEPS)
    draw(folder, picture)
    write(folder, reports, results, picture)
    _say(f"results are in {results.name}")


def _room(folder: Path, reports: int, pandas_at: int | None) -> Room:
    """How many reports pandas may have, as the sizes of the picture below this one tell."""
    if pandas_at is not None:
        return Room(pandas_at, f"pandas was given {pandas_at:,} reports at most, as was asked for")
    smaller = {
        size: figures
        for size, figures in measured(folder).items()
        if size in GROWTH_SIZES and size < reports
    }
    return room_for_pandas(smaller, memory_of_machine())


def _measure(
    root: Path,
    reports: int,
    steps: list[str],
    *,
    runs: int,
    room: Room,
    pages: int,
    tests: bool,
    keep: bool,
) -> None:
    folder = root / str(reports)
    folder.mkdir(parents=True, exist_ok=True)
    needed = max(BYTES_AT_LEAST, reports * BYTES_FOR_A_REPORT)
    free = shutil.disk_usage(folder).free
    _say(f"{reports:,} reports: some {needed / 1e9:.0f} GB of disk, {free / 1e9:.0f} GB are free")
    if free < needed:
        raise WrongCall(f"{folder} has {free / 1e9:.0f} GB free, not {needed / 1e9:.0f}.")
    one = Bench(folder, reports, runs, room, pages, tests, _say)
    if one.kept.exists():
        one.figures = json.loads(one.kept.read_text(encoding="utf-8"))
    for number, name in enumerate(steps, start=1):
        started = time.perf_counter()
        _say(f"{reports:,} reports, step {number} of {len(steps)}: {name}")
        STEPS[name](one)
        _say(f"  {name}: {time.perf_counter() - started:.1f} s")
    if not keep:
        for database in (one.by_dbt, one.by_hand):
            remove(database)
        for left in ("data", "target", "logs", "audit", "pandas", "spill"):
            shutil.rmtree(folder / left, ignore_errors=True)


def _say(line: str) -> None:
    typer.echo(f"{time.strftime('%H:%M:%S')} {line}")
    sys.stdout.flush()


def main() -> None:
    """Run; an error is one sentence on stderr and the exit code of its kind."""
    try:
        app()
    except Unequal as error:
        typer.echo(f"The benchmark failed: {error}.", err=True)
        sys.exit(1)
    except GoujiError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
