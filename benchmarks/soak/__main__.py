"""The soak from the command line: `python -m benchmarks.soak --builds 200 --seed 1`."""

import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.soak.acts import Acts, Wrong
from benchmarks.soak.course import Course, check_readers, keep_what_failed, kinds_of, reading
from benchmarks.soak.documents import some_bodies
from benchmarks.soak.place import FAKETIME, Place, disk, make
from gouji.landing.vocabulary import load_form

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "warehouse" / "soak"
BODIES = 12

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(
    builds: Annotated[int, typer.Option(help="How many builds after the first.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed is the same sequence.")] = 1,
    minutes: Annotated[float, typer.Option(help="Begin no build after so many.")] = 24 * 60,
    folder: Annotated[Path, typer.Option(help="Where to work; it is emptied.")] = FOLDER,
) -> None:
    """Build again and again while things happen and others read, and say what went wrong."""
    shutil.rmtree(folder, ignore_errors=True)
    began = time.monotonic()

    def tell(line: str) -> None:
        typer.echo(f"{(time.monotonic() - began) / 60:6.1f} min  {line}")

    with disk(folder / "disk") as is_disk:
        tell(f"disk: {'a tmpfs' if is_disk else 'a limit on the length of files'}")
        tell(f"clock: {'faketime' if shutil.which(FAKETIME) else 'SOURCE_DATE_EPOCH'}")
        course = begun(Place(folder / "disk" / "place", is_disk), seed, tell)
        readers_at = course.acts.place.warehouse.root
        try:
            with reading(readers_at, folder) as readers:
                for number, kind in enumerate(kinds_of(builds, course), start=1):
                    if time.monotonic() - began > minutes * 60:
                        break
                    typer.echo(f"{number:4}", nl=False)
                    course.one(kind)
                    if failed := readers.failed():
                        raise Wrong("; ".join(failed[:3]))
                reads = check_readers(readers, course)
        except Wrong as error:
            keep_what_failed(course, folder / "failed")
            typer.echo(f"Wrong: {error}\nThe place as it was left is in {folder / 'failed'}.")
            sys.exit(1)
    tell("0 failed or mixed reads, no cell lost or doubled, every row of the history right")
    cells = sum(len(cells) for cells in course.acts.model.editions.values())
    total: Counter[str] = course.counts + course.acts.counts
    total |= Counter({f"reads of {kind}": count for kind, count in reads.items()})
    total |= Counter({"editions": len(course.acts.model.editions), "cells": cells})
    for name, count in sorted(total.items()):
        typer.echo(f"{count:8,}  {name}")


def begun(place: Place, seed: int, tell: Callable[[str], None]) -> Course:
    """Make the project and publish its first build."""
    chance = random.Random(seed)  # noqa: S311 - what happens is no secret
    bodies = some_bodies(BODIES, chance)
    make(place, bodies)
    form = load_form(place.seeds / "reference")
    course = Course(Acts(place, form, [body["region_name"] for body in bodies], chance), tell)
    course.begin()
    tell(f"the first build: {course.length:.0f} s")
    return course


if __name__ == "__main__":
    app()
