"""The audit's SQL finds the cells of every term: its verdicts are those of a reading term by term.

What then follows from the numbers and blanks is one rule, `gouji/queries/verdict.sql`, which is
held to cases judged by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader

from gouji.audit.identities import checks_sql
from gouji.identities import Identity, Term
from gouji.raw_tables import APPLICANT_COLUMNS

RESULT_COLUMNS = ("upheld", "corrected", "other", "pending", "total")
RULE: Any = (
    Environment(loader=PackageLoader("gouji", "")).get_template("queries/verdict.sql").module
)
NO_NUMBER = ("blank", "not_applicable", "unreadable", "contradictory", "absent")


@dataclass(frozen=True)
class Cell:
    """A cell of an intermediate table."""

    value: int | None
    status: str


@dataclass(frozen=True)
class Report:
    """A current report; its id is its body and year."""

    agency_id: str
    year: int
    layout: str = "2021"
    is_consolidated: bool = False

    @property
    def report_id(self) -> str:
        return f"{self.agency_id}-{self.year}"


ZERO = Cell(0, "reported")
ONE = Cell(1, "reported")
TWO = Cell(2, "reported")
CELLS = st.one_of(
    st.builds(Cell, st.integers(-1, 3), st.just("reported")),
    st.builds(Cell, st.none(), st.sampled_from(NO_NUMBER)),
)
MAYBE_CELLS = st.one_of(st.none(), CELLS)
TWO_YEARS = (Report("a", 2023), Report("a", 2024))
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def term(side: str, line: str | None, column: str | None, **other: Any) -> Term:
    """A required term of table 三, of weight 1, unless said otherwise."""
    usual = {
        "side": side,
        "scope": "own",
        "form_table": "requests",
        "line_code": line,
        "column_code": column,
        "year_offset": 0,
        "coefficient": 1 if side == "left" else -1,
        "is_required": True,
    }
    return Term(**usual | other)


def verdict(cells: list[tuple[Term, Cell | None]]) -> str:
    """Judge one check, term by term; a term of the members has a cell of each."""
    present = [(term, cell) for term, cell in cells if cell and cell.status != "absent"]
    statuses = {cell.status for _, cell in present}
    says_nothing = (
        any(term.is_required and (term, cell) not in present for term, cell in cells)
        or {term.side for term, _ in present} != {"left", "right"}
        or statuses & {"unreadable", "contradictory"}
    )
    blanks = [term for term, cell in present if cell.status == "blank"]
    is_signed = any(term.column_code == "change" for term in blanks)
    rule = RULE.verdict(
        sum(term.coefficient * (cell.value or 0) for term, cell in present),
        bool(says_nothing),
        any(cell.status != "reported" for _, cell in present),
        is_signed or any(term.coefficient > 0 for term in blanks),
        is_signed or any(term.coefficient < 0 for term in blanks),
    )
    return str(duckdb.execute(f"select {rule}").fetchall()[0][0])


@dataclass
class Tables:
    """The tables that the audit reads, in memory: reports, and cells under a report's id."""

    reports: tuple[Report, ...] = (Report("a", 2024),)
    requests: dict[tuple[str, str], dict[str, Cell]] = field(default_factory=dict)
    reviews: dict[tuple[str, str], dict[str, Cell]] = field(default_factory=dict)
    disclosures: dict[tuple[str, str, str], Cell] = field(default_factory=dict)
    narrative: dict[tuple[str, str], Cell] = field(default_factory=dict)
    subtotals: frozenset[str] = frozenset()
    predecessors: dict[str, str] = field(default_factory=dict)
    # predecessor, successor, kind, year, share
    successions: tuple[tuple[str, str, str, int, float | None], ...] = ()
    # body, year, member, whether the set is said to be complete
    members: tuple[tuple[str, int, str, bool | None], ...] = ()

    def verdicts(
        self, slice_by: str, *terms: Term, layout: str | None = None
    ) -> dict[tuple[str, str], str]:
        """Give the status of each report and slice, by the SQL under test."""
        identity = Identity("tested", terms[0].form_table, slice_by, layout, "", "", "", terms)
        connection = duckdb.connect(":memory:identities").begin()
        try:
            connection.execute(";\n".join(self.statements()))
            checks = connection.execute(
                f"select report_id, slice, status from ({checks_sql(identity)})"
            ).fetchall()
        finally:
            connection.rollback()
        assert len({check[:2] for check in checks}) == len(checks)
        return {(report, of): status for report, of, status in checks}

    def statements(self) -> Iterator[str]:
        yield "create schema intermediate"
        yield "create schema staging"
        yield "create schema reference"
        yield "create table reference.measures as select 'change' as measure_code, 'change' as kind"
        yield from self.statements_of_reports()
        yield from self.statements_of_wide_tables()
        yield (
            "create table intermediate.int_disclosure_cells (report_id varchar, line_code varchar,"
            " measure_code varchar, value decimal(28, 4), value_status varchar)"
        )
        for key, cell in self.disclosures.items():
            yield insert("intermediate.int_disclosure_cells", key, [cell])
        yield (
            "create table intermediate.int_narrative_figures (report_id varchar,"
            " figure_code varchar, value decimal(28, 4), value_status varchar)"
        )
        for figure, cell in self.narrative.items():
            yield insert("intermediate.int_narrative_figures", figure, [cell])

    def statements_of_reports(self) -> Iterator[str]:
        columns = "(report_id varchar, agency_id varchar, report_year integer, layout varchar"
        yield f"create table intermediate.int_reports {columns}, is_consolidated boolean)"
        for report in self.reports:
            key = (report.report_id, report.agency_id, report.year, report.layout)
            yield insert("intermediate.int_reports", (*key, report.is_consolidated))
        yield (
            "create table staging.stg_agency_successions (predecessor_agency_id varchar,"
            " successor_agency_id varchar, succession_kind varchar, effective_year integer,"
            " share decimal(5, 4))"
        )
        for body, predecessor in self.predecessors.items():
            succession = (predecessor, body, "renamed", None, None)
            yield insert("staging.stg_agency_successions", succession)
        for reform in self.successions:
            yield insert("staging.stg_agency_successions", reform)
        yield (
            "create table staging.stg_rollup_members (agency_id varchar, report_year integer,"
            " member_agency_id varchar, is_complete boolean)"
        )
        for member in self.members:
            yield insert("staging.stg_rollup_members", member)

    def statements_of_wide_tables(self) -> Iterator[str]:
        wide = {
            "int_request_rows (report_id varchar, line_code varchar, is_subtotal boolean,"
            " is_without_total boolean, ": APPLICANT_COLUMNS,
            "int_review_rows (report_id varchar, channel varchar, is_without_total boolean, ": (
                RESULT_COLUMNS
            ),
        }
        for table, columns in wide.items():
            cells = ", ".join(f"{column} bigint, {column}_status varchar" for column in columns)
            yield f"create table intermediate.{table}{cells})"
        for (report, line), row in self.requests.items():
            key = (report, line, line in self.subtotals, is_without_total(row))
            cells_of_row = [row.get(column, ZERO) for column in APPLICANT_COLUMNS]
            yield insert("intermediate.int_request_rows", key, cells_of_row)
        for channel, row in self.reviews.items():
            cells_of_row = [row.get(column, ZERO) for column in RESULT_COLUMNS]
            key = (*channel, is_without_total(row))
            yield insert("intermediate.int_review_rows", key, cells_of_row)


