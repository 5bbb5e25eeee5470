"""Looking after an installation: versions, paths, disk, lock."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from gouji.errors import WrongCall
from gouji.landing.grid import Refused
from gouji.landing.read_old_office import find_office
from gouji.landing.scan_engine import check_engine
from gouji.paths import Project, Warehouse
from gouji.publish.lock import holder
from gouji.warehouse_file import reading

MAIN_PACKAGES = (
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "duckdb-engine",
    "great-expectations",
    "sqlalchemy",
)
# A build writes a second database beside the published one, and sorts on disk.
BUILD_NEEDS_TIMES = 3
BUILD_NEEDS_AT_LEAST = 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at; the exit code is 0 where it is well, as the contract says elsewhere."""

    topic: str
    found: str
    exit_code: int = 0


def examine(project: Project, warehouse: Warehouse) -> list[Finding]:
    """Look at the installation, the project and the warehouse."""
    return [
        *_versions(project),
        *_readers(),
        Finding("project", str(project.root)),
        _folder(warehouse),
        _published(warehouse),
        *_other_databases(warehouse),
        _disk(warehouse),
        *_lock(warehouse),
    ]


def _versions(project: Project) -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", python, 0 if sys.version_info[:2] == (3, 11) else 2)
    if not project.lock_file.is_file():
        yield Finding("lock file", f"{project.lock_file} is missing", 2)
        return
    locked = dict(_locked(project.lock_file))
    for package in MAIN_PACKAGES:
        yield _package(package, locked.pop(package, None))
    others = [_package(package, wanted) for package, wanted in locked.items()]
    yield from (finding for finding in others if finding.exit_code)
    as_locked = sum(finding.exit_code == 0 for finding in others)
    yield Finding("other packages", f"{as_locked} of {len(others)} as locked")


def _locked(lock_file: Path) -> Iterator[tuple[str, str]]:
    """Read the packages and versions of a lock file as pip-compile writes it."""
    for line in lock_file.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "# -":
            wanted = Requirement(line.removesuffix("\\").strip())
            if wanted.marker is None or wanted.marker.evaluate():
                yield wanted.name.lower(), next(iter(wanted.specifier)).version


def _package(package: str, wanted: str | None) -> Finding:
    try:
        found = version(package)
    except PackageNotFoundError:
        return Finding(package, f"missing, the lock file has {wanted}", 2)
    if found != wanted:
        return Finding(package, f"{found}, the lock file has {wanted or 'none'}", 2)
    return Finding(package, found)


def _readers() -> Iterator[Finding]:
    """Say whether the documents are read that need a program besides this one."""
    try:
        check_engine()
    except Refused as refusal:
        yield Finding("scans", f"not read: {refusal}")
    else:
        yield Finding("scans", f"read by rapidocr {version('rapidocr')}")
    office = find_office()
    yield Finding("old Office files", f"read by {office}" if office else "not read: no LibreOffice")


def _folder(warehouse: Warehouse) -> Finding:
    if not warehouse.root.is_dir():
        return Finding("warehouse", f"{warehouse.root} is not there yet: gouji build makes it")
    if not os.access(warehouse.root, os.W_OK):
        return Finding("warehouse", f"{warehouse.root} cannot be written", 2)
    return Finding("warehouse", str(warehouse.root))


def _published(warehouse: Warehouse) -> Finding:
    published = warehouse.published
    if not published.exists():
        return Finding("published", "nothing yet: gouji build publishes")
    try:
        with reading(published) as connection:
            connection.sql("select count(*) from marts.dim_report").fetchall()
    except (WrongCall, OSError) as error:
        return Finding("published", str(error), 2)
    return Finding("published", f"opens, {_size(published)}, {_age(published)}")


def _other_databases(warehouse: Warehouse) -> Iterator[Finding]:
    if warehouse.previous.exists():
        yield Finding("previous", f"{_size(warehouse.previous)}, {_age(warehouse.previous)}")
    if warehouse.rejected.exists():
        yield Finding(
            "rejected",
            f"{warehouse.rejected}, {_age(warehouse.rejected)}: a gate held it back",
        )


def _disk(warehouse: Warehouse) -> Finding:
    folder = next(path for path in (warehouse.root, *warehouse.root.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    size = warehouse.published.stat().st_size if warehouse.published.exists() else 0
    needed = max(BUILD_NEEDS_TIMES * size, BUILD_NEEDS_AT_LEAST)
    found = f"{free / 2**30:.1f} GiB free"
    if free < needed:
        return Finding("disk", f"{found}, a build needs about {needed / 2**30:.1f}", 2)
    return Finding("disk", found)


def _lock(warehouse: Warehouse) -> Iterator[Finding]:
    building = holder(warehouse.lock)
    if building:
        yield Finding("lock", f"held by a build: {building}")
        return
    yield Finding("lock", "free")
    if warehouse.building.exists():
        yield Finding("leftover", f"{warehouse.building}: a killed build's, the next clears it")


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 2**20:.1f} MiB"


def _age(path: Path) -> str:
    written = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    age = datetime.now().astimezone() - written
    hours = age.total_seconds() / 3600
    ago = f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.1f} hours"
    return f"written {written:%Y-%m-%d %H:%M}, {ago} ago"
