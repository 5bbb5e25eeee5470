"""The published tables as sorted Parquet files, with `datapackage.json` and `SHA256SUMS`."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from gouji.dictionary import Table, read_dictionary
from gouji.errors import ToolFailed
from gouji.export.datapackage import data_package
from gouji.memory import limit

# A larger table has a file for each year, in a folder of its name.
ROWS_IN_ONE_FILE = 5_000_000
YEAR = "report_year"
DATA_PACKAGE = "datapackage.json"


@dataclass(frozen=True)
class ParquetFile:
    """A file of the package: all rows of a table, or those of a year."""

    table: Table
    path: Path
    year: int | None
    rows: int


def write_parquet(
    database: Path, manifest: Path, folder: Path, rows_in_one_file: int = ROWS_IN_ONE_FILE
) -> list[ParquetFile]:
    """Write every published table of a warehouse file, and their data package, into a new folder.

    Rows are sorted by year and key, so that equal tables are equal files.

    Args:
        database: the warehouse file.
        manifest: the `manifest.json` that dbt left when it built that file.
        folder: the folder to make.
        rows_in_one_file: a table with more rows has a file for each year.

    Raises:
        ToolFailed: a file cannot be written, or the manifest cannot be read.
    """
    folder.mkdir(parents=True)
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            tables = read_dictionary(limit(connection), manifest)
            files = [
                file
                for table in tables
                for file in _write_table(connection, table, folder, rows_in_one_file)
            ]
            package = data_package(connection, folder, [(f.table, f.path, f.year) for f in files])
        _describe(folder, package)
    except (duckdb.Error, OSError) as error:
        problem = " ".join(str(error).split())
        raise ToolFailed(f"The Parquet files could not be written: {problem}") from error
    return files


def _describe(folder: Path, package: dict[str, Any]) -> None:
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / DATA_PACKAGE).write_text(text + "\n", encoding="utf-8")
    (folder / "SHA256SUMS").write_text("".join(map(_sum, _all_files(folder))), encoding="utf-8")


def _all_files(folder: Path) -> list[tuple[Path, str]]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return [(file, file.relative_to(folder).as_posix()) for file in files]


def _sum(file: tuple[Path, str]) -> str:
    """A line that `sha256sum --check` reads."""
    path, name = file
    with path.open("rb") as content:
        return f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {name}\n"


def _write_table(
    connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, rows_in_one_file: int
) -> Iterator[ParquetFile]:
    relation = f'"{table.schema}"."{table.name}"'
    rows = connection.sql(f"select count(*) from {relation}").fetchall()[0][0]
    has_year = any(column.name == YEAR for column in table.columns)
    if rows <= rows_in_one_file or not has_year:
        path = folder / f"{table.name}.parquet"
        _copy(connection, f"from {relation} order by {_order(table)}", path)
        yield ParquetFile(table, path, None, rows)
        return
    (folder / table.name).mkdir()
    by_year = f"select {YEAR}, count(*) from {relation} group by all order by all"
    for year, rows_of_year in connection.sql(by_year).fetchall():
        path = folder / table.name / f"{year}.parquet"
        of_year = f"from {relation} where {YEAR} = {int(year)} order by {_order(table)}"
        _copy(connection, of_year, path)
        yield ParquetFile(table, path, year, rows_of_year)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    place = str(path).replace("'", "''")
    connection.execute(f"copy ({query}) to '{place}' (format parquet, compression zstd)")


def _order(table: Table) -> str:
    names = [column.name for column in table.columns]
    first = [YEAR] if YEAR in names else []
    rest = table.key or names
    return ", ".join(f'"{name}"' for name in dict.fromkeys([*first, *rest]))
