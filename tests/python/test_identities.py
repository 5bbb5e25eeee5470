"""The verdicts of the audit's SQL equal a plain reading of the contract's rules, term by term."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.audit.identities import REQUEST_COLUMNS, Identity, Term, checks_sql

RESULT_COLUMNS = ("upheld", "corrected", "other", "pending", "total")
NO_NUMBER = ("blank", "not_applicable", "unreadable", "absent")


@dataclass(frozen=True)
class Cell:
    """A cell of an intermediate table."""

    value: int | None
    status: str


ZERO = Cell(0, "reported")
CELLS = st.one_of(
    st.builds(Cell, st.integers(0, 3), st.just("reported")),
    st.builds(Cell, st.none(), st.sampled_from(NO_NUMBER)),
)
MAYBE_CELLS = st.one_of(st.none(), CELLS)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def term(side: str, line: str | None, column: str | None, **other: Any) -> Term:
    """A required term of table 三, of weight 1, unless said otherwise."""
    usual = {
        "side": side,
        "form_table": "requests",
        "line_code": line,
        "column_code": column,
        "year_offset": 0,
        "coefficient": 1 if side == "left" else -1,
        "is_required": True,
    }
    return Term(**usual | other)


def verdict(cells: list[tuple[Term, Cell | None]]) -> str:
    """Judge one check by the words of the contract."""
    present = [(term, cell) for term, cell in cells if cell and cell.status != "absent"]
    terms_present = [term for term, _ in present]
    statuses = {cell.status for _, cell in present}
    if (
        any(term.is_required and term not in terms_present for term, _ in cells)
        or {term.side for term in terms_present} != {"left", "right"}
        or "unreadable" in statuses
        or "reported" not in statuses
    ):
        return "not_assessable"
    blanks = [term for term, cell in present if cell.status != "reported"]
    residual = sum(term.coefficient * (cell.value or 0) for term, cell in present)
    if residual == 0:
        return "holds_if_blank_is_zero" if blanks else "holds"
    if any(term.coefficient * residual < 0 for term in blanks):
        return "not_assessable"
    return "broken"


@dataclass
class Tables:
    """The intermediate tables of one body's reports, `2023` and so on, in memory."""

    years: tuple[int, ...] = (2024,)
    requests: dict[tuple[int, str], dict[str, Cell]] = field(default_factory=dict)
    reviews: dict[tuple[int, str], dict[str, Cell]] = field(default_factory=dict)
    disclosures: dict[tuple[int, str, str], Cell] = field(default_factory=dict)
    subtotals: frozenset[str] = frozenset()

    def verdicts(self, slice_by: str, *terms: Term) -> dict[tuple[str, str], str]:
        """Give the status of each report and slice, by the SQL under test."""
        identity = Identity("tested", terms[0].form_table, slice_by, "", "", "error", terms)
        with duckdb.connect() as connection:
            for statement in self.statements():
                connection.execute(statement)
            checks = connection.execute(
                f"select report_id, slice, status from ({checks_sql(identity)})"
            ).fetchall()
        assert len({check[:2] for check in checks}) == len(checks)
        return {(report, of): status for report, of, status in checks}

    def statements(self) -> Iterator[str]:
        yield "create schema intermediate"
        yield (
            "create table intermediate.int_reports"
            " (report_id varchar, agency_id varchar, report_year integer)"
        )
        for year in self.years:
            yield f"insert into intermediate.int_reports values ('{year}', 'a', {year})"
        wide = {
            "int_request_rows (report_id varchar, line_code varchar, is_subtotal boolean, ": (
                REQUEST_COLUMNS
            ),
            "int_review_rows (report_id varchar, channel varchar, ": RESULT_COLUMNS,
        }
        for table, columns in wide.items():
            cells = ", ".join(f"{column} bigint, {column}_status varchar" for column in columns)
            yield f"create table intermediate.{table}{cells})"
        for (year, line), row in self.requests.items():
            key = f"'{year}', '{line}', {line in self.subtotals}"
            yield insert("int_request_rows", key, [row.get(c, ZERO) for c in REQUEST_COLUMNS])
        for (year, channel), row in self.reviews.items():
            key = f"'{year}', '{channel}'"
            yield insert("int_review_rows", key, [row.get(c, ZERO) for c in RESULT_COLUMNS])
        yield (
            "create table intermediate.int_disclosure_cells (report_id varchar, line_code varchar,"
            " measure_code varchar, value decimal(28, 4), value_status varchar)"
        )
        for (year, line, measure), cell in self.disclosures.items():
            yield insert("int_disclosure_cells", f"'{year}', '{line}', '{measure}'", [cell])