def is_without_total(row: dict[str, Cell]) -> bool:
    """Whether the total of a row is blank; of cells that are not given each is 0."""
    return row.get("total", ZERO).status == "blank"


def insert(table: str, key: tuple[object, ...], cells: list[Cell] | None = None) -> str:
    values = [*key, *(part for cell in cells or [] for part in (cell.value, cell.status))]
    literals = ("null" if value is None else f"'{value}'" for value in values)
    return f"insert into {table} values ({', '.join(literals)})"


@FEW
@given(st.lists(CELLS, min_size=5, max_size=5))
def test_a_total_across_one_row(row: list[Cell]) -> None:
    cells = dict(zip(RESULT_COLUMNS, row, strict=True))
    terms = [
        term("left" if column == "total" else "right", "review", column, form_table="reviews")
        for column in RESULT_COLUMNS
    ]
    tables = Tables(reviews={("a-2024", "review"): cells, ("a-2024", "litigation_direct"): {}})
    assert tables.verdicts("all", *terms) == {
        ("a-2024", "all"): verdict([(term, cells[str(term.column_code)]) for term in terms])
    }


@FEW
@given(st.lists(st.tuples(MAYBE_CELLS, MAYBE_CELLS), min_size=4, max_size=4))
def test_a_sum_down_each_column(rows: list[tuple[Cell | None, Cell | None]]) -> None:
    """A line that is not there has no row; two of the four terms may be left out."""
    terms = [
        term("left", "a", None),
        term("left", "b", None, coefficient=2),
        term("right", "c", None, is_required=False),
        term("right", "d", None, is_required=False),
    ]
    # a row is there or not, for all its columns
    there = {
        str(term.line_code): {"natural_person": first, "total": second}
        for term, (first, second) in zip(terms, rows, strict=True)
        if first and second
    }
    requests = {("a-2024", "e"): {}} | {("a-2024", line): row for line, row in there.items()}
    verdicts = Tables(requests=requests).verdicts("column", *terms)
    if not there.keys() & {"a", "b"}:
        assert verdicts == {}
        return
    assert {of for _, of in verdicts} == set(APPLICANT_COLUMNS)
    for column in ("natural_person", "total"):
        cells = [(term, there.get(str(term.line_code), {}).get(column)) for term in terms]
        assert verdicts["a-2024", column] == verdict(cells)


