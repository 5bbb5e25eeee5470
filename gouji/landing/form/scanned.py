"""Labels of a scan as the form has them: an engine reads 直培起诉 for 直接起诉.

Labels alone: which line a row is.  What stands in its cells is read or `?`.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from gouji.landing.grid import Table
from gouji.landing.shown import Doubt
from gouji.landing.vocabulary import is_one_slip, label_key

if TYPE_CHECKING:
    from gouji.landing.grid import Document, Row
    from gouji.landing.vocabulary import Form

SHORTEST = 5  # characters of a label that is known with a slip
ALIKE = 0.8  # of 1: the likeness of a label to the form's
SHORTEST_RESULT = 4  # characters of a result's heading, which its place among others tells too
_READ, _SLIPPED, _UNREAD = "read", "slipped", "unread"
APART = 0.1  # by which the next must be less alike


def with_labels(document: Document, form: Form) -> Document:
    """A scan with the labels that are nearly one of the form's, and no other, as it has them."""
    said: list[str] = []

    def mended(text: str) -> str:
        label = _nearest(text, form)
        if label:
            said.append(f"“{text[:30]}” is read as {label}")
        return label or text

    def row_of(row: Row) -> Row:
        mended_row = row._replace(texts=tuple(map(mended, row.texts)))
        return _with_results(mended_row, form, said)

    blocks = [
        replace(block, rows=tuple(map(row_of, block.rows))) if isinstance(block, Table) else block
        for block in document.blocks
    ]
    return replace(document, blocks=blocks, notes=[*document.notes, *dict.fromkeys(said)])


def _nearest(text: str, form: Form) -> str:
    """The form's label that a text nearly is; nothing for one that is a label, or near two."""
    key, _ = label_key(text, form.simpler)
    word = form.word(text)
    if len(key) < SHORTEST or word.is_form or word.is_value or word.is_article:
        return ""
    matcher = SequenceMatcher(b=key, autojunk=False)
    likeness: list[tuple[float, str]] = []
    for label in form.words:
        matcher.set_seq1(label)
        if matcher.real_quick_ratio() >= ALIKE - APART and matcher.quick_ratio() >= ALIKE - APART:
            likeness.append((matcher.ratio(), label))
    best, label = max(likeness, default=(0.0, ""))
    near = [one for share, one in likeness if best - share < APART]
    means_one_thing = len({replace(form.words[one], key="") for one in near}) == 1
    return label if best >= ALIKE and means_one_thing else ""


def _with_results(row: Row, form: Form, said: list[str]) -> Row:
    """A row of headings of table 四 in which the results of a channel are known by their order.

    Most must be read as they stand in the form, one after another.  Of the rest each has one slip,
    and one at most is ink that cannot be read: two might have changed places.
    """
    size = len(form.results)
    if row.width != size * len(form.channels):
        return row
    texts = list(row.texts)
    at_column = {cell.col: cell for cell in row.cells if cell.colspan == 1}
    for start in range(0, row.width, size):
        cells = [at_column.get(column) for column in range(start, start + size)]
        own = [cell for cell in cells if cell is not None]
        ways = [
            _as_result(cell.text, cell.flaw, code, form)
            for cell, code in zip(own, form.results, strict=False)
        ]
        if len(own) < size or "" in ways or 2 * ways.count(_READ) <= size:
            continue
        if ways.count(_UNREAD) > 1:
            continue
        for cell, code, way in zip(own, form.results, ways, strict=True):
            if way != _READ:
                texts[cell.number - 1] = _labels(code, form)[0]
                seen = f"“{cell.text[:30]}”" if cell.text else "a heading that cannot be read"
                said.append(f"{seen} is read as {texts[cell.number - 1]}, by its place")
    return row._replace(texts=tuple(texts))


def _as_result(text: str, flaw: str, code: str, form: Form) -> str:
    """How a heading may be a result: read, with a slip, unread; nothing where it is another."""
    word = form.word(text)
    if word.result == code:
        return _READ
    if not text:
        return _UNREAD if flaw == Doubt.UNSURE else ""
    near = {
        one for one in form.results for label in _labels(one, form) if _slipped(label, word.key)
    }
    return _SLIPPED if near == {code} and not (word.is_form or word.is_value) else ""


def _slipped(label: str, key: str) -> bool:
    return len(label) == len(key) >= SHORTEST_RESULT and is_one_slip(label, key)


def _labels(code: str, form: Form) -> list[str]:
    return [label for label, word in form.words.items() if word.result == code]
