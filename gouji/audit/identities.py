"""The identities of the form as SQL: a second computation, apart from the one that dbt makes.

Each identity is read from the seeds in the warehouse's `reference` schema and becomes one query
over the cells. The query gives the verdict of every check (report and slice), by the rules of the
contract:

* there is a check where the report itself has, or should have, a cell of the left side; an
  identity may be for one layout, and roll-ups are for consolidated reports;
* a term that the document does not have is left out, or makes the check not assessable, as the
  term says; so does text that is no number, or a figure of the prose that is stated twice and
  differently;
* a term of last year is in the report of the same body, or of its predecessor, in the same
  layout; of the members, in the reports of a set that is complete. Where there are none, or last
  year's cell was restated since, the check is not assessable;
* over blank cells a check holds if it holds with the blanks at zero, is not assessable if some
  blank could mend it with a number of at least zero (a change may be less), and is broken
  otherwise;
* where the document has no cell of one side, there is nothing to check; blanks alone are equal if
  they are zero.

Table 三 stays as wide as the form prints it until its terms are summed: an identity that is
checked in each of the seven columns is summed in seven columns, and only the sums are unpivoted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag, auto
from pathlib import Path

from gouji.raw_tables import APPLICANT_COLUMNS
from gouji.warehouse_file import reading, records

# The reports that a consolidated one adds up (report_id, source_report_id), where the seed says
# that they are all and every one is held.
MEMBERS = """
    select consolidated.report_id, unnest(list(held.report_id)) as source_report_id
    from intermediate.int_reports as consolidated
    inner join staging.stg_rollup_members as members using (agency_id, report_year)
    left join intermediate.int_reports as held
        on members.member_agency_id = held.agency_id and members.report_year = held.report_year
    group by consolidated.report_id
    having count(*) = count(held.report_id) filter (members.is_complete)
"""

# The printed text of each table, cell by cell (report_id, line_code, column_code, printed).
PRINTED = {
    "requests": """
        from staging.stg_requests
        unpivot include nulls (
            printed for column_code in (* exclude (report_id, line_code))
        )
    """,
    "reviews": """
        from (select * rename (channel as line_code) from staging.stg_reviews)
        unpivot include nulls (
            printed for column_code in (* exclude (report_id, line_code))
        )
    """,
    "disclosures": """
        select report_id, line_code, measure_code as column_code, printed
        from staging.stg_disclosures
    """,
}

# What a check makes of the text in a cell; `contradictory` is as unreadable, `/` is as blank.
STATUSES = ("reported", "unreadable", "blank", "absent")


class Seen(IntFlag):
    """What a check has seen in the cells of its terms."""

    # Text that is no number, or a figure stated as two numbers.
    UNREADABLE = auto()
    # A cell that the document does not have, of a term that the check needs.
    MISSING = auto()
    # A blank in which a number would raise lhs - rhs, or lower it.
    BLANK_RAISES = auto()
    BLANK_LOWERS = auto()
    # A cell that the document has, on either side.
    LEFT = auto()
    RIGHT = auto()
    # A cell of the left side that the report itself has, or should have.
    CHECKED = auto()


@dataclass(frozen=True)
class Term:
    """A row of `identity_terms`; the signed terms of an identity sum to zero when it holds.

    `is_signed` is of a measure that may be negative.
    """

    side: str
    scope: str
    year_offset: int
    form_table: str
    line_code: str | None
    column_code: str | None
    coefficient: int
    is_required: bool
    is_signed: bool

    @property
    def left_weight(self) -> int:
        """The factor of the term's value in lhs."""
        return self.coefficient if self.side == "left" else 0

    @property
    def right_weight(self) -> int:
        """The factor of the term's value in rhs."""
        return -self.coefficient if self.side == "right" else 0

    def seen(self, status: str) -> int:
        """What a check sees in the term's cell, by the cell's status."""
        side = Seen.LEFT if self.side == "left" else Seen.RIGHT
        of_report = self.scope == "own" and self.year_offset == 0
        checked = Seen.CHECKED if side is Seen.LEFT and of_report else Seen(0)
        by_status = {
            "reported": side,
            "unreadable": Seen.UNREADABLE | side,
            "blank": self._blank() | side,
            "absent": Seen.MISSING if self.is_required else Seen(0),
        }
        return (by_status[status] | checked).value

    def _blank(self) -> Seen:
        if self.is_signed:
            return Seen.BLANK_RAISES | Seen.BLANK_LOWERS
        return Seen.BLANK_RAISES if self.coefficient > 0 else Seen.BLANK_LOWERS


