"""The soak sees what it is there to see; with `GOUJI_FULL_TESTS=1` a short one runs too.

The whole of it is `make soak`; what it does and found is in docs/reliability.md.
"""

import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT))

from benchmarks.soak.__main__ import begun
from benchmarks.soak.acts import Wrong
from benchmarks.soak.compare import FACT_TABLES, Published, compare
from benchmarks.soak.course import check_readers, reading
from benchmarks.soak.model import REASONS, Model
from benchmarks.soak.place import Place, disk
from benchmarks.soak.readers import Mixed, facts_of

KINDS = ("bad file", "full disk", "killed", "clock back")
BODY, GRANTED = "某局", ("requests", "granted", "natural_person")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
# What a small build holds: two cells of table 三, one of them a total, and an open break.
TABLES = {
    "marts.dim_report": f"select 'a-2024' as report_id, '{BODY}' as agency_name,"
    " 2024 as report_year, 1 as revision, true as is_current",
    "marts.printed_cells": "select 'a-2024' as report_id, 'requests' as form_table, 'granted' as"
    " line_code, unnest(['natural_person', 'total']) as column_code, unnest(['3', '4']) as printed",
    "marts.fct_requests": "select 'a-2024' as report_id, 'granted' as line_code, 'natural_person'"
    " as applicant_type, 3 as value, 3 as reported_value, 'reported' as value_status",
    "marts.fct_review_litigation": "select '' as report_id, '' as channel, '' as result, 0 as value"
    ", 0 as reported_value, '' as value_status where false",
    "marts.fct_published_items": "select '' as report_id, '' as line_code, '' as measure_code, 0 as"
    " value, 0 as reported_value, '' as value_status where false",
    "quality.fct_identity_checks": "select 'a-2024' as report_id, 'requests.applicants' as"
    " identity_id, 'granted' as slice, 'broken' as status, false as is_acknowledged",
    "quality.issues": "select report_id, identity_id, slice from quality.fct_identity_checks",
}
RUN = {
    "published_at": NOW,
    "input_sha256": "0" * 64,
    **dict.fromkeys(("reports", "request_rows", "identity_checks", "broken_checks"), 1),
    **dict.fromkeys(("review_rows", "published_item_rows", "acknowledged_checks"), 0),
    **dict.fromkeys(("issues_closed", "issues_still_open"), 0),
    "issues_opened": 1,
    **{f"values_{why}": int(why == "landed") for why in REASONS},
}


@pytest.fixture
def model() -> Model:
    model = Model()
    model.land(BODY, 2024, {GRANTED: "3", (*GRANTED[:2], "total"): "4"})
    return model


def write(folder: Path, *changes: str, runs: tuple[dict[str, object], ...] = (RUN,)) -> Path:
    """Write a build, changed in some way."""
    (folder / "parquet").mkdir(parents=True)
    with duckdb.connect(str(folder / "gouji.duckdb")) as connection:
        connection.execute("create schema marts; create schema quality")
        for table, query in TABLES.items():
            connection.execute(f"create table {table} as {query}")
        for change in changes:
            connection.execute(change)
        kinds = ", ".join(
            f"{name} {'timestamptz' if name == 'published_at' else 'bigint'}"
            for name in RUN
            if name != "input_sha256"
        )
        connection.execute(f"create table quality.run_history ({kinds}, input_sha256 varchar)")
        for run in runs:
            names, places = ", ".join(run), ", ".join("?" * len(run))
            connection.execute(
                f"insert into quality.run_history ({names}) values ({places})", [*run.values()]
            )
        for name in ("printed_cells", "dim_report", *FACT_TABLES):
            connection.execute(f"copy marts.{name} to '{folder}/parquet/{name}.parquet'")
    return folder


def test_a_build_that_is_right_passes(tmp_path: Path, model: Model) -> None:
    after, wrong = compare(write(tmp_path / "first"), model, Published())
    assert wrong == []
    second = RUN | {"published_at": NOW + timedelta(1), "issues_opened": 0, "issues_still_open": 1}
    second |= {"values_landed": 0, "values_corrected": 1}
    model.corrections[(BODY, 2024, 1), GRANTED] = "4"
    changed = "update marts.fct_requests set value = 4"
    assert compare(write(tmp_path / "second", changed, runs=(RUN, second)), model, after)[1] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("delete from marts.printed_cells where column_code = 'total'", "printed: 1 rows lost"),
        ("insert into marts.printed_cells from marts.printed_cells", "printed: 2 rows not landed"),
        ("update marts.printed_cells set printed = '5'", "printed: 2 rows lost"),
        ("update marts.fct_requests set value = 0", "facts: 1 rows lost"),
        ("update marts.fct_requests set value_status = 'blank'", "facts: 1 rows lost"),
        ("insert into marts.fct_requests from marts.fct_requests", "facts: 1 rows not landed"),
        ("update quality.fct_identity_checks set is_acknowledged = true", "ledger: 1 rows not"),
        ("delete from quality.issues", "history: issues_opened is 1, and not 0"),
        ("update quality.fct_identity_checks set status = 'holds'", "history: broken_checks is 1"),
    ],
)
def test_a_build_that_is_wrong_is_seen(
    tmp_path: Path, model: Model, change: str, said: str
) -> None:
    wrong = compare(write(tmp_path / "build", change), model, Published())[1]
    assert any(one.startswith(said) for one in wrong), wrong


