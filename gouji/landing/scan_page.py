"""A picture of a page made straight: its ink, its ruled lines, the marks that stand in a box.

Every picture is brought to the same scale, so that sizes are the same in all: dots of 1/300 inch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from pdfplumber.table import (
    Table,
    cells_to_tables,
    edges_to_intersections,
    intersections_to_cells,
    merge_edges,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[Any]

DOTS = 300 / 72  # in a point
A4_WIDTH, A4_HEIGHT = 2480, 3508  # dots
_DARKER = 56  # than the paper, of 255: ink
_LINE_ACROSS, _LINE_DOWN = 80, 60  # dots: a shorter stroke is no rule
_GAP = 9  # dots by which a rule may be broken
_SOLID = 0.9  # of its length: what is broken more often is no rule
_STEEPEST = 6.0  # degrees by which a page may lie askew
_LEVEL = 0.05  # degrees that are straight enough
_SPECK = 14  # dots of ink: fewer are dust
_JOINED = 6.0  # points by which ends of rules may stand apart
_ERASED = 2  # dots around a rule that are taken out with it
_COLUMNS = 3  # rules down that stand out where a row is left open
_BESIDE = 8  # dots by which a rule may lie beside the edge of its cells
_STRUCK = 30  # dots of a cell's side along which another stroke lies beside its rule
_THIN = 0.1  # of 1: the share of a rule that is thinner than it is elsewhere
_THICKER = 3  # dots by which a stroke that touches a rule makes it thicker


class Mark(NamedTuple):
    """A piece of ink that hangs together: its edges and how many dots of it are dark."""

    left: int
    top: int
    right: int
    bottom: int
    dots: int


@dataclass(slots=True)
class ScannedPage:
    """A straight page: its letters without the rules, and the rules."""

    letters: Picture  # grey
    ink: Picture  # whether a dot is dark and part of no table's rule
    paper: int
    tables: list[Any]  # of pdfplumber, in points
    across: Picture  # whether a dot was taken out as part of a rule across
    down: Picture


def scanned_page(picture: Picture) -> ScannedPage:
    """A page from its picture: grey, or in colours, as an array of bytes."""
    grey = _at_scale(picture.min(axis=2) if picture.ndim == 3 else picture)
    grey = _straight(grey)
    paper = int(np.bincount(grey.ravel(), minlength=256)[128:].argmax()) + 128
    dark = (grey < paper - _DARKER).astype(np.uint8)
    across, down = _rules(dark)
    tables = _tables([*_edges(across, dark, "h"), *_edges(down, dark, "v")])
    borders = _borders(tables, dark.shape)
    rules = (across | down).astype(np.uint8) & borders
    erased = cv2.dilate(rules, _box(2 * _ERASED + 1, 2 * _ERASED + 1)) > 0
    letters = grey.copy()
    letters[erased] = paper
    across, down = ((one & borders & dark) > 0 for one in (across, down))
    return ScannedPage(letters, (dark > 0) & ~erased, paper, tables, across, down)


def is_struck(page: ScannedPage, box: tuple[int, int, int, int]) -> bool:
    """Whether more than a rule was taken out along a side of a cell, a box of dots.

    A tall 1 or a strike so close to a rule cannot be told from it; that there are two can.
    """
    left, top, right, bottom = box
    return any(
        _is_more_than_a_rule(rules[max(0, at - _BESIDE - 1) : at + _BESIDE + 2], start, end)
        for rules, ats, start, end in (
            (page.across, (top, bottom), left, right),
            (page.down.T, (left, right), top, bottom),
        )
        for at in ats
    )


def _is_more_than_a_rule(rule: Picture, start: int, end: int) -> bool:
    """Whether two strokes lie along a part of a rule, with paper between them or as one."""
    usual = _thickness(rule)
    side = rule[:, start + _BESIDE : end - _BESIDE]
    thickness = _thickness(side)
    if len(thickness) < _STRUCK:
        return False
    has_paper = thickness > side.sum(axis=0)[side.any(axis=0)]
    is_thicker = thickness >= np.quantile(usual, _THIN) + _THICKER
    return int((has_paper | is_thicker).sum()) >= _STRUCK


def _thickness(rule: Picture) -> Picture:
    """From the first dark dot to the last, wherever there is one along a rule."""
    rule = rule[:, rule.any(axis=0)]
    before, after = rule.argmax(axis=0), rule[::-1].argmax(axis=0)
    thickness: Picture = rule.shape[0] - before - after
    return thickness


def marks(page: ScannedPage, box: tuple[int, int, int, int]) -> list[Mark]:
    """The pieces of ink in a box of dots that are no dust, from left to right."""
    left, top, right, bottom = box
    part = page.ink[top:bottom, left:right].astype(np.uint8)
    if not part.size:
        return []
    _, _, found, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    return sorted(
        Mark(left + int(x), top + int(y), left + int(x + wide), top + int(y + high), int(dots))
        for x, y, wide, high, dots in found[1:]
        if dots >= _SPECK
    )


def _at_scale(grey: Picture) -> Picture:
    """A picture with as many dots as a page has at 300 an inch: A4, upright or lying."""
    height, width = grey.shape
    wanted = A4_WIDTH if height >= width else A4_HEIGHT
    share = wanted / width
    if abs(share - 1) < 0.01:
        return np.ascontiguousarray(grey)
    way = cv2.INTER_CUBIC if share > 1 else cv2.INTER_AREA
    return cv2.resize(grey, (wanted, round(height * share)), interpolation=way)


def _straight(grey: Picture) -> Picture:
    """A picture turned so that its lines lie level."""
    dark = (grey < grey.mean() - _DARKER).astype(np.uint8)
    quarter, half = (
        cv2.resize(dark * 255, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        for share in (0.25, 0.5)
    )
    about = _levelest(quarter, np.arange(-_STEEPEST, _STEEPEST + 0.1, 0.25))
    angle = _levelest(half, about + np.arange(-0.3, 0.31, _LEVEL))
    return _turned(grey, angle, cv2.INTER_CUBIC) if abs(angle) >= _LEVEL else grey


def _levelest(dark: Picture, angles: Picture) -> float:
    """The angle at which the ink of a picture lies most in lines."""

    def in_lines(angle: float) -> float:
        rows = _turned(dark, angle, cv2.INTER_NEAREST).sum(axis=1, dtype=float)
        return float(np.square(np.diff(rows)).sum())

    return float(max(angles, key=in_lines))


def _turned(picture: Picture, degrees: float, way: int) -> Picture:
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(
        picture, turn, (width, height), flags=way, borderMode=cv2.BORDER_REPLICATE
    )


def _rules(dark: Picture) -> tuple[Picture, Picture]:
    """The dots of the rules across and down."""

    def opened(across: int, down: int) -> Picture:
        is_across = down == 1
        thick = _box(1, 3) if is_across else _box(3, 1)
        gaps = _box(_GAP, 1) if is_across else _box(1, _GAP)
        drawn = cv2.morphologyEx(cv2.dilate(dark, thick), cv2.MORPH_CLOSE, gaps)
        return cv2.morphologyEx(drawn, cv2.MORPH_OPEN, _box(across, down))

    return opened(_LINE_ACROSS, 1), opened(1, _LINE_DOWN)


def _box(across: int, down: int) -> Picture:
    return np.ones((down, across), np.uint8)


def _edges(rules: Picture, dark: Picture, orientation: str) -> list[dict[str, Any]]:
    """The rules as pdfplumber has them, in points."""
    _, _, found, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    is_across = orientation == "h"
    edges = []
    for left, top, across, down, _ in found[1:]:
        box = np.s_[top : top + down, left : left + across]
        if (rules[box] & dark[box]).any(axis=0 if is_across else 1).mean() < _SOLID:
            continue  # strokes of neighbouring letters
        x, y, wide, high = (edge / DOTS for edge in (left, top, across, down))
        if min(wide, high) > _JOINED:
            continue  # a block of ink, no rule
        middle = y + high / 2 if is_across else x + wide / 2
        edge: dict[str, Any] = {"object_type": "line", "orientation": orientation}
        edge |= {"x0": x, "x1": x + wide, "top": middle, "bottom": middle} if is_across else {}
        edge |= {} if is_across else {"x0": middle, "x1": middle, "top": y, "bottom": y + high}
        edge |= {"width": edge["x1"] - edge["x0"], "height": edge["bottom"] - edge["top"]}
        edges.append(edge)
    return edges


def _borders(tables: list[Any], shape: tuple[int, ...]) -> Picture:
    """The dots along the edges of cells: a stroke elsewhere is part of a letter, or crosses one."""
    borders = np.zeros(shape, np.uint8)
    for left, top, right, bottom in (cell for table in tables for cell in table.cells):
        first = round(left * DOTS), round(top * DOTS)
        last = round(right * DOTS), round(bottom * DOTS)
        cv2.rectangle(borders, first, last, 1, 2 * _BESIDE + 1)
    return borders


def _left_open(edges: list[dict[str, Any]], tables: list[Any]) -> list[dict[str, Any]]:
    """Rules across where rules down stand out of a table: a row that a page's end leaves open."""
    closing: list[dict[str, Any]] = []
    for left, top, right, bottom in (table.bbox for table in tables):
        down = [
            edge
            for edge in edges
            if edge["orientation"] == "v" and left - _JOINED < edge["x0"] < right + _JOINED
        ]
        for side, y, sign in (("top", top, -1), ("bottom", bottom, 1)):
            out = [
                edge
                for edge in down
                if edge["top"] < bottom - _JOINED
                and edge["bottom"] > top + _JOINED
                and sign * (edge[side] - y) > 2 * _JOINED
            ]
            ends = [edge[side] for edge in out]
            if len(out) < _COLUMNS or max(ends) - min(ends) > _JOINED:
                continue
            end = min(ends) if side == "bottom" else max(ends)
            x0, x1 = (pick(edge["x0"] for edge in out) for pick in (min, max))
            closing.append(
                {"object_type": "line", "orientation": "h", "height": 0.0, "width": x1 - x0}
                | {"x0": x0, "x1": x1, "top": end, "bottom": end}
            )
    return closing


def _tables(edges: list[dict[str, Any]]) -> list[Any]:
    """The tables that rules make, of more than one column, by the ways of pdfplumber."""
    merged = merge_edges(edges, 3, 3, _JOINED, _JOINED)
    closing = _left_open(merged, _crossing(merged))
    return _crossing([*merged, *closing]) if closing else _crossing(merged)


def _crossing(edges: list[dict[str, Any]]) -> list[Any]:
    # a table asks its page for words alone, which a picture has not
    page: Any = None
    tables = cells_to_tables(intersections_to_cells(edges_to_intersections(edges, 3, 3)))
    return [Table(page, cells) for cells in tables if len({cell[0] for cell in cells}) > 1]
