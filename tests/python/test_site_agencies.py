"""Pages of bodies and regions: figures, gaps and peers as SQL has them, and their downloads."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import html
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from conftest import copied
from gouji.site.build import build_site
from gouji.worklist.make import make_worklist
from site_browser import Visit, asked, barriers, visiting

# No report for 2025; blanks and unreadable cells among its documents
BODY = "350128-ziyuan"
REGION = "350128"
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://example.com","x")'
KNOWN = "320813-zhengfu-2023"
CHARTS = {
    "requests": ("new_requests", "carried_in", "carried_out"),
    "cases": ("reviews_concluded", "reviews_corrected", "lawsuits_concluded", "lawsuits_lost"),
    "documents": ("normative_documents_in_force", "normative_documents_made"),
    "outcomes": (
        "granted",
        "partially_granted",
        "denied",
        "unavailable",
        "unprocessed",
        "other_processing",
    ),
}
PATHS = [
    f"agencies/{BODY}.html",
    f"regions/{REGION}.html",
    "agencies/index.html",
    "regions/index.html",
    "reports/index.html",
]


@pytest.mark.parametrize("path", PATHS)
def test_pages_open_cleanly_and_shut_nobody_out(
    browser: Browser, origin: str, axe: str, path: str
) -> None:
    for device in ("desktop", "phone"):
        with visiting(browser, origin, device, bypass_csp=True) as visit:
            page = visit.go(path)
            wide, window = page.evaluate(
                "[document.documentElement.scrollWidth, window.innerWidth]"
            )
            assert wide <= window, "the page scrolls sideways"
            assert visit.complaints == []
            assert barriers(visit, axe) == []


def figures(warehouse: Path, table: str, key: str, value: str, measure: str) -> dict[int, Any]:
    rows = asked(
        warehouse, f"select report_year, {measure} from marts.{table} where {key} = '{value}'"
    )
    return dict(rows)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (PATHS[0], ("agency_year", "agency_id", BODY)),
        (PATHS[1], ("region_year", "region_code", REGION)),
    ],
)
def test_charts_have_a_mark_for_each_figure(
    visit: Visit, warehouse: Path, path: str, source: tuple[str, str, str]
) -> None:
    page = visit.go(path)
    for chart, measures in CHARTS.items():
        found = [
            figure
            for measure in measures
            for figure in figures(warehouse, *source, measure).values()
        ]
        marks = "rect" if chart == "outcomes" else "symbol"
        drawn = page.locator(f"#{chart} .mark-{marks}.role-mark path").evaluate_all(
            "marks => marks.filter(mark => mark.getAttribute('opacity') !== '0').length"
        )
        assert drawn == sum(figure is not None for figure in found), chart
    # one rule where the form of 2021 begins
    assert page.locator("#requests .mark-rule.role-mark line").count() == 1
    said = page.locator("#requests .mark-text.role-mark text").all_text_contents()
    assert said == ["2021 年格式自此始"]


def open_tables(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def test_a_table_tells_missing_years_and_cells_from_0(visit: Visit, warehouse: Path) -> None:
    page = visit.go(PATHS[0])
    open_tables(page)
    measure = "normative_documents_in_force"
    values = figures(warehouse, "agency_year", "agency_id", BODY, measure)
    missing = figures(warehouse, "agency_year", "agency_id", BODY, f"{measure}_not_reported")
    shown = {
        int(row[0]): row[1]
        for row in (
            row.locator("th, td").all_inner_texts()
            for row in page.locator("#documents-table tbody tr").all()
        )
    }
    first, last = asked(
        warehouse, "select min(report_year), max(report_year) from marts.dim_report"
    )[0]
    assert set(shown) == set(range(first, last + 1))
    for year, text in shown.items():
        if year not in values:
            assert text == "无报告"
        elif values[year] is not None:
            assert text == f"{values[year]:,}"
        else:
            assert text == ("1 格均无数字" if missing[year] else "该格式无此项")
    assert {"无报告", "该格式无此项"} <= set(shown.values())


def test_peers_are_the_other_bodies_with_whole_figures(visit: Visit, warehouse: Path) -> None:
    page = visit.go(PATHS[0])
    open_tables(page)
    for year, *expected in asked(
        warehouse,
        f"""
        select report_year, count(*), median(new_requests), min(new_requests), max(new_requests)
        from marts.agency_year
        inner join marts.dim_agency as agencies using (agency_id)
        where agencies.region_code = '{REGION}' and not agency_year.is_consolidated
            and agency_id <> '{BODY}' and new_requests_not_reported = 0
            and report_year in (
                select report_year from marts.agency_year where agency_id = '{BODY}'
            )
        group by report_year
        """,
    ):
        row = page.locator("#peers-new_requests-table tbody tr", has_text=str(year)).first
        cells = row.locator("td").evaluate_all("cells => cells.map(cell => cell.dataset.value)")
        assert [float(cell) for cell in cells[5:9]] == [float(value) for value in expected]
    # without a report of the body nothing is set beside it, nor counted as 0
    without = page.locator("#peers-new_requests-table tbody tr", has_text="2025").locator("td")
    assert without.all_inner_texts() == ["无报告", *"–" * 8, "无报告", ""]


def downloaded(page: Page, table: str) -> list[list[str]]:
    with page.expect_download() as waiting:
        page.locator(f"button[data-csv='{table}']").click()
    text = waiting.value.path().read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_download_holds_what_the_page_shows(browser: Browser, origin: str) -> None:
    with visiting(browser, origin, accept_downloads=True) as visit:
        page = visit.go(PATHS[0])
        open_tables(page)
        rows = downloaded(page, "requests-table")
        shown = [
            [text.strip().replace(",", "") for text in row.locator("th, td").all_inner_texts()]
            for row in page.locator("#requests-table tr").all()
        ]
        # a column of numbers holds no words, and what they said has a column of its own
        numbers = slice(1, 4)
        for row, cells in zip(rows[1:], shown[1:], strict=True):
            said = ["" if "无报告" in cell else cell.split()[-1] for cell in cells[numbers]]
            assert row[numbers] == said
            assert [cell.isdecimal() for cell in row[-3:]] == ["无报告" not in cells[1]] * 3
        assert rows[0][:5] == shown[0][:5]
        assert rows[0][5] == "本年新收申请：无数字的单元格"
        visit.switch_language()
        assert downloaded(page, "requests-table")[0][1] == "New requests"
        assert visit.complaints == []


def test_a_region_is_not_its_only_report(visit: Visit) -> None:
    """Of Fujian one district is here: its charts say so, and draw points without a line."""
    page = visit.go("regions/350000.html")
    captions = page.locator(".chart figcaption").all_inner_texts()
    assert captions
    assert [one for one in captions if "只计入 1 份报告：平潭综合实验区" not in one] == []
    assert page.locator("#requests .mark-symbol.role-mark path").count() == 21
    lines = page.locator("#requests .mark-line.role-mark path").evaluate_all(
        "paths => paths.map(path => path.getAttribute('d') || '')"
    )
    assert not [line for line in lines if "L" in line]
    page = visit.go("regions/350128.html")
    assert "只计入" not in " ".join(page.locator(".chart figcaption").all_inner_texts())


def test_medians_have_five_peers(visit: Visit) -> None:
    """Of its sector and level a body here has no peer; in its region it has eleven."""
    page = visit.go(PATHS[0])
    open_tables(page)
    for row in page.locator("#peers-new_requests-table tbody tr").all()[:-1]:
        cells = row.locator("td").evaluate_all("cells => cells.map(cell => cell.dataset.value)")
        for peers, *figures in (cells[1:5], cells[5:9]):
            if float(peers) < 5:
                assert figures == ["", "", ""]
            else:
                assert all(figures)


def test_lists_find_what_sql_finds(visit: Visit, warehouse: Path) -> None:
    page = visit.go("reports/index.html")
    page.locator("select[data-filter=year]").select_option("2023")
    count = asked(
        warehouse, "select count(*) from marts.dim_report where is_current and report_year = 2023"
    )[0][0]
    expect(page.locator(".dt-info")).to_contain_text(f"共 {count} 行")
    page = visit.go("agencies/index.html")
    page.locator(".dt-search input").fill("平潭")
    count = asked(
        warehouse,
        """
        select count(*) from marts.dim_agency inner join marts.dim_region using (region_code)
        where agency_name like '%平潭%' or region_name like '%平潭%'
        """,
    )[0][0]
    expect(page.locator(".dt-info")).to_contain_text(f"共 {count} 行")


def links_in(value: object) -> Iterator[str]:
    """The addresses in the JSON of a long table."""
    if isinstance(value, dict) and "href" in value:
        yield value["href"]
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from links_in(one)


def test_every_link_within_the_site_leads_somewhere(site: Path) -> None:
    pages = {
        file: html.parse(str(file))
        # the site is a link into its build
        for file in site.resolve().rglob("*.html")
        if file.parent.name not in ("docs", "lineage")
    }
    places = {file: set(page.xpath("//@id")) for file, page in pages.items()}
    followed = 0
    for file, page in pages.items():
        links = [(file.parent, href) for href in page.xpath("//a/@href | //link/@href")]
        links += [(file.parent, src) for src in page.xpath("//script/@src")]
        for script in page.xpath("//script[@type='application/json']"):
            links += [(site, href) for href in links_in(json.loads(script.text))]
        for folder, href in links:
            if href.startswith(("http:", "https:", "data:")):
                continue
            path, _, place = href.partition("#")
            target = (folder / path).resolve() if path else file
            assert target.is_file(), f"{file.name}: {href}"
            assert not place or place in places[target], f"{file.name}: {href}"
            followed += 1
    assert followed > 1000


@pytest.fixture(scope="module")
def spoilt(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with names, cells and entries that would like to be more than text."""
    copy = copied(warehouse, tmp_path_factory.mktemp("spoilt") / "warehouse")
    with duckdb.connect(str(copy)) as connection:
        for table in ("marts.dim_agency", "marts.dim_report"):
            connection.execute(
                f"update {table} set agency_name"
                " = case when agency_id like '3208%' then $1 else $2 end"
                " where agency_id like '32%'",
                [SCRIPT, FORMULA],
            )
        connection.execute(
            "update marts.dim_report set title = $1, source_url = 'javascript:alert(1)'"
            " where agency_id like '32%'",
            [SCRIPT],
        )
        connection.execute(
            "update raw.raw_reviews set upheld = $1, other = '/'"
            f" where report_id = '{KNOWN}' and channel = 'review'",
            [FORMULA],
        )
        connection.execute(
            "update intermediate.int_review_rows set other_status = 'not_applicable', other = null"
            f" where report_id = '{KNOWN}' and channel = 'review'"
        )
        known = f"report_id = '{KNOWN}' and identity_id = 'litigation_after_review.total'"
        for table in ("quality.fct_identity_checks", "quality.issues"):
            connection.execute(f"update {table} set is_acknowledged = true where {known}")
        connection.execute(
            "insert into intermediate.int_acknowledgements by name"
            " select report_id, identity_id, slice, lhs as observed_lhs, rhs as observed_rhs,"
            " $1 as reason, $2 as evidence, 'steward' as acknowledged_by,"
            " date '2026-01-01' as acknowledged_on, date '2027-01-01' as expires_on"
            f" from quality.issues where {known}",
            [SCRIPT, FORMULA],
        )
        connection.execute(
            "insert into intermediate.int_corrections by name select $1 as report_id,"
            " 'reviews' as form_table, 'review' as line_code, 'total' as column_code,"
            " '0' as printed, '11' as corrected, $2 as evidence, $3 as corrected_by,"
            " date '2026-01-01' as corrected_on",
            [KNOWN, SCRIPT, FORMULA],
        )
    return copy


