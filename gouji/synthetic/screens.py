"""The screens measured on synthetic reports: how often they accuse a sound one, what they find.

Clean reports are built and every finding counted: each is a false alarm. Then slips of the kinds
that the screens look for are planted into a copy, which is built as well.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table

from gouji.errors import DataFailed
from gouji.sql import quoted, sql
from gouji.synthetic.generate import generate
from gouji.synthetic.measure import build
from gouji.synthetic.plant import FAULTS, TRUTH, plant
from gouji.synthetic.screen_faults import SCREEN_KINDS, SEEN_BY

# A finding costs somebody a look: of sound reports, each screen may point at this share.
FALSE_ALARMS_AT_MOST = 0.01
# Of what was planted, each screen finds this share: what it cannot know is left to it.
FOUND_AT_LEAST = 0.1

Row = dict[str, Any]


def measure_screens(
    folder: Path, *, reports: int, share: float, seed: int, say: Callable[[str], None]
) -> list[Row]:
    """Build a warehouse from clean reports and one from planted ones, and count findings.

    Returns:
        A row a kind of slip: its screen and table; reports, false_alarms (clean reports that the
        screen found in that table) and their rate; planted, found and recall. Then a row for the
        first digits of provinces and one for those of sectors, whose `reports` are sets.

    Raises:
        WrongCall: the folder is there already.
        ToolFailed: dbt did not build a warehouse.
    """
    clean, planted = folder / "clean", folder / "planted"
    done = generate(clean, reports=reports, seed=seed)
    say(f"{done.reports:,} reports of {done.agencies:,} bodies, consistent")
    faults = plant(clean, planted, seed=seed, share=share, kinds=SCREEN_KINDS)
    say(f"{sum(faults.by_kind.values()):,} slips planted")
    for name, landing in (("clean", clean), ("planted", planted)):
        database = folder / f"{name}.duckdb"
        build(folder, landing, database, select=("+sanity_findings", "+first_digits"))
        say(f"warehouse of the {name} reports built")
    return count_findings(folder / "clean.duckdb", folder / "planted.duckdb", planted)


def count_findings(clean: Path, planted: Path, planted_folder: Path) -> list[Row]:
    """Count the findings of two warehouses: of clean reports, and of those with planted slips."""
    with duckdb.connect() as connection:
        for name, database in (("clean", clean), ("planted", planted)):
            connection.execute(f"attach '{quoted(database)}' as {name} (read_only)")
        query = sql(
            "synthetic/queries/score/screens.sql",
            faults=quoted(planted_folder / TRUTH / FAULTS),
            seen_by=SEEN_BY,
        )
        relation = connection.sql(query)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def screens_table(rows: list[Row]) -> Table:
    """The counts as a table for a terminal."""
    table = Table(title="Screens", title_justify="left")
    for number, name in enumerate(rows[0]):
        table.add_column(name.replace("_", " "), justify="right" if number > 2 else "left")
    for row in rows:
        table.add_row(
            *(
                "–" if value is None else f"{value:.2%}" if isinstance(value, float) else str(value)
                for value in row.values()
            )
        )
    return table


def require_screens(rows: list[Row]) -> None:
    """Let the counts pass, or say where they fall short.

    Raises:
        DataFailed: a screen accuses too many sound reports, or finds too little.
    """
    found = [
        f"{row['screen']} of {row['form_table']} accuses {row['false_alarm_rate']:.2%}"
        for row in rows
        if (row["false_alarm_rate"] or 0) > FALSE_ALARMS_AT_MOST
    ]
    found += [
        f"{row['screen']} of {row['form_table']} finds {row['found']} of {row['planted']}"
        f" {row['planted_kind']}"
        for row in rows
        if row["planted"] and row["recall"] < FOUND_AT_LEAST
    ]
    if found:
        raise DataFailed(f"The screens fall short: {'; '.join(found)}.")
