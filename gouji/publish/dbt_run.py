"""Running dbt over a new database, in a child process, and judging how it ended."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from gouji.errors import DataFailed, GoujiError, NoRoom, ToolFailed, WrongCall, says_no_room
from gouji.memory import memory
from gouji.paths import Project

NAMED_AT_MOST = 5
QUOTED_AT_MOST = 300
# What DuckDB says of SQL that is wrong as written, whatever the data.
WRONG_AS_WRITTEN = ("Compilation Error", "Parser Error", "Binder Error", "Catalog Error")

OnNode = Callable[[int, int, str], None]


class WrongModel(WrongCall):
    """A seed or a model is wrong as written, or does not fit what an earlier build left."""


def run_dbt(
    project: Project,
    database: Path,
    *,
    leavings: Path,
    landing: Path | None,
    lock: int,
    on_node: OnNode,
    full_refresh: bool = False,
) -> int:
    """Run dbt so that it writes and documents `database`, and give the number of warnings.

    Args:
        project: the dbt project.
        database: the database to write.
        leavings: folder for what dbt leaves: compiled SQL, manifest, logs.
        landing: folder of tables that replace the raw seeds, or none.
        lock: descriptor of the build's lock, which dbt holds as long as it lives.
        on_node: called for each seed, model or test that dbt has finished, with its number, how
            many there are, and its name.
        full_refresh: build everything anew, whatever is in the database.

    Raises:
        DataFailed: a test of severity error failed.
        WrongModel: a seed or a model is wrong as written.
        WrongCall: the project is.
        NoRoom: the disk is full.
        ToolFailed: dbt failed in any other way.
    """
    leavings.mkdir(parents=True, exist_ok=True)
    if full_refresh:
        database.unlink(missing_ok=True)
        database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    stderr = leavings / "stderr.log"
    command = [
        *(sys.executable, "-m", "gouji.publish.dbt_child", "--quiet"),
        *("--project-dir", str(project.root), "--profiles-dir", str(project.root)),
        *("--target-path", str(leavings / "target"), "--log-path", str(leavings / "logs")),
    ]
    environment = os.environ | {
        "GOUJI_DB": str(database),
        "GOUJI_LANDING": str(landing or ""),
        "GOUJI_AS_OF": str(project.as_of or ""),
        "GOUJI_MEMORY": memory(),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    with (
        stderr.open("wb") as log,
        subprocess.Popen(
            command,
            cwd=project.root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            pass_fds=[lock],
            # Ctrl-C is for the parent, whose end ends dbt.
            start_new_session=True,
        ) as process,
    ):
        end = _follow(process, on_node)
    if end is None:
        raise ToolFailed(f"dbt ended with no result (exit {process.returncode}): see {stderr}.")
    _judge(end, leavings, database)
    return len(end["warned"])


def _follow(process: subprocess.Popen[bytes], on_node: OnNode) -> dict[str, Any] | None:
    """Read what the child tells, and give its last word."""
    number = of = 0
    for line in process.stdout or ():
        told = json.loads(line)
        if "nodes" in told:
            of = told["nodes"]
        elif "node" in told:
            number += 1
            on_node(number, of, told["node"])
        elif "ended" in told:
            return dict(told)
    return None


def _judge(end: dict[str, Any], leavings: Path, database: Path) -> None:
    """Raise what dbt's end calls for, and nothing if all went well."""
    if end["exception"]:
        if says_no_room(end["exception"]):
            kind: type[GoujiError] = NoRoom
        else:
            kind = WrongCall if end["is_users"] else ToolFailed
        raise kind(f"dbt could not build: {_one_line(end['exception'])} (see {leavings / 'logs'})")
    errors = [node for node in end["bad"] if not node["failed"]]
    if full := [node for node in errors if says_no_room(node["message"])]:
        kind, errors = NoRoom, full
    else:
        kind = WrongModel if all(map(_is_wrong_as_written, errors)) else ToolFailed
    if errors:
        sentences = [f"{node['file']}: {_one_line(node['message'])}" for node in errors]
        raise kind(f"dbt could not build {_some(sentences, leavings)}")
    if end["bad"]:
        tests = [
            f"{node['name']} ({node['rows']} rows, first {_first_row(database, node)};"
            f" SQL in {node['compiled']})"
            for node in end["bad"]
        ]
        raise DataFailed(f"The data failed {len(tests)} of dbt's tests: {_some(tests, leavings)}")
    if not end["success"]:
        raise ToolFailed(f"dbt failed and named nothing that did: see {leavings / 'logs'}.")


def _first_row(database: Path, test: dict[str, Any]) -> str:
    """The first row that a test found, so that a sentence can name it."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(Path(test["compiled"]).read_text(encoding="utf-8"))
        columns = [column for column, *_ in found.description or ()]
        row = found.fetchone() or ()
    cells = zip(columns, row, strict=False)
    return _one_line(", ".join(f"{name} {value}" for name, value in cells if value is not None))


def _is_wrong_as_written(node: dict[str, Any]) -> bool:
    return node["kind"] == "seed" or any(word in node["message"] for word in WRONG_AS_WRITTEN)


def _some(sentences: list[str], leavings: Path) -> str:
    named = "; ".join(sentences[:NAMED_AT_MOST])
    more = len(sentences) - NAMED_AT_MOST
    if more > 0:
        named = f"{named}; and {more} more"
    return f"{named} (see {leavings / 'logs'})."


def _one_line(text: str) -> str:
    """Quote what dbt says, but not all of the advice that DuckDB adds."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED_AT_MOST else f"{line[:QUOTED_AT_MOST]} ..."
