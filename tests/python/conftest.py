"""Fixtures: the real warehouse, built once, and a project so small that a build takes seconds."""

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

import hand_made
from gouji.synthetic.generate import generate
from gouji.synthetic.plant import plant
from workers import common_folder, longest_first, one_at_a_time

pytest_plugins = ["site_browser"]

ROOT = Path(__file__).parents[2]

Done = subprocess.CompletedProcess[str]
Gouji = Callable[..., Done]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    longest_first(items)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Have a figure printed at the end of the run, whichever worker measured it."""
    return lambda line: record_property("figure", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests measured."""
    figures = [
        figure
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, figure in report.user_properties
        if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
    for figure in figures:
        terminalreporter.write_line(str(figure))


def clean_environment() -> dict[str, str]:
    """The environment without the settings of whoever runs the tests."""
    return {name: text for name, text in os.environ.items() if not name.startswith("GOUJI_")}


@pytest.fixture(scope="session")
def gouji() -> Gouji:
    """Run the command line as a user does, and give how it ended and what it wrote."""

    def run(*arguments: str | Path, cwd: Path = ROOT) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "gouji.cli", *map(str, arguments)],
            cwd=cwd,
            env=clean_environment() | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def first_build(tmp_path_factory: pytest.TempPathFactory, gouji: Gouji) -> tuple[Path, Done]:
    """The folder of the warehouse that `gouji build` makes of the seeds, and what it wrote."""
    folder = common_folder(tmp_path_factory) / "warehouse"
    told = folder.with_name("warehouse.told")
    with one_at_a_time(folder.with_name("warehouse.lock")):
        if not told.exists():
            told.write_bytes(pickle.dumps(gouji("build", "--warehouse", folder)))
    return folder, pickle.loads(told.read_bytes())


@pytest.fixture(scope="session")
def warehouse(first_build: tuple[Path, Done]) -> Path:
    """The published database, which no test may change."""
    folder, done = first_build
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "gouji.duckdb"


@pytest.fixture
def warehouse_copy(warehouse: Path, tmp_path: Path) -> Path:
    """A copy of the published database, to be spoilt, in a folder of its own."""
    return copied(warehouse, tmp_path / "spoilt")


def copied(warehouse: Path, folder: Path) -> Path:
    """Copy a published database to a new folder, beside the files that the site reads with it."""
    folder.mkdir()
    for beside in ("dbt", "parquet"):
        (folder / beside).symlink_to(warehouse.parent / beside)
    return Path(shutil.copy(warehouse, folder / "gouji.duckdb"))


