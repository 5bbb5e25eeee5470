"""One rule for a cell in every reader: a kind of thing in a cell, a reader, what is read of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import landing_cells as written
import landing_open_formats as written_open
from gouji.landing.read import read_document
from gouji.landing.read_old_office import find_office
from gouji.landing.shown import Doubt

ROOT = Path(__file__).parents[2]
READ = {  # what a person reads of a cell of each kind; a doubt where it cannot be told
    "note": "12",
    "note sign": "12",
    "struck": "12",
    "only struck": Doubt.STRUCK,
    "deleted": "12",
    "hidden": "12",
    "hidden by format": "",
    "tiny": "12",
    "faint": "12",
    "clipped": "12",
    "closed": "12",
    "fraction": Doubt.RAISED,
    "turned": Doubt.TURNED,
    "on its head": Doubt.TURNED,
    "masked": Doubt.MASKED,
    "moved": Doubt.MOVED,
    "styled": Doubt.STYLED,
    "two lines": "1 2",
    "two words": "1 2",
    "overlaid": Doubt.OVERLAID,
    "crossed": Doubt.OVERLAID,
    "on two levels": Doubt.OVERLAID,
    "link": "12",
    "see-through": "12",
    "in the ground": "12",
    "only in the ground": Doubt.FAINT,
    "whited out": "12",
    "only whited out": Doubt.FAINT,
    "clipped round": Doubt.OVER_EDGE,
    "clipped in part": Doubt.OVER_EDGE,
    "clipped through": Doubt.OVER_EDGE,
    "clipped below": Doubt.OVER_EDGE,
    "only clipped": Doubt.UNSEEN,
    "switched off": "12",
    "only switched off": Doubt.UNSEEN,
    "under a note": Doubt.PICTURE,
    "under a form": "12",
    "ruby": "12",
    "drawn twice": "12",
    "slanted": "12",
    "field in field": "12",
    "minus": "-2",
    "symbol minus": "-2",
    "thin space": "1036",
    "format": "8.5万",
    "percent": "1011%",
    "sign in colour": Doubt.FORMAT,
    "filling": Doubt.FORMAT,
    "date": Doubt.KIND,
    "formula": Doubt.FORMULA,
    "picture": Doubt.PICTURE,
    "field": Doubt.FIELD,
    "nested": Doubt.NESTED,
    "equation": Doubt.EQUATION,
    "symbol": Doubt.SYMBOL,
    "symbol font": Doubt.SYMBOL,
    "counted": Doubt.COUNTED,
    "wrapped": Doubt.WRAPPED,
    "over the edge": Doubt.OVER_EDGE,
    "note before": "12",
    "digit below": Doubt.OVERLAID,
    "first large": Doubt.OVERLAID,
    "sign large": Doubt.OVERLAID,
    "over a pale digit": Doubt.OVERLAID,
    "beside a pale digit": Doubt.OVERLAID,
    "on the edge": Doubt.OVER_EDGE,
    "edge of another": Doubt.OVER_EDGE,
    "drawn digit": Doubt.PICTURE,
    "drawn thick": Doubt.PICTURE,
    "drawn line": Doubt.PICTURE,
    "drawn dash": Doubt.PICTURE,
    "drawn minus": Doubt.PICTURE,
    "drawn point": Doubt.PICTURE,
    "framed": "12",
    "underlined": "12",
    "over dashes": "12",
    "struck by dashes": Doubt.OVERLAID,
    "struck by a wave": "12",
    "struck too far": Doubt.OVERLAID,
    "faint outlines": "12",
    "outlines": "12",
    "filled outlines": "12",
    "no ink": "12",
    "unknown ink": Doubt.COLOUR,
    "on a shading": Doubt.COLOUR,
    "under a shading": "12",
    "in a form": "12",
}
DOC = set(written.DOCX) - set(written.NOT_IN_DOC)
TESTED = {  # the kinds of each reader, in the order of the table in docs/landing.md
    "HTML": set(written.HTML),
    "MHTML": set(written.HTML),
    "Markdown, text": set(written.MARKDOWN),
    "DOCX": set(written.DOCX),
    "DOC": DOC,
    "XLSX": {*written.XLSX, "field"},
    "XLS": set(written.XLSX) - {"formula"},
    "ODT": set(written_open.ODT),
    "ODS": set(written_open.ODS),
    "PDF": set(written.PDF),
    "OFD": set(written_open.OFD),
}
needs_office = pytest.mark.skipif(not find_office(), reason="LibreOffice is not installed")
Cells = dict[str, tuple[str, str]]


def cells(data: bytes, suffix: str) -> Cells:
    """The text and the doubt of each kind's cell, of the table that holds the kinds."""
    table = max(read_document(data, suffix).tables, key=lambda table: len(table.rows))
    rows = [row for row in table.rows if row.texts and row.texts[0]]
    assert all(row.texts[-1] in ("3", "890") or "edge" in row.texts[0] for row in rows)
    return {row.texts[0]: (row.texts[1], row.flaws[1]) for row in rows}


