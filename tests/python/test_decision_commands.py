"""`gouji acknowledge` and `gouji correct` add the rows of a decision, and change nothing else."""

import csv
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from conftest import ROOT
from gouji.cli import app
from gouji.decisions.seed import Seed
from gouji.errors import WrongCall

Call = Callable[..., Result]

TODAY = datetime.now().astimezone().date()
UNTIL = str(TODAY + timedelta(days=365))
SAID = ("--evidence", "来函〔2026〕12号", "--by", "data steward")
REPORT, IDENTITY, CELL = "320813-zhengfu-2023", "review.total", "reviews.review.total"
WHY = ("--reason", "机关来函：漏填，\n不再更正", "--until", UNTIL)
BREAK = ("acknowledge", REPORT, IDENTITY, *WHY, *SAID)
SLIP = ("correct", REPORT, CELL, "11", *SAID)
HELD = b"x-2019,review.total,all,1,2,a,b,c,2026-01-01,2027-01-01"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The seeds of decisions, in a project that has nothing else."""
    folder = tmp_path / "seeds" / "stewardship"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "dbt_project.yml", tmp_path)
    for name in ("acknowledged_issues", "corrections"):
        head = (ROOT / "seeds" / "stewardship" / f"{name}.csv").read_text("utf-8").splitlines()[0]
        (folder / f"{name}.csv").write_text(f"{head}\n", "utf-8")
    return folder


@pytest.fixture
def call(seeds: Path, warehouse: Path) -> Call:
    def run(*arguments: str, answer: str | None = None) -> Result:
        places = ("--project", str(seeds), "--warehouse", str(warehouse.parent))
        return CliRunner().invoke(app, [*arguments, *places], input=answer)

    return run


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def refused(result: Result) -> str:
    assert isinstance(result.exception, WrongCall), result.output
    return str(result.exception)


def test_every_check_of_the_cause_is_acknowledged_with_the_sides_observed(
    call: Call, seeds: Path, warehouse: Path
) -> None:
    """Of the cause with most checks."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        cause = connection.sql(
            "select root_cause_id from quality.issues group by root_cause_id"
            " order by count(*) desc, root_cause_id limit 1"
        ).fetchall()[0]
        due = connection.execute(
            "select report_id, identity_id, slice, lhs, rhs from quality.issues"
            " where root_cause_id = ? order by all",
            cause,
        ).fetchall()
    report, identity, slice_ = due[0][:3]
    done = call("acknowledge", report, identity, "--slice", slice_, *WHY, *SAID, "--yes")
    assert done.exception is None, done.output
    written = rows(seeds / "acknowledged_issues.csv")
    keys = ("report_id", "identity_id", "slice")
    assert len(written) == len(due) > 1
    assert [tuple(row[key] for key in keys) for row in written] == [row[:3] for row in due]
    for row, (*_, lhs, rhs) in zip(written, due, strict=True):
        assert (float(row["observed_lhs"]), float(row["observed_rhs"])) == (lhs, rhs)
        assert row["reason"] == "机关来函：漏填， 不再更正"
        assert (row["acknowledged_by"], row["expires_on"]) == ("data steward", UNTIL)
        assert row["acknowledged_on"] == str(TODAY)
        assert ",".join(row[key] for key in keys) in done.output, "it is shown before"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("has_last_end", [True, False])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_is_in_the_file_stays(
    call: Call, seeds: Path, end: bytes, has_last_end: bool, mark: bytes
) -> None:
    file = seeds / "acknowledged_issues.csv"
    before = mark + file.read_bytes().strip() + end + HELD + (end if has_last_end else b"")
    file.write_bytes(before)
    done = call(*BREAK, "--yes")
    assert done.exception is None, done.output
    after = file.read_bytes()
    assert after.startswith(before)
    assert after.endswith(end)
    assert after.count(b"\r") == (after.count(b"\n") if end == b"\r\n" else 0)
    assert [row["report_id"] for row in rows(file)] == ["x-2019", REPORT]
    assert list(seeds.glob(".*")) == []


