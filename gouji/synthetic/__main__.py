"""Synthetic reports from the command line: generate, plant, score; `faults`, `screens` do all."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gouji.errors import GoujiError
from gouji.synthetic.generate import generate
from gouji.synthetic.measure import measure, require
from gouji.synthetic.plant import plant
from gouji.synthetic.score import Score, score, tables
from gouji.synthetic.screens import measure_screens, require_screens, screens_table

app = typer.Typer(
    help="Synthetic reports with known faults, to measure what the checks can see.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

SeedOption = Annotated[int, typer.Option(help="The same seed gives the same result.")]


@app.command("generate")
def _generate(
    folder: Annotated[Path, typer.Argument(help="A new folder to write to.")],
    reports: Annotated[int, typer.Option(help="How many reports.")] = 20_000,
    seed: SeedOption = 1,
    format: Annotated[str, typer.Option(help="parquet or csv.")] = "parquet",  # noqa: A002
) -> None:
    """Write consistent synthetic reports as a landing folder."""
    done = generate(folder, reports=reports, seed=seed, kind=format, say=typer.echo)
    typer.echo(f"{done.reports:,} reports of {done.agencies:,} bodies are in {folder}")


@app.command("plant")
def _plant(
    clean: Annotated[Path, typer.Argument(help="A folder of consistent reports.")],
    folder: Annotated[Path, typer.Argument(help="A new folder for the copy with faults.")],
    seed: SeedOption = 1,
    share: Annotated[float, typer.Option(help="Share of reports with a fault, to 0.4.")] = 0.1,
) -> None:
    """Copy a landing folder and plant labelled faults into the copy."""
    done = plant(clean, folder, seed=seed, share=share, say=typer.echo)
    planted = sum(done.by_kind.values())
    typer.echo(f"{planted:,} faults are in {folder}; {done.visible:,} of them break a check")


@app.command("score")
def _score(
    database: Annotated[Path, typer.Argument(help="A warehouse built from the planted folder.")],
    planted: Annotated[Path, typer.Argument(help="The planted folder.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="A file for the score as JSON.")
    ] = None,
) -> None:
    """Say what a warehouse found of the planted faults."""
    _show(score(database, planted), json_file)


@app.command("faults")
def _faults(
    reports: Annotated[int, typer.Option(help="How many reports.")] = 20_000,
    share: Annotated[float, typer.Option(help="Share of reports with a fault, to 0.4.")] = 0.1,
    seed: SeedOption = 1,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="A file for the score as JSON.")
    ] = None,
) -> None:
    """Measure the checks on planted faults; exit 1 where they fall short."""
    with tempfile.TemporaryDirectory(prefix="gouji-faults-") as folder:
        result = measure(Path(folder), reports=reports, share=share, seed=seed, say=typer.echo)
    _show(result, json_file)
    require(result)


@app.command("screens")
def _screens(
    reports: Annotated[int, typer.Option(help="How many reports.")] = 20_000,
    share: Annotated[float, typer.Option(help="Share of reports with a slip, to 0.4.")] = 0.1,
    seed: SeedOption = 1,
) -> None:
    """Measure the screens: false alarms on clean reports, and what they find of planted slips."""
    with tempfile.TemporaryDirectory(prefix="gouji-screens-") as folder:
        rows = measure_screens(
            Path(folder), reports=reports, share=share, seed=seed, say=typer.echo
        )
    Console(width=None if sys.stdout.isatty() else 180).print(screens_table(rows))
    require_screens(rows)


def _show(result: Score, json_file: Path | None) -> None:
    console = Console(width=None if sys.stdout.isatty() else 180)
    for table in tables(result):
        console.print(table)
    if result.unchecked:
        typer.echo(f"Not checked by this warehouse: {', '.join(result.unchecked)}")
    if json_file:
        json_file.write_text(json.dumps(result.as_json(), indent=1), encoding="utf-8")


def main() -> None:
    """Run a command; an error is one sentence on stderr and the exit code of its kind."""
    try:
        app()
    except GoujiError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