def insert(table: str, key: str, cells: list[Cell]) -> str:
    values = ", ".join(
        f"{'null' if cell.value is None else cell.value}, '{cell.status}'" for cell in cells
    )
    return f"insert into intermediate.{table} values ({key}, {values})"


@FEW
@given(st.lists(CELLS, min_size=5, max_size=5))
def test_a_total_across_one_row(row: list[Cell]) -> None:
    cells = dict(zip(RESULT_COLUMNS, row, strict=True))
    terms = [
        term("left" if column == "total" else "right", "review", column, form_table="reviews")
        for column in RESULT_COLUMNS
    ]
    tables = Tables(reviews={(2024, "review"): cells, (2024, "litigation_direct"): {}})
    assert tables.verdicts("all", *terms) == {
        ("2024", "all"): verdict([(term, cells[str(term.column_code)]) for term in terms])
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
    requests = {(2024, "e"): {}} | {(2024, line): row for line, row in there.items()}
    verdicts = Tables(requests=requests).verdicts("column", *terms)
    if not there:
        assert verdicts == {}
        return
    assert {of for _, of in verdicts} == set(REQUEST_COLUMNS)
    for column in ("natural_person", "total"):
        cells = [(term, there.get(str(term.line_code), {}).get(column)) for term in terms]
        assert verdicts["2024", column] == verdict(cells)


@FEW
@given(CELLS, MAYBE_CELLS)
def test_a_number_carried_over_from_the_year_before(now: Cell, before: Cell | None) -> None:
    terms = [
        term("left", "carried_in", None),
        term("right", "carried_out", None, year_offset=-1),
    ]
    requests = {(2024, "carried_in"): {"total": now}}
    if before:
        requests[2023, "carried_out"] = {"total": before}
    verdicts = Tables(years=(2023, 2024), requests=requests).verdicts("column", *terms)
    assert verdicts["2024", "total"] == verdict(list(zip(terms, (now, before), strict=True)))
    assert verdicts.get(("2023", "total"), "not_assessable") == "not_assessable"


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
        (2024 + term.year_offset, "regulation", str(term.column_code)): cell
        for term, cell in zip(terms, cells, strict=True)
        if cell
    }
    disclosures[2024, "permit", "decisions"] = ZERO
    verdicts = Tables(years=(2023, 2024), disclosures=disclosures).verdicts("line", *terms)
    assert {line for _, line in verdicts} <= {"regulation"}
    assert verdicts.get(("2024", "regulation"), "not_assessable") == verdict(
        list(zip(terms, cells, strict=True))
    )


def test_each_line_is_a_check_of_its_own() -> None:
    terms = [term("left", None, "total"), term("right", None, "natural_person")]
    requests = {
        (2024, "granted"): {"total": Cell(2, "reported"), "natural_person": Cell(1, "reported")},
        (2024, "carried_in"): {"total": Cell(1, "reported"), "natural_person": Cell(1, "reported")},
        (2024, "carried_out"): {
            "total": Cell(1, "reported"),
            "natural_person": Cell(None, "blank"),
        },
    }
    assert Tables(requests=requests).verdicts("line", *terms) == {
        ("2024", "granted"): "broken",
        ("2024", "carried_in"): "holds",
        ("2024", "carried_out"): "not_assessable",
    }


def test_a_subtotal_is_not_added_to_its_parts() -> None:
    terms = [
        term("left", "total_processed", None),
        term("right", "other_processing", None, is_required=False),
        term("right", "other_other", None, is_required=False),
    ]
    three = {"total": Cell(3, "reported")}
    requests = {(2024, str(term.line_code)): three for term in terms}
    split = Tables(requests=requests, subtotals=frozenset({"other_processing"}))
    assert split.verdicts("column", *terms)["2024", "total"] == "holds"
    assert Tables(requests=requests).verdicts("column", *terms)["2024", "total"] == "broken"


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        (Cell(1, "reported"), Cell(None, "blank"), "not_assessable"),
        (Cell(None, "blank"), Cell(1, "reported"), "not_assessable"),
        (Cell(0, "reported"), Cell(None, "blank"), "holds_if_blank_is_zero"),
        (Cell(None, "blank"), Cell(None, "blank"), "not_assessable"),
        (Cell(1, "reported"), Cell(None, "unreadable"), "not_assessable"),
        (Cell(1, "reported"), Cell(None, "absent"), "not_assessable"),
        (Cell(1, "reported"), Cell(2, "reported"), "broken"),
    ],
)
def test_the_rule_itself(left: Cell, right: Cell, status: str) -> None:
    """The reading that the tests above compare with is held to cases judged by hand."""
    assert verdict([(term("left", "a", None), left), (term("right", "b", None), right)]) == status
