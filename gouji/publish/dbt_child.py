"""dbt in a process of its own: `python -m gouji.publish.dbt_child OPTIONS`.

It reads the project once, builds, and then writes dbt's documentation: `catalog.json`, and the
page `static_index.html`. OPTIONS are those that all three know: folders, and how much is logged.

Its standard output is a line of JSON for each thing that the parent wants to know; what dbt
prints by itself goes to standard error. It lives no longer than its parent: standard input is a
pipe that the parent never writes to and never closes, so its end means that the parent is gone.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from dbt.artifacts.schemas.run import RunExecutionResult, RunResult
from dbt.cli.exceptions import DbtUsageException
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt_common.events.base_types import EventMsg
from dbt_common.exceptions import DbtRuntimeError

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

FAILED = "fail"
BAD = (FAILED, "error", "runtime error", "partial success")


class Reporter:
    """Writes what the parent is told."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.lock = threading.Lock()

    def tell(self, **facts: Any) -> None:
        """Write one line."""
        with self.lock:
            print(json.dumps(facts), file=self.out, flush=True)

    def on_event(self, event: EventMsg) -> None:
        """Pass on how far dbt is."""
        if event.info.name == "ConcurrencyLine":
            self.tell(nodes=event.data.node_count)
        elif event.info.name == "NodeFinished":
            self.tell(node=event.data.node_info.node_name)


def end_with_parent() -> None:
    """Wait for the end of standard input, then end at once."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(3)


def outcome(result: dbtRunnerResult) -> dict[str, Any]:
    """Say how dbt ended: its exception, if any, and the nodes that went wrong."""
    error = result.exception
    nodes = result.result.results if isinstance(result.result, RunExecutionResult) else []
    return {
        "ended": True,
        "success": result.success,
        "exception": None if error is None else f"{type(error).__name__}: {error}",
        # dbt's own word for a project, a file or a call that it cannot work with
        "is_users": isinstance(error, DbtRuntimeError | DbtUsageException),
        "skipped": sum(node.status.value == "skipped" for node in nodes),
        "warned": [_node(node) for node in nodes if node.status.value == "warn"],
        "bad": [_node(node) for node in nodes if node.status.value in BAD],
    }


def _node(result: RunResult) -> dict[str, Any]:
    compiled = getattr(result.node, "compiled_path", None)
    return {
        "name": result.node.name,
        "kind": str(result.node.resource_type),
        "file": result.node.original_file_path,
        "failed": result.status.value == FAILED,
        "rows": result.failures or 0,
        "message": result.message or "",
        "compiled": str(Path(compiled).resolve()) if compiled else None,
    }


def build(options: list[str], reporter: Reporter) -> dbtRunnerResult:
    """Build, then document what was built; give how the first of them ended that failed."""
    # The build writes what dbt knows of the project, and more of it.
    parsed = dbtRunner().invoke(["parse", "--no-write-json", *options])
    if not parsed.success:
        return parsed
    manifest = cast("Manifest", parsed.result)
    # Unit tests are of the SQL, not of the data: `make test` runs them.
    how = ["--exclude-resource-type", "unit_test"]
    built = dbtRunner(manifest, [reporter.on_event]).invoke(["build", *how, *options])
    if not built.success:
        return built
    # the build left the compiled SQL in the manifest
    describe = ["docs", "generate", "--static", "--no-compile"]
    described = dbtRunner(manifest).invoke([*describe, *options])
    return built if described.success else described


def main() -> None:
    """Run dbt with the options of the command line."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    threading.Thread(target=end_with_parent, daemon=True).start()
    reporter = Reporter(out)
    reporter.tell(**outcome(build(sys.argv[1:], reporter)))


if __name__ == "__main__":
    main()
