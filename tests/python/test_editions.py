"""Editions of a report: which is current, what follows it, and where each is shown."""

import csv
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from lxml import html

from conftest import Gouji
from gouji.paths import Project
from gouji.publish.inputs import copy_project

ROOT = Path(__file__).parents[2]
FIRST = "320813-zhengfu-2023"
CURRENT, UNDATED = f"{FIRST}-r2", f"{FIRST}-r3"
GRANTED = ("raw_requests", "granted", "natural_person")


class Built(NamedTuple):
    """A warehouse, and the texts of a cell in the three editions."""

    database: Path
    granted: dict[str, str]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add(path: Path, rows: list[dict[str, str]]) -> None:
    names = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, names, lineterminator="\n").writerows(rows)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, gouji: Gouji) -> Built:
    """The seeds with two further editions of a report: a dated one, and one without a date."""
    project = tmp_path_factory.mktemp("editions") / "project"
    copy_project(Project(ROOT), project)
    granted = {}
    for number, (edition, published) in enumerate(
        ((CURRENT, "2024-03-05 09:00"), (UNDATED, "")), 2
    ):
        for path in (project / "seeds" / "raw").glob("*.csv"):
            rows = [row for row in rows_of(path) if row["report_id"] == FIRST]
            for row in rows:
                row["report_id"] = edition
                if path.stem == "raw_reports":
                    row |= {"revision": str(number), "published_on": published}
                    row["source_sha256"] = f"{number:064}"
                if path.stem == "raw_requests" and row["line_code"] == "granted":
                    granted[FIRST] = row["natural_person"]
                    row["natural_person"] = granted[edition] = f"{900 + number}"
            add(path, rows)
    of_first = {"report_id": FIRST, "evidence": "a letter"}
    signed = {"reason": "corrected", "acknowledged_by": "a test"}
    issue = {"identity_id": "review.total", "slice": "all", "observed_lhs": "0"}
    until = {"observed_rhs": "11", "acknowledged_on": "2026-01-01", "expires_on": "2999-12-31"}
    add(project / "seeds/stewardship/acknowledged_issues.csv", [of_first | signed | issue | until])
    cell = {"form_table": "reviews", "line_code": "review", "column_code": "total"}
    text = {"printed": "0", "corrected": "11", "corrected_on": "2026-01-01"}
    text |= {"corrected_by": "a test"}
    add(project / "seeds/stewardship/corrections.csv", [of_first | cell | text])
    asked = {"event": "asked", "happened_on": "2026-01-01", "note": "1", "entered_by": "a test"}
    sides = {"observed_rhs": "11"}
    add(
        project / "seeds/stewardship/correspondence.csv",
        [{"report_id": FIRST} | issue | sides | asked],
    )
    folder = project / "warehouse"
    done = gouji("build", "--warehouse", folder, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    return Built(folder / "gouji.duckdb", granted)


def test_the_edition_published_last_is_current(built: Built) -> None:
    with duckdb.connect(str(built.database), read_only=True) as connection:
        editions = connection.sql(
            f"select report_id, is_current from marts.dim_report where report_id like '{FIRST}%'"
        ).fetchall()
        facts = connection.sql(
            f"select distinct report_id from marts.fct_requests where report_id like '{FIRST}%'"
        ).fetchall()
    assert dict(editions) == {FIRST: False, CURRENT: True, UNDATED: False}
    assert facts == [(CURRENT,)]


def test_decisions_follow_their_report(built: Built) -> None:
    with duckdb.connect(str(built.database), read_only=True) as connection:
        acknowledged = connection.sql(
            "select report_id, identity_id from quality.fct_identity_checks where is_acknowledged"
        ).fetchall()
        corrected = connection.sql(
            "select report_id, reported_value, value from marts.fct_review_litigation"
            " where value is distinct from reported_value union all"
            " select report_id, null, null from intermediate.int_corrected_cells"
        ).fetchall()
        states = connection.sql(
            "select report_id, state, asked_on is not null, checks_open"
            " from quality.cause_states where state <> 'open'"
        ).fetchall()
    assert acknowledged == [(CURRENT, "review.total")]
    assert states == [(CURRENT, "corrected", True, 0)]
    assert {report_id for report_id, *_ in corrected} == {CURRENT}


def test_each_edition_has_its_page(built: Built) -> None:
    pages = built.database.parent / "site" / "reports"
    for name, edition in (
        (f"{FIRST}.html", CURRENT),  # the report's address shows the current edition
        (f"{CURRENT}.html", CURRENT),
        (f"{FIRST}-r1.html", FIRST),
        (f"{UNDATED}.html", UNDATED),
    ):
        page = html.parse(pages / name)
        (cell,) = page.xpath("//*[@id='requests-granted-natural_person']")
        assert built.granted[edition] in cell.text_content()
        assert edition in page.xpath("string(//ul[@class='facts'])")
    links = html.parse(pages / f"{FIRST}.html").xpath("//ul[@class='facts']//a/@href")
    assert {f"{FIRST}-r1.html", f"{UNDATED}.html"} <= set(links)
    assert f"{FIRST}.html" in html.parse(pages / f"{UNDATED}.html").xpath("//p/a/@href")
