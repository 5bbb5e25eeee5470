"""Takes out of a parsed page what a reader of the page would not read; marks cells in doubt.

What is hidden goes.  Inside a cell, what is struck through, raised like a note mark or in the
colour of the page goes too, but where nothing else stands in the cell, which is then in doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lxml import etree

from gouji.landing import styles
from gouji.landing.shown import Doubt, is_fraction, is_known_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FLAW = "flaw"  # the attribute of a cell by which it is marked: the name of its doubt
_SMALL = frozenset(["0", "1", "2", "3"])  # pixels of a picture that only keeps a place
_STRUCK, _RAISED = frozenset(["s", "del", "strike"]), frozenset(["sup", "sub"])
_CELLS = frozenset(["td", "th"])
_ROWS, _COLUMNS = frozenset(["tr", "tbody", "thead", "tfoot"]), frozenset(["col", "colgroup"])
_IN_LINES = frozenset(
    ["span", "font", "b", "strong", "i", "em", "u", "a", "label", "small", "big", "code", "ins"]
)
_ATTRIBUTES_TO_LOOK_AT = etree.XPath(
    "//*[@*][@style or @hidden or @popover or @color or @bgcolor or @face]"
)
_DECLARES = {"color": "color", "bgcolor": "background", "face": "font-family"}
_LOOKED_AT = ("hidden", "popover", *_DECLARES)
_UNREAD = (
    *("img", "image", "svg", "canvas", "picture", "video", "audio", "applet", "input", "select"),
    *("textarea", "button", "meter", "progress", "math", "iframe", "object", "embed", "script"),
    *("ol", "bdo"),
)
_DOUBTS: dict[str, Doubt] = {
    **dict.fromkeys(["input", "select", "textarea", "meter", "progress", "button"], Doubt.FIELD),
    **dict.fromkeys(["iframe", "object", "embed", "applet", "script"], Doubt.EMBEDDED),
    "math": Doubt.EQUATION,
    "ol": Doubt.COUNTED,
    "bdo": Doubt.TURNED,
}

_Looked = dict[etree._Element, styles.Effects]


def leave_out(root: etree._Element, rules: Sequence[styles.Rule]) -> None:
    """Take out of a page what it does not show; `rules` are those of its stylesheets."""
    looked = _looked_at(root, rules)
    dressed = [
        (element, Doubt.STRUCK if element.tag in _STRUCK else Doubt.RAISED)
        for element in root.iter(*_STRUCK, *_RAISED)
    ]
    for element, effect in looked.items():
        if _leave_out_unseen(element, effect, looked):
            pass
        elif effect.is_struck or effect.is_raised:
            dressed.append((element, Doubt.STRUCK if effect.is_struck else Doubt.RAISED))
        elif _is_faint(element, looked):
            dressed.append((element, Doubt.FAINT))
        if effect.is_turned:
            _mark(element, Doubt.TURNED)
        if effect.is_masked:
            _mark(element, Doubt.MASKED)
        if effect.font and not is_known_in(effect.font, "".join(map(str, element.itertext()))):
            _mark(element, Doubt.SYMBOL)
        if effect.is_apart and element.tag in _IN_LINES:
            element.tag = "div"
        if effect.is_written or (effect.is_picture and element.tag not in _CELLS):
            _doubt_written(element, effect)
    if dressed:
        _leave_out_of_cells(dressed, looked)
    for element in root.iter(*_UNREAD):
        _doubt(element)


def _leave_out_unseen(element: etree._Element, effect: styles.Effects, looked: _Looked) -> bool:
    """Take out what is hidden of an element, if anything is; True then."""
    if effect.is_gone:
        _remove(element)
    elif effect.is_collapsed and element.tag in _COLUMNS:  # which cells stand in it is not told
        for cell in next(element.iterancestors("table"), element).iter(*_CELLS):
            _mark(cell, Doubt.UNSEEN)
    elif effect.is_unseen:
        _hide(element, looked, is_collapsed=effect.is_collapsed)
    elif effect.is_tiny:
        _shrink(element, looked, effect.size_within(styles.MEDIUM))
    else:
        return False
    return True


def _found(path: etree.XPath, root: etree._Element) -> list[etree._Element]:
    return cast("list[etree._Element]", path(root))


def _looked_at(root: etree._Element, rules: Sequence[styles.Rule]) -> _Looked:
    """The elements whose own declarations may change what is shown of them, and the effects."""
    attributed = _found(_ATTRIBUTES_TO_LOOK_AT, root)
    if not rules:
        return {element: _effects(element) for element in attributed}
    declared: dict[etree._Element, styles.Declarations] = {}
    important: dict[etree._Element, styles.Declarations] = {}
    for rule in rules:
        for element in _found(rule.path, root):
            (important if rule.rank[0] else declared).setdefault(element, {}).update(rule.declared)
    for element in attributed:
        declared.setdefault(element, {}).update(_own(element))
    return {
        element: styles.effects(declared.get(element, {}) | important.get(element, {}))
        for element in [*declared, *(important.keys() - declared.keys())]
    }


def _effects(element: etree._Element) -> styles.Effects:
    """What an element itself declares and what comes of it; most have a style and no more."""
    if any(element.get(name) is not None for name in _LOOKED_AT):
        return styles.effects(_own(element))
    return styles.inline(str(element.get("style")))


def _own(element: etree._Element) -> styles.Declarations:
    """What the attributes of an element declare."""
    own: styles.Declarations = {}
    for name, declares in _DECLARES.items():
        value = element.get(name)
        if value is not None:
            own[declares] = str(value).strip().lower()
    if element.get("hidden") is not None or element.get("popover") is not None:
        own["display"] = "none"
    return own | styles.declarations(str(element.get("style") or ""))


def _remove(element: etree._Element) -> None:
    """Take an element out, not what follows it."""
    parent = element.getparent()
    if parent is not None:
        tail = etree.Element("span")
        tail.text = element.tail
        parent.replace(element, tail)


def _hide(
    element: etree._Element, looked: _Looked, *, is_collapsed: bool, is_gone: bool = False
) -> None:
    """Take out what stands in an element, which keeps its place, but for parts that are seen.

    Of a collapsed row, which is gone, none is.
    """
    element.text = None
    is_gone = is_gone or (is_collapsed and element.tag in _ROWS)
    for child in list(element):
        effect = looked.get(child)
        if is_gone or effect is None or not effect.is_seen:
            _hide(child, looked, is_collapsed=is_collapsed, is_gone=is_gone)
        child.tail = None


def _shrink(element: etree._Element, looked: _Looked, size: float) -> None:
    """Take out what stands in an element in letters of such a size, but for larger parts."""
    if size > styles.TINY:
        return
    element.text = None
    for child in list(element):
        effect = looked.get(child)
        if effect is not None and effect.is_of_unknown_size:
            _mark(child, Doubt.UNSEEN)
        own = styles.MEDIUM if child.get("size") and child.tag == "font" else size
        _shrink(child, looked, own if effect is None else effect.size_within(own))
        child.tail = None


def _is_faint(element: etree._Element, looked: _Looked, on: etree._Element | None = None) -> bool:
    """Whether the letters of an element, or a cell in it, have the colour of their ground."""
    colour = looked[element].colour
    if colour is None:
        return False
    behind: etree._Element | None = element if on is None else on
    while behind is not None:
        effect = looked.get(behind)
        if effect is not None and effect.ground is not None:
            return styles.is_faint(colour, effect.ground)
        behind = behind.getparent()
    return styles.is_faint(colour, styles.WHITE)


def _mark(element: etree._Element, doubt: Doubt) -> None:
    """Mark the cell that an element is or stands in."""
    cell = element if element.tag in _CELLS else next(element.iterancestors("td", "th"), None)
    if cell is not None and cell.get(FLAW) is None:
        cell.set(FLAW, doubt.name)


def _doubt_written(element: etree._Element, effect: styles.Effects) -> None:
    """Mark the cell into which a style writes, or in which it sets a picture in place of text."""
    cell = element if element.tag in _CELLS else next(element.iterancestors("td", "th"), None)
    if cell is None or cell.get(FLAW) is not None:
        return
    if effect.is_written:
        cell.set(FLAW, Doubt.COUNTED.name)
    elif not "".join(map(str, element.itertext())).strip():
        cell.set(FLAW, Doubt.PICTURE.name)


def _leave_out_of_cells(dressed: Iterable[tuple[etree._Element, Doubt]], looked: _Looked) -> None:
    """Leave struck, raised and faint parts out of their cells; out of prose, but for faint ones."""
    by_cell: dict[etree._Element, list[tuple[etree._Element, Doubt]]] = {}
    for element, doubt in dressed:
        cells = [element] if element.tag in _CELLS else list(element.iter("td", "th"))
        for cell in cells:  # all that stands in them
            if doubt is not Doubt.FAINT or _is_faint(element, looked, on=cell):
                cell.set(FLAW, doubt.name)
        if cells:
            continue
        cell_around = next(element.iterancestors("td", "th"), None)
        if cell_around is not None:
            by_cell.setdefault(cell_around, []).append((element, doubt))
        elif doubt is not Doubt.FAINT:
            _remove(element)
    for cell, parts in by_cell.items():
        everything = "".join(map(str, cell.itertext())).split()
        taken = [element for element, _ in parts]
        rest = "".join("".join(_text_without(cell, set(taken))).split())
        if is_fraction(rest, len(taken)):
            cell.set(FLAW, Doubt.RAISED.name)
        elif rest or not everything:
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
    if tag == "button" and "".join(map(str, element.itertext())).strip():
        return
    cell = next(element.iterancestors("td", "th"), None)
    if cell is not None and cell.get(FLAW) is None:
        cell.set(FLAW, _DOUBTS.get(tag, Doubt.PICTURE).name)
