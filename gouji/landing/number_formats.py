"""What a number shows under a spreadsheet's number format (ECMA-376, part 1, 18.8.31).

The formats of counts and amounts are followed: sections, digits, thousands, scaling, percent,
literal text, conditions.  Dates, fractions, powers of ten and spelled-out numbers are not; nor is a
format under which a negative number shows without a sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

MAX_FORMAT = 255  # characters, as spreadsheets allow
_WIDEST = 10  # digits that show without a format, where not all stand before the point
_GENERAL = ("General", "G/通用格式", "GENERAL", "general")
_TOKEN = re.compile(
    r"(?P<text>\"[^\"]*\"|[\\!].)|(?P<room>[_*].)|(?P<bracket>\[[^\]]*\])"
    r"|(?P<general>[Gg]eneral|GENERAL|G/通用格式)|(?P<digit>[0#?])|(?P<sign>[.,%@;])"
    r"|(?P<plain>[-+()\s:$¥￥]|[^\x00-\x7f])",
    re.DOTALL,
)
_MINUS = "-−－"
_IN_BRACKETS = re.compile(r"[(（]([^()（）]*\d[^()（）]*)[)）]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[0-9A-Fa-f]*)?\]")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d{1,15}(?:\.\d{1,15})?)\]")
_COLOUR = re.compile(
    r"\[(?:(black|white|red|green|blue|yellow|magenta|cyan|[黑白红绿蓝黄洋青])红?色?"
    r"|colou?r ?(\d{1,2}))\]",
    re.IGNORECASE,
)
# The colours of formats by their number, by which a format may also call them.
_COLOURS = ["black", "white", "red", "green", "blue", "yellow", "magenta", "cyan"]
_NUMBERS = {name: number for number, name in enumerate(_COLOURS, start=1)}
_NUMBERS |= {name: number for number, name in enumerate("黑白红绿蓝黄洋青", start=1)}


class NotFollowed(Exception):
    """A number format whose result is not known here."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A section of a format: its tokens as (kind, text), and for which numbers it is."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None
    ink: int | None = None

    def has(self, text: str) -> bool:
        return any(text in token for kind, token in self.tokens if kind == "text")


def show_number(value: float, code: str) -> str:
    """What a number shows under a format.  Raises `NotFollowed`."""
    number = Decimal(f"{value:.15g}")
    section, is_signed = _section_for(number, code)
    text = _render(section, abs(number))
    if number >= 0 or not text.strip():
        return text
    if is_signed:
        # What rounds to nothing shows without a sign.
        return f"-{text}" if any(char in "123456789" for char in text) else text
    if any(map(section.has, _MINUS)):
        return text
    signed = with_a_sign(text)
    if signed == text:
        raise NotFollowed
    return signed


def ink_of_number(value: float, code: str) -> int | None:
    """The number of the colour in which a format shows a number.  Raises `NotFollowed`."""
    return _section_for(Decimal(f"{value:.15g}"), code)[0].ink


def ink_of_text(code: str) -> int | None:
    """The number of the colour in which a format shows a text."""
    sections = _sections(code)
    is_for_texts = len(sections) == 4 or ("sign", "@") in sections[-1].tokens
    return sections[-1].ink if is_for_texts else None


def _section_for(number: Decimal, code: str) -> tuple[_Section, bool]:
    """The section of a format for a number, and whether a minus stands before what it shows."""
    sections = _sections(code)
    if any(section.condition for section in sections):
        section = next((s for s in sections if holds(s.condition, number)), None)
        if section is None:
            raise NotFollowed
        return section, True
    numeric = sections[:3]
    at = 1 if number < 0 else 2 if number == 0 else 0
    return numeric[at] if at < len(numeric) else numeric[0], at != 1 or len(numeric) < 2


def with_a_sign(text: str) -> str:
    """A negative number with a minus for the brackets that accountants write around it."""
    if any(sign in text for sign in _MINUS):
        return text
    bare, times = _IN_BRACKETS.subn(r"\1", text)
    return f"-{bare.strip()}" if times == 1 else text


def show_text(text: str, code: str) -> str:
    """What a text shows under a format: itself, unless the format's fourth section changes it."""
    if code in _GENERAL or code == "@":
        return text
    sections = _sections(code)
    last = sections[-1]
    if len(sections) < 4 and ("sign", "@") not in last.tokens:
        return text
    return "".join(text if kind == "sign" else part for kind, part in last.tokens)


def general(number: Decimal) -> str:
    """A number as it shows without a format: whole, or in eleven characters."""
    if number == number.to_integral():
        return f"{number:f}"
    places = max(0, _WIDEST - len(f"{abs(number):.0f}"))
    shown = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if not shown:  # as a power of ten
        raise NotFollowed
    return f"{shown.normalize():f}"


