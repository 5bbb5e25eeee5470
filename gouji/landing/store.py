"""The raw tables: read, merged with newly landed reports, and written back in their fixed order.

As CSV they are the seeds, `raw_requests.csv`; as Parquet a landing folder with a file for each
year, `raw_requests/report_year=2019/part-00000.parquet`.

Reports stand in the order of their ids, cells in the order of the form, so that a version-control
diff shows only what changed.

Files are written beside the old ones, under names that no reader looks for, and renamed over them
when all are finished, `raw_reports` last: a report is there when its row is.  A mark says that all
are finished, so that the next landing completes what one that was killed had begun to rename, and
clears away what was never finished.
"""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from gouji.landing.grid import Refused
from gouji.raw_tables import RAW_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROVENANCE = "provenance.jsonl"
UNDER_WAY = ".landing"  # ends the name of a file that waits for its renaming
ALL_FINISHED = f".finished{UNDER_WAY}"  # the mark: what waits is whole
PARQUET_FILE = "part-00000.parquet"


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
    landed_id: str = ""  # the id that it has in the files, or nothing

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
        self._recover()
        self._read()

    # -- reading

    def _recover(self) -> None:
        """Complete a landing that was killed while it renamed; clear away an unfinished one."""
        if (self.folder / ALL_FINISHED).exists():
            self._rename()
        for path in self._left_overs():
            path.unlink()

    def _left_overs(self) -> list[Path]:
        names = [f"{table}.csv" for table in RAW_TABLES] + [PROVENANCE]
        beside = [_waiting(self.folder / name) for name in names]
        within = [
            path
            for table in RAW_TABLES
            for path in (self.folder / table).glob(f"report_year=*/.*{UNDER_WAY}")
        ]
        return [path for path in beside if path.exists()] + sorted(within)

    def _read(self) -> None:
        for row in self._table("raw_reports"):
            report = Report(dict(zip(RAW_TABLES["raw_reports"], row, strict=True)))
            report.landed_id = report.report_id
            self._index(report)
        for table in list(RAW_TABLES)[1:]:
            for report_id, *rest in self._table(table):
                owner = self.reports.get(report_id)
                if owner is None:  # a report is there when its row is: the next writing drops these
                    self._changed_years.update(_year_of(report_id))
                    continue
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
            yield from _parquet_rows(self.folder / table, RAW_TABLES[table])
            return
        path = self._csv_path(table)
        if not path.exists():
            return
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            header = tuple(next(rows, ()))
            if header != RAW_TABLES[table]:
                raise Refused(f"{path} has the columns {', '.join(header)}, not those of {table}")
            for row in rows:
                yield tuple(row)

    # -- merging

    def landed_as(self, sha256: str) -> str:
        """The id under which a document was landed, or nothing."""
        return self._by_sha.get(sha256, "")

    def add(self, reports: Iterable[Report]) -> None:
        """Add reports; beside others for the same agency and year each becomes a revision.

        Revisions follow the dates of publication, then the SHA-256 of the documents, those without
        a date last: the order of landing does not matter.
        """
        added: dict[tuple[str, str], list[Report]] = {}
        for report in reports:
            key = (report.row["agency_id"], report.row["report_year"])
            added.setdefault(key, []).append(report)
        for (agency_id, year), new in added.items():
            ids = self._by_report.pop((agency_id, year), [])
            together = [self.reports.pop(report_id) for report_id in ids] + new
            together.sort(key=_order)
            for revision, entry in enumerate(together, start=1):
                suffix = f"-r{revision}" if revision > 1 else ""
                entry.row["revision"] = str(revision)
                entry.row["report_id"] = f"{agency_id}-{year}{suffix}"
                self._index(entry)
            self._changed_years.add(year)

    def moved(self, agency_id: str, year: str) -> list[tuple[str, str]]:
        """The reports of an agency's year whose ids moved since they were read: old id, new id."""
        reports = (self.reports[one] for one in self._by_report.get((agency_id, year), []))
        return [
            (report.landed_id, report.report_id)
            for report in reports
            if report.landed_id not in ("", report.report_id)
        ]

    # -- writing

    def write(self) -> None:
        """Write every table whose content changed, each by renaming a finished file over it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ordered = [self.reports[report_id] for report_id in sorted(self.reports)]
        try:
            if self.parquet:
                self._write_parts(ordered)
            else:
                for table, columns in RAW_TABLES.items():
                    content = _csv(columns, _rows_of(ordered, table))
                    _write_beside(self._csv_path(table), content)
            self._write_provenance(ordered)
        except BaseException:
            for path in self._left_overs():
                path.unlink(missing_ok=True)
            raise
        _flushed(self.folder / ALL_FINISHED, b"")
        self._rename()
        self._changed_years.clear()

    def _rename(self) -> None:
        """Rename all finished files over the old ones, `raw_reports` last, then take the mark."""
        for path in sorted(self._left_overs(), key=self._is_of_reports):
            if not path.name.endswith(f".rows{UNDER_WAY}"):
                path.replace(_target(path))
        (self.folder / ALL_FINISHED).unlink()

    def _is_of_reports(self, path: Path) -> bool:
        return path.relative_to(self.folder).parts[0].lstrip(".").startswith("raw_reports")

    def _write_provenance(self, ordered: list[Report]) -> None:
        lines = [
            f'{{"report_id": {_json(report.report_id)}, {report.provenance[1:]}\n'
            for report in ordered
            if report.provenance
        ]
        if lines:
            _write_beside(self.folder / PROVENANCE, "".join(lines).encode())

    def _write_parts(self, ordered: list[Report]) -> None:
        """Write the years that changed; the rows of a file are laid out while another is packed."""
        of_years: dict[str, list[Report]] = {year: [] for year in sorted(self._changed_years)}
        for report in ordered:
            if report.row["report_year"] in of_years:
                of_years[report.row["report_year"]].append(report)
        with duckdb.connect(config={"threads": 1}) as connection, ThreadPoolExecutor(1) as packer:
            packing: Future[None] | None = None
            for year, of_year in of_years.items():
                for table, columns in RAW_TABLES.items():
                    target = self.folder / table / f"report_year={year}" / PARQUET_FILE
                    target.parent.mkdir(parents=True, exist_ok=True)
                    as_csv = target.with_name(f".{target.stem}.rows{UNDER_WAY}")
                    as_csv.write_bytes(_csv(columns, _rows_of(of_year, table)))
                    if packing is not None:
                        packing.result()
                    packing = packer.submit(_write_parquet, connection, as_csv, target, columns)
            if packing is not None:
                packing.result()


def _order(report: Report) -> tuple[bool, str, str]:
    """Where a report stands among those of its agency's year."""
    date = report.row["published_on"][:10]
    return (not date, date, report.row["source_sha256"])


