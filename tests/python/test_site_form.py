"""The annotated form: laid out as the national form, and marked exactly where SQL says."""

import csv
import io
import re
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest
from lxml import html
from playwright.sync_api import Browser, Page, expect

from gouji.findings.words import number
from gouji.site.form import Form, Grid, Heading, anchor
from gouji.site.pages.report_form import FormCell, place_of, reason_of, web_address
from gouji.site.words import Words
from gouji.sql import sql
from site_browser import Visit, asked, barriers, visiting

# 行政复议: a total of 0 over 10, 1, 0 and 0
KNOWN = "320813-zhengfu-2023"
CELL = "reviews-review-total"
BLANKS = "310000-bangongting-2019"
PAGE = f"reports/{KNOWN}.html"

Anchors = dict[str, set[str]]


@pytest.fixture(scope="module")
def form(warehouse: Path) -> Form:
    queries = Path(__file__).parents[2] / "gouji" / "site" / "queries"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = []
        for name in ("form_lines", "form_columns"):
            cursor = connection.execute((queries / f"{name}.sql").read_text())
            names = [column[0] for column in cursor.description or ()]
            found.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
    return Form(*found)


def request_lines(form: Form, layout: str) -> frozenset[str]:
    return frozenset(
        line["line_code"]
        for line in form.lines
        if line["layout"] == layout and line["form_table"] == "requests"
    )


def widths(grid: Grid) -> set[int]:
    """How many columns each row of a grid fills, with what hangs down from rows above."""
    found = set()
    for rows in (grid.head, *grid.parts):
        hanging: list[tuple[int, int]] = []
        for row in rows:
            found.add(sum(item.columns for item in row) + sum(columns for _, columns in hanging))
            own = [(item.rows, item.columns) for item in row if isinstance(item, Heading)]
            hanging = [(rows - 1, columns) for rows, columns in hanging + own if rows > 1]
        assert hanging == [], "a heading hangs below the last row"
    return found


@pytest.mark.parametrize("layout", ["2019", "2021"])
@pytest.mark.parametrize("is_split", [True, False])
def test_the_rows_of_the_form_fill_it(form: Form, layout: str, is_split: bool) -> None:
    lines = request_lines(form, layout)
    parts = {line for line in lines if line.startswith("other_") and line != "other_processing"}
    grids = form.grids(layout, lines - {"other_processing"} if is_split else lines - parts)
    assert [widths(grid) for grid in grids] == [{4}, {10}, {15}]
    # the 2021 form has 28 rows of requests, three of them its head
    assert sum(map(len, grids[1].parts)) == (25 if is_split else 23)


