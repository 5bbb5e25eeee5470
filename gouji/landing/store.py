"""The raw tables: read, merged with newly landed reports, and written back in their fixed order.

As CSV they are the seeds, `raw_requests.csv`; as Parquet a landing folder with a file for each
year, `raw_requests/report_year=2019/part-00000.parquet`, but for what may be left out and has no
rows.

Reports stand in the order of their ids, cells in the order of the form, so that a version-control
diff shows only what changed.

What a landing changes, it changes in one act (`act.py`), `raw_reports` last: a report is there
when its row is.
"""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import re
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from gouji.landing.act import settle
from gouji.landing.grid import Refused
from gouji.landing.reading import UNREADABLE
from gouji.raw_tables import OPTIONAL_TABLES, RAW_TABLES
from gouji.sql import quoted

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from gouji.landing.act import Act

PROVENANCE = "provenance.jsonl"
PARQUET_FILE = "part-00000.parquet"
PACKERS = 2  # files that are packed at once: each holds its rows in memory
# Of an edition, whichever document it is read from.
KEPT = ("report_id", "revision", "landed_on", "published_on")


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
        settle(folder)
        self._read()

    # -- reading

    def _read(self) -> None:
        for row in self._table("raw_reports"):
            report = Report(dict(zip(RAW_TABLES["raw_reports"], row, strict=True)))
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

    def known(self) -> frozenset[str]:
        """The SHA-256 of the documents that need not be read again.

        One whose annex holds figures run together may be read better than it was.
        """
        return frozenset(
            report.row["source_sha256"]
            for report in self.reports.values()
            if report.row["source_sha256"]
            and not any(UNREADABLE in row for row in report.rows.get("raw_statistics", ()))
        )

    def editions(self, agency_id: str, year: int) -> list[Report]:
        """The editions of a body's report for a year, in the order in which they came."""
        return [self.reports[one] for one in self._by_report.get((agency_id, str(year)), ())]

    def landed_as(self, sha256: str) -> str:
        """The id under which a document was landed, or nothing."""
        return self._by_sha.get(sha256, "")

    def add(self, report: Report) -> Report:
        """Add a report, and give the edition that holds its figures: itself, if they are new.

        The editions of an agency's year are numbered as they arrive, and keep their ids.  A report
        whose figures an edition has is the same one published again, whatever else its page says:
        it only tells when that edition was first published, if it is dated earlier.
        """
        agency_id, year = report.row["agency_id"], report.row["report_year"]
        editions = [self.reports[one] for one in self._by_report.get((agency_id, year), ())]
        for edition in editions:
            if _have_same_figures(edition, report):
                first = min(edition.row["published_on"], report.row["published_on"], key=_moment)
                if first != edition.row["published_on"]:
                    edition.row["published_on"] = first
                    self._changed_years.add(year)
                return edition
        number = 1 + max((int(edition.row["revision"]) for edition in editions), default=0)
        report.row["revision"] = str(number)
        report.row["report_id"] = f"{agency_id}-{year}" + (f"-r{number}" if number > 1 else "")
        self._index(report)
        self._changed_years.add(year)
        return report

    def take_place(self, edition: Report, report: Report) -> None:
        """Let a document with the figures of an edition be the one that the edition is read from.

        The edition keeps its id, its revision, the day it was landed, and when it was published.
        """
        self._by_sha.pop(edition.row["source_sha256"], None)
        kept = {name: edition.row[name] for name in KEPT}
        edition.row, edition.rows = report.row | kept, report.rows
        edition.provenance = report.provenance
        self._by_sha[edition.row["source_sha256"]] = edition.report_id
        self._changed_years.add(edition.row["report_year"])

    def read_anew(self, report: Report) -> Report | None:
        """Put what is now read of a document in the place of what was; nothing if that is no other.

        So figures that were run together are told apart once the year beside them is landed.
        """
        edition = self.reports.get(self.landed_as(report.row["source_sha256"]))
        key = ("agency_id", "report_year")
        if edition is None or any(edition.row[name] != report.row[name] for name in key):
            return None
        if _have_same_figures(edition, report):
            return None
        edition.rows, edition.provenance = report.rows, report.provenance
        self._changed_years.add(edition.row["report_year"])
        return edition

    def current_edition(self, report: Report, scans: Container[str]) -> Report:
        """The current edition of a report, given the ids of scans: as `int_current_editions`."""
        editions = self.editions(report.row["agency_id"], int(report.row["report_year"]))
        texts = [edition for edition in editions if edition.report_id not in scans]
        if not any(text.row["published_on"] for text in texts):
            editions = texts or editions

        def stand(edition: Report) -> tuple[str, bool, int]:
            is_text = edition.report_id not in scans
            return edition.row["published_on"], is_text, int(edition.row["revision"])

        return max(editions, key=stand)

    @property
    def has_changed(self) -> bool:
        """Whether something was added since the tables were read."""
        return bool(self._changed_years)

    # -- writing

    def put(self, act: Act) -> None:
        """Put every table whose content changed into an act, `raw_reports` last."""
        ordered = [self.reports[report_id] for report_id in sorted(self.reports)]
        self._put_provenance(act, ordered)
        if self.parquet:
            self._put_years(act, ordered)
            return
        for table in reversed(RAW_TABLES):
            act.put(self._csv_path(table), _csv(RAW_TABLES[table], _rows_of(ordered, table)))

    def _put_provenance(self, act: Act, ordered: list[Report]) -> None:
        lines = [
            f'{{"report_id": {_json(report.report_id)}, {report.provenance[1:]}\n'
            for report in ordered
            if report.provenance
        ]
        if lines:
            act.put(self.folder / PROVENANCE, "".join(lines).encode())

    def _put_years(self, act: Act, ordered: list[Report]) -> None:
        """Put the years that changed; the rows of a file are laid out while others are packed."""
        of_years: dict[str, list[Report]] = {year: [] for year in sorted(self._changed_years)}
        for report in ordered:
            if report.row["report_year"] in of_years:
                of_years[report.row["report_year"]].append(report)
        with (
            duckdb.connect(config={"threads": 1}) as connection,
            ThreadPoolExecutor(PACKERS) as packers,
        ):
            packing: deque[Future[None]] = deque()
            for table, (year, of_year) in product(reversed(RAW_TABLES), of_years.items()):
                columns, rows = RAW_TABLES[table], _rows_of(of_year, table)
                target = self.folder / table / f"report_year={year}" / PARQUET_FILE
                if not rows and table in OPTIONAL_TABLES and not target.exists():
                    continue
                place = act.place(target)
                as_csv = place.with_suffix(".rows")
                as_csv.write_bytes(_csv(columns, rows))
                if len(packing) == PACKERS:
                    packing.popleft().result()
                cursor = connection.cursor()
                packing.append(packers.submit(_write_parquet, cursor, as_csv, place, columns))
            for last in packing:
                last.result()


