"""The site's frame, its overview, and what it says of quality, in a browser."""

from pathlib import Path

import duckdb
import pytest
from lxml import html
from playwright.sync_api import Browser

from gouji.site import build
from gouji.site.build import build_site
from site_browser import Visit, asked, barriers, visiting

PAGES = ["index.html", "quality.html", "issues.html", "calendar.html"]
SINGLE_PAGES = [*PAGES, "data.html", "dictionary.html"]


@pytest.mark.parametrize("path", SINGLE_PAGES)
def test_pages_open_cleanly(browser: Browser, origin: str, path: str) -> None:
    for device in ("desktop", "phone"):
        with visiting(browser, origin, device) as visit:
            page = visit.go(path)
            wide, window = page.evaluate(
                "[document.documentElement.scrollWidth, window.innerWidth]"
            )
            assert wide <= window, "the page scrolls sideways"
            assert visit.complaints == []


@pytest.mark.parametrize("path", SINGLE_PAGES)
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
    doubtful, numbers = asked(
        warehouse,
        """
        select count_if(is_doubtful), count(value) from (
            select is_doubtful, value from marts.fct_requests
            union all select is_doubtful, value from marts.fct_review_litigation
            union all select is_doubtful, value from marts.fct_published_items
        )
        """,
    )[0]
    said = page.locator("#doubts").inner_text()
    assert said.startswith(f"{numbers:,} 格有数字，其中 {doubtful:,} 格（")


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


