"""The pages on data, the dictionary, dbt's documentation and the lineage, in a browser."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from conftest import Gouji
from gouji.paths import Warehouse
from gouji.site.dbt_pages import follow_columns
from site_browser import WIDTHS, Visit, asked, barriers, visiting


def test_the_dictionary_has_every_column_and_finds_them(visit: Visit, warehouse: Path) -> None:
    page = visit.go("dictionary.html")
    columns = asked(
        warehouse,
        "select count(*), count_if(column_name = 'value_status') from duckdb_columns()"
        " where schema_name in ('marts', 'quality') or schema_name = 'reference'"
        " and table_name in ('channels_results', 'identities', 'measures', 'sectors',"
        " 'statistic_bridge', 'statistic_columns', 'statistic_identities', 'statistic_indicators')",
    )[0]
    info = page.locator(".dt-info").first
    expect(info).to_contain_text(f"{columns[0]:,}")
    page.locator("input[type=search]").first.fill("value_status")
    rows = page.locator("#columns tbody tr")
    expect(rows).to_have_count(columns[1])
    texts = " ".join(visit.texts("#columns tbody"))
    assert "取值：reported, blank, not_applicable, unreadable, absent" in texts
    visit.switch_language()
    assert "one of reported, blank" in " ".join(visit.texts("#columns tbody"))


def test_every_file_and_page_that_data_leads_to_is_there(visit: Visit, site: Path) -> None:
    page = visit.go("data.html")
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(links) > 25
    assert [link for link in links if not (site / link).resolve().is_file()] == []
    parquet = sorted(file.name for file in (site.parent / "parquet").glob("*.parquet"))
    assert sorted(Path(link).name for link in links if link.endswith(".parquet")) == parquet
    metrics = json.loads(Warehouse(site.parent).artifacts.semantic_manifest.read_text("utf-8"))
    page.locator("#metrics_wrapper input[type=search], .dt-search input").last.fill("denied_")
    named = [m["name"] for m in metrics["metrics"] if "denied_" in m["name"]]
    expect(page.locator("#metrics tbody tr")).to_have_count(len(named))


def test_the_documentation_asks_for_nothing(browser: Browser, origin: str) -> None:
    with visiting(browser, origin) as visit:
        visit.page.goto(f"{visit.base}/docs/index.html#!/model/model.gouji.fct_requests")
        page = visit.page
        expect(page.locator("h1").filter(has_text="fct_requests")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("取值状态").first).to_be_visible()
        assert visit.complaints == []


def test_the_lineage_opens_and_asks_for_nothing(browser: Browser, origin: str) -> None:
    with visiting(browser, origin) as visit:
        visit.page.goto(f"{visit.base}/lineage/index.html")
        expect(visit.page.get_by_text("is_acknowledged").first).to_be_visible(timeout=20_000)
        # a counter would call within a few seconds
        visit.page.wait_for_timeout(3_000)
        assert visit.complaints == []


MODEL = "docs/index.html#!/model/model.gouji.fct_requests"


@pytest.mark.parametrize(
    ("path", "drawn"),
    [
        ("docs/index.html", "li a >> text=suspect_cells"),
        (MODEL, "h1 >> text=fct_requests"),
        (f"{MODEL}#code", "pre .token"),
        (f"{MODEL}?g_v=1", "button[ng-click='closeGraph()'][aria-label]"),
        ("lineage/index.html", "text=is_acknowledged"),
    ],
)
def test_pages_of_others_shut_nobody_out(
    browser: Browser, site: Path, axe: str, path: str, drawn: str
) -> None:
    with visiting(browser, site.as_uri(), bypass_csp=True) as visit:
        visit.page.goto(f"{visit.base}/{path}")
        expect(visit.page.locator(drawn).first).to_be_attached(timeout=20_000)
        for width in WIDTHS.values():
            visit.page.set_viewport_size({"width": width, "height": 900})
            # both go on drawing, and our script follows at the next frame
            visit.page.wait_for_timeout(1_500)
            assert barriers(visit, axe) == []


def test_what_is_chosen_in_the_lineage_shuts_nobody_out(
    browser: Browser, site: Path, axe: str
) -> None:
    with visiting(browser, site.as_uri(), bypass_csp=True) as visit:
        page = visit.page
        page.goto(f"{visit.base}/lineage/index.html")
        page.get_by_role("button", name="Load upstream models").first.click(timeout=20_000)
        expect(page.get_by_text("int_checks").first).to_be_visible()
        page.get_by_role("button", name="Full screen").click()
        expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
        # it goes on drawing, and our script follows at the next frame
        page.wait_for_timeout(1_500)
        assert barriers(visit, axe) == []


def test_columns_are_followed_through_unions(warehouse: Path) -> None:
    """dbt-colibri alone loses every column that comes from a union or an unpivot."""
    steps = steps_of_columns(warehouse.parent)
    assert [source for source, *_ in steps if source.startswith("_HARDCODED")] == []
    for target, column, expected in (
        ("fct_requests", "value", {"int_request_leaf_rows", "seed.gouji.applicant_types"}),
        ("fct_review_litigation", "value", {"int_review_rows", "int_corrected_cells"}),
        ("int_checks", "lhs", PARTS_OF_CHECKS),
        ("int_checks", "missing_terms", {"int_missing_value_patterns", "int_unassessable_checks"}),
        ("int_cells", "value_status", CELLS),
        ("printed_cells", "printed", {"stg_requests", "stg_reviews", "stg_disclosures"}),
    ):
        sources = {
            source.removeprefix("model.gouji.")
            for source, _, *followed in steps
            if followed == [f"model.gouji.{target}", column]
        }
        assert sources == expected


def test_columns_are_followed_after_an_increment(
    warehouse: Path, tmp_path: Path, gouji: Gouji
) -> None:
    """The published SQL reads the rows of a batch, and its columns come from where all rows' do."""
    again = Warehouse(tmp_path / "warehouse")
    # a build without a site is built anew where one is asked for, though no report has changed
    without_site = shutil.ignore_patterns("site")
    shutil.copytree(warehouse.parent, again.root, symlinks=True, ignore=without_site)
    done = gouji("build", "--warehouse", again.root)
    assert done.returncode == 0, done.stderr
    kinds = asked(again.published, "select build_kind from quality.run_history order by all")
    assert kinds == [("full",), ("increment",)]
    compiled = [file.read_text("utf-8") for file in (again.dbt / "target").rglob("*.sql")]
    assert any('from "batch"."report_batch"' in sql for sql in compiled)
    assert steps_of_columns(again.root) == steps_of_columns(warehouse.parent)


PARTS_OF_CHECKS = {
    "int_checks_by_cell",
    "int_checks_requests_by_column",
    "int_checks_requests_by_row",
    "int_checks_requests_rollup",
    "int_checks_reviews",
}
CELLS = {"int_request_rows", "int_review_rows", "int_disclosure_cells", "int_narrative_figures"}


def steps_of_columns(folder: Path) -> set[tuple[str, str, str, str]]:
    """Each column of a model, after one that it comes from, out of a folder of a warehouse."""
    return {
        (edge["source"], edge["sourceColumn"], edge["target"], edge["targetColumn"])
        for edge in follow_columns(Warehouse(folder).artifacts).edges
    }


def test_nothing_tells_of_this_machine(site: Path) -> None:
    for file in Warehouse(site.parent).artifacts.files:
        text = file.read_text(encoding="utf-8")
        assert str(site.parent) not in text
        assert str(Path(__file__).parents[2]) not in text
