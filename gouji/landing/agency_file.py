"""A file of agencies: `agencies.csv`, or those proposed for review."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gouji.landing.agencies import AGENCY_COLUMNS, fill_parents
from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from gouji.landing.act import Act


class AgencyFile:
    """The agencies of a file by their ids; it may be one that people have edited."""

    def __init__(self, path: Path) -> None:
        """Read the file, if it is there; `Refused` if it cannot be read as agencies."""
        self.path = path
        self.columns = list(AGENCY_COLUMNS)
        self.rows: dict[str, dict[str, str]] = {}
        if path.exists():
            try:
                self._read()
            except (OSError, UnicodeDecodeError, LookupError, csv.Error) as error:
                raise Refused(
                    f"{path} cannot be read as agencies in UTF-8 ({error}): save it as such, "
                    "or move it away"
                ) from error

    def _read(self) -> None:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            for row in rows:
                if None in row:
                    raise LookupError(f"line {rows.line_num} has more cells than the heading")
                self.rows[row["agency_id"]] = row
            self.columns += [name for name in rows.fieldnames or () if name not in self.columns]

    def put(
        self,
        act: Act,
        agencies: Iterable[dict[str, str]],
        *,
        parents: bool = False,
        known: Collection[str] = (),
    ) -> None:
        """Put the file with agencies that it lacks into an act, in the order of their ids.

        With `parents`, bodies that answer to none are given the government of their region.  Those
        whose names are `known` no longer wait: they are taken out.
        """
        before = set(self.rows)
        for row in agencies:
            self.rows.setdefault(row["agency_id"], row)
        self.rows = {key: row for key, row in self.rows.items() if row["agency_name"] not in known}
        if set(self.rows) == before:
            return
        if parents:
            fill_parents(self.rows)
        file = io.StringIO()
        writer = csv.DictWriter(file, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows[agency_id] for agency_id in sorted(self.rows))
        act.put(self.path, file.getvalue().encode())
