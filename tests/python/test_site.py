"""The site's frame and its first page, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from site_browser import Visit, asked, barriers, visiting

PAGES = ["index.html"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_cleanly(browser: Browser, origin: str, path: str) -> None:
    for device in ("desktop", "phone"):
        with visiting(browser, origin, device) as visit:
            page = visit.go(path)
            wide, window = page.evaluate(
                "[document.documentElement.scrollWidth, window.innerWidth]"
            )
            assert wide <= window, "the page scrolls sideways"
            assert visit.complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_shut_nobody_out(browser: Browser, site: Path, axe: str, path: str) -> None:
    with visiting(browser, site.as_uri(), bypass_csp=True) as visit:
        visit.go(path)
        assert barriers(visit, axe) == []


def test_the_overview_says_what_sql_says(visit: Visit, warehouse: Path) -> None:
    page = visit.go("index.html")
    counted = asked(
        warehouse,
        """
        select count(*), count(distinct agency_id),
            (select count(*) from quality.fct_identity_checks),
            (select count(*) from quality.issues where not is_acknowledged)
        from marts.dim_report where is_current
        """,
    )[0]
    for name, figure in zip(("reports", "agencies", "checks", "broken"), counted, strict=True):
        assert page.locator(f"#count-{name}").inner_text() == f"{figure:,}"


def test_charts_have_a_mark_for_each_row(visit: Visit, warehouse: Path) -> None:
    page = visit.go("index.html")
    years, provinces = asked(
        warehouse,
        """
        select count(distinct report_year), count(distinct province)
        from marts.dim_report inner join marts.dim_agency using (agency_id)
        """,
    )[0]
    assert page.locator("#coverage .mark-rect path").count() == years * provinces
    families = asked(warehouse, "select count(distinct family) from quality.identity_coverage")
    # one for each verdict
    assert page.locator("#verdicts .mark-rect path").count() == families[0][0] * 5


def test_the_language_is_switched_and_remembered(browser: Browser, origin: str) -> None:
    with visiting(browser, origin) as visit:
        page = visit.go("index.html")
        assert visit.texts("h1") == ["政府信息公开工作年度报告：数据与勾稽"]
        assert "总览" in page.title()
        visit.switch_language()
        assert visit.texts("h1") == [
            "Government-information-disclosure reports: figures and checks"
        ]
        assert "Overview" in page.title()
        assert page.locator("html").get_attribute("lang") == "en"
        assert "Requests balance" in page.locator("#verdicts svg").inner_html()
        page.reload()
        visit.settle()
        assert visit.texts("h1") == [
            "Government-information-disclosure reports: figures and checks"
        ]
        visit.switch_language()
        assert visit.texts("h1") == ["政府信息公开工作年度报告：数据与勾稽"]
        assert visit.complaints == []