def test_a_subtotal_stands_over_its_parts(form: Form) -> None:
    grid = form.grids("2021", request_lines(form, "2021"))[1]
    assert widths(grid) == {10}
    texts = [
        item.text.zh
        for part in grid.parts
        for row in part
        for item in row
        if isinstance(item, Heading)
    ]
    assert texts.count("（六）其他处理") == 2
    assert "三、本年度办理结果" in texts


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("https://www.pingtan.gov.cn/a.htm", True),
        ("http://x.cn", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//x.cn/a", False),
        ("https://[", False),
        ("report.pdf", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_are_led_to(text: str | None, is_address: bool) -> None:
    assert web_address(text) == (text if is_address else None)


def anchors(warehouse: Path, sql: str) -> Anchors:
    found: Anchors = defaultdict(set)
    for report_id, *cell in asked(warehouse, sql):
        found[report_id].add(anchor(*cell))
    return found


def test_every_page_marks_the_cells_that_sql_marks(site: Path, warehouse: Path) -> None:
    broken = anchors(
        warehouse,
        """
        select report_id, form_table, line_code, column_code
        from quality.broken_cells
        inner join intermediate.int_cells using (report_id, form_table, line_code, column_code)
        where broken_checks > 0 and value_status <> 'absent' and not is_subtotal
        """,
    )
    blank = anchors(
        warehouse,
        """
        select report_id, form_table, line_code, column_code
        from intermediate.int_cells where value_status = 'blank' and form_table <> 'narrative'
        """,
    )
    absent = anchors(
        warehouse,
        """
        select report_id, form_table, line_code, column_code
        from intermediate.int_cells where value_status = 'absent'
        """,
    )
    implied = {
        (report_id, anchor(*cell), number(value))
        for report_id, *cell, value in asked(
            warehouse,
            """
            select distinct report_id, form_table, line_code, column_code, implied_value
            from quality.suspect_cells where rank = 1 and implied_value is not null
            """,
        )
    }
    shown_implied = set()
    reports = [row[0] for row in asked(warehouse, "select report_id from intermediate.int_reports")]
    assert len(broken) > 20
    for report_id in reports:
        page = html.parse(str(site / "reports" / f"{report_id}.html"))
        assert marked(page, "broken") == broken[report_id], report_id
        assert marked(page, "blank") == blank[report_id], report_id
        assert marked(page, "absent") == absent[report_id], report_id
        shown_implied |= {
            (report_id, cell_of(mark), mark.text.strip("→?"))
            for mark in page.xpath(
                "//main//b[@class='implied'][not(ancestor::*[@class='form-legend'])]"
            )
        }
    assert shown_implied == implied


def marked(page: html.HtmlElement, name: str) -> set[str]:
    """The anchors of cells with a class, in the tables and the prose."""
    cells = page.xpath(f"//td[contains(concat(' ', @class, ' '), ' {name} ')]")
    return {cell_of(cell) for cell in cells}


def cell_of(element: html.HtmlElement) -> str:
    return str(element.xpath("ancestor-or-self::td[@id]/@id | ancestor::tr[@id]/@id")[0])


def test_printed_texts_stand_in_their_cells(site: Path, warehouse: Path) -> None:
    for report_id in (KNOWN, BLANKS, "350128-nongye-2025"):
        page = html.parse(str(site / "reports" / f"{report_id}.html"))
        shown = {
            cell.get("id"): "".join(cell.xpath(".//span[@class='printed']/text()"))
            for cell in page.xpath("//table[starts-with(@class, 'form ')]//td")
        }
        printed = {
            anchor(*cell): text or ""
            for *cell, text in asked(
                warehouse,
                f"""
                select form_table, line_code, column_code, printed
                from intermediate.int_cells
                left join marts.printed_cells
                    using (report_id, form_table, line_code, column_code)
                where report_id = '{report_id}' and form_table <> 'narrative'
                """,
            )
        }
        assert shown == printed


def test_the_cells_of_a_form_download(browser: Browser, site: Path, warehouse: Path) -> None:
    printed = asked(
        warehouse,
        "select form_table, line_code, column_code, printed from marts.printed_cells"
        f" where report_id = '{KNOWN}' and printed is not null",
    )
    with visiting(browser, site.as_uri(), accept_downloads=True) as visit:
        page = visit.go(PAGE)
        with page.expect_download() as waiting:
            page.locator("button.download").click()
        text = waiting.value.path().read_bytes().decode("utf-8-sig")
        cells = [tuple(row[:4]) for row in csv.reader(io.StringIO(text, newline=""))][1:]
        assert {cell for cell in cells if cell[3]} == set(printed)
        assert visit.complaints == []


def test_a_total_alone_in_its_row_is_marked(warehouse_copy: Path) -> None:
    """No real report has one."""
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute(
            "insert into quality.sanity_findings by name select $1 as report_id, 'reviews' as"
            " form_table, 'undistributed_total' as sanity_check_id, 'review' as line_code,"
            " 'total' as column_code",
            [KNOWN],
        )
        connection.execute(sql("findings/views.sql"))
        connection.execute(f"create temp view report_pages as select '{KNOWN}' as report_id")
        found = connection.sql(sql("site/queries/report_cells.sql"))
        cells = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    marked_cells = [cell for cell in cells if cell["is_undistributed"]]
    assert [anchor(*key_of(cell)) for cell in marked_cells] == [CELL]
    assert FormCell("2", "reported", is_undistributed=True).classes == "undistributed"


def key_of(cell: dict[str, str]) -> tuple[str, str, str]:
    return cell["form_table"], cell["line_code"], cell["column_code"]


def sides(warehouse: Path) -> str:
    lhs, rhs, difference = asked(
        warehouse,
        f"""
        select lhs, rhs, difference from quality.fct_identity_checks
        where report_id = '{KNOWN}' and identity_id = 'review.total'
        """,
    )[0]
    return f"左 {number(lhs)} ≠ 右 {number(rhs)}，左减右得 {number(difference)}"


def explanation(page: Page) -> str:
    shown = page.locator(".explanation")
    expect(shown).to_be_visible()
    return shown.inner_text()


def test_a_break_is_explained_where_one_points_focuses_or_taps(
    browser: Browser, visit: Visit, site: Path, warehouse: Path
) -> None:
    page = visit.go(PAGE)
    said = sides(warehouse)
    link = page.locator(f"#{CELL} a")
    link.hover()
    text = explanation(page)
    assert said in text
    assert "行政复议总计等于四种结果之和" in text
    assert "0 → 11" in text
    # both sides' cells stand out in the form
    assert page.locator("td.on-left").count() == 1
    assert page.locator("td.on-right").count() == 4
    page.mouse.move(0, 0)
    expect(page.locator(".explanation")).to_have_count(0)

    page.locator("#reviews").evaluate(
        "heading => heading.closest('section').querySelector('a').focus()"
    )
    assert said in explanation(page)
    page.keyboard.press("Escape")
    expect(page.locator(".explanation")).to_have_count(0)
    page.keyboard.press("Tab")
    assert said in explanation(page)
    page.keyboard.press("Enter")
    assert re.search(r"#check-review\.total-all$", page.url)

    with visiting(browser, site.as_uri(), "phone", has_touch=True, is_mobile=True) as phone:
        touched = phone.go(PAGE)
        touched.locator(f"#{CELL} a").tap()
        assert said in explanation(touched)
        assert "#" not in touched.url
        touched.locator(f"#{CELL} a").tap()
        assert re.search(r"#check-review\.total-all$", touched.url)
        assert phone.complaints == []


LABELS = {
    "in_force": Words("现行有效件数", "In force"),
    "made": Words("制发件数", "Issued"),
    "total": Words("总计", "Total"),
}


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("unreadable: in_force last year", "无法识别：现行有效件数（上年）", "In force last year"),
        (
            "blank: made; absent: in_force",
            "空白：制发件数；文件中没有：现行有效件数",
            "blank: Issued;",
        ),
        ("last year: no report", "上年：没有报告", "last year: no report"),
        ("blank: made, a, b, c, d", "空白：制发件数、a、… (5)", "blank: Issued, a, … (5)"),
        ("absent: one side", "文件中没有：等式一侧", "absent: one side"),
        ("undistributed: total", "未分列：总计", "not distributed: Total"),
    ],
)
def test_reasons_are_said_in_the_words_of_the_form(reason: str, zh: str, en: str) -> None:
    said = reason_of(reason, LABELS)
    assert said.zh == zh
    assert en in said.en


