"""The site's frame, its overview, and what it says of quality, in a browser."""

import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import etree, html
from playwright.sync_api import Browser

from gouji.paths import Warehouse
from gouji.site import build
from gouji.site.build import build_site
from gouji.site.page import Site
from gouji.site.pages.rankings import rankings_of
from gouji.site.tables import Cell, Link, Sum
from gouji.warehouse_file import reading
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


def cells(page: Any, table: str) -> dict[str, list[float | None]]:
    """The numbers of a table in the page's HTML, by what the row begins with."""
    return {
        row.xpath("string(td[1])"): [
            None if float(value) == -1e300 else float(value)
            for value in row.xpath("td[position() > 1]/@data-order")
        ]
        for row in page.xpath(f"//table[@id='{table}']/tbody/tr")
    }


# Facts alone: the page reads the summaries.
FIELD = """
with cells as (
    select * from marts.fct_requests
),
counted as (
    select cells.*, times_counted as times
    from cells inner join marts.bridge_report_region as bridge using (report_id)
    where bridge.region_level = 'province' and {once}
    union all
    select cells.*, 1 as times from cells where not is_consolidated and not {once}
)
select
    cast(report_year as varchar),
    count(distinct report_id) filter (where times > 0),
    sum(value * times) filter (where line_code = 'new_requests'),
    sum(value * times) filter (where stage = 'outcome'),
    {shares}
from counted
group by report_year
"""
SHARE = """
    sum(value * times) filter (where outcome_group = '{part}' and {sound})
    / nullif(sum(value * times) filter (where stage = 'outcome' and {sound}), 0)
"""


@pytest.mark.parametrize(("table", "once"), [("field-once", "true"), ("field-own", "false")])
def test_the_country_is_what_the_facts_say(
    site: Path, warehouse: Path, table: str, once: str
) -> None:
    shares = ",".join(
        SHARE.format(part=part, sound=sound)
        for part in ("granted", "denied", "unavailable")
        for sound in ("true", "not is_doubtful")
    )
    expected = {
        year: [None if one is None else float(one) for one in figures]
        for year, *figures in asked(warehouse, FIELD.format(once=once, shares=shares))
    }
    shown = cells(html.parse(str(site / "index.html")), table)
    assert set(shown) == set(expected)
    for year, (_, counted, received, processed, _, *shares_shown) in (
        (year, figures[:11]) for year, figures in shown.items()
    ):
        assert [counted, received, processed] == expected[year][:3], year
        assert shares_shown == pytest.approx(expected[year][3:]), year
    if table == "field-own":
        assert [round(share * 100, 1) for share in shown["2021"][5:7]] == [45.9, 46.7]


def test_sums_over_cells_without_a_number_are_bounds(site: Path) -> None:
    page = html.parse(str(site / "index.html"))
    (row,) = page.xpath("//table[@id='field-once']/tbody/tr[td[1] = '2019']")
    # printed totals say that the blanks stand for 0: both bounds are one number
    assert [cell.text_content().strip() for cell in row][3:6] == ["882", "828", "102"]
    shanghai = "//table[@id='provinces']/tbody/tr[td[1] = '2019' and td[2]/a = '上海市']"
    (row,) = page.xpath(shanghai)
    assert [cell.text_content().strip() for cell in row][5:7] == ["859", "805"]
    # the strip says for its year how many reports it rests on
    (figure,) = page.xpath("//*[@id='figure-new_requests']")
    assert "6,862" in figure.text_content()
    assert "计入 3/17 份报告，22 个机关" in figure.text_content()


