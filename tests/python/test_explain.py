"""`gouji explain` over real reports: the cells, the two sides, the verdict, the slips."""

import re
import subprocess
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from gouji.bodies import find
from gouji.errors import WrongCall
from gouji.explain import explain, show_explanation
from gouji.screen import show_found

Gouji = Callable[..., subprocess.CompletedProcess[str]]
Explain = Callable[..., str]


@pytest.fixture
def told(warehouse: Path, gouji: Gouji) -> Explain:
    """What `gouji explain` shows for its arguments."""

    def run(*arguments: str) -> str:
        done = gouji("explain", *arguments, "--warehouse", warehouse.parent)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def after(text: str, heading: str) -> list[str]:
    """The list items that follow a heading."""
    lines = text.splitlines()
    rest = lines[lines.index(heading) + 1 :]
    return list(takewhile(lambda line: line.startswith("  - "), rest))


def test_a_lost_sign_is_the_first_slip_shown(told: Explain) -> None:
    text = told("640300-keji-2019", "narrative.penalty_power_items")
    assert re.search(r"左 +\+ +正文 +权责清单行政处罚事项数 +正文所述 +10 +10 +section 1", text)
    assert re.search(r"右 +\+ +表二 +行政处罚 +上一年项目数量 +14 +14 ", text)
    assert re.search(r"右 +\+ +表二 +行政处罚 +本年增/减 +4 +4 ", text)
    assert "左 10 ≠ 右 18，左减右得 -8" in text
    assert after(text, "可能的差错：") == [
        "  - 漏写减号 (sign_lost): 表二 行政处罚 / 本年增/减 4 → -4 [可同时消除 2 项不成立]"
    ]
    # the added and transferred powers speak for it too: no other slip mends both checks
    assert "可能性较小：" not in text


def test_a_total_left_zero(told: Explain) -> None:
    text = told("320813-zhengfu-2023", "review.total")
    assert "不成立 (broken, error)" in text
    assert "左 0 ≠ 右 11，左减右得 -11" in text
    assert after(text, "可能的差错：") == [
        "  - 总计漏填，仍为 0 (total_left_zero): 表四 行政复议 / 总计 0 → 11"
    ]
    assert "台账：未确认" in text
    assert "huaian-hongze-2023.pdf" in text


def test_a_total_one_row_too_low_mends_both_rows(told: Explain) -> None:
    text = told("350128-nongye-2023")
    slip = (
        "  - 总计错填到下一行 (total_one_row_too_low): 表三 一、本年新收政府信息公开申请数量 / 总计"
        " 0 → 7；表三 二、上年结转政府信息公开申请数量 / 总计 7 → 0 [可同时消除 4 项不成立]"
    )
    assert text.count(slip) == 4
    # errors come before warnings
    assert text.index("requests.applicants") < text.index("requests.carry_over")
    # last year's cell is named with its report, and its document below the table
    assert "350128-nongye-2022 requests.carried_out.total" in text
    assert re.search(r"^350128-nongye-2022  .*网址：https://", text, re.MULTILINE)


def test_what_cannot_be_judged_says_why(told: Explain) -> None:
    text = told("310000-bangongting-2019", "requests.outcomes", "--slice", "total")
    assert "无法判断 (not_assessable, error): 空白: granted, partially_granted" in text
    assert re.search(r"右 +\+ +表三 +（一）予以公开 +总计 +空白 ", text)
    assert "可能的差错" not in text
    english = told("310000-bangongting-2019", "requests.carry_over", "--lang", "en")
    assert "not assessable (not_assessable, warning): last year: no report" in english
    assert "no report to compare with" in english


def test_equals_are_shown_as_equals(told: Explain) -> None:
    text = told("350128-guanweihui-2025", "documents.stock")
    assert len(after(text, "可能的差错（以下 2 种同样可能）：")) == 2
    assert re.search(r"右 +- +表二 +行政规范性文件 +本年废止件数 +45 +45 ", text)


