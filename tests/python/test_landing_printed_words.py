"""What landing takes for a value is what the warehouse reads, and is told in one walk."""

import time
from pathlib import Path

import pytest
import yaml

from gouji.landing.vocabulary import Form, load_form

ROOT = Path(__file__).parents[2]
MODEL = next((ROOT / "models" / "intermediate").rglob("int_printed_numbers.yml"))
STATUSES = ("count_status", "change_status", "amount_status")


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


def spellings() -> list[tuple[str, set[str]]]:
    """The spellings of the model's unit test, which dbt holds the SQL to, with their statuses."""
    (test,) = yaml.safe_load(MODEL.read_text(encoding="utf-8"))["unit_tests"]
    return [(row["printed"], {row[s] for s in STATUSES}) for row in test["expect"]["rows"]]


def test_a_value_is_what_the_warehouse_reads(form: Form) -> None:
    said = spellings()
    assert len(said) > 80
    for printed, statuses in said:
        is_read = bool(statuses & {"reported", "not_applicable"})
        assert form.is_value(printed) is is_read, printed


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
