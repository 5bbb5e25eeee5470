"""A document that holds two reports is refused: what the first lacks is never the second's.

Two titles tell them apart, each followed by tables of the form, that name another body or year.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from gouji.landing.grid import Document, Paragraph, Refused
from gouji.landing.vocabulary import CHANNEL, LINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.landing.form.cut_rows import Worded

LONGEST_TITLE = 60
_TITLE = re.compile(
    r"(?:政府)?(?:信息|政务)公开(?:工作)?(?:情况)?(?:的)?(?:年度|工作)*(?:报告|年报)"
)
_YEAR = re.compile(r"(20\d\d)年?度?")
_NO_TITLE = re.compile("[。；》]|^(?:上一|下一|附件|关于印发|详见|相关)")
_NOT_LETTERS = re.compile(r"[^\w]|[（(].*?[)）]|关于|年度|20\d\d年?")


def refuse_two_reports(document: Document, tables: list[Worded]) -> None:
    """Raise `Refused` where a second title with tables of its own stands in the document."""
    title = first = ""
    for text in _titles_and_tables(document, tables):
        if text:
            title = text
        elif first not in ("", title) and _is_other(first, title):
            raise Refused(
                f"it holds two reports, “{first}” and “{title}”: save each as a document of its own"
            )
        else:
            first = first or title


def _titles_and_tables(document: Document, tables: list[Worded]) -> Iterator[str]:
    """The titles in order, and an empty text for each run of lines of the form."""
    waiting = iter(tables)
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from _titles([block.text])
            continue
        table = next(waiting)
        was_line = False
        for row, words in zip(table.rows, table.words, strict=True):
            if words.roles & (LINE | CHANNEL):
                if not was_line:
                    yield ""
                was_line = True
            else:
                for title in _titles(row.texts):
                    was_line = False
                    yield title


def _titles(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if "公开" in text and "报" in text and len(text) <= LONGEST_TITLE:
            plain = "".join(unicodedata.normalize("NFKC", text).split())
            if _TITLE.search(plain) and not _NO_TITLE.search(plain):
                yield plain


def _is_other(first: str, second: str) -> bool:
    """Whether two titles name different bodies or years, where both name any."""
    years = [_YEAR.findall(title) for title in (first, second)]
    if years[0] and years[1] and years[0][0] != years[1][0]:
        return True
    one, other = (_NOT_LETTERS.sub("", _TITLE.sub("", title)) for title in (first, second))
    return bool(one) and bool(other) and one not in other and other not in one
