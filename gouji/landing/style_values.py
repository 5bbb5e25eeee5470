"""Values of stylesheets: lengths, also worked out ones, colours, and where a transform moves a box.

What is no such value, or cannot be worked out, is `None`.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Colour = tuple[float, float, float]
Matrix = tuple[float, float, float, float, float, float]  # as in `matrix()`

MEDIUM = 16.0  # pixels of letters of which nothing is said
NO_COLOUR = (-1.0, -1.0, -1.0)  # transparent: what is set in it is not seen on any ground
CLEAR = 0.1  # the opacity up to which something is not seen
_PIXELS = {"em": 16, "rem": 16, "pt": 4 / 3, "cm": 38, "mm": 3.8, "in": 96, "vw": 12.8, "vh": 8}
_PIXELS |= {"pc": 16, "q": 0.95, "ex": 8, "ch": 8, "px": 1, "%": 1, "vmin": 8, "vmax": 12.8}
_DEGREES = {"deg": 1.0, "grad": 0.9, "turn": 360.0, "rad": 180 / math.pi}
_LENGTH = re.compile(r"[+-]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})([a-z]{1,4}|%)?")
_TERM = re.compile(r"(\d{1,9}\.?\d{0,9}|\.\d{1,9})([a-z]{1,4}|%)?")
_WORKED_OUT = re.compile(r"calc|min|max|clamp")
_LONGEST = 200  # characters of a value that is worked out
_SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FLAT = 0.01  # the share of its area that is left of what cannot be seen
UNSET = ("none", "initial", "unset", "inherit", "revert", "revert-layer", "auto", "normal")
_UNIT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_MOVE = re.compile(r"([a-z0-9]+)\(((?:[^()]|\([^()]*\))*)\)\s*")


@lru_cache(maxsize=5_000)
def split_length(value: str) -> tuple[float, str] | None:
    """The number and the unit of a plain length."""
    match = _LENGTH.fullmatch(value)
    if match is None:
        return None
    unit = match[1] or ""
    return float(value.removesuffix(unit) if unit else value), unit


@lru_cache(maxsize=5_000)
def pixels(value: str) -> float | None:
    """A length in pixels, in letters of ordinary size; a share as so many pixels."""
    length = split_length(value)
    if length is not None:
        number, unit = length
        return number * _PIXELS[unit] if unit in _PIXELS else number if not unit else None
    return _work_out(value) if _WORKED_OUT.match(value) and len(value) <= _LONGEST else None


def across(length: str) -> float | None:
    """A length across the page in pixels; a share is one of its width."""
    share = split_length(length)
    if share is not None and share[1] == "%":
        return share[0] * _PIXELS["vw"]
    return pixels(length)


def _work_out(value: str) -> float | None:
    """A length that `calc()` and its kin work out."""
    is_known = True

    def in_pixels(term: re.Match[str]) -> str:
        nonlocal is_known
        is_known = is_known and (not term[2] or term[2] in _PIXELS)
        # a share among lengths is of the page: of its width, as of what stands across it
        unit = "vw" if term[2] == "%" else term[2] or "px"
        return str(float(term[1]) * _PIXELS.get(unit, 1))

    plain = _TERM.sub(in_pixels, value.replace("calc(", "("))
    try:
        return _sum(ast.parse(plain, mode="eval").body) if is_known else None
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError):
        return None


def _sum(node: ast.expr) -> float:  # noqa: PLR0911 - one for each kind
    match node:
        case ast.Constant(value=float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return -_sum(part)
        case ast.UnaryOp(op=ast.UAdd(), operand=part):
            return _sum(part)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            return _SIGNS[type(sign)](_sum(left), _sum(right))
        case ast.Call(func=ast.Name(id="min"), args=[_, *_] as parts):
            return min(map(_sum, parts))
        case ast.Call(func=ast.Name(id="max"), args=[_, *_] as parts):
            return max(map(_sum, parts))
        case ast.Call(func=ast.Name(id="clamp"), args=[low, number, high]):
            return max(_sum(low), min(_sum(number), _sum(high)))
    raise ValueError


@lru_cache(maxsize=2_000)
def colour(value: str) -> Colour | None:
    """A colour as shares of red, green and blue; nothing for what is none."""
    if not value or value in ("none", "inherit", "auto", "windowtext"):
        return None
    from tinycss2.color5 import parse_color  # noqa: PLC0415 - few pages need it

    try:
        found = parse_color(value)
        if found is None or isinstance(found, str):
            return None
        return _in_rgb(found) if found.alpha > CLEAR else NO_COLOUR
    except (ValueError, AttributeError, IndexError, TypeError, AssertionError):
        return None  # no colour that can be made out


def _in_rgb(found: Any) -> Colour | None:
    """A colour of any space as a screen shows it."""
    space = found.space
    if space in ("srgb", "hsl", "hwb"):
        red, green, blue = (part or 0 for part in found.to("srgb").coordinates)
        return _clamped(red), _clamped(green), _clamped(blue)
    if space in ("lab", "lch"):  # of another white, by a share that the eye hardly parts
        x, y, z = found.to("xyz-d50").coordinates
        x, z = x * 0.9505 / 0.9643, z * 1.0891 / 0.8251
    elif space in ("oklab", "oklch"):
        x, y, z = found.to("xyz-d65").coordinates
    else:
        return None
    return (
        _lit(3.2406 * x - 1.5372 * y - 0.4986 * z),
        _lit(-0.9689 * x + 1.8758 * y + 0.0415 * z),
        _lit(0.0557 * x - 0.2040 * y + 1.0570 * z),
    )


def _clamped(part: float) -> float:
    return max(0.0, min(1.0, part))


def _lit(part: float) -> float:
    """A part of a colour as it is written, from how bright it is."""
    part = _clamped(part)
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


@dataclass(frozen=True, slots=True)
class Move:
    """Where a box goes: pixels to the right and down; is it flattened, turned or unclear."""

    right: float = 0.0
    down: float = 0.0
    is_flat: bool = False
    is_turned: bool = False
    is_unclear: bool = False


@lru_cache(maxsize=2_000)
def move_of(transform: str, rotate: str = "", scale: str = "", translate: str = "") -> Move:
    """What `transform`, and the properties beside it, do to a box."""
    calls = [("translate", ",".join(translate.split())), ("rotate", rotate.rpartition(" ")[2])]
    calls.append(("scale", ",".join(scale.split())))
    around, _, angle = rotate.rpartition(" ")
    if around in ("x", "y"):
        calls[1] = (f"rotate{around}", angle)
    matrix: Matrix | None = _UNIT
    rest = _MOVE.sub("", transform).strip()
    is_known = rest in ("", *UNSET)
    written = [(name, arguments) for name, arguments in _MOVE.findall(transform)]
    for name, arguments in [call for call in calls if call[1] not in ("", *UNSET)] + written:
        step = _step(name, arguments)
        matrix = None if matrix is None or step is None else _after(matrix, step)
    if matrix is None or not is_known or not all(map(math.isfinite, matrix)):
        return Move(is_unclear=True)
    a, b, c, d, right, down = matrix
    is_turned = a <= math.cos(math.pi / 4) * math.hypot(a, b) or a * d - b * c < 0
    return Move(right, down, abs(a * d - b * c) < _FLAT, is_turned)


def _after(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        *(a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j),
        *(a * k + c * m + e, b * k + d * m + f),
    )


def _step(name: str, arguments: str) -> Matrix | None:  # noqa: PLR0911 - one for each kind
    """The matrix of one function of a transform, seen from the front."""
    values = [part.strip() for part in _parts(arguments)]
    if name.startswith("rotate"):
        angle = _degrees(values[-1])
        return None if angle is None else _turn(name, values, math.radians(angle))
    numbers = [pixels(value) for value in values]
    first, *others = [number for number in numbers if number is not None] or [0.0]
    if len(others) + 1 < len(numbers):
        return None
    second = others[0] if others else None
    match name:
        case "translate" | "translate3d":
            return (1, 0, 0, 1, first, second or 0)
        case "translatex":
            return (1, 0, 0, 1, first, 0)
        case "translatey":
            return (1, 0, 0, 1, 0, first)
        case "scale" | "scale3d":
            first, second = (
                number * (0.01 if value.endswith("%") else 1)
                for number, value in zip(
                    (first, first if second is None else second), (values * 2)[:2], strict=True
                )
            )
            return (first, 0, 0, second, 0, 0)
        case "scalex":
            return (first, 0, 0, 1, 0, 0)
        case "scaley":
            return (1, 0, 0, first, 0, 0)
        case "translatez" | "scalez" | "perspective":
            return _UNIT
        case "matrix" if len(others) == 5:
            return (first, others[0], others[1], others[2], others[3], others[4])
        case "matrix3d" if len(others) == 15:
            return (first, others[0], others[3], others[4], others[11], others[12])
    return None


def _turn(name: str, values: list[str], angle: float) -> Matrix | None:
    cosine, sine = math.cos(angle), math.sin(angle)
    if name == "rotate3d":
        axes = {("1", "0"): "rotatex", ("0", "1"): "rotatey", ("0", "0"): "rotatez"}
        name = axes.get((values[0], values[1]), "") if len(values) == 4 else ""
    match name:
        case "rotatex":
            return (1, 0, 0, cosine, 0, 0)
        case "rotatey":
            return (cosine, 0, 0, 1, 0, 0)
        case "rotate" | "rotatez":
            return (cosine, sine, -sine, cosine, 0, 0)
    return None


def _degrees(angle: str) -> float | None:
    length = split_length(angle)
    if length is None:
        return None
    number, unit = length
    return number * _DEGREES[unit] if unit in _DEGREES else 0.0 if number == 0 else None


def _parts(arguments: str) -> Iterator[str]:
    """What stands between the commas of a function, but for those of others within it."""
    deep, start = 0, 0
    for at, char in enumerate(arguments):
        deep += (char == "(") - (char == ")")
        if char == "," and not deep:
            yield arguments[start:at]
            start = at + 1
    yield arguments[start:]
