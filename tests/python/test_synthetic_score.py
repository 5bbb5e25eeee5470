"""The score of a warehouse against the truth: what it counts as caught, accused and explained."""

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from gouji.errors import DataFailed, WrongCall
from gouji.synthetic.__main__ import app
from gouji.synthetic.generate import generate
from gouji.synthetic.kinds import KINDS
from gouji.synthetic.measure import require, shortfalls
from gouji.synthetic.plant import plant
from gouji.synthetic.score import score


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    generate(folder / "clean", reports=500, seed=3)
    return plant(folder / "clean", folder / "planted", seed=3, share=0.3).folder


@pytest.fixture
def warehouse(planted: Path, tmp_path: Path) -> Path:
    """A warehouse that finds what is there to be found, and nothing else."""
    path = tmp_path / "gouji.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            create schema quality;
            create table quality.fct_identity_checks as
            select report_id, identity_id, slice, 'broken' as status
            from '{planted}/truth/fault_checks.parquet'
            union all
            select 'another report', identity_id, slice, 'holds'
            from '{planted}/truth/fault_checks.parquet'
        """)
    return path


def change(warehouse: Path, sql: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(sql)


def offer_what_was_planted(warehouse: Path, planted: Path) -> None:
    change(
        warehouse,
        f"""
        create table quality.suspect_cells as
        select report_id, fault_id as hypothesis_id, root_cause_id, 1 as rank, kind, form_table,
            line_code, column_code, null::decimal(28, 4) as reported_value,
            value_before as implied_value
        from '{planted}/truth/faults.parquet'
        inner join (
            select fault_id, min(concat_ws(' ', report_id, identity_id, slice)) as root_cause_id
            from '{planted}/truth/fault_checks.parquet' group by fault_id
        ) using (fault_id)
        """,
    )


def test_a_warehouse_that_finds_all_scores_one(warehouse, planted):
    result = score(warehouse, planted)
    assert result.total["planted"] == sum(row["planted"] for row in result.kinds) > 100
    assert result.total["visible"] == result.total["caught"] < result.total["planted"]
    assert (result.total["recall"], result.total["precision"]) == (1.0, 1.0)
    assert result.total["accused_clean"] == 0
    assert all(row["recall"] == row["precision"] == 1.0 for row in result.identities)
    assert result.unchecked == []
    assert "first" not in result.total


def test_a_check_that_is_missed_lowers_recall(warehouse, planted):
    change(
        warehouse,
        """
        update quality.fct_identity_checks set status = 'holds'
        where rowid = (
            select min(rowid) from quality.fct_identity_checks
            where identity_id = 'requests.balance'
        )
        """,
    )
    result = score(warehouse, planted)
    assert result.total["caught"] == result.total["visible"] - 1
    recall = {row["identity_id"]: row["recall"] for row in result.identities}
    assert recall.pop("requests.balance") < 1
    assert set(recall.values()) == {1.0}


def test_a_clean_report_that_is_accused_lowers_precision(warehouse, planted):
    change(
        warehouse,
        """
        insert into quality.fct_identity_checks values
        ('another report', 'requests.balance', 'total', 'broken')
        """,
    )
    result = score(warehouse, planted)
    assert result.total["accused_clean"] == 1
    assert {row["identity_id"] for row in result.identities if row["precision"] < 1} == {
        "requests.balance"
    }


def test_what_a_warehouse_does_not_check_is_named_and_not_held_against_it(warehouse, planted):
    change(
        warehouse,
        "delete from quality.fct_identity_checks where identity_id = 'documents.stock'",
    )
    result = score(warehouse, planted)
    assert result.unchecked == ["documents.stock"]
    assert result.total["recall"] == 1.0


def test_the_planted_cells_as_only_hypotheses_are_first(warehouse, planted):
    offer_what_was_planted(warehouse, planted)
    total = score(warehouse, planted).total
    assert total["first"] == total["visible"]
    assert total["sole_first"] == total["sole"] > 20
    assert total["among_equals"] == total["lower"] == total["not_offered"] == 0
    assert total["unknowable"] > 0


def test_rivals_make_equals_and_better_ones_push_it_down(warehouse, planted):
    offer_what_was_planted(warehouse, planted)
    rivals = """
        insert into quality.suspect_cells
        select * replace ('rival ' || hypothesis_id as hypothesis_id, 'x' as line_code)
        from quality.suspect_cells
    """
    change(warehouse, rivals)
    total = score(warehouse, planted).total
    assert total["among_equals"] == total["visible"]
    assert total["first"] == total["sole_first"] == 0
    change(
        warehouse,
        "update quality.suspect_cells set rank = 2 where hypothesis_id not like 'rival %'",
    )
    total = score(warehouse, planted).total
    assert total["lower"] == total["visible"]


def test_a_hypothesis_with_another_value_or_a_cell_too_many_is_not_the_planted_one(
    warehouse, planted
):
    offer_what_was_planted(warehouse, planted)
    change(warehouse, "update quality.suspect_cells set implied_value = implied_value + 1")
    total = score(warehouse, planted).total
    assert total["not_offered"] == total["visible"]
    change(
        warehouse,
        """
        update quality.suspect_cells set implied_value = implied_value - 1;
        insert into quality.suspect_cells
        select distinct on (hypothesis_id) * replace ('one too many' as line_code)
        from quality.suspect_cells
        """,
    )
    total = score(warehouse, planted).total
    assert total["not_offered"] == total["visible"]


def test_a_right_cell_in_every_first_hypothesis_is_an_accusation(warehouse, planted):
    offer_what_was_planted(warehouse, planted)
    assert score(warehouse, planted).total["accused"] == 0
    change(
        warehouse,
        """
        insert into quality.suspect_cells
        select distinct on (hypothesis_id) * replace (
            'rival ' || hypothesis_id as hypothesis_id, 'a right one' as line_code
        )
        from quality.suspect_cells
        """,
    )
    # as long as the planted cells are its equals
    assert score(warehouse, planted).total["accused"] == 0
    change(
        warehouse,
        "update quality.suspect_cells set rank = 2 where hypothesis_id not like 'rival %'",
    )
    result = score(warehouse, planted)
    assert result.total["accused"] == result.total["visible"]
    assert result.known["accused"] + result.untuned["accused"] == result.total["accused"]
    found = " ".join(shortfalls(result))
    assert f"for {result.known['accused']} of {result.known['visible']} faults" in found
    assert f"for {result.untuned['accused']} of {result.untuned['visible']} faults" in found
    assert f"only 0 of {result.known['visible']} faults of known kinds came first" in found
    with pytest.raises(DataFailed, match="a right cell came first"):
        require(result)


def test_where_nothing_is_offered_the_cause_is_not_known(warehouse, planted):
    offer_what_was_planted(warehouse, planted)
    change(warehouse, "delete from quality.suspect_cells")
    total = score(warehouse, planted).total
    assert total["not_known"] == total["visible"]
    assert total["accused"] == 0


def test_a_copied_table_is_told_by_its_kind_and_not_by_its_values(warehouse, planted):
    offer_what_was_planted(warehouse, planted)
    change(
        warehouse,
        """
        delete from quality.suspect_cells where kind <> 'table_of_last_year';
        update quality.suspect_cells set implied_value = null;
        insert into quality.suspect_cells
        select distinct on (hypothesis_id) * replace ('the same by chance' as line_code)
        from quality.suspect_cells
        """,
    )
    (row,) = [row for row in score(warehouse, planted).kinds if row["kind"] == "table_of_last_year"]
    assert row["first"] == row["visible"] > 0
    assert row["accused"] == 0
    change(warehouse, "update quality.suspect_cells set kind = 'cumulative'")
    total = score(warehouse, planted).total
    assert total["first"] == 0
    assert total["accused"] == row["visible"]


def test_what_is_missing_is_named(warehouse, planted, tmp_path):
    with pytest.raises(WrongCall, match=r"none\.duckdb is not there"):
        score(tmp_path / "none.duckdb", planted)
    with pytest.raises(WrongCall, match=r"faults\.parquet is not there"):
        score(warehouse, tmp_path)
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(WrongCall, match="no warehouse"):
        score(empty, planted)


def test_the_command_line_prints_tables_and_writes_json(warehouse, planted, tmp_path):
    file = tmp_path / "score.json"
    done = CliRunner().invoke(
        app, ["score", str(warehouse), str(planted), "--json", str(file)], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert "total_left_zero" in done.stdout
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["total"]["recall"] == 1.0
    assert {row["kind"] for row in written["kinds"]} == set(KINDS)
