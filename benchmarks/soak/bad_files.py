"""Files that are wrong, each of its kind; what was there before is put back after the block."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gouji.paths import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.soak.place import Place


def _in_gbk(text: bytes) -> bytes:
    return text.decode().encode("gb18030")


def _with_a_stray_quote(text: bytes) -> bytes:
    head, _, rest = text.partition(b"\n")
    return head + b"\n" + rest.replace(b",", b',"', 1)


def _with_another_column(text: bytes) -> bytes:
    return text.replace(b"report_id,", b"report,", 1)


def _cut_off(text: bytes) -> bytes:
    return text[: text.rstrip().rfind(b",")]


def _with_an_unknown_code(text: bytes) -> bytes:
    return text.replace(b",granted,", b",grantedd,", 1)


SPOILT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a seed in GBK": ("raw_reports", _in_gbk),
    "a stray quote": ("raw_requests", _with_a_stray_quote),
    "a wrong column": ("raw_reviews", _with_another_column),
    "a seed cut off": ("raw_disclosures", _cut_off),
    "an unknown code": ("raw_requests", _with_an_unknown_code),
}


@contextmanager
def spoilt_seed(place: Place, kind: str) -> Iterator[str]:
    """Spoil a raw table, and give the name of its file."""
    name, spoil = SPOILT[kind]
    seed = place.seeds / "raw" / f"{name}.csv"
    text = seed.read_bytes()
    seed.write_bytes(spoil(text))
    try:
        yield seed.name
    finally:
        seed.write_bytes(text)


@contextmanager
def truncated_copy(place: Place) -> Iterator[Warehouse]:
    """A copy of the warehouse whose published file is cut off, since readers read the other."""
    copy = Warehouse(place.root / "truncated")
    shutil.copytree(place.warehouse.root, copy.root, symlinks=True)
    database = copy.published.resolve()
    with database.open("r+b") as file:
        file.truncate(database.stat().st_size // 2)
    try:
        yield copy
    finally:
        shutil.rmtree(copy.root)


def bad_document(folder: Path) -> Path:
    """A page without a form, which is called a report."""
    path = folder / "bad.html"
    path.write_text("<html><h1>2024年政府信息公开工作年度报告</h1><table><tr><td>1", "utf-8")
    return path
