"""`datapackage.json`: a Frictionless Data Package that describes the Parquet files.

The specification is Data Package 1 (https://specs.frictionlessdata.io): types and constraints of
Table Schema. The size and the hash of a file stand under names of our own, since Frictionless
counts none for Parquet and would call every `bytes` and `hash` wrong. So does what the tables were
made from, `input_sha256` and `git_commit`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from gouji.dictionary import Column, Table
from gouji.errors import ToolFailed

NAME = "gouji"
TITLE = (
    "勾稽：政府信息公开工作年度报告 / Gouji: annual reports on government information disclosure"
)
DESCRIPTION = (
    "中国各级行政机关政府信息公开工作年度报告的三张统计表及其勾稽检查。汇总报告已含下级机关，"
    "各表说明写明求和时须加的条件，以免重复计算。零、空白、缺失互不相同，见 value_status。"
    "数据由 dim_report 所列机关公布，本数据包不主张亦不授予对数据的任何权利；"
    "字段说明随程序以 Apache-2.0 许可提供。 "
    "The three statistical tables of the annual reports on government information disclosure of"
    " China's administrative bodies, and the checks of the arithmetic between their cells. A"
    " consolidated report already adds up the bodies below it: each table's description names the"
    " condition of its sums, without which requests count twice. Zero, blank and absent are"
    " three different things, see value_status. The figures were published by"
    " the bodies named in dim_report; this package claims no right in them and grants none. The"
    " descriptions come with the program, under Apache-2.0."
)
AUTHORS = "The Gouji authors"
LICENCE = {
    "name": "Apache-2.0",
    "path": "https://www.apache.org/licenses/LICENSE-2.0",
    "title": (
        "Apache License 2.0：仅及说明与编排，不及各机关公布的数据"
        " / of the descriptions and the arrangement, not of the figures that the bodies published"
    ),
}
# Frictionless reads Parquet by way of pandas, to which an empty cell is one of these. In a column
# of whole numbers it makes floats of the others, which Frictionless takes for whole ones again.
EMPTY = ["", "nan", "NaT"]
SOURCE = "各机关的年度报告，网址见 dim_report.source_url / Each body's report, at its source_url"

# Types of Table Schema for those of DuckDB.
TYPES = {
    "boolean": "boolean",
    "integer": "integer",
    "bigint": "integer",
    "double": "number",
    "decimal": "number",
    "date": "date",
    "timestamp": "datetime",
    "timestamp with time zone": "datetime",
    "varchar": "string",
}


@dataclass(frozen=True)
class ParquetFile:
    """A file of the package: all rows of a table, or those of a year."""

    table: Table
    path: Path
    year: int | None
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Edition:
    """Which program wrote the tables, when and from what: of one database, the same edition."""

    created: str
    program: str
    input_sha256: str
    git_commit: str | None

    @property
    def version(self) -> str:
        """The version of the package: the program's, and the build as SemVer writes it."""
        return f"{self.program}+{re.sub('[^0-9TZ]', '', self.created)}"

    @property
    def citation(self) -> str:
        """How the package may be cited, as one line."""
        year = self.created[:4]
        english = TITLE.partition(" / ")[2]
        return (
            f"{AUTHORS} ({year}): {english}. Version {self.version}."
            " Figures: the annual reports of the bodies named in dim_report."
        )

    @property
    def citation_file(self) -> str:
        """The same as `CITATION.cff` (https://citation-file-format.github.io), version 1.2.0."""
        return "\n".join(
            [
                "cff-version: 1.2.0",
                "message: 引用本数据请注明以下信息。Please cite these data as below.",
                "type: dataset",
                f'title: "{TITLE}"',
                f'authors: [{{name: "{AUTHORS}"}}]',
                f'version: "{self.version}"',
                f'date-released: "{self.created[:10]}"',
                "",
            ]
        )


def edition(connection: duckdb.DuckDBPyConnection) -> Edition:
    """Say which edition of the tables an open warehouse file holds."""
    created, input_sha256, git_commit = connection.sql(
        "select strftime(published_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'), input_sha256,"
        " git_commit from quality.run_history order by published_at desc limit 1"
    ).fetchall()[0]
    return Edition(created, version("gouji"), input_sha256, git_commit)


def data_package(edition: Edition, folder: Path, files: Sequence[ParquetFile]) -> dict[str, Any]:
    """Describe the files of a folder."""
    # a table in several files has no one resource that a key could lead to
    whole = {file.table.name for file in files if file.year is None}
    return {
        "profile": "data-package",
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": edition.version,
        "created": edition.created,
        # what it was made from: data and code
        "input_sha256": edition.input_sha256,
        "git_commit": edition.git_commit,
        "licenses": [LICENCE],
        "contributors": [{"title": AUTHORS, "role": "author"}],
        "citation": edition.citation,
        "sources": [{"title": SOURCE}],
        "resources": [_resource(file, folder, whole) for file in files],
    }


def _resource(file: ParquetFile, folder: Path, whole: set[str]) -> dict[str, Any]:
    table = file.table
    return {
        "name": table.name if file.year is None else f"{table.name}-{file.year}",
        "description": str(table.description),
        "path": file.path.relative_to(folder).as_posix(),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "file_bytes": file.size,
        "file_sha256": file.sha256,
        "file_rows": file.rows,
        "schema": _schema(table, whole),
    }


def _schema(table: Table, whole: set[str]) -> dict[str, Any]:
    fields = [_field(column) for column in table.columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": EMPTY}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [
        {"fields": [key.column], "reference": {"resource": key.table, "fields": [key.field]}}
        for key in table.foreign_keys
        if key.table in whole
    ]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _field(column: Column) -> dict[str, Any]:
    data_type = re.sub(r"\(.*\)", "", column.data_type)
    if data_type not in TYPES:
        raise ToolFailed(f"Column {column.name} is of type {data_type}, unknown to Table Schema.")
    field: dict[str, Any] = {
        "name": column.name,
        "type": TYPES[data_type],
        "description": str(column.description),
    }
    constraints: dict[str, Any] = {}
    if column.is_required:
        constraints["required"] = True
    if column.is_unique:
        constraints["unique"] = True
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    if constraints:
        field["constraints"] = constraints
    return field