def test_every_broken_check_of_every_report_is_explained(warehouse: Path) -> None:
    """The terms shown add up to the sides that the warehouse holds."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        reports = connection.sql(
            "select distinct report_id from quality.fct_identity_checks where status = 'broken'"
        ).fetchall()
    assert reports
    for (report_id,) in reports:
        explanation = explain(warehouse, report_id)
        for check in explanation.checks:
            if check.status == "not_assessable":
                continue
            sides = {"left": 0, "right": 0}
            for term in explanation.terms[check.key]:
                sides[term.side] += term.weight * (term.value or 0)
            assert (sides["left"], sides["right"]) == (check.lhs or 0, check.rhs or 0), check.key


def test_a_report_whose_checks_all_hold_says_so(warehouse_copy: Path, gouji: Gouji) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute("update quality.fct_identity_checks set status = 'holds'")
        checks = connection.sql(
            "select count(*) from quality.fct_identity_checks"
            " where report_id = '320813-zhengfu-2023'"
        ).fetchall()[0][0]
    done = gouji("explain", "320813-zhengfu-2023", "--warehouse", warehouse_copy.parent)
    assert done.stdout.splitlines()[-1] == f"全部 {checks} 项检查均成立。"


def test_the_ledger_is_shown(warehouse_copy: Path, gouji: Gouji) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute(
            "insert into intermediate.int_acknowledgements values"
            " ('320813-zhengfu-2023', '320813-zhengfu-2023', 'review.total', 'all', 0, 11,"
            " '机关已来函说明', '来函', '专人', '2026-01-01', '2999-12-31')"
        )
    call = ("explain", "320813-zhengfu-2023", "review.total", "--warehouse", warehouse_copy.parent)
    assert "台账：有一条记录（左 0，右 11" in gouji(*call).stdout
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute(
            "update quality.fct_identity_checks set is_acknowledged = true"
            " where report_id = '320813-zhengfu-2023' and identity_id = 'review.total'"
        )
    assert "台账：已确认（机关已来函说明；依据：来函；专人，2026-01-01" in gouji(*call).stdout


def test_places_in_the_document_are_shown_where_they_are_known(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    explanation = explain(warehouse, "320813-zhengfu-2023", "review.total")
    places = {("reviews", "review", "total"): "table 3, row 4, cell 5"}
    show_explanation(Console(width=140), explanation, "en", lambda _: places)
    text = capsys.readouterr().out
    assert re.search(r"Total +0 +0 +table 3, row 4, cell 5", text)
    assert "reviews.review.upheld" in text


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["320813-zhengfu-203"], "320813-zhengfu-2023"),
        (["320813-zhengfu-2023", "review.totl"], "review.total"),
        (["320813-zhengfu-2023", "items.stock"], "the 2019 layout"),
        (["320813-zhengfu-2023", "requests.balance", "--slice", "person"], "natural_person"),
        (["320813-zhengfu-2023", "--lang", "fr"], "zh or en"),
    ],
)
def test_what_is_not_there_ends_with_near_matches(
    arguments: list[str], near: str, warehouse: Path, gouji: Gouji
) -> None:
    done = gouji("explain", *arguments, "--warehouse", warehouse.parent)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert near in done.stderr


def test_a_superseded_revision_leads_to_the_current_one(warehouse_copy: Path, gouji: Gouji) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute(
            "insert into marts.dim_report by name select * replace ('320813-zhengfu-2023-r2' as"
            " report_id, 2 as revision) from marts.dim_report"
            " where report_id = '320813-zhengfu-2023'"
        )
        connection.execute(
            "update marts.dim_report set is_current = false where report_id = '320813-zhengfu-2023'"
        )
    done = gouji("explain", "320813-zhengfu-2023", "--warehouse", warehouse_copy.parent)
    assert done.returncode == 2
    assert "320813-zhengfu-2023-r2" in done.stderr


def test_a_warehouse_without_the_tables_is_named(tmp_path: Path, gouji: Gouji) -> None:
    duckdb.connect(str(tmp_path / "gouji.duckdb")).close()
    done = gouji("explain", "320813-zhengfu-2023", "--warehouse", tmp_path)
    assert done.returncode == 2
    assert str(tmp_path / "gouji.duckdb") in done.stderr
    assert "gouji build" in done.stderr


@pytest.mark.parametrize(
    ("name", "agency_id"),
    [
        ("350128-nongye", "350128-nongye"),
        ("平潭综合实验区农业农村局", "350128-nongye"),
        ("农业农村局", "350128-nongye"),  # part of it
        ("洪泽区政府", "320813-zhengfu"),  # its characters, in this order
        ("淮安市洪泽区", "320813-zhengfu"),  # another name that its reports bear
        ("Pingtan nongye", "350128-nongye"),  # its place in Latin letters, and its id
        ("hongze people's government", "320813-zhengfu"),  # its place and its line of work
    ],
)
def test_a_body_is_found_by_any_of_its_names(name: str, agency_id: str, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        reports = connection.execute(
            "select report_id, count(*), count_if(status = 'broken'),"
            " count_if(status = 'not_assessable') from quality.fct_identity_checks"
            " where report_id like ? group by all order by all",
            [f"{agency_id}-20__"],
        ).fetchall()
    found = find(warehouse, name)
    assert found.body
    assert found.body["agency_id"] == agency_id
    counted = ("report_id", "checks", "broken", "not_assessable")
    assert [tuple(map(report.get, counted)) for report in found.reports] == reports


def test_former_names_are_names(warehouse_copy: Path) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute(
            "insert into reference.agency_names by name select '350128-nongye' as agency_id,"
            " '平潭综合实验区农村发展局' as other_name, 'former' as name_kind"
        )
    body = find(warehouse_copy, "平潭综合实验区农村发展局").body
    assert body
    assert body["agency_id"] == "350128-nongye"


def test_the_only_report_of_a_body_is_explained_and_others_are_named(
    told: Explain, warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told("吴忠科技局", "narrative.penalty_power_items").startswith("640300-keji-2019  ")

    def shown(name: str) -> str:
        show_found(Console(width=140), find(warehouse, name))
        return capsys.readouterr().out

    assert re.search(r"\n350128-nongye-2021 +2021( +\d+){3}\n", shown("农业农村局"))
    assert re.search(r"\n350128-nongye +平潭综合实验区农业农村局 +7 +2019 to 2025\n", shown("平潭"))
    assert "No report" in shown("上海市人民政府")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("平潭综合实验区农林局", "near it are 平潭综合实验区"),
        ("%", "no body %"),
        ("_", "no body _"),
    ],
)
def test_what_no_body_is_called_ends_with_near_matches(
    name: str, problem: str, warehouse: Path
) -> None:
    with pytest.raises(WrongCall, match=problem):
        find(warehouse, name)


def test_an_identity_is_asked_of_one_report(warehouse: Path, gouji: Gouji) -> None:
    done = gouji("explain", "平潭", "review.total", "--warehouse", warehouse.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "平潭 is no report" in done.stderr


def test_rollups_that_cannot_be_judged_are_one_line(told: Explain, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        open_ = connection.sql(
            "select count(distinct identity_id), count(*) from quality.fct_identity_checks"
            " where report_id = '320800-zhengfu-2024' and status = 'not_assessable'"
            " and identity_id like 'rollup.%'"
        ).fetchall()[0]
    lines = [line for line in told("320800-zhengfu-2024").splitlines() if "rollup" in line]
    verdict = "无法判断 (not_assessable, warning): 所含机关: 报告不齐"
    assert lines == [f"  rollup [{open_[0]} 条勾稽关系，{open_[1]} 项检查]: {verdict}"]
