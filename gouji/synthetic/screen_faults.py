"""The kinds of slips that the screens look for, most of which break no check.

As in `faults.py`. Which screen should find a kind, and in which table of the form, is in `SEEN_BY`.
"""

from random import Random

from gouji.synthetic.faults import factor_ten_thousand
from gouji.synthetic.numbers import read_number
from gouji.synthetic.page import (
    TYPES,
    Cell,
    Change,
    Changes,
    Kind,
    Nearby,
    Page,
    all_or_none,
    first,
    rewritten,
    shuffled,
)
from gouji.synthetic.table_faults import table_copied

# The bounds of the screens, as in the seed `sanity_bounds`: a copy of a quiet table, or a 0 after a
# quiet year, is none that anybody could tell from chance.
ROW_OF_SIZE = 10
NUMBERS_OF_LAST_YEAR = {"requests": 5, "disclosures": 6}
NUMBERS_OF_ANOTHER_BODY = {"requests": 8, "disclosures": 8}
BUSY, BUSY_WITH_DECISIONS = 20, 100


def _disclosures(page: Page) -> list[Cell]:
    return [cell for cell in page.cells if cell.form_table == "disclosures"]


def _numbers(page: Page, form_table: str) -> int:
    """How many numbers of a table are not 0, totals of table 三 left out."""
    if form_table == "disclosures":
        return sum(1 for cell in _disclosures(page) if read_number(page.cells[cell]).value)
    rows = [row for row in page.requests() if row[0].line_code != "total_processed"]
    return sum(1 for row in rows for cell in row[:-1] if page.number(cell))


def _requests_copied(page: Page, source: Page | None, least: dict[str, int]) -> Changes:
    full = source is not None and _numbers(source, "requests") >= least["requests"]
    return table_copied(page, source) if full else []


def _disclosures_copied(page: Page, source: Page | None, least: dict[str, int]) -> Changes:
    if source is None or _numbers(source, "disclosures") < least["disclosures"]:
        return []
    return _overwritten(page, {cell: source.cells[cell] or "" for cell in _disclosures(source)})


def _overwritten(page: Page, texts: dict[Cell, str]) -> Changes:
    """Write table 二 anew; it is left alone where a cell holds no number, before or after."""
    cells = _disclosures(page)
    changes = [Change(cell, page.cells[cell] or "", texts.get(cell, "")) for cell in cells]
    if not all(_is_number(change.before) and _is_number(change.after) for change in changes):
        return []
    return [change for change in changes if change.before != change.after]


def _is_number(text: str) -> bool:
    return bool(text) and read_number(text).value is not None


def row_of_last_year(page: Page, near: Nearby, rng: Random) -> Changes:
    """A row of some size is last year's."""
    last = near.last_year
    if last is None or not page.requests():
        return []
    for row in shuffled(last.requests(), rng):
        if last.number(row[-1]) >= ROW_OF_SIZE:
            changes = rewritten(page, ((cell, last.digits(cell) or "") for cell in row))
            if changes:
                return changes
    return []


def requests_of_last_year(page: Page, near: Nearby, _rng: Random) -> Changes:
    """Table 三 is last year's."""
    return _requests_copied(page, near.last_year, NUMBERS_OF_LAST_YEAR)


def requests_of_another_body(page: Page, near: Nearby, _rng: Random) -> Changes:
    """Table 三 is another body's of the same year."""
    return _requests_copied(page, near.other_body, NUMBERS_OF_ANOTHER_BODY)


def disclosures_of_last_year(page: Page, near: Nearby, _rng: Random) -> Changes:
    """Table 二 is last year's."""
    return _disclosures_copied(page, near.last_year, NUMBERS_OF_LAST_YEAR)


def disclosures_of_another_body(page: Page, near: Nearby, _rng: Random) -> Changes:
    """Table 二 is another body's of the same year."""
    return _disclosures_copied(page, near.other_body, NUMBERS_OF_ANOTHER_BODY)


def requests_left_zero(page: Page, near: Nearby, _rng: Random) -> Changes:
    """Table 三 is left 0 throughout after a busy year."""
    last = near.last_year
    if last is None or last.number(Cell("requests", "new_requests", "total")) < BUSY:
        return []
    return rewritten(page, ((cell, 0) for row in page.requests() for cell in row))


def disclosures_left_zero(page: Page, near: Nearby, _rng: Random) -> Changes:
    """Table 二 is left 0 throughout after a busy year."""
    last = near.last_year
    cells = _disclosures(page)
    if last is None or max((last.number(cell) for cell in cells), default=0) < BUSY:
        return []
    return _overwritten(page, dict.fromkeys(cells, "0"))


