"""The ways a command can end, other than well.

Each error is one plain sentence for the person at the keyboard; the exit codes are the
contract's: 1 the data failed a gate, 2 the call or a file was wrong, 3 the tool itself failed.
"""

import errno
import os

FULL = (errno.ENOSPC, errno.EDQUOT)
# What programs of all kinds say of a full disk or quota, as the system words it; and DuckDB, which
# asks first how much room there is for what does not fit into memory.
NO_ROOM = (*map(os.strerror, FULL), "failed to offload data block")


class GoujiError(Exception):
    """An error whose message is meant for people and whose kind sets the exit code."""

    exit_code = 3


class DataFailed(GoujiError):
    """The data did not pass a gate: a dbt test or a critical expectation."""

    exit_code = 1


class WrongCall(GoujiError):
    """The call, or a file that it names, is wrong, and the reader can mend it."""

    exit_code = 2


class NoRoom(WrongCall):
    """The disk is full."""

    def __init__(self, message: str) -> None:
        super().__init__(f"The disk is full. {message}")


class ToolFailed(GoujiError):
    """The tool itself failed; nothing is said about the data."""

    exit_code = 3


def as_told(error: BaseException) -> GoujiError:
    """What a command ends with for an error of any kind: words for people, and the exit code."""
    told = error if isinstance(error, GoujiError) else _as_told(error)
    # DuckDB and the audit run into a full disk too, and it is the reader who can mend it
    is_full = isinstance(told, ToolFailed) and says_no_room(str(told))
    return NoRoom(str(told)) if is_full else told


def says_no_room(message: str) -> bool:
    """Whether what a tool said, all of it, means that the disk is full."""
    return any(words in message for words in NO_ROOM)


def _as_told(error: BaseException) -> GoujiError:
    if isinstance(error, PermissionError | IsADirectoryError | NotADirectoryError):
        return WrongCall(f"{error.filename or error}: {error.strerror or 'cannot be used'}.")
    if isinstance(error, OSError):
        kind = WrongCall if error.errno in {errno.EROFS, *FULL} else ToolFailed
        return kind(f"{error.filename or error}: {error.strerror}.")
    what = " ".join(str(error).split())
    return ToolFailed(f"gouji failed: {type(error).__name__}: {what} (--debug shows where)")