# dbt writes its log and, twice in a build, what it knows of the project: a third of its time.
PLAIN_DBT = {"DBT_WRITE_JSON": "false", "DBT_LOG_LEVEL_FILE": "none"}


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of synthetic reports with planted faults and of those made by hand."""
    folder = common_folder(tmp_path_factory) / "landed"
    with one_at_a_time(folder.with_name("landed.lock")):
        if not (folder / "built").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            build_landed(folder)
            (folder / "built").touch()
    return folder / "gouji.duckdb"


def build_landed(folder: Path) -> None:
    generate(folder / "clean", reports=600, seed=3)
    plant(folder / "clean", folder / "planted", seed=3, share=0.4)
    hand_made.add_to(folder / "planted")
    settings = {
        "GOUJI_LANDING": str(folder / "planted"),
        "GOUJI_DB": str(folder / "gouji.duckdb"),
        "DBT_EXCLUDE_RESOURCE_TYPES": "test unit_test",
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "log"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "build", "--quiet"],
        cwd=ROOT,
        env=clean_environment() | PLAIN_DBT | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


SMALL = "small"
SMALL_PROJECT = {
    "dbt_project.yml": """
        name: small
        version: "1.0"
        profile: small
        flags: {send_anonymous_usage_stats: false, require_generic_test_arguments_property: true}
        seeds: {small: {raw: {+schema: raw, +column_types: {report_id: varchar}}}}
        models:
          small:
            reference: {+schema: reference}
            intermediate: {+schema: intermediate}
            marts: {+schema: marts, +materialized: table}
            quality: {+schema: quality}
    """,
    "profiles.yml": """
        small:
          target: dev
          outputs: {dev: {type: duckdb, path: "{{ env_var('GOUJI_DB') }}", threads: 1}}
    """,
    "macros/generate_schema_name.sql": """
        {% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}
    """,
    "seeds/raw/raw_reports.csv": """
        report_id,report_year,note
        000000-a-2024,2024,first
    """,
    "seeds/raw/raw_reports.yml": """
        version: 2
        seeds:
          - name: raw_reports
            columns: [{name: report_id, data_tests: [unique]}]
    """,
    "models/reference/identities.sql": """
        select 'review.total' as identity_id, 'review.total' as family, 'reviews' as form_table,
            'all' as slice_by, cast(null as varchar) as layout, '合计' as title_zh,
            'Total' as title_en, 'error' as severity
    """,
    "models/reference/identity_terms.sql": """
        select 'review.total' as identity_id, 1 as term_order, side, 'own' as scope,
            'reviews' as form_table, 'review' as line_code, column_code, 0 as year_offset,
            coefficient, 'not_assessable' as when_absent, cast(null as varchar) as reading
        from (values ('left', 'total', 1), ('right', 'upheld', -1))
            as terms (side, column_code, coefficient)
    """,
    "models/reference/measures.sql": """
        select 'change' as measure_code, 'change' as kind
    """,
    "models/intermediate/int_reports.sql": """
        select report_id, '000000-a' as agency_id, cast(report_year as integer) as report_year
        from {{ ref('raw_reports') }}
    """,
    "models/intermediate/int_review_rows.sql": """
        select report_id, 'review' as channel,
            2 as total, 'reported' as total_status, 1 as upheld, 'reported' as upheld_status
        from {{ ref('int_reports') }}
    """,
    "models/marts/dim_report.sql": """
        {{ config(materialized='table') }}
        select *, true as is_current, false as is_consolidated, 'a' as source_sha256
        from {{ ref('int_reports') }}
    """,
    "models/marts/report_calendar.sql": """
        {{ config(materialized='table') }}
        select agency_id, report_year, report_id, 'on_time' as state, date '2025-01-31' as due_on,
            cast(null as integer) as days_late
        from {{ ref('int_reports') }}
    """,
    "models/marts/fct_published_items.sql": """
        select *, false as is_consolidated, 'fee' as line_code, 'amount' as measure_code,
            1.5 as value, 1.5 as reported_value, 'reported' as value_status,
            false as is_doubtful
        from {{ ref('int_reports') }}
    """,
    "models/marts/fct_requests.sql": """
        select *, false as is_consolidated, 'granted' as line_code,
            'natural_person' as applicant_type, cast(null as bigint) as value,
            cast(null as bigint) as reported_value, 'blank' as value_status,
            false as is_doubtful
        from {{ ref('int_reports') }}
    """,
    "models/marts/fct_review_litigation.sql": """
        select *, false as is_consolidated, 'review' as channel, 'upheld' as result,
            cast(null as bigint) as value, cast(null as bigint) as reported_value,
            'absent' as value_status,
            false as is_doubtful
        from {{ ref('int_reports') }}
    """,
    "models/quality/fct_identity_checks.sql": """
        select report_id, 'review.total' as identity_id, 'all' as slice, 2 as lhs, 1 as rhs,
            'broken' as status, false as is_acknowledged
        from {{ ref('int_review_rows') }}
    """,
    "models/quality/issues.sql": """
        {{ config(materialized='table') }}
        select report_id, identity_id, 'all' as slice, is_acknowledged
        from {{ ref('fct_identity_checks') }}
    """,
    "models/quality/cause_states.sql": """
        select report_id as root_cause_id, 'open' as state, 1 as checks_open
        from {{ ref('fct_identity_checks') }}
    """,
    "expectations/suites/raw_tables.yml": """
        rules:
          - rule_id: year_known
            title_zh: 年度
            title_en: Year
            severity: critical
            sql: select report_id from raw.raw_reports where report_year < 2008
    """,
    "expectations/suites/warehouse_integrity.yml": """
        rules:
          - rule_id: reports_present
            title_zh: 报告
            title_en: Reports
            severity: warning
            sql: select 1 as nothing where not exists (select * from marts.dim_report)
    """,
}


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project with the tables that a build looks at and hardly a row in them."""
    return write_small_project(tmp_path / SMALL)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory, gouji: Gouji) -> Path:
    """The small project with a warehouse that was built from it, which no test may change."""
    project = write_small_project(tmp_path_factory.mktemp("built") / SMALL)
    done = gouji("build", "--no-site", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def built_project(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the small project with its warehouse."""
    return Path(shutil.copytree(built_once, tmp_path / SMALL, symlinks=True))


def write_small_project(project: Path) -> Path:
    for name, text in SMALL_PROJECT.items():
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).strip() + "\n", encoding="utf-8")
    shutil.copy(ROOT / "expectations" / "great_expectations.yml", project / "expectations")
    return project