def test_the_map_shows_the_rate_and_year_that_are_chosen(visit: Visit, warehouse: Path) -> None:
    page = visit.go("index.html?rate=granted_rate&year=2023")
    assert page.locator(".tile").count() == 31

    def shown() -> dict[str, list[str]]:
        return {
            tile.get_attribute("data-code") or "": tile.inner_text().split()[1:]
            for tile in page.locator(".tile:has(a)").all()
            if "%" in tile.inner_text()
        }

    rates = "select region_code, {rate}, {rate}_denominator, {rate}_not_reported > 0"
    rates += " from marts.region_year"
    rates += " where region_level = 'province' and report_year = {year} and {rate} is not null"
    # of 2019 some cells hold no number: of how many is a bound
    for rate, year in (
        ("granted_rate", 2019),
        ("granted_rate", 2023),
        ("reviews_corrected_rate", 2024),
    ):
        page.locator("#map-rate").select_option(rate)
        page.locator("#map-year").select_option(str(year))
        expected = asked(warehouse, rates.format(rate=rate, year=year))
        assert shown() == {
            code: [f"{value:.1%}", "/", *["≥"] * is_bound, f"{whole:,}"]
            for code, value, whole, is_bound in expected
        }
    # neither province has a report of its own
    assert page.locator(".tile.part").count() == 2
    page.locator(".tile[data-code='320000'] a").click()
    assert page.locator("h1").inner_text() == "江苏省"


def test_rankings_are_what_sql_says(site: Path, warehouse: Path) -> None:
    page = html.parse(str(site / "index.html"))
    for kind, condition in (("own", "not is_consolidated"), ("consolidated", "is_consolidated")):
        links = page.xpath(f"//table[@id='{kind}-new_requests']//a/@href")
        expected = asked(
            warehouse,
            f"select agency_id from marts.agency_year where report_year = 2024 and {condition}"
            " and new_requests > 0 order by new_requests desc, agency_id limit 5",
        )
        assert links == [f"agencies/{agency}.html" for (agency,) in expected]


@pytest.mark.parametrize(
    ("year", "ranking", "row"),
    [
        # sums with gaps, which are bounds; none in doubt, and no column for it
        (2019, "own-denied", ["上海市人民政府办公厅", Sum(35, 42), Sum(805, 93)]),
        # the one review that was corrected is a cell in doubt
        (2025, "own-reviews_corrected", ["平潭综合实验区经济发展局", Sum(1, 0), Sum(1, 0), 1]),
    ],
)
def test_a_ranking_says_how_sure_its_figures_are(
    warehouse: Path, tmp_path: Path, year: int, ranking: str, row: list[Cell]
) -> None:
    with reading(warehouse) as connection:
        site = Site(connection, tmp_path, Warehouse(warehouse.parent))
        tables = {table.name: table for _, found in rankings_of(site, year) for table in found}
    agency, *figures = row
    found = {link.text: rest for link, *rest in tables[ranking].rows if isinstance(link, Link)}
    assert found[agency] == figures


