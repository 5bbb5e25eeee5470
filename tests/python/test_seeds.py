"""What is wrong in a seed is named before dbt starts: file, line, column, value."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from conftest import Gouji
from gouji.errors import WrongCall
from gouji.paths import Project
from gouji.publish.landed import check_landed
from gouji.publish.seeds import check_seeds

ROOT = Path(__file__).parents[2]
LOOKED_AT = ("dbt_project.yml", "seeds", "models/staging")
REPORTS, REQUESTS = "raw/raw_reports", "raw/raw_requests"
LEDGER, MEMBERS = "stewardship/acknowledged_issues", "stewardship/rollup_members"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The project, as far as seeds and what is said of them go."""
    for name in LOOKED_AT:
        path, target = ROOT / name, tmp_path / "project" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if path.is_dir() else shutil.copy)(path, target)
    return Project(tmp_path / "project")


def seed(project: Project, name: str) -> Path:
    return project.root / "seeds" / f"{name}.csv"


def put(column: str, value: str, line: int = 3) -> Callable[[bytes], bytes]:
    """Put a text, as it is, into a cell of a line that has no quotes."""

    def changed(content: bytes) -> bytes:
        lines = content.split(b"\n")
        cells = lines[line - 1].split(b",")
        cells[lines[0].decode().split(",").index(column)] = value.encode()
        lines[line - 1] = b",".join(cells)
        return b"\n".join(lines)

    return changed


def add(row: str) -> Callable[[bytes], bytes]:
    return lambda content: content + row.encode() + b"\n"


