"""Measures how scans are read: real reports as pictures, cell by cell beside their text.

    .venv/bin/python -m benchmarks.scans ../shared/corpus/documents/*.pdf

A report that is no PDF file is made one by LibreOffice.

The pages that hold tables are drawn at 200 and 300 dots an inch, clean, and spoilt as scanners do:
a degree askew, grey, with noise.  What the reader of PDFs reads of the text is the measure.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from PIL import Image
from rich.console import Console
from rich.table import Table

from gouji.landing.form import recognise
from gouji.landing.grid import Refused
from gouji.landing.read import read_document
from gouji.landing.read_old_office import find_office
from gouji.landing.vocabulary import load_form
from gouji.paths import find_project

if TYPE_CHECKING:
    from gouji.landing.reading import Reading

WAYS = (
    (300, ()),
    (300, ("askew", "grey", "noise")),
    (200, ()),
    (200, ("askew", "grey", "noise")),
)


def as_pdf(path: Path) -> bytes:
    """A report as a PDF file: itself, or what LibreOffice makes of it."""
    if path.suffix.lower() == ".pdf":
        return path.read_bytes()
    with tempfile.TemporaryDirectory() as name:
        profile = f"-env:UserInstallation={(Path(name) / 'profile').as_uri()}"
        command = [find_office(), profile, "--headless", "--convert-to", "pdf:writer_pdf_Export"]
        command += ["--outdir", name, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (Path(name) / f"{path.stem}.pdf").read_bytes()


def drawn(data: bytes, name: str, dots: int, ways: tuple[str, ...], pages: set[int]) -> bytes:
    """Pages of a PDF, counted from 1, as a TIFF of so many dots an inch."""
    chance = np.random.default_rng([dots, *name.encode()])
    with pypdfium2.PdfDocument(data) as pdf:
        pictures = [
            spoilt(pdf[number - 1].render(scale=dots / 72).to_pil().convert("L"), ways, chance)
            for number in sorted(pages)
        ]
    file = io.BytesIO()
    first, *more = pictures
    first.save(file, "TIFF", save_all=True, append_images=more, compression="tiff_deflate")
    return file.getvalue()


def spoilt(picture: Image.Image, ways: tuple[str, ...], chance: np.random.Generator) -> Image.Image:
    """A page as a scanner gives it."""
    if "askew" in ways:
        degree = int(chance.choice([-1, 1]))
        picture = picture.rotate(degree, Image.Resampling.BICUBIC, fillcolor=255)
    dots = np.array(picture, float)
    if "grey" in ways:
        dots = dots * 0.65 + 65
    if "noise" in ways:
        dots += chance.normal(0, 10, dots.shape)
        thrown = chance.random(dots.shape)
        dots[thrown < 0.0005], dots[thrown > 0.9995] = 40, 255
    return Image.fromarray(dots.clip(0, 255).astype(np.uint8))


def cells(reading: Reading) -> dict[tuple[str, str, str], tuple[str, str]]:
    """What is printed in each cell of the form, and why it is marked, if it is."""
    return {(t, line, column): (c.printed, c.mark) for t, line, column, c in reading.cells()}


def main(paths: list[str]) -> None:
    """Print a table: how many cells of each report are read, marked and wrong, each way."""
    form = load_form(find_project(Path.cwd()).root / "seeds" / "reference")
    table = Table("report", "dots an inch", "spoilt", "pages", "seconds", "cells", "read")
    for name in ("?", "absent", "wrong"):
        table.add_column(name)
    for path in map(Path, paths):
        data = as_pdf(path)
        native = read_document(data, ".pdf")
        truth = cells(recognise(native, form))
        pages = {int(one.place.split()[1]) for one in native.tables}
        for dots, ways in WAYS:
            scan = drawn(data, path.name, dots, ways, pages)
            started = time.perf_counter()
            row = [path.stem, dots, ", ".join(ways), len(pages)]
            try:
                found = cells(recognise(read_document(scan, ".tif", with_ocr=True), form))
            except Refused as refusal:
                sys.stderr.write(f"{' '.join(map(str, row))} refused: {refusal}\n")
                table.add_row(*map(str, row), "", str(len(truth)), "refused")
                continue
            seconds = time.perf_counter() - started
            marked = [key for key, (_, mark) in found.items() if mark]
            wrong = {
                key: (printed, truth.get(key, ("", ""))[0])
                for key, (printed, mark) in found.items()
                if not mark and printed != truth.get(key, ("", ""))[0]
            }
            read = len(truth.keys() & found.keys()) - len(marked) - len(wrong)
            row += [round(seconds), len(truth), f"{read / len(truth):.1%}"]
            row += [len(marked), len(truth.keys() - found.keys())]
            table.add_row(*map(str, [*row, len(wrong)]))
            for key, (printed, wanted) in wrong.items():
                sys.stderr.write(f"{path.stem} {dots} {key}: {printed!r} for {wanted!r}\n")
            sys.stderr.write(f"{' '.join(map(str, [*row, len(wrong)]))}\n")
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
