"""Ways in which a document gets damaged between its author and the reader.

Each mutation takes a report written out and returns the damaged bytes.  None changes a number into
another: that would be another document, not a damaged one.  Byte flips spare the digits of cells
for the same reason.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_CELL = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
_ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
_TEXT_OF_CELL = re.compile(r">([^<>]*[\u4e00-\u9fff]{3}[^<>]*)<")
_NUMBER_CELL = re.compile(r"<td[^>]*>(?:<[^>]*>)*\s*[\d.]+\s*(?:<[^>]*>)*</td>", re.DOTALL)
_TAG = re.compile(r"</?[a-z][^>]*>")


def drop_cell(text: str, rnd: random.Random) -> str:
    """A cell is lost, its neighbours move up."""
    return _without(text, rnd.choice(list(_CELL.finditer(text))))


def drop_number(text: str, rnd: random.Random) -> str:
    """A cell with a number is lost."""
    found = list(_NUMBER_CELL.finditer(text))
    return _without(text, rnd.choice(found)) if found else text


def double_cell(text: str, rnd: random.Random) -> str:
    """A cell stands twice."""
    match = rnd.choice(list(_CELL.finditer(text)))
    return text[: match.end()] + match.group() + text[match.end() :]


def swap_rows(text: str, rnd: random.Random) -> str:
    """Two neighbouring rows change places."""
    rows = list(_ROW.finditer(text))
    place = rnd.randrange(len(rows) - 1)
    one, two = rows[place], rows[place + 1]
    between = text[one.end() : two.start()]
    return text[: one.start()] + two.group() + between + one.group() + text[two.end() :]


def drop_row_tags(text: str, rnd: random.Random) -> str:
    """The border between two rows is lost: they run together."""
    found = list(re.finditer(r"</tr>\s*<tr[^>]*>", text))
    return _without(text, rnd.choice(found)) if found else text


def garble_label(text: str, rnd: random.Random) -> str:
    """One character of a label becomes another."""
    match = rnd.choice(list(_TEXT_OF_CELL.finditer(text)))
    label = match.group(1)
    places = [i for i, char in enumerate(label) if char >= "\u4e00"]
    place = rnd.choice(places)
    other = chr(rnd.randrange(0x4E00, 0x9F00))
    garbled = label[:place] + rnd.choice(["", other, "\ufffd"]) + label[place + 1 :]
    return text[: match.start(1)] + garbled + text[match.end(1) :]


def swap_labels(text: str, rnd: random.Random) -> str:
    """A label is cut, at its beginning or end."""
    match = rnd.choice(list(_TEXT_OF_CELL.finditer(text)))
    label = match.group(1)
    cut = rnd.randrange(1, max(2, len(label)))
    return text[: match.start(1)] + rnd.choice([label[:cut], label[cut:]]) + text[match.end(1) :]


def run_together(text: str, rnd: random.Random) -> str:
    """The border between two cells is lost: their digits run together."""
    found = list(re.finditer(r"(?:</p>|</span>)*</td>\s*<td[^>]*>(?:<p>)?", text))
    return _without(text, rnd.choice(found)) if found else text


def break_tag(text: str, rnd: random.Random) -> str:
    """A tag loses a character, or itself."""
    match = rnd.choice(list(_TAG.finditer(text)))
    tag = match.group()
    place = rnd.randrange(len(tag))
    broken = rnd.choice([tag[:place] + tag[place + 1 :], "", tag.replace(">", ""), tag[1:]])
    if re.search(r"\d", tag) and re.sub(r"\D", "", broken) != re.sub(r"\D", "", tag):
        broken = ""
    return text[: match.start()] + broken + text[match.end() :]


def change_span(text: str, rnd: random.Random) -> str:
    """A span is one more or one less than it should be."""
    found = list(re.finditer(r"((?:col|row)span=\"?)(\d+)", text))
    if not found:
        return text
    match = rnd.choice(found)
    span = max(0, int(match.group(2)) + rnd.choice([-1, 1, 2]))
    return text[: match.start(2)] + str(span) + text[match.end(2) :]


def cut_off(text: str, rnd: random.Random) -> str:
    """The document ends anywhere."""
    return text[: rnd.randrange(len(text) // 4, len(text))]


def flip_bytes(text: str, rnd: random.Random) -> bytes:
    """Some bytes change a bit; digits are spared, and no byte becomes one."""
    data = bytearray(text.encode())
    for _ in range(rnd.choice([1, 1, 3, 10])):
        place = rnd.randrange(len(data))
        flipped = data[place] ^ (1 << rnd.randrange(8))
        near = bytes(data[max(0, place - 2) : place + 3])  # what stands in a value makes it up
        if not re.search(rb"[\d/]|\xe2|\x80\x94", near) and flipped not in b"0123456789-/+\\\0":
            data[place] = flipped
    return bytes(data)


def drop_line(text: str, rnd: random.Random) -> str:
    """A line of a text is lost."""
    lines = text.split("\n")
    # A cell that stands alone on its line, lost, leaves a blank cell: another document.
    places = [
        i for i, line in enumerate(lines) if re.search("[\u4e00-\u9fff]{3}|\t|\\|.*\\|", line)
    ]
    del lines[rnd.choice(places)]
    return "\n".join(lines)


def join_lines(text: str, rnd: random.Random) -> str:
    """Two lines of a text become one."""
    breaks = [i for i, char in enumerate(text) if char == "\n"]
    place = rnd.choice(breaks)
    return text[:place] + text[place + 1 :]


def drop_separator(text: str, rnd: random.Random) -> str:
    """A tab, pipe or gap is lost: cells run together."""
    found = list(re.finditer(r"\t|\|| {2,}", text))
    return _without(text, rnd.choice(found)) if found else text


def drop_text_cell(text: str, rnd: random.Random) -> str:
    """A cell of a text is lost with its separator."""
    found = list(re.finditer(r"(?:\t|\|| {2,})\s*[\d.]+(?=\s*[\t|\n ])", text))
    return _without(text, rnd.choice(found)) if found else text


def garble_text(text: str, rnd: random.Random) -> str:
    """One Chinese character of a text becomes another or is lost."""
    place = rnd.choice([match.start() + 1 for match in re.finditer("[\u4e00-\u9fff]{3}", text)])
    return text[:place] + rnd.choice(["", chr(rnd.randrange(0x4E00, 0x9F00))]) + text[place + 1 :]


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + text[match.end() :]


Mutation = Callable[[str, random.Random], str | bytes]
HTML_MUTATIONS: tuple[Mutation, ...] = (
    drop_cell,
    drop_number,
    double_cell,
    swap_rows,
    drop_row_tags,
    garble_label,
    swap_labels,
    run_together,
    break_tag,
    change_span,
    cut_off,
    flip_bytes,
)
TEXT_MUTATIONS: tuple[Mutation, ...] = (
    drop_line,
    join_lines,
    drop_separator,
    drop_text_cell,
    garble_text,
    cut_off,
    flip_bytes,
)


def mutate(data: bytes, kind: str, rnd: random.Random) -> tuple[str, bytes]:
    """A damaged copy of an HTML, Markdown or text document in UTF-8, and what was done to it."""
    text = data.decode("utf-8")
    names: list[str] = []
    for _ in range(rnd.choice([1, 1, 1, 2, 3])):
        mutation = rnd.choice(HTML_MUTATIONS if kind == "html" else TEXT_MUTATIONS)
        if names and "double_cell" in (mutation.__name__, *names):
            continue  # in one row they cancel out: another document
        names.append(mutation.__name__)
        try:
            damaged = mutation(text, rnd)
        except (IndexError, ValueError):  # nothing left to damage
            continue
        if isinstance(damaged, bytes):
            return "+".join(names), damaged
        text = damaged
    return "+".join(names), text.encode("utf-8", errors="replace")
