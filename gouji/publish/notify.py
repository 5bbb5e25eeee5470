"""Telling a command of somebody's, such as mail, what got worse; where nothing did, it is not run.

It gets plain text on its standard input, and in `GOUJI_NOTICE` the name of a file that says the
same as JSON. What it was not told, as it failed, was not named or the build was killed, is kept
from build to build until it is told.
"""

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from gouji.errors import ToolFailed, WrongCall
from gouji.paths import Warehouse
from gouji.publish.builds import current
from gouji.publish.history import built_on, published_at
from gouji.publish.swap import flush
from gouji.publish.worse import Worse, got_late

NOTICE = "GOUJI_NOTICE"
SECONDS = 60
# What reading a file can end in that is cut off, or that another version wrote.
UNREADABLE = (OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Told:
    """The builds that were told, the day of the last, and what could not be told."""

    builds: Sequence[str]
    day: date
    untold: Sequence[Worse]


def hook_of(command: str | None) -> list[str]:
    """Take a command apart as a shell does; nothing of none.

    Raises:
        WrongCall: it cannot be taken apart, or there is no such program.
    """
    try:
        hook = shlex.split(command or "")
    except ValueError as error:
        raise WrongCall(f"--notify {command}: {error}.") from error
    if hook and not shutil.which(hook[0]):
        raise WrongCall(f"--notify {command}: there is no program {hook[0]}.")
    return hook


def told_on(warehouse: Warehouse) -> date | None:
    """The day on which the hook was last told, or had nothing to be told."""
    told = _read(warehouse.told)
    return told.day if told else None


def write_worse(build: Warehouse, worse: Sequence[Worse]) -> None:
    """Keep what got worse with a build beside it, to be published with it."""
    text = json.dumps([asdict(one) for one in worse], ensure_ascii=False)
    build.worse.write_text(text, encoding="utf-8")


def keep_untold(warehouse: Warehouse, database: Path) -> None:
    """Keep what got worse with the published build and was not told, before it is replaced.

    Where no hook was ever told anything, nobody waits for it.

    Args:
        warehouse: where the build is published.
        database: what is published, or a copy of it where another program has it open for writing.
    """
    build, told = current(warehouse), _read(warehouse.told)
    if told and build.root.name not in told.builds and build.worse.is_file():
        on = max(built_on(database) or told.day, told.day)
        untold = [*told.untold, *_worse_with(build)]
        _write(warehouse.told, Told(_and_current(warehouse, told), on, untold))


def tell(warehouse: Warehouse, database: Path, hook: Sequence[str], today: date) -> None:
    """Tell what got worse since the hook was last told, with or without a build.

    Args:
        warehouse: where the build is published.
        database: what is published, or a copy of it where another program has it open for writing.
        hook: the command, see `hook_of`.
        today: a report whose day is before this one is late.

    Raises:
        ToolFailed: the hook failed. What it was to be told is kept.
    """
    build, told = current(warehouse), _read(warehouse.told)
    worse = list(told.untold) if told else []
    if told and build.root.name in told.builds:
        worse += got_late(database, told.day, today)
    elif build.worse.is_file():
        # it looked by the day on which it was built, which is not this one if it was put back
        when = published_at(database)
        days = [when.date() if when else today, *([told.day] if told else [])]
        worse += [*_worse_with(build), *got_late(database, max(days), today)]
    builds = _and_current(warehouse, told)
    if worse:
        # first, in case that this process is killed while the hook runs
        _write(warehouse.told, Told(builds, today, worse))
        _run(hook, warehouse.published, published_at(database), worse)
    _write(warehouse.told, Told(builds, today, []))


def _and_current(warehouse: Warehouse, told: Told | None) -> list[str]:
    """The builds that were told and are kept, as `gouji restore` may put one back; and this one."""
    before = [name for name in told.builds if (warehouse.builds / name).exists()] if told else []
    return list(dict.fromkeys([*before, current(warehouse).root.name]))


def _run(
    hook: Sequence[str], published: Path, when: datetime | None, worse: Sequence[Worse]
) -> None:
    moment = f", published {when:%Y-%m-%d %H:%M}" if when else ""
    head = f"Something got worse in {published}{moment}."
    text = "\n\n".join([head, *(one.as_text() for one in worse)])
    facts = {
        "database": str(published),
        "published_at": when.isoformat() if when else None,
        "worse": [asdict(one) for one in worse],
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as notice:
        json.dump(facts, notice, ensure_ascii=False, indent=1)
        notice.flush()
        try:
            done = subprocess.run(
                hook,
                input=f"{text}\n",
                env=os.environ | {NOTICE: notice.name},
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            how = f"it had not ended after {SECONDS} seconds"
        except OSError as error:
            how = f"{error.strerror}"
        else:
            if done.returncode == 0:
                return
            said = " ".join(done.stderr.split())[:300]
            how = f"it ended with exit code {done.returncode}{f': {said}' if said else ''}"
    raise ToolFailed(
        f"What got worse could not be told to {shlex.join(hook)}: {how}. The warehouse is"
        " published all the same; the next gouji build tells it again, changed or not."
    )


def _read(file: Path) -> Told | None:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return Told(kept["builds"], date.fromisoformat(kept["day"]), _worse(kept["untold"]))
    except UNREADABLE:
        return None


def _worse_with(build: Warehouse) -> list[Worse]:
    """What got worse with a build; nothing where that cannot be read, as no build hangs on it."""
    try:
        return _worse(json.loads(build.worse.read_text(encoding="utf-8")))
    except UNREADABLE:
        return []


def _worse(kept: Sequence[dict[str, object]]) -> list[Worse]:
    worse = [Worse(**one) for one in kept]  # type: ignore[arg-type]  # as `asdict` wrote them
    for one in worse:
        one.as_text()  # another version's kinds and rows may not be this one's to say
    return worse


def _write(file: Path, told: Told) -> None:
    new = file.with_name(f"{file.name}.new")
    text = json.dumps(asdict(told), ensure_ascii=False, default=str)
    new.write_text(text, encoding="utf-8")
    flush(new)
    new.replace(file)
