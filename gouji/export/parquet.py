"""The published tables as sorted Parquet files, described, to be cited, and with their hashes."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from gouji.dictionary import Table, read_dictionary
from gouji.errors import ToolFailed
from gouji.export.datapackage import ParquetFile, data_package, edition
from gouji.memory import limit
from gouji.sql import quoted

# A larger table has a file for each year, in a folder of its name.
ROWS_IN_ONE_FILE = 5_000_000
YEAR = "report_year"
DATA_PACKAGE = "datapackage.json"
CITATION = "CITATION.cff"
SUMS = "SHA256SUMS"


def write_parquet(
    database: Path, manifest: Path, folder: Path, rows_in_one_file: int = ROWS_IN_ONE_FILE
) -> list[ParquetFile]:
    """Write the published tables of a warehouse file, and their data package, into a new folder.

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
            this = edition(connection)
        (folder / CITATION).write_text(this.citation_file, encoding="utf-8")
        text = json.dumps(data_package(this, folder, files), ensure_ascii=False, indent=1)
        (folder / DATA_PACKAGE).write_text(text + "\n", encoding="utf-8")
        _write_sums(folder, files)
    except (duckdb.Error, OSError) as error:
        problem = " ".join(str(error).split())
        raise ToolFailed(f"The Parquet files could not be written: {problem}") from error
    return files


def _write_sums(folder: Path, files: list[ParquetFile]) -> None:
    """Write what `sha256sum --check` reads."""
    sums = {file.path: file.sha256 for file in files}
    sums |= {path: _sha256(path) for path in (folder / CITATION, folder / DATA_PACKAGE)}
    named = sorted((path.relative_to(folder).as_posix(), sha256) for path, sha256 in sums.items())
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in named)
    (folder / SUMS).write_text(lines, encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _file(table: Table, path: Path, year: int | None, rows: int) -> ParquetFile:
    return ParquetFile(table, path, year, rows, path.stat().st_size, _sha256(path))


def _write_table(
    connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, rows_in_one_file: int
) -> Iterator[ParquetFile]:
    relation = f'"{table.schema}"."{table.name}"'
    rows = connection.sql(f"select count(*) from {relation}").fetchall()[0][0]
    has_year = any(column.name == YEAR for column in table.columns)
    if rows <= rows_in_one_file or not has_year:
        path = folder / f"{table.name}.parquet"
        _copy(connection, f"from {relation} order by {_order(table)}", path)
        yield _file(table, path, None, rows)
        return
    (folder / table.name).mkdir()
    by_year = f"select {YEAR}, count(*) from {relation} group by all order by all"
    for year, rows_of_year in connection.sql(by_year).fetchall():
        path = folder / table.name / f"{year}.parquet"
        of_year = f"from {relation} where {YEAR} = {int(year)} order by {_order(table)}"
        _copy(connection, of_year, path)
        yield _file(table, path, year, rows_of_year)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"copy ({query}) to '{quoted(path)}' (format parquet, compression zstd)")


def _order(table: Table) -> str:
    names = [column.name for column in table.columns]
    first = [YEAR] if YEAR in names else []
    rest = table.key or names
    return ", ".join(f'"{name}"' for name in dict.fromkeys([*first, *rest]))
