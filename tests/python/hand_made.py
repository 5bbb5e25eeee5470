"""Reports made by hand, for a landing folder: bodies `999999-<body>`.

For each family of identities there is one that holds, one that is broken, and every way in which it
cannot be judged.

A report is a whole form of zeros in which a few cells are printed otherwise.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"
APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_service_organization",
    "other_organization",
    "total",
)
RESULTS = ("upheld", "corrected", "other", "pending", "total")

# A cell (line or channel, column), `*` for every column of its row; and its text, or none where
# the document does not have it.
Cell = tuple[str, str]
Cells = dict[Cell, str | None]
Row = dict[str, str | None]


@dataclass(frozen=True)
class Report:
    """A report; `stated` are figures of its prose, with every number they are stated as."""

    body: str
    year: int
    cells: Cells = field(default_factory=dict)
    stated: dict[str, tuple[str, ...]] = field(default_factory=dict)
    layout: str = "2021"
    revision: int = 1

    @property
    def report_id(self) -> str:
        return report_id(self.body, self.year) + (f"-r{self.revision}" * (self.revision > 1))


def report_id(body: str, year: int) -> str:
    return f"999999-{body}-{year}"


def both(line: str, text: str) -> Cells:
    """A count of requests, all by natural persons."""
    return {(line, "natural_person"): text, (line, "total"): text}


STOCK = "in_force"
# （六） as one row, where layout 2021 has three
ONE_ROW: Cells = {("other_processing", "*"): "0"} | {
    (line, "*"): None for line in ("other_no_correction", "other_fee_unpaid", "other_other")
}
# One for each way of writing numbers, and some that are none; int_printed_numbers.yml has more.
SPELLINGS = (
    "十二 一百十五件 两千零五 壹佰贰拾 零 二三 减十 （5） （-5） (12件) 12（其中三件） （万元）"
    " NA n/a Ｎ／Ａ \u20112 \u22122 \ufe632 \u20142 1\u2009036 \u200b7\u200e &nbsp;"
)
NOT_RETURNED = ("new_requests", "carried_in", "total_processed", "carried_out")

REPORTS = (
    # families 1 to 4
    Report(
        "sums",
        2024,
        {
            ("new_requests", "natural_person"): "3",
            ("carried_out", "natural_person"): "2",
            ("new_requests", "commercial_enterprise"): "3",
            ("carried_out", "commercial_enterprise"): "",
            ("new_requests", "research_institution"): "约3",
            ("granted", "other_organization"): "1",
            ("total_processed", "total"): "/",
            ("carried_in", "*"): "",
            **{(line, "legal_service_organization"): "" for line in NOT_RETURNED},
            # a subtotal is checked by itself, and its blank may hold what is wanting
            ("other_processing", "*"): "0",
            ("other_processing", "total"): "3",
            ("other_processing", "natural_person"): "",
            ("review", "total"): "2",
            ("review", "upheld"): "",
            ("litigation_direct", "total"): "-1",
            **{("litigation_direct", result): "" for result in RESULTS[:-1]},
            ("litigation_after_review", "*"): "",
        },
    ),
    # what is no number to dbt is none to the audit, and stops nobody else's report
    Report(
        "odd-digits",
        2024,
        {
            ("new_requests", "natural_person"): "05",
            ("new_requests", "total"): "5",
            ("granted", "commercial_enterprise"): "010",
            ("granted", "other_organization"): "+5",
            ("denied_state_secret", "total"): "1e3",
            ("carried_out", "total"): "1234567890123456",
            ("review", "upheld"): "00",
            ("review", "pending"): "１２",
            ("regulation", STOCK): "03",
            ("permit", "decisions"): "3.0",
        },
    ),
    Report("cut-short", 2024, {("carried_out", "*"): None, ("litigation_direct", "*"): None}),
    # （六） beside its parts, of which the document leaves one out
    Report(
        "subtotal",
        2024,
        {
            ("other_processing", "*"): "0",
            ("other_fee_unpaid", "*"): None,
            ("other_processing", "natural_person"): "2",
            ("other_other", "natural_person"): "1",
            ("other_processing", "commercial_enterprise"): "",
            ("other_processing", "research_institution"): "1",
            ("other_other", "research_institution"): "",
            ("other_processing", "legal_service_organization"): "约1",
            ("other_processing", "other_organization"): "/",
            ("other_other", "other_organization"): "1",
            ("other_processing", "total"): "3",
            ("other_no_correction", "total"): "1",
            ("other_other", "total"): "2",
        },
    ),
    # of some rows the total alone is filled
    Report(
        "undistributed",
        2024,
        {
            ("new_requests", "*"): "",
            ("new_requests", "total"): "5",
            ("carried_in", "*"): "",
            ("carried_in", "total"): "0",
            ("granted", "*"): "/",
            ("granted", "total"): "1",
            ("carried_out", "*"): "",
            ("carried_out", "total"): "5",
            ("carried_out", "natural_person"): "/",
            ("review", "*"): "",
            ("review", "total"): "2",
        },
    ),
    # last year's report: none, in the other layout, the predecessor's, revised
    Report("switch", 2020, layout="2019"),
    Report("switch", 2021),
    Report("gone", 2022, {**both("carried_out", "2"), ("regulation", STOCK): "3"}),
    Report("heir", 2023, {**both("carried_in", "2"), ("regulation", STOCK): "2"}),
    Report("heir", 2024, both("carried_in", "1")),
    # mergers add up, also where one goes on; a split says not what went where
    Report("left", 2022, {**both("carried_out", "1"), ("regulation", STOCK): "1"}),
    Report("right", 2022, {**both("carried_out", "2"), ("regulation", STOCK): "2"}),
    Report("merger", 2023, {**both("carried_in", "3"), ("regulation", STOCK): "3"}),
    Report("blank", 2022, {("carried_out", "natural_person"): "", ("regulation", STOCK): "2"}),
    Report("stroke", 2022, {("carried_out", "natural_person"): "/", ("regulation", STOCK): "约2"}),
    Report("empty-merger", 2023, {("regulation", STOCK): "2"}),
    Report("taker", 2022, both("carried_out", "1")),
    Report("taker", 2023, both("carried_in", "2")),
    Report("half", 2023, both("carried_in", "1")),
    Report("half-merger", 2023, both("carried_in", "1")),
    Report("restated", 2022, {("carried_out", "total"): "1", ("regulation", STOCK): ""}),
    Report("restated", 2022, {("regulation", STOCK): "0"}, revision=2),
    Report("restated", 2023),
    # stocks of documents
    Report("stock", 2021, {("regulation", STOCK): "5", ("normative_document", STOCK): "5"}),
    Report(
        "stock",
        2022,
        {
            ("regulation", "made"): "2",
            ("regulation", "repealed"): "1",
            ("regulation", STOCK): "6",
            ("normative_document", STOCK): "7",
        },
    ),
    Report("stock", 2023, {("regulation", STOCK): "", ("normative_document", STOCK): "约7"}),
    Report("stock", 2024, {("regulation", STOCK): "9", ("normative_document", STOCK): None}),
    # stocks of items: a change may be negative, so that its blank can mend either way
    Report(
        "items",
        2019,
        {
            ("permit", "prior_items"): "5",
            ("permit", "change"): "-2",
            ("coercion", "prior_items"): "5",
            ("coercion", "change"): "",
            ("other_service", "prior_items"): "5",
            ("other_service", "change"): "—",
            ("penalty", "prior_items"): "5",
        },
        layout="2019",
    ),
    Report(
        "items",
        2020,
        {
            ("permit", "prior_items"): "3",
            ("coercion", "prior_items"): "3",
            ("other_service", "prior_items"): "5",
            ("penalty", "prior_items"): "4",
        },
        layout="2019",
    ),
    # roll-ups
    Report(
        "city",
        2024,
        {
            ("granted", "total"): "3",
            ("new_requests", "total"): "4",
            ("carried_in", "total"): "5",
            ("partially_granted", "total"): "1",
            ("denied_state_secret", "total"): "1",
            ("review", "upheld"): "2",
            ("fee", "amount"): "1",
            **ONE_ROW,
        },
    ),
    Report(
        "bureau",
        2024,
        {
            ("granted", "total"): "1",
            ("new_requests", "total"): "1",
            ("carried_in", "total"): "",
            ("partially_granted", "total"): "约1",
            ("denied_state_secret", "*"): None,
            # one row too, and blank; the office has three
            **ONE_ROW,
            ("other_processing", "total"): "",
        },
    ),
    Report(
        "office",
        2024,
        {
            ("granted", "total"): "2",
            ("new_requests", "total"): "2",
            ("carried_in", "total"): "2",
            ("review", "upheld"): "1",
        },
    ),
    Report("town", 2024),
    Report("county", 2024),
    Report("district", 2024),
    # how numbers are written: as counts and changes, then as amounts
    *(
        Report(
            f"speller-{number}",
            2019,
            {("granted", "natural_person"): text, ("permit", "change"): text},
            layout="2019",
        )
        for number, text in enumerate(SPELLINGS.split(" "))
    ),
    *(
        Report(f"speller-{number}", 2021, {("fee", "amount"): text})
        for number, text in enumerate(SPELLINGS.split(" "))
    ),
    # the prose
    Report(
        "teller",
        2024,
        {
            ("new_requests", "total"): "5",
            ("denied_state_secret", "total"): "1",
            ("denied_enforcement_file", "total"): "2",
            ("carried_in", "total"): "/",
            ("normative_document", "made"): "1",
            ("normative_document", "repealed"): None,
            ("normative_document", STOCK): "许多",
        },
        {
            "requests_received": ("5",),
            "requests_denied": ("3",),
            "requests_carried_in": ("1",),
            "reviews": ("3", "4"),
            "lawsuits": ("若干",),
            "normative_made": ("2", "2"),
            "normative_repealed": ("1",),
            "normative_in_force": ("1",),
            "penalty_power_items": ("10",),
        },
    ),
    # where a total is blank, its parts are asked
    Report(
        "teller-of-parts",
        2024,
        {
            **{(line, "total"): "" for line in ("new_requests", "carried_in", "granted")},
            ("new_requests", "natural_person"): "3",
            ("new_requests", "commercial_enterprise"): "2",
            ("carried_in", "*"): "",
            ("carried_in", "natural_person"): "1",
            ("granted", "natural_person"): "2",
            ("granted", "commercial_enterprise"): "",
            ("partially_granted", "*"): "",
            ("partially_granted", "natural_person"): "2",
            ("carried_out", "*"): "",
            ("denied_state_secret", "total"): "",
            ("denied_state_secret", "natural_person"): "约3",
            ("unprocessed_repeat", "*"): "/",
            ("unprocessed_repeat", "total"): "",
            # a subtotal is added to nothing, by its parts neither
            ("other_processing", "*"): "9",
            ("other_processing", "total"): "",
            ("other_other", "total"): "",
            ("other_other", "other_organization"): "4",
            ("review", "total"): "",
            ("review", "upheld"): "2",
            ("litigation_direct", "total"): "",
            ("litigation_direct", "upheld"): "1",
        },
        {
            "requests_received": ("5",),
            "requests_carried_in": ("1",),
            "requests_granted": ("1",),
            "requests_partially_granted": ("3",),
            "requests_carried_out": ("1",),
            "requests_denied": ("3",),
            "requests_unprocessed": ("1",),
            "requests_other": ("4",),
            "reviews": ("2",),
            "lawsuits": ("2",),
        },
    ),
    Report(
        "teller",
        2019,
        {("penalty", "prior_items"): "14", ("penalty", "change"): "4"},
        {"penalty_power_items": ("10",)},
        layout="2019",
    ),
)
CONSOLIDATED = ("city", "town", "county", "district")
PREDECESSORS = {"heir": "gone"}
# predecessor, successor, kind, from the reports for which year on, share
Succession = tuple[str, str, str, str | None, str | None]
SUCCESSIONS: tuple[Succession, ...] = (
    ("left", "merger", "merged", "2023", "1"),
    ("right", "merger", "merged", "2023", None),
    ("blank", "empty-merger", "merged", "2023", None),
    ("stroke", "empty-merger", "merged", "2023", None),
    ("left", "taker", "merged", "2023", None),
    ("left", "half", "split", "2023", "0.5"),
    ("left", "half-merger", "merged", "2023", None),
    ("nobody", "half-merger", "merged", "2023", None),
)
# body, member, whether the set is said to be complete; of the district nothing is known
MEMBERS = (
    ("city", "bureau", "true"),
    ("city", "office", "true"),
    ("town", "bureau", "true"),
    ("town", "office", "false"),
    ("county", "bureau", "true"),
    ("county", "stock-of-nobody", "true"),
)

# The verdicts, read off the rules by hand; none where there is no check.
VERDICTS = """
    sums 2024
        requests.balance natural_person broken
        requests.balance commercial_enterprise not_assessable
        requests.balance research_institution not_assessable
        requests.balance legal_service_organization holds_if_blank_is_zero
        requests.balance public_welfare_organization holds_if_blank_is_zero
        requests.balance total holds_if_blank_is_zero
        requests.outcomes other_organization broken
        requests.outcomes natural_person holds
        requests.outcomes total holds_if_blank_is_zero
        requests.applicants new_requests not_assessable
        requests.applicants granted broken
        requests.applicants carried_in holds_if_blank_is_zero
        requests.applicants other_processing not_assessable
        requests.applicants carried_out broken
        requests.applicants total_processed holds_if_blank_is_zero
        requests.carry_over total not_assessable
        documents.stock regulation not_assessable
        documents.stock fee none
        items.stock permit none
        review.total all not_assessable
        litigation_direct.total all broken
        litigation_after_review.total all holds_if_blank_is_zero
        rollup.requests.total granted none
        rollup.reviews.total review none
        narrative.reviews all none
        requests.other_processing total broken
        requests.other_processing natural_person holds_if_blank_is_zero
    subtotal 2024
        requests.other_processing total holds
        requests.other_processing natural_person broken
        requests.other_processing commercial_enterprise holds_if_blank_is_zero
        requests.other_processing research_institution not_assessable
        requests.other_processing public_welfare_organization holds
        requests.other_processing legal_service_organization not_assessable
        requests.other_processing other_organization broken
        requests.outcomes natural_person broken
    undistributed 2024
        requests.applicants new_requests not_assessable
        requests.applicants carried_in holds_if_blank_is_zero
        requests.applicants granted broken
        requests.applicants carried_out not_assessable
        requests.balance total holds
        review.total all not_assessable
    cut-short 2024
        requests.other_processing total none
        requests.balance total not_assessable
        requests.outcomes total holds
        requests.applicants carried_out not_assessable
        requests.applicants carried_in holds
        litigation_direct.total all not_assessable
        review.total all holds
    switch 2020
        items.stock permit not_assessable
        documents.stock regulation none
    switch 2021
        requests.carry_over total holds
        documents.stock regulation not_assessable
        items.stock permit none
    heir 2023
        requests.carry_over total holds
        requests.carry_over natural_person holds
        documents.stock regulation broken
        documents.stock normative_document holds
    heir 2024
        requests.carry_over natural_person broken
        documents.stock regulation broken
    merger 2023
        requests.carry_over total holds
        requests.carry_over natural_person holds
        documents.stock regulation holds
    empty-merger 2023
        requests.carry_over natural_person holds_if_blank_is_zero
        requests.carry_over total holds
        documents.stock regulation not_assessable
        documents.stock normative_document holds
    taker 2023
        requests.carry_over total holds
        documents.stock regulation broken
    half 2023
        requests.carry_over total not_assessable
        documents.stock regulation not_assessable
    half-merger 2023
        requests.carry_over total not_assessable
    restated 2023
        requests.carry_over total holds
        requests.carry_over natural_person holds
        documents.stock regulation holds
        documents.stock normative_document holds
    stock 2022
        documents.stock regulation holds
        documents.stock normative_document broken
    stock 2023
        documents.stock regulation not_assessable
        documents.stock normative_document not_assessable
    stock 2024
        documents.stock regulation not_assessable
        documents.stock normative_document not_assessable
    items 2019
        items.stock permit not_assessable
    items 2020
        items.stock permit holds
        items.stock coercion not_assessable
        items.stock other_service holds_if_blank_is_zero
        items.stock penalty broken
    city 2024
        rollup.requests.total granted holds
        rollup.requests.total new_requests broken
        rollup.requests.total carried_in not_assessable
        rollup.requests.total partially_granted not_assessable
        rollup.requests.total denied_state_secret not_assessable
        rollup.requests.total other_processing not_assessable
        rollup.requests.natural_person granted holds
        rollup.reviews.upheld review broken
        rollup.reviews.total review holds
        rollup.disclosures.amount fee broken
        rollup.disclosures.repealed regulation holds
        rollup.disclosures.change permit none
    town 2024
        rollup.requests.total granted not_assessable
        rollup.disclosures.in_force regulation not_assessable
    county 2024
        rollup.requests.total granted not_assessable
    district 2024
        rollup.requests.total granted not_assessable
        rollup.reviews.total review not_assessable
    bureau 2024
        requests.other_processing total none
        rollup.requests.total granted none
    teller 2024
        narrative.requests_received all holds
        narrative.requests_denied all holds
        narrative.requests_carried_in all broken
        narrative.reviews all not_assessable
        narrative.lawsuits all not_assessable
        narrative.normative_made all broken
        narrative.normative_repealed all not_assessable
        narrative.normative_in_force all not_assessable
        narrative.penalty_power_items all not_assessable
        narrative.requests_granted all none
    teller-of-parts 2024
        narrative.requests_received all holds
        narrative.requests_carried_in all holds_if_blank_is_zero
        narrative.requests_granted all broken
        narrative.requests_partially_granted all not_assessable
        narrative.requests_carried_out all not_assessable
        narrative.requests_denied all not_assessable
        narrative.requests_unprocessed all broken
        narrative.requests_other all holds
        narrative.reviews all holds
        narrative.lawsuits all broken
    teller 2019
        narrative.penalty_power_items all broken