def _year_of(report_id: str) -> list[str]:
    return re.findall(r"-(\d{4})(?:-r\d+)?$", report_id)


def _waiting(target: Path) -> Path:
    """The name under which a file waits for its renaming."""
    return target.with_name(f".{target.name}{UNDER_WAY}")


def _target(waiting: Path) -> Path:
    return waiting.with_name(waiting.name.removeprefix(".").removesuffix(UNDER_WAY))


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
        values = itemgetter(*RAW_TABLES[table])
        return [values(report.row) for report in reports]
    return [
        (report_id, *row)
        for report in reports
        for report_id in (report.row["report_id"],)
        for row in report.rows.get(table, ())
    ]


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return file.getvalue().encode()


def _write_beside(target: Path, content: bytes) -> None:
    """Write the new content of a file beside it, if it is another."""
    if not target.exists() or target.read_bytes() != content:
        _flushed(_waiting(target), content)


def _flushed(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, as_csv: Path, target: Path, columns: tuple[str, ...]
) -> None:
    """Pack rows beside a Parquet file; an empty cell is null, as it is in the seeds."""
    try:
        # Its folder's name, report_year=2023, must not make a number of the text in the file.
        connection.execute(
            f"copy (select * from read_csv('{_quoted(as_csv)}', header = true, "
            "hive_partitioning = false, all_varchar = true, nullstr = '', delim = ',', "
            "quote = '\"', escape = '\"', auto_detect = false, max_line_size = 10000000, "
            "columns = {"
            + ", ".join(f"'{name}': 'varchar'" for name in columns)
            + f"}})) to '{_quoted(_waiting(target))}' (format parquet, compression zstd)"
        )
    finally:
        as_csv.unlink()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
