"""The raw tables: read, merged with newly landed reports, and written back in their fixed order.

As CSV they are the seeds, `raw_requests.csv`; as Parquet a landing folder with a file for each
year, `raw_requests/report_year=2019/part-00000.parquet`.

Reports stand in the order of their ids, cells in the order of the form, so that a version-control
diff shows only what changed.  Files are written beside the old ones and renamed over them.
"""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS: dict[str, tuple[str, ...]] = {
    "raw_reports": (
        "report_id",
        "agency_id",
        "agency_name",
        "report_year",
        "layout",
        "revision",
        "title",
        "published_on",
        "source_url",
        "source_document",
        "source_sha256",
        "landed_on",
    ),
    "raw_disclosures": ("report_id", "line_code", "measure_code", "printed"),
    "raw_requests": (
        "report_id",
        "line_code",
        "natural_person",
        "commercial_enterprise",
        "research_institution",
        "public_welfare_organization",
        "legal_service_organization",
        "other_organization",
        "total",
    ),
    "raw_reviews": ("report_id", "channel", "upheld", "corrected", "other", "pending", "total"),
    "raw_narrative_figures": ("report_id", "figure_code", "printed", "locator"),
}
PROVENANCE = "provenance.jsonl"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder of raw tables for as long as the block runs; `Refused` if another does."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Refused(f"another landing is at work in {folder}: wait for it") from error
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class Report:
    """A report as it stands in the raw tables: its row, and its rows without the report's id."""

    row: dict[str, str]
    rows: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    provenance: str = ""  # a JSON object without the id, or nothing

    @property
    def report_id(self) -> str:
        """The report's id."""
        return self.row["report_id"]