@dataclass(frozen=True)
class Place:
    """Where terms stand together: rows of one table, in the report itself or in others.

    Tables 三 and 四 are kept row by row; of table 二 and the prose, which are kept cell by cell,
    a place is one column.
    """

    form_table: str
    scope: str
    year_offset: int
    line_code: str | None
    column_code: str | None

    @classmethod
    def of_line(cls, term: Term) -> "Place":
        """The place of a term that is a whole line of table 三."""
        return cls(term.form_table, term.scope, term.year_offset, None, None)

    @classmethod
    def of_cell(cls, term: Term) -> "Place":
        """The place of a term that is a cell of a row."""
        column = None if term.form_table in ("requests", "reviews") else term.column_code
        return cls(term.form_table, term.scope, term.year_offset, term.line_code, column)


@dataclass(frozen=True)
class Identity:
    """A row of `identities` with its terms."""

    identity_id: str
    form_table: str
    slice_by: str
    layout: str | None
    title_zh: str
    title_en: str
    severity: str
    terms: tuple[Term, ...]

    @property
    def is_rollup(self) -> bool:
        """Whether the identity compares a consolidated report with its members."""
        return any(term.scope == "members" for term in self.terms)


def read_identities(database: Path) -> list[Identity]:
    """Read the identities and their terms from a warehouse file, in the order of their ids."""
    with reading(database) as connection:
        identities = records(
            connection,
            "select identity_id, form_table, slice_by, layout, title_zh, title_en, severity"
            " from reference.identities order by identity_id",
        )
        terms = records(
            connection,
            "select identity_id, side, scope, year_offset, form_table, line_code, column_code,"
            " coefficient, when_absent = 'not_assessable' as is_required,"
            " form_table = 'disclosures' and column_code in"
            " (select measure_code from reference.measures where kind = 'change') as is_signed"
            " from reference.identity_terms order by identity_id, term_order",
        )
    terms_of: dict[str, list[Term]] = {}
    for term in terms:
        terms_of.setdefault(term.pop("identity_id"), []).append(Term(**term))
    return [
        Identity(**identity, terms=tuple(terms_of.get(identity["identity_id"], ())))
        for identity in identities
    ]


def broken_checks_sql(identity: Identity) -> str:
    """Select the broken checks of an identity.

    Columns: report_id, identity_id, slice, lhs, rhs, difference (lhs - rhs); the sides are sums
    over the reported terms.
    """
    return f"""
select report_id, identity_id, slice, lhs, rhs, difference
from ({checks_sql(identity)})
where status = 'broken'
order by report_id, slice
""".strip()


def checks_sql(identity: Identity) -> str:
    """Select every check of an identity: the columns above and its `status`."""
    sums = _sums_by_column(identity) if identity.slice_by == "column" else _sums_by_row(identity)
    return f"""
select
    report_id,
    '{identity.identity_id}' as identity_id,
    slice,
    lhs,
    rhs,
    lhs - rhs as difference,
    case
        when terms_found <> {_bits(identity, identity.terms)} then 'not_assessable'
        when {_seen(Seen.MISSING | Seen.UNREADABLE)} then 'not_assessable'
        when not {_seen(Seen.LEFT)} or not {_seen(Seen.RIGHT)} then 'not_assessable'
        when {_is_restated(identity)} then 'not_assessable'
        when lhs = rhs and not {_seen(Seen.BLANK_RAISES | Seen.BLANK_LOWERS)} then 'holds'
        when lhs = rhs then 'holds_if_blank_is_zero'
        when lhs < rhs and {_seen(Seen.BLANK_RAISES)} then 'not_assessable'
        when lhs > rhs and {_seen(Seen.BLANK_LOWERS)} then 'not_assessable'
        else 'broken'
    end as status
from ({sums})
where {_seen(Seen.CHECKED)}
"""


def _seen(what: Seen) -> str:
    return f"(seen & {what.value} > 0)"


def _bits(identity: Identity, terms: Iterable[Term]) -> int:
    """Give a bit for each of these terms that must be found, by its place in the identity."""
    return sum(1 << identity.terms.index(term) for term in terms if term.is_required)


