"""Planting labelled faults into synthetic reports.

At most one fault a report, and no two faults within reach of the same check: two years in a row
of one body, or two reports that are added up together, never both hold one. So every check that
breaks is broken by one known fault, and no two faults cancel out.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from gouji.errors import WrongCall
from gouji.raw_tables import APPLICANT_COLUMNS, RAW_TABLES, RESULT_COLUMNS
from gouji.sql import quoted, sql
from gouji.synthetic import checks
from gouji.synthetic.kinds import KINDS
from gouji.synthetic.landing_folder import (
    LandingFolder,
    new_landing_folder,
    open_landing_folder,
)
from gouji.synthetic.numbers import read_number
from gouji.synthetic.page import Cell, Change, Kind, Nearby, Page

REPORTS_IN_A_BATCH = 1_000
# The truth is always Parquet, whatever format the raw tables are in.
TRUTH = "truth"
FAULTS = "faults.parquet"
FAULT_CHECKS = "fault_checks.parquet"


@dataclass(frozen=True)
class Fault:
    """A slip in one report, with every cell that it changes."""

    fault_id: str
    report_id: str
    kind: str
    changes: list[Change]


@dataclass(frozen=True)
class Planted:
    """How many faults were planted, by kind, and how many of them break a check."""

    folder: Path
    by_kind: dict[str, int]
    visible: int


def plant(
    clean: Path,
    folder: Path,
    *,
    seed: int = 1,
    share: float = 0.1,
    kinds: Mapping[str, Kind] = KINDS,
    memory_limit: str = "3GB",
    say: Callable[[str], None] = lambda _line: None,
) -> Planted:
    """Copy a folder of consistent reports and plant faults into the copy.

    The truth is written beside the raw tables:

    * `truth/faults.parquet`, a row a changed cell: report_id, fault_id, kind, form_table,
      line_code, column_code, printed_before, printed_after, value_before (money in yuan),
      changes_identity (whether some check breaks), explanations (how many cells could each, by
      itself, mend all that the fault broke: above 1, the faulty one cannot be known);
    * `truth/fault_checks.parquet`, a row a broken check: fault_id, report_id, identity_id, slice.
      The report is the one whose check breaks: it may be next year's, or the consolidated one.

    Args:
        clean: a folder that `generate` wrote.
        folder: where to write; it must be new or empty.
        seed: the same seed plants the same faults.
        share: how many reports should hold a fault, between 0 and 0.4. The kinds are planted
            equally often as far as they apply, so there may be fewer.
        kinds: what to plant; those that the checks are measured on if not given.
        memory_limit: what DuckDB may use.
        say: is told how far the work is, a line at a time.

    Raises:
        WrongCall: a folder is wrong, or the share is out of range.
    """
    if not 0 < share <= 0.4:
        raise WrongCall(f"The share of reports with a fault must be above 0, at most 0.4: {share}.")
    source = open_landing_folder(clean)
    target = new_landing_folder(folder, source.format)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"set memory_limit = '{memory_limit}'")
        connection.execute(f"set temp_directory = '{quoted(folder / '.spill')}'")
        _load_frame(connection, source)
        faults: list[Fault] = []
        for number, batch in enumerate(_plant_in_batches(connection, source, seed, share, kinds)):
            _judge(connection, source, batch, is_first=number == 0)
            faults += batch
            say(f"{len(faults):,} faults planted")
        _write_truth(connection, folder / TRUTH)
        _write_tables(connection, source, target)
        visible = connection.sql("select count(distinct fault_id) from fault_checks").fetchall()
    spill = folder / ".spill"
    if spill.exists():
        spill.rmdir()
    counts = Counter(fault.kind for fault in faults)
    return Planted(folder, {kind: counts[kind] for kind in kinds}, int(visible[0][0]))


def _load_frame(connection: duckdb.DuckDBPyConnection, source: LandingFolder) -> None:
    """Load what is known of each report: its body, year and layout, and who adds it up."""
    checks.load_terms(connection)
    checks.load_links(
        connection, source.table("raw_reports"), source.read(source.beside("rollup_members"))
    )
    connection.execute(_sql("reports", raw_reports=source.table("raw_reports")))
    connection.execute(_sql("nearby"))
    connection.execute(_sql("truth"))


def _plant_in_batches(
    connection: duckdb.DuckDBPyConnection,
    source: LandingFolder,
    seed: int,
    share: float,
    kinds: Mapping[str, Kind],
) -> Iterator[list[Fault]]:
    """Plant faults until there are enough of every kind, or the reports have been tried."""
    rows = connection.sql(_sql("candidates", seed=seed)).fetchall()
    total = connection.sql("from reports").shape[0]
    wanted = max(1, round(total * share))
    quota = -(-wanted // len(kinds))
    # Rare kinds may not be found in any number of reports: do not look for ever.
    candidates = [report_id for (report_id,) in rows[: 4 * wanted + 100]]
    planted: Counter[str] = Counter()
    for start in range(0, len(candidates), REPORTS_IN_A_BATCH):
        if planted.total() >= wanted:
            return
        batch = candidates[start : start + REPORTS_IN_A_BATCH]
        faults = []
        for report_id, page, near in _pages(connection, source, batch):
            if planted.total() >= wanted:
                break
            rng = _chance(seed, report_id)
            for kind in _rarest_first(kinds, planted, quota):
                if changes := kinds[kind](page, near, rng):
                    planted[kind] += 1
                    faults.append(Fault(f"{report_id} {kind}", report_id, kind, changes))
                    break
        yield faults


def _form_factor(cell: Cell) -> int:
    return 10_000 if cell.line_code == "fee" and cell.column_code == "amount" else 1


def _chance(seed: int, report_id: str) -> Random:
    return Random(f"{seed} {report_id}")  # noqa: S311 - a draw that can be repeated


def _rarest_first(kinds: Iterable[str], planted: Counter[str], quota: int) -> list[str]:
    open_kinds = [kind for kind in kinds if planted[kind] < quota]
    return sorted(open_kinds, key=lambda kind: (planted[kind], kind))


def _pages(
    connection: duckdb.DuckDBPyConnection, source: LandingFolder, report_ids: list[str]
) -> list[tuple[str, Page, Nearby]]:
    """Read reports, each with the one of the year before and another body's."""
    _list_reports(connection, "wanted", report_ids)
    connection.execute(_sql("read_reports"))
    cells: dict[str, dict[Cell, str | None]] = {}
    for form_table, columns, order in (
        ("requests", APPLICANT_COLUMNS, checks.line_order("requests")),
        ("reviews", RESULT_COLUMNS, checks.line_order("reviews")),
    ):
        line = "line_code" if form_table == "requests" else "channel"
        names = ", ".join(f'"{column}"' for column in columns)
        rows = connection.sql(
            f"select report_id, {line}, {names} from {source.table('raw_' + form_table)}"
            f" semi join read_reports using (report_id)"
        ).fetchall()
        for report_id, code, *printed in sorted(rows, key=lambda row: (row[0], order[row[1]])):
            page = cells.setdefault(report_id, {})
            for column, text in zip(columns, printed, strict=True):
                page[Cell(form_table, code, column)] = text
    rows = connection.sql(
        f"select report_id, line_code, measure_code, printed from {source.table('raw_disclosures')}"
        " semi join read_reports using (report_id) order by all"
    ).fetchall()
    for report_id, code, column, text in rows:
        cells.setdefault(report_id, {})[Cell("disclosures", code, column)] = text
    rows = connection.sql(
        f"select report_id, figure_code, printed from {source.table('raw_narrative_figures')}"
        " semi join read_reports using (report_id) order by all"
    ).fetchall()
    for report_id, code, text in rows:
        cells.setdefault(report_id, {})[Cell("narrative", code, "stated")] = text
    frame = connection.sql(_sql("pages")).fetchall()
    return [
        (
            report_id,
            Page(layout, cells[report_id]),
            Nearby(*(Page(layout, cells[near]) if near else None for near in nearby)),
        )
        for report_id, layout, *nearby in frame
    ]


