"""The words of a row, and what can be told of the row by them without looking at each again."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.landing.shown import Doubt
from gouji.landing.vocabulary import LINE, NUMBERING, VALUE, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gouji.landing.grid import Row
    from gouji.landing.vocabulary import Form

LONGEST_VALUE = 20  # characters up to which a text that is in doubt may be a value


class Words(list[Word]):
    """The words of a row: the `roles` that any of them plays, where labels of `lines` stand."""

    __slots__ = ("lines", "roles")

    def __init__(self, words: Iterable[Word]) -> None:
        super().__init__(words)
        self.roles = 0
        for word in self:
            self.roles |= word.roles
        self.lines = tuple([at for at, word in enumerate(self) if word.roles & LINE])

    @property
    def are_values(self) -> bool:
        """Whether there are values, and nothing else but blanks."""
        return bool(self.roles & VALUE) and all(word.is_value or word.is_blank for word in self)


@lru_cache(maxsize=5_000)
def _known(texts: tuple[str, ...], word: Callable[[str], Word]) -> Words:
    """The words of such texts: most rows stand in many reports, as a label and zeros do."""
    return Words(map(word, texts))


def words_of(row: Row, form: Form) -> Words:
    """The words of a row; what holds something that cannot be told stands for a value."""
    words = _known(row.texts, form.word)
    is_doubtful = any(row.flaws)
    if not is_doubtful and not words.roles & NUMBERING:
        return words
    known = list(words)
    has_labels = any(word.is_form for word in known)
    for at, word in enumerate(known):
        if word.is_numbering and (not has_labels or any(w.is_line for w in known[:at])):
            known[at] = replace(word, is_value=True)
    for at, (word, flaw) in enumerate(zip(known, row.flaws, strict=True)):
        if isinstance(flaw, Doubt) and not word.is_form and len(row.texts[at]) <= LONGEST_VALUE:
            known[at] = replace(word, is_value=True, is_blank=False)
    return Words(word.settled() for word in known)
