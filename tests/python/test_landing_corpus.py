"""Real documents land cell by cell as their figures were read by hand, or are refused."""

import csv
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from gouji.landing.form import recognise
from gouji.landing.grid import Refused
from gouji.landing.land import LANDED, REFUSED, UNCHANGED, land_documents
from gouji.landing.narrative import figures_in
from gouji.landing.read import read_document
from gouji.landing.read_report import Options
from gouji.landing.reading import Reading
from gouji.landing.store import RawTables
from gouji.landing.vocabulary import Form, load_form

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
CORPUS = Path(os.environ.get("GOUJI_CORPUS", ROOT.parent / "shared" / "corpus"))
RUN_TOGETHER = ("pingtan-2021-run-together.txt", "pingtan-caizheng-2021-run-together.txt")
NO_SUCH_PLACE = "hangzhou-2025.html"  # published by others under a name that no region bears

Cells = dict[tuple[str, str, str], str]


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(REFERENCE)


@pytest.fixture(scope="module")
def corpus() -> Path:
    if not (CORPUS / "documents").is_dir():
        pytest.skip(f"no published documents in {CORPUS}: their figures cannot be compared")
    return CORPUS


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(corpus: Path, form: Form) -> dict[str, Cells]:
    """The figures read by hand: report -> (form table, line, column) -> printed text."""
    found: dict[str, Cells] = {}
    folder = corpus / "figures"
    for row in rows(folder / "disclosures.csv"):
        cells = found.setdefault(row["report_id"], {})
        cells["disclosures", row["line_code"], row["measure_code"]] = row["printed"]
    for row in rows(folder / "requests.csv"):
        cells = found.setdefault(row["report_id"], {})
        for order, name in enumerate(form.applicants):
            cells["requests", row["line_code"], str(order)] = row[name]
    for row in rows(folder / "reviews.csv"):
        cells = found.setdefault(row["report_id"], {})
        for order, name in enumerate(form.results):
            cells["reviews", row["channel"], str(order)] = row[name]
    return found


def compare(reading: Reading, truth: Cells) -> Counter[str]:
    """How many cells are right, marked and wrong; absent where the truth has one is wrong."""
    got = {(table, line, column): cell for table, line, column, cell in reading.cells()}
    count: Counter[str] = Counter()
    for key in got.keys() | truth.keys():
        cell = got.get(key)
        if cell is not None and cell.mark:
            count["marked"] += 1
        elif cell is not None and cell.printed == truth.get(key):
            count["right"] += 1
        else:
            count["wrong"] += 1
    return count


