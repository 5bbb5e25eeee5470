"""The documents that are landed: forms of zeros in which a few cells are printed otherwise."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python"))

from landing_documents import Truth, lone_counties, write  # noqa: E402

if TYPE_CHECKING:
    import random

    from benchmarks.soak.model import Cell
    from gouji.landing.vocabulary import Form

LAYOUT = "2021"
YEARS = range(2021, 2026)
FORMATS = ("html", "md", "txt")
BUREAU = "教育局"


def some_bodies(count: int, chance: random.Random) -> list[dict[str, str]]:
    """Counties whose bureaux report, by their rows in the regions."""
    return chance.sample(lone_counties(ROOT / "seeds" / "reference"), count)


def drawn(form: Form, chance: random.Random) -> Truth:
    """A report that adds up, or that has a slip or two in table 三; some cells blank or stroked."""
    truth = Truth(LAYOUT)
    for line in form.disclosure_lines[LAYOUT]:
        for measure in form.cells[LAYOUT, line]:
            truth.disclosures[line, measure] = str(chance.randrange(300))
    for line in form.request_lines[LAYOUT]:
        if line != "other_processing":  # it is split
            truth.requests[line] = ["0"] * len(form.applicants)
    for line in ("new_requests", "granted", "total_processed"):
        truth.requests[line][0] = truth.requests[line][-1] = str(chance.randrange(1, 90))
    asked = truth.requests["new_requests"][0]
    for line in ("granted", "total_processed"):
        truth.requests[line][0] = truth.requests[line][-1] = asked
    for channel in form.channels:
        upheld = str(chance.randrange(9))
        truth.reviews[channel] = [upheld, *["0"] * (len(form.results) - 2), upheld]
    for text, most in (("", 6), ("/", 2), ("slip", 2)):
        for _ in range(chance.randrange(most + 1)):
            line = chance.choice([*truth.requests])
            column = chance.randrange(len(form.applicants) - 1)
            printed = truth.requests[line][column]
            if printed.isdecimal() and (text == "slip" or printed == "0"):
                truth.requests[line][column] = (
                    str(int(printed) + chance.randrange(1, 9)) if text == "slip" else text
                )
    return truth


def cells_of(truth: Truth, form: Form) -> dict[Cell, str]:
    """What is printed in each cell."""
    cells: dict[Cell, str] = {
        ("disclosures", *place): printed for place, printed in truth.disclosures.items()
    }
    for table, rows, columns in (
        ("requests", truth.requests, form.applicants),
        ("reviews", truth.reviews, form.results),
    ):
        for line, texts in rows.items():
            for column, printed in zip(columns, texts, strict=True):
                cells[table, line, column] = printed
    return cells


def document(truth: Truth, form: Form, number: int, folder: Path) -> Path:
    """Write a report as a document, of a format that hangs on its number."""
    kind = FORMATS[number % len(FORMATS)]
    path = folder / f"{number:05}.{kind}"
    path.write_bytes(write(truth, form, kind, "clean", number))
    return path