def applicants_left_zero(page: Page, near: Nearby, rng: Random) -> Changes:
    """A kind of applicants with many requests last year is left 0."""
    last = near.last_year
    if last is None:
        return []
    cells = [Cell("requests", "new_requests", column) for column in TYPES]
    return first(page.change(c, 0) for c in shuffled(cells, rng) if last.number(c) >= BUSY)


def decisions_left_zero(page: Page, near: Nearby, rng: Random) -> Changes:
    """The decisions of a line with very many last year are left 0."""
    last = near.last_year
    if last is None:
        return []
    cells = [cell for cell in _disclosures(page) if cell.column_code == "decisions"]
    return first(
        page.change(c, 0) for c in shuffled(cells, rng) if last.number(c) >= BUSY_WITH_DECISIONS
    )


def decisions_hundredfold(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Decisions of a line are printed with two digits too many."""
    cells = [cell for cell in _disclosures(page) if cell.column_code == "decisions"]
    return first(
        page.change(cell, page.number(cell) * 100)
        for cell in shuffled(cells, rng)
        if page.number(cell) >= 5
    )


def requests_hundredfold(page: Page, _near: Nearby, _rng: Random) -> Changes:
    """The total of new requests is printed with two digits too many."""
    total = Cell("requests", "new_requests", "total")
    return first([page.change(total, page.number(total) * 100)] if page.number(total) else [])


def count_negative(page: Page, _near: Nearby, rng: Random) -> Changes:
    """A count is below 0."""
    counts = [cell for cell in page.plain_cells() if cell.column_code not in ("change", "amount")]
    return first(
        page.change(cell, f"-{page.number(cell)}")
        for cell in shuffled(counts, rng)
        if cell.form_table == "requests" and page.number(cell)
    )


def money_in_a_count(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Money is printed where decisions belong."""
    cells = [cell for cell in _disclosures(page) if cell.column_code == "decisions"]
    return first(page.change(cell, f"{rng.randint(1, 10**6)}元") for cell in shuffled(cells, rng))


def items_for_decisions(page: Page, _near: Nearby, rng: Random) -> Changes:
    """The stock of items is printed where decisions belong."""
    for cell in shuffled(_disclosures(page), rng):
        items = page.number(cell._replace(column_code="prior_items"))
        unchanged = page.digits(cell._replace(column_code="change")) == "0"
        if cell.column_code == "decisions" and items and unchanged:
            return all_or_none([page.change(cell, items)])
    return []


def parts_left_blank(page: Page, _near: Nearby, rng: Random) -> Changes:
    """Of a row of table 三 only the total is filled."""
    for row in shuffled(page.requests(), rng):
        if page.number(row[-1]):
            changes = all_or_none(page.change(cell, "") for cell in row[:-1])
            if changes:
                return changes
    return []


SCREEN_KINDS: dict[str, Kind] = {
    "count_negative": count_negative,
    "money_in_a_count": money_in_a_count,
    "items_for_decisions": items_for_decisions,
    "row_of_last_year": row_of_last_year,
    "requests_of_last_year": requests_of_last_year,
    "disclosures_of_last_year": disclosures_of_last_year,
    "requests_of_another_body": requests_of_another_body,
    "disclosures_of_another_body": disclosures_of_another_body,
    "requests_left_zero": requests_left_zero,
    "disclosures_left_zero": disclosures_left_zero,
    "applicants_left_zero": applicants_left_zero,
    "decisions_left_zero": decisions_left_zero,
    "requests_hundredfold": requests_hundredfold,
    "decisions_hundredfold": decisions_hundredfold,
    "amount_in_other_unit": factor_ten_thousand,
    "parts_left_blank": parts_left_blank,
}
SEEN_BY: dict[str, tuple[str, str]] = {
    "count_negative": ("not_a_count", "requests"),
    "money_in_a_count": ("money_in_count", "disclosures"),
    "items_for_decisions": ("decisions_are_items", "disclosures"),
    "row_of_last_year": ("copied_row", "requests"),
    "requests_of_last_year": ("table_of_last_year", "requests"),
    "disclosures_of_last_year": ("table_of_last_year", "disclosures"),
    "requests_of_another_body": ("table_of_another_body", "requests"),
    "disclosures_of_another_body": ("table_of_another_body", "disclosures"),
    "requests_left_zero": ("table_left_zero", "requests"),
    "disclosures_left_zero": ("table_left_zero", "disclosures"),
    "applicants_left_zero": ("part_left_zero", "requests"),
    "decisions_left_zero": ("part_left_zero", "disclosures"),
    "requests_hundredfold": ("jump", "requests"),
    "decisions_hundredfold": ("jump", "disclosures"),
    "amount_in_other_unit": ("amount_in_other_unit", "disclosures"),
    "parts_left_blank": ("undistributed_total", "requests"),
}
