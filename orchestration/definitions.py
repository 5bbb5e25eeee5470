"""Gouji in Dagster: `make dagster`.

There is an asset for each seed and each model, with dbt's tests as its checks; before them
`landing`, which reads documents, and after them `audit`, with a check for each suite. What lies
between is one `gouji build`, with its lock, its gate and its one step of publishing: whatever is
chosen in Dagster, a build is of everything.

Settings are those of the command line, `GOUJI_WAREHOUSE`, `GOUJI_LANDING` and `GOUJI_NOTIFY`, and
`GOUJI_INBOX`, a folder of documents to land.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets
from rich.console import Console

from gouji.audit.verdicts import IDENTITY_SUITE, TABLE_SUITE
from gouji.errors import GoujiError
from gouji.landing.land import LEFT_ASIDE, REFUSED
from gouji.paths import Project, Warehouse
from gouji.progress import Progress
from gouji.publish.build import NotTold, Unchanged, build
from gouji.publish.builds import current
from gouji.warehouse_file import reading, records


def folder_of(setting: str) -> Path | None:
    """Give the folder that a setting names, if it does."""
    return Path(os.environ[setting]).resolve() if os.environ.get(setting) else None


ROOT = Path(__file__).parents[1]
PROJECT = Project(ROOT)
STORE = Warehouse(folder_of("GOUJI_WAREHOUSE") or ROOT / "warehouse")
LANDING = folder_of("GOUJI_LANDING")
INBOX = folder_of("GOUJI_INBOX")
UNIQUE_ID = "dagster_dbt/unique_id"
SUITES = [
    *sorted(path.stem for path in (PROJECT.expectations / "suites").glob("*.yml")),
    IDENTITY_SUITE,
    TABLE_SUITE,
]
LANDED = dg.AssetKey("landing")


def manifest() -> Path:
    """Have dbt read the project, and give its manifest."""
    target = STORE.dbt / "dagster"
    folders = ["--project-dir", ROOT, "--profiles-dir", ROOT]
    folders += ["--target-path", target, "--log-path", target]
    subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "parse", "--quiet", *folders],
        cwd=ROOT,
        env=os.environ | {"GOUJI_LANDING": str(LANDING or "")},
        check=True,
    )
    return target / "manifest.json"


class Translator(DagsterDbtTranslator):
    """Raw tables come from `landing`."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Give the asset of a dbt node."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        is_raw = unique_id.rpartition(".")[2].startswith("raw_")
        return spec.merge_attributes(deps=[LANDED]) if is_raw else spec


@dg.asset(
    key=LANDED,
    group_name="landing",
    check_specs=[dg.AssetCheckSpec("every_document_is_read", asset=LANDED)],
)
def landing() -> dg.MaterializeResult:
    """Land the documents of the inbox; without any, the raw tables are as somebody left them."""
    results = land(INBOX) if INBOX and any(INBOX.iterdir()) else []
    not_read = [one for one in results if one["status"] in {REFUSED, LEFT_ASIDE}]
    read = dg.AssetCheckResult(
        passed=not not_read,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"not_read": [f"{one['document']}: {one['reason']}" for one in not_read]},
    )
    counts = Counter(one["status"] for one in results)
    return dg.MaterializeResult(metadata=dict(counts), check_results=[read])


def land(inbox: Path) -> list[dict[str, Any]]:
    """Run `gouji land`, and give what became of each document."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        call = [sys.executable, "-m", "gouji.cli", "land", inbox, "--report", report]
        call += ["--to", LANDING] if LANDING else []
        done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
        if not report.exists():
            raise dg.Failure(done.stderr.strip())
        return list(json.loads(report.read_text(encoding="utf-8")))


@dbt_assets(manifest=manifest(), dagster_dbt_translator=Translator(), name="models")
def models(context: dg.AssetExecutionContext) -> Iterator[Any]:
    """Build, audit and publish, and tell of each seed, model and test how it went."""
    began = time.time()
    not_told = None
    try:
        built = build(
            PROJECT, STORE, LANDING, Progress(Console()), notify=os.environ.get("GOUJI_NOTIFY")
        )
    except NotTold as error:
        built, not_told = error.built, error
    except GoujiError as error:
        yield from results_of_dbt(context, began)
        raise dg.Failure(str(error)) from error
    if isinstance(built, Unchanged):
        context.log.info("Nothing has changed since the last build, so nothing is published.")
    else:
        yield from results_of_dbt(context, began)
    if not_told:
        raise dg.Failure(str(not_told)) from not_told


def results_of_dbt(context: dg.AssetExecutionContext, began: float) -> Iterator[Any]:
    """Say of what was chosen how dbt ended it."""
    told = STORE.dbt / "target" / "run_results.json"
    if not told.exists() or told.stat().st_mtime < began:
        return
    assets = {
        spec.metadata[UNIQUE_ID]: spec.key
        for spec in context.assets_def.specs
        if spec.key in context.selected_asset_keys
    }
    checks = {
        spec.metadata[UNIQUE_ID]: spec
        for spec in context.assets_def.check_specs
        if spec.key in context.selected_asset_check_keys
    }
    for result in json.loads(told.read_text(encoding="utf-8"))["results"]:
        node, status = result["unique_id"], result["status"]
        if node in assets and status == "success":
            seconds = {"seconds": result["execution_time"]}
            yield dg.MaterializeResult(asset_key=assets[node], metadata=seconds)
        elif node in checks and status in {"pass", "warn", "fail", "error"}:
            is_warning = status == "warn"
            yield dg.AssetCheckResult(
                asset_key=checks[node].asset_key,
                check_name=checks[node].name,
                passed=status == "pass",
                severity=dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR,
                metadata={"rows": result["failures"] or 0},
            )


@dg.asset(
    group_name="audit",
    deps=[key for key in models.keys if key.path[0] in {"marts", "quality"}],
    check_specs=[dg.AssetCheckSpec(suite, asset="audit") for suite in SUITES],
)
def audit() -> dg.MaterializeResult:
    """What the audit said of the published build: it let it pass, and not all of it is well."""
    with reading(current(STORE).published) as connection:
        rules = records(connection, "from quality.audit_results")
    results = []
    for suite in SUITES:
        failed = [rule for rule in rules if rule["suite"] == suite and not rule["passed"]]
        is_critical = any(rule["severity"] == "critical" for rule in failed)
        results.append(
            dg.AssetCheckResult(
                check_name=suite,
                passed=not failed,
                severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
                metadata={"failed": [rule["rule_id"] for rule in failed]},
            )
        )
    return dg.MaterializeResult(metadata={"rules": len(rules)}, check_results=results)


everything = dg.define_asset_job("everything", dg.AssetSelection.all())
every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=everything,
    cron_schedule="30 4 * * *",
    execution_timezone="Asia/Shanghai",
)


@dg.sensor(job=everything, minimum_interval_seconds=60)
def something_landed(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest]:
    """Build when files of the inbox, the landing folder or the seeds are others than last time."""
    digest = hashlib.sha256()
    for folder in filter(None, (INBOX, LANDING, ROOT / "seeds")):
        for path in sorted(folder.rglob("*")):
            is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.is_file() and not is_hidden:
                found = path.stat()
                digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    state = digest.hexdigest()
    if state != context.cursor:
        context.update_cursor(state)
        yield dg.RunRequest(run_key=state)


defs = dg.Definitions(
    assets=[landing, models, audit],
    jobs=[everything],
    schedules=[every_morning],
    sensors=[something_landed],
    # one step follows the other: processes of their own would only read the project again
    executor=dg.in_process_executor,
)
