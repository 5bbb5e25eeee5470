"""The data dictionary: the published tables and columns, and what the models' YAML says of them.

Names and types are the database's own; descriptions, keys and allowed values come from dbt's
manifest, which holds the YAML. A description is English and then Chinese.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from gouji.errors import ToolFailed

PUBLISHED_SCHEMAS = ("marts", "quality")
# What the codes in the published tables are called, where no dimension says it.
LABELS = (
    "channels_results",
    "identities",
    "measures",
    "sectors",
    "statistic_bridge",
    "statistic_columns",
    "statistic_identities",
    "statistic_indicators",
)
REFERENCE = re.compile(r"ref\(['\"](?P<name>\w+)['\"]\)")
# The last full stop of ASCII ends the English part: Chinese has its own.
BETWEEN_LANGUAGES = re.compile(r"(?<=[.?!])\s+(?!.*[.?!]\s)", re.DOTALL)

COLUMNS = """
select schema_name, table_name, column_name, lower(data_type) as data_type
from duckdb_columns()
where
    database_name = current_database()
    and (schema_name in $schemas or (schema_name = 'reference' and table_name in $labels))
order by schema_name, table_name, column_index
"""


@dataclass(frozen=True)
class Description:
    """What something is, in both languages; empty where the YAML says nothing."""

    en: str = ""
    zh: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.zh, self.en) if part)


@dataclass(frozen=True)
class Column:
    """A column, with what dbt's tests hold of it."""

    name: str
    data_type: str
    description: Description
    is_required: bool
    is_unique: bool
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class ForeignKey:
    """A column whose values are keys of another published table."""

    column: str
    table: str
    field: str


@dataclass(frozen=True)
class Table:
    """A published table."""

    schema: str
    name: str
    description: Description
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]


def described(text: str) -> Description:
    """Part a description into its languages."""
    text = " ".join(text.split())
    parts = BETWEEN_LANGUAGES.split(text, maxsplit=1)
    return Description(*parts) if len(parts) == 2 else Description(en=text)


def read_dictionary(connection: duckdb.DuckDBPyConnection, manifest: Path) -> list[Table]:
    """Describe the published tables, those of labels last, in the order of their names.

    Args:
        connection: an open warehouse file.
        manifest: the `manifest.json` that dbt left when it built that file.

    Raises:
        ToolFailed: the manifest is not there, or is none.
    """
    nodes, tests = _read(manifest)
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, data_type in connection.execute(
        COLUMNS, {"schemas": list(PUBLISHED_SCHEMAS), "labels": list(LABELS)}
    ).fetchall():
        found.setdefault((schema, table), []).append((column, data_type))
    published = {table for _, table in found}
    return [
        _table(place, columns, nodes.get(place, {}), tests.get(place, []), published)
        for place, columns in found.items()
    ]


_Place = tuple[str, str]
_Json = Mapping[str, Any]


def _read(manifest: Path) -> tuple[dict[_Place, _Json], dict[_Place, list[_Json]]]:
    """Give the models, seeds and sources by schema and name, and the tests of each."""
    try:
        told = json.loads(manifest.read_text(encoding="utf-8"))
        entries = {**told["nodes"], **told["sources"]}
    except (OSError, ValueError, KeyError) as error:
        raise ToolFailed(f"{manifest} is not the manifest that dbt leaves: {error!r}.") from error
    places = {
        unique_id: (entry["schema"], entry["name"])
        for unique_id, entry in entries.items()
        if entry["resource_type"] in {"model", "seed", "source"}
    }
    tests: dict[_Place, list[_Json]] = {}
    for entry in told["nodes"].values():
        if _holds_of_every_row(entry) and entry["attached_node"] in places:
            tests.setdefault(places[entry["attached_node"]], []).append(entry["test_metadata"])
    return {place: entries[unique_id] for unique_id, place in places.items()}, tests


def _holds_of_every_row(entry: _Json) -> bool:
    """Whether an entry is a generic test of all rows, that fails a build.

    A key is tested on one cell of each printed row where another test counts the rest of them.
    """
    metadata = entry.get("test_metadata")
    if entry["resource_type"] != "test" or not metadata:
        return False
    config = entry["config"]
    is_of_all = not config.get("where") or metadata["name"] == "unique_key"
    return is_of_all and str(config["severity"]).lower() == "error"


def _table(
    place: _Place,
    columns: list[tuple[str, str]],
    node: _Json,
    tests: list[_Json],
    published: set[str],
) -> Table:
    schema, name = place
    keys = _keys(tests)
    unique = {column for key in keys if len(key) == 1 for column in key}
    required = set(_columns_of(tests, "not_null")) | unique
    # a key of several columns says what a row is; a column that is unique too is another name of it
    key = min(keys, key=lambda columns: (-len(columns), columns), default=())
    allowed = {
        test["kwargs"]["column_name"]: tuple(map(str, test["kwargs"]["values"]))
        for test in tests
        if test["name"] == "accepted_values"
    }
    told = node.get("columns", {})
    return Table(
        schema=schema,
        name=name,
        description=described(node.get("description", "")),
        columns=tuple(
            Column(
                name=column,
                data_type=data_type,
                description=described(told.get(column, {}).get("description", "")),
                is_required=column in required or column in key,
                is_unique=column in unique,
                allowed=allowed.get(column, ()),
            )
            for column, data_type in columns
        ),
        key=key,
        foreign_keys=tuple(_foreign_keys(tests, published)),
    )


def _columns_of(tests: list[_Json], name: str) -> list[str]:
    return [test["kwargs"]["column_name"] for test in tests if test["name"] == name]


def _keys(tests: list[_Json]) -> list[tuple[str, ...]]:
    """What names a row, by the test `unique_key`: a list of columns, or the one it stands under."""
    return [
        tuple(test["kwargs"].get("columns") or [test["kwargs"]["column_name"]])
        for test in tests
        if test["name"] == "unique_key"
    ]


def _foreign_keys(tests: list[_Json], published: set[str]) -> Iterator[ForeignKey]:
    for test in tests:
        if test["name"] != "relationships":
            continue
        to = REFERENCE.search(test["kwargs"]["to"])
        if to and to["name"] in published:
            yield ForeignKey(test["kwargs"]["column_name"], to["name"], test["kwargs"]["field"])
