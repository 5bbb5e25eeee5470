"""The state of a day is what had been landed and decided by then."""

import csv
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from gouji.errors import WrongCall
from gouji.paths import Project
from gouji.publish.as_of import state_of
from gouji.raw_tables import RAW_TABLES

Gouji = Callable[..., subprocess.CompletedProcess[str]]
Rows = list[dict[str, str]]

ROOT = Path(__file__).parents[2]
LANDED = {"a-2023": "2025-02-01", "a-2023-r2": "2025-03-10", "b-2023": "2025/3/9"}
DECIDED = {"2025-03-09": "10", "2025-03-10": "11"}
DAY = date(2025, 3, 9)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with three editions and decisions of two days."""
    seeds = tmp_path / "mine" / "seeds"
    seeds.mkdir(parents=True)
    (tmp_path / "mine" / "dbt_project.yml").write_text("name: mine\n", encoding="utf-8")
    for table, columns in RAW_TABLES.items():
        rows = [
            dict.fromkeys(columns, "") | {"report_id": one, columns[1]: 'x,"y"\nz'}
            for one in LANDED
        ]
        if table == "raw_reports":
            rows = [row | {"landed_on": LANDED[row["report_id"]]} for row in rows]
        write(seeds / "raw" / f"{table}.csv", rows)
    for table, made in (
        ("corrections", "corrected_on"),
        ("acknowledged_issues", "acknowledged_on"),
        ("correspondence", "happened_on"),
    ):
        rows = [
            {"report_id": "a-2023", made: day, "evidence": text} for day, text in DECIDED.items()
        ]
        write(seeds / "stewardship" / f"{table}.csv", rows)
    return Project(tmp_path / "mine")


def write(file: Path, rows: Rows) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_later_editions_and_decisions_are_left_out(project: Project, tmp_path: Path) -> None:
    state, landing = state_of(project, None, DAY, tmp_path / "state")
    assert (state.as_of, landing) == (DAY, None)
    for table in RAW_TABLES:
        before = read(project.root / "seeds" / "raw" / f"{table}.csv")
        after = read(state.root / "seeds" / "raw" / f"{table}.csv")
        assert after == [row for row in before if row["report_id"] != "a-2023-r2"]
    for table in ("corrections", "acknowledged_issues", "correspondence"):
        kept = read(state.root / "seeds" / "stewardship" / f"{table}.csv")
        assert [row["evidence"] for row in kept] == ["10"]


def test_so_they_are_of_a_landing_folder(project: Project, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    shutil.copytree(project.root / "seeds" / "raw", landing)
    shutil.copy(ROOT / "seeds" / "reference" / "agencies.csv", landing / "agencies.csv")
    parts = landing / "raw_requests" / "part=1"
    parts.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from read_csv('{landing / 'raw_requests.csv'}', all_varchar = true))"
            f" to '{parts / 'x.parquet'}'"
        )
    (landing / "raw_requests.csv").unlink()
    _, copy = state_of(project, landing, DAY, tmp_path / "state")
    assert copy is not None
    assert {path.name for path in copy.iterdir()} == {
        "agencies.csv",
        *(f"{table}.parquet" for table in RAW_TABLES),
    }
    with duckdb.connect() as connection:
        for table in RAW_TABLES:
            rows = connection.sql(f"select report_id from '{copy / table}.parquet'").fetchall()
            assert rows == [("a-2023",), ("b-2023",)], table


def test_a_day_before_the_first_landing_has_no_state(project: Project, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"by 2025-01-31: the first report was on 2025-02-01"):
        state_of(project, None, date(2025, 1, 31), tmp_path / "state")


def test_an_edition_that_says_no_day_is_named(project: Project, tmp_path: Path) -> None:
    file = project.root / "seeds" / "raw" / "raw_reports.csv"
    write(file, [row | {"landed_on": ""} for row in read(file)])
    with pytest.raises(WrongCall, match="on which day a-2023 was landed"):
        state_of(project, None, DAY, tmp_path / "state")


def test_it_is_built_beside_what_is_published(small_project: Path, gouji: Gouji) -> None:
    seed = small_project / "seeds" / "raw" / "raw_reports.csv"
    seed.write_text(
        "report_id,report_year,note,landed_on\n"
        "000000-a-2023,2023,then,2025-02-01\n000000-a-2024,2024,since,2025-03-10\n",
        encoding="utf-8",
    )
    done = gouji("build", "--no-site", "--as-of", f"{DAY}", cwd=small_project)
    assert done.returncode == 0, done.stderr
    store = small_project / "warehouse" / "as_of" / f"{DAY}"
    with duckdb.connect(str(store / "gouji.duckdb"), read_only=True) as connection:
        assert connection.sql("select note from raw.raw_reports").fetchall() == [("then",)]
        assert connection.sql("select as_of from quality.run_history").fetchall() == [(DAY,)]
    assert not (small_project / "warehouse" / "gouji.duckdb").exists()
    assert not (store / ".state").exists()
    assert "since" in seed.read_text(encoding="utf-8")


def test_a_day_to_come_is_refused(small_project: Path, gouji: Gouji) -> None:
    done = gouji("build", "--as-of", "2999-01-01", cwd=small_project)
    assert done.returncode == 2
    assert "--as-of is a day that has come, not 2999-01-01" in done.stderr


@pytest.mark.parametrize(("day", "said"), [("", "current_date"), ("2025-03-09", "2025-03-09")])
def test_the_days_of_decisions_end_by_that_day(day: str, said: str) -> None:
    from jinja2 import Environment  # noqa: PLC0415

    text = (ROOT / "macros" / "today.sql").read_text(encoding="utf-8")
    known = {"var": lambda _name, otherwise: otherwise, "env_var": lambda _name, _none: day}
    made = Environment(autoescape=False).from_string(text, globals=known).module
    assert said in str(made.today())  # type: ignore[attr-defined]
