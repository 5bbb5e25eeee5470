"""Writing the whole site beside the one that is there, and putting it in its place."""

import ctypes
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from gouji.errors import WrongCall
from gouji.findings.read import findings
from gouji.site.charts import write_vega
from gouji.site.page import Site
from gouji.site.pages import issues, overview, quality
from gouji.site.tables import write_tables

# In the order of the navigation.
PAGES: tuple[Callable[[Site], None], ...] = (overview.write, quality.write, issues.write)
# A folder with this file in it is ours to replace.
MARK = ".gouji-site"

AT_FDCWD = -100
RENAME_EXCHANGE = 2


def build_site(database: Path, out: Path, asked: Iterable[str] = ()) -> None:
    """Write the site of a warehouse file to a folder.

    A reader of the folder finds the old site or the new one, never half of one.

    Args:
        database: the published warehouse, opened read-only.
        out: the folder of the site; one that is there must be a site, or empty.
        asked: reports that get a page even where they have no issue.

    Raises:
        WrongCall: the folder holds something else, a report is not in the warehouse, or the
            warehouse does not open.
    """
    _check_is_ours(out)
    new = out.parent / f".{out.name}.new"
    shutil.rmtree(new, ignore_errors=True)
    try:
        assets = new / "assets"
        assets.mkdir(parents=True)
        (new / MARK).touch()
        with findings(database) as connection:
            site = Site(connection, new, frozenset(asked))
            _check_reports(site)
            site.copy_assets()
            write_tables(assets)
            write_vega(assets, out / "assets")
            for write in PAGES:
                write(site)
        _swap(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _check_is_ours(out: Path) -> None:
    if out.exists() and not (out.is_dir() and ((out / MARK).exists() or not any(out.iterdir()))):
        raise WrongCall(
            f"{out} is there and is no site of gouji, so it is not replaced: name another folder."
        )


def _check_reports(site: Site) -> None:
    if not site.asked:
        return
    known = {row["report_id"] for row in site.rows("known_reports", asked=list(site.asked))}
    unknown = sorted(site.asked - known)
    if unknown:
        raise WrongCall(f"The warehouse has no report {', '.join(unknown)}.")


def _swap(new: Path, out: Path) -> None:
    """Put a folder in the place of another; what was there is then where the new one was."""
    if not out.exists():
        new.replace(out)
    elif not _exchange(new, out):
        old = out.parent / f".{out.name}.old"
        shutil.rmtree(old, ignore_errors=True)
        out.replace(old)
        new.replace(out)
        shutil.rmtree(old)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system can (Linux, most disks)."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    names = (os.fsencode(one), os.fsencode(other))
    return bool(rename(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0)