@FEW
@given(CELLS, MAYBE_CELLS)
def test_a_number_carried_over_from_the_year_before(now: Cell, before: Cell | None) -> None:
    terms = [
        term("left", "carried_in", None),
        term("right", "carried_out", None, year_offset=-1),
    ]
    requests = {("a-2024", "carried_in"): {"total": now}}
    if before:
        requests["a-2023", "carried_out"] = {"total": before}
    verdicts = Tables(reports=TWO_YEARS, requests=requests).verdicts("column", *terms)
    assert verdicts["a-2024", "total"] == verdict(list(zip(terms, (now, before), strict=True)))
    assert verdicts.get(("a-2023", "total"), "not_assessable") == "not_assessable"


@FEW
@given(st.lists(MAYBE_CELLS, min_size=4, max_size=4))
def test_a_stock_of_documents_over_two_years(cells: list[Cell | None]) -> None:
    terms = [
        term("left", None, "in_force", form_table="disclosures"),
        term("right", None, "in_force", form_table="disclosures", year_offset=-1),
        term("right", None, "made", form_table="disclosures"),
        term("right", None, "repealed", form_table="disclosures", coefficient=1),
    ]
    disclosures = {
        (f"a-{2024 + term.year_offset}", "regulation", str(term.column_code)): cell
        for term, cell in zip(terms, cells, strict=True)
        if cell
    }
    disclosures["a-2024", "permit", "decisions"] = ZERO
    verdicts = Tables(reports=TWO_YEARS, disclosures=disclosures).verdicts("line", *terms)
    assert {line for _, line in verdicts} <= {"regulation"}
    if cells[0]:
        assert verdicts["a-2024", "regulation"] == verdict(list(zip(terms, cells, strict=True)))
    else:
        assert ("a-2024", "regulation") not in verdicts


def test_each_line_is_a_check_of_its_own() -> None:
    terms = [term("left", None, "total"), term("right", None, "natural_person")]
    requests = {
        ("a-2024", "granted"): {
            "total": Cell(2, "reported"),
            "natural_person": Cell(1, "reported"),
        },
        ("a-2024", "carried_in"): {
            "total": Cell(1, "reported"),
            "natural_person": Cell(1, "reported"),
        },
        ("a-2024", "carried_out"): {
            "total": Cell(1, "reported"),
            "natural_person": Cell(None, "blank"),
        },
    }
    assert Tables(requests=requests).verdicts("line", *terms) == {
        ("a-2024", "granted"): "broken",
        ("a-2024", "carried_in"): "holds",
        ("a-2024", "carried_out"): "not_assessable",
    }