@pytest.mark.parametrize("wrong_run", [{"values_landed": 2}, {"reports": 0}, {"request_rows": 7}])
def test_a_wrong_row_of_the_history_is_seen(
    tmp_path: Path, model: Model, wrong_run: dict[str, object]
) -> None:
    build = write(tmp_path / "build", runs=(RUN | wrong_run,))
    ((said,), name) = (compare(build, model, Published())[1], next(iter(wrong_run)))
    assert said.startswith(f"history: {name} is {wrong_run[name]}")


def test_a_row_of_the_history_that_is_gone_is_seen(tmp_path: Path, model: Model) -> None:
    before = Published(runs=[RUN], state=model.state())
    assert "history: 1 rows, and not the 1 of before and one more" in str(
        compare(write(tmp_path / "build"), model, before)[1]
    )


@pytest.mark.parametrize(
    "change",
    [
        "insert into marts.fct_requests from marts.fct_requests",
        "delete from quality.fct_identity_checks",
    ],
)
def test_a_read_of_two_builds_is_seen(tmp_path: Path, change: str) -> None:
    for name, changes in (("one", ()), ("mixed", (change,))):
        with duckdb.connect(str(write(tmp_path / name, *changes) / "gouji.duckdb")) as connection:
            if changes:
                with pytest.raises(Mixed):
                    facts_of(connection, str)
            else:
                assert facts_of(connection, str)["build"] == ["2026-01-01T00:00:00Z", "0" * 64, 1]


def test_a_build_that_readers_saw_was_published(tmp_path: Path, model: Model) -> None:
    published = compare(write(tmp_path / "build"), model, Published())[0]
    course: Any = SimpleNamespace(acts=SimpleNamespace(published=published))
    for made_from in ("0" * 64, "1" * 64):
        seen = {("2026-01-01T00:00:00Z", made_from): {"one look"}}
        readers: Any = SimpleNamespace(failed=list, end=dict, builds=partial(dict, seen))
        with nullcontext() if made_from[0] == "0" else pytest.raises(Wrong, match="never pub"):
            check_readers(readers, course)


def test_a_revision_takes_the_place_of_what_was_corrected(model: Model) -> None:
    model.corrections[(BODY, 2024, 1), GRANTED] = "9"
    before = model.state()
    assert before.facts[BODY, 2024, *GRANTED] == (Decimal(9), "reported")
    model.land(BODY, 2024, {GRANTED: ""})
    assert model.state().facts == {(BODY, 2024, *GRANTED): (None, "blank")}
    assert model.state().changes(before) == {"revised": 1}


def test_a_correction_follows_its_report_while_the_same_is_printed(model: Model) -> None:
    model.corrections[(BODY, 2024, 1), GRANTED] = "9"
    assert model.follow(model.land(BODY, 2024, {GRANTED: "3"})) == set()
    assert model.state().facts == {(BODY, 2024, *GRANTED): (Decimal(9), "reported")}
    assert model.follow(model.land(BODY, 2024, {GRANTED: "5"})) == {GRANTED}
    assert model.state().facts == {(BODY, 2024, *GRANTED): (Decimal(5), "reported")}


@pytest.mark.skipif(
    "GOUJI_FULL_TESTS" not in os.environ,
    reason="a build of the real models takes half a minute: GOUJI_FULL_TESTS=1, as each morning",
)
def test_readers_read_one_build_whatever_happens(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    with disk(tmp_path / "disk") as is_disk:
        course = begun(Place(tmp_path / "disk" / "place", is_disk), 6, tell)
        with reading(course.acts.place.warehouse.root, tmp_path) as readers:
            for kind in KINDS:
                course.one(kind)
            reads = check_readers(readers, course)
    assert course.counts["published"] >= 2
    assert min(reads.values()) > 0