"""


# Why some of these were not judged, by report, identity and slice.
REASONS = {
    ("undistributed", "requests.applicants", "new_requests"): "undistributed: total",
    ("undistributed", "requests.applicants", "carried_out"): (
        "blank: commercial_enterprise, research_institution, public_welfare_organization,"
        " legal_service_organization, other_organization; not_applicable: natural_person"
    ),
    ("undistributed", "review.total", "all"): "undistributed: total",
    ("teller-of-parts", "narrative.requests_partially_granted", "all"): "blank: partially_granted",
    ("teller-of-parts", "narrative.requests_denied", "all"): "unreadable: denied_state_secret",
}


def verdicts() -> dict[tuple[str, str, str], str | None]:
    """Give the verdict of each check above by report, identity and slice."""
    found: dict[tuple[str, str, str], str | None] = {}
    report = ""
    for words in (line.split() for line in VERDICTS.strip().splitlines()):
        if len(words) == 2:
            report = report_id(words[0], int(words[1]))
        else:
            found[report, words[0], words[1]] = None if words[2] == "none" else words[2]
    return found


def add_to(landing: Path) -> None:
    """Add the reports to a landing folder whose raw tables are folders of Parquet files."""
    for table, rows in rows_to_land(REPORTS, SUCCESSIONS).items():
        if table.startswith("raw_"):
            write(landing / table / "hand_made.parquet", rows)
        else:
            file = landing / f"{table}.parquet"
            write(file, rows, file if file.exists() else None)


def rows_to_land(
    reports: Iterable[Report], successions: Iterable[Succession]
) -> dict[str, list[Row]]:
    """Give the rows of some reports and of what stands beside them, by table."""
    reports = list(reports)
    return {
        "raw_reports": [report_row(report) for report in reports],
        "raw_requests": [row for r in reports for row in wide_rows(r, "requests", APPLICANTS)],
        "raw_reviews": [row for r in reports for row in wide_rows(r, "reviews", RESULTS)],
        "raw_disclosures": [row for report in reports for row in disclosure_rows(report)],
        "raw_narrative_figures": [row for report in reports for row in narrative_rows(report)],
        "agencies": [agency_row(body) for body in sorted({r.body for r in reports} | {"nobody"})],
        "agency_successions": [succession_row(*succession) for succession in successions],
        "rollup_members": [member_row(*member) for member in MEMBERS],
    }


def report_row(report: Report) -> Row:
    return {
        "report_id": report.report_id,
        "agency_id": f"999999-{report.body}",
        "agency_name": report.body,
        "report_year": str(report.year),
        "layout": report.layout,
        "revision": str(report.revision),
        "title": report.report_id,
        "landed_on": f"{report.year + 1}-04-01",
        **dict.fromkeys(("published_on", "source_url", "source_document", "source_sha256")),
    }


def agency_row(body: str) -> Row:
    predecessor = PREDECESSORS.get(body)
    return {
        "agency_id": f"999999-{body}",
        "agency_name": body,
        "region_code": "350128",
        "level": "county",
        "sector_code": "general_government",
        "parent_agency_id": None,
        "predecessor_agency_id": f"999999-{predecessor}" if predecessor else None,
        "is_consolidated": str(body in CONSOLIDATED).lower(),
    }


def succession_row(
    predecessor: str, successor: str, kind: str, year: str | None, share: str | None
) -> Row:
    return {
        "predecessor_agency_id": f"999999-{predecessor}",
        "successor_agency_id": f"999999-{successor}",
        "succession_kind": kind,
        "effective_year": year,
        "share": share,
    }


def member_row(body: str, member: str, is_complete: str) -> Row:
    return {
        "agency_id": f"999999-{body}",
        "member_agency_id": f"999999-{member}",
        "report_year": "2024",
        "is_complete": is_complete,
        "note": None,
    }


def wide_rows(report: Report, form_table: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Give the rows of tables 三 and 四: those of the form, and those that a report splits."""
    key = "channel" if form_table == "reviews" else "line_code"
    for line in of_layout("form_lines.csv", report.layout):
        code = line["line_code"]
        is_printed = line["is_variant"] == "false" or (code, "*") in report.cells
        if line["form_table"] == form_table and is_printed:
            whole = report.cells.get((code, "*"), "0")
            if whole is not None:
                texts = {c: report.cells.get((code, c), whole) or None for c in columns}
                yield {"report_id": report.report_id, key: code, **texts}


