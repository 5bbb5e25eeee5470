"""The main job: seeds and models by dbt, the audit, and the new database in the old one's place."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread

from gouji.audit.verdicts import Audit, gate
from gouji.errors import DataFailed, GoujiError, ToolFailed, WrongCall
from gouji.export.parquet import DATA_PACKAGE, write_parquet
from gouji.landing.act import settled
from gouji.memory import memory
from gouji.paths import Artifacts, Project, Warehouse
from gouji.progress import Progress
from gouji.publish.base import lay_base, readable
from gouji.publish.dbt_run import run_dbt
from gouji.publish.history import record_audit, record_run, sha256_of_input
from gouji.publish.lock import exclusive
from gouji.publish.swap import publish, publish_folder, seal
from gouji.summary import Summary, summarise


@dataclass(frozen=True)
class Built:
    """What a build has to show."""

    published: Path
    dbt_warnings: int
    dbt_log: Path
    audit: Audit
    summary: Summary
    site: Path | None


def build(
    project: Project,
    warehouse: Warehouse,
    landing: Path | None,
    progress: Progress,
    *,
    with_site: bool = True,
    full_refresh: bool = False,
) -> Built:
    """Write a new database beside the published one, audit it, publish it, and write its site.

    Killed at any moment, it leaves the published file as it was; the next build clears away what
    was left. A database that a gate holds back is kept as `gouji.rejected.duckdb`.

    The new database begins as a copy of the published one where that is a base for an increment,
    unless a full refresh is asked for.

    Raises:
        DataFailed: a dbt test or a critical expectation failed, so nothing was published.
        WrongCall: another build is running, or the warehouse's folder, the project or a seed is
            wrong.
        ToolFailed: dbt, the audit or the writing of the site failed.
    """
    memory()
    try:
        warehouse.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongCall(f"The folder {warehouse.root} cannot be made: {error.strerror}.") from error
    with exclusive(warehouse.lock) as lock:
        _check_is_ours(warehouse.parquet)
        shutil.rmtree(warehouse.building, ignore_errors=True)
        warehouse.building.mkdir()
        database = warehouse.building / warehouse.published.name
        copy = warehouse.building / "published.duckdb"
        try:
            published = readable(warehouse.published, copy)
            if published == copy:
                progress.console.print(
                    f"{warehouse.published} is open for writing in another program: the build goes"
                    " on from a copy and is published in its place. What is written there goes to"
                    f" {warehouse.previous.name}."
                )
            # Not a daemon: an exit in the middle of such an import can abort the whole process.
            Thread(target=_import_early, args=[with_site]).start()
            run = partial(
                run_dbt, project, database, leavings=warehouse.dbt, landing=landing, lock=lock
            )
            with settled(project.root / "seeds" / "raw", *([landing] if landing else [])):
                if full_refresh or not lay_base(published, database):
                    warnings = _in_full(run, progress)
                else:
                    warnings = _on_top(run, progress)
                input_sha256 = sha256_of_input(project, landing)
            seal(database)
            with progress.stage("audit"):
                verdicts = _audited(project, warehouse, database)
            with progress.stage("publish"):
                record_audit(database, verdicts)
                record_run(database, readable(warehouse.published, copy), input_sha256)
                seal(database)
                artifacts = _keep_artifacts(project, warehouse)
                parquet = warehouse.building / warehouse.parquet.name
                write_parquet(database, artifacts.manifest, parquet)
                built = Built(
                    published=warehouse.published,
                    dbt_warnings=warnings,
                    dbt_log=warehouse.dbt / "logs" / "dbt.log",
                    audit=verdicts,
                    summary=summarise(database),
                    site=warehouse.site if with_site else None,
                )
                publish_folder(artifacts.root, warehouse.artifacts.root)
                publish_folder(parquet, warehouse.parquet)
                publish(database, warehouse)
        except DataFailed as error:
            seal(database)
            database.replace(warehouse.rejected)
            raise DataFailed(
                f"{error} Nothing was published; the rejected database is {warehouse.rejected}."
            ) from error
        finally:
            shutil.rmtree(warehouse.building, ignore_errors=True)
        warehouse.rejected.unlink(missing_ok=True)
        if built.site:
            with progress.stage("site"):
                _write_site(built.published, built.site)
    return built


def _check_is_ours(folder: Path) -> None:
    if folder.exists() and not (folder / DATA_PACKAGE).is_file():
        raise WrongCall(f"{folder} holds no {DATA_PACKAGE}, so it is not replaced: move it away.")


def _keep_artifacts(project: Project, warehouse: Warehouse) -> Artifacts:
    """Copy what dbt left, which the next build overwrites whether it is published or not.

    The copy is published, so it does not tell where on this machine things are.
    """
    kept = Artifacts(warehouse.building / "artifacts")
    kept.root.mkdir()
    left = Artifacts(warehouse.dbt / "target")
    for file in kept.files:
        text = (left.root / file.name).read_text(encoding="utf-8")
        for folder in (warehouse.dbt, warehouse.root, project.root):
            text = text.replace(json.dumps(str(folder))[1:-1], ".")
        file.write_text(text, encoding="utf-8")
    return kept


def _in_full(run: Callable[..., int], progress: Progress) -> int:
    with progress.stage("dbt") as stage:
        return run(on_node=stage.step, full_refresh=True)


def _on_top(run: Callable[..., int], progress: Progress) -> int:
    try:
        with progress.stage("dbt, an increment") as stage:
            return run(on_node=stage.step)
    except ToolFailed as error:
        progress.console.print(f"The increment failed, so all is built anew: {error}")
        return _in_full(run, progress)


def _audited(project: Project, warehouse: Warehouse, database: Path) -> Audit:
    """Audit the new database and let it pass, or not."""
    from gouji.audit.run import audit  # noqa: PLC0415  # see _import_early

    verdicts = audit(database, project.expectations, warehouse.audits / "build")
    gate(verdicts)
    return verdicts


def _write_site(published: Path, out: Path) -> None:
    from gouji.site.build import build_site  # noqa: PLC0415  # see _import_early

    try:
        build_site(published, out)
    except GoujiError as error:
        kind = type(error)
        raise kind(f"{published} is published, but its site is not written: {error}") from error
    except Exception as error:
        what = " ".join(str(error).split())
        raise ToolFailed(
            f"{published} is published, but its site is not written: {type(error).__name__}: {what}"
        ) from error


def _import_early(with_site: bool) -> None:
    """Import Great Expectations, and Altair for the site, which takes seconds, while dbt builds.

    Whatever goes wrong here goes wrong again where they are used, and is told there.
    """
    for module in ("gouji.audit.run", *(["gouji.site.build"] if with_site else [])):
        with suppress(Exception):
            import_module(module)
