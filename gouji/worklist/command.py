"""The command `gouji worklist`: the workbook for stewards, and what they noted in it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gouji.decisions.command import (
    ByOption,
    YesOption,
    corrections_of,
    ledger_of,
    letters_of,
    who,
    write,
)
from gouji.errors import WrongCall
from gouji.options import ProjectOption, WarehouseOption, find_places
from gouji.paths import Project, Warehouse
from gouji.worklist.make import make_worklist

# Who entered a row, and when: a workbook is read again on another day.
ENTERED = ("entered_by", "acknowledged_by", "acknowledged_on", "corrected_by", "corrected_on")


def worklist(
    out: Annotated[
        Path | None, typer.Option("--out", help="The workbook to write (.xlsx).")
    ] = None,
    read: Annotated[
        Path | None,
        typer.Option("--read", help="A workbook that was filled in: its notes are written down."),
    ] = None,
    province: Annotated[
        str | None, typer.Option("--province", help="Only this province's issues, such as 福建省.")
    ] = None,
    severity: Annotated[
        str | None, typer.Option("--severity", help="Only errors or only warnings.")
    ] = None,
    *,
    by: ByOption = None,
    yes: YesOption = False,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write a workbook of the issues for data stewards, one row a cause, or read it back."""
    home, store = find_places(project, warehouse)
    if out and not read:
        _make(store, out, province, severity)
    elif read and not out:
        if province or severity:
            raise WrongCall("--province and --severity go with --out: a workbook is read whole.")
        _take_back(home, store, read, who(by), yes=yes)
    else:
        raise WrongCall("gouji worklist is asked for --out FILE.xlsx, or for --read FILE.xlsx.")


def _make(store: Warehouse, out: Path, province: str | None, severity: str | None) -> None:
    if severity not in (None, "error", "warning"):
        raise WrongCall(f"--severity is error or warning, not {severity}.")
    if out.suffix.lower() != ".xlsx":
        raise WrongCall(f"--out is a workbook, a file that ends in .xlsx, not {out}.")
    if not out.parent.is_dir():
        raise WrongCall(f"The folder of {out} is not there.")
    made = make_worklist(store.published, out, province, severity)
    typer.echo(f"{made.causes} causes on {made.sheets} sheets: {out}")


def _take_back(home: Project, store: Warehouse, file: Path, by: str, *, yes: bool) -> None:
    from gouji.worklist.notes import read_notes  # noqa: PLC0415  # openpyxl takes its time

    noted = read_notes(store.published, file, by, datetime.now().astimezone().date())
    for sheet in noted.passed_over:
        typer.echo(f"The sheet {sheet} is none of the worklist: it was passed over.")
    added = [
        (seed, new)
        for seed, rows in (
            (letters_of(home), noted.letters),
            (ledger_of(home), noted.acknowledgements),
            (corrections_of(home), noted.corrections),
        )
        if (new := seed.missing(rows, ENTERED))
    ]
    if added:
        write(added, yes=yes)
    else:
        typer.echo("Nothing is noted that is not written down already.")
