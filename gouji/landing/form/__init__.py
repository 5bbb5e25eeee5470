"""The form in a document: which cell is which line's and which column's.

The measure is that no cell is read wrong in silence.  A row that does not leave one reading is
marked: its cells are landed as `?` and the reason is said.  A line that the document does not have
is absent; but where a row of the table could not be named, the missing lines are marked too, since
the row may be one of them.

`walk` goes over the rows and hands each to the reader of its table: `disclosures`, `requests`,
`reviews`.  `settle` looks at what only the whole document can tell.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from gouji.landing.form.cut_rows import Worded, join_cut_rows
from gouji.landing.form.one_report import refuse_two_reports
from gouji.landing.form.rows import flow_rows
from gouji.landing.form.scanned import with_labels
from gouji.landing.form.second_set import refuse_or_mark_second_set
from gouji.landing.form.settle import settle
from gouji.landing.form.sides import cut_at_sides, join_sides
from gouji.landing.form.spaced import with_spaced_rows
from gouji.landing.form.walk import Walk
from gouji.landing.form.words import words_of
from gouji.landing.grid import Document, Paragraph, Refused
from gouji.landing.vocabulary import MEASURE

_LETTER = re.compile(r"[^\W\d]")
_PAGE = re.compile("第|共|页|page", re.IGNORECASE)  # words around the number of a page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.landing.form.words import Words
    from gouji.landing.reading import Reading
    from gouji.landing.vocabulary import Form


def recognise(document: Document, form: Form) -> Reading:
    """Read the form in a document.

    Raises `Refused` when the document has no cell of the form that can be read with certainty, or
    when its headings belong to two layouts, or it holds two reports.
    """
    if document.is_scan:
        document = with_labels(document, form)
    document = with_spaced_rows(document, form)
    apart = _apart(document)
    tables: list[Worded] = []
    for table in document.tables:
        rows = flow_rows(table, form) if table.is_flow else list(table.rows)
        words = [words_of(row, form) for row in rows]
        tables.append(Worded(table, rows, words, table.place in apart))
    walk = Walk(form, _layout(words for table in tables for words in table.words))
    refuse_two_reports(document, tables)
    tables = cut_at_sides(tables, form)
    join_sides(tables, form)
    join_cut_rows(tables, form)
    refuse_or_mark_second_set(tables, form)
    for worded in tables:
        walk.table(worded)
    for paragraph in document.paragraphs:
        walk.paragraph(paragraph.text)
    settle(walk)
    reading = walk.reading
    _refuse_unread(reading)
    return reading


def _apart(document: Document) -> set[str]:
    """The places of the tables before which a text stands that is no page's head or foot.

    Those have no letters, or stand on several pages.
    """
    apart: set[str] = set()
    texts: list[str] = []
    seen = Counter(block.text for block in document.blocks if isinstance(block, Paragraph))
    for block in document.blocks:
        if isinstance(block, Paragraph):
            texts.append(block.text)
            continue
        if any(seen[text] == 1 and _LETTER.search(_PAGE.sub("", text)) for text in texts):
            apart.add(block.place)
        texts = []
    return apart


def _refuse_unread(reading: Reading) -> None:
    """Raise `Refused` for a reading of which too little is certain."""
    held, unread = reading.held(), reading.marked()
    if not held:
        raise Refused("no table of the form was found in it")
    read = held - unread
    if not read:
        raise Refused(f"no cell of the form can be read with certainty: {_first_mark(reading)}")
    if unread > 2 * read:
        raise Refused(
            f"{unread} of its {unread + read} cells cannot be read "
            f"with certainty: {_first_mark(reading)}"
        )
    if not reading.layout:
        raise Refused("the headings of table 二 that tell the layout were not found")


def _first_mark(reading: Reading) -> str:
    for *_, cell in reading.cells():
        if cell.mark:
            return f"{cell.place}: {cell.mark}" if cell.place else cell.mark
    return ""


def _layout(words_of_rows: Iterable[Words]) -> str:
    """The layout that the headings of table 二 belong to; empty where there are none.

    处理决定数量 is left out of the vote: it is also what remains of 本年处理决定数量 when cut.
    """
    votes: dict[str, set[str]] = {}
    for words in words_of_rows:
        for word in words if words.roles & MEASURE else ():
            if word.measures:
                layouts = {layout for layout, _ in word.measures}
                if len(layouts) == 1 and ("2019", "decisions") not in word.measures:
                    votes.setdefault(layouts.pop(), set()).add(word.key)
    if len(votes) == 2:
        ranked = sorted(votes, key=lambda layout: -len(votes[layout]))
        raise Refused(
            f"its headings belong to two layouts: {', '.join(sorted(votes[ranked[0]]))} and "
            f"{', '.join(sorted(votes[ranked[1]]))}"
        )
    return next(iter(votes), "")
