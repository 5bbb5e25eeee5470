"""The main job: seeds and models by dbt, the audit, files and site, and all of it published."""

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime
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
from gouji.publish.as_of import state_of
from gouji.publish.attempt import attempt
from gouji.publish.base import Base, find_base, lay_base
from gouji.publish.builds import current, publish, settle
from gouji.publish.commit import commit_of
from gouji.publish.dbt_run import WrongModel, run_dbt
from gouji.publish.history import (
    built_on,
    published_at,
    record_audit,
    record_run,
    run_moment,
    today,
)
from gouji.publish.inputs import Inputs, read_inputs
from gouji.publish.landed import check_landed
from gouji.publish.lock import exclusive
from gouji.publish.made_from import keep
from gouji.publish.notify import hook_of, keep_untold, tell, told_on, write_worse
from gouji.publish.seeds import check_seeds
from gouji.publish.swap import seal
from gouji.publish.worse import got_worse
from gouji.site.folder import check_is_site
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


@dataclass(frozen=True)
class Unchanged:
    """A build that had nothing to do, as nothing has changed since one was published."""

    published: Path
    since: datetime | None


class NotTold(GoujiError):
    """A build that is as it should be, `built`, but a hook could not be told what got worse.

    No tool of the build failed, and what the hook says decides nothing.
    """

    def __init__(self, message: str, built: Built | Unchanged) -> None:
        super().__init__(message)
        self.built = built


def build(
    project: Project,
    warehouse: Warehouse,
    landing: Path | None,
    progress: Progress,
    *,
    with_site: bool = True,
    full_refresh: bool = False,
    notify: str | None = None,
    as_of: date | None = None,
) -> Built | Unchanged:
    """Write a new database, audit it, and publish it with its Parquet files and its site.

    All of these are seen together or not at all. Killed at any moment, it leaves what is published
    as it was; the next build clears away what was left. A database that a gate holds back is kept
    as `gouji.rejected.duckdb`.

    Where nothing has changed that a build hangs on, nothing is built and nothing is published.
    The new database begins as a copy of the published one where that is a base for an increment,
    unless a full refresh is asked for. What got worse, if anything did, the command `notify` is
    told. Of a day (`as_of`), the state of that day is built: what had been landed and decided by
    then, see `as_of.py`.

    Raises:
        DataFailed: a dbt test or a critical expectation failed, so nothing was published.
        WrongCall: another build is running, or the warehouse's folder, the project or a seed is
            wrong.
        NoRoom: dbt found the disk full.
        ToolFailed: dbt, the audit or the writing of the site failed.
        NotTold: the build is as it should be, but the command `notify` failed.
    """
    memory()
    run_moment()
    hook = hook_of(notify)
    _make_folder(warehouse)
    new = Warehouse(warehouse.building)
    with exclusive(warehouse.lock) as lock, attempt(warehouse.last_build) as said:
        _check_are_ours(warehouse)
        settle(warehouse)
        shutil.rmtree(new.root, ignore_errors=True)
        new.root.mkdir()
        shutil.rmtree(warehouse.state, ignore_errors=True)
        try:
            if as_of:
                with _settled(project, landing):
                    project, landing = state_of(project, landing, as_of, warehouse.state)
            run = partial(
                run_dbt, project, new.published, leavings=warehouse.dbt, landing=landing, lock=lock
            )
            base = find_base(warehouse)
            if base.note:
                progress.console.print(base.note)
            with _settled(project, landing):
                inputs = read_inputs(project, landing, base.made.inputs if base.made else None)
                has_what_is_asked = base.build.site.is_dir() or not with_site
                if has_what_is_asked and not full_refresh and base.is_made_from(inputs):
                    said.append("nothing had changed")
                    warehouse.rejected.unlink(missing_ok=True)
                    unchanged = Unchanged(warehouse.published, published_at(base.database))
                    _tell(unchanged, warehouse, base.database, hook)
                    return unchanged
                check_seeds(project, landing)
                if landing:
                    check_landed(landing)
                # Not a daemon: an exit in the middle of such an import can abort the process.
                Thread(target=_import_early, args=[with_site]).start()
                if full_refresh or not base.is_sound or not lay_base(base.database, new.published):
                    warnings = _in_full(run, progress)
                else:
                    warnings = on_top(run, progress)
            seal(new.published)
            built = _finished(
                project,
                warehouse,
                progress,
                base=base,
                inputs=inputs,
                warnings=warnings,
                with_site=with_site,
            )
        except DataFailed as error:
            seal(new.published)
            new.published.replace(warehouse.rejected)
            raise DataFailed(
                f"{error} Nothing was published; the rejected database is {warehouse.rejected}."
            ) from error
        finally:
            shutil.rmtree(new.root, ignore_errors=True)
            shutil.rmtree(warehouse.state, ignore_errors=True)
        warehouse.rejected.unlink(missing_ok=True)
        said.append("published")
        _tell(built, warehouse, current(warehouse).published, hook)
    return built