def test_documents_equal_their_figures(
    corpus: Path, form: Form, tell: Callable[[str], None]
) -> None:
    truth = figures(corpus, form)
    names = {
        row["document"]: row["report_id"]
        for row in rows(corpus / "figures" / "reports.csv")
        if row["document"]
    }
    total: Counter[str] = Counter()
    for path in sorted((corpus / "documents").iterdir()):
        if path.name in RUN_TOGETHER:
            with pytest.raises(Refused, match="run together"):
                recognise(read_document(path.read_bytes(), path.suffix), form)
            total["refused"] += 1
            continue
        reading = recognise(read_document(path.read_bytes(), path.suffix), form)
        count = compare(reading, truth[names[path.name]])
        tell(f"{path.name}: {dict(count)}")
        assert count["marked"] == 0, path.name
        total += count
    tell(f"all documents: {dict(total)}")
    assert total["wrong"] == 0
    assert total["right"] > 1500


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def documents(corpus: Path, tmp_path: Path) -> list[Path]:
    """A copy of the documents: evidence is written beside each, and theirs is not our folder."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for path in (corpus / "documents").iterdir():
        shutil.copyfile(path, folder / path.name)
    return sorted(folder.iterdir())


def test_documents_land_under_their_names(documents: list[Path], empty_project: Path) -> None:
    tables = RawTables(empty_project)
    paths = documents
    proposals = empty_project.parent / "proposed.csv"
    results = land_documents(paths, tables, Options(REFERENCE), workers=2, proposals=proposals)
    refused = {Path(r.document).name for r in results if r.status == REFUSED}
    assert refused == {*RUN_TOGETHER, NO_SUCH_PLACE}
    reasons = {Path(r.document).name: r.reason for r in results if r.status == REFUSED}
    assert all("run together" in reasons[name] for name in RUN_TOGETHER)
    assert reasons[NO_SUCH_PLACE].startswith("no agency and no region is called 测试市")
    (proposed,) = rows(empty_project.parent / "proposed.csv")
    assert proposed["agency_name"] == "测试市"
    assert not proposed["region_code"]
    landed = {row["report_id"]: row for row in rows(empty_project / "raw_reports.csv")}
    seeds = {row["report_id"]: row for row in rows(ROOT / "seeds" / "raw" / "raw_reports.csv")}
    for report_id, row in landed.items():
        for column in ("agency_id", "agency_name", "report_year", "layout", "title"):
            assert row[column] == seeds[report_id][column]
        for column in ("published_on", "source_url", "source_sha256"):
            assert row[column] == seeds[report_id][column]
    for table in ("raw_disclosures", "raw_requests", "raw_reviews"):
        expected = [
            row
            for row in rows(ROOT / "seeds" / "raw" / f"{table}.csv")
            if row["report_id"] in landed
        ]
        assert rows(empty_project / f"{table}.csv") == expected
    figures_of_prose = {
        (row["report_id"], row["figure_code"], row["printed"])
        for row in rows(empty_project / "raw_narrative_figures.csv")
    }
    for row in rows(ROOT / "seeds" / "raw" / "raw_narrative_figures.csv"):
        if row["report_id"] in landed:
            assert (row["report_id"], row["figure_code"], row["printed"]) in figures_of_prose


def test_landing_again_changes_nothing(documents: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    before = {}
    for path in (ROOT / "seeds" / "raw").glob("*.csv"):
        before[path.name] = path.read_bytes()
        (folder / path.name).write_bytes(before[path.name])
    # those before 2019 have other documents
    known = {
        row["source_sha256"]
        for row in rows(folder / "raw_reports.csv")
        if row["report_year"] >= "2019"
    } - {""}
    results = land_documents(documents, RawTables(folder), Options(REFERENCE), workers=1)
    assert sum(result.status == UNCHANGED for result in results) == len(known)
    assert not [result for result in results if result.status == LANDED]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


# What the excerpts hold: cells read, cells marked.  The marked are a row in which a text copy
# left blank cells out, headings printed twice, and a row with a value too few.
EXCERPTS_READ = {
    "上海市黄浦区打浦桥街道-2025.txt": (28, 0),
    "大余县交通运输局(镜像站)-2019.txt": (50, 0),
    "岳阳市南湖新区某局-2019.txt": (22, 28),
    "康乐县上湾乡-2019.txt": (18, 4),
    "旺苍县林业局-2019.txt": (20, 2),
    "得荣县卫生健康局-2019.txt": (22, 7),
}


def test_excerpts_land_what_they_hold(corpus: Path, form: Form) -> None:
    read = marked = 0
    for path in sorted((corpus / "excerpts").iterdir()):
        text = path.read_text(encoding="utf-8").split("# ----\n", 1)[1]
        if "|" not in text and "规章\n" not in text:
            with pytest.raises(Refused, match="no table"):
                recognise(read_document(text.encode(), ".txt"), form)
            continue
        reading = recognise(read_document(text.encode(), ".txt"), form)
        own = reading.held() - reading.marked(), reading.marked()
        read, marked = read + own[0], marked + own[1]
        assert any("absent" in note for note in reading.notes), path.name
        if path.name in EXCERPTS_READ:
            assert own == EXCERPTS_READ[path.name], path.name
    assert read >= 830
    assert marked <= 50


def test_figures_of_the_prose(corpus: Path, tell: Callable[[str], None]) -> None:
    """Precision and recall; the file lists what its readers chose, so the floor is below 1."""
    expected: dict[str, set[tuple[str, str]]] = {}
    found: dict[str, dict[str, set[str]]] = {}
    sentences = {
        (row["report_id"], row["sentence"]): None
        for row in rows(corpus / "figures" / "narrative.csv")
    }
    for row in rows(corpus / "figures" / "narrative.csv"):
        printed = row["printed"].replace(" ", "")
        expected.setdefault(row["report_id"], set()).add((row["figure"], printed))
    for report_id, text in sentences:
        for sentence in text.replace("；", "。").split("。"):
            for code, printed in figures_in(sentence):
                found.setdefault(report_id, {}).setdefault(code, set()).add(printed)
    right = claimed = 0
    for report_id, codes in found.items():
        certain = {(code, next(iter(said))) for code, said in codes.items() if len(said) == 1}
        claimed += len(certain)
        right += len(certain & expected[report_id])
    listed = sum(len(figures) for figures in expected.values())
    tell(f"figures of the prose: precision {right / claimed:.3f}, recall {right / listed:.3f}")
    assert right / claimed >= 0.95
    assert right / listed >= 0.9
