"""What is kept beside a published build: what it was made from, and the state of its database."""

import json
from dataclasses import dataclass
from pathlib import Path

from gouji.paths import Warehouse
from gouji.publish.inputs import Inputs


@dataclass(frozen=True)
class MadeFrom:
    """The inputs of a build, and its database's size and time of change when it was finished."""

    inputs: Inputs
    database: tuple[int, int]


def keep(build: Warehouse, inputs: Inputs) -> None:
    """Write it beside a finished database, which nothing of ours changes from now on."""
    kept = {"inputs": inputs.as_json(), "database": _state(build.published)}
    build.made_from.write_text(json.dumps(kept), encoding="utf-8")


def made_from(build: Warehouse) -> MadeFrom | None:
    """Read it; none of a build that does not say, as those of earlier versions."""
    try:
        kept = json.loads(build.made_from.read_text(encoding="utf-8"))
        size, modified = kept["database"]
        return MadeFrom(Inputs.from_json(kept["inputs"]), (size, modified))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_as_published(build: Warehouse, made: MadeFrom) -> bool:
    """Whether nobody has written to the database of a build since."""
    return build.published.is_file() and _state(build.published) == made.database


def _state(database: Path) -> tuple[int, int]:
    found = database.stat()
    return found.st_size, found.st_mtime_ns
