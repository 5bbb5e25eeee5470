"""The command line: `gouji collect`, `land`, `build`, `check`, `explain`, `site` and others."""

import sys
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console

from gouji.answers import Format, Row, as_csv, as_json
from gouji.audit.verdicts import gate
from gouji.bodies import find
from gouji.changes import ROWS, changes_of
from gouji.collect.command import collect
from gouji.decisions.command import acknowledge, correct
from gouji.doctor import examine
from gouji.errors import DataFailed, GoujiError, WrongCall, as_told
from gouji.explain import explain as explain_checks
from gouji.explain import show_explanation
from gouji.findings.words import LANGUAGES, Language
from gouji.landing.command import land
from gouji.landing.provenance import places
from gouji.options import ProjectOption, WarehouseOption, find_places
from gouji.output import go_on_unread, is_read
from gouji.progress import Progress
from gouji.publish.build import NotTold, Unchanged
from gouji.publish.build import build as build_and_publish
from gouji.publish.builds import current, kept, show
from gouji.publish.builds import restore as restore_previous
from gouji.publish.history import built_on, published_at
from gouji.publish.lock import exclusive
from gouji.questions import answered, shell
from gouji.screen import (
    show_audit,
    show_broken_checks,
    show_built,
    show_changes,
    show_dimensions,
    show_figures,
    show_findings,
    show_found,
    show_metrics,
    show_rows,
    show_unchanged,
)
from gouji.status import status as status_of
from gouji.summary import summarise
from gouji.warehouse_file import check_is_there
from gouji.worklist.command import worklist

app = typer.Typer(
    name="gouji",
    help="A warehouse of government-information-disclosure annual reports (勾稽).",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

PIPED_WIDTH = 140


@dataclass
class Settings:
    """What a call asks of every command."""

    debug: bool = False


settings = Settings()

LandingOption = Annotated[
    Path | None,
    typer.Option(
        "--landing",
        envvar="GOUJI_LANDING",
        help="Folder of raw tables that replace the raw seeds.",
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Fail on any issue that is not acknowledged.")
]

FormatOption = Annotated[Format, typer.Option("--format", help="What the rows are written as.")]


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"gouji {version('gouji')}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show a stack trace on error.")] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    settings.debug = debug


app.command()(collect)
app.command()(land)
app.command()(acknowledge)
app.command()(correct)
app.command()(worklist)


@app.command()
def build(
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
    landing: LandingOption = None,
    *,
    site: Annotated[
        bool, typer.Option("--site/--no-site", help="Write the site too, or publish without one.")
    ] = True,
    full_refresh: Annotated[
        bool,
        typer.Option(
            "--full", "--full-refresh", help="Build everything anew, not only what has changed."
        ),
    ] = False,
    notify: Annotated[
        str | None,
        typer.Option(
            "--notify",
            envvar="GOUJI_NOTIFY",
            metavar="COMMAND",
            help="Command that is told what got worse, on its standard input; not run otherwise.",
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="Build what had been landed and decided by a day, into as_of/DAY/ of the"
            " warehouse; what is published stays.",
        ),
    ] = None,
) -> None:
    """Write a new warehouse, audit it, publish it with its files and site, if anything changed."""
    home, store = find_places(project, warehouse)
    day = as_of.date() if as_of else None
    if day and day > datetime.now().astimezone().date():
        raise WrongCall(f"--as-of is a day that has come, not {day}.")
    if landing and not landing.is_dir():
        raise WrongCall(f"The landing folder {landing} is not there.")
    console = _console()
    progress = Progress(console)
    landed = landing.resolve() if landing else None
    not_told = None
    try:
        built = build_and_publish(
            home,
            store.as_of(day) if day else store,
            landed,
            progress,
            with_site=site,
            full_refresh=full_refresh,
            # the state of another day is nobody's news
            notify=None if day else notify,
            as_of=day,
        )
    except NotTold as error:
        not_told, built = error, error.built
    if isinstance(built, Unchanged):
        show_unchanged(console, built)
    else:
        show_built(console, built, progress.seconds)
    if not_told:
        raise not_told