def _list_reports(connection: duckdb.DuckDBPyConnection, table: str, report_ids: list[str]) -> None:
    connection.execute(
        f"create or replace table {table} as"
        " select unnest($ids) as report_id, unnest(range(len($ids))) as place",
        {"ids": report_ids},
    )


def _judge(
    connection: duckdb.DuckDBPyConnection,
    source: LandingFolder,
    faults: list[Fault],
    *,
    is_first: bool,
) -> None:
    """Add a batch of faults to the truth: what they change, what they break, what explains it."""
    rows: list[tuple[Any, ...]] = [
        (
            fault.fault_id,
            fault.report_id,
            fault.kind,
            *change.cell,
            change.before,
            change.after,
            str(read_number(change.before, _form_factor(change.cell)).value),
        )
        for fault in faults
        for change in fault.changes
    ]
    if not rows:
        if is_first:
            raise WrongCall(f"No fault could be planted into the reports of {source.root}.")
        return
    connection.execute("create or replace table batch_changes as from changes limit 0")
    columns = ", ".join(f"unnest($columns[{i}])" for i in range(1, len(rows[0]) + 1))
    connection.execute(
        f"insert into batch_changes select {columns}",
        {"columns": [list(column) for column in zip(*rows, strict=True)]},
    )
    tables = {name: source.table(name) for name in RAW_TABLES}
    connection.execute(_sql("batch_cells", tables=tables))
    checks.judge(connection)
    connection.execute(_sql("batch_checks"))
    strange = connection.sql("""
        select report_id, identity_id, slice from verdicts where status = 'broken'
        except select report_id, identity_id, slice from batch_checks
        order by all
    """).fetchall()
    if strange:
        raise WrongCall(
            f"{source.root} held faults before any was planted, first in {' '.join(strange[0])}."
        )
    connection.execute(_sql("batch_explanations"))
    connection.execute(_sql("batch_truth"))