def _have_same_figures(one: Report, other: Report) -> bool:
    """Whether two editions have the same cells in the tables, and the same figures in the prose."""
    return one.row["layout"] == other.row["layout"] and all(
        _figures(one, table) == _figures(other, table) for table in list(RAW_TABLES)[1:]
    )


def _figures(report: Report, table: str) -> set[tuple[str, ...]]:
    """What a report has in a table, in whatever order and place it stands."""
    rows = report.rows.get(table, ())
    if table == "raw_narrative_figures":
        return {(code, printed) for code, printed, _ in rows}
    return set(rows)


def _moment(published: str) -> tuple[bool, str, bool, str]:
    """The order of times of publication: no date last, of one day the known hour first."""
    return (not published, published[:10], len(published) <= 10, published)


def _year_of(report_id: str) -> list[str]:
    return re.findall(r"-(\d{4})(?:-r\d+)?$", report_id)


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


def _rows_of(reports: Iterable[Report], table: str) -> list[tuple[str, ...]]:
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


def _write_parquet(
    cursor: duckdb.DuckDBPyConnection, as_csv: Path, target: Path, columns: tuple[str, ...]
) -> None:
    """Pack rows into a Parquet file; an empty cell is null, as it is in the seeds.

    The cursor is used for this alone, and closed.
    """
    try:
        # Its folder's name, report_year=2023, must not make a number of the text in the file.
        cursor.execute(
            f"copy (select * from read_csv('{quoted(as_csv)}', header = true, "
            "hive_partitioning = false, all_varchar = true, nullstr = '', delim = ',', "
            "quote = '\"', escape = '\"', auto_detect = false, max_line_size = 10000000, "
            "columns = {"
            + ", ".join(f"'{name}': 'varchar'" for name in columns)
            + f"}})) to '{quoted(target)}' (format parquet, compression zstd)"
        )
    finally:
        cursor.close()
        as_csv.unlink()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