def test_late_and_missing_reports_are_what_sql_says(site: Path, warehouse: Path) -> None:
    page = html.parse(str(site / "index.html"))
    counts = asked(
        warehouse,
        """
        select report_year::varchar, count_if(state = 'on_time'), count_if(state = 'late'),
            count_if(state = 'undated'), count_if(state = 'not_landed'),
            count_if(state = 'not_expected')
        from marts.report_calendar group by all
        """,
    )
    shown = cells(page, "calendar-years")
    assert {year: [figure or 0 for figure in figures] for year, figures in shown.items()} == {
        year: list(figures) for year, *figures in counts
    }


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
        connection.execute(
            "update quality.run_history set values_landed = 0, values_revised = 0,"
            " values_corrected = 2, values_read_anew = 0, values_removed = 1"
            " where published_at = (select max(published_at) from quality.run_history);"
            "insert into quality.value_changes values"
            " ('320813-zhengfu-2023', '320813-zhengfu', 2023, 'requests', 'granted',"
            " 'natural_person', 'changed', 'corrected', 1, 3, 'reported', 'reported', false),"
            " ('350128-guozi-2019', '350128-guozi', 2019, 'disclosures', 'permit', 'made',"
            " 'changed', 'corrected', 1, null, 'reported', 'blank', true),"
            " ('000000-gone-2019', '000000-gone', 2019, 'reviews', 'review', 'upheld',"
            " 'disappeared', 'removed', 5, null, 'reported', null, false)"
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

    assert "更正 2 个，重新读取 0 个，移除 1 个" in page.xpath("string(//*[@id='values'])")
    (granted,), (upheld,) = (
        asked(
            warehouse_copy,
            f"select sum(value) from marts.{fact} where report_year = {year}"
            f" and {line} and not is_consolidated",
        )[0]
        for fact, year, line in (
            ("fct_requests", 2023, "line_code = 'granted'"),
            ("fct_review_litigation", 2019, "channel = 'review'"),
        )
    )
    totals, reports = (
        [
            [cell.text_content().strip() for cell in row]
            for row in page.xpath(f"//table[@id='{table}']/tbody/tr")
        ]
        for table in ("totals-table", "value-reports-table")
    )
    # a consolidated report's value is in no total
    assert [(row[0], row[2], row[5], row[6]) for row in totals] == [
        ("2023", "（一）予以公开", f"{granted - 2:,}", f"{granted:,}"),
        ("2019", "行政复议", f"{upheld + 5:,}", f"{upheld:,}"),
    ]
    assert [[row[0], *row[2:]] for row in reports] == [
        ["更正", "0", "1", "0"],
        ["更正", "0", "1", "0"],
        ["移除", "0", "0", "1"],
    ]
    assert page.xpath("//table[@id='value-reports-table']//a/@href") == [
        "reports/320813-zhengfu-2023.html"
    ]


ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_leads_nowhere_else(site: Path, warehouse: Path) -> None:
    feed = etree.parse(str(site / "feed.atom")).getroot()
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids) == 1 + len(feed.findall(f"{ATOM}entry"))
    assert all(str(one).startswith("urn:uuid:") for one in ids)
    # RFC 4287 wants these of a feed, and of each entry
    for whole in (feed, *feed.iter(f"{ATOM}entry")):
        assert all(whole.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    for link in feed.iter(f"{ATOM}link"):
        page, _, place = link.attrib["href"].partition("#")
        assert (site / page).is_file()
        assert not place or html.parse(str(site / page)).xpath(f"//*[@id='{place}']")
    when = asked(
        warehouse,
        "select strftime(max(published_at) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
        " from quality.run_history",
    )
    assert feed.findtext(f"{ATOM}updated") == when[0][0]


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
        visit.go("issues.html")
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
        said = page.locator("#issues_wrapper .dt-info").inner_text()
        return int(said.split("共")[1].split("行")[0].replace(",", ""))

    def count(condition: str) -> int:
        return int(asked(warehouse, f"select count(*) from {causes} where {condition}")[0][0])

    assert rows() == count("true")
    page.locator("select[data-table=issues][data-filter=severity]").select_option("错误")
    assert rows() == count("severity = 'error'")
    page.locator("select[data-table=issues][data-filter=year]").select_option("2023")
    assert rows() == count("severity = 'error' and report_year = 2023")
    page.locator("select[data-table=issues][data-filter=severity]").select_option("")
    assert rows() == count("report_year = 2023")
    page.locator("select[data-table=issues][data-filter=year]").select_option("")
    page.locator("#issues_wrapper .dt-search input").fill("洪泽区")
    of_hongze = "select count(distinct root_cause_id) from quality.issues"
    of_hongze += " where agency_id = '320813-zhengfu'"
    assert rows() == asked(warehouse, of_hongze)[0][0]
    # an address can ask for a choice, in Chinese, in English or by code
    for severity in ("错误", "Error", "error"):
        visit.go(f"issues.html?year=2023&severity={severity}")
        assert rows() == count("severity = 'error' and report_year = 2023")
    visit.go("issues.html?agency=320813-zhengfu")
    assert rows() == asked(warehouse, of_hongze)[0][0]


def test_what_the_screens_saw_is_asked_after_the_issues(visit: Visit, warehouse: Path) -> None:
    page = visit.go("issues.html")
    found = asked(warehouse, "select count(*) from quality.sanity_findings")[0][0]
    assert page.locator("#findings tbody tr").count() == found > 0
    assert "是疑问，不是差错" in page.locator("#findings-title + p").inner_text()
    issues, questions = (page.locator(f"#{name}").bounding_box() for name in ("issues", "findings"))
    assert issues
    assert questions
    assert questions["y"] > issues["y"]


def test_a_search_table_downloads_what_is_left_of_it(browser: Browser, site: Path) -> None:
    with visiting(browser, site.as_uri(), accept_downloads=True, locale="en-GB") as visit:
        page = visit.go("issues.html?severity=warning")
        with page.expect_download() as waiting:
            page.locator("button[data-csv=issues]").click()
        text = waiting.value.path().read_bytes().decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        said = page.locator("#issues_wrapper .dt-info").inner_text()
        assert f"of {len(rows)}" in said
        assert len(rows) > 25
        assert head[:2] == ["Severity", "Year"]
        assert {row[0] for row in rows} == {"Warning"}
        for row in rows:
            assert (float(row[5]), int(row[7])) != (0, 0)
        assert visit.complaints == []


def test_a_download_says_what_a_sum_lacks(browser: Browser, site: Path) -> None:
    """Numbers stand without "≥"; how many cells behind each hold none, in columns at the end."""
    with visiting(browser, site.as_uri(), accept_downloads=True, locale="en-GB") as visit:
        page = visit.go("index.html")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for table, shown in (("field-once", "828"), ("provinces", "805")):
            with page.expect_download() as waiting:
                page.locator(f"button[data-csv={table}]").click()
            text = waiting.value.path().read_bytes().decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text, newline="")))
            (row,) = (row for row in rows if row["Processed"] == shown)
            assert row["Year"] == "2019"
            assert row["New requests: cells without a number"] == "2"
            assert row["Processed: cells without a number"] == "93"
            assert list(row)[-1].endswith(": cells without a number")
            others = [row for row in rows if row["Year"] == "2024"]
            assert {row["Processed: cells without a number"] for row in others} == {"0"}
        assert visit.complaints == []


