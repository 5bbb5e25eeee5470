"""The rows or columns that something lies over of which only place and length are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 300  # rows or columns


def laid_over(
    size_of: Callable[[int], float], length: float, *, first: int = 0, offset: float = 0
) -> tuple[int, int]:
    """The first and the last row or column, counted from 0, under what begins so far into one.

    What reaches over an edge by less than a twentieth of the next does not lie over it.
    """
    beyond = first + MOST
    while first < beyond and offset >= size_of(first):
        offset -= size_of(first)
        first += 1
    last, room = first, size_of(first) - offset
    while last < beyond and room + size_of(last + 1) / 20 < length:
        last += 1
        room += size_of(last)
    return first, last
