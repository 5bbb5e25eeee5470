"""What doubts the reading of a scan, and never makes one: words for values, broken identities.

A text that is no value is `?` in a scan: an engine may have made it of a number.  Where the cells
of an identity do not add up, one of them may be misread: those of which the engine is not all but
certain become `?`.  The others stay, for reports do break identities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.landing.reading import marked

if TYPE_CHECKING:
    from gouji.landing.checks import Identities
    from gouji.landing.reading import Reading
    from gouji.landing.vocabulary import Form

CERTAIN = 0.98  # of 1
DOUBT = "read from a picture, and its sum does not come out"
NO_VALUE = "read from a picture as a text that is no value"


def doubt_words(reading: Reading, form: Form) -> None:
    """Mark the cells of which the text is no value."""

    def is_word(text: str) -> bool:
        return bool(text) and not form.is_value(text)

    for key, cell in reading.disclosures.items():
        if not cell.mark and is_word(cell.printed):
            reading.disclosures[key] = marked(cell.row, NO_VALUE, cell.number)
    for rows in (reading.requests, reading.reviews):
        for line, row in rows.items():
            reasons = (NO_VALUE if not cell.mark and is_word(cell.printed) else "" for cell in row)
            rows[line] = row.doubted(tuple(reasons))


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
