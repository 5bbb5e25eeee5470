"""The raw seeds hold the verified figures of their reports, cell by cell."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIGURES = ROOT.parent / "shared" / "corpus" / "figures"
EVIDENCE_TAKEN = {"native", "decoded", "ocr"}
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

pytestmark = pytest.mark.skipif(
    not FIGURES.is_dir(), reason="the verified figures are not beside the project (../shared)"
)

Cell = tuple[str, str, str, str]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells(folder: Path, prefix: str) -> Iterator[tuple[Cell, str]]:
    """Every cell as (report_id, table, line, column) and its printed text."""
    for row in rows(folder / f"{prefix}disclosures.csv"):
        key = (row["report_id"], "disclosures", row["line_code"], row["measure_code"])
        yield key, row["printed"]
    for row in rows(folder / f"{prefix}requests.csv"):
        for column in APPLICANTS:
            yield (row["report_id"], "requests", row["line_code"], column), row[column]
    for row in rows(folder / f"{prefix}reviews.csv"):
        for column in RESULTS:
            yield (row["report_id"], "reviews", row["channel"], column), row[column]


@pytest.fixture(scope="module")
def report_ids() -> dict[str, str]:
    """From the working names of the corpus to the report ids of the seeds, by body and year."""
    seeded = {
        (row["agency_name"], row["report_year"]): row["report_id"]
        for row in rows(ROOT / "seeds/raw/raw_reports.csv")
    }
    return {
        row["report_id"]: seeded[row["agency_name"], row["report_year"]]
        for row in rows(FIGURES / "reports.csv")
        if row["evidence"] in EVIDENCE_TAKEN
    }


def test_every_report_with_firm_evidence_is_seeded(report_ids: dict[str, str]) -> None:
    assert len(report_ids) == len(set(report_ids.values())) == 101


def test_printed_text_is_untouched(report_ids: dict[str, str]) -> None:
    expected = {
        (report_ids[key[0]], *key[1:]): printed
        for key, printed in cells(FIGURES, "")
        if key[0] in report_ids
    }
    seeded = {
        key: printed
        for key, printed in cells(ROOT / "seeds/raw", "raw_")
        if key[0] in report_ids.values()
    }
    assert seeded == expected


# In the sentences of the corpus too, whose figures name the penalties and coercions alone.
POWERS = [
    ("640300-keji-2019", f"{kind}_power_items{change}", printed)
    for kind, change, printed in (
        ("inspection", "", "1"),
        ("confirmation", "", "2"),
        ("reward", "", "2"),
        ("other", "", "2"),
        ("other", "_transferred", "1"),
        ("inspection", "_cancelled", "1"),
        ("other", "_added", "2"),
    )
]


def test_narrative_figures_are_those_of_the_corpus(report_ids: dict[str, str]) -> None:
    expected = sorted(
        (report_ids[row["report_id"]], row["figure"], row["printed"])
        for row in rows(FIGURES / "narrative.csv")
        if row["report_id"] in report_ids
    )
    seeded = sorted(
        (row["report_id"], row["figure_code"], row["printed"])
        for row in rows(ROOT / "seeds/raw/raw_narrative_figures.csv")
        if row["report_id"] in report_ids.values()
    )
    assert seeded == sorted(expected + POWERS)
