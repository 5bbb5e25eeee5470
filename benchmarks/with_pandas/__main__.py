"""The tables of a landing folder: `python -m benchmarks.with_pandas LANDING FOLDER [SEEDS]`."""

import sys
from pathlib import Path

from benchmarks.with_pandas.cells import as_corrected, read_cells
from benchmarks.with_pandas.checks import report_pairs, verdicts
from benchmarks.with_pandas.source import Source, read_agencies, read_reports
from benchmarks.with_pandas.tables import make_tables


def main() -> None:
    """Make the four tables of a landing folder, each a Parquet file in another folder."""
    landing, folder, *seeds = map(Path, sys.argv[1:])
    source = Source(landing, *seeds)
    agencies = read_agencies(source)
    revisions = read_reports(source, agencies)
    reports = revisions[revisions["is_current"]]
    cells = read_cells(source, revisions)
    pairs = report_pairs(reports, agencies, source)
    checks = verdicts(cells, pairs, reports, source)
    on_values = checks
    if not cells["corrected"].empty:
        on_values = verdicts(as_corrected(cells), pairs, reports, source)
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in make_tables(cells, (checks, on_values), pairs, reports, source):
        rows.to_parquet(folder / f"{table}.parquet", index=False)


if __name__ == "__main__":
    main()