def converted(data: bytes, before: str, after: str, folder: Path) -> bytes:
    source = folder / f"cells.{before}"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [find_office(), profile, "--headless", "--convert-to", after]
    command += ["--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    target = source.with_suffix(f".{after}")
    if not target.exists():
        pytest.skip(f"this LibreOffice writes no .{after}")
    return target.read_bytes()


def check(found: Cells, kinds: set[str]) -> None:
    wrong = {}
    assert found.keys() == kinds
    for kind, (text, flaw) in found.items():
        wanted = READ[kind]
        got = flaw or text.translate(dict.fromkeys(map(ord, "\u2011\u2212"), "-"))
        if got != wanted:
            wrong[kind] = (got, wanted)
    assert not wrong


def test_the_table_of_the_documentation_is_what_is_tested() -> None:
    text = (ROOT / "docs" / "landing.md").read_text(encoding="utf-8")
    _, _, table = text.partition("<!-- kinds by reader -->\n")
    head, _, *rows = [line for line in table.partition("\n\n")[0].split("\n") if line]
    names = [name.strip() for name in head.strip("|").split("|")][2:]
    said: dict[str, dict[str, str]] = {}
    for row in rows:
        kind, _, *entries = (entry.strip() for entry in row.strip("|").split("|"))
        said[kind] = dict(zip(names, entries, strict=True))
    assert said == {
        kind: {
            reader: "–" if kind not in kinds else "`?`" if isinstance(wanted, Doubt) else "read"
            for reader, kinds in TESTED.items()
        }
        for kind, wanted in READ.items()
    }


def test_html() -> None:
    check(cells(written.write_html(), ".html"), set(written.HTML))


def test_mhtml() -> None:
    check(cells(written.write_mhtml(), ".mhtml"), set(written.HTML))


def test_markdown() -> None:
    check(cells(written.write_md(), ".md"), set(written.MARKDOWN))


def test_text_in_tabs() -> None:
    text = re.sub(r" ?\| ?", "\t", written.write_md().decode())
    lines = [line.strip("\t") for line in text.split("\n")]
    check(cells("\n".join(lines).encode(), ".txt"), set(written.MARKDOWN))


def test_docx() -> None:
    check(cells(written.write_docx(), ".docx"), set(written.DOCX))


@needs_office
def test_doc(tmp_path: Path) -> None:
    data = converted(written.write_docx(written.NOT_IN_DOC), "docx", "doc", tmp_path)
    check(cells(data, ".doc"), DOC)


def test_xlsx() -> None:
    check(cells(written.write_xlsx(), ".xlsx"), set(written.XLSX))


def test_xlsx_of_another_program() -> None:
    check(cells(written.write_xlsx_of_xlsxwriter(), ".xlsx"), {"formula", "field"})


@needs_office
def test_xls(tmp_path: Path) -> None:
    data = converted(written.write_xlsx(("formula",)), "xlsx", "xls", tmp_path)
    check(cells(data, ".xls"), set(written.XLSX) - {"formula"})


def test_odt() -> None:
    check(cells(written_open.write_odt(), ".odt"), set(written_open.ODT))


def test_ods() -> None:
    check(cells(written_open.write_ods(), ".ods"), set(written_open.ODS))


def test_ofd() -> None:
    check(cells(written_open.write_ofd(), ".ofd"), set(written_open.OFD))


def test_pdf() -> None:
    check(cells(written.write_pdf(), ".pdf"), set(written.PDF))


def test_pdf_with_open_sides() -> None:
    check(cells(written.write_pdf(has_sides=False), ".pdf"), set(written.PDF))


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_pdf_that_is_turned(turned: int) -> None:
    check(cells(written.write_pdf(turned=turned), ".pdf"), set(written.PDF))


@pytest.mark.parametrize("opacity", [0.05, 0.5])
def test_pdf_after_a_pale_watermark(opacity: float) -> None:
    check(cells(written.write_pdf(opacity=opacity), ".pdf"), set(written.PDF))
