"""The identities of the form as SQL: a second computation, apart from the one that dbt makes.

Each identity becomes one query over the cells (`queries/checks.sql`). It gives the verdict of
every check (report and slice), by the rules of the contract:

* there is a check where the report itself has, or should have, a cell of the left side; an
  identity may be for one layout, and roll-ups are for consolidated reports;
* a term that the document does not have is left out, or makes the check not assessable, as the
  term says; so does text that is no number, or a figure of the prose that is stated twice and
  differently;
* a term of last year is in the report of the same body, or of its predecessor, in the
  same layout if it is of table 二; of the members, in the reports of a set that is complete. Where
  there are none, the check is not assessable;
* a row of table 三 that is printed beside its parts is a subtotal: it is checked along itself and
  by the terms that ask for subtotals, and added to nothing else; a term that asks for the total or
  its parts takes the parts where the total is blank and they are not;
* over blank cells a check holds if it holds with the blanks at zero, is not assessable if some
  blank could mend it with a number of at least zero (a change may be less), and is broken
  otherwise; `/` is zero, and no number could stand there;
* where the document has no cell of one side, there is nothing to check; blanks alone are equal if
  they are zero.

An identity of any shape is summed cell by cell (`sums_of_cells.sql`). Table 三 has most of the
cells, and two shapes leave its rows as wide as the form prints them: lines that are checked in
each of the seven columns, and cells of one row.
"""

from dataclasses import asdict, replace
from enum import IntFlag, auto
from typing import Any, NamedTuple

from gouji.identities import Identity, Term
from gouji.raw_tables import APPLICANT_COLUMNS, RESULT_COLUMNS
from gouji.sql import sql

# What a check makes of a cell depends on its status, in this order.
STATUSES = ("reported", "unreadable", "blank", "none", "absent")
# Tables that are kept row by row: the rows, and the column that names the line.
ROWS = {
    "requests": ("intermediate.int_request_rows", "line_code"),
    "reviews": ("intermediate.int_review_rows", "channel"),
}


COLUMNS = {"requests": APPLICANT_COLUMNS, "reviews": RESULT_COLUMNS}


class Seen(IntFlag):
    """What a check has seen in the cells of its terms."""

    # Text that is no number, or a figure stated as two numbers.
    UNREADABLE = auto()
    # A cell that the document does not have, of a term that the check needs.
    MISSING = auto()
    # A blank in which a number would raise lhs - rhs, or lower it.
    BLANK_RAISES = auto()
    BLANK_LOWERS = auto()
    # `/` or 无: none, which counts as 0.
    NONE = auto()
    # A cell that the document has, on either side.
    LEFT = auto()
    RIGHT = auto()
    # A cell of the left side that the report itself has, or should have.
    CHECKED = auto()


class Place(NamedTuple):
    """Where terms stand together: cells of one table, in the report itself or in others."""

    form_table: str
    scope: str
    year_offset: int

    @classmethod
    def of(cls, term: Term) -> "Place":
        """The place of a term."""
        return cls(term.form_table, term.scope, term.year_offset)


def broken_checks_sql(identity: Identity) -> str:
    """Select the broken checks of an identity.

    Columns: report_id, identity_id, slice, lhs, rhs, difference (lhs - rhs); the sides are sums
    over the reported terms.
    """
    return _sql("broken_checks", identity).strip()


def audited_checks_sql(identity: Identity) -> str:
    """Select the broken checks of an identity, beside a count of them and a digest of all checks.

    Columns: failing_rows, checks (see `queries/digest.sql`), and those of `broken_checks_sql`,
    which are empty where none is broken.
    """
    return _sql("audited_checks", identity).strip()


def checks_sql(identity: Identity) -> str:
    """Select every check of an identity: the columns above and its `status`."""
    return _sql("checks", identity)


