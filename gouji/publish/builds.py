"""Builds, a folder each, and which of them is published.

    builds/ID/            what one build made: database, parquet/, site/, dbt/published/
    builds/ID/previous    points to the build that was published before it
    current               points to the one that is published now

Readers' paths (`gouji.duckdb`, `parquet`, …) are links through `current`, made once: to publish a
build, or to put the one before it back, is to change `current`, and everything changes with it.
A reader who wants several files of one build asks once where `current` leads, and reads there.

Where the disk has no symbolic links, `unlinked.py` puts copies in their places.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gouji.errors import WrongCall
from gouji.paths import Warehouse
from gouji.publish.pointer import link, point, pointed
from gouji.publish.swap import flush, flush_all, log_of
from gouji.publish.unlinked import put_copies
from gouji.warehouse_file import reading

PREVIOUS = "previous"


def current(warehouse: Warehouse) -> Warehouse:
    """Give the build that is published now as a folder of its own, which no next build changes.

    A warehouse without builds is its own: a copy of the published files, or one of old.
    """
    build = pointed(warehouse.current)
    return Warehouse(build) if build else warehouse


def previous(warehouse: Warehouse) -> Warehouse | None:
    """Give the build that was published before the current one, if it is kept."""
    build = pointed(warehouse.current)
    before = pointed(build / PREVIOUS) if build else None
    return Warehouse(before) if before else None


def kept(warehouse: Warehouse, name: str) -> Warehouse:
    """Give a build that is kept, by the name of its folder or how that begins.

    Raises:
        WrongCall: none is called so, or several are.
    """
    there = sorted(path.name for path in warehouse.builds.glob("[!.]*"))
    found = [one for one in there if one.startswith(name)]
    if len(found) != 1 and name not in there:
        raise WrongCall(
            f"{'No build' if not found else 'More than one build'} in {warehouse.builds} is called"
            f" {name}: there {'is' if len(there) == 1 else 'are'} {', '.join(there) or 'none'}."
        )
    return Warehouse(warehouse.builds / (name if name in there else found[0]))


def publish(building: Path, warehouse: Warehouse) -> Warehouse:
    """Make a finished folder the published build, and give it under its new name.

    What was published is kept as the previous build; what was before that is deleted.
    """
    before = pointed(warehouse.current)
    flush_all(building)
    build = _new_place(warehouse)
    building.replace(build)
    flush(warehouse.builds)
    if before:
        point(build / PREVIOUS, before)
    _switch(warehouse, build)
    _clear(warehouse)
    return Warehouse(build)


def restore(warehouse: Warehouse) -> Warehouse:
    """Put the previous build back; the one that was published becomes the previous one.

    Raises:
        WrongCall: no earlier build is kept, or its database does not open.
    """
    now, before = pointed(warehouse.current), previous(warehouse)
    if now is None or before is None:
        raise WrongCall(f"{warehouse.builds} keeps no build before the published one.")
    with reading(before.published):
        pass
    point(before.root / PREVIOUS, now)
    _switch(warehouse, before.root)
    # each would be the other's previous one, and a copy that follows links would find no end
    (now / PREVIOUS).unlink(missing_ok=True)
    return before


def settle(warehouse: Warehouse) -> None:
    """Complete what a killed process left half done, and take over what older versions published.

    For whoever holds the lock.
    """
    warehouse.builds.mkdir(exist_ok=True)
    if warehouse.current.is_dir() and not warehouse.current.is_symlink():
        # somebody copied the warehouse, and the links became what they led to
        warehouse.current.replace(_new_place(warehouse))
    _take_over(warehouse)
    show(warehouse)


def show(warehouse: Warehouse) -> None:
    """See to it that readers' paths lead to the published build, whatever was added to it."""
    build = pointed(warehouse.current)
    if build and not all(_lead(warehouse)):
        put_copies(warehouse, Warehouse(build), pointed(build / PREVIOUS))


