"""What landing takes for a value is what the warehouse reads, and is told in one walk."""

import re
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from gouji.audit.tables import compare, read_tables
from gouji.landing.printed_words import NUMBER
from gouji.landing.vocabulary import Form, load_form
from gouji.raw_tables import APPLICANT_COLUMNS, RESULT_COLUMNS
from gouji.synthetic.numbers import read_number

ROOT = Path(__file__).parents[2]
MODEL = next((ROOT / "models" / "intermediate").rglob("int_printed_numbers.yml"))
STATUSES = ("count_status", "change_status", "amount_status")


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


def spellings() -> list[tuple[str, set[str]]]:
    """The spellings of the model's unit test, which dbt holds the SQL to, with their statuses."""
    return [(row["printed"], {row[s] for s in STATUSES}) for row in rows()]


def test_a_value_is_what_the_warehouse_reads(form: Form) -> None:
    said = spellings()
    assert len(said) > 80
    for printed, statuses in said:
        is_read = bool(statuses & {"reported", "not_applicable"})
        assert form.is_value(printed) is is_read, printed


def rows() -> list[dict[str, Any]]:
    (test,) = yaml.safe_load(MODEL.read_text(encoding="utf-8"))["unit_tests"]
    return list(test["expect"]["rows"])


def test_digits_are_read_by_one_pattern() -> None:
    """By landing and the model, and by the second reading of the synthetic reports."""
    assert NUMBER.replace("(?:", "(") in MODEL.with_suffix(".sql").read_text(encoding="utf-8")
    digits = [row for row in rows() if re.fullmatch(r"[+-]?[0-9.,]+", row["printed"])]
    assert {"05", "010", "1234567890123456", "3.0"} <= {row["printed"] for row in digits}
    for row in digits:
        reading = read_number(row["printed"])
        assert reading.status == row["amount_status"], row["printed"]
        assert reading.value == (
            None if row["amount_number"] is None else Decimal(str(row["amount_number"]))
        ), row["printed"]


def test_the_gate_reads_digits_as_dbt_does() -> None:
    """What dbt is held to passes the gate's own reading; with one value changed it does not."""
    expectations = ROOT / "expectations"
    tables = {table.name: table for table in read_tables(expectations, date(2026, 1, 1))}
    table = tables["intermediate.int_printed_numbers"]
    with duckdb.connect() as connection:
        connection.execute(
            "create schema intermediate; create table intermediate.int_printed_numbers ("
            "printed varchar, meaning varchar, remark varchar, printed_unit varchar,"
            " unit_factor integer, count_value bigint, change_value bigint,"
            " amount_number decimal(38, 8), count_status varchar, change_status varchar,"
            " amount_status varchar)"
        )
        columns = [name for name in rows()[0] if name != "meaning"]
        places = ", ".join("?" * len(columns))
        connection.executemany(
            f"insert into intermediate.int_printed_numbers ({', '.join(columns)})"
            f" values ({places})",
            [[row[name] for name in columns] for row in rows()],
        )
        connection.execute(
            "create schema raw; create schema stewardship;"
            " create table raw.raw_disclosures as"
            " select printed from intermediate.int_printed_numbers;"
            " create table raw.raw_narrative_figures (printed varchar);"
            " create table raw.raw_statistics (printed varchar);"
            " create table stewardship.corrections (corrected varchar)"
        )
        for name, places_of in (("requests", APPLICANT_COLUMNS), ("reviews", RESULT_COLUMNS)):
            texts = ", ".join(f"{column} varchar" for column in places_of)
            connection.execute(f"create table raw.raw_{name} ({texts})")
        assert compare(connection, table).passed
        connection.execute(
            "update intermediate.int_printed_numbers set count_value = 21 where printed = '12'"
        )
        assert compare(connection, table).failing == 1


@pytest.mark.parametrize("text", ["1011①", "1011¹", "007", "增", "7700余", "1" * 16, "20 155"])
def test_what_the_warehouse_cannot_read_is_no_value(form: Form, text: str) -> None:
    assert not form.is_value(text)


PATTERNS = [
    "-",
    "－",
    "+-",
    "1批次批次",
    "增减",
    "(",
    "1(",
    "十百",
    "1,",
    "1.",
    " -",
    "件次",
    "￥¥",
]


@pytest.mark.parametrize("piece", PATTERNS)
def test_a_long_cell_takes_no_longer_than_its_length(form: Form, piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = 9.0
        for _ in range(3):
            started = time.perf_counter()
            for _ in range(20):
                form.is_value(text)
                form.values.is_like_a_value(text)
                form._word(text)
            best = min(best, time.perf_counter() - started)
        return best

    # Ten times the text: ten times the time, not a hundred times; with room for a busy machine.
    assert seconds(500) < 40 * seconds(50) + 0.01
    assert seconds(20_000) < 60 * seconds(2_000) + 0.05
