"""What a person would read of a cell, and what makes a cell doubtful: one rule for every reader.

A cell is read only if everything that stands in it was plainly read.  A reader leaves out what is
not shown at all (hidden, deleted, in no size), and hands on the rest in pieces, each with its look.
Struck, raised and faint pieces are left out beside plain ones, as a person does; where nothing
else stands in the cell, it is doubtful.  So is whatever holds something that no reader can tell: a
picture, a form field, an equation.  A doubtful cell lands as `?`, never as a blank.
"""

from __future__ import annotations

import re
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from gouji.landing.grid import clean

if TYPE_CHECKING:
    from collections.abc import Iterable


class Doubt(StrEnum):
    """Why what stands in a cell cannot be told; the shape of its row is not in doubt."""

    PICTURE = "a picture or drawing stands in it"
    FIELD = "a form field or control stands in it"
    NESTED = "a table stands in it"
    EQUATION = "an equation stands in it"
    EMBEDDED = "another document or a script stands in it"
    SYMBOL = "it holds a symbol of which only its font knows what it is"
    COUNTED = "a number that is counted and not written stands in it"
    STRUCK = "all that stands in it is struck through"
    RAISED = "all that stands in it is set like a note mark"
    FAINT = "all that stands in it has the colour of the page"
    UNSEEN = "all that stands in it is clipped away, beside the page or switched off"
    TURNED = "its text is set to run the other way"
    MASKED = "a style may mask a part of it"
    COLOUR = "its colour, or that of its ground, cannot be told"
    MOVED = "a style sets parts of it in other places than they are written in"
    STYLED = "a style of it cannot be followed"
    OVERLAID = "letters in it lie over one another, or a line goes across it"
    FORMULA = "a formula whose result is not in the file"
    FORMAT = "its number format cannot be followed"
    KIND = "a date, a truth value or an error stands where a number belongs"
    OVER_EDGE = "its text runs over the edge of its column"
    WRAPPED = "a number stands on two lines"
    UNSURE = "it is part of a picture in which it cannot be read with certainty"


class Look(Enum):
    """How a piece of a cell is set."""

    PLAIN = None
    STRUCK = Doubt.STRUCK
    RAISED = Doubt.RAISED
    FAINT = Doubt.FAINT
    TURNED = Doubt.TURNED
    UNSEEN = Doubt.UNSEEN
    UNTOLD = Doubt.COLOUR
    OVERLAID = Doubt.OVERLAID
    CUT = Doubt.OVER_EDGE  # beyond the edge of what is shown of the page, or in part


LEFT_OUT = frozenset([Look.STRUCK, Look.RAISED, Look.FAINT, Look.UNSEEN])  # beside plain pieces
Piece = tuple[str, Look]
Colour = tuple[float, ...]  # shares of red, green and blue
WHITE = (1.0, 1.0, 1.0)  # the paper, where nothing else is said

SMALLEST = 2.0  # points: letters up to this size are not seen
CLOSEST = 0.3  # of their size: letters set closer by so much lie over one another
_ALIKE = 0.1  # by which each part of two colours may differ that the eye does not part

_NOTE_MARKS = "*＊※†‡¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉" + "".join(
    # ①…⑳ ⑴…⒇, ❶…❿, ㈠…㈩
    map(chr, (*range(0x2460, 0x2488), *range(0x2776, 0x2780), *range(0x3220, 0x322A)))
)
_ODD = re.compile(
    f"[{re.escape(_NOTE_MARKS)}\u0335-\u0338\u202d\u202e\ufffc\ue000-\uf8ff\x00-\x08\x0e-\x1f]|[(]cid:"
)
_WORDS = re.compile("[\u4e00-\u9fff]")
_OVERLAID = re.compile(".[\u0335-\u0338]+")  # a character with a stroke over it
PICTURE_FONTS = frozenset(
    ["wingdings", "wingdings 2", "wingdings 3", "webdings", "marlett", "zapfdingbats", "mt extra"]
)
SYMBOL_FONTS = PICTURE_FONTS | {"symbol", "symbol mt", "standard symbols ps"}
# What stands at the places of these ASCII characters in the font Symbol is the character itself.
_SAME_IN_SYMBOL = frozenset("0123456789 +.,/%()<>=")
_SYMBOL_PLACES = {0x2D: "-", 0xB1: "±"}


def cell_text(text: str) -> tuple[str, str]:
    """The text of a cell as a person reads it, and the doubt that its characters leave."""
    text = clean(text)
    if text.isalnum() and text.isascii():
        return text, ""
    odd = _ODD.findall(text)
    return _without(text, odd) if odd else (text, "")


def _without(text: str, odd: list[str]) -> tuple[str, str]:
    """A text without odd characters that a person would leave out, and the doubt they leave."""
    if any("\u0335" <= mark <= "\u0338" for mark in odd):
        rest, doubt = cell_text(_OVERLAID.sub("", text))
        return (rest, doubt) if rest else (text, Doubt.STRUCK)
    if any(mark in odd for mark in "\u202d\u202e"):
        return text.translate({0x202D: None, 0x202E: None}), Doubt.TURNED
    if "\ufffc" in odd:
        return clean(text.replace("\ufffc", "")), Doubt.PICTURE
    if not all(char in _NOTE_MARKS for char in odd):
        return text, Doubt.SYMBOL
    return text.rstrip(_NOTE_MARKS + " ") or text, ""


def read_cell(pieces: Iterable[Piece], doubt: str = "") -> tuple[str, str]:
    """The text of a cell of such pieces, and what makes it doubtful, if anything does."""
    kept = list(pieces)
    text, unclear = cell_text("".join(piece for piece, look in kept if look is Look.PLAIN))
    if is_fraction(text, sum(look is Look.RAISED for _, look in kept)):
        doubt = doubt or Doubt.RAISED
    if not text:
        looks = [look for piece, look in kept if piece.strip() and look is not Look.PLAIN]
        if looks:
            text, unclear = cell_text("".join(piece for piece, _ in kept))
            doubt = doubt or looks[0].value or ""
    return text, doubt or unclear


def crossed(text: str, doubt: str) -> str:
    """The doubt of a cell that a line goes across; a heading may be parted by one."""
    return doubt or ("" if _WORDS.search(text) else Doubt.OVERLAID)


def is_alike(one: Colour, other: Colour) -> bool:
    """Whether letters of a colour cannot be seen on the other."""
    return all(abs(part - same) <= _ALIKE for part, same in zip(one, other, strict=True))


def colour_of(digits: str) -> Colour | None:
    """The colour that six hexadecimal digits name."""
    if len(digits) != 6 or not all(char in "0123456789abcdefABCDEF" for char in digits):
        return None
    return tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))


def is_fraction(rest: str, raised: int) -> bool:
    """Whether a stroke is all that stands between so many raised pieces: ¹/₂."""
    return rest in ("/", "\u2044", "\u2215") and raised > 1


def symbol(font: str, code: int) -> str | None:
    """The character that stands at a place of a symbol font, where that is known."""
    if font.strip().lower() not in SYMBOL_FONTS - PICTURE_FONTS:
        return None
    code -= 0xF000 if code >= 0xF000 else 0
    char = chr(code)
    return char if char in _SAME_IN_SYMBOL else _SYMBOL_PLACES.get(code)


def is_known_in(font: str, text: str) -> bool:
    """Whether all characters of a text are what they seem when set in a symbol font."""
    return all(char.isspace() or symbol(font, ord(char)) == char for char in text)