def _switch(warehouse: Warehouse, build: Path) -> None:
    """Change `current`, and with it all that readers see."""
    if all(_lead(warehouse)):
        point(warehouse.current, build)
    else:
        put_copies(
            warehouse,
            Warehouse(build),
            pointed(build / PREVIOUS),
            lambda: point(warehouse.current, build),
        )


def _lead(warehouse: Warehouse) -> Iterator[bool]:
    """Make readers' paths links through `current`, and say of each whether it is one.

    Raises:
        WrongCall: one of them is somebody's own link.
    """
    for place, in_build in _places(warehouse).items():
        through = warehouse.current / in_build
        target = os.path.relpath(through, place.parent)
        if place.is_symlink() and place.readlink() == Path(target):
            yield True
            continue
        if place.is_symlink() and place.exists():
            raise WrongCall(f"{place} is a link to somewhere else, so it is not replaced: move it.")
        new = place.with_name(f".{place.name}.link")
        new.unlink(missing_ok=True)
        place.parent.mkdir(exist_ok=True)
        can_link = link(new, target)
        if can_link:
            new.replace(place)
        yield can_link


def _places(warehouse: Warehouse) -> dict[Path, Path]:
    """Each path of the readers, and where in the published build it leads."""
    build = Warehouse(Path())
    return {
        warehouse.previous: PREVIOUS / build.published,
        warehouse.published: build.published,
        warehouse.parquet: build.parquet,
        warehouse.site: build.site,
        warehouse.artifacts.root: build.artifacts.root,
    }


def _take_over(warehouse: Warehouse) -> None:
    """Make a build of files that stand in readers' paths themselves.

    Folders go first: a reader misses them for a moment, and finds none of another build.
    """
    real = {
        place: in_build
        for place, in_build in _places(warehouse).items()
        if place.exists() and not place.is_symlink()
    }
    if not real or (pointed(warehouse.current) and not _can_link(warehouse)):
        return
    taken = warehouse.builds / ".taken"
    taken.mkdir(exist_ok=True)
    if real.pop(warehouse.previous, None):
        earlier = _new_place(warehouse)
        earlier.mkdir()
        _take_database(warehouse.previous, Warehouse(earlier))
        point(taken / PREVIOUS, earlier)
    elif before := pointed(warehouse.current):
        point(taken / PREVIOUS, before)
    database = real.pop(warehouse.published, None)
    for place, in_build in real.items():
        target = taken / in_build
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            shutil.rmtree(target)
        place.replace(target)
    if database:
        _take_database(warehouse.published, Warehouse(taken))
    build = _new_place(warehouse)
    taken.replace(build)
    point(warehouse.current, build)


def _take_database(place: Path, build: Warehouse) -> None:
    """Link or copy a database into its build; move what somebody wrote to it and was cut off."""
    build.published.unlink(missing_ok=True)
    try:
        build.published.hardlink_to(place)
    except OSError:
        shutil.copy2(place, build.published)
    if log_of(place).exists():
        log_of(place).replace(log_of(build.published))


def _can_link(warehouse: Warehouse) -> bool:
    probe = warehouse.root / ".link"
    probe.unlink(missing_ok=True)
    can = link(probe, ".")
    probe.unlink(missing_ok=True)
    return can


def _new_place(warehouse: Warehouse) -> Path:
    """Give a folder for a build that is not there yet; its name says when, and decides nothing."""
    now = f"{datetime.now().astimezone():%Y-%m-%dT%H%M%S}"
    place, number = warehouse.builds / now, 1
    while place.exists():
        number += 1
        place = warehouse.builds / f"{now}-{number}"
    return place


def _clear(warehouse: Warehouse) -> None:
    """Delete the builds that are neither published nor the one before."""
    before = previous(warehouse)
    kept = {pointed(warehouse.current), before.root if before else None}
    for build in warehouse.builds.iterdir():
        if build not in kept:
            shutil.rmtree(build, ignore_errors=True)
    if before:  # what it points to is no more
        (before.root / PREVIOUS).unlink(missing_ok=True)
