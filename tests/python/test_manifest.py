"""What dbt's manifest says of the models: how deep they stand, and that their columns are told."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gouji.paths import Warehouse

# A model's longest chain of models, itself and those that keep the books of a build among them.
# That of the facts is the way of their flag `is_doubtful` through the explanations; their numbers
# come by that of `int_request_leaf_rows`.
DEEPEST = {
    "int_request_leaf_rows": 7,
    "fct_identity_checks": 13,
    "issues": 19,
    "fct_requests": 21,
}


@pytest.fixture(scope="module")
def manifest(warehouse: Path) -> dict[str, Any]:
    """The manifest of the build of the seeds."""
    text = Warehouse(warehouse.parent).artifacts.manifest.read_text(encoding="utf-8")
    return dict(json.loads(text))


@pytest.mark.parametrize(("model", "at_most"), DEEPEST.items())
def test_no_model_stands_deeper_than_its_data_walks(
    manifest: dict[str, Any], model: str, at_most: int
) -> None:
    @cache
    def chain(node: str) -> tuple[str, ...]:
        parents = [name for name in manifest["parent_map"][node] if name.startswith("model.")]
        return (
            *max((chain(name) for name in parents), key=len, default=()),
            node.rsplit(".", maxsplit=1)[-1],
        )

    found = chain(f"model.gouji.{model}")
    assert len(found) <= at_most, " > ".join(found)


def test_the_columns_that_batches_are_told_by_are_in_the_yaml(
    manifest: dict[str, Any], warehouse: Path
) -> None:
    """`ref` asks the YAML whether a model has reports and years (`macros/batch.sql`)."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        there = set(
            connection.sql(
                "select schema_name, table_name, column_name from duckdb_columns()"
                " where column_name in ('report_id', 'report_year')"
            ).fetchall()
        )
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    told = {(node["schema"], node["name"], column) for node in models for column in node["columns"]}
    names = {(node["schema"], node["name"]) for node in models}
    assert {column for column in there if column[:2] in names} == {
        column for column in told if column[2] in {"report_id", "report_year"}
    } - {
        (node["schema"], node["name"], column)
        for node in models
        if node["config"]["materialized"] == "ephemeral"
        for column in node["columns"]
    }


def test_every_table_that_keeps_rows_stands_before_what_the_build_saw(
    manifest: dict[str, Any],
) -> None:
    """A build that breaks off before one of them is written leaves nothing to go on from."""
    before, found = ["model.gouji.build_state"], set()
    while before:
        for parent in manifest["parent_map"].get(before.pop(), []):
            if parent not in found:
                found.add(parent)
                before.append(parent)
    kept = {
        name
        for name, node in manifest["nodes"].items()
        if node["config"].get("materialized") == "incremental"
    }
    assert kept
    assert kept <= found


def test_an_extra_column_of_a_seed_goes_no_further(
    manifest: dict[str, Any], warehouse_copy: Path
) -> None:
    """Plain dbt loads it; in a table that keeps its rows it would stay, and later builds fail."""
    kept = ("seeds/raw/", "seeds/stewardship/")
    seeds = {
        name: node
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "seed" and node["original_file_path"].startswith(kept)
    }
    readers = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and seeds.keys() & set(node["depends_on"]["nodes"])
    ]
    assert len(seeds) >= 11
    read = {name for node in readers for name in node["depends_on"]["nodes"]}
    assert seeds.keys() <= read
    with duckdb.connect(str(warehouse_copy)) as connection:

        def columns() -> dict[str, list[str]]:
            return {
                node["name"]: [
                    row[0] for row in connection.sql(f"describe {node['compiled_code']}").fetchall()
                ]
                for node in readers
            }

        before = columns()
        for node in seeds.values():
            connection.execute(f"alter table {node['schema']}.{node['name']} add column remark int")
        assert columns() == before
