"""Says of reports that were read from scans that they were: rows of `report_evidence.csv`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gouji.landing.act import Act

EVIDENCE = "ocr"
COLUMNS = ("report_id", "evidence")


def put_evidence(act: Act, stewardship: Path, report_ids: Iterable[str]) -> None:
    """Put rows for reports that were read from scans into an act.

    Raises `Refused` for a file that has other columns.
    """
    new = dict.fromkeys(report_ids, EVIDENCE)
    if not new:
        return
    path = stewardship / "report_evidence.csv"
    known: dict[str, str] = {}
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
            if tuple(head) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
                raise Refused(f"{path} has other columns than {', '.join(COLUMNS)}: mend it first")
            known = dict(rows)
    file_now = io.StringIO()
    writer = csv.writer(file_now, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted((known | new).items()))
    act.put(path, file_now.getvalue().encode())