def _write_truth(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    folder.mkdir()
    connection.execute(f"copy ({_sql('faults')}) to '{quoted(folder / FAULTS)}' (format parquet)")
    connection.execute(
        "copy (from fault_checks order by all)"
        f" to '{quoted(folder / FAULT_CHECKS)}' (format parquet)"
    )


def _write_tables(
    connection: duckdb.DuckDBPyConnection, source: LandingFolder, target: LandingFolder
) -> None:
    """Copy every file, those of the form and the prose with the changed texts."""
    for name in ("agencies", "rollup_members"):
        shutil.copy(source.beside(name), target.beside(name))
    changed = {
        "raw_requests": ("changed_rows", "requests", "line_code", APPLICANT_COLUMNS),
        "raw_reviews": ("changed_rows", "reviews", "channel", RESULT_COLUMNS),
        "raw_disclosures": ("changed_disclosures", "disclosures", "line_code", ()),
        "raw_narrative_figures": ("changed_figures", "narrative", "figure_code", ()),
    }
    for table in RAW_TABLES:
        for path in source.parts(table):
            copy = target.root / path.relative_to(source.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if table in changed:
                query, form_table, line, columns = changed[table]
                rows = _sql(
                    query, rows=source.read(path), form_table=form_table, line=line, columns=columns
                )
                connection.execute(target.write(rows, copy))
            else:
                shutil.copy(path, copy)


def _sql(name: str, **names: object) -> str:
    return sql(
        f"synthetic/queries/plant/{name}.sql",
        applicants=APPLICANT_COLUMNS,
        results=RESULT_COLUMNS,
        **names,
    )