def test_a_subtotal_is_not_added_to_its_parts() -> None:
    terms = [
        term("left", "total_processed", None),
        term("right", "other_processing", None, is_required=False),
        term("right", "other_other", None, is_required=False),
    ]
    three = {"total": Cell(3, "reported")}
    requests = {("a-2024", str(term.line_code)): three for term in terms}
    split = Tables(requests=requests, subtotals=frozenset({"other_processing"}))
    assert split.verdicts("column", *terms)["a-2024", "total"] == "holds"
    assert Tables(requests=requests).verdicts("column", *terms)["a-2024", "total"] == "broken"


def test_a_subtotal_is_set_against_its_parts_where_it_is_one() -> None:
    terms = [
        term("left", "other_processing", None, reading="subtotal"),
        term("right", "other_other", None, is_required=False),
    ]
    requests = {
        ("a-2024", "other_processing"): {"total": TWO, "natural_person": ONE},
        ("a-2024", "other_other"): {"total": TWO},
    }
    tables = Tables(requests=requests, subtotals=frozenset({"other_processing"}))
    verdicts = tables.verdicts("column", *terms)
    assert verdicts["a-2024", "total"] == "holds"
    assert verdicts["a-2024", "natural_person"] == "broken"
    assert Tables(requests=requests).verdicts("column", *terms) == {}


@FEW
@given(st.lists(CELLS, min_size=4, max_size=4), CELLS)
def test_a_blank_total_is_read_in_its_parts(parts: list[Cell], stated: Cell) -> None:
    """A part that is blank is one more blank of the same term; a total that is there is read."""
    terms = [
        term("left", "reviews", "stated", form_table="narrative"),
        term("right", "review", "total", form_table="reviews", reading="total_or_parts"),
    ]
    row = dict(zip(RESULT_COLUMNS[:-1], parts, strict=True))
    for total in (Cell(None, "blank"), TWO, Cell(None, "not_applicable")):
        tables = Tables(
            narrative={("a-2024", "reviews"): stated},
            reviews={("a-2024", "review"): row | {"total": total}},
        )
        read = parts if total.status == "blank" else [total]
        assert tables.verdicts("all", *terms) == {
            ("a-2024", "all"): verdict([(terms[0], stated), *((terms[1], cell) for cell in read)])
        }


@FEW
@given(CELLS, MAYBE_CELLS, MAYBE_CELLS)
def test_what_a_change_adds_may_be_negative(
    now: Cell, before: Cell | None, change: Cell | None
) -> None:
    terms = [
        term("left", None, "prior_items", form_table="disclosures"),
        term("right", None, "prior_items", form_table="disclosures", year_offset=-1),
        term("right", None, "change", form_table="disclosures", year_offset=-1),
    ]
    cells = {
        ("a-2024", "permit", "prior_items"): now,
        ("a-2023", "permit", "prior_items"): before,
        ("a-2023", "permit", "change"): change,
    }
    disclosures = {place: cell for place, cell in cells.items() if cell}
    verdicts = Tables(reports=TWO_YEARS, disclosures=disclosures).verdicts("line", *terms)
    assert verdicts["a-2024", "permit"] == verdict(list(zip(terms, cells.values(), strict=True)))


STOCK = (
    term("left", None, "in_force", form_table="disclosures"),
    term("right", None, "in_force", form_table="disclosures", year_offset=-1),
)


def stocks(**by_report: Cell) -> dict[tuple[str, str, str], Cell]:
    """The regulations in force in each report, written a_2024 for a-2024."""
    return {
        (report.replace("_", "-"), "regulation", "in_force"): cell
        for report, cell in by_report.items()
    }


def test_last_year_in_the_other_layout_is_no_last_year() -> None:
    reports = (Report("a", 2023, layout="2019"), Report("a", 2024))
    tables = Tables(reports=reports, disclosures=stocks(a_2023=ONE, a_2024=ONE))
    assert tables.verdicts("line", *STOCK)["a-2024", "regulation"] == "not_assessable"