class RawTables:
    """The raw tables of a folder, as CSV (the seeds) or Parquet (a landing folder)."""

    def __init__(self, folder: Path, *, parquet: bool = False) -> None:
        self.folder = folder
        self.parquet = parquet
        self.reports: dict[str, Report] = {}
        self._by_report: dict[tuple[str, str], list[str]] = {}
        self._by_sha: dict[str, str] = {}
        self._changed_years: set[str] = set()
        self._read()

    # -- reading

    def _read(self) -> None:
        for row in self._table("raw_reports"):
            report = Report(dict(zip(COLUMNS["raw_reports"], row, strict=True)))
            self._index(report)
        for table in list(COLUMNS)[1:]:
            for report_id, *rest in self._table(table):
                owner = self.reports.get(report_id)
                if owner is None:
                    raise Refused(
                        f"{self.folder}: {table} has rows of {report_id}, raw_reports has not"
                    )
                owner.rows.setdefault(table, []).append(tuple(rest))
        path = self.folder / PROVENANCE
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                described = self.reports.get(entry.pop("report_id"))
                if described is not None:
                    described.provenance = _json(entry)

    def _index(self, report: Report) -> None:
        self.reports[report.report_id] = report
        key = (report.row["agency_id"], report.row["report_year"])
        self._by_report.setdefault(key, []).append(report.report_id)
        if report.row["source_sha256"]:
            self._by_sha[report.row["source_sha256"]] = report.report_id

    def _csv_path(self, table: str) -> Path:
        return self.folder / f"{table}.csv"

    def _table(self, table: str) -> Iterable[tuple[str, ...]]:
        if self.parquet:
            yield from _parquet_rows(self.folder / table, COLUMNS[table])
            return
        path = self._csv_path(table)
        if not path.exists():
            return
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            header = tuple(next(rows, ()))
            if header != COLUMNS[table]:
                raise Refused(f"{path} has the columns {', '.join(header)}, not those of {table}")
            for row in rows:
                yield tuple(row)

    # -- merging

    def landed_as(self, sha256: str) -> str:
        """The id under which a document was landed, or nothing."""
        return self._by_sha.get(sha256, "")

    def add(self, report: Report) -> Report:
        """Add a report; beside others for the same agency and year it becomes a revision.

        Revisions follow the dates of publication where all are known, else the order of landing.
        """
        agency_id, year = report.row["agency_id"], report.row["report_year"]
        ids = self._by_report.pop((agency_id, year), [])
        together = [self.reports.pop(report_id) for report_id in ids] + [report]
        if all(entry.row["published_on"] for entry in together):
            together.sort(key=lambda entry: entry.row["published_on"][:10])
        for revision, entry in enumerate(together, start=1):
            suffix = f"-r{revision}" if revision > 1 else ""
            entry.row["revision"] = str(revision)
            entry.row["report_id"] = f"{agency_id}-{year}{suffix}"
            self._index(entry)
        self._changed_years.add(year)
        return report

    # -- writing

    def write(self) -> None:
        """Write every table whose content changed, each by renaming a finished file over it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ordered = [self.reports[report_id] for report_id in sorted(self.reports)]
        finished: list[tuple[Path, Path]] = []
        try:
            for table, columns in COLUMNS.items():
                if self.parquet:
                    finished += self._parquet_parts(table, ordered)
                    continue
                target = self._csv_path(table)
                content = _csv(columns, list(_rows_of(ordered, table)))
                if not target.exists() or target.read_bytes() != content:
                    finished.append((_beside(target, content), target))
            lines = [
                f'{{"report_id": {_json(report.report_id)}, {report.provenance[1:]}\n'
                for report in ordered
                if report.provenance
            ]
            target = self.folder / PROVENANCE
            content = "".join(lines).encode()
            if lines and (not target.exists() or target.read_bytes() != content):
                finished.append((_beside(target, content), target))
        except BaseException:
            for temporary, _ in finished:
                temporary.unlink(missing_ok=True)
            raise
        for temporary, target in finished:
            temporary.replace(target)
        self._changed_years.clear()

    def _parquet_parts(self, table: str, ordered: list[Report]) -> list[tuple[Path, Path]]:
        finished: list[tuple[Path, Path]] = []
        with duckdb.connect() as connection:
            for year in sorted(self._changed_years):
                target = self.folder / table / f"report_year={year}" / "part-00000.parquet"
                target.parent.mkdir(parents=True, exist_ok=True)
                of_year = [report for report in ordered if report.row["report_year"] == year]
                rows = list(_rows_of(of_year, table))
                finished.append((_parquet(connection, target, COLUMNS[table], rows), target))
        return finished


def _parquet_rows(folder: Path, columns: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    pattern = str(folder / "**" / "*.parquet")
    if not any(folder.glob("**/*.parquet")):
        return
    names = ", ".join(f"coalesce(cast({name} as varchar), '')" for name in columns)
    with duckdb.connect() as connection:
        query = (
            f"select {names} from read_parquet(?, hive_partitioning = false, filename = true, "
            "file_row_number = true) order by filename, file_row_number"
        )
        yield from connection.execute(query, [pattern]).fetchall()


def _rows_of(reports: Iterable[Report], table: str) -> Iterable[tuple[str, ...]]:
    if table == "raw_reports":
        for report in reports:
            yield tuple(report.row[column] for column in COLUMNS[table])
        return
    for report in reports:
        report_id = report.report_id
        for row in report.rows.get(table, ()):
            yield (report_id, *row)


def _csv(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return file.getvalue().encode()


def _beside(target: Path, content: bytes, *, is_passing: bool = False) -> Path:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        if not is_passing:
            file.flush()
            os.fsync(file.fileno())
    path = Path(name)
    path.chmod(0o644)
    return path


def _parquet(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    columns: tuple[str, ...],
    rows: list[tuple[str, ...]],
) -> Path:
    """Write rows beside a Parquet file; an empty cell is null, as it is in the seeds."""
    as_csv = _beside(target, _csv(columns, rows), is_passing=True)
    as_parquet = as_csv.with_name(f"{as_csv.name}.parquet")
    try:
        connection.execute(
            f"copy (select * from read_csv('{_quoted(as_csv)}', header = true, "
            "hive_partitioning = false, all_varchar = true, nullstr = '', delim = ',', "
            "quote = '\"', escape = '\"', auto_detect = false, max_line_size = 10000000, columns = {"
            + ", ".join(f"'{name}': 'varchar'" for name in columns)
            + f"}})) to '{_quoted(as_parquet)}' (format parquet, compression zstd)"
        )
    finally:
        as_csv.unlink()
    return as_parquet


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
