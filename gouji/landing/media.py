"""Which conditions of stylesheets hold where a person reads a page: on the screen of a desktop.

A condition holds, does not hold, or cannot be told: `None`.
"""

from __future__ import annotations

import operator
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Truth = bool | None

_MEDIA = ("all", "screen")
_NUMBERS = {  # of a screen of 1280 by 800 points
    "width": 1280.0,
    "device-width": 1280.0,
    "height": 800.0,
    "device-height": 800.0,
    "aspect-ratio": 1.6,
    "device-aspect-ratio": 1.6,
    "resolution": 1.0,
    "color": 8.0,
    "device-pixel-ratio": 1.0,
    "monochrome": 0.0,
    "color-index": 0.0,
    "grid": 0.0,
}
_WORDS = {
    "orientation": "landscape",
    "hover": "hover",
    "any-hover": "hover",
    "pointer": "fine",
    "any-pointer": "fine",
    "prefers-color-scheme": "light",
    "forced-colors": "none",
    "inverted-colors": "none",
    "prefers-contrast": "no-preference",
    "update": "fast",
    "prefers-reduced-motion": "no-preference",
    "prefers-reduced-data": "no-preference",
    "prefers-reduced-transparency": "no-preference",
    "scripting": "enabled",
    "color-gamut": "srgb",
    "dynamic-range": "standard",
    "display-mode": "browser",
    "overflow-block": "scroll",
    "overflow-inline": "scroll",
    "scan": "progressive",
}
_NOTHING = ("none", "no-preference")
_OF_OTHERS = ("-ms-", "-moz-", "-o-", "min--moz-", "max--moz-", "-webkit-touch-callout")
_UNITS = {"": 1.0, "px": 1.0, "em": 16.0, "rem": 16.0, "pt": 4 / 3, "cm": 37.8, "mm": 3.78}
_UNITS |= {"in": 96.0, "dppx": 1.0, "x": 1.0, "dpi": 1 / 96, "dpcm": 2.54 / 96}
_NUMBER = re.compile(r"(-?\d*\.?\d+)([a-z]*)(?:/(\d*\.?\d+))?")
_FEATURE = re.compile(r"(?:-webkit-)?(min-|max-|)([a-z-]+)(?::(.+))?")
_RANGE = re.compile(r"(?:([^<>=]+)([<>]=?|=))?([a-z-]+)(?:([<>]=?|=)([^<>=]+))?")
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "min-": operator.ge,
    "max-": operator.le,
    "": operator.eq,
}


def all_of(parts: Iterable[Truth]) -> Truth:
    """Whether all parts hold."""
    told = list(parts)
    return False if False in told else None if None in told else True


def any_of(parts: Iterable[Truth]) -> Truth:
    """Whether any part holds."""
    told = list(parts)
    return True if True in told else None if None in told else False


@lru_cache(maxsize=1_000)
def media_hold(media: str) -> Truth:
    """Whether a list of media queries holds; an empty one does."""
    queries: list[list[Any]] = [[]]
    for token in _tokens(media):
        if token.type == "literal" and token.value == ",":
            queries.append([])
        else:
            queries[-1].append(token)
    try:
        return any_of(map(_query, queries)) if queries != [[]] else True
    except RecursionError:
        return None


@lru_cache(maxsize=1_000)
def is_supported(condition: str) -> Truth:
    """Whether a browser of today supports what `@supports` asks for."""
    try:
        return _condition(_tokens(condition), _declaration)
    except RecursionError:
        return None


def _tokens(text: str) -> list[Any]:
    from tinycss2 import parse_component_value_list  # noqa: PLC0415 - few pages need it

    return _meant(parse_component_value_list(text.lower(), skip_comments=True))


def _meant(tokens: Iterable[Any]) -> list[Any]:
    return [token for token in tokens if token.type not in ("whitespace", "comment")]


def _word(token: Any) -> str:
    return str(token.value) if token.type == "ident" else ""


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _query(tokens: list[Any]) -> Truth:
    if not tokens:
        return False
    first = _word(tokens[0])
    if first in ("not", "only") and len(tokens) > 1 and _word(tokens[1]):
        return _not(_query(tokens[1:])) if first == "not" else _query(tokens[1:])
    if not first or first == "not":
        return _condition(tokens, _feature)
    if first not in _MEDIA or len(tokens) == 1:
        return first in _MEDIA
    return _word(tokens[1]) == "and" and _condition(tokens[2:], _feature)


def _condition(tokens: list[Any], asked: Callable[[str], Truth]) -> Truth:
    """Whether conditions hold that are joined by words; what is no condition does not."""
    if tokens and _word(tokens[0]) == "not":
        return _not(_condition(tokens[1:], asked))
    joints = {_word(token) for token in tokens[1::2]}
    parts = [_part(token, asked) for token in tokens[::2]]
    if not parts or joints not in (set(), {"and"}, {"or"}):
        return False
    return any_of(parts) if joints == {"or"} else all_of(parts)


def _part(token: Any, asked: Callable[[str], Truth]) -> Truth:
    if token.type != "() block":
        return None if token.type == "function" else False
    within = _meant(token.content)
    if within and (within[0].type == "() block" or _word(within[0]) == "not"):
        return _condition(within, asked)
    return asked("".join(part.serialize() for part in within))


def _feature(feature: str) -> Truth:
    """Whether a feature of a screen is as it is asked for."""
    if feature.startswith(_OF_OTHERS):
        return False
    plain = _FEATURE.fullmatch(feature)
    if plain is not None:
        bound, name, value = plain.groups()
        if value is None:
            return _is_there(name)
        if name in _WORDS:
            return str(value) == _WORDS[name]
        return _compare(name, bound, value)
    ranged = _RANGE.fullmatch(feature)
    if ranged is None:
        return None
    low, below, name, above, high = ranged.groups()
    flipped = str(below or "").translate(str.maketrans("<>", "><"))
    return all_of(
        _compare(name, sign, value) for sign, value in ((flipped, low), (above, high)) if value
    )


def _is_there(name: str) -> Truth:
    if name in _WORDS:
        return _WORDS[name] not in _NOTHING
    return _NUMBERS[name] > 0 if name in _NUMBERS else None


def _compare(name: str, sign: str, value: str) -> Truth:
    number = _NUMBER.fullmatch(value)
    if name not in _NUMBERS or number is None or number[2] not in _UNITS:
        return None
    asked = float(number[1]) * _UNITS[number[2]] / (float(number[3] or 1) or 1)
    return _COMPARED[sign](_NUMBERS[name], asked)


def _declaration(declaration: str) -> Truth:
    """Whether a declaration is understood; those of another make of browser are not."""
    return not declaration.startswith(_OF_OTHERS)
