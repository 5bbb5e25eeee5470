"""Which texts of a cell the warehouse reads: what `int_printed_numbers` calls no unreadable text.

The words are those of `printed_words`, the way of reading is that model's; a test holds the two to
the same list of spellings.  Nothing is worked out here: landing must only know what is a value.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from gouji.landing.grid import visible

_PLAIN = str.maketrans(
    "０１２３４５６７８９．，＋（）／－﹣−‐‑‒–\u3000\u00a0\u2002\u2003\t\r\n",
    "0123456789.,+()/" + "-" * 7 + " " * 7,
)
# Digits as they are read, by every reader: a leading zero or a sixteenth place tells of cells that
# ran together. The model has the same pattern.
NUMBER = r"(?:0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4})(?:[.][0-9]{1,8})?"
_PARTS = re.compile(rf"([^0-9.,]*)({NUMBER})([^0-9.,]*)")
_BRACKETED = re.compile(r"[(]([^()]*)[)]")
_REMARKED = re.compile(r"([^()]+)[(](.*)[)]")
_NUMERAL = re.compile(
    "([^0-9零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]*)"
    "([零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]+)"
    "([^0-9零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]*)"
)
_ACCOUNTS = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟", "零二一二三四五六七八九十百千")
_DIGIT = "[一二三四五六七八九]"
_TENS = f"{_DIGIT}?十{_DIGIT}?"
_HUNDREDS = f"{_DIGIT}百(?:零{_DIGIT}|{_TENS})?"
_THOUSANDS = f"{_DIGIT}千(?:零{_DIGIT}|零?{_TENS}|{_HUNDREDS})?"
_ANY = "[零一二三四五六七八九]"
_DIGIT_BY_DIGIT = (
    f"{_DIGIT}{_ANY}{{0,2}}零|{_DIGIT}(?:零{_ANY}{{1,2}}|{_ANY}零{_ANY})"  # with a zero: 一〇五
)
_WELL_FORMED = re.compile(f"零|{_DIGIT}|{_TENS}|{_HUNDREDS}|{_THOUSANDS}|{_DIGIT_BY_DIGIT}")
_ROUGH = frozenset(["余", "多", "约", "近"])
_FIRST_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class PrintedWords:
    """The words that stand beside digits or in their place: word -> what it means."""

    whole: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)

    def is_read(self, text: str) -> bool:
        """Whether a text says a number or stands for a value, and is not blank."""
        plain = _plain(text)
        meaning = self.whole.get(plain.lower())
        if meaning is not None:
            return meaning != "blank"
        within, remark, is_bracketed = plain, "", False
        if bracketed := _BRACKETED.fullmatch(plain):
            within, is_bracketed = bracketed.group(1).strip(" "), True
        elif remarked := _REMARKED.fullmatch(plain):
            within, remark = remarked.group(1).strip(" "), remarked.group(2)
        parts = _PARTS.fullmatch(_in_digits(within))
        if parts is None:
            return False
        before, digits, after = (part.strip(" ") for part in parts.groups())
        if (before and before not in self.before) or (after and after not in self.after):
            return False
        sign = self.before.get(before, "sign")
        unit = self.after.get(after or remark, "")
        is_whole = not digits.partition(".")[2].strip("0")
        is_count = is_whole and unit in ("", "count_unit", "scale")
        is_amount = sign != "change_word" and unit in ("", "scale", "money_unit")
        if sign == "change_word":
            return is_count and not is_bracketed
        return is_amount or (is_count and sign == "sign")

    def is_like_a_value(self, text: str) -> bool:
        """Whether a text stands where a value belongs, though no number can be told from it."""
        plain = _plain(text)
        if self.before.get(plain) == "change_word":
            return True
        number = _FIRST_NUMBER.search(plain)
        if number is None:
            return False
        after = plain[number.end() :].partition("(")[0]
        return _holds_only(plain[: number.start()], {*self.before, *_ROUGH}) and _holds_only(
            after, {*self.after, *_ROUGH}
        )


def printed_words(rows: list[dict[str, str]]) -> PrintedWords:
    """The words of the seed `printed_words`."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row["part"]][row["word"]] = row["meaning"]
    whole = {word.lower(): meaning for word, meaning in found["whole"].items()}
    return PrintedWords(whole, found["prefix"], found["suffix"])


def _plain(text: str) -> str:
    return visible(text).translate(_PLAIN).strip(" ")


def _in_digits(text: str) -> str:
    """A text with a number in Chinese numerals written as some digit."""
    numeral = _NUMERAL.fullmatch(text)
    if numeral and _WELL_FORMED.fullmatch(numeral.group(2).translate(_ACCOUNTS)):
        return f"{numeral.group(1)}1{numeral.group(3)}"
    return text


def _holds_only(text: str, words: set[str]) -> bool:
    """Whether a text is made up of words, the longest first, in one walk."""
    longest = sorted(words, key=len, reverse=True)
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        word = next((word for word in longest if text.startswith(word, at)), "")
        if not word:
            return False
        at += len(word)
    return True