def test_the_first_time_it_is_the_browsers_language(browser: Browser, site: Path) -> None:
    for locale, language in (("en-GB", "en"), ("de-DE", "en"), ("zh-TW", "zh"), ("zh-CN", "zh")):
        with visiting(browser, site.as_uri(), locale=locale) as visit:
            visit.page.goto(f"{visit.base}/data.html")
            assert visit.page.locator("html").get_attribute("data-language") == language


def test_english_issues_are_not_cut_at_1280(browser: Browser, site: Path) -> None:
    with visiting(browser, site.as_uri(), locale="en-GB") as visit:
        page = visit.go("issues.html")
        table, room = page.evaluate(
            "[issues, issues.closest('.scroll')].map(one => one.getBoundingClientRect().right)"
        )
        assert table <= room + 1


@pytest.mark.parametrize("path", [*SINGLE_PAGES, "reports/320813-zhengfu-2023.html"])
def test_dark_pages_can_be_read(browser: Browser, site: Path, axe: str, path: str) -> None:
    with visiting(browser, site.as_uri(), bypass_csp=True, color_scheme="dark") as visit:
        page = visit.go(path)
        paper = "getComputedStyle(document.documentElement).backgroundColor"
        assert page.evaluate(paper) == "rgb(21, 25, 30)"
        inks = page.locator(".plot .role-axis text").evaluate_all(
            "texts => texts.map(text => text.getAttribute('fill'))"
        )
        assert set(inks) <= {"#e6e6e6"}
        assert visit.complaints == []
        assert barriers(visit, axe) == []


def test_every_page_describes_itself(site: Path) -> None:
    for file in (site / path for path in (*SINGLE_PAGES, "regions/350128.html")):
        page = html.parse(str(file))
        (said,) = page.xpath("//meta[@name='description']/@content")
        assert len(said) > 20
        assert page.xpath("//link[@rel='canonical']/@href") == [file.name]


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
