"""Dagster materialises the real project: each model an asset, each test a check, one build.

That build is the second one of its input, so that what it published is compared with the first.
"""

import importlib.util
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import dagster as dg
import duckdb
import pytest

from conftest import ROOT, clean_environment
from gouji.paths import Project, Warehouse
from gouji.publish.commit import commit_of
from gouji.publish.inputs import read_inputs

# They say when a build was made.
OF_THE_MOMENT = {"run_history.parquet", "audit_results.parquet"}
OF_THE_EDITION = {"datapackage.json", "CITATION.cff", "SHA256SUMS"}
NAME = "gouji_in_dagster"


@dataclass
class Run:
    """The definitions, read with a warehouse and an inbox of their own, and the job as it ended."""

    definitions: ModuleType
    store: Warehouse
    inbox: Path
    result: dg.ExecuteInProcessResult
    called: list[Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Run the job once, as the schedule does."""
    folder = tmp_path_factory.mktemp("dagster")
    store, inbox = Warehouse(folder / "warehouse"), folder / "inbox"
    inbox.mkdir()
    called: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GOUJI_LANDING", "GOUJI_NOTIFY", "GOUJI_DB"):
            patch.delenv(name, raising=False)
        patch.setenv("GOUJI_WAREHOUSE", str(store.root))
        patch.setenv("GOUJI_INBOX", str(inbox))
        patch.setenv("DAGSTER_DISABLE_TELEMETRY", "yes")
        patch.setattr(socket.socket, "connect", lambda _, address: called.append(address))
        definitions = read_definitions()
        job = definitions.defs.resolve_job_def("everything")
        with dg.DagsterInstance.ephemeral() as instance:
            result = job.execute_in_process(instance=instance, raise_on_error=False)
        yield Run(definitions, store, inbox, result, called)


def read_definitions() -> ModuleType:
    spec = importlib.util.spec_from_file_location(NAME, ROOT / "orchestration" / "definitions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    return module


def nodes(run: Run, *kinds: str) -> set[str]:
    """Names of the nodes of some kinds that dbt built."""
    told = json.loads((run.store.dbt / "target" / "run_results.json").read_text(encoding="utf-8"))
    ids = [result["unique_id"] for result in told["results"]]
    return {one for one in ids if one.partition(".")[0] in kinds}


def test_every_model_is_an_asset_and_is_materialised(run: Run, warehouse: Path) -> None:
    assert run.result.success
    events = [
        event.step_materialization_data.materialization.asset_key
        for event in run.result.get_asset_materialization_events()
    ]
    made = {key.path[-1] for key in events}
    built = {one.rsplit(".", 1)[1] for one in nodes(run, "model", "seed")}
    assert made == built | {"landing", "audit"}
    assert len(events) == len(made)
    graph = run.definitions.defs.resolve_asset_graph()
    assert set(events) == graph.get_all_asset_keys()
    before = graph.get(dg.AssetKey(["raw", "raw_reports"])).parent_keys
    assert before == {dg.AssetKey("landing")}
    with duckdb.connect(str(run.store.published), read_only=True) as connection:
        connection.execute(f"attach '{warehouse}' as other (read_only)")
        counts = connection.sql(
            "select (select count(*) from marts.dim_report),"
            " (select count(*) from other.marts.dim_report)"
        ).fetchall()[0]
    assert counts[0] == counts[1] > 0
    # nobody is told that it runs
    assert run.called == []


def test_every_test_of_dbt_and_every_suite_is_a_check(run: Run) -> None:
    found = run.result.get_asset_check_evaluations()
    known = run.definitions.defs.resolve_asset_graph().asset_check_keys
    assert {one.asset_check_key for one in found} == known
    of_dbt = [one for one in found if one.asset_key.path[-1] not in {"audit", "landing"}]
    assert 0.9 * len(nodes(run, "test")) < len(of_dbt) <= len(nodes(run, "test"))
    assert all(one.passed or one.severity is dg.AssetCheckSeverity.WARN for one in found)
    with duckdb.connect(str(run.store.published), read_only=True) as connection:
        failed = connection.sql(
            "select distinct suite from quality.audit_results where not passed"
        ).fetchall()
    of_audit = [one for one in found if one.asset_key.path == ["audit"]]
    assert {(one.check_name,) for one in of_audit if not one.passed} == set(failed)
    assert {one.check_name for one in of_audit} == set(run.definitions.SUITES)


def test_what_is_landed_starts_one_build(run: Run) -> None:
    """A sensor asks once for each change; a schedule asks every morning."""
    sensor = run.definitions.something_landed
    cursor = None
    asked = []
    for change in ("as found", "nothing", "a document", "nothing", "another state", "taken away"):
        document = run.inbox / "report.html"
        if change == "a document":
            document.write_text("one", encoding="utf-8")
        elif change == "another state":
            document.write_text("another", encoding="utf-8")
        elif change == "taken away":
            document.unlink()
        with dg.build_sensor_context(cursor=cursor) as context:
            requests = list(sensor(context))
            cursor = context.cursor
        asked += [change] * len(requests)
    assert asked == ["as found", "a document", "another state", "taken away"]
    schedule = run.definitions.every_morning
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 4 * * *", "Asia/Shanghai")


def test_documents_of_the_inbox_are_landed_or_named(run: Run, tmp_path: Path) -> None:
    (run.inbox / "no_report.html").write_text("<p>暂无</p>", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run.definitions, "LANDING", tmp_path / "landed")
        said = run.definitions.landing()
    (read,) = said.check_results
    assert not read.passed
    (named,) = read.metadata["not_read"].value
    assert "no_report.html: " in named
    (run.inbox / "no_report.html").unlink()


def test_dagster_tells_nobody_that_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "orchestration" / "dagster.yaml", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.get() as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "--assume-old", ".venv/project", "dagster"],
        cwd=ROOT,
        env={name: text for name, text in clean_environment().items() if name != "MAKEFLAGS"},
        capture_output=True,
        text=True,
        check=True,
    )
    home = f"{ROOT}/warehouse/.dagster"
    assert f"cp orchestration/dagster.yaml {home}" in done.stdout
    assert ".venv/bin/dagster dev --host 127.0.0.1" in done.stdout


def test_two_builds_of_one_input_are_equal_files(run: Run, warehouse: Path) -> None:
    one, other = Warehouse(warehouse.parent).parquet, run.store.parquet
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    differ = {name for name in names if (one / name).read_bytes() != (other / name).read_bytes()}
    assert differ == OF_THE_MOMENT | OF_THE_EDITION
    for name in OF_THE_MOMENT:
        moment = "published_at" if name == "run_history.parquet" else "audited_at"
        rows = [
            duckdb.sql(f"select * exclude ({moment}) from '{file}' order by all").fetchall()
            for file in (one / name, other / name)
        ]
        assert rows[0] == rows[1]


def test_the_package_says_what_it_was_made_from(run: Run) -> None:
    package = json.loads((run.store.parquet / "datapackage.json").read_text(encoding="utf-8"))
    project = Project(ROOT)
    assert package["input_sha256"] == read_inputs(project, None).sha256_of_data
    assert package["git_commit"] == commit_of(project)