def test_a_correction_holds_what_is_printed(call: Call, seeds: Path) -> None:
    done = call(*SLIP, "--on-purpose", "--yes")
    assert done.exception is None, done.output
    assert rows(seeds / "corrections.csv") == [
        {
            "report_id": REPORT,
            "form_table": "reviews",
            "line_code": "review",
            "column_code": "total",
            "printed": "0",
            "corrected": "11",
            "evidence": "来函〔2026〕12号",
            "corrected_by": "data steward",
            "corrected_on": str(TODAY),
            "on_purpose": "true",
        }
    ]


@pytest.mark.parametrize(("answer", "written"), [("y\n", 1), ("n\n", 0)])
def test_somebody_at_the_terminal_is_asked(
    call: Call, seeds: Path, monkeypatch: pytest.MonkeyPatch, answer: str, written: int
) -> None:
    monkeypatch.setattr("gouji.decisions.command.is_somebody_there", lambda: True)
    done = call(*SLIP, answer=answer)
    assert done.exception is None, done.output
    assert len(rows(seeds / "corrections.csv")) == written


def test_nobody_at_the_terminal_writes_nothing(call: Call, seeds: Path) -> None:
    assert "--yes writes" in refused(call(*SLIP))
    assert rows(seeds / "corrections.csv") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("acknowledge", REPORT, "review.totl", *WHY, *SAID), "near it are review.total all"),
        (("acknowledge", "320813-zhengfu-2033", IDENTITY, *WHY, *SAID), REPORT),
        (("acknowledge", REPORT, IDENTITY, "--slice", "none", *WHY, *SAID), "is not broken"),
        ((*BREAK, "--until", str(TODAY)), "no day to come"),
        ((*BREAK, "--reason", "  "), "--reason is empty"),
        ((*BREAK, "--evidence", ""), "--evidence is empty"),
        (("correct", REPORT, "reviews.review.totl", "11", *SAID), CELL),
        (("correct", "320813-zhengfu-2033", CELL, "11", *SAID), REPORT),
        (("correct", REPORT, CELL, "eleven", *SAID), "eleven is no number"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    call: Call, seeds: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = {file: file.read_bytes() for file in seeds.iterdir()}
    assert said in refused(call(*arguments, "--yes"))
    assert {file: file.read_bytes() for file in seeds.iterdir()} == before


def test_an_identity_that_breaks_for_several_causes_needs_its_slice(
    call: Call, warehouse: Path
) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        report, identity, slices = connection.sql(
            "select report_id, identity_id, list(slice order by slice) from quality.issues"
            " group by all having count(distinct root_cause_id) > 1 order by all limit 1"
        ).fetchall()[0]
    said = refused(call("acknowledge", report, identity, *WHY, *SAID, "--yes"))
    assert all(slice_ in said for slice_ in slices)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{REPORT},{IDENTITY},all,0,11,a,b,c,2026-01-01,2027-01-01".encode(), "line 3, decides"),
        (b"a,b,c", "line 3, has 3 values for 10 columns"),
        ("甲".encode("gbk"), "line 3, is not UTF-8"),
        (b'"a"b,c', "line 3, is no CSV"),
    ],
)
def test_a_file_that_is_wrong_is_left_alone(
    call: Call, seeds: Path, line: bytes, said: str
) -> None:
    file = seeds / "acknowledged_issues.csv"
    before = file.read_bytes() + HELD + b"\n" + line + b"\n"
    file.write_bytes(before)
    message = refused(call(*BREAK, "--yes"))
    assert said in message
    assert str(file) in message
    assert file.read_bytes() == before


def test_a_file_without_its_columns_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "seed.csv"
    file.write_text("a,c\n1,2\n", "utf-8")
    with pytest.raises(WrongCall, match="line 1, has no column b"):
        Seed(file, ("a",)).add([{"a": "3", "b": "4"}])
    assert file.read_text("utf-8") == "a,c\n1,2\n"
