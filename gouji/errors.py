"""The ways a command can end, other than well.

Each error is one plain sentence for the person at the keyboard; the exit codes are the
contract's: 1 the data failed a gate, 2 the call or a file was wrong, 3 the tool itself failed.
"""

import errno
import os

# What programs of all kinds say of a full disk, as the system words it.
NO_ROOM = os.strerror(errno.ENOSPC)


class GoujiError(Exception):
    """An error whose message is meant for people and whose kind sets the exit code."""

    exit_code = 3


class DataFailed(GoujiError):
    """The data did not pass a gate: a dbt test or a critical expectation."""

    exit_code = 1


class WrongCall(GoujiError):
    """The call, or a file that it names, is wrong, and the reader can mend it."""

    exit_code = 2


class ToolFailed(GoujiError):
    """The tool itself failed; nothing is said about the data."""

    exit_code = 3


def as_told(error: BaseException) -> GoujiError:
    """What a command ends with for an error of any kind: words for people, and the exit code."""
    told = error if isinstance(error, GoujiError) else _as_told(error)
    # dbt, DuckDB and the audit run into a full disk too, and it is the reader who can mend it
    return WrongCall(str(told)) if has_no_room(told) else told


def has_no_room(error: GoujiError) -> bool:
    """Whether a tool failed because the disk is full."""
    return isinstance(error, ToolFailed) and NO_ROOM in str(error)


def _as_told(error: BaseException) -> GoujiError:
    if isinstance(error, PermissionError | IsADirectoryError | NotADirectoryError):
        return WrongCall(f"{error.filename or error}: {error.strerror or 'cannot be used'}.")
    if isinstance(error, OSError):
        kind = WrongCall if error.errno in {errno.EROFS, errno.ENOSPC} else ToolFailed
        return kind(f"{error.filename or error}: {error.strerror}.")
    what = " ".join(str(error).split())
    return ToolFailed(f"gouji failed: {type(error).__name__}: {what} (--debug shows where)")
