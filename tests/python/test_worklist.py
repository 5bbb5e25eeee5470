"""The workbook of `gouji worklist`, read back as a steward's program reads it."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gouji.findings.read import Hypothesis
from gouji.worklist.read import read_worklist
from gouji.worklist.sentences import question, slips
from gouji.worklist.workbook import COLUMNS, QUESTIONS, Column, height_of, is_link, unique_names

Gouji = Callable[..., subprocess.CompletedProcess[str]]

HEADINGS = [column.heading for column in COLUMNS]


def make(gouji: Gouji, database: Path, out: Path, *options: str) -> Workbook:
    done = gouji("worklist", "--out", out, "--warehouse", database.parent, *options)
    assert done.returncode == 0, done.stderr
    return openpyxl.load_workbook(out)


def rows_of(sheet: Worksheet) -> list[dict[str, str]]:
    """The rows of an agency sheet, each by heading."""
    head, *rows = sheet.iter_rows(values_only=True)
    assert list(head) == HEADINGS
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows]


def row_of(book: Workbook, root_cause: str) -> dict[str, str]:
    found = [row for sheet in cause_sheets(book) for row in rows_of(sheet)]
    return next(row for row in found if row["编号"] == root_cause)


def cause_sheets(book: Workbook) -> list[Worksheet]:
    """The sheets between the summary and the questions."""
    return [sheet for sheet in book.worksheets[1:] if sheet.title != QUESTIONS]


def width_at(sheet: Worksheet, place: int) -> float:
    """The width of a column; neighbours of one width are one entry of the file."""
    widths = sheet.column_dimensions.values()
    return next(one.width for one in widths if one.min <= place <= one.max)


@pytest.fixture(scope="session")
def out(warehouse: Path, gouji: Gouji, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("worklist") / "worklist.xlsx"
    make(gouji, warehouse, file)
    return file


@pytest.fixture(scope="session")
def book(out: Path) -> Workbook:
    return openpyxl.load_workbook(out)


def count(database: Path, sql: str) -> int:
    with duckdb.connect(str(database), read_only=True) as connection:
        return int(connection.sql(sql).fetchall()[0][0])


def test_every_cause_is_one_row(warehouse: Path, book: Workbook) -> None:
    causes = count(warehouse, "select count(distinct root_cause_id) from quality.issues")
    rows = [row for sheet in cause_sheets(book) for row in rows_of(sheet)]
    assert len(rows) == len({row["编号"] for row in rows}) == causes > 0


def test_the_summary_counts_what_the_sheets_hold(book: Workbook) -> None:
    sheet = book.worksheets[0]
    assert sheet.title == "汇总"
    lines = list(sheet.iter_rows(values_only=True))
    at = next(i for i, line in enumerate(lines) if line[0] == "省份")
    by_sheet: dict[str, int] = {}
    for line in lines[at + 1 :]:
        if not line[0]:
            break
        by_sheet[line[6]] = by_sheet.get(line[6], 0) + line[2]
        assert line[2] == line[3] + line[4]
    assert by_sheet == {one.title: one.max_row - 1 for one in cause_sheets(book)}
    total = sum(by_sheet.values())
    for heading in ("勾稽关系类别", "可能的差错"):
        at = next(i for i, line in enumerate(lines) if line[0] == heading)
        counted = 0
        for line in lines[at + 1 :]:
            if not line[0]:
                break
            counted += line[2]
        assert counted == total


def test_a_province_with_many_causes_has_a_sheet_for_each_parent(book: Workbook) -> None:
    names = [sheet.title for sheet in book.worksheets]
    assert "福建省 平潭综合实验区" in names
    assert "江苏省" in names


def test_each_sheet_can_be_filtered_scrolled_and_printed(book: Workbook) -> None:
    for sheet in cause_sheets(book):
        assert sheet.freeze_panes == "D2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # one page wide, which is what a file says by saying nothing, and as high as need be
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.page_setup.fitToHeight == 0
        assert "&P" in sheet.oddFooter.center.text
        assert "&N" in sheet.oddFooter.center.text
        for place, column in enumerate(COLUMNS, 1):
            assert width_at(sheet, place) == pytest.approx(column.width, abs=1)
        for row in range(2, sheet.max_row + 1):
            assert 13 < sheet.row_dimensions[row].height < 409
            assert sheet.cell(row, HEADINGS.index("建议询问") + 1).alignment.wrap_text


def test_questions_come_last_and_are_said_to_be_none_but_questions(
    warehouse: Path, book: Workbook
) -> None:
    sheet = book.worksheets[-1]
    assert sheet.title == QUESTIONS
    rows = [tuple(row[:3]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.sql(
            """
            select agency_name, report_year, title_zh
            from quality.sanity_findings
            inner join reference.sanity_checks using (sanity_check_id)
            inner join marts.dim_report using (report_id)
            """
        ).fetchall()
    assert sorted(rows) == sorted(found) != []
    said = [line[0] for line in book.worksheets[0].iter_rows(values_only=True) if line[0]]
    assert any("只是疑问，不是差错" in line for line in said)


def test_only_addresses_of_the_web_are_links(book: Workbook) -> None:
    links = 0
    for sheet in cause_sheets(book):
        for row in range(2, sheet.max_row + 1):
            address = sheet.cell(row, HEADINGS.index("网址或文件") + 1)
            link = sheet.cell(row, HEADINGS.index("链接") + 1)
            assert address.hyperlink is None
            if str(address.value).startswith("https://"):
                assert link.hyperlink.target == address.value
                links += 1
            else:
                assert link.hyperlink is None
    assert links > 0


def test_a_steward_can_write_from_one_row(book: Workbook) -> None:
    row = row_of(book, "320813-zhengfu-2023 review.total all")
    assert row["机关"] == "淮安市洪泽区人民政府"
    assert (row["左值"], row["右值"], row["左减右"]) == (0, 11, -11)
    assert row["勾稽关系"] == "行政复议总计等于四种结果之和"
    assert row["可能的差错"] == "总计漏填，仍为 0：表四“行政复议”行“总计”列 0 → 11"
    assert row["状态"] == "待处理"
    assert row["建议询问"] == (
        "贵单位《洪泽区人民政府2023 年政府信息公开工作年度报告》"
        "表四（政府信息公开行政复议、行政诉讼情况）“行政复议”行中，"
        "按“行政复议总计等于四种结果之和”核对，“总计”列为“0”，"
        "而“结果维持”列“10”、“结果纠正”列“1”及其余2项“0”之和为11，两者相差11。"
        "请贵单位核实表四“行政复议”行“总计”列的“0”是否应为11（疑似总计漏填，仍为 0），"
        "并更正报告或说明原因，谢谢。"
    )


def test_a_lost_sign_is_asked_about(book: Workbook) -> None:
    row = row_of(book, "640300-keji-2019 narrative.penalty_power_change all")
    assert row["级别"] == "提示"
    assert row["可能的差错"] == "漏写减号：表二“行政处罚”行“本年增/减”列 4 → -4"
    assert "正文所述“划转行政处罚事项数”为“4”" in row["建议询问"]
    assert "另有1项核对也不一致" in row["建议询问"]
    assert "“本年增/减”列的“4”是否应为-4（疑似漏写减号）" in row["建议询问"]


def test_checks_of_one_cause_are_one_row(book: Workbook) -> None:
    row = row_of(book, "350128-nongye-2023 narrative.requests_received all")
    assert row["级别"] == "错误"
    assert row["可能的差错"].startswith("总计错填到下一行：")
    assert row["左值"].splitlines() == ["(1) 0", "(2) 7", "(3) 7", "(4) 7"]
    assert "另有3项核对也不一致" in row["建议询问"]


def test_a_row_is_of_the_report_that_it_asks_about(warehouse: Path) -> None:
    for cause in read_worklist(warehouse).causes:
        assert cause.row["report_id"] == cause.checks[0].report_id
        assert cause.row["severity"] == cause.checks[0].severity
        assert cause.row["checks"] == len(cause.checks)


def test_cells_of_another_body_are_named_with_it(warehouse: Path) -> None:
    cause = next(
        cause
        for cause in read_worklist(warehouse, "江苏省").causes
        if cause.row["root_cause_id"] == "320813-zhengfu-2023 review.total all"
    )
    (hypothesis,) = cause.hypotheses
    (cell,) = hypothesis.cells
    member = replace(cell, report_id="member-2023", agency_name="某局", report_year=2023)
    asked = question(replace(cause, hypotheses=(Hypothesis((member,)),)))
    assert "请贵单位核实某局2023年度报告表四“行政复议”行“总计”列的“0”是否应为11" in asked
    last_year = replace(cell, report_id="320813-zhengfu-2022", report_year=2022)
    asked = question(replace(cause, hypotheses=(Hypothesis((last_year,)),)))
    assert "请贵单位核实2022年度报告表四“行政复议”行" in asked
    check = cause.checks[0]
    rollup = replace(check, report_id="upper-2023", agency_name="某市", title_zh="表四“总计”")
    asked = question(replace(cause, checks=(check, rollup)))
    assert "另有1项核对也不一致（某市2023年度报告：表四“总计”）" in asked
    asked = question(replace(cause, checks=(replace(check, title_zh="表四“总计”列"),)))
    assert "按“表四‘总计’列”核对" in asked


def test_long_lists_say_how_many_there_are(warehouse: Path) -> None:
    cause = read_worklist(warehouse, "江苏省").causes[0]
    (hypothesis,) = cause.hypotheses
    many = replace(cause, hypotheses=(hypothesis,) * 9)
    assert slips(many).startswith("以下9种同样可能：")
    assert slips(many).endswith("(8) " + slips(cause) + "\n等9种")
    assert question(many).count("是否应为") == 8
    wide = replace(cause, hypotheses=(Hypothesis(hypothesis.cells * 6),))
    assert slips(wide).count("→") == 5
    assert slips(wide).endswith("等6处")


def test_only_the_identity_that_the_form_prints_is_quoted_as_the_forms(book: Workbook) -> None:
    for sheet in cause_sheets(book):
        for row in rows_of(sheet):
            is_balance = "按表内注明的“第一项加第二项之和，" in row["建议询问"]
            assert is_balance == row["建议询问"].count("按表内注明的")
            if is_balance:
                assert "第一项加第二项之和" in row["勾稽关系"].splitlines()[0]


def test_equals_are_listed(book: Workbook) -> None:
    row = row_of(book, "350128-guanweihui-2025 documents.stock normative_document")
    assert row["可能的差错"].startswith("以下2种同样可能：\n(1) ")
    assert "是否属于下列情形之一：（1）" in row["建议询问"]
    assert row["受影响的汇总指标"].splitlines() == [
        "normative_documents_in_force",
        "normative_documents_made",
    ]


def test_one_province_or_severity(
    warehouse: Path, gouji: Gouji, tmp_path: Path, book: Workbook
) -> None:
    jiangsu = make(gouji, warehouse, tmp_path / "a.xlsx", "--province", "江苏省")
    assert [sheet.title for sheet in jiangsu.worksheets] == ["汇总", "江苏省"]
    assert rows_of(jiangsu["江苏省"]) == rows_of(book["江苏省"])
    errors = make(gouji, warehouse, tmp_path / "b.xlsx", "--severity", "error")
    severities = {row["级别"] for sheet in cause_sheets(errors) for row in rows_of(sheet)}
    assert severities == {"错误"}


def test_a_province_without_issues_has_a_summary_only(
    warehouse_copy: Path, gouji: Gouji, tmp_path: Path
) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        connection.execute("delete from quality.issues where agency_id like '310000-%'")
    shanghai = make(gouji, warehouse_copy, tmp_path / "a.xlsx", "--province", "上海市")
    assert [sheet.title for sheet in shanghai.worksheets] == ["汇总"]


def test_the_same_warehouse_makes_the_same_file(
    out: Path, warehouse: Path, gouji: Gouji, tmp_path: Path
) -> None:
    make(gouji, warehouse, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == out.read_bytes()


def test_no_text_becomes_a_formula_or_a_link(
    warehouse_copy: Path, gouji: Gouji, tmp_path: Path
) -> None:
    with duckdb.connect(str(warehouse_copy)) as connection:
        for statement in (
            """update marts.dim_report set agency_name = '=HYPERLINK("http://x.test","x")',
                title = '+1+1', source_url = 'javascript:alert(1)', source_document = '@SUM(1)'
                where agency_id = '320813-zhengfu'""",
            "update raw.raw_reviews set total = '-1+1' where report_id = '320813-zhengfu-2023'",
            """update marts.dim_agency set province = '=a[b]:c*?/d\\e', parent = '''=1+1'''
                where agency_id = '320813-zhengfu'""",
        ):
            connection.execute(statement)
    book = make(gouji, warehouse_copy, tmp_path / "a.xlsx")
    assert {cell.data_type for sheet in book for row in sheet.rows for cell in row} <= {"s", "n"}
    row = row_of(book, "320813-zhengfu-2023 review.total all")
    assert row["机关"] == '=HYPERLINK("http://x.test","x")'
    assert row["报告标题"] == "+1+1"
    assert row["网址或文件"] == "javascript:alert(1)"
    assert row["链接"] is None
    assert "为“-1+1”" in row["建议询问"]
    with ZipFile(tmp_path / "a.xlsx") as file:
        sheets = [name for name in file.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in file.read(name) for name in sheets)
        assert not any(b"javascript" in file.read(name) for name in sheets)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "a.xls"], ".xlsx"),
        (["--out", "none/a.xlsx"], "is not there"),
        (["--out", "a.xlsx", "--province", "江苏"], "江苏省"),
        (["--out", "a.xlsx", "--severity", "critical"], "error or warning"),
    ],
)
def test_a_wrong_call_is_one_sentence(
    options: list[str], said: str, warehouse: Path, gouji: Gouji
) -> None:
    done = gouji("worklist", *options, "--warehouse", warehouse.parent)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_stood_there_stays_when_the_call_is_wrong(gouji: Gouji, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("last week's", "utf-8")
    done = gouji("worklist", "--out", tmp_path / "a.xlsx", "--warehouse", tmp_path)
    assert done.returncode == 2
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]
    assert (tmp_path / "a.xlsx").read_text("utf-8") == "last week's"


@given(st.lists(st.text(max_size=40), max_size=12))
def test_sheet_names_are_ones_that_excel_takes(names: list[str]) -> None:
    unique = unique_names(names)
    assert len({name.casefold() for name in (*unique, "汇总", "history")}) == len(names) + 2
    for name in unique:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_a_row_is_as_high_as_its_longest_text() -> None:
    columns = [Column("a", 11), Column("b", 21)]
    texts = ["", "字", "字" * 10, "字" * 11, "字" * 11 + "\n字", "字" * 10_000]
    heights = [height_of(["x", text], columns) for text in texts]
    assert heights[0] == heights[1] == heights[2]
    assert all(low < high for low, high in pairwise(heights[2:]))
    assert heights[-1] == 409


def test_links() -> None:
    assert is_link("https://example.org/a?b=1")
    for address in (None, "", "ftp://example.org", "file:///x", "javascript:x", "https://a b"):
        assert not is_link(address)
    assert not is_link("https://example.org/" + "a" * 2079)
