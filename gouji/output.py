"""Standard output that nobody may read to its end: `gouji check | head -1`.

A command whose reader goes away goes on, and ends as it would have: the exit code of a check is
that of its gate, and never that of a closed pipe, which Typer and Rich both make 1.
"""

import io
import os
import sys
from typing import Any


class _Output(io.FileIO):
    is_read = True

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            self.is_read = False
            with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # no path: a device
                os.dup2(nowhere.fileno(), self.fileno())
            return memoryview(data).nbytes


_output: _Output | None = None


def go_on_unread() -> None:
    """Let a closed pipe swallow what is written to it from now on."""
    global _output  # noqa: PLW0603  # as there is one standard output
    if sys.stdout is None or sys.stdout.isatty():
        return
    _output = _Output(sys.stdout.fileno(), "w", closefd=False)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_output), encoding=sys.stdout.encoding, errors=sys.stdout.errors
    )


def is_read() -> bool:
    """Say whether anybody still reads what is written."""
    return _output is None or _output.is_read
