"""The identities of the form as SQL: a second computation, apart from the one that dbt makes.

Each identity is read from the seeds in the warehouse's `reference` schema and becomes one query
over the intermediate tables. The query gives the verdict of every check (report and slice), by
the rules of the contract:

* a term that the document does not have is left out, or makes the check not assessable, as the
  term says; text that is no number makes it not assessable;
* over blank cells a check holds if it holds with the blanks at zero, is not assessable if some
  blank could mend it with a number of at least zero, and is broken otherwise;
* where nothing was reported, or the document has no cell of one side, there is nothing to check.

Tables stay as wide as the form prints them until their terms are summed: an identity that is
checked in each of the seven columns is summed in seven columns, and only the sums are unpivoted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag, auto
from pathlib import Path

from gouji.warehouse_file import reading, records

REQUEST_COLUMNS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_organization",
    "other_organization",
    "total",
)


class Seen(IntFlag):
    """What a check has seen in the cells of its terms."""

    REPORTED = auto()
    UNREADABLE = auto()
    # A cell that the document does not have, of a term that the check needs.
    MISSING = auto()
    # A blank in which a number would raise lhs - rhs, or lower it.
    BLANK_RAISES = auto()
    BLANK_LOWERS = auto()
    # A cell that the document has, on either side.
    LEFT = auto()
    RIGHT = auto()


@dataclass(frozen=True)
class Term:
    """A row of `identity_terms`; the signed terms of an identity sum to zero when it holds."""

    side: str
    form_table: str
    line_code: str | None
    column_code: str | None
    year_offset: int
    coefficient: int
    is_required: bool

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
        blank = Seen.BLANK_RAISES if self.coefficient > 0 else Seen.BLANK_LOWERS
        by_status = {
            "reported": Seen.REPORTED | side,
            "unreadable": Seen.UNREADABLE | side,
            "absent": Seen.MISSING if self.is_required else Seen(0),
            "blank": blank | side,
        }
        return by_status[status].value


@dataclass(frozen=True)
class Identity:
    """A row of `identities` with its terms."""

    identity_id: str
    form_table: str
    slice_by: str
    title_zh: str
    title_en: str
    severity: str
    terms: tuple[Term, ...]


def read_identities(database: Path) -> list[Identity]:
    """Read the identities and their terms from a warehouse file, in the order of their ids."""
    with reading(database) as connection:
        identities = records(
            connection,
            "select identity_id, form_table, slice_by, title_zh, title_en, severity"
            " from reference.identities order by identity_id",
        )
        terms = records(
            connection,
            "select identity_id, side, form_table, line_code, column_code, year_offset,"
            " coefficient, when_absent = 'not_assessable' as is_required"
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
    terms_required = sum(term.is_required for term in identity.terms)
    return f"""
select
    report_id,
    '{identity.identity_id}' as identity_id,
    slice,
    lhs,
    rhs,
    lhs - rhs as difference,
    case
        when terms_found < {terms_required} or {_seen(Seen.MISSING | Seen.UNREADABLE)}
            then 'not_assessable'
        when not {_seen(Seen.LEFT)} or not {_seen(Seen.RIGHT)} or not {_seen(Seen.REPORTED)}
            then 'not_assessable'
        when lhs = rhs and not {_seen(Seen.BLANK_RAISES | Seen.BLANK_LOWERS)} then 'holds'
        when lhs = rhs then 'holds_if_blank_is_zero'
        when lhs < rhs and {_seen(Seen.BLANK_RAISES)} then 'not_assessable'
        when lhs > rhs and {_seen(Seen.BLANK_LOWERS)} then 'not_assessable'
        else 'broken'
    end as status