@app.command()
def status(
    project: ProjectOption = None, warehouse: WarehouseOption = None, landing: LandingOption = None
) -> None:
    """Say in five lines what the last build did, how fresh the data is, what needs a person."""
    home, store = find_places(project, warehouse)
    for topic, said in status_of(home, store, landing.resolve() if landing else None):
        typer.echo(f"{topic + ':':14}{said}")


@app.command()
def restore(project: ProjectOption = None, warehouse: WarehouseOption = None) -> None:
    """Put the build before the published one back, in one step; again, and it is undone."""
    store = find_places(project, warehouse)[1]
    if not store.builds.is_dir():
        raise WrongCall(f"There is no build in {store.root} to go back to.")
    with exclusive(store.lock):
        restored = restore_previous(store)
    when = published_at(restored.published)
    of = f"{when:%Y-%m-%d %H:%M}" if when else "an unknown time"
    typer.echo(
        f"Restored: {store.published} is the build of {of} again; gouji restore takes that back"
    )


@app.command()
def diff(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[BUILD]",
            help="A folder in the warehouse's builds/, or how its name begins; the published build"
            " if not given.",
        ),
    ] = None,
    *,
    format_: FormatOption = Format.TABLE,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Show which values a build changed against the one before, why, and what they add up to."""
    store = find_places(project, warehouse)[1]
    build = kept(store, name) if name else current(store)
    if format_ is Format.TABLE:
        show_changes(_console(), changes_of(build.published))
        return
    with answered(build.published, ROWS) as (columns, rows):
        _write(columns, rows, format_)


@app.command()
def check(
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
    strict: StrictOption = False,
) -> None:
    """Audit the published warehouse, and change nothing."""
    home, store = find_places(project, warehouse)
    summary = summarise(store.published)
    console = _console()
    with Progress(console).stage("audit"):
        from gouji.audit.run import audit  # noqa: PLC0415  # takes seconds to import

        verdicts = audit(
            store.published,
            home.expectations,
            store.audits / "check",
            built_on(store.published),
        )
    show_audit(console, verdicts)
    show_broken_checks(console, summary)
    gate(verdicts)
    unacknowledged = [
        f"{row['identity_id']} in {row['unacknowledged']} checks"
        for row in summary.broken_checks
        if row["unacknowledged"]
    ]
    if strict and unacknowledged:
        raise DataFailed(
            f"Issues in {store.published} are not acknowledged: {', '.join(unacknowledged)}."
        )


@app.command()
def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="REPORT_ID",
            help="The report, such as 320813-zhengfu-2023, or a body, such as 吴忠市科学技术局.",
        ),
    ],
    identity_id: Annotated[
        str | None,
        typer.Argument(
            metavar="[IDENTITY]",
            help="The identity, such as review.total; all that do not simply hold if not given.",
        ),
    ] = None,
    slice_name: Annotated[
        str | None,
        typer.Argument(metavar="[SLICE]", help="The same as --slice."),
    ] = None,
    *,
    slice_: Annotated[
        str | None,
        typer.Option("--slice", help="One column or line of it, such as natural_person."),
    ] = None,
    language: Annotated[str, typer.Option("--lang", help="zh or en.")] = "zh",
    landing: LandingOption = None,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Show the cells of an identity, and what would explain a break; or a body's reports."""
    if language not in LANGUAGES:
        raise WrongCall(f"--lang is {' or '.join(LANGUAGES)}, not {language}.")
    project_found, store = find_places(project, warehouse)
    found = find(store.published, name)
    if found.report_id is None:
        if identity_id:
            raise WrongCall(f"{name} is no report: gouji explain {name} names those there are.")
        show_found(_console(), found)
        return
    slice_asked = slice_ or slice_name
    explanation = explain_checks(store.published, found.report_id, identity_id, slice_asked)
    places_of = partial(places, landing or project_found.root / "seeds" / "raw")
    show_explanation(_console(), explanation, cast("Language", language), places_of)


