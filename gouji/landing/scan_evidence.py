"""Says of reports that were read from scans that they were: rows of `report_evidence.csv`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from gouji.landing.act import Act

FILE = "report_evidence.csv"
EVIDENCE = "ocr"
COLUMNS = ("report_id", "evidence")


def known_evidence(stewardship: Path) -> dict[str, str]:
    """What reports were read from, by their ids; `Refused` for a file that has other columns."""
    path = stewardship / FILE
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    if tuple(head) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise Refused(f"{path} has other columns than {', '.join(COLUMNS)}: mend it first")
    return dict(rows)


def put_evidence(
    act: Act, stewardship: Path, known: dict[str, str], scans: Collection[str]
) -> None:
    """Put into an act which reports are read from scans, beside what else is known of others."""
    others = {one: evidence for one, evidence in known.items() if evidence != EVIDENCE}
    now = others | dict.fromkeys(scans, EVIDENCE)
    if now == known:
        return
    file_now = io.StringIO()
    writer = csv.writer(file_now, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(now.items()))
    act.put(stewardship / FILE, file_now.getvalue().encode())
