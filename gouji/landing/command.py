"""The command `gouji land`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gouji.errors import WrongCall
from gouji.landing.collected import collected
from gouji.landing.find import LeftAside, find_documents, readable
from gouji.landing.grid import Refused
from gouji.landing.land import LEFT_ASIDE, REFUSED, Result, land_documents
from gouji.landing.read_report import Options
from gouji.landing.said import say_left_aside, say_results, say_what_to_do
from gouji.landing.store import RawTables, only_one
from gouji.paths import find_project


def land(  # noqa: PLR0917 - Typer takes an argument for each option
    paths: Annotated[
        list[str], typer.Argument(help="Documents: files, folders, globs, saved web pages.")
    ],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Write Parquet files to this folder instead of seeds/raw."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write the results as JSON to this file.")
    ] = None,
    agency: Annotated[
        str, typer.Option("--agency", help="The agency's id or name, where the title lacks it.")
    ] = "",
    year: Annotated[
        int | None, typer.Option("--year", help="The year of the report, where it is in doubt.")
    ] = None,
    new_agencies: Annotated[
        bool,
        typer.Option(
            "--new-agencies",
            help="Add agencies that are not known to agencies.csv instead of only proposing them.",
        ),
    ] = False,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Processes; 0 takes one for each core.")
    ] = 0,
    project: Annotated[
        Path | None, typer.Option("--project", help="The project's folder, if not this one.")
    ] = None,
) -> None:
    """Read published reports into the raw tables, each cell right, or marked, or refused."""
    root = find_project(project or Path.cwd()).root
    reference = root / "seeds" / "reference"
    folder = to or root / "seeds" / "raw"
    beside = to or root / "landing"
    proposals, evidence = beside / "proposed_agencies.csv", beside / "evidence"
    if report is not None:
        _check_report_file(report)
    try:
        found = find_documents(paths)
        documents = found.documents
        say_left_aside(found.left_aside)
        if not documents:
            raise WrongCall(f"{', '.join(map(readable, paths))}: no document was found there.")
        if agency and len(documents) > 1 and year is not None:
            raise WrongCall("--agency with --year names one report: land its document alone.")
        sources = collected(documents)
        options = Options(reference, agency, year, new_agencies, collected=sources)
        with only_one(folder):
            tables = RawTables(folder, parquet=to is not None)
            results = _land(documents, tables, options, workers, (proposals, evidence))
    except Refused as refusal:
        raise WrongCall(f"{str(refusal).rstrip('.')}.") from refusal
    if report is not None:
        _write_report(report, results, found.left_aside)
    say_results(results)
    say_what_to_do(results, found.left_aside, to, proposals, evidence)
    if any(result.status == REFUSED for result in results) or any(
        one.may_be_report for one in found.left_aside
    ):
        raise typer.Exit(2)


def _check_report_file(path: Path) -> None:
    """Say before anything is landed that the results could not be written."""
    if not path.parent.is_dir():
        raise WrongCall(f"--report {path}: there is no folder {path.parent}.")
    if path.is_dir():
        raise WrongCall(f"--report {path}: this is a folder, name a file.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise WrongCall(f"--report {path}: it is closed to writing.")


def _write_report(path: Path, results: list[Result], left_aside: list[LeftAside]) -> None:
    aside = [Result(readable(one.path), LEFT_ASIDE, reason=one.reason) for one in left_aside]
    content = [asdict(result) for result in (*results, *aside)]
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _land(
    documents: list[Path],
    tables: RawTables,
    options: Options,
    workers: int,
    kept: tuple[Path, Path],
) -> list[Result]:
    console = Console(stderr=True)
    land_them = partial(
        land_documents,
        documents,
        tables,
        options,
        workers=workers,
        proposals=kept[0],
        evidence=kept[1],
    )
    if not console.is_terminal:
        return land_them()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as progress:
        task = progress.add_task("Reading documents", total=len(documents))
        return land_them(on_progress=lambda _: progress.advance(task))
