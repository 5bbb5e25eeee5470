"""A report written out in six formats and three styles lands to the same cells."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing.form import recognise
from gouji.landing.read import read_document
from gouji.landing.vocabulary import Form, load_form
from landing_documents import FORMATS, STYLES, Truth, made_up, read_truths, write

ROOT = Path(__file__).parents[2]
FULL = bool(os.environ.get("GOUJI_FULL_TESTS"))
# All real reports and 500 made-up ones take minutes: `GOUJI_FULL_TESTS=1`.
REAL, MADE_UP = (None, 500) if FULL else (6, 6)


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(ROOT / "seeds" / "reference")


@pytest.fixture(scope="module")
def truths(form: Form) -> dict[str, Truth]:
    real = list(read_truths(ROOT / "seeds" / "raw").items())
    step = max(1, len(real) // REAL) if REAL else 1
    return dict(real[::step]) | {f"made up {i}": made_up(form, i) for i in range(MADE_UP)}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", FORMATS)
def test_round_trip(kind: str, style: str, form: Form, truths: dict[str, Truth]) -> None:
    for number, (name, truth) in enumerate(truths.items()):
        document = write(truth, form, kind, style, seed=number)
        reading = recognise(read_document(document, f".{kind}"), form)
        assert reading.layout == truth.layout, name
        disclosures = {key: cell.printed for key, cell in reading.disclosures.items()}
        requests = {line: [c.printed for c in row] for line, row in reading.requests.items()}
        reviews = {line: [c.printed for c in row] for line, row in reading.reviews.items()}
        assert disclosures == truth.disclosures, name
        assert requests == truth.requests, name
        assert reviews == truth.reviews, name
        assert not reading.marked(), name
