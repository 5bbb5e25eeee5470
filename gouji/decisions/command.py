"""The commands `gouji acknowledge` and `gouji correct`."""

import getpass
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gouji.decisions.rows import CELL, CHECK, LETTER, Decision, acknowledgements, correction
from gouji.decisions.seed import Row, Seed
from gouji.errors import WrongCall
from gouji.options import ProjectOption, WarehouseOption, find_places
from gouji.paths import Project

ReportArgument = Annotated[
    str, typer.Argument(metavar="REPORT_ID", help="The report, such as 320813-zhengfu-2023.")
]
EvidenceOption = Annotated[
    str, typer.Option("--evidence", help="What shows it: the letter, the telephone note, the page.")
]
ByOption = Annotated[
    str | None, typer.Option("--by", help="Who decided; your login name if not given.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Write without asking.")]


def acknowledge(
    report_id: ReportArgument,
    identity_id: Annotated[
        str, typer.Argument(metavar="IDENTITY", help="The broken identity, such as review.total.")
    ],
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why the break may stand.")],
    evidence: EvidenceOption,
    until: Annotated[
        datetime,
        typer.Option("--until", formats=["%Y-%m-%d"], help="The last day on which it holds."),
    ],
    slice_: Annotated[
        str | None,
        typer.Option("--slice", help="Its column or line, where it breaks for several causes."),
    ] = None,
    by: ByOption = None,
    yes: YesOption = False,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Enter a break into the ledger, with every other check that its cause breaks."""
    home, store = find_places(project, warehouse)
    rows = acknowledgements(
        store.published,
        (report_id, identity_id, slice_),
        _said("--reason", reason),
        until.date(),
        _decision(evidence, by),
    )
    write([(ledger_of(home), rows)], yes=yes)


def correct(
    report_id: ReportArgument,
    cell: Annotated[
        str,
        typer.Argument(
            metavar="CELL", help="As gouji explain prints it, such as reviews.review.total."
        ),
    ],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="The number that should stand there.")
    ],
    *,
    evidence: EvidenceOption,
    on_purpose: Annotated[
        bool,
        typer.Option("--on-purpose", help="Though it mends no check, or breaks one that held."),
    ] = False,
    by: ByOption = None,
    yes: YesOption = False,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Put another number in place of a printed one; the printed text stays."""
    home, store = find_places(project, warehouse)
    decision = _decision(evidence, by)
    row = correction(store.published, report_id, cell, value, decision, on_purpose=on_purpose)
    write([(corrections_of(home), [row])], yes=yes)


def is_somebody_there() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()


def ledger_of(project: Project) -> Seed:
    """Give the seed of acknowledged breaks."""
    return Seed(_stewardship(project) / "acknowledged_issues.csv", CHECK)


def corrections_of(project: Project) -> Seed:
    """Give the seed of corrections."""
    return Seed(_stewardship(project) / "corrections.csv", CELL)


def letters_of(project: Project) -> Seed:
    """Give the seed of letters and answers."""
    return Seed(_stewardship(project) / "correspondence.csv", LETTER)


def write(added: Sequence[tuple[Seed, Sequence[Row]]], *, yes: bool) -> None:
    """Show the rows that are added to seeds, and write them once that is wanted.

    Raises:
        WrongCall: one of the seeds cannot take its rows, or nobody is there to ask.
    """
    shown = [(seed.file, seed.lines(rows)) for seed, rows in added]
    for file, lines in shown:
        typer.echo(f"{file}:")
        for line in lines:
            typer.echo(f"  {line}")
    if not yes:
        if not is_somebody_there():
            raise WrongCall("Nothing was written: nobody is there to ask; --yes writes it.")
        if not typer.confirm("Write this?"):
            typer.echo("Nothing was written.")
            return
    for seed, rows in added:
        seed.add(rows)
    count = sum(len(rows) for _, rows in added)
    typer.echo(f"Rows written: {count}. The next gouji build takes them up.")


def who(by: str | None) -> str:
    """Give the name of who decides: as said, or the login name."""
    return _said("--by", by or _login())


def _decision(evidence: str, by: str | None) -> Decision:
    today = datetime.now().astimezone().date()
    return Decision(_said("--evidence", evidence), who(by), today)


def _said(option: str, text: str) -> str:
    """A text on one line; there must be one."""
    said = " ".join(text.split())
    if not said:
        raise WrongCall(f"{option} is empty: a decision says it.")
    return said


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise WrongCall("This login has no name: --by says who decided.") from error


def _stewardship(project: Project) -> Path:
    return project.root / "seeds" / "stewardship"
