"""What only the whole document can tell: the lines that were met and not read, or are absent."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.landing.form.walk import Walk
    from gouji.landing.reading import CellRead, Reading
    from gouji.landing.vocabulary import Form

TABLE_NAMES = {"disclosures": "table 二", "requests": "table 三", "reviews": "table 四"}


def settle(walk: Walk) -> None:
    """Settle a walk: no line that may stand in the document is left out in silence."""
    walk.reviews.settle()
    _settle_other_processing(walk)
    _settle_seen(walk)
    _settle_bare(walk)
    for form_table, missing in _missing(walk.reading, walk.form).items():
        if not missing:
            continue
        unnamed = walk.unnamed.get(form_table)
        if unnamed:
            for line in missing:
                walk.mark(line, "", f"it may be the row that could not be named: {unnamed[0]}")
            continue
        names = ", ".join(walk.form.labels[line] for line in missing[:4])
        more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
        walk.reading.notes.append(f"{TABLE_NAMES[form_table]} has no row for {names}{more}: absent")
    if walk.cut:
        walk.reading.notes.append(f"{walk.cut}: what follows is absent")
    _say_odd(walk.reading, walk.form)


def _missing(reading: Reading, form: Form) -> dict[str, list[str]]:
    """The lines of each table that are not landed, and should be."""
    lines = form.disclosure_lines.get(reading.layout, [])
    had = {line for line, _ in reading.disclosures}
    wanted = list(form.usual_request_lines.get(reading.layout, []))
    if any(line in reading.requests for line in form.split_lines):
        wanted = [line for line in wanted if line != "other_processing"]
        wanted += [line for line in form.split_lines if line not in wanted]
    elif "other_processing" in reading.requests:
        wanted = [line for line in wanted if line not in form.split_lines]
    elif "other_processing" not in wanted:
        wanted.append("other_processing")
    return {
        "disclosures": [line for line in lines if line not in had],
        "requests": [line for line in wanted if line not in reading.requests],
        "reviews": [channel for channel in form.channels if channel not in reading.reviews],
    }


def _settle_other_processing(walk: Walk) -> None:
    """（六） beside its own rows is their heading; with values of its own, it may be one."""
    requests, split = walk.reading.requests, walk.form.split_lines
    cells = requests.get("other_processing")
    missing = [line for line in split if line not in requests]
    if cells is None or len(missing) == len(split):
        return
    if all(cell.mark or not cell.printed for cell in cells):
        del requests["other_processing"]
        return
    bare = [line for line in split if line not in missing and not any(requests[line].printed)]
    if missing or bare:
        del requests["other_processing"]
        for line in (*missing, *bare):
            requests.pop(line, None)
            reason = "values stand beside （六） and none beside this line of it"
            walk.mark(line, next(iter(cells)).place, reason)


def _settle_seen(walk: Walk) -> None:
    """Mark the lines whose labels stand somewhere in the tables and were not read there."""
    form, reading = walk.form, walk.reading
    read = reading.requests.keys() | {line for line, _ in reading.disclosures}
    if walk.seen.keys() <= read:
        return
    of_layout = set(form.request_lines.get(reading.layout, []))
    of_layout |= {line for layout, line in form.cells if layout == reading.layout}
    for line, row in walk.seen.items():
        if line in read or line not in of_layout:
            continue
        if line == "other_processing" and any(one in reading.requests for one in form.split_lines):
            continue
        walk.mark(line, row.place, "its label stands in a row that could not be read")


def _settle_bare(walk: Walk) -> None:
    """Mark lines of which a part of the label stands alone, where a row could not be named."""
    unnamed = next(chain.from_iterable(walk.unnamed.values()), "")
    if not unnamed:
        return
    for line, row in walk.bare.items():
        walk.forget(line)
        walk.mark(line, row.place, f"its numbers may stand in another row: {unnamed}")


def _say_odd(reading: Reading, form: Form) -> None:
    """Say which cells hold a text that is no number; they are landed as they stand."""
    odd_rows: list[Iterable[CellRead]] = [
        line for line in reading.lines() if not "".join(line.printed).isdigit()
    ]
    disclosures = reading.disclosures.values()
    if not "".join([cell.printed for cell in disclosures]).isdigit():
        odd_rows.append(disclosures)
    odd = [
        cell
        for cell in chain.from_iterable(odd_rows)
        if cell.printed and not cell.mark and not form.is_value(cell.printed)
    ]
    if odd:
        reading.notes.append(
            f"{len(odd)} cells hold a text that is no number, the first {odd[0].place}: "
            f"{odd[0].printed[:20]}"
        )
