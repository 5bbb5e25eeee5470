"""A name that says which folder is meant, changed in one step.

It is a symbolic link, which other programs follow too; where the disk has none (exFAT, some shares)
it is a file with the link's text.
"""

import os
from pathlib import Path

from gouji.publish.swap import flush


def point(pointer: Path, target: Path) -> None:
    """Let a pointer name a folder from now on; it names the old one or the new at every moment."""
    new = pointer.with_name(f".{pointer.name}.new")
    new.unlink(missing_ok=True)
    relative = os.path.relpath(target, pointer.parent)
    if not link(new, relative):
        new.write_text(relative, encoding="utf-8")
        flush(new)
    new.replace(pointer)
    flush(pointer.parent)


def pointed(pointer: Path) -> Path | None:
    """Give the folder that a pointer names; none where there is no pointer, or no such folder."""
    if pointer.is_symlink():
        relative = str(pointer.readlink())
    elif pointer.is_file():
        relative = pointer.read_text(encoding="utf-8")
    else:
        return None
    target = Path(os.path.normpath(pointer.parent / relative))
    return target if target.is_dir() else None


def link(place: Path, target: str) -> bool:
    """Make a symbolic link, and say whether the disk could."""
    try:
        place.symlink_to(target)
    except FileExistsError:
        raise
    except OSError:
        return False
    return True