def _sums_by_column(identity: Identity) -> str:
    """Select lhs, rhs and what was seen for each report and column of table 三.

    The terms are lines: their rows are joined to the terms and summed down all seven columns.
    """
    places = list(dict.fromkeys(Place.of_line(term) for term in identity.terms))
    terms = ", ".join(
        f"('{term.line_code}', {places.index(Place.of_line(term))},"
        f" {term.left_weight}, {term.right_weight}, {_bits(identity, [term])},"
        f" {term.seen('reported')}, {term.seen('unreadable')}, {term.seen('blank')},"
        f" {term.seen('absent')})"
        for term in identity.terms
    )
    rows = _union(
        f"select *, {number} as place from ({_rows(identity, place)})"
        for number, place in enumerate(places)
    )
    sums = ", ".join(
        f"sum(left_weight * {column}) as {column}_lhs,"
        f" sum(right_weight * {column}) as {column}_rhs,"
        f" bit_or({_by_status(column, 'if_reported', 'if_unreadable', 'if_blank', 'if_absent')})"
        f" as {column}_seen"
        for column in APPLICANT_COLUMNS
    )
    slices = _union(
        f"select report_id, '{column}' as slice, coalesce({column}_lhs, 0) as lhs,"
        f" coalesce({column}_rhs, 0) as rhs, {column}_seen as seen, terms_found from sums"
        for column in APPLICANT_COLUMNS
    )
    return f"""
    with sums as materialized (
        select report_id, bit_or(term_bit) as terms_found, {sums}
        from ({rows}) as request_rows
        inner join (values {terms}) as terms (
            line_code, place, left_weight, right_weight, term_bit,
            if_reported, if_unreadable, if_blank, if_absent
        ) using (line_code, place)
        group by report_id
    )
    {slices}
"""


def _sums_by_row(identity: Identity) -> str:
    """Select lhs, rhs and what was seen for each report and slice (a line, or `all`).

    The terms are cells that stand in the same row, or in a few rows: they are summed across, and
    then over the rows. A row that is checked by itself may be a subtotal of others.
    """
    terms_in: dict[Place, list[Term]] = {}
    for term in identity.terms:
        terms_in.setdefault(Place.of_cell(term), []).append(term)
    slice_code = "line_code" if identity.slice_by == "line" else "'all'"
    sums = _union(
        f"select report_id, {slice_code} as slice, {_sums_across(identity, terms)}"
        f" from ({_rows(identity, place, with_subtotals=len(terms_in) == 1)})"
        f" where {_is_code('line_code', place.line_code)}"
        for place, terms in terms_in.items()
    )
    if len(terms_in) == 1:
        return sums
    return f"""
    select
        report_id, slice, sum(lhs) as lhs, sum(rhs) as rhs, bit_or(seen) as seen,
        bit_or(terms_found) as terms_found
    from ({sums})
    group by report_id, slice
"""


def _sums_across(identity: Identity, terms: list[Term]) -> str:
    lhs = _sum((term.left_weight, term.column_code) for term in terms)
    rhs = _sum((term.right_weight, term.column_code) for term in terms)
    seen = " | ".join(
        _by_status(term.column_code, *(term.seen(status) for status in STATUSES)) for term in terms
    )
    return f"{lhs} as lhs, {rhs} as rhs, {seen} as seen, {_bits(identity, terms)} as terms_found"


def _by_status(column: str | None, *seen: int | str) -> str:
    """Tell what is seen in a cell, given what it is for each of the STATUSES in turn."""
    reported, unreadable, blank, absent = seen
    return (
        f"case {column}_status when 'reported' then {reported}"
        f" when 'unreadable' then {unreadable} when 'contradictory' then {unreadable}"
        f" when 'blank' then {blank} when 'not_applicable' then {blank} else {absent} end"
    )


def _rows(identity: Identity, place: Place, *, with_subtotals: bool = False) -> str:
    """Select the rows of a place, under the report that the check is of.

    Columns: report_id, line_code, and each column with its status. A row that a member does not
    have is there with no number and no status.
    """
    rows = _table(place)
    if place.form_table == "requests" and not with_subtotals:
        rows += " where not is_subtotal"
    if place.scope == "members":
        return f"""
        select due.report_id, due.line_code, rows.* exclude (report_id, line_code)
        from (
            select report_id, line_code, source_report_id
            from ({_of_reports_checked(identity, rows)})
            inner join ({MEMBERS}) using (report_id)
        ) as due
        left join ({rows}) as rows
            on due.source_report_id = rows.report_id and due.line_code = rows.line_code
    """
    if place.year_offset != 0:
        return f"""
        select sources.report_id, rows.* exclude (report_id)
        from ({rows}) as rows
        inner join ({_reports_of_year(place.year_offset)}) as sources
            on rows.report_id = sources.source_report_id
    """
    return _of_reports_checked(identity, rows)