@lru_cache(maxsize=1_000)
def _sections(code: str) -> tuple[_Section, ...]:
    if len(code) > MAX_FORMAT:
        raise NotFollowed
    sections: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, Decimal] | None = None
    ink: int | None = None
    for match in [*_matches(code), None]:
        if match is None or match.group() == ";":
            sections.append(_Section(tuple(tokens), condition, ink))
            tokens, condition, ink = [], None, None
            continue
        kind, text = str(match.lastgroup), match.group()
        if kind == "text":
            tokens.append(("text", text[1:-1] if text.startswith('"') else text[1:]))
        elif kind == "plain":
            tokens.append(("text", text))
        elif kind == "bracket":
            money, bound = _CURRENCY.fullmatch(text), _CONDITION.fullmatch(text)
            colour = _COLOUR.fullmatch(text)
            if money:
                tokens.append(("text", money.group(1)))
            elif bound:
                condition = (bound.group(1), Decimal(bound.group(2)))
            elif colour:
                name, number = colour.groups()
                ink = int(number) if number else _NUMBERS[name.lower()]
            else:
                raise NotFollowed
        elif kind != "room":
            tokens.append((kind, text))
    if len(sections) > 4:
        raise NotFollowed
    return tuple(sections)


def _matches(code: str) -> list[re.Match[str]]:
    """The tokens of a format, which must leave nothing over."""
    found: list[re.Match[str]] = []
    at = 0
    while at < len(code):
        match = _TOKEN.match(code, at)
        is_filling = match is not None and match.group().startswith("*")  # the rest of the cell
        if match is None or (is_filling and match.group() != "* "):
            raise NotFollowed
        found.append(match)
        at = match.end()
    return found


def holds(condition: tuple[str, Decimal] | None, number: Decimal) -> bool:
    """Whether a number compares so with another."""
    if condition is None:
        return True
    sign, bound = condition
    return {
        "<": number < bound,
        "<=": number <= bound,
        ">": number > bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[sign]


def _render(section: _Section, number: Decimal) -> str:
    """An unsigned number in a section."""
    tokens = list(section.tokens)
    if ("sign", "@") in tokens:
        tokens = [("general", "") if token == ("sign", "@") else token for token in tokens]
    digits = [at for at, (kind, _) in enumerate(tokens) if kind == "digit"]
    if not digits:
        return "".join(general(number) if kind == "general" else text for kind, text in tokens)
    if any(kind == "general" for kind, _ in tokens):
        raise NotFollowed
    points = [at for at, token in enumerate(tokens) if token == ("sign", ".")]
    if len(points) > 1:
        raise NotFollowed
    point = points[0] if points else digits[-1] + 1
    whole = [at for at in digits if at < point]
    part = [at for at in digits if at > point]
    commas = [at for at, token in enumerate(tokens) if token == ("sign", ",")]
    scaling = [at for at in commas if at > digits[-1] or (whole and whole[-1] < at < point)]
    number *= Decimal(100) ** sum(token == ("sign", "%") for token in tokens)
    number /= Decimal(1000) ** len(scaling)
    number = number.quantize(Decimal(1).scaleb(-len(part)), rounding=ROUND_HALF_UP)
    before, _, after = f"{number:f}".partition(".")
    before = "" if before == "0" else before
    is_grouped = any(at not in scaling and whole and whole[0] < at < point for at in commas)
    shown = {at: text for at, (kind, text) in enumerate(tokens) if kind == "text"}
    shown |= {at: "%" for at, token in enumerate(tokens) if token == ("sign", "%")}
    shown |= _whole_digits(before, whole, tokens, is_grouped=is_grouped)
    shown |= _part_digits(after, part, tokens)
    if points:
        shown[point] = "."
        if not whole:
            shown[point] = f"{before}."
    return "".join(shown.get(at, "") for at in range(len(tokens)))


def _whole_digits(
    text: str, places: list[int], tokens: list[tuple[str, str]], *, is_grouped: bool
) -> dict[int, str]:
    """The digits before the point at their places, filled from the right."""
    least = {"0": "0", "#": "", "?": " "}
    shown: dict[int, str] = {}
    written = 0
    for at in reversed(places):
        rest = text if at == places[0] else text[-1:]
        text = text[: len(text) - len(rest)]
        out = ""
        for char in reversed(rest or least[tokens[at][1]]):
            if is_grouped and char.isdigit() and written and written % 3 == 0:
                out = "," + out
            out = char + out
            written += char.isdigit()
        shown[at] = out
    return shown


def _part_digits(text: str, places: list[int], tokens: list[tuple[str, str]]) -> dict[int, str]:
    """The digits after the point; those that need not stand are left out where they are noughts."""
    shown: dict[int, str] = {}
    is_needed = False
    for at, char in reversed(list(zip(places, text, strict=False))):
        is_needed = is_needed or char != "0" or tokens[at][1] == "0"
        shown[at] = char if is_needed else ""
    return shown
