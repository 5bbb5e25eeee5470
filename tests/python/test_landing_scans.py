"""Scans: read where the extra `ocr` is installed, else refused; no cell is wrong but marked."""

import csv
import io
import sys
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))

from gouji.landing import scan_engine
from gouji.landing.checks import Identities
from gouji.landing.form.scanned import with_labels
from gouji.landing.grid import Document, IsScan, RawCell, Refused, build_table
from gouji.landing.land import LANDED, land_documents
from gouji.landing.provenance import confidence
from gouji.landing.read import read_document
from gouji.landing.read_report import Options
from gouji.landing.reading import LineRead, Reading, line_read
from gouji.landing.scan_doubts import CERTAIN, DOUBT, NO_VALUE, doubt_broken, doubt_words
from gouji.landing.shown import Doubt
from gouji.landing.store import RawTables
from gouji.landing.vocabulary import Form, load_form
from landing_documents import Truth, parts, write_pdf

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
TITLE = "平潭综合实验区2023年政府信息公开工作年度报告"
NUMBERS = {  # of table 四; all that such engines confuse
    "review": ["1", "7", "0", "11", "19"],
    "litigation_direct": ["", "100", "1000", "0", "1100"],
    "litigation_after_review": ["0", "", "-", "/", "6"],
}

DISCLOSED = ("0", "3", "17", "171", "", "2088")  # in table 二, over and over


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(REFERENCE)


@pytest.fixture(scope="module")
def page(form: Form) -> Image.Image:
    """A page with tables 二 and 四, as a scanner gives it: askew, grey, with noise."""
    cells = [(line, m) for line in form.disclosure_lines["2021"] for m in form.cells["2021", line]]
    disclosed = dict(zip(cells, cycle(DISCLOSED), strict=False))
    disclosures, *_, reviews = parts(Truth("2021", TITLE, disclosed, {}, NUMBERS), form, "clean")
    pdf = write_pdf(TITLE, [disclosures, reviews], "clean", None)  # type: ignore[arg-type]
    with pypdfium2.PdfDocument(pdf) as opened:
        drawn = opened[0].render(scale=300 / 72).to_pil().convert("L")
    turned = np.array(drawn.rotate(-1, Image.Resampling.BICUBIC, fillcolor=255), float)
    noise = np.random.default_rng(7).normal(0, 6, turned.shape)
    return Image.fromarray((turned * 0.75 + 40 + noise).clip(0, 255).astype(np.uint8))