def test_table_three_is_compared_across_the_change_of_the_form() -> None:
    terms = [term("left", "carried_in", None), term("right", "carried_out", None, year_offset=-1)]
    reports = (Report("a", 2023, layout="2019"), Report("a", 2024))
    rows = {("a-2023", "carried_out"): {"total": ONE}, ("a-2024", "carried_in"): {"total": TWO}}
    assert Tables(reports=reports, requests=rows).verdicts("column", *terms)["a-2024", "total"] == (
        "broken"
    )


def test_an_identity_of_one_layout_is_not_asked_of_the_other() -> None:
    reports = (Report("a", 2023, layout="2019"), Report("b", 2023))
    tables = Tables(reports=reports, disclosures=stocks(a_2023=ONE, b_2023=ONE))
    assert tables.verdicts("line", *STOCK, layout="2021") == {
        ("b-2023", "regulation"): "not_assessable"
    }


def test_a_body_goes_on_with_the_report_of_its_predecessor() -> None:
    old_and_new = (Report("old", 2023), Report("a", 2024))
    of_both = stocks(old_2023=ONE, a_2024=ONE)
    tables = Tables(reports=old_and_new, disclosures=of_both, predecessors={"a": "old"})
    assert tables.verdicts("line", *STOCK)["a-2024", "regulation"] == "holds"
    tables = Tables(reports=old_and_new, disclosures=of_both)
    assert tables.verdicts("line", *STOCK)["a-2024", "regulation"] == "not_assessable"


@pytest.mark.parametrize(("layout", "status"), [("2021", "broken"), ("2019", "not_assessable")])
def test_a_report_of_its_own_goes_before_that_of_a_predecessor(layout: str, status: str) -> None:
    reports = (Report("old", 2023), Report("a", 2023, layout=layout), Report("a", 2024))
    tables = Tables(
        reports=reports,
        disclosures=stocks(old_2023=ONE, a_2023=TWO, a_2024=ONE),
        predecessors={"a": "old"},
    )
    assert tables.verdicts("line", *STOCK)["a-2024", "regulation"] == status


MERGED = (("b", "m", "merged", 2024, 1.0), ("c", "m", "merged", 2024, None))


@pytest.mark.parametrize(
    ("reforms", "years", "status"),
    [
        (MERGED, ["b-2023", "c-2023", "m-2024"], "holds"),  # 2 = 1 + 1
        (MERGED, ["b-2023", "m-2024"], "not_assessable"),  # one of them has no report
        (MERGED, ["b-2023", "c-2023", "m-2022", "m-2024"], "not_assessable"),  # nor has its own
        (MERGED[:1], ["b-2023", "c-2023", "m-2024"], "broken"),
        (MERGED[:1], ["b-2023", "m-2023", "m-2024"], "holds"),  # it took the other in
        ((("b", "m", "split", 2024, 0.5),), ["b-2023", "m-2024"], "not_assessable"),
        ((("m", "c", "split", 2024, None),), ["m-2023", "m-2024"], "not_assessable"),
        ((("m", "c", "merged", 2024, 0.5),), ["m-2023", "m-2024"], "not_assessable"),
        ((("b", "m", "renamed", 2024, None),), ["b-2023", "m-2024"], "broken"),
    ],
)
def test_a_merger_adds_up_and_a_split_is_not_compared(
    reforms: tuple[tuple[str, str, str, int, float | None], ...], years: list[str], status: str
) -> None:
    reports = tuple(Report(body, int(year)) for body, year in (one.split("-") for one in years))
    values = {one.replace("-", "_"): TWO if one == "m-2024" else ONE for one in years}
    tables = Tables(reports=reports, disclosures=stocks(**values), successions=reforms)
    assert tables.verdicts("line", *STOCK)["m-2024", "regulation"] == status


CITY = (Report("city", 2024, is_consolidated=True), Report("a", 2024), Report("b", 2024))
ROLLUP = (term("left", None, "total"), term("right", None, "total", scope="members"))
WHOLE = (("city", 2024, "a", True), ("city", 2024, "b", True))


