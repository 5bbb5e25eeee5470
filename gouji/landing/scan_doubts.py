"""Identities that doubt what was read of a scan; they never make a reading.

Where the cells of an identity do not add up, one of them may be misread: those of which the engine
is not all but certain become `?`.  The others stay, for reports do break identities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gouji.landing.checks import Identities
    from gouji.landing.reading import Reading
    from gouji.landing.vocabulary import Form

CERTAIN = 0.98  # of 1
DOUBT = "read from a picture, and its sum does not come out"


def doubt_broken(
    reading: Reading, sureness: dict[str, float], identities: Identities, form: Form
) -> None:
    """Mark the cells of broken identities of which the engine is less than certain."""
    for form_table, line, column in identities.broken_cells(reading, form):
        rows = reading.requests if form_table == "requests" else reading.reviews
        cells = list(rows[line])
        if not cells[column].mark and sureness.get(cells[column].place, 1.0) < CERTAIN:
            reasons = [DOUBT if at == column else "" for at in range(len(cells))]
            rows[line] = rows[line].doubted(tuple(reasons))