def _sql(name: str, identity: Identity) -> str:
    places = list(dict.fromkeys(map(Place.of, identity.terms)))
    rows, line = ROWS.get(identity.form_table, ("", ""))
    return sql(
        f"audit/queries/{name}.sql",
        Seen=Seen,
        applicant_columns=APPLICANT_COLUMNS,
        columns_of=COLUMNS,
        identity=identity,
        line=line,
        places=[_place(place, identity) for place in places],
        rows=rows,
        statuses=[f"if_{status}" for status in STATUSES],
        sums_of=_sums_of(identity),
        terms=[
            _term(cell, number, places.index(Place.of(term)), identity.takes_subtotals)
            for number, term in enumerate(identity.terms)
            for cell in _cells_of(term)
        ],
        terms_required=sum(_bit(term, number) for number, term in enumerate(identity.terms)),
        year_offsets=sorted({term.year_offset for term in identity.terms}),
    )


def _sums_of(identity: Identity) -> str:
    """Name the query that sums the terms."""
    terms = identity.terms
    tables = {term.form_table for term in terms}
    is_of_columns = identity.slice_by == "column" and tables == {"requests"}
    if is_of_columns and not identity.is_rollup:
        if all(term.line_code and not term.column_code for term in terms):
            return "sums_down_columns"
    elif len(tables | {identity.form_table}) == 1 and identity.form_table in ROWS:
        is_one_row = len({term.line_code for term in terms}) == 1
        is_line = bool(terms[0].line_code) == (identity.slice_by == "all")
        if (
            is_one_row
            and is_line
            and all(term.is_of_the_report and term.column_code for term in terms)
            and not any(term.reading for term in terms)
        ):
            return "sums_across_rows"
    return "sums_of_cells"


def _cells_of(term: Term) -> list[Term]:
    """Give a term once for each column that it may read: a total's parts stand in for it."""
    if term.reading != "total_or_parts":
        return [term]
    return [replace(term, column_code=column) for column in COLUMNS[term.form_table]]


def _place(place: Place, identity: Identity) -> dict[str, Any]:
    """Give a place with the lines and columns that its terms name; none where they name all."""
    here = [cell for term in identity.terms if Place.of(term) == place for cell in _cells_of(term)]
    lines = {term.line_code for term in here}
    columns = {term.column_code for term in here}
    return place._asdict() | {
        "lines": None if None in lines else sorted(filter(None, lines)),
        "columns": None if None in columns else sorted(filter(None, columns)),
        "takes_subtotals": identity.takes_subtotals
        or any(term.reading == "subtotal" for term in here),
    }


def _term(term: Term, number: int, place: int, takes_subtotals: bool) -> dict[str, Any]:
    """Give a term with its factors in lhs and rhs, its bit, and what is seen in its cell.

    `rows` are those of table 三 that it reads, and `without_total` whether they are those whose
    total is blank while a part is not; none where it reads either.
    """
    usual_rows = "all" if takes_subtotals else "all but subtotals"
    return asdict(term) | {
        "place": place,
        "rows": "subtotals" if term.reading == "subtotal" else usual_rows,
        "without_total": term.column_code != "total" if term.reading == "total_or_parts" else None,
        "left_weight": term.coefficient if term.side == "left" else 0,
        "right_weight": -term.coefficient if term.side == "right" else 0,
        "bit": _bit(term, number),
        "seen": [_seen(term, status).value for status in STATUSES],
    }


def _bit(term: Term, number: int) -> int:
    """Give the bit of a term that must be found, by its place in the identity; 0 of another."""
    return 1 << number if term.is_required else 0


def _seen(term: Term, status: str) -> Seen:
    """What a check sees in the term's cell, by the cell's status."""
    side = Seen.LEFT if term.side == "left" else Seen.RIGHT
    checked = Seen.CHECKED if side is Seen.LEFT and term.is_of_the_report else Seen(0)
    by_status = {
        "reported": side,
        "unreadable": Seen.UNREADABLE | side,
        "none": Seen.NONE | side,
        "blank": side | (Seen.BLANK_RAISES if term.coefficient > 0 else Seen.BLANK_LOWERS),
        "absent": Seen.MISSING if term.is_required else Seen(0),
    }
    return by_status[status] | checked