from ({sums})
"""


def _seen(what: Seen) -> str:
    return f"(seen & {what.value} > 0)"


def _sums_by_column(identity: Identity) -> str:
    """Select lhs, rhs and what was seen for each report and column of table 三.

    The terms are lines: their rows are joined to the terms and summed down all seven columns.
    """
    terms = ", ".join(
        f"('{term.line_code}', {term.year_offset}, {term.left_weight}, {term.right_weight},"
        f" {int(term.is_required)}, {term.seen('reported')}, {term.seen('unreadable')},"
        f" {term.seen('absent')}, {term.seen('blank')})"
        for term in identity.terms
    )
    rows = _union(
        f"select *, {offset} as year_offset from ({_rows('requests', offset)})"
        for offset in sorted({term.year_offset for term in identity.terms})
    )
    sums = ", ".join(
        f"sum(left_weight * {column}) as {column}_lhs,"
        f" sum(right_weight * {column}) as {column}_rhs,"
        f" bit_or(case {column}_status when 'reported' then if_reported"
        f" when 'unreadable' then if_unreadable when 'absent' then if_absent else if_blank end"
        f") as {column}_seen"
        for column in REQUEST_COLUMNS
    )
    slices = _union(
        f"select report_id, '{column}' as slice, coalesce({column}_lhs, 0) as lhs,"
        f" coalesce({column}_rhs, 0) as rhs, coalesce({column}_seen, 0) as seen,"
        f" coalesce(terms_found, 0) as terms_found from sums"
        for column in REQUEST_COLUMNS
    )
    return f"""
    with sums as materialized (
        select report_id, sum(is_required) as terms_found, {sums}
        from ({rows}) as request_rows
        inner join (values {terms}) as terms (
            line_code, year_offset, left_weight, right_weight,
            is_required, if_reported, if_unreadable, if_absent, if_blank
        ) using (line_code, year_offset)
        where not is_subtotal
        group by report_id
    )
    {slices}
"""


def _sums_by_row(identity: Identity) -> str:
    """Select lhs, rhs and what was seen for each report and slice (a line, or `all`).

    The terms are cells that stand in the same row, or in a few rows: they are summed across.
    """
    terms_of_row: dict[tuple[str, str | None, int], list[Term]] = {}
    for term in identity.terms:
        row = (term.form_table, term.line_code, term.year_offset)
        terms_of_row.setdefault(row, []).append(term)
    slice_code = "line_code" if identity.slice_by == "line" else "'all'"
    sums = _union(
        f"select report_id, {slice_code} as slice, {_sums_across(terms)}"
        f" from ({_rows(form_table, offset, [term.column_code for term in terms])})"
        + (f" where line_code = '{line_code}'" if line_code else "")
        for (form_table, line_code, offset), terms in terms_of_row.items()
    )
    if len(terms_of_row) == 1:
        return sums
    return f"""
    select
        report_id, slice, sum(lhs) as lhs, sum(rhs) as rhs, bit_or(seen) as seen,
        sum(terms_found) as terms_found
    from ({sums})
    group by report_id, slice
"""


def _sums_across(terms: list[Term]) -> str:
    lhs = _sum((term.left_weight, term.column_code) for term in terms)
    rhs = _sum((term.right_weight, term.column_code) for term in terms)
    seen = " | ".join(
        f"case {term.column_code}_status when 'reported' then {term.seen('reported')}"
        f" when 'unreadable' then {term.seen('unreadable')}"
        f" when 'absent' then {term.seen('absent')} else {term.seen('blank')} end"
        for term in terms
    )
    terms_found = sum(term.is_required for term in terms)
    return f"{lhs} as lhs, {rhs} as rhs, {seen} as seen, {terms_found} as terms_found"


def _rows(form_table: str, year_offset: int, columns: Iterable[str | None] = ()) -> str:
    """Select a table of the form as the form prints it, under the report that the check is of.

    Columns: report_id, line_code, and each column with its status; of table 二, only the measures
    that are asked for. With an offset of -1 the rows are those of the year before.
    """
    measures = ", ".join(
        f"max(value) filter (measure_code = '{column}') as {column},"
        f" coalesce(max(value_status) filter (measure_code = '{column}'), 'absent')"
        f" as {column}_status"
        for column in sorted({column for column in columns if column})
    )
    measures_named = "measure_code in ('" + "', '".join(c for c in columns if c) + "')"
    rows = {
        "requests": "select * from intermediate.int_request_rows",
        "reviews": "select *, channel as line_code from intermediate.int_review_rows",
        "disclosures": f"select report_id, line_code, {measures}"
        f" from intermediate.int_disclosure_cells where {measures_named} group by all",
    }[form_table]
    if year_offset == 0:
        return rows
    return f"""
        select checked.report_id, rows.* exclude (report_id)
        from ({rows}) as rows
        inner join intermediate.int_reports as source using (report_id)
        inner join intermediate.int_reports as checked
            on source.agency_id = checked.agency_id
            and source.report_year = checked.report_year + {year_offset}
    """


def _sum(weighted_columns: Iterable[tuple[int, str | None]]) -> str:
    weighed = [f"{weight} * coalesce({column}, 0)" for weight, column in weighted_columns if weight]
    return " + ".join(weighed) or "0"


def _union(selects: Iterable[str]) -> str:
    return "\nunion all\n".join(selects)
