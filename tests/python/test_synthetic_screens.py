"""What is planted for the screens has its shape, and findings are counted against it."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from gouji.errors import DataFailed
from gouji.synthetic.generate import generate
from gouji.synthetic.plant import FAULTS, TRUTH, plant
from gouji.synthetic.screen_faults import SCREEN_KINDS, SEEN_BY
from gouji.synthetic.screens import count_findings, require_screens, screens_table

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screens")
    generate(folder / "clean", reports=1_000, seed=3)
    done = plant(folder / "clean", folder / "planted", seed=3, share=0.3, kinds=SCREEN_KINDS)
    # few bodies of a small set are busy enough for some kinds
    assert sum(map(bool, done.by_kind.values())) >= len(SCREEN_KINDS) - 3, done.by_kind
    return done.folder


@pytest.fixture
def connection(planted: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        faults = planted / TRUTH / FAULTS
        connection.execute(f"create view faults as from read_parquet('{faults}')")
        yield connection


def ask(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


def test_every_kind_has_its_screen_and_every_screen_of_a_report_its_kind() -> None:
    assert SCREEN_KINDS.keys() == SEEN_BY.keys()
    screens = {screen for screen, _table in SEEN_BY.values()}
    known = ask(
        duckdb.connect(),
        f"select sanity_check_id from read_csv('{ROOT}/seeds/reference/sanity_checks.csv')",
    )
    assert screens | {"first_digits"} == {screen for (screen,) in known}


def test_slips_have_their_shapes(connection: duckdb.DuckDBPyConnection) -> None:
    tables = ask(
        connection,
        "select distinct kind, form_table from faults where kind not like '%hundredfold'",
    )
    assert {(kind, SEEN_BY[str(kind)][1]) for kind, _table in tables} == set(tables)
    odd = ask(
        connection,
        """
        select kind, printed_before, printed_after from faults
        where
            printed_before = printed_after
            or kind like '%left_zero' and printed_after <> '0'
            or kind like '%hundredfold'
            and printed_after::integer <> 100 * printed_before::integer
            or kind = 'count_negative' and printed_after <> '-' || printed_before
        """,
    )
    assert odd == []


def warehouses(folder: Path, planted: Path, found: str) -> tuple[Path, Path]:
    """Two warehouses: one with two findings in clean reports, and one that finds what is told."""
    for name, findings in (
        ("clean", "select 'jump', 'requests', unnest(['a', 'b'])"),
        ("planted", found),
    ):
        with duckdb.connect(str(folder / name)) as connection:
            faults = planted / TRUTH / FAULTS
            connection.execute(f"create view faults as from read_parquet('{faults}')")
            connection.execute(f"""
                create schema quality;
                create schema intermediate;
                create table intermediate.int_reports as select range as report_id from range(100);
                create table quality.first_digits as
                select unnest(['province', 'sector']) as set_kind,
                    unnest([true, null]) as is_conspicuous;
                create table quality.sanity_findings as
                from ({findings}) as found (sanity_check_id, form_table, report_id)
            """)
    return folder / "clean", folder / "planted"


def test_findings_are_counted_by_kind(planted: Path, tmp_path: Path) -> None:
    clean, found = warehouses(
        tmp_path,
        planted,
        "select distinct 'jump', 'requests', report_id from faults"
        " where kind in ('requests_hundredfold', 'decisions_hundredfold')",
    )
    rows = count_findings(clean, found, planted)
    by_kind = {row["planted_kind"]: row for row in rows}
    jumps = by_kind["requests_hundredfold"]
    assert (jumps["false_alarms"], jumps["false_alarm_rate"]) == (2, 0.02)
    assert jumps["found"] == jumps["planted"] > 0
    # found by the screen, in the wrong table
    assert by_kind["decisions_hundredfold"]["recall"] == 0
    digits = {row["form_table"]: row for row in rows if row["screen"] == "first_digits"}
    assert (digits["province"]["reports"], digits["province"]["false_alarm_rate"]) == (1, 1)
    assert (digits["sector"]["reports"], digits["sector"]["false_alarm_rate"]) == (0, None)
    assert screens_table(rows).row_count == len(SEEN_BY) + 2


def test_a_screen_that_accuses_or_finds_nothing_is_named(planted: Path, tmp_path: Path) -> None:
    rows = count_findings(*warehouses(tmp_path, planted, "select 'none', 'none', 'none'"), planted)
    with pytest.raises(DataFailed) as caught:
        require_screens(rows)
    said = str(caught.value)
    assert "jump of requests accuses 2.00%" in said
    assert "copied_row of requests finds 0 of" in said
    sound = [row | {"false_alarm_rate": 0.01, "recall": 0.5} for row in rows]
    require_screens(sound)
