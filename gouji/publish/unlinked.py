"""The published build in readers' paths where the disk has no symbolic links: as copies.

No disk changes several paths in one step.  So the order is one that cannot lie: folders of the old
build go, the database is replaced, folders of the new build come.  Killed in between, folders are
missing, and no two builds are seen beside each other; the next command puts them there.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from gouji.paths import Warehouse
from gouji.publish.swap import flush, flush_all, log_of


def put_copies(
    warehouse: Warehouse,
    build: Warehouse,
    before: Path | None,
    switch: Callable[[], None] = lambda: None,
) -> None:
    """Copy a build to readers' paths, and call `switch` when nothing else of the old one is seen.

    Args:
        warehouse: the folder that readers know.
        build: the build that they are to see.
        before: the build before it, whose database they may want too.
        switch: says which build is published.
    """
    new = warehouse.root / ".copies"
    old = warehouse.root / ".replaced"
    for folder in (new, old):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    copies = Warehouse(new)
    shutil.copy2(build.published, copies.published)
    for name in ("parquet", "site"):
        if (build.root / name).is_dir():
            shutil.copytree(build.root / name, new / name)
    if build.artifacts.root.is_dir():
        shutil.copytree(build.artifacts.root, copies.artifacts.root)
    if before:
        shutil.copy2(Warehouse(before).published, copies.previous)
    flush_all(new)

    folders = [
        (warehouse.parquet, copies.parquet),
        (warehouse.site, copies.site),
        (warehouse.artifacts.root, copies.artifacts.root),
    ]
    for number, (place, _) in enumerate(folders):
        if place.exists():
            place.replace(old / str(number))
    _put_log_away(warehouse, before)
    switch()
    copies.published.replace(warehouse.published)
    for place, copy in folders:
        if copy.exists():
            place.parent.mkdir(exist_ok=True)
            copy.replace(place)
    if before:
        copies.previous.replace(warehouse.previous)
    else:
        warehouse.previous.unlink(missing_ok=True)
    flush(warehouse.root)
    for folder in (new, old):
        shutil.rmtree(folder)


def _put_log_away(warehouse: Warehouse, before: Path | None) -> None:
    """Somebody wrote to the published copy and was cut off: it is no log of the next one."""
    log = log_of(warehouse.published)
    if log.exists():
        log.replace(log_of(Warehouse(before).published)) if before else log.unlink()