def _table(place: Place) -> str:
    cell = f"value as {place.column_code}, value_status as {place.column_code}_status"
    return {
        "requests": "select * from intermediate.int_request_rows",
        "reviews": "select *, channel as line_code from intermediate.int_review_rows",
        "disclosures": f"select report_id, line_code, {cell}"
        f" from intermediate.int_disclosure_cells where measure_code = '{place.column_code}'",
        "narrative": f"select report_id, figure_code as line_code, {cell}"
        " from intermediate.int_narrative_figures",
    }[place.form_table]


def _of_reports_checked(identity: Identity, rows: str) -> str:
    """Keep the rows of the reports that an identity applies to."""
    conditions = [f"layout = '{identity.layout}'"] if identity.layout else []
    conditions += ["is_consolidated"] if identity.is_rollup else []
    if not conditions:
        return rows
    return f"""
        select *
        from ({rows})
        where report_id in (
            select report_id from intermediate.int_reports where {" and ".join(conditions)}
        )
    """


def _reports_of_year(offset: int) -> str:
    """Select the same body's report of another year (report_id, source_report_id).

    A body that took over from another goes on with the other's report where it has none itself.
    """
    return f"""
        select checked.report_id, arg_min(source.report_id, is_predecessor) as source_report_id
        from intermediate.int_reports as checked
        inner join (
            select agency_id, agency_id as source_agency_id, false as is_predecessor
            from staging.stg_agencies
            union all
            select agency_id, predecessor_agency_id, true
            from staging.stg_agencies
        ) as bodies using (agency_id)
        inner join intermediate.int_reports as source
            on bodies.source_agency_id = source.agency_id
            and source.report_year = checked.report_year + {offset}
        group by checked.report_id, checked.layout
        having checked.layout = arg_min(source.layout, is_predecessor)
    """


def _is_restated(identity: Identity) -> str:
    """Say of a check whether it has a term of another year that was restated since."""
    checks = _union(
        _restated_checks(identity.slice_by, term) for term in identity.terms if term.year_offset
    )
    return f"(report_id, slice) in ({checks})" if checks else "false"


def _restated_checks(slice_by: str, term: Term) -> str:
    slice_code = {"column": "column_code", "line": "line_code"}.get(slice_by, "'all'")
    return f"""
        select sources.report_id, {slice_code} as slice
        from ({_reports_of_year(term.year_offset)}) as sources
        inner join ({_restated_cells(term.form_table)}) as cells
            on sources.source_report_id = cells.report_id
        where {_is_code("line_code", term.line_code)}
            and {_is_code("column_code", term.column_code)}
    """


def _restated_cells(form_table: str) -> str:
    """Select the cells of current reports that an earlier revision printed otherwise."""
    return f"""
        with revised as materialized (
            select reports.report_id, earlier.report_id as earlier_report_id
            from intermediate.int_reports as reports
            inner join staging.stg_reports as earlier
                on reports.agency_id = earlier.agency_id
                and reports.report_year = earlier.report_year
                and reports.report_id <> earlier.report_id
        ),

        printed as materialized (
            select *
            from ({PRINTED[form_table]})
            where report_id in (
                select report_id from revised union all select earlier_report_id from revised
            )
        )

        select cells.report_id, cells.line_code, cells.column_code
        from printed as cells
        inner join revised using (report_id)
        inner join printed as earlier
            on revised.earlier_report_id = earlier.report_id
            and cells.line_code = earlier.line_code
            and cells.column_code = earlier.column_code
        where cells.printed is distinct from earlier.printed
    """


def _is_code(name: str, code: str | None) -> str:
    return f"{name} = '{code}'" if code else "true"


def _sum(weighted_columns: Iterable[tuple[int, str | None]]) -> str:
    weighed = [f"{weight} * coalesce({column}, 0)" for weight, column in weighted_columns if weight]
    return " + ".join(weighed) or "0"


def _union(selects: Iterable[str]) -> str:
    return "\nunion all\n".join(selects)