def _make_folder(warehouse: Warehouse) -> None:
    try:
        warehouse.root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongCall(f"The folder {warehouse.root} cannot be made: {error.strerror}.") from error


def _settled(project: Project, landing: Path | None) -> AbstractContextManager[None]:
    """Wait until no landing writes what is built from, and keep others from beginning."""
    return settled(project.root / "seeds" / "raw", *([landing] if landing else []))


def _finished(
    project: Project,
    warehouse: Warehouse,
    progress: Progress,
    *,
    base: Base,
    inputs: Inputs,
    warnings: int,
    with_site: bool,
) -> Built:
    """Audit what dbt built, write the files that go with it, and publish all of it."""
    new = Warehouse(warehouse.building)
    with progress.stage("audit"):
        verdicts = _audited(project, warehouse, new.published)
    with progress.stage("export"):
        record_audit(new.published, verdicts)
        earlier = base.readable_now()
        record_run(new.published, earlier, inputs.sha256_of_data, commit_of(project), project.as_of)
        seal(new.published)
        keep_untold(warehouse, earlier)
        since = told_on(warehouse) or (built_on(earlier) if earlier.is_file() else None)
        write_worse(new, got_worse(new.published, earlier, since or today(), today()))
        _keep_artifacts(project, warehouse, new)
        write_parquet(new.published, new.artifacts.manifest, new.parquet)
    if with_site:
        with progress.stage("site"):
            _write_site(new, warehouse.site)
    built = Built(
        published=warehouse.published,
        dbt_warnings=warnings,
        dbt_log=warehouse.dbt / "logs" / "dbt.log",
        audit=verdicts,
        summary=summarise(new.published),
        site=warehouse.site if with_site else None,
    )
    with progress.stage("publish"):
        base.copy.unlink(missing_ok=True)
        keep(new, inputs)
        publish(new.root, warehouse)
    return built


def _tell(
    built: Built | Unchanged, warehouse: Warehouse, database: Path, hook: Sequence[str]
) -> None:
    if hook:
        try:
            tell(warehouse, database, hook, today())
        except (ToolFailed, OSError) as error:
            raise NotTold(str(error), built) from error


def _check_are_ours(warehouse: Warehouse) -> None:
    """Make sure that nothing is replaced that is not a build's."""
    parquet = warehouse.parquet
    if parquet.exists() and not (parquet / DATA_PACKAGE).is_file():
        raise WrongCall(f"{parquet} holds no {DATA_PACKAGE}, so it is not replaced: move it away.")
    check_is_site(warehouse.site)


def _keep_artifacts(project: Project, warehouse: Warehouse, build: Warehouse) -> None:
    """Copy what dbt left, which the next build overwrites whether it is published or not.

    The copy is published, so it does not tell where on this machine things are.
    """
    left = Artifacts(warehouse.dbt / "target")
    build.artifacts.root.mkdir(parents=True)
    for file in build.artifacts.files:
        text = (left.root / file.name).read_text(encoding="utf-8")
        for folder in (warehouse.dbt, warehouse.root, project.root):
            text = text.replace(json.dumps(str(folder))[1:-1], ".")
        file.write_text(text, encoding="utf-8")


def _in_full(run: Callable[..., int], progress: Progress) -> int:
    with progress.stage("dbt") as stage:
        return run(on_node=stage.step, full_refresh=True)


def on_top(run: Callable[..., int], progress: Progress) -> int:
    """Build upon what is published; where that does not fit, in full, and give the warnings."""
    try:
        with progress.stage("dbt, an increment") as stage:
            return run(on_node=stage.step)
    except (ToolFailed, WrongModel) as error:
        progress.console.print(f"The increment failed, so all is built anew: {error}")
        return _in_full(run, progress)


def _audited(project: Project, warehouse: Warehouse, database: Path) -> Audit:
    """Audit the new database and let it pass, or not."""
    from gouji.audit.run import audit  # noqa: PLC0415  # see _import_early

    verdicts = audit(database, project.expectations, warehouse.audits / "build", project.as_of)
    gate(verdicts)
    return verdicts


def _write_site(build: Warehouse, earlier: Path) -> None:
    from gouji.site.build import build_site  # noqa: PLC0415  # see _import_early

    failed = "Nothing was published, as the site is not written (--no-site publishes without one)"
    try:
        build_site(build.published, build.site, earlier=earlier)
    except GoujiError as error:
        raise type(error)(f"{failed}: {error}") from error
    except Exception as error:
        what = " ".join(str(error).split())
        raise ToolFailed(f"{failed}: {type(error).__name__}: {what}") from error


def _import_early(with_site: bool) -> None:
    """Import Great Expectations, and Altair for the site, which takes seconds, while dbt builds.

    Whatever goes wrong here goes wrong again where they are used, and is told there.
    """
    for module in ("gouji.audit.run", *(["gouji.site.build"] if with_site else [])):
        with suppress(Exception):
            import_module(module)
