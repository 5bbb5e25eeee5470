"""Ways in which published tables differ from the form's layout, in any format.

Each takes the sections of a report (heading and table) and gives others that hold the same figures:
a table cut over pages, headings repeated, columns and head rows that the form does not have.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from gouji.landing.vocabulary import Form  # noqa: TC001
from landing_documents import Box, Grid, Truth

Sections = list[tuple[str, Grid]]
Layout = Callable[[Sections, random.Random], Sections]
CUT = ""  # the heading of a section that is the rest of a table cut by a page


def distinct(form: Form, layout: str = "2021") -> Truth:
    """A report in which each cell has its own number."""
    truth = Truth(layout)
    numbers = iter(range(1001, 2000))
    for line in form.disclosure_lines[layout]:
        for measure in form.cells[layout, line]:
            truth.disclosures[line, measure] = str(next(numbers))
    for line in form.request_lines[layout]:
        if line != "other_processing":
            truth.requests[line] = [str(next(numbers)) for _ in form.applicants]
    for channel in form.channels:
        truth.reviews[channel] = [str(next(numbers)) for _ in form.results]
    return truth


def placed(grid: Grid) -> list[list[tuple[int, Box]]]:
    """The boxes of each row with the column in which each begins."""
    taken: set[tuple[int, int]] = set()
    rows: list[list[tuple[int, Box]]] = []
    for number, boxes in enumerate(grid):
        column, row = 0, []
        for box in boxes:
            while (number, column) in taken:
                column += 1
            taken |= {
                (number + down, column + right)
                for down in range(box.rows)
                for right in range(box.columns)
            }
            row.append((column, box))
            column += box.columns
        rows.append(row)
    return rows


def cut(grid: Grid, at: int) -> tuple[Grid, Grid]:
    """A table in two parts, the second from row `at`; what reaches over the cut stands in both."""
    rows = placed(grid)
    upper = [
        [replace(box, rows=min(box.rows, at - number)) for _, box in row]
        for number, row in enumerate(rows[:at])
    ]
    lower = [list(row) for row in rows[at:]]
    for number, row in enumerate(rows[:at]):
        lower[0] += [
            (column, Box("", number + box.rows - at, box.columns))
            for column, box in row
            if number + box.rows > at
        ]
    lower[0].sort(key=lambda pair: pair[0])
    return upper, [[box for _, box in row] for row in lower]


def heads(grid: Grid) -> int:
    """How many rows at the top of a table are its headings."""
    return next(n for n, row in enumerate(grid) if any(box.text.isdigit() for box in row))


def over_pages(sections: Sections, rnd: random.Random) -> Sections:
    """Every table cut between rows; what follows is a table of its own."""
    return list(_cut_each(sections, rnd, repeat=False))


def headings_on_each_page(sections: Sections, rnd: random.Random) -> Sections:
    """Every table cut between rows, its headings repeated at the top of the rest."""
    return list(_cut_each(sections, rnd, repeat=True))


def _cut_each(
    sections: Sections, rnd: random.Random, *, repeat: bool
) -> Iterable[tuple[str, Grid]]:
    for heading, grid in sections:
        top = heads(grid)
        if len(grid) - top < 2:
            yield heading, grid
            continue
        upper, lower = cut(grid, rnd.randrange(top + 1, len(grid)))
        yield heading, upper
        yield CUT, [*grid[:top], *lower] if repeat else lower


def headings_within(sections: Sections, rnd: random.Random) -> Sections:
    """The headings of table 三 repeated within it, as where pages were joined."""
    made: Sections = []
    for heading, grid in sections:
        top = heads(grid)
        if len(grid) - top > 12 and len(grid[-1]) > 4:
            upper, lower = cut(grid, rnd.randrange(top + 1, len(grid)))
            grid = [*upper, *grid[:top], *lower]  # noqa: PLW2901
        made.append((heading, grid))
    return made


def row_cut(sections: Sections, rnd: random.Random, *, value_below: float = 0.2) -> Sections:
    """A row of table 三 cut by the end of a page within its label."""
    made: Sections = []
    for heading, grid in sections:
        rows = [
            number
            for number, row in enumerate(grid)
            if len(row) >= 8 and re.match(r"\d\.", row[-8].text) and number > heads(grid)
        ]
        if not rows:
            made.append((heading, grid))
            continue
        at = rnd.choice(rows)
        upper, rest = cut(grid, at + 1) if at + 1 < len(grid) else (grid, [])
        upper, (row, *_) = cut(upper, at)
        label = len(row) - 8
        text = row[label].text
        half = rnd.randrange(1, len(text))
        above = [replace(box, rows=1) for box in row]
        below = [Box("", 1, box.columns) for box in above]
        above[label], below[label] = Box(text[:half]), Box(text[half:])
        if rnd.random() < value_below:
            for place in range(label + 1, len(row)):
                below[place], above[place] = above[place], Box("")
        lower = [below, *rest]
        made += [(heading, [*upper, above]), (CUT, lower)]
    return made


def extra_column(sections: Sections, rnd: random.Random) -> Sections:
    """A column in table 三 that the form does not have, headed or not; an end column blank."""
    name, where = rnd.choice(
        [("序号", 0), ("行次", 0), ("小计", 6), ("上年总计", 7), ("", 0), ("", 7)]
    )
    blank = rnd.choice([None, None, 0, 6])
    made: Sections = []
    for heading, grid in sections:
        top = heads(grid)
        if len(grid) - top < 12 or len(grid[-1]) < 6:
            made.append((heading, grid))
            continue
        rows = [list(row) for row in grid]
        rows[0][1] = Box("申请人情况", 1, 8)
        rows[1].insert({0: 0, 6: 2, 7: 3}[where], Box(name, 2))
        for number, row in enumerate(rows[top:], start=1):
            start = len(row) - 7
            if blank is not None:
                row[start + blank] = Box("")
            row.insert(start + where, Box(str(number if where == 0 else 5000 + number)))
        made.append((heading, rows))
    return made


def sides(sections: Sections, rnd: random.Random, *, repeats: bool = True) -> Sections:
    """Table 三 cut down its columns; the right part below repeats the labels, or does not."""
    made: Sections = []
    for heading, grid in sections:
        top = heads(grid)
        if len(grid) - top < 12 or len(grid[-1]) < 6:
            made.append((heading, grid))
            continue
        at = rnd.randrange(1, 6)
        types = [grid[1][0], *grid[2], grid[1][2]]
        names = [replace(box, rows=1) for box in types]
        note = replace(grid[0][0], rows=1)
        left = [[note, *names[:at]], *([*row[:-7], *row[-7:][:at]] for row in grid[top:])]
        ends = names[at:]
        if repeats:
            right = [[note, *ends], *([*row[:-7], *row[-7:][at:]] for row in grid[top:])]
        else:
            right = [ends, *(row[-7:][at:] for row in grid[top:])]
        made += [(heading, left), (CUT, right)]
    return made


def beside(sections: Sections, rnd: random.Random) -> Sections:
    """Table 三 cut down its columns, the right part beside the left in the same rows."""
    made: Sections = []
    for heading, grid in sides(sections, rnd):
        if heading == CUT:
            above, left = made.pop()
            gap = [Box("")] * rnd.randrange(2)
            rows = zip(left, grid, strict=True)
            made.append((above, [[*one, *gap, *other] for one, other in rows]))
        else:
            made.append((heading, grid))
    return made


def halves_beside(sections: Sections, rnd: random.Random) -> Sections:
    """The lower half of table 三 beside its upper half, each under all headings."""
    made: Sections = []
    for heading, grid in sections:
        top = heads(grid)
        if len(grid) - top < 12 or len(grid[-1]) < 6:
            made.append((heading, grid))
            continue
        width = sum(box.columns for box in grid[0])
        upper, lower = cut(grid, top + rnd.randrange(3, len(grid) - top - 3))
        left, right = upper, [*grid[:top], *lower]
        while len(left) < len(right):
            left.append([Box("")] * width)
        while len(right) < len(left):
            right.append([Box("")] * width)
        made.append((heading, [[*one, *other] for one, other in zip(left, right, strict=True)]))
    return made


def other_headings(sections: Sections, rnd: random.Random) -> Sections:
    """Table 二 with headings that stand twice, or a column of another name."""
    change = rnd.choice([_in_single_cells, _with_column, _with_column, _with_ordinals])
    heading, grid = sections[0]
    return [(heading, change(grid, rnd)), *sections[1:]]


def _in_single_cells(grid: Grid, rnd: random.Random) -> Grid:
    """Each merged cell taken apart; its text stands in every part, or in its first alone."""
    repeats = rnd.random() < 0.5
    made: Grid = []
    for row in grid:
        is_heading = not any(box.text.isdigit() for box in row)
        made.append(
            [
                Box(box.text if part == 0 or repeats or is_heading else "")
                for box in row
                for part in range(box.columns)
            ]
        )
    return made


def _with_column(grid: Grid, rnd: random.Random) -> Grid:
    name, text = rnd.choice([("备注", ""), ("备注", "无变化"), ("上年数", "77"), ("合计", "88")])
    at = rnd.choice([1, 4])
    return _added(grid, name, lambda _: text, at)


def _with_ordinals(grid: Grid, _: random.Random) -> Grid:
    return _added(grid, "序号", str, 0)


def _added(grid: Grid, name: str, text: Callable[[int], str], at: int) -> Grid:
    made: Grid = []
    for number, row in enumerate(grid):
        if len(row) == 1:
            made.append([Box(row[0].text, 1, 5)])
            continue
        box = Box(name if row[0].text == "信息内容" else text(number))
        made.append([*row[:at], box, *row[at:]])
    return made


def numbered_columns(sections: Sections, _: random.Random) -> Sections:
    """Below the headings of tables 三 and 四 a row that numbers their columns."""
    made: Sections = []
    for heading, grid in sections:
        values = sum(box.text.isdigit() for box in grid[-1])
        if values < 7:
            made.append((heading, grid))
            continue
        top, width = heads(grid), sum(box.columns for box in grid[0])
        numbers = [Box(str(number)) for number in range(1, values + 1)]
        labels = [Box("甲", 1, width - values)] if width > values else []
        made.append((heading, [*grid[:top], [*labels, *numbers], *grid[top:]]))
    return made


def blanks(sections: Sections, rnd: random.Random) -> Sections:
    """Cells left blank anywhere."""
    share = rnd.choice([0.1, 0.5])
    return [
        (
            heading,
            [
                [
                    Box("", b.rows, b.columns) if b.text.isdigit() and rnd.random() < share else b
                    for b in row
                ]
                for row in grid
            ],
        )
        for heading, grid in sections
    ]


def head_row(sections: Sections, rnd: random.Random) -> Sections:
    """The section's heading as the first row of its table, and a row with the unit."""
    made: Sections = []
    for heading, grid in sections:
        width = sum(box.columns for box in grid[0])
        rows: Grid = [[Box(heading, 1, width)]]
        if rnd.random() < 0.5:
            rows.append([Box("单位：件", 1, width)])
        made.append(("附表", [*rows, *grid]))
    return made


