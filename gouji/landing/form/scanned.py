"""Labels of a scan as the form has them: an engine reads 直培起诉 for 直接起诉.

Labels alone: which line a row is.  What stands in its cells is read or `?`.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from gouji.landing.grid import Table
from gouji.landing.vocabulary import label_key

if TYPE_CHECKING:
    from gouji.landing.grid import Document, Row
    from gouji.landing.vocabulary import Form

SHORTEST = 5  # characters of a label that is known with a slip
ALIKE = 0.8  # of 1: the likeness of a label to the form's
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
        return row._replace(texts=tuple(map(mended, row.texts)))

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
