"""What stewards fill in in the workbook is read back: taken whole, or refused with its place."""

import csv
import re
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import openpyxl
import pytest
from click.testing import Result
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from conftest import ROOT
from gouji.cli import app
from gouji.errors import WrongCall
from gouji.worklist.make import make_worklist

Call = Callable[..., Result]

TODAY = datetime.now().astimezone().date()
UNTIL = TODAY + timedelta(days=365)
SHEET = "江苏省"
TOTAL = "320813-zhengfu-2023 review.total all"
CELL = "320813-zhengfu-2023 reviews.review.total"
OF_FOUR = "350128-nongye-2023 narrative.requests_received all"
SEEDS = ("correspondence", "acknowledged_issues", "corrections")
ASKED = {"去函日期": date(2026, 2, 3), "去函文号": "函〔2026〕1号"}
ANSWERED = {"答复日期": "2026年2月5日", "答复内容": "漏填，\n不再更正"}
KNOWN = {"决定": "确认", "理由": "不再更正", "依据": "来函〔2026〕12号", "确认至": str(UNTIL)}
MENDED = {"决定": "更正", "依据": "来函〔2026〕12号"}


class Book:
    """A copy of the workbook of the real warehouse, to be filled in."""

    def __init__(self, made: Path, file: Path) -> None:
        self.file = Path(shutil.copy(made, file))
        self.book = openpyxl.load_workbook(file)

    def fill(self, cause: str, **cells: object) -> None:
        sheet, row = self.place(cause)
        for heading, value in cells.items():
            sheet.cell(row, self.column(sheet, heading), value)
        self.book.save(self.file)

    def place(self, cause: str) -> tuple[Worksheet, int]:
        for sheet in self.book.worksheets[1:]:
            for cell in sheet[openpyxl.utils.get_column_letter(self.column(sheet, "编号"))]:
                if cell.value == cause:
                    return sheet, cell.row
        raise AssertionError(cause)

    def column(self, sheet: Worksheet, heading: str) -> int:
        headings = [cell.value for cell in sheet[1]]
        return headings.index(heading) + 1 if heading in headings else 1


