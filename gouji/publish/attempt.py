"""The last attempt at a build, as it is written down while it runs and when it ends."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from gouji.errors import as_told
from gouji.publish.swap import flush


@dataclass(frozen=True)
class Attempt:
    """When it began, and how it ended; `ended_at` is none while it runs, or if it was killed."""

    began_at: str
    ended_at: str | None = None
    exit_code: int | None = None
    said: str = ""


@contextmanager
def attempt(file: Path) -> Iterator[list[str]]:
    """Write down that a build runs, and how the block ended, with what it adds to the list."""
    began, said = Attempt(_now()), list[str]()
    _write(file, began)
    try:
        yield said
    except BaseException as error:
        told = as_told(error)
        problem = " ".join(str(told).split())
        # a full disk is what the build is to say, and not that this could not be written
        with suppress(OSError):
            _write(file, replace(began, ended_at=_now(), exit_code=told.exit_code, said=problem))
        raise
    _write(file, replace(began, ended_at=_now(), exit_code=0, said="; ".join(said)))


def last_attempt(file: Path) -> Attempt | None:
    """Read what was written down last, if anything was."""
    try:
        return Attempt(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(file: Path, found: Attempt) -> None:
    new = file.with_name(f"{file.name}.new")
    new.write_text(json.dumps(asdict(found), ensure_ascii=False), encoding="utf-8")
    flush(new)
    new.replace(file)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