def test_text_is_text_in_pages_downloads_and_workbooks(browser: Browser, spoilt: Path) -> None:
    site = spoilt.parent / "site"
    build_site(spoilt, site)
    with visiting(browser, site.as_uri(), accept_downloads=True) as visit:
        dialogs: list[str] = []
        visit.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        page = visit.go(f"reports/{KNOWN}.html")
        assert SCRIPT in page.locator("h1").inner_text()
        assert page.locator("#reviews-review-upheld .printed").inner_text() == FORMULA
        assert page.locator("a[href^=javascript]").count() == 0
        # open, acknowledged, corrected, not applicable: four looks
        assert page.locator("td.broken").count() == 5
        assert page.locator("td.acknowledged").count() == 5
        assert page.locator("#reviews-review-total del").inner_text() == "0"
        assert page.locator("#reviews-review-total ins").inner_text() == "11"
        assert "不适用" in page.locator("#reviews-review-other.not_applicable").inner_text()
        ledger = page.locator(".issue.is-acknowledged").inner_text()
        assert SCRIPT in ledger
        assert FORMULA in ledger
        page.locator("#reviews-review-upheld a").hover()
        expect(page.locator(".explanation")).to_contain_text(FORMULA)

        visit.go("agencies/321300-zhengfu.html")
        assert visit.texts("h1") == [FORMULA]
        visit.go("regions/321300.html")
        assert downloaded(visit.page, "agencies-table")[1][0] == f"'{FORMULA}"
        assert dialogs == []
        assert visit.complaints == []

    book = spoilt.parent / "worklist.xlsx"
    make_worklist(spoilt, book)
    cells = [
        (cell.value, cell.data_type)
        for sheet in load_workbook(book).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    texts = [text for text, _ in cells]
    assert any(SCRIPT in text for text in texts)
    assert any(FORMULA in text for text in texts)
    assert {kind for _, kind in cells} == {"s"}


def test_only_asked_reports_and_those_with_most_issues_have_pages(
    spoilt: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("gouji.site.page.MOST_REPORT_PAGES", 2)
    monkeypatch.setattr("gouji.site.pages.reports.MOST_REPORT_PAGES", 2)
    build_site(spoilt, tmp_path / "site", ["321300-zhengfu-2023"])
    pages = {file.stem for file in (tmp_path / "site" / "reports").glob("*.html")} - {"index"}
    most = asked(
        spoilt,
        """
        select report_id from quality.issues where not is_acknowledged group by report_id
        order by count_if(severity = 'error') desc, count(*) desc, report_id limit 2
        """,
    )
    assert pages == {"321300-zhengfu-2023", *(row[0] for row in most)}
    index = (tmp_path / "site" / "reports" / "index.html").read_text(encoding="utf-8")
    assert "gouji site --report" in index
    # the files do not lie beside this site
    data = (tmp_path / "site" / "data.html").read_text(encoding="utf-8")
    assert "fct_requests.parquet" in data
    assert "../parquet" not in data