def replace(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(old.encode(), new.encode(), 1)


def as_gbk(content: bytes) -> bytes:
    return content.decode().encode("gb18030")


def as_utf_16(content: bytes) -> bytes:
    return content.decode().encode("utf-16")


ACKNOWLEDGED = "r,review.total,all,{},2,why,letter,me,{},{}"
WRONG = [
    (REPORTS, put("report_year", "20x4"), "line 3, column report_year: “20x4” is no year"),
    (REPORTS, put("report_year", "2207"), "line 3, column report_year: “2207” is no year"),
    (REPORTS, put("revision", "0"), "line 3, column revision: “0” is no whole number"),
    (REPORTS, put("landed_on", "2026-02-30"), "line 3, column landed_on: “2026-02-30” is no date"),
    (REPORTS, put("landed_on", ""), "line 3, column landed_on: it is empty"),
    (REPORTS, put("published_on", "2025年1月5日"), "line 3, column published_on: “2025年1月5日”"),
    (REPORTS, put("published_on", "2025-01-05 25:00"), "line 3, column published_on: “2025-01-05"),
    (REPORTS, put("layout", "2022"), "line 3, column layout: “2022” is not in layouts"),
    (REPORTS, put("agency_id", "320800-zhengfuu"), "near it are 320800-zhengfu"),
    (REQUESTS, put("line_code", "carried_inn"), "column line_code: “carried_inn” is not in form_l"),
    (REQUESTS, put("report_id", "nobody-2019"), "column report_id: “nobody-2019” is not in raw_re"),
    (REQUESTS, replace(",total\n", "\n"), "line 1: the column total is missing"),
    (
        REQUESTS,
        replace("natural_person", "natural_persons"),
        "no column “natural_persons”; near it",
    ),
    (REQUESTS, replace("natural_person", "total"), "line 1: the column “total” is there twice"),
    (
        REQUESTS,
        replace("report_id,line_code", "line_code,report_id"),
        "line 1: column 1 is line_co",
    ),
    (REQUESTS, replace(",total\n", ",total,note\n"), "line 1: there is no column “note”"),
    (REQUESTS, put("natural_person", '"5'), "line 3, column natural_person: a quote opens here"),
    (REQUESTS, put("natural_person", '"5"5'), "line 3, column natural_person: a quote closes in"),
    (REQUESTS, put("natural_person", "5,5"), "line 3: 10 cells, and the header has 9 columns"),
    (REPORTS, as_gbk, "line 2, column agency_name: the text is no UTF-8 (it reads “上海市人民政府"),
    (REPORTS, as_utf_16, "line 1: the file is UTF-16"),
    (
        LEDGER,
        add(ACKNOWLEDGED.format("1", "2026-01-01", "soon")),
        "column expires_on: “soon” is no",
    ),
    (
        LEDGER,
        add(ACKNOWLEDGED.format("one", "2026-01-01", "2026-01-01")),
        "column observed_lhs: “on",
    ),
    (MEMBERS, put("report_year", "1019"), "line 3, column report_year: “1019” is no year"),
    ("reference/agencies", put("level", "city"), "column level: “city” is none of province, pref"),
]


def test_the_seeds_as_they_are_pass(project: Project) -> None:
    check_seeds(project, None)


@pytest.mark.parametrize(("name", "change", "said"), WRONG)
def test_what_is_wrong_is_named(
    project: Project, name: str, change: Callable[[bytes], bytes], said: str
) -> None:
    file = seed(project, name)
    before = file.read_bytes()
    file.write_bytes(change(before))
    assert file.read_bytes() != before
    with pytest.raises(WrongCall) as told:
        check_seeds(project, None)
    assert str(told.value).startswith(f"seeds/{name}.csv, line ")
    assert said in str(told.value)


def test_the_mark_before_utf_8_is_read(project: Project) -> None:
    """Excel sets it, and dbt and DuckDB read over it."""
    file = seed(project, REPORTS)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    check_seeds(project, None)


def test_only_some_of_many_are_named(project: Project) -> None:
    file = seed(project, REQUESTS)
    lines = file.read_text("utf-8").replace(",granted,", ",grantedd,")
    count = lines.count(",grantedd,")
    file.write_text(lines, "utf-8")
    with pytest.raises(WrongCall, match=f"; and {count - 5} more") as told:
        check_seeds(project, None)
    assert str(told.value).count("grantedd") == 5


def test_a_landing_folder_takes_the_place_of_raw_seeds(project: Project, tmp_path: Path) -> None:
    seed(project, REPORTS).write_bytes(b"nothing")
    check_seeds(project, tmp_path)


def test_a_build_says_so_before_dbt_starts(
    small_project: Path, gouji: Gouji, tmp_path: Path
) -> None:
    file = small_project / "seeds" / "raw" / "raw_reports.csv"
    file.write_bytes(file.read_bytes().replace(b"first", "首先".encode("gbk")))
    done = gouji("build", "--no-site", cwd=small_project)
    assert done.returncode == 2
    assert "seeds/raw/raw_reports.csv, line 2, column note: " in done.stderr
    assert "“首先” as GBK" in done.stderr
    assert "dbt" not in done.stdout
    assert not (small_project / "warehouse" / "dbt").exists()


def test_a_landing_folder_is_looked_at(tmp_path: Path) -> None:
    tables = {"raw_a": ("report_id", "total"), "raw_b": ("report_id",), "raw_c": ("printed",)}
    with pytest.raises(WrongCall, match="has no raw_a: put raw_a"):
        check_landed(tmp_path, tables)
    (tmp_path / "raw_b" / "report_year=2019").mkdir(parents=True)
    with duckdb.connect() as connection:
        for file in ("raw_a.parquet", "raw_b/report_year=2019/a.parquet"):
            connection.execute(
                f"copy (select 1 as report_id, 2 as totals) to '{tmp_path / file}' (format parquet)"
            )
    (tmp_path / "raw_c.csv").write_text("printed\n/\n", "utf-8")
    with pytest.raises(WrongCall, match=r"raw_a.parquet has no column total; near it is totals"):
        check_landed(tmp_path, tables)
    check_landed(tmp_path, tables | {"raw_a": ("report_id", "totals")})
    (tmp_path / "raw_a.parquet").write_bytes(b"PAR1")
    with pytest.raises(WrongCall, match=r"raw_a.parquet cannot be read"):
        check_landed(tmp_path, tables)
