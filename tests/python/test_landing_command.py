"""The command `gouji land`: its results for people and for programs, and how it ends."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from gouji.errors import WrongCall
from gouji.landing.checks import Identities
from gouji.landing.command import land
from gouji.landing.form import recognise
from gouji.landing.read import read_document
from gouji.landing.store import only_one
from gouji.landing.vocabulary import load_form
from identity_shapes import SHAPES, add_rows, identity_row, term_rows
from landing_documents import made_up, write

ROOT = Path(__file__).parents[2]
app = typer.Typer()
app.command()(land)
runner = CliRunner()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "seeds" / "reference", folder / "seeds" / "reference")
    (folder / "dbt_project.yml").write_text("name: small\n", encoding="utf-8")
    return folder


@pytest.fixture
def page(tmp_path: Path) -> Path:
    truth = made_up(load_form(ROOT / "seeds" / "reference"), 7)
    truth.title = "吴忠市科学技术局2023年政府信息公开工作年度报告"
    truth.requests["new_requests"] = ["1", "0", "0", "0", "0", "0", "2"]
    folder = tmp_path / "documents"
    folder.mkdir()
    path = folder / "report.html"
    path.write_bytes(write(truth, load_form(ROOT / "seeds" / "reference"), "html", "clean"))
    return path


def test_landing_a_folder(project: Path, page: Path, tmp_path: Path) -> None:
    (page.parent / "notes.bin").write_bytes(b"PK")
    out = tmp_path / "results.json"
    done = runner.invoke(app, [str(page.parent), "--project", str(project), "--report", str(out)])
    assert done.exit_code == 0, done.output
    assert "1 landed, 0 revised, 0 unchanged, 0 refused" in done.output
    assert "Passed over" in done.output
    result, aside = json.loads(out.read_text(encoding="utf-8"))
    assert aside["status"] == "left aside"
    assert result["report_id"] == "640300-keji-2023"
    assert "requests.applicants in new_requests: +1" in result["broken_identities"]
    again = runner.invoke(app, [str(page), "--project", str(project)])
    assert "1 unchanged" in again.output
    assert (project / "seeds" / "raw" / "raw_reports.csv").exists()


KINDS = ("read", "blank", "marked", "unclear")


def test_cells_are_counted_as_what_they_are(project: Path, page: Path, tmp_path: Path) -> None:
    """A blank is counted as read and named; a cell that is marked, or says no value, is not."""
    out = tmp_path / "results.json"
    call = [str(page), "--project", str(project), "--report", str(out)]
    form = load_form(ROOT / "seeds" / "reference")
    truth = made_up(form, 7)
    truth.title = "吴忠市科学技术局2023年政府信息公开工作年度报告"
    truth.requests["new_requests"] = ["987654"] * 7
    markup = write(truth, form, "html", "clean").decode()
    counts = []
    for cells in (("",) * 0, ("", ""), ("", '<img src="seven.png">'), ("?", "？", "待定")):
        changed = markup
        for cell in cells:
            changed = changed.replace("987654", cell, 1)
        page.write_text(changed, encoding="utf-8")
        said = runner.invoke(app, call).output
        (result,) = json.loads(out.read_text(encoding="utf-8"))
        counts.append([result[f"cells_{kind}"] for kind in KINDS])
        read, blank, marked, unclear = counts[-1]
        assert f"{read} cells read" + (f", {blank} of them blank" if blank else "") in said
        assert (f"; {marked} marked" in said) == (marked > 0)
        assert (f"; {unclear} printed as no value" in said) == (unclear > 0)
    read, blank, marked, _ = counts[0]
    assert counts[1:] == [
        [read, blank + 2, marked, 0],
        [read - 1, blank + 1, marked + 1, 0],
        [read - 3, blank, marked, 3],
    ]


def test_a_refusal_ends_with_two(project: Path, page: Path) -> None:
    (page.parent / "bad.html").write_text("<p>没有表格</p>", encoding="utf-8")
    pattern = str(page.parent / "*.html")
    done = runner.invoke(app, [pattern, "--project", str(project), "--to", str(project / "to")])
    assert done.exit_code == 2
    assert "1 landed" in done.output
    assert "Refused" in done.output
    assert list((project / "to" / "raw_requests").glob("report_year=2023/*.parquet"))


def test_wrong_calls(project: Path, tmp_path: Path) -> None:
    missing = runner.invoke(app, [str(tmp_path / "nothing.html"), "--project", str(project)])
    assert isinstance(missing.exception, WrongCall)
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = runner.invoke(app, [str(empty), "--project", str(project)])
    assert isinstance(nothing.exception, WrongCall)


def test_results_that_could_not_be_written(project: Path, page: Path) -> None:
    for out in (project / "nodir" / "r.json", project):
        done = runner.invoke(app, [str(page), "--project", str(project), "--report", str(out)])
        assert isinstance(done.exception, WrongCall)
        assert str(out) in str(done.exception)
        assert not (project / "seeds" / "raw").exists()


def test_one_landing_at_a_time(project: Path, page: Path) -> None:
    with only_one(project / "seeds" / "raw"):
        done = runner.invoke(app, [str(page), "--project", str(project)])
    assert isinstance(done.exception, WrongCall)
    assert "another landing" in str(done.exception)
    assert not list((project / "seeds" / "raw").iterdir())


def test_identities_look_at_plain_numbers_only(page: Path) -> None:
    form = load_form(ROOT / "seeds" / "reference")
    reading = recognise(read_document(page.read_bytes(), ".html"), form)
    identities = Identities(ROOT / "seeds" / "reference")
    assert "requests.applicants in new_requests: +1" in identities.broken(reading, form)
    line = reading.requests["new_requests"]
    line.printed = (line.printed[0], "", *line.printed[2:])
    assert not [one for one in identities.broken(reading, form) if one.endswith("new_requests: +1")]


def test_a_whole_beside_its_parts_is_counted_once(page: Path) -> None:
    form = load_form(ROOT / "seeds" / "reference")
    reading = recognise(read_document(page.read_bytes(), ".html"), form)
    identities = Identities(ROOT / "seeds" / "reference")
    before = identities.broken(reading, form)
    like = reading.requests["total_processed"]
    for line in ("other_processing", *form.split_lines):
        reading.requests.pop(line, None)
    for line, printed in (("other_no_correction", "2"), ("other_other", "3")):
        reading.requests[line] = replace(like, printed=(printed,) * 7)
    parts = _outcomes(identities.broken(reading, form))
    reading.requests["other_processing"] = replace(like, printed=("5",) * 7)
    assert _outcomes(identities.broken(reading, form)) == parts
    for line in form.split_lines:
        reading.requests.pop(line, None)
    assert _outcomes(identities.broken(reading, form)) == parts
    assert before != parts  # the identity was looked at


def _outcomes(broken: list[str]) -> list[str]:
    return [one for one in broken if one.startswith("requests.outcomes")]


def test_a_text_of_many_digits_is_no_number(page: Path) -> None:
    form = load_form(ROOT / "seeds" / "reference")
    reading = recognise(read_document(page.read_bytes(), ".html"), form)
    identities = Identities(ROOT / "seeds" / "reference")
    line = reading.requests["new_requests"]
    line.printed = ("1" * 18, *line.printed[1:])
    assert f"requests.applicants in new_requests: {2 - int('1' * 18)}" in identities.broken(
        reading, form
    )
    line.printed = ("1" * 19, *line.printed[1:])
    assert not [one for one in identities.broken(reading, form) if " new_requests:" in one]


def test_identities_of_any_shape_are_looked_at(page: Path, tmp_path: Path) -> None:
    reference = Path(shutil.copytree(ROOT / "seeds" / "reference", tmp_path / "reference"))
    add_rows(reference / "identities.csv", [identity_row(shape) for shape in SHAPES])
    add_rows(reference / "identity_terms.csv", [row for s in SHAPES for row in term_rows(s)])
    form = load_form(reference)
    reading = recognise(read_document(page.read_bytes(), ".html"), form)
    for line, first in (("granted", 3), ("partially_granted", 1)):
        reading.requests[line] = replace(reading.requests[line], printed=(str(first),) * 7)
    reading.reviews["review"] = replace(reading.reviews["review"], printed=("7",) * 5)
    reading.reviews["litigation_direct"] = replace(reading.reviews["review"], printed=("2",) * 5)
    broken = Identities(reference).broken(reading, form)
    assert {
        "shape.requests.all.beside in all: +2",
        "shape.requests.column.beside in natural_person: +2",
        "shape.reviews.all.beside in all: +5",
        "shape.reviews.column.beside in upheld: +5",
        "shape.reviews.all.beside.requests in all: +4",
    } <= set(broken)