def disclosure_rows(report: Report) -> Iterator[Row]:
    for cell in of_layout("form_cells.csv", report.layout):
        printed = report.cells.get((cell["line_code"], cell["measure_code"]), "0")
        if printed is not None:
            yield {
                "report_id": report.report_id,
                "line_code": cell["line_code"],
                "measure_code": cell["measure_code"],
                "printed": printed or None,
            }


def narrative_rows(report: Report) -> Iterator[Row]:
    for figure, numbers in report.stated.items():
        for place, number in enumerate(numbers, start=1):
            yield {
                "report_id": report.report_id,
                "figure_code": figure,
                "printed": number,
                "locator": f"一 {place}",
            }


def of_layout(seed: str, layout: str) -> list[dict[str, str]]:
    with (REFERENCE / seed).open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["layout"] == layout]


def write(file: Path, rows: list[Row], added_to: Path | None = None) -> None:
    """Write rows of text to a Parquet file, after those of another."""
    columns = list(rows[0])
    with duckdb.connect() as connection:
        connection.execute(f"create table made ({' varchar, '.join(columns)} varchar)")
        connection.executemany(
            f"insert into made values ({', '.join('?' * len(columns))})",
            [[row[column] for column in columns] for row in rows],
        )
        if added_to:
            connection.execute(f"insert into made by name from '{added_to}'")
        connection.execute(f"copy made to '{file}'")