def test_changes_since_the_build_before_are_told(
    warehouse_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute(
            "insert into quality.run_history by name select * replace"
            " (published_at - interval 1 day as published_at, 90 as reports)"
            " from quality.run_history order by published_at desc limit 1"
        )
        connection.execute("delete from quality.issue_changes")
        connection.execute(
            "insert into quality.issue_changes values"
            " ('opened', '320813-zhengfu-2023', 'review.total', 'all'),"
            " ('opened', '350128-guozi-2019', 'requests.applicants', 'carried_out'),"
            " ('closed', '000000-gone-2019', 'requests.applicants', 'granted')"
        )
    # the second report has no page
    monkeypatch.setattr("gouji.site.page.MOST_REPORT_PAGES", 0)
    monkeypatch.setattr(build, "PAGES", build.PAGES[:1])
    build_site(warehouse_copy, tmp_path / "site", ["320813-zhengfu-2023"])
    page = html.parse(str(tmp_path / "site" / "index.html"))
    for english in page.xpath("//*[@lang='en']"):
        english.drop_tree()
    opened, closed, still = asked(
        warehouse_copy,
        "select issues_opened, issues_closed, issues_still_open from quality.run_history"
        " order by published_at desc limit 1",
    )[0]
    said = page.xpath("string(//*[@id='changes'])")
    assert f"新出现 {opened} 项不成立，消除 {closed} 项，仍有 {still} 项" in said
    assert "报告由 90 份变为 101 份" in said
    rows = [
        [cell.text_content().strip() for cell in row]
        for row in page.xpath("//table[@id='changes-table']/tbody/tr")
    ]
    assert [(row[0], row[4]) for row in rows] == [
        ("新出现", ""),
        ("新出现", "四、结转下年度继续办理"),
        ("已消除", "granted"),
    ]
    assert page.xpath("//table[@id='changes-table']//a/@href") == [
        "reports/320813-zhengfu-2023.html#check-review.total-all"
    ]


def test_groups_and_builds_are_what_sql_says(site: Path, warehouse: Path) -> None:
    page = html.parse(str(site / "quality.html"))
    for dimension in ("province", "sector", "level"):
        rows = asked(
            warehouse,
            f"""
            select count(distinct report_id), count(*), count_if(status <> 'not_assessable'),
                count_if(status = 'broken')
            from quality.fct_identity_checks inner join marts.dim_agency using (agency_id)
            group by {dimension}
            """,
        )
        shown = [
            tuple(int(cells[place].get("data-order")) for place in (1, 3, 4, 5))
            for cells in page.xpath(f"//table[@id='{dimension}-table']/tbody/tr")
        ]
        assert sorted(shown) == sorted(rows), dimension
    builds = asked(warehouse, "select count(*) from quality.run_history")[0][0]
    assert len(page.xpath("//table[@id='builds-table']/tbody/tr")) == builds


SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://example.com","x")'


@pytest.mark.parametrize("many", [0, 10_000])
def test_names_are_text_everywhere(
    browser: Browser,
    warehouse_copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    many: int,
) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        names = "agency_name = case when agency_id like '3208%' then $1 else $2 end"
        for table in ("marts.dim_agency", "marts.dim_report"):
            connection.execute(f"update {table} set {names}", [SCRIPT, FORMULA])
        connection.execute("update marts.dim_agency set province = $1", [SCRIPT])
    # a long table is drawn from JSON, a short one stands in the page
    monkeypatch.setattr("gouji.site.tables.MANY", many)
    build_site(warehouse_copy, tmp_path / "site")
    with visiting(browser, (tmp_path / "site").as_uri()) as visit:
        dialogs: list[str] = []
        visit.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for path in PAGES:
            visit.go(path)
            assert visit.page.locator("main script:not([type])").count() == 0
        assert {SCRIPT, FORMULA} <= set(visit.texts("#issues td:nth-child(3)"))
        assert dialogs == []
        assert visit.complaints == []


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


def test_the_heat_map_has_a_cell_for_each_identity_and_year(visit: Visit, warehouse: Path) -> None:
    page = visit.go("quality.html")
    cells = asked(
        warehouse,
        """
        select identities.title_zh, coverage.report_year, coverage.assessable, coverage.held_rate
        from quality.identity_coverage as coverage
        inner join reference.identities using (identity_id)
        where coverage.assessable > 0
        """,
    )
    assert page.locator("#heat .mark-rect path").count() == len(cells)
    drawn = set(page.locator("#heat .mark-text text").all_text_contents())
    assert {f"{rate:.1%} / {assessable:,}" for _, _, assessable, rate in cells} <= drawn
    labels = page.locator("#heat .mark-rect path").evaluate_all(
        "marks => marks.map(mark => mark.getAttribute('aria-label'))"
    )
    for title, year, _, _ in cells:
        assert any(title in label and str(year) in label for label in labels), (title, year)


def test_issues_are_found_by_search_and_filters(visit: Visit, warehouse: Path) -> None:
    page = visit.go("issues.html")
    causes = "(select root_cause_id, min(severity) as severity, max(report_year) as report_year"
    causes += " from quality.issues group by root_cause_id)"

    def rows() -> int:
        """How many rows the line above the table says are left."""
        said = page.locator(".dt-info").inner_text()
        return int(said.split("共")[1].split("行")[0].replace(",", ""))

    def count(condition: str) -> int:
        return int(asked(warehouse, f"select count(*) from {causes} where {condition}")[0][0])

    assert rows() == count("true")
    page.locator("select[data-filter=severity]").select_option("错误")
    assert rows() == count("severity = 'error'")
    page.locator("select[data-filter=year]").select_option("2023")
    assert rows() == count("severity = 'error' and report_year = 2023")
    page.locator("select[data-filter=severity]").select_option("")
    assert rows() == count("report_year = 2023")
    page.locator("select[data-filter=year]").select_option("")
    page.locator(".dt-search input").fill("洪泽区")
    of_hongze = "select count(distinct root_cause_id) from quality.issues"
    of_hongze += " where agency_id = '320813-zhengfu'"
    assert rows() == asked(warehouse, of_hongze)[0][0]
    # an address can ask for a choice
    visit.go("issues.html?year=2023&severity=错误")
    assert rows() == count("severity = 'error' and report_year = 2023")


def test_issues_sort_by_number(visit: Visit, warehouse: Path) -> None:
    page = visit.go("issues.html")
    heading = page.locator("#issues thead th").nth(5)
    heading.click()
    shown = [
        text.replace("\u2212", "-").replace(",", "")
        for text in visit.texts("#issues td:nth-child(6)")
    ]
    differences = [float(text) for text in shown]
    assert differences == sorted(differences)
    assert differences[0] == asked(warehouse, LEAST)[0][0]


LEAST = """
select min(difference) from (
    select difference from quality.issues
    qualify row_number() over (
        partition by root_cause_id order by severity, identity_id, report_id, slice
    ) = 1
)
"""


def test_the_audits_rules_are_all_there(visit: Visit, warehouse: Path) -> None:
    page = visit.go("quality.html")
    rules, failed = asked(
        warehouse, "select count(*), count_if(not passed) from quality.audit_results"
    )[0]
    info = page.locator("#audit_wrapper .dt-info")
    assert f"共 {rules} 行" in info.inner_text()
    page.locator("select[data-table=audit][data-filter=verdict]").select_option("未通过")
    assert f"共 {failed} 行" in info.inner_text()


def test_the_keyboard_alone_will_do(visit: Visit) -> None:
    page = visit.go("issues.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.locator("#language").focus()
    page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("#issues thead th").nth(1).locator("[tabindex]").focus()
    page.keyboard.press("Enter")
    years = visit.texts("#issues td:nth-child(2)")
    assert years == sorted(years)


def test_paper_gets_every_row(visit: Visit, warehouse: Path) -> None:
    page = visit.go("issues.html")
    assert page.locator("#issues tbody tr").count() == 25
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    causes = asked(warehouse, "select count(distinct root_cause_id) from quality.issues")
    assert page.locator("#issues tbody tr").count() == causes[0][0]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#issues tbody tr").count() == 25