def labels_cut(sections: Sections, rnd: random.Random) -> Sections:
    """Labels cut by spaces and line breaks."""

    def spaced(text: str) -> str:
        if text.isdigit() or len(text) < 3:
            return text
        at = rnd.randrange(1, len(text))
        return text[:at] + rnd.choice([" ", "\n"]) + text[at:]

    return [
        (heading, [[replace(box, text=spaced(box.text)) for box in row] for row in grid])
        for heading, grid in sections
    ]


_TRADITIONAL = str.maketrans(
    "规范规处罚强制许可业费数结转办开区别机关过执讼复议维纠终总计务组织标证应类无产现没补"
    "报告续继诉访处签决环业单项购与为门会队价资赔偿责",
    "規範規處罰強制許可業費數結轉辦開區別機關過執訟復議維糾終總計務組織標證應類無產現沒補"
    "報告續繼訴訪處簽決環業單項購與為門會隊價資賠償責",
)


def traditional(sections: Sections, _: random.Random) -> Sections:
    """All in traditional characters, as a mirror gives them."""
    return [
        (
            heading.translate(_TRADITIONAL),
            [[replace(box, text=box.text.translate(_TRADITIONAL)) for box in row] for row in grid],
        )
        for heading, grid in sections
    ]


LAYOUTS: dict[str, Layout] = {
    "a table over pages": over_pages,
    "headings on each page": headings_on_each_page,
    "headings within the table": headings_within,
    "a row cut by a page": row_cut,
    "a column too many": extra_column,
    "table 三 cut down its columns": sides,
    "the parts of table 三 side by side": beside,
    "the halves of table 三 side by side": halves_beside,
    "other headings in table 二": other_headings,
    "a row that numbers the columns": numbered_columns,
    "blank cells": blanks,
    "a head row in the table": head_row,
    "labels cut by spaces and lines": labels_cut,
    "traditional characters": traditional,
}
