"""Takes out of a parsed page what a reader of the page would not read; marks cells in doubt.

What is hidden goes.  Inside a cell, what is struck through, raised like a note mark or in the
colour of the page goes too, but where nothing else stands in the cell, which is then in doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from gouji.landing import styles
from gouji.landing.shown import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FLAW = "flaw"  # the attribute of a cell by which it is marked: the name of its doubt
_SMALL = frozenset(["0", "1", "2", "3"])  # pixels of a picture that only keeps a place
_STRUCK, _RAISED = frozenset(["s", "del", "strike"]), frozenset(["sup", "sub"])
_CELLS = frozenset(["td", "th"])
_ATTRIBUTES_TO_LOOK_AT = etree.XPath("//*[@style or @hidden or @color or @bgcolor]")
_TAGS_TO_LOOK_AT = (b"<sup", b"<sub", b"<s>", b"<s ", b"<del", b"<strike")
_DRESSING = etree.XPath("//s|//del|//strike|//sup|//sub")
_UNREAD = etree.XPath(
    "//*[self::img or self::image or self::svg or self::canvas or self::picture"
    " or self::video or self::audio or self::applet or self::input or self::select"
    " or self::textarea or self::button or self::meter or self::progress or self::math"
    " or self::iframe or self::object or self::embed or self::script or self::ol or self::bdo]"
)
_DOUBTS: dict[str, Doubt] = {
    **dict.fromkeys(["input", "select", "textarea", "meter", "progress", "button"], Doubt.FIELD),
    **dict.fromkeys(["iframe", "object", "embed", "applet", "script"], Doubt.EMBEDDED),
    "math": Doubt.EQUATION,
    "ol": Doubt.COUNTED,
    "bdo": Doubt.TURNED,
}

_Looked = dict[etree._Element, styles.Effects]


def leave_out(root: etree._Element, lowered: bytes, rules: Sequence[styles.Rule]) -> None:
    """Take out of a page what it does not show; `lowered` is its text in small letters."""
    looked = _looked_at(root, lowered, rules)
    dressed: list[tuple[etree._Element, Doubt]] = []
    if any(tag in lowered for tag in _TAGS_TO_LOOK_AT):
        for element in _DRESSING(root):
            doubt = Doubt.STRUCK if element.tag in _STRUCK else Doubt.RAISED
            dressed.append((element, doubt))
    for element, effect in looked.items():
        if effect.is_gone:
            _remove(element)
        elif effect.is_unseen or effect.is_tiny:
            _empty(element, looked, is_size=effect.is_tiny)
        elif effect.is_struck or effect.is_raised:
            dressed.append((element, Doubt.STRUCK if effect.is_struck else Doubt.RAISED))
        elif effect.is_faint and not _has_ground(element, looked):
            dressed.append((element, Doubt.FAINT))
    if dressed:
        _leave_out_of_cells(dressed, looked)
    for element in _UNREAD(root):
        _doubt(element)


def _looked_at(root: etree._Element, lowered: bytes, rules: Sequence[styles.Rule]) -> _Looked:
    """The elements whose own declarations may change what is shown of them, and the effects."""
    is_styled = b"style" in lowered or b"color" in lowered or b"hidden" in lowered
    if not rules and not (is_styled and any(hint in lowered for hint in styles.HINTS)):
        return {}
    declared: dict[etree._Element, styles.Declarations] = {}
    important: dict[etree._Element, styles.Declarations] = {}
    for rule in rules:
        for element in rule.path(root):
            (important if rule.rank[0] else declared).setdefault(element, {}).update(rule.declared)
    looked: _Looked = {}
    for element in _ATTRIBUTES_TO_LOOK_AT(root):
        style = element.get("style")
        own = declared.get(element)
        if own is None and element not in important and len(element.attrib) == 1 and style:
            effect = styles.inline(style)  # as most elements with a style have
        else:
            own = declared.setdefault(element, {})
            for name, property_ in (("color", "color"), ("bgcolor", "background")):
                if element.get(name) is not None:
                    own[property_] = str(element.get(name)).strip().lower()
            if element.get("hidden") is not None:
                own.setdefault("display", "none")
            own.update(styles.declarations(style or ""))
            continue
        if effect or effect.has_ground or "size" in style or "color" in style:
            looked[element] = effect
    for element in important.keys() | declared.keys():
        looked[element] = styles.effects(declared.get(element, {}) | important.get(element, {}))
    return looked


def _remove(element: etree._Element) -> None:
    """Take an element out, not what follows it."""
    parent = element.getparent()
    if parent is not None:
        tail = etree.Element("span")
        tail.text = element.tail
        parent.replace(element, tail)


def _empty(element: etree._Element, looked: _Looked, *, is_size: bool) -> None:
    """Take out what stands in an element, which keeps its place; not parts that say otherwise."""
    element.text = None
    for child in list(element):
        effect = looked.get(child)
        style = child.get("style") or ""
        says_otherwise = effect is not None and (
            not effect.is_tiny and "font-size" in style
            if is_size
            else not effect.is_unseen and "visibility" in style
        )
        if not says_otherwise:
            _empty(child, looked, is_size=is_size)
        child.tail = None


def _has_ground(element: etree._Element, looked: _Looked) -> bool:
    """Whether a colour stands behind an element, on which white text is read."""
    ground: etree._Element | None = element
    while ground is not None:
        effect = looked.get(ground)
        if effect is not None and effect.has_ground:
            return True
        ground = ground.getparent()
    return False


def _leave_out_of_cells(dressed: Iterable[tuple[etree._Element, Doubt]], looked: _Looked) -> None:
    """Leave struck, raised and faint parts out of their cells; out of prose, but for faint ones."""
    by_cell: dict[etree._Element, list[tuple[etree._Element, Doubt]]] = {}
    for element, doubt in dressed:
        cells = [element] if element.tag in _CELLS else list(element.iter("td", "th"))
        for cell in cells:  # all that stands in them
            if doubt is not Doubt.FAINT or not _has_ground(cell, looked):
                cell.set(FLAW, doubt.name)
        if cells:
            continue
        cell_around = next(element.iterancestors("td", "th"), None)
        if cell_around is not None:
            by_cell.setdefault(cell_around, []).append((element, doubt))
        elif doubt is not Doubt.FAINT:
            _remove(element)
    for cell, parts in by_cell.items():
        everything = "".join(cell.itertext()).split()
        taken = [element for element, _ in parts]
        rest = "".join(_text_without(cell, set(taken))).split()
        if rest or not everything:
            for element in taken:
                _remove(element)
        else:
            cell.set(FLAW, parts[0][1].name)


def _text_without(cell: etree._Element, taken: set[etree._Element]) -> Iterable[str]:
    """The texts of a cell that stand in none of some elements."""
    yield cell.text or ""
    for child in cell:
        if child not in taken:
            yield from _text_without(child, taken)
        yield child.tail or ""


def _doubt(element: etree._Element) -> None:
    """Mark the cell around something that is shown and cannot be read."""
    tag = element.tag
    if tag == "input" and (element.get("type") or "").lower() == "hidden":
        return
    if tag == "img" and {element.get("width"), element.get("height")} & _SMALL:
        return
    if tag == "script" and "write" not in (element.text or ""):
        return
    if tag == "button" and "".join(element.itertext()).strip():
        return
    cell = next(element.iterancestors("td", "th"), None)
    if cell is not None and cell.get(FLAW) is None:
        cell.set(FLAW, _DOUBTS.get(tag, Doubt.PICTURE).name)