@FEW
@given(CELLS, MAYBE_CELLS, MAYBE_CELLS)
def test_a_report_and_the_sum_of_its_members(
    city: Cell, first: Cell | None, second: Cell | None
) -> None:
    """A member that has no such row, as where （六） is split, leaves no sum."""
    rows = {"city": city, "a": first, "b": second}
    requests = {(f"{body}-2024", "granted"): {"total": cell} for body, cell in rows.items() if cell}
    tables = Tables(reports=CITY, requests=requests, members=WHOLE)
    terms = (ROLLUP[0], ROLLUP[1], ROLLUP[1])
    assert tables.verdicts("line", *ROLLUP) == {
        ("city-2024", "granted"): verdict(list(zip(terms, rows.values(), strict=True)))
    }


@pytest.mark.parametrize(
    ("reports", "members", "status"),
    [
        (CITY, WHOLE, "holds"),
        (CITY, (), "not_assessable"),
        (CITY, (WHOLE[0], ("city", 2024, "b", False)), "not_assessable"),
        (CITY, (WHOLE[0], ("city", 2024, "b", None)), "not_assessable"),
        (CITY[:2], WHOLE, "not_assessable"),
        (CITY, (("city", 2023, "a", True), ("city", 2023, "b", True)), "not_assessable"),
    ],
)
def test_only_a_complete_set_of_members_is_added_up(
    reports: tuple[Report, ...], members: tuple[tuple[str, int, str, bool | None], ...], status: str
) -> None:
    cells = {"city": TWO, "a": ONE, "b": ONE}
    requests = {(f"{body}-2024", "granted"): {"total": cell} for body, cell in cells.items()}
    tables = Tables(reports=reports, requests=requests, members=members)
    assert tables.verdicts("line", *ROLLUP) == {("city-2024", "granted"): status}


def test_a_subtotal_is_no_line_of_a_rollup() -> None:
    requests = {(report.report_id, "other_processing"): {"total": ONE} for report in CITY}
    tables = Tables(
        reports=CITY, requests=requests, members=WHOLE, subtotals=frozenset({"other_processing"})
    )
    assert tables.verdicts("line", *ROLLUP) == {}


@FEW
@given(MAYBE_CELLS, CELLS, MAYBE_CELLS)
def test_a_figure_of_the_prose_and_the_cells_it_repeats(
    figure: Cell | None, lawsuits: Cell, made: Cell | None
) -> None:
    terms = [
        term("left", "lawsuits", "stated", form_table="narrative"),
        term("right", "litigation_direct", "total", form_table="reviews"),
        term("right", "normative_document", "made", form_table="disclosures"),
    ]
    tables = Tables(
        reviews={("a-2024", "litigation_direct"): {"total": lawsuits}, ("a-2024", "review"): {}},
        narrative={("a-2024", "lawsuits"): figure} if figure else {},
        disclosures={("a-2024", "normative_document", "made"): made} if made else {},
    )
    assert tables.verdicts("all", *terms) == (
        {("a-2024", "all"): verdict(list(zip(terms, (figure, lawsuits, made), strict=True)))}
        if figure
        else {}
    )


def test_a_row_checked_by_itself_may_be_a_subtotal() -> None:
    terms = [term("left", None, "total"), term("right", None, "natural_person")]
    requests = {("a-2024", "other_processing"): {"total": TWO, "natural_person": ONE}}
    tables = Tables(requests=requests, subtotals=frozenset({"other_processing"}))
    assert tables.verdicts("line", *terms) == {("a-2024", "other_processing"): "broken"}


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        (Cell(1, "reported"), Cell(None, "blank"), "not_assessable"),
        (Cell(None, "blank"), Cell(1, "reported"), "not_assessable"),
        (Cell(0, "reported"), Cell(None, "blank"), "holds_if_blank_is_zero"),
        (Cell(None, "blank"), Cell(None, "blank"), "holds_if_blank_is_zero"),
        (Cell(1, "reported"), Cell(None, "unreadable"), "not_assessable"),
        (Cell(1, "reported"), Cell(None, "absent"), "not_assessable"),
        (Cell(1, "reported"), Cell(None, "contradictory"), "not_assessable"),
        (Cell(1, "reported"), Cell(2, "reported"), "broken"),
    ],
)
def test_the_rule_itself(left: Cell, right: Cell, status: str) -> None:
    """The rule, and the reading that the tests above compare with, in cases judged by hand."""
    assert verdict([(term("left", "a", None), left), (term("right", "b", None), right)]) == status