@app.command()
def site(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder to write; the warehouse's site/ if not given."),
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option("--report", help="A report that gets a page though it has no issue."),
    ] = None,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Write the static site of the published warehouse, to be read without the internet."""
    store = find_places(project, warehouse)[1]
    target = out.resolve() if out else store.site
    if not target.parent.is_dir():
        raise WrongCall(f"The folder of {target} is not there.")
    check_is_there(store.published)
    from gouji.site.build import build_site  # noqa: PLC0415  # takes a second to import

    if target.resolve() != store.site.resolve():
        build_site(current(store).published, target, report or ())
    else:
        # a build publishes a site too
        with exclusive(store.lock):
            build = current(store)
            build_site(build.published, build.site, report or ())
            show(store)
    typer.echo(f"Site: {target / 'index.html'}")


@app.command()
def serve(
    host: Annotated[
        str,
        typer.Option("--host", help="Address to listen on; another than this opens it to others."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port; 0 for any that is free.")] = 8321,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name by which others may ask; may be repeated."),
    ] = None,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Serve the site, search, tables and SQL of the published warehouse, which stays as it is."""
    store = find_places(project, warehouse)[1]
    check_is_there(store.published)
    from gouji.serve.command import serve as serve_until_ended  # noqa: PLC0415  # takes seconds

    serve_until_ended(store, host, port, name or (), partial(typer.echo, err=False))


@app.command()
def metrics(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[METRIC]...", help="Such as granted_share, or 予以公开率."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="What to group by, such as year; may be repeated."),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="Such as \"province = '福建省'\"; may be repeated."),
    ] = None,
    *,
    is_dimensions: Annotated[
        bool, typer.Option("--dimensions", help="What the metrics are grouped and filtered by.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    is_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    is_sql: Annotated[bool, typer.Option("--sql", help="Show the SQL that was asked.")] = False,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """List the metrics of the field, or ask for some of them."""
    from gouji.metrics.ask import Metrics  # noqa: PLC0415  # takes a second to import
    from gouji.metrics.figures import rounded  # noqa: PLC0415

    store = find_places(project, warehouse)[1]
    build = current(store)
    known = Metrics(build.published, build.artifacts.semantic_manifest)
    if not names:
        if by or where or is_dimensions:
            raise WrongCall("--by, --where and --dimensions are asked of a metric: name one.")
        show_metrics(_console(), known.all())
        return
    asked = known.called(names)
    if is_dimensions:
        dimensions = known.dimensions(names)
        show_dimensions(_console(), {one: known.values(one) for one in dimensions})
        return
    rates = [metric.name for metric in asked if metric.denominator]
    answer = rounded(known.ask(names, by or [], where or [], in_full=True), rates)
    if is_sql:
        typer.echo(answer.sql)
    if is_json or format_ is not Format.TABLE:
        _write(answer.columns, answer.rows, Format.JSON if is_json else format_)
    else:
        show_figures(_console(), answer, rates)


@app.command(name="sql")
def sql_(
    statement: Annotated[
        str | None,
        typer.Argument(metavar="[STATEMENT]", help="Such as 'from dim_report limit 5'."),
    ] = None,
    *,
    format_: FormatOption = Format.TABLE,
    project: ProjectOption = None,
    warehouse: WarehouseOption = None,
) -> None:
    """Ask the published warehouse in SQL, or open DuckDB's shell over it; nothing is written."""
    store = find_places(project, warehouse)[1]
    if statement is None:
        shell(store.published, format_)
        return
    with answered(store.published, statement) as (columns, rows):
        if format_ is Format.TABLE:
            show_rows(_console(), columns, rows)
        else:
            _write(columns, rows, format_)


@app.command()
def doctor(project: ProjectOption = None, warehouse: WarehouseOption = None) -> None:
    """Look at versions, paths, disk and locks."""
    findings = examine(*find_places(project, warehouse))
    show_findings(_console(), findings)
    raise typer.Exit(max(finding.exit_code for finding in findings))


def _write(columns: Sequence[str], rows: Iterable[Row], format_: Format) -> None:
    lines = as_csv(columns, rows) if format_ is Format.CSV else as_json(columns, rows)
    for line in lines:
        if not is_read():
            return
        sys.stdout.write(f"{line}\n")


def _console() -> Console:
    """Give the console of standard output; piped, its lines are wide enough for every table."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def main() -> None:
    """Run the command line and end with the exit code of the contract."""
    go_on_unread()
    try:
        app()
    except Exception as error:  # noqa: BLE001  # the last one to catch it
        _end(as_told(error))


def _end(error: GoujiError) -> None:
    if settings.debug:
        traceback.print_exc()
    typer.echo(str(error), err=True)
    sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
