"""The Parquet files and their data package: equal, described, and valid for Frictionless."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from gouji.dictionary import Table, described, read_dictionary
from gouji.export.parquet import write_parquet
from gouji.paths import Warehouse
from gouji.publish.swap import publish_folder

Gouji = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
HAN = re.compile(r"[一-鿿]")


@pytest.fixture(scope="module")
def parquet(warehouse: Path) -> Path:
    return Warehouse(warehouse.parent).parquet


@pytest.fixture(scope="module")
def package(parquet: Path) -> dict[str, Any]:
    return dict(json.loads((parquet / "datapackage.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def connection(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(warehouse), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def tables(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> list[Table]:
    return read_dictionary(connection, Warehouse(warehouse.parent).artifacts.manifest)


def test_every_published_table_is_a_file_with_the_same_rows(
    parquet: Path, package: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> None:
    published = connection.sql(
        "select table_schema, table_name from information_schema.tables"
        " where table_schema in ('marts', 'quality') or table_schema = 'reference'"
        " and table_name in ('channels_results', 'identities', 'measures', 'sectors',"
        " 'statistic_bridge', 'statistic_columns', 'statistic_identities', 'statistic_indicators')"
        " order by all"
    ).fetchall()
    assert [resource["name"] for resource in package["resources"]] == [t for _, t in published]
    for (schema, table), resource in zip(published, package["resources"], strict=True):
        file = parquet / resource["path"]
        differing = connection.sql(
            f"select count(*) from ((from {schema}.{table} except all from '{file}')"
            f" union all (from '{file}' except all from {schema}.{table}))"
        ).fetchall()
        assert differing == [(0,)], table
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == connection.sql(f"from '{file}' limit 0").columns


def test_every_column_is_described_in_both_languages(tables: list[Table]) -> None:
    told = {f"{table.name}": table.description for table in tables}
    told |= {f"{t.name}.{column.name}": column.description for t in tables for column in t.columns}
    assert len(told) > 300
    lacking = [
        name
        for name, text in told.items()
        if not re.search("[A-Za-z]", text.en)
        or HAN.search(re.sub(r"\([^()]*\)|table .", "", text.en, flags=re.IGNORECASE))
        or not HAN.search(text.zh)
    ]
    assert lacking == []


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("Line of work (条). 系统（条）。", "Line of work (条).", "系统（条）。"),
        ("In the form. Of 2019. 2019 年\n 格式。", "In the form. Of 2019.", "2019 年 格式。"),
        ("Only English.", "Only English.", ""),
        ("", "", ""),
    ],
)
def test_a_description_is_parted_into_its_languages(text: str, en: str, zh: str) -> None:
    assert (described(text).en, described(text).zh) == (en, zh)


def test_keys_are_those_of_the_tests(tables: list[Table]) -> None:
    by_name = {table.name: table for table in tables}
    assert by_name["fct_requests"].key == ("report_id", "applicant_type", "line_code")
    assert by_name["dim_report"].key == ("report_id",)
    assert {key.table for key in by_name["fct_requests"].foreign_keys} == {
        "dim_report",
        "dim_agency",
        "dim_applicant_type",
        "dim_form_line",
    }
    status = {column.name: column for column in by_name["fct_requests"].columns}["value_status"]
    assert status.is_required
    assert status.allowed == ("reported", "blank", "not_applicable", "unreadable", "absent")


def test_the_labels_of_codes_that_no_dimension_has_are_there(
    parquet: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    for codes, labels in (
        ("select measure_code as code from '{0}/fct_published_items.parquet'", "measures"),
        ("select channel as code from '{0}/fct_review_litigation.parquet'", "channels_results"),
        ("select result as code from '{0}/fct_review_litigation.parquet'", "channels_results"),
        ("select sector as code from '{0}/agency_year.parquet'", "sectors"),
        ("select identity_id as code from '{0}/fct_identity_checks.parquet'", "identities"),
    ):
        key = {"measures": "measure_code", "sectors": "sector_code", "identities": "identity_id"}
        without = connection.sql(
            f"select distinct code from ({codes.format(parquet)}) where code is not null"
            f" and code not in (select {key.get(labels, 'code')} from '{parquet}/{labels}.parquet')"
        ).fetchall()
        assert without == [], labels


def test_the_package_says_its_version_its_licence_and_how_it_is_cited(
    parquet: Path, package: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> None:
    built = connection.sql("select max(published_at) from quality.run_history").fetchall()[0][0]
    stamp = built.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    assert package["version"] == f"{version('gouji')}+{stamp}"
    assert [licence["name"] for licence in package["licenses"]] == ["Apache-2.0"]
    citation = yaml.safe_load((parquet / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == package["version"]
    assert citation["title"] == package["title"]
    for text in (citation["version"], citation["authors"][0]["name"], f"({built:%Y})"):
        assert text in package["citation"]
    # the program's own
    program = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert program["title"] == citation["title"]
    assert program["version"] == version("gouji")
    assert program["authors"] == citation["authors"]


def test_each_file_is_told_with_its_size_and_hash(
    parquet: Path, package: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> None:
    for resource in package["resources"]:
        file = parquet / resource["path"]
        content = file.read_bytes()
        assert resource["file_bytes"] == len(content)
        assert resource["file_sha256"] == hashlib.sha256(content).hexdigest()
        rows = connection.sql(f"select count(*) from '{file}'").fetchall()
        assert rows == [(resource["file_rows"],)]


def test_nothing_tells_of_this_machine_and_sums_are_right(parquet: Path) -> None:
    text = (parquet / "datapackage.json").read_text(encoding="utf-8")
    assert str(parquet.parent) not in text
    assert not re.search(r"/(work|tmp|home|root)/", text)
    sums = (parquet / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    told = dict(reversed(line.split("  ", 1)) for line in sums)
    files = {file.relative_to(parquet).as_posix(): file for file in parquet.rglob("*")}
    del files["SHA256SUMS"]
    assert told == {
        name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()
    }


def test_equal_tables_are_equal_files_and_large_ones_have_a_file_a_year(
    warehouse: Path, parquet: Path, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    manifest = Warehouse(warehouse.parent).artifacts.manifest
    write_parquet(warehouse, manifest, tmp_path / "again")
    sums = [(folder / "SHA256SUMS").read_text() for folder in (parquet, tmp_path / "again")]
    assert sums[0] == sums[1]
    files = write_parquet(warehouse, manifest, tmp_path / "years", rows_in_one_file=5_000)
    years = [file for file in files if file.table.name == "fct_requests"]
    assert [file.path.name for file in years] == [f"{year}.parquet" for year in range(2019, 2026)]
    rows = connection.sql(f"select count(*) from '{tmp_path}/years/fct_requests/*.parquet'")
    assert rows.fetchall() == connection.sql("select count(*) from marts.fct_requests").fetchall()
    package = json.loads((tmp_path / "years" / "datapackage.json").read_text(encoding="utf-8"))
    names = {resource["name"] for resource in package["resources"]}
    assert "fct_requests-2019" in names
    # a year is no column of it: it stays in one file however large
    assert "dim_region" in names


def frictionless(package: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("frictionless"), "validate", package.name]
    return subprocess.run(command, cwd=package.parent, capture_output=True, text=True, check=False)


@pytest.fixture
def one_year(warehouse_copy: Path, warehouse: Path, tmp_path: Path) -> Path:
    """The package of a year's reports and the regions they lie in: over all, Frictionless takes
    minutes."""
    with duckdb.connect(str(warehouse_copy)) as writer:
        of_reports = writer.sql(
            "select schema_name, table_name from duckdb_columns() semi join duckdb_tables()"
            " using (schema_name, table_name) where schema_name in ('marts', 'quality')"
            " and column_name = 'report_id' and table_name <> 'dim_report'"
        ).fetchall()
        for schema, table in of_reports:
            writer.execute(f"delete from {schema}.{table} where report_id not like '%-2025'")
        writer.execute(
            "delete from marts.dim_region where region_code not in"
            " (select region_code from marts.dim_agency union"
            "  select region_code from marts.region_year)"
        )
    write_parquet(warehouse_copy, Warehouse(warehouse.parent).artifacts.manifest, tmp_path / "year")
    return tmp_path / "year"


@pytest.mark.slow
def test_frictionless_finds_the_package_valid_and_a_wrong_one_not(one_year: Path) -> None:
    valid = frictionless(one_year / "datapackage.json")
    assert valid.returncode == 0, valid.stdout + valid.stderr
    # a report that is in no dimension
    file = one_year / "agency_year.parquet"
    with duckdb.connect() as writer:
        writer.execute(
            f"copy (select * replace ('nowhere-' || report_id as report_id) from '{file}')"
            f" to '{one_year / 'other.parquet'}'"
        )
    (one_year / "other.parquet").replace(file)
    package = json.loads((one_year / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [
        resource
        for resource in package["resources"]
        if resource["name"] in {"agency_year", "dim_report", "dim_agency", "dim_region"}
    ]
    (one_year / "wrong.json").write_text(json.dumps(package), encoding="utf-8")
    wrong = frictionless(one_year / "wrong.json")
    assert wrong.returncode == 1, wrong.stdout
    assert "foreign-key" in wrong.stdout


def make(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "file").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_published_in_one_step(tmp_path: Path) -> None:
    place = tmp_path / "parquet"
    publish_folder(make(tmp_path / "new", "one"), place)
    with (place / "file").open(encoding="utf-8") as read_before:
        publish_folder(make(tmp_path / "new", "two"), place)
        assert read_before.read() == "one"
    assert (place / "file").read_text(encoding="utf-8") == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["parquet"]


def test_a_folder_that_somebody_made_is_not_lost(tmp_path: Path, gouji: Gouji) -> None:
    make(tmp_path / "parquet", "mine")
    refused = gouji("build", "--warehouse", tmp_path)
    assert refused.returncode == 2
    assert "move it away" in refused.stderr
    assert (tmp_path / "parquet" / "file").read_text(encoding="utf-8") == "mine"