def test_places_in_the_prose_are_said_in_both_languages() -> None:
    assert place_of("section 1 paragraph 3")[:2] == ("第 1 部分第 3 段", "section 1, paragraph 3")
    assert place_of("section 0 paragraph 2").zh == "第一部分之前第 2 段"
    assert place_of("p. 4")[:2] == ("p. 4", "p. 4")
    assert place_of(None)[:2] == ("", "")


# What stands in a page in Chinese without being Chinese: names of programs, files and versions.
NO_CHINESE = re.compile(
    r"Gouji|gouji|JavaScript|DuckDB|Parquet|dbt|Great Expectations|CSV|UTC|[\w-]*\d[\w.-]*"
)


@pytest.mark.parametrize("kind", ["index.html", "issues.html", "agencies", "regions", "reports"])
def test_no_code_stands_in_a_chinese_page(site: Path, kind: str) -> None:
    files = [site / kind] if kind.endswith(".html") else sorted(site.glob(f"{kind}/*.html"))
    for file in files:
        page = html.parse(str(file))
        for other in page.xpath("//*[@lang='en'] | //code | //script | //style | //noscript"):
            other.drop_tree()
        for text in page.xpath("//body//text()"):
            left = re.search("[A-Za-z]{2,}", NO_CHINESE.sub("", text))
            assert not left, f"{file.name}: {text}"


def test_articles_have_their_english_name(form: Form) -> None:
    for layout in ("2019", "2021"):
        grid = form.grids(layout, request_lines(form, layout))[0]
        articles = [part[0][0].text.en for part in grid.parts]
        assert len(articles) >= 4
        assert all(re.fullmatch(r"Regulations, article 20 \(\d\)", one) for one in articles)


def test_an_explanation_speaks_the_chosen_language(visit: Visit) -> None:
    page = visit.go(PAGE)
    visit.switch_language()
    page.locator(f"#{CELL} a").hover()
    assert "left 0 ≠ right 11, left less right -11" in explanation(page)
    visit.switch_language()


def test_what_is_no_number_looks_unlike_0(visit: Visit) -> None:
    page = visit.go(f"reports/{BLANKS}.html")
    blank = page.locator("td.blank").first
    assert blank.inner_text() == "空白"
    zero = page.locator("td.zero").first
    assert zero.inner_text() == "0"
    looks = [
        cell.evaluate("cell => getComputedStyle(cell).backgroundImage")
        for cell in (blank, zero, page.locator(".sample.absent"))
    ]
    assert looks[1] == "none"
    assert len(set(looks)) == 3
    legend = page.locator(".form-legend li").all_inner_texts()
    assert len(legend) == 10


@pytest.mark.parametrize("report_id", [BLANKS, "350128-nongye-2025"])
def test_pages_open_cleanly_and_shut_nobody_out(
    browser: Browser, origin: str, axe: str, report_id: str
) -> None:
    for device in ("desktop", "phone"):
        with visiting(browser, origin, device, bypass_csp=True) as visit:
            page = visit.go(f"reports/{report_id}.html")
            wide, window = page.evaluate(
                "[document.documentElement.scrollWidth, window.innerWidth]"
            )
            assert wide <= window, "the page scrolls sideways"
            if device == "desktop" and page.locator("td a[data-issues]").count():
                page.locator("td a[data-issues]").first.focus()
            assert visit.complaints == []
            assert barriers(visit, axe) == []
            # English is longer
            visit.switch_language()
            if page.locator("td a[data-issues]").count():
                page.locator("td a[data-issues]").first.focus()
            assert barriers(visit, axe) == []
