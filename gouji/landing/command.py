"""The command `gouji land`."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from gouji.errors import WrongCall
from gouji.landing.agencies import UNCLASSIFIED
from gouji.landing.grid import Refused
from gouji.landing.land import (
    LANDED,
    REFUSED,
    REVISED,
    UNCHANGED,
    Options,
    Result,
    find_documents,
    land_documents,
)
from gouji.landing.store import RawTables, only_one
from gouji.paths import find_project

SHOWN_RESULTS = 60


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
    proposals = (to or root / "landing") / "proposed_agencies.csv"
    if report is not None:
        _check_report_file(report)
    try:
        documents, passed_over = find_documents(paths)
        if not documents:
            raise WrongCall(f"{', '.join(paths)}: no document was found there.")
        if agency and len(documents) > 1 and year is not None:
            raise WrongCall("--agency with --year names one report: land its document alone.")
        options = Options(reference, agency, year, new_agencies)
        with only_one(folder):
            tables = RawTables(folder, parquet=to is not None)
            results = _land(documents, tables, options, workers, proposals)
    except Refused as refusal:
        raise WrongCall(f"{str(refusal).rstrip('.')}.") from refusal
    _say(results, passed_over, proposals)
    if report is not None:
        content = [asdict(result) for result in results]
        report.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    if any(result.status == REFUSED for result in results):
        raise typer.Exit(2)


def _check_report_file(path: Path) -> None:
    """Say before anything is landed that the results could not be written."""
    if not path.parent.is_dir():
        raise WrongCall(f"--report {path}: there is no folder {path.parent}.")
    if path.is_dir():
        raise WrongCall(f"--report {path}: this is a folder, name a file.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise WrongCall(f"--report {path}: it is closed to writing.")


def _land(
    documents: list[Path], tables: RawTables, options: Options, workers: int, proposals: Path
) -> list[Result]:
    console = Console(stderr=True)
    if not console.is_terminal:
        return land_documents(documents, tables, options, workers=workers, proposals=proposals)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as progress:
        task = progress.add_task("Reading documents", total=len(documents))
        return land_documents(
            documents,
            tables,
            options,
            workers=workers,
            proposals=proposals,
            on_progress=lambda _: progress.advance(task),
        )


def _say(results: list[Result], passed_over: list[str], proposals: Path) -> None:
    """The result table, plain lines when piped; refusals in one sentence each on stderr."""
    console = Console()
    shown = [r for r in results if r.status != UNCHANGED] or results
    if console.is_terminal:
        table = Table("Document", "Result", "Report", "Cells", "Broken identities", "Remarks")
        for result in shown[:SHOWN_RESULTS]:
            table.add_row(
                escape(Path(result.document).name),
                result.status,
                escape(result.report_id),
                _cells(result),
                _broken(result),
                escape(result.reason or "; ".join(result.notes[:3])),
            )
        console.print(table)
        if len(shown) > SHOWN_RESULTS:
            console.print(f"… and {len(shown) - SHOWN_RESULTS} more; --report has them all")
    else:
        for result in shown:
            remarks = result.reason or "; ".join([*result.broken_identities, *result.notes])
            parts = [
                result.status,
                result.report_id or "-",
                result.document,
                _cells(result),
                remarks,
            ]
            sys.stdout.write("\t".join(_plain(part) for part in parts if part) + os.linesep)
    for remark in passed_over:
        sys.stderr.write(f"Passed over {_plain(remark)}.{os.linesep}")
    for result in results:
        if result.status == REFUSED:
            sys.stderr.write(
                f"Refused {_plain(result.document)}: {_plain(result.reason)}.{os.linesep}"
            )
    moved = {old: new for result in results for old, new in result.moved_ids.items()}
    for old, new in sorted(moved.items()):
        sys.stderr.write(
            f"Warning: the report {_plain(old)} is now {_plain(new)}, as a document that comes "
            "before it was landed: entries of the ledger, corrections and roll-ups that name "
            f"{_plain(old)} must be looked at.{os.linesep}"
        )
    count = Counter(result.status for result in results)
    parts = [f"{count[status]} {status}" for status in (LANDED, REVISED, UNCHANGED, REFUSED)]
    marked = sum(result.cells_marked for result in results)
    broken = sum(len(result.broken_identities) for result in results)
    sys.stdout.write(
        f"{', '.join(parts)}; {marked} cells marked as unreadable; {broken} identities broken in "
        f"what was landed.{os.linesep}"
    )
    for line in agencies_to_do(results, proposals):
        sys.stdout.write(_plain(line) + os.linesep)


def agencies_to_do(results: list[Result], proposals: Path) -> list[str]:
    """What a steward does about bodies that were not known, a line for each."""
    lines = {}
    for result in results:
        name, agency_id = result.body.get("agency_name", ""), result.body.get("agency_id", "")
        if not name:
            continue
        if result.missing:
            lines[name] = (
                f"To do: {name}: {result.missing}; fill in its row in {proposals} and move it to "
                "agencies.csv, or land it with --agency."
            )
        elif result.status == REFUSED:
            lines[name] = (
                f"To do: {name} is proposed in {proposals}: move its row to agencies.csv, or land "
                "with --new-agencies."
            )
        elif result.body["sector_code"] == UNCLASSIFIED:
            lines[name] = (
                f"To do: {name} ({agency_id}) is landed with the sector {UNCLASSIFIED}: set its "
                "sector_code in agencies.csv."
            )
    return [lines[name] for name in sorted(lines)]


def _cells(result: Result) -> str:
    if not result.cells_read:
        return ""
    marked = f", {result.cells_marked} marked" if result.cells_marked else ""
    return f"{result.cells_read} cells{marked}"


def _broken(result: Result) -> str:
    if not result.broken_identities:
        return ""
    more = len(result.broken_identities) - 1
    return result.broken_identities[0] + (f" and {more} more" if more else "")


def _plain(text: str) -> str:
    """A text of a document without the characters that could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
