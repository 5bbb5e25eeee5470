"""The state of a warehouse in five lines: what is published, how fresh it is, what is open."""

from datetime import datetime
from pathlib import Path

from gouji.paths import Project, Warehouse
from gouji.publish.attempt import Attempt, last_attempt
from gouji.publish.builds import current
from gouji.publish.inputs import read_inputs
from gouji.publish.lock import holder
from gouji.publish.made_from import is_as_published, made_from
from gouji.sql import sql
from gouji.warehouse_file import Record, reading, records

DAY = 24


def status(project: Project, warehouse: Warehouse, landing: Path | None) -> list[tuple[str, str]]:
    """Say in five lines, each with its topic, how a warehouse stands.

    Raises:
        WrongCall: nothing is published, or it does not open.
    """
    build = current(warehouse)
    with reading(build.published) as connection:
        found = records(connection, sql("queries/status.sql"))[0]
    return [
        ("Published", _published(found)),
        ("Last build", _last_build(warehouse)),
        ("Data", _data(found, build, project, landing)),
        ("Issues", _issues(found)),
        ("For a person", "; ".join(_to_do(found, build, warehouse)) or "nothing"),
    ]


def _published(found: Record) -> str:
    kind = {"full": "a full build", "increment": "an increment"}.get(found["build_kind"], "")
    return (
        f"{_when(found['published_at'])}, {kind};"
        f" {found['reports']:,} reports of {found['agencies']:,} bodies"
    )


def _last_build(warehouse: Warehouse) -> str:
    last = last_attempt(warehouse.last_build)
    running = holder(warehouse.lock)
    if running and running.is_alive:
        return f"running since {running.since}, process {running.pid}"
    if last is None:
        return "nothing is known of it"
    began = datetime.fromisoformat(last.began_at)
    if last.ended_at is None:
        return f"began {_when(began)} and was killed: the next one begins anew"
    return f"{_when(datetime.fromisoformat(last.ended_at))}, {_outcome(last)}"


def _outcome(last: Attempt) -> str:
    if last.exit_code == 0:
        return last.said or "done"
    return f"failed with exit code {last.exit_code}: {last.said}"


def _data(found: Record, build: Warehouse, project: Project, landing: Path | None) -> str:
    made = made_from(build)
    changes = read_inputs(project, landing, made.inputs).changes(made.inputs) if made else None
    if changes is None:
        since = "the build does not say what it was made from"
    elif changes:
        since = f"{len(changes):,} inputs changed since the build, first {changes[0]}"
    else:
        since = "nothing changed since the build"
    return (
        f"last landed {found['landed_on']}; {found['of_last_year']:,} reports of"
        f" {found['last_year']}; {since}"
    )


def _issues(found: Record) -> str:
    return (
        f"{found['checks_open']:,} open, of {found['still_open']:,} causes;"
        f" asked about {found['asked']:,}, answered {found['answered']:,},"
        f" acknowledged {found['acknowledged']:,}, corrected {found['corrected']:,};"
        f" the build opened {found['issues_opened']:,} and closed {found['issues_closed']:,}"
    )


def _to_do(found: Record, build: Warehouse, warehouse: Warehouse) -> list[str]:
    """Name what waits for somebody's decision."""
    last, made = last_attempt(warehouse.last_build), made_from(build)
    waiting = {
        "the last build failed": last is not None and bool(last.exit_code),
        f"{warehouse.rejected} was held back by a gate": warehouse.rejected.exists(),
        f"another program wrote to {warehouse.published}": (
            made is not None and not is_as_published(build, made)
        ),
        f"{found['not_asked']:,} causes of broken checks to look at (gouji worklist)": (
            found["not_asked"]
        ),
        f"{found['answered']:,} answers of bodies to decide on": found["answered"],
        f"{found['expiring']:,} decisions expire within 30 days, the first on"
        f" {found['first_expiring']}": found["expiring"],
    }
    return [what for what, is_so in waiting.items() if is_so]


def _when(moment: datetime) -> str:
    hours = (datetime.now().astimezone() - moment).total_seconds() / 3600
    ago = f"{hours / DAY:.0f} days" if hours >= 2 * DAY else f"{hours:.1f} hours"
    return f"{moment:%Y-%m-%d %H:%M} ({ago} ago)"