def packed(page: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    page.save(file, kind)
    return file.getvalue()


def test_without_being_asked_no_engine_reads(page: Image.Image) -> None:
    with pytest.raises(IsScan, match="a picture of a page"):
        read_document(packed(page), ".png")


def test_without_the_extra_a_scan_is_refused(
    page: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_engine, "find_spec", lambda _: None)
    for data, suffix in ((packed(page), ".png"), (packed(page.convert("RGB"), "PDF"), ".pdf")):
        with pytest.raises(Refused, match="the extra `ocr` reads: pip install"):
            read_document(data, suffix, with_ocr=True)


def test_a_scan_lands_with_its_evidence(page: Image.Image, tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")
    scan, raw = tmp_path / "scan.png", tmp_path / "seeds" / "raw"
    scan.write_bytes(packed(page))
    reference = tmp_path / "seeds" / "reference"
    reference.parent.mkdir()
    reference.symlink_to(REFERENCE)
    (tmp_path / "seeds" / "stewardship").mkdir()
    (result,) = land_documents([scan], RawTables(raw), Options(reference), workers=1)
    assert (result.status, result.reason) == (LANDED, "")
    tables = RawTables(raw)
    (report,) = tables.reports.values()
    landed = [cell for _, *row in report.rows["raw_reviews"] for cell in row]
    landed += [cell for _, _, cell in report.rows["raw_disclosures"]]
    wanted = [cell for row in NUMBERS.values() for cell in row]
    wanted += islice(cycle(DISCLOSED), len(landed) - len(wanted))
    assert [
        pair for pair in zip(landed, wanted, strict=True) if pair[0] not in ("?", pair[1])
    ] == []
    assert landed.count("?") <= len(landed) // 5
    sure = confidence(raw, report.report_id)
    assert sure
    assert all(0 < share <= 1 for share in sure.values())
    with (tmp_path / "seeds" / "stewardship" / "report_evidence.csv").open() as file:
        assert list(csv.reader(file)) == [["report_id", "evidence"], [report.report_id, "ocr"]]


def test_what_is_no_number_is_never_blank_or_read(page: Image.Image) -> None:
    """A seal over a cell, a stroke through a number, dust, a pen mark in a blank cell."""
    pytest.importorskip("rapidocr")
    from gouji.landing.read_scan import page_blocks  # noqa: PLC0415

    grid = Image.new("L", (2480, 700), 255)
    dots = np.array(grid)
    for at in range(5):
        dots[100:504, 200 + at * 400 : 204 + at * 400] = 0
        dots[100 + at * 100 : 104 + at * 100, 200:1804] = 0
    dots[150, 300:340] = 0  # a scratch: as thin as one dot
    dots[230:270, 300:340] = np.where(np.eye(40) > 0, 0, 255)  # a pen mark
    dots[340:362, 700:722] = 0  # a blot
    dots[444, 300] = 0  # dust
    (block,) = page_blocks(dots, 1)
    cells = [[(box.text, bool(box.doubt)) for box in row] for row in block.what.rows]  # type: ignore[union-attr]
    assert cells[0][0][1]
    assert cells[1][0][1]
    assert cells[2][1][1]
    assert cells[3] == [("", False)] * 4


@pytest.mark.parametrize("strike", [(340, 460), (240, 560), (202, 602)])
@pytest.mark.parametrize("height", [148, 155])
def test_a_struck_number_is_doubted(strike: tuple[int, int], height: int) -> None:
    """The strike may be as long as a rule, and reach from rule to rule."""
    pytest.importorskip("rapidocr")
    import cv2  # noqa: PLC0415 - of the extra

    from gouji.landing.read_scan import page_blocks  # noqa: PLC0415

    dots = np.full((700, 2480), 255, np.uint8)
    for at in range(3):
        dots[100:304, 200 + at * 400 : 204 + at * 400] = 0
        dots[100 + at * 100 : 104 + at * 100, 200:1004] = 0
    cv2.putText(dots, "27", (370, 167), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 3)
    cv2.putText(dots, "35", (770, 167), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 3)
    dots[height : height + 3, slice(*strike)] = 0
    (block,) = page_blocks(dots, 1)
    boxes = [box for row in block.what.rows for box in row]  # type: ignore[union-attr]
    assert [box.text for box in boxes if box.text and not box.doubt] == ["35"]
    assert any(box.doubt for box in boxes)


def test_an_underline_is_no_part_of_a_number() -> None:
    """But what is broken off the foot of a digit is, and what reaches not below all, or too low."""
    pytest.importorskip("rapidocr")
    import cv2  # noqa: PLC0415 - of the extra

    from gouji.landing.read_scan import page_blocks  # noqa: PLC0415

    dots = np.full((700, 2480), 255, np.uint8)
    for at in range(6):
        dots[100:304, 200 + at * 400 : 204 + at * 400] = 0
    for at in range(3):
        dots[100 + at * 100 : 104 + at * 100, 200:2204] = 0
    for at, text in enumerate(("27", "50", "35", "Z", "64")):
        cv2.putText(dots, text, (370 + 400 * at, 157), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 3)
    for at, (height, *across) in enumerate(((164, 366, 438), (170, 340, 500), (164, 366, 400))):
        dots[height : height + 3, 400 * at + across[0] : 400 * at + across[1]] = 0
    dots[150:152, 1560:1620] = 255  # the foot of a 2 of straight strokes is off: a 7 is left
    dots[185:188, 1960:2040] = 0
    (block,) = page_blocks(dots, 1)
    boxes = [(box.text, bool(box.doubt)) for box in block.what.rows[0]]  # type: ignore[union-attr]
    assert boxes[:2] == [("27", False), ("50", False)]
    assert [is_doubted for _, is_doubted in boxes[2:]] == [True] * 3


@pytest.mark.parametrize("apart", [-8, 5, 6, 7, 8, 12])
@pytest.mark.parametrize("stroke", ["a tall 1", "a strike", "a strike from rule to rule"])
def test_a_stroke_beside_a_rule_is_doubted(stroke: str, apart: int) -> None:
    """So close to a rule it may be taken for a part of it: its cell is not read without it."""
    pytest.importorskip("rapidocr")
    import cv2  # noqa: PLC0415 - of the extra

    from gouji.landing.read_scan import page_blocks  # noqa: PLC0415

    dots = np.full((500, 3508), 255, np.uint8)  # dots that are not brought to another scale
    for at in range(6):
        dots[100:404, 200 + at * 400 : 204 + at * 400] = 0
    for at in range(4):
        dots[100 + at * 100 : 104 + at * 100, 200:2204] = 0
    for at, text in enumerate(("27", "27", "35", "27")):
        cv2.putText(dots, text, (370 + 400 * at, 267), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 3)
    for left in (202, 1802):  # of a cell with a number and of a blank one
        across = left + apart if apart > 0 else left + 400 + apart
        down = 202 + apart if apart > 0 else 302 + apart
        if stroke == "a tall 1":
            dots[222:284, across - 2 : across + 2] = 0
        else:
            start, end = (100, 200) if stroke == "a strike" else (0, 400)
            dots[down - 1 : down + 2, left + start : left + end] = 0
    (block,) = page_blocks(dots, 1)
    number, _, plain, _, blank = block.what.rows[1]  # type: ignore[union-attr]
    assert (plain.text, bool(plain.doubt)) == ("35", False)
    for box, digits in ((number, "27"), (blank, "")):
        assert box.doubt or (stroke, box.text) == ("a tall 1", f"1{digits}")
    assert sum(bool(box.doubt) for row in block.what.rows for box in row) <= 4  # type: ignore[union-attr]


def test_identities_doubt_a_reading_and_make_none(form: Form) -> None:
    reading = Reading("2021")
    row = ("1", "2", "0", "0", "9")
    reading.reviews["review"] = line_read(row, "page 1 table 1, row 3", (2, 3, 4, 5, 6))
    unsure = {"page 1 table 1, row 3, cell 3": CERTAIN - 0.01}
    doubt_broken(reading, unsure, Identities(REFERENCE), form)
    found: LineRead = reading.reviews["review"]
    assert found.printed == ("1", "?", "0", "0", "9")
    assert [mark for mark in found.marks if mark] == [DOUBT]


def test_a_word_of_a_scan_is_no_value(form: Form) -> None:
    reading = Reading("2021")
    row = ("1", "工口", "", "/", "9")
    reading.reviews["review"] = line_read(row, "page 1 table 1, row 3", (2, 3, 4, 5, 6))
    doubt_words(reading, form)
    assert reading.reviews["review"].printed == ("1", "?", "", "/", "9")
    assert reading.reviews["review"].marks[1] == NO_VALUE


RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
UNREAD = RawCell("", flaw=Doubt.UNSURE)


def headings_read(own: list[RawCell], form: Form) -> list[str]:
    """The third channel's headings of table 四 in a scan, once labels are mended."""
    rest = [RawCell(text) for text in RESULTS * 2]
    channels = [RawCell(text, colspan=5) for text in ("行政复议", "直接起诉", "复议后起诉")]
    document = Document([build_table([channels, rest + own], "page 1 table 1")], is_scan=True)
    (table,) = with_labels(document, form).tables
    return list(table.rows[1].texts[10:])


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_result_is_known_by_its_place(at: int, form: Form) -> None:
    own = [RawCell(text) for text in RESULTS]
    for read in (UNREAD, RawCell(RESULTS[at][:2] + "吉" + RESULTS[at][3:])):
        seen = [*own[:at], read, *own[at + 1 :]]
        assert headings_read(seen, form) == list(RESULTS)
    both = [*own[:at], UNREAD, *own[at + 1 :]]
    both[3 - at] = RawCell("吉" + RESULTS[3 - at][1:])
    assert headings_read(both, form) == list(RESULTS)


@pytest.mark.parametrize(
    "seen",
    [
        ["结果维持", "", "其他结果", "总计", "尚未审结"],  # in another order
        ["结果维持", "其他吉果", "结果纠正", "尚未审结", "总计"],
        ["结果维持", "", "结果纠正", "尚未审结", "总计"],
        ["结果维持", "", "结果维持", "尚未审结", "总计"],  # one twice
        ["结果维持", "结果维正", "其他结果", "尚未审结", "总计"],  # a slip from two
        ["结果维持", "", "", "尚未审结", "总计"],  # which may have changed places
        ["结果维持", "结果纠正", "", "尚未审结"],  # of another number
        ["结果维持", "", "其他结果", "尚未审结", "总计", "总计"],
        ["结果维持", "撤诉", "其他结果", "尚未审结", "总计"],  # a word of its own
        ["0", "", "0", "0", "0"],
    ],
)
def test_no_result_is_guessed(seen: list[str], form: Form) -> None:
    assert headings_read([RawCell(text) if text else UNREAD for text in seen], form) == seen


def test_a_blank_heading_is_no_result(form: Form) -> None:
    seen = ["结果维持", "", "其他结果", "尚未审结", "总计"]
    assert headings_read([RawCell(text) for text in seen], form) == seen
