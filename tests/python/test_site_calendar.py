"""The page on late and missing reports, against what the raw tables and the seeds say in Python."""

import csv
from collections import Counter
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from lxml import html

from conftest import ROOT
from site_browser import asked

SEEDS = ROOT / "seeds"
STATES = ("on_time", "late", "undated", "not_landed", "not_expected")


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def state(published: str | None, due: date) -> tuple[str, int | None]:
    if published is None:
        return "not_landed", None
    if not published:
        return "undated", None
    late = (date.fromisoformat(published[:10]) - due).days
    return ("late", late) if late > 0 else ("on_time", None)


@pytest.fixture(scope="module")
def calendar() -> dict[tuple[str, int], tuple[str, str, int | None]]:
    """The level, state and days late of each report that is due; one edition is held of each."""
    bodies = {row["agency_id"]: row for row in seed("reference/agencies")}
    held = {
        (row["agency_id"], int(row["report_year"])): row["published_on"]
        for row in seed("raw/raw_reports")
        if row["report_year"] >= "2019"  # the calendar begins with the form
    }
    heirs = {row["predecessor_agency_id"]: body for body, row in bodies.items()}
    last = {row["agency_id"]: int(row["valid_to"]) for row in seed("stewardship/agency_lifetimes")}
    years = {year for _, year in held}
    found = {}
    for body, year in product(bodies, range(min(years), max(years) + 1)):
        if year > last.get(body, year):
            continue
        mine = {one for owner, one in held if owner == body}
        if body in heirs and year > max(mine):
            continue
        if body in heirs.values() and bodies[body]["predecessor_agency_id"] and year < min(mine):
            continue
        is_government = bodies[body]["sector_code"] == "general_government"
        due = date(year + 1, 3 if is_government else 1, 31)
        found[body, year] = (bodies[body]["level"], *state(held.get((body, year)), due))
    return found


def test_the_calendar_is_what_the_seeds_say(
    calendar: dict[tuple[str, int], tuple[str, str, int | None]], warehouse: Path
) -> None:
    rows = asked(
        warehouse,
        "select agency_id, report_year, level, state, days_late"
        " from marts.report_calendar inner join marts.dim_agency using (agency_id)",
    )
    assert {(body, year): tuple(rest) for body, year, *rest in rows} == calendar
    counted = Counter(state for _, state, _ in calendar.values())
    assert counted == {"on_time": 94, "late": 1, "undated": 6, "not_landed": 46}
    assert sorted(days for *_, days in calendar.values() if days) == [76]


def test_the_page_counts_by_year_and_level(
    calendar: dict[tuple[str, int], tuple[str, str, int | None]], site: Path
) -> None:
    page = html.parse(str(site / "calendar.html"))
    counts = Counter((year, level, state) for (_, year), (level, state, _) in calendar.items())
    due = sorted(
        (str(year), sum(states[:4]), *states)
        for year, level in {(year, level) for year, level, _ in counts}
        for states in [[counts[year, level, state] for state in STATES]]
    )
    shown = []
    for year, _, *cells in page.xpath("//table[@id='calendar-levels']/tbody/tr"):
        numbers = [int(cell.get("data-order")) for cell in cells[:6]]
        shown.append((year.text_content().strip(), *numbers))
    assert sorted(shown) == due


def test_the_page_lists_whoever_is_not_known_to_be_on_time(
    calendar: dict[tuple[str, int], tuple[str, str, int | None]], site: Path
) -> None:
    page = html.parse(str(site / "calendar.html"))
    listed = [
        (cells[0].xpath("string(.//*[@lang='en'])"), cells[1].text_content().strip(), cells[7])
        for cells in page.xpath("//table[@id='calendar-reports']/tbody/tr")
    ]
    assert len(listed) == sum(state != "on_time" for _, state, _ in calendar.values())
    assert [(word, year, cell.text_content()) for word, year, cell in listed[:1]] == [
        ("Late", "2025", "76")
    ]
    assert "not_landed" not in page.xpath("string(//main)")