@pytest.fixture(scope="module")
def made(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("notes") / "worklist.xlsx"
    make_worklist(warehouse, file)
    return file


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Book:
    return Book(made, tmp_path / "filled.xlsx")


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The seeds of decisions, in a project that has nothing else."""
    folder = tmp_path / "seeds" / "stewardship"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "dbt_project.yml", tmp_path)
    for name in SEEDS:
        head = (ROOT / "seeds" / "stewardship" / f"{name}.csv").read_text("utf-8").splitlines()[0]
        (folder / f"{name}.csv").write_text(f"{head}\n", "utf-8")
    return folder


@pytest.fixture
def read(seeds: Path, warehouse: Path) -> Call:
    def run(file: Path, *options: str) -> Result:
        places = ("--project", str(seeds), "--warehouse", str(warehouse.parent))
        call = ["worklist", "--read", str(file), "--by", "a steward", *options, *places]
        return CliRunner().invoke(app, call)

    return run


def rows(seeds: Path, name: str) -> list[dict[str, str]]:
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def refused(result: Result) -> str:
    assert isinstance(result.exception, WrongCall), result.output
    return str(result.exception)


def test_a_workbook_as_it_was_made_says_nothing(made: Path, read: Call, seeds: Path) -> None:
    assert "Nothing is noted" in read(made).output
    assert [rows(seeds, name) for name in SEEDS] == [[], [], []]


def test_letters_and_answers_are_of_each_check_of_the_cause(
    book: Book, read: Call, seeds: Path, warehouse: Path
) -> None:
    book.fill(OF_FOUR, **ASKED, **ANSWERED)
    assert read(book.file, "--yes").exception is None
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        due = connection.execute(
            "select report_id, identity_id, slice, lhs, rhs from quality.issues"
            " where root_cause_id = ? order by all",
            [OF_FOUR],
        ).fetchall()
    written = rows(seeds, "correspondence")
    assert len(written) == 2 * len(due) == 8
    for event, on, note in (
        ("asked", "2026-02-03", "函〔2026〕1号"),
        ("answered", "2026-02-05", "漏填， 不再更正"),
    ):
        found = [row for row in written if row["event"] == event]
        assert {(row["happened_on"], row["note"], row["entered_by"]) for row in found} == {
            (on, note, "a steward")
        }
        names = ("report_id", "identity_id", "slice")
        sides = ("observed_lhs", "observed_rhs")
        keys = [(*(row[n] for n in names), *(float(row[n]) for n in sides)) for row in found]
        assert sorted(keys) == due


def test_decisions_are_rows_of_their_seeds_shown_before(
    book: Book, read: Call, seeds: Path
) -> None:
    book.fill(TOTAL, **ASKED, **KNOWN)
    book.fill("350128-shehui-2024 litigation_after_review.total all", **MENDED)
    assert "nobody is there to ask" in refused(read(book.file))
    assert [rows(seeds, name) for name in SEEDS] == [[], [], []]
    done = read(book.file, "--yes")
    assert done.exception is None
    (entry,) = rows(seeds, "acknowledged_issues")
    assert entry == {
        "report_id": "320813-zhengfu-2023",
        "identity_id": "review.total",
        "slice": "all",
        "observed_lhs": "0",
        "observed_rhs": "11",
        "reason": "不再更正",
        "evidence": "来函〔2026〕12号",
        "acknowledged_by": "a steward",
        "acknowledged_on": str(TODAY),
        "expires_on": str(UNTIL),
    }
    (correction,) = rows(seeds, "corrections")
    assert (correction["report_id"], correction["line_code"], correction["corrected"]) == (
        *("350128-shehui-2024", "litigation_after_review", "19"),
    )
    for row in (entry, correction):
        assert row["report_id"] in done.output.partition("Rows written")[0]


def test_a_workbook_is_read_again_as_it_fills(book: Book, read: Call, seeds: Path) -> None:
    book.fill(TOTAL, **ASKED)
    read(book.file, "--yes")
    before = (seeds / "correspondence.csv").read_text("utf-8")
    assert "Nothing is noted that is not written down already" in read(book.file).output
    book.fill(TOTAL, **ANSWERED, **MENDED)
    assert read(book.file, "--yes").exception is None
    assert (seeds / "correspondence.csv").read_text("utf-8").startswith(before)
    assert [row["event"] for row in rows(seeds, "correspondence")] == ["asked", "answered"]
    assert [row["corrected"] for row in rows(seeds, "corrections")] == ["11"]
    book.fill(TOTAL, 去函文号="another")
    assert "correspondence.csv, line 2, decides on" in refused(read(book.file, "--yes"))


def test_the_commands_of_a_row_are_those_that_decide(book: Book) -> None:
    sheet, row = book.place(TOTAL)
    said = str(sheet.cell(row, book.column(sheet, "命令")).value).splitlines()
    report, identity, slice_ = TOTAL.split()
    assert said[0].startswith(f"gouji acknowledge {report} {identity} --slice {slice_} --reason")
    assert said[1:] == [f'gouji correct {CELL} 11 --evidence ""']
    proposed = sheet.cell(row, book.column(sheet, "更正单元格")).value
    assert proposed == f"{CELL} 11"
    sheet, row = book.place("350128-guanweihui-2025 documents.stock normative_document")
    assert sheet.cell(row, book.column(sheet, "更正单元格")).value is None, "there are two equals"


WRONG = {
    "no date": ({**ASKED, "去函日期": "昨天"}, "去函日期: “昨天” is no date: write it as"),
    "no day of the calendar": ({**ASKED, "去函日期": "2026-02-30"}, "is no date"),
    "a day to come": ({**ASKED, "去函日期": UNTIL}, "is a day to come: today is"),
    "a letter without its number": ({"去函日期": date(2026, 2, 3)}, "去函文号: is empty, and"),
    "an answer without its day": ({"答复内容": "漏填"}, "答复日期: is empty, and 答复内容 is"),
    "an answer before the letter": (
        {**ASKED, **ANSWERED, "答复日期": "2026-01-05"},
        "答复日期: “2026-01-05” is before the letter of 2026-02-03",
    ),
    "no decision": ({**KNOWN, "决定": "批准"}, "决定: “批准” is neither 确认 nor 更正"),
    "a reason alone": ({"理由": "不再更正"}, "理由: “不再更正” goes with 决定 确认: write"),
    "no reason": ({**KNOWN, "理由": None}, "理由: is empty, and 确认 needs it"),
    "an entry that is over": ({**KNOWN, "确认至": str(TODAY)}, "确认至: .* is no day to come"),
    "a cell that is not there": ({**MENDED, "更正单元格": f"{CELL}s 11"}, "has no cell .*totals"),
    "a correction of no number": ({**MENDED, "更正单元格": f"{CELL} 十一"}, "十一 is no number"),
    "half a correction": ({**MENDED, "更正单元格": CELL}, "a line is report, cell and number"),
    "a correction without a decision": ({"更正单元格": f"{CELL} 12"}, "12” goes with 决定 更正"),
    "a correction that is acknowledged": (
        {**KNOWN, "更正单元格": f"{CELL} 12"},
        "12” goes with 决定 更正",
    ),
    "evidence of nothing": ({"依据": "来函"}, "依据: “来函” goes with 决定 确认 or 更正"),
    "a formula": ({**ASKED, "去函文号": "=1+1"}, "去函文号: “=1\\+1” is a formula or an error"),
    "other numbers": ({**ASKED, "左值": 5}, "左值: “5” is 0 now: clear what is noted here"),
    "another cause": ({**ASKED, "编号": f"{TOTAL}l"}, "is no cause of broken checks now; near it"),
    "no cause": ({**ASKED, "编号": None}, "去函日期: .*stands in a row without 编号"),
}


@pytest.mark.parametrize(("cells", "said"), WRONG.values(), ids=WRONG)
def test_a_row_is_refused_with_its_place_and_nothing_is_written(
    book: Book, read: Call, seeds: Path, cells: dict[str, object], said: str
) -> None:
    book.fill("350128-shehui-2024 litigation_after_review.total all", **ASKED)
    _, row = book.place(TOTAL)
    sheet, _ = book.place(TOTAL)
    for heading, value in cells.items():
        sheet.cell(row, book.column(sheet, heading)).value = value
    book.book.save(book.file)
    message = refused(read(book.file, "--yes"))
    assert message.startswith(f"{book.file}: {SHEET}, row {row}, ")
    assert re.search(said, message), message
    assert message.endswith("Nothing was written.")
    assert [rows(seeds, name) for name in SEEDS] == [[], [], []]


def test_a_cause_that_is_filled_in_twice_is_refused(book: Book, read: Call) -> None:
    sheet, row = book.place(TOTAL)
    for column, cell in enumerate(sheet[row], 1):
        sheet.cell(sheet.max_row + (column == 1), column, cell.value)
    book.fill(TOTAL, **ASKED)
    for heading, value in ASKED.items():
        sheet.cell(sheet.max_row, book.column(sheet, heading), value)
    book.book.save(book.file)
    assert f"is filled in twice, first in {SHEET}, row {row}" in refused(read(book.file))


def test_other_sheets_are_named_and_other_files_refused(
    book: Book, read: Call, tmp_path: Path
) -> None:
    book.book.create_sheet("备忘")
    book.fill(TOTAL, **ASKED)
    assert "The sheet 备忘 is none of the worklist" in read(book.file, "--yes").output
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    assert "it is not a workbook of gouji worklist" in refused(read(other))
    other.write_text("no workbook", "utf-8")
    assert "does not open as a workbook" in refused(read(other))
    assert "is not there" in refused(read(tmp_path / "none.xlsx"))


@pytest.mark.parametrize("options", [(), ("--out", "a.xlsx", "--read", "b.xlsx")])
def test_it_is_asked_to_write_or_to_read(options: tuple[str, ...], warehouse: Path) -> None:
    done = CliRunner().invoke(app, ["worklist", *options, "--warehouse", str(warehouse.parent)])
    assert "--out FILE.xlsx, or for --read FILE.xlsx" in refused(done)
