"""Takes out of a parsed page what a reader of the page would not read; marks cells in doubt.

What is hidden goes.  Inside a cell, what is struck through, raised like a note mark or in the
colour of the page goes too, but where nothing else stands in the cell, which is then in doubt.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from lxml import etree

from gouji.landing import styles
from gouji.landing.shown import WHITE, Doubt, is_fraction, is_known_in
from gouji.landing.style_values import MEDIUM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gouji.landing.style_sheets import Rule

FLAW = "flaw"  # the attribute of a cell by which it is marked: the name of its doubt
_ADDED = "added"  # the attribute of a body of rows that no tag of the page begins
_SMALL = frozenset(["0", "1", "2", "3"])  # pixels of a picture that only keeps a place
_CELLS = frozenset(["td", "th"])
_ROWS, _COLUMNS = frozenset(["tr", "tbody", "thead", "tfoot"]), frozenset(["col", "colgroup"])
_IN_LINES = frozenset(
    ["span", "font", "b", "strong", "i", "em", "u", "a", "label", "small", "big", "code", "ins"]
)
# What a browser makes of tags and attributes where no style says otherwise.
_OF_TAGS: dict[str, styles.Declarations] = {
    **{tag: {"text-decoration-line": "line-through"} for tag in ("s", "del", "strike")},
    **{tag: {"vertical-align": "super", "font-size": "smaller"} for tag in ("sup", "sub")},
}
_SIZES_OF_TAGS = {"small": 0.8, "sup": 0.8, "sub": 0.8, "big": 1.2}
_ATTRIBUTES_TO_LOOK_AT = etree.XPath(
    "//*[@*][@style or @hidden or @popover or @color or @bgcolor or @face or @background or @dir]"
)
_DECLARES = {"color": "color", "bgcolor": "background-color", "face": "font-family"}
_DECLARES |= {"background": "background-image", "dir": "direction"}
_LOOKED_AT = ("hidden", "popover", *_DECLARES)
_LINED_UP = re.compile("flex|grid")  # what stands in such a box stands in a box of its own
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
_MOST_VARIABLES = 10  # that are put into one value, one after the other
_LONGEST_VALUE = 500  # characters
# How a script names an element that it means to change.
_NAMED = re.compile(r"""(?:getElementById\(|(?:querySelector|\$|jQuery)\()\s*["']#?([\w-]+)["']""")
_DIGITS, _WORDS = re.compile(r"\d"), re.compile("[\u4e00-\u9fff]")
_SMALLER = 0.85  # the share of the letters around, up to which digits are set like a note
_WIDTHS = (0.45, 0.9)  # of a digit and of a character, as shares of their height
_LINES = frozenset(["br", "p", "div", "li"])
_LEAST = 0.7  # the share of its height without which a letter cannot be read
_UNREAD = (
    *("img", "image", "svg", "canvas", "picture", "video", "audio", "applet", "input", "select"),
    *("textarea", "button", "meter", "progress", "math", "iframe", "object", "embed", "script"),
    *("ol", "bdo", "dialog"),
)
_DOUBTS: dict[str, Doubt] = {
    **dict.fromkeys(["input", "select", "textarea", "meter", "progress", "button"], Doubt.FIELD),
    **dict.fromkeys(["iframe", "object", "embed", "applet", "script"], Doubt.EMBEDDED),
    "math": Doubt.EQUATION,
    "ol": Doubt.COUNTED,
    "bdo": Doubt.TURNED,
    "dialog": Doubt.OVERLAID,
}

_Element = etree._Element
_Looked = dict[_Element, styles.Effects]
_Declared = dict[_Element, styles.Declarations]


def leave_out(root: _Element, rules: Sequence[Rule]) -> None:
    """Take out of a page what it does not show; `rules` are those of its stylesheets."""
    if rules:
        _add_bodies(root)
    looked, unsure = _looked_at(root, rules)
    for element in unsure:
        _mark(element, Doubt.STYLED, is_deep=True)
    set_aside = [element for element, effect in looked.items() if _may_stand_aside(effect)]
    dressed: list[tuple[_Element, Doubt]] = []
    for element, effect in looked.items():
        if _leave_out_unseen(element, effect, looked):
            pass
        elif effect.is_struck or effect.is_raised:
            dressed.append((element, Doubt.STRUCK if effect.is_struck else Doubt.RAISED))
        elif effect.colour is not None and (is_faint := _is_faint(element, looked)) is not False:
            if is_faint is None or effect.is_outlined or _is_recoloured(element, looked):
                _mark(element, Doubt.FAINT)
            else:
                dressed.append((element, Doubt.FAINT))
        elif effect.is_high and _is_smaller(element, looked):
            dressed.append((element, Doubt.RAISED))
        elif effect.is_low and _is_smaller(element, looked):
            _mark(element, Doubt.RAISED)
        _mark_what_is_told(element, effect, looked)
    dressed += [(element, Doubt.RAISED) for element in _shifted(looked)]
    if dressed:
        _leave_out_of_cells(dressed, looked)
    _doubt_places(set_aside, looked)
    _doubt_pictures(looked)
    for element in root.iter(*_UNREAD):
        _doubt(element)
    _doubt_what_is_set(root)


def _mark_what_is_told(element: _Element, effect: styles.Effects, looked: _Looked) -> None:
    """Mark the cell whose text an element's styles leave in doubt, whatever else stands in it."""
    if effect.is_turned:
        _mark(element, Doubt.TURNED)
    if effect.is_masked:
        _mark(element, Doubt.MASKED)
    if effect.is_unclear:
        _mark(element, Doubt.STYLED)
    if effect.is_counted:
        for item in [element, *element.iter("li")]:
            _mark(item, Doubt.COUNTED) if item.tag == "li" else None
    if effect.font and not is_known_in(effect.font, _text(element)):
        _mark(element, Doubt.SYMBOL)
    if effect.window is not None and _is_cut(element, effect.window, looked):
        _mark(element, Doubt.OVER_EDGE)
    if effect.is_apart and element.tag in _IN_LINES:
        element.tag = "div"
    if effect.is_written or (effect.is_picture and element.tag not in _CELLS):
        _doubt_written(element, effect)


def _leave_out_unseen(element: _Element, effect: styles.Effects, looked: _Looked) -> bool:
    """Take out what is hidden of an element, if anything is; True then."""
    if effect.is_gone:
        _remove(element)
    elif effect.is_collapsed and element.tag in _COLUMNS:  # which cells stand in it is not told
        for cell in next(element.iterancestors("table"), element).iter(*_CELLS):
            _mark(cell, Doubt.UNSEEN)
    elif effect.is_unseen:
        _hide(element, looked, is_collapsed=effect.is_collapsed)
    elif effect.is_tiny:
        _shrink(element, looked, effect.size_within(MEDIUM))
    else:
        return False
    return True


def _found(path: etree.XPath, root: _Element) -> list[_Element]:
    return cast("list[_Element]", path(root))


def _looked_at(root: _Element, rules: Sequence[Rule]) -> tuple[_Looked, set[_Element]]:
    """The elements whose declarations may change what is shown of them, and the effects.

    Then those of which it is not certain: a rule that may not count would make a difference.
    """
    own = list(dict.fromkeys([*_found(_ATTRIBUTES_TO_LOOK_AT, root), *root.iter(*_OF_TAGS)]))
    if not rules:
        return {element: _effects(element) for element in own}, set()
    sure = _cascade(own, root, [rule for rule in rules if rule.is_sure])
    looked = _effects_of(sure)
    if all(rule.is_sure for rule in rules):
        return looked, set()
    nothing = styles.Effects()
    other = _effects_of(_cascade(own, root, rules))
    pairs = ((element, looked.get(element, nothing), effect) for element, effect in other.items())
    return looked, {
        element for element, one, other in pairs if one != other and (bool(one) or bool(other))
    }


def _cascade(own: Iterable[_Element], root: _Element, rules: Sequence[Rule]) -> _Declared:
    """What is declared of each element: by the browser, the page and its sheets, in their order."""
    declared: _Declared = {element: _by_default(element) for element in own}
    for is_important in (False, True):
        for rule in rules:
            if rule.is_important is is_important:
                for element in _found(rule.path, root):
                    declared.setdefault(element, {}).update(rule.declared)
        for element in own:
            style = str(element.get("style") or "")
            declared[element].update(styles.declarations(style)[is_important])
    return declared


def _effects_of(declared: _Declared) -> _Looked:
    """The effects of what is declared, with the values of variables, in the box of each element."""
    looked: _Looked = {}
    for element in declared:
        parent = element.getparent()
        around = declared.get(parent, {}).get("display", "") if parent is not None else ""
        box = styles.Box.BLOCK if _LINED_UP.search(around) else styles.box_of(str(element.tag))
        looked[element] = styles.effects(_with_variables(element, declared), box)
    return looked


def _with_variables(element: _Element, declared: _Declared) -> styles.Declarations:
    """What is declared of an element, with the values of variables in place of their names.

    A variable that nothing declares may be that of a sheet elsewhere.
    """
    own = declared[element]
    if not any("var(" in value for value in own.values()):
        return own

    def value_of(variable: re.Match[str]) -> str:
        for around in (element, *element.iterancestors()):
            value = declared.get(around, {}).get(variable[1])
            if value is not None:
                return value[:_LONGEST_VALUE]
        return variable[0] if variable[2] is None else variable[2].strip()

    resolved: styles.Declarations = {}
    for name, value in own.items():
        if name.startswith("--"):
            continue
        resolved[name] = value
        for _ in range(_MOST_VARIABLES):
            if "var(" in resolved[name] and len(resolved[name]) < _LONGEST_VALUE:
                resolved[name] = _VARIABLE.sub(value_of, resolved[name])
    return resolved


def _effects(element: _Element) -> styles.Effects:
    """What an element itself declares and what comes of it; most have a style and no more."""
    box = styles.box_of(str(element.tag))
    parent = element.getparent()
    if parent is not None and _LINED_UP.search(str(parent.get("style") or "")):
        box = styles.Box.BLOCK
    style = str(element.get("style") or "")
    if element.tag in _OF_TAGS or any(element.get(name) is not None for name in _LOOKED_AT):
        plain, important = styles.declarations(style)
        return styles.effects(_by_default(element) | plain | important, box)
    return styles.inline(style, box)


def _by_default(element: _Element) -> styles.Declarations:
    """What a browser makes of an element's tag and attributes."""
    own = dict(_OF_TAGS.get(str(element.tag), {}))
    if element.get("hidden") == "until-found":
        own["content-visibility"] = "hidden"
    elif element.get("hidden") is not None or element.get("popover") is not None:
        own["display"] = "none"
    for name, declares in _DECLARES.items():
        value = element.get(name)
        if value is not None:
            own[declares] = f"url({value})" if name == "background" else value.strip().lower()
    return own


def _remove(element: _Element) -> None:
    """Take an element out, not what follows it."""
    parent = element.getparent()
    if parent is not None:
        tail = etree.Element("span")
        tail.text = element.tail
        parent.replace(element, tail)


def _hide(element: _Element, looked: _Looked, *, is_collapsed: bool, is_gone: bool = False) -> None:
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


def _shrink(element: _Element, looked: _Looked, size: float) -> None:
    """Take out what stands in an element in letters of such a size, but for larger parts."""
    if size > styles.TINY:
        return
    element.text = None
    for child in list(element):
        effect = looked.get(child)
        if effect is not None and effect.is_of_unknown_size:
            _mark(child, Doubt.UNSEEN)
        own = MEDIUM if child.get("size") and child.tag == "font" else size
        _shrink(child, looked, own if effect is None else effect.size_within(own))
        child.tail = None


def _is_faint(element: _Element, looked: _Looked, on: _Element | None = None) -> bool | None:
    """Whether the letters of an element, or a cell in it, have the colour of their ground.

    `None` where they may: on a picture, or a ground of several colours.
    """
    letters = looked[element].colour
    if letters is None:
        return False
    is_certain = True
    behind: _Element | None = element if on is None else on
    while behind is not None:
        effect = looked.get(behind)
        if effect is not None and (effect.grounds or effect.is_picture):
            faint = {styles.is_faint(letters, ground) for ground in effect.grounds}
            is_certain = is_certain and not effect.is_picture and len(faint) < 2
            if faint:
                return (True if is_certain else None) if True in faint else False
        behind = behind.getparent()
    if not styles.is_faint(letters, WHITE):
        return False
    return True if is_certain else None


def _is_recoloured(element: _Element, looked: _Looked) -> bool:
    """Whether parts of what stands in a cell have another colour than the rest, or ground."""
    if element.tag in _CELLS or _cell_of(element) is None:
        return False
    parts = (looked.get(part) for part in element.iterdescendants())
    return any(
        part.grounds or (part.colour is not None and part.colour != looked[element].colour)
        for part in parts
        if part is not None
    )


def _is_smaller(element: _Element, looked: _Looked) -> bool:
    """Whether the letters of an element are clearly smaller than those beside it."""
    cell = _cell_around(element)
    if cell is not None and _text(cell).split() == _text(element).split():
        return False  # nothing stands beside it
    parent = element.getparent()
    around = MEDIUM if parent is None else _letters(parent, looked)
    return _letters(element, looked) <= around * _SMALLER


def _letters(element: _Element, looked: _Looked) -> float:
    """The size of an element's letters, in pixels."""
    size = MEDIUM
    for around in (*reversed(list(element.iterancestors())), element):
        effect = looked.get(around)
        if effect is not None and (effect.size is not None or effect.is_of_unknown_size):
            size = effect.size_within(size)
        else:
            size *= _SIZES_OF_TAGS.get(str(around.tag), 1)
    return size


def _is_cut(element: _Element, window: tuple[float, float], looked: _Looked) -> bool:
    """Whether a box is smaller than what stands in it."""
    words, size = _text(element).split(), _letters(element, looked)
    digit, character = (width * size for width in _WIDTHS)
    widths = [sum(digit if char.isascii() else character for char in word) for word in words]
    is_tall = window[1] < 1.5 * size and any(child.tag in _LINES for child in element)
    return bool(words) and (max(widths) > window[0] or window[1] < _LEAST * size or is_tall)


def _may_stand_aside(effect: styles.Effects) -> bool:
    """Whether what an element holds may stand elsewhere in its cell, or over or under the rest."""
    return effect.is_aside or effect.is_over or effect.is_overlaid or effect.is_from_right


def _doubt_places(elements: Iterable[_Element], looked: _Looked) -> None:
    """Mark cells of digits of which a part stands in another place than it is written in."""
    by_cell: dict[_Element, list[_Element]] = {}
    for element in elements:
        around = _cell_of(element)
        is_around = around is None and looked[element].is_from_right
        cells = element.iter(*_CELLS) if is_around else [] if around is None else [around]
        for cell in cells:
            by_cell.setdefault(cell, []).append(element)
    for cell, parts in by_cell.items():
        whole = "".join(_text(cell).split())
        is_whole = sum(len(str(text).split()) for text in cell.itertext()) == 1
        if _DIGITS.search(whole) and not _WORDS.search(whole):
            for part in parts:
                _doubt_place(part, looked[part], cell, whole if is_whole else f"{whole} ")


def _doubt_place(part: _Element, effect: styles.Effects, cell: _Element, whole: str) -> None:
    """Mark a cell of such a text (with a gap, if of several) of which a part stands elsewhere."""
    if cell.get(FLAW) is not None:
        return
    own = "" if part is cell else "".join(_text(part).split())
    if effect.is_overlaid or (effect.is_over and not own and part is not cell):
        cell.set(FLAW, Doubt.OVERLAID.name)
    elif (effect.is_over and part is cell) or (effect.is_aside and own not in ("", whole.strip())):
        cell.set(FLAW, Doubt.MOVED.name)
    elif effect.is_from_right and not whole.isdigit():
        cell.set(FLAW, Doubt.TURNED.name)


def _doubt_pictures(looked: _Looked) -> None:
    """Mark blank cells that show a picture of their own, as most cells of their table do not."""
    by_table: dict[_Element, list[_Element]] = {}
    for element, effect in looked.items():
        if effect.is_picture and element.tag in _CELLS:
            table = next(element.iterancestors("table"), element)
            by_table.setdefault(table, []).append(element)
    for table, cells in by_table.items():
        if 2 * len(cells) <= sum(1 for _ in table.iter(*_CELLS)):
            for cell in cells:
                if not _text(cell).strip():
                    _mark(cell, Doubt.PICTURE)


def _doubt_what_is_set(root: _Element) -> None:
    """Mark cells that a script outside of them names, and so may write into or hide."""
    named: set[str] = set()
    for script in root.iter("script"):
        named.update(_NAMED.findall(str(script.text or "")))
    if named:
        for part in root.iterfind(".//td//*[@id]"), root.iterfind(".//td[@id]"):
            for element in part:
                if element.get("id") in named:
                    _mark(element, Doubt.EMBEDDED)


def _shifted(looked: _Looked) -> Iterable[_Element]:
    """The elements that stand above or below the rest of their cells, or alone like a note."""
    wholes: dict[_Element, str] = {}
    for element, effect in looked.items():
        if not effect.is_shifted or effect.is_struck or effect.is_raised or element.tag in _CELLS:
            continue
        cell = _cell_around(element)
        if cell is None:
            continue
        if cell not in wholes:
            wholes[cell] = "".join(_text(cell).split())
        if "".join(_text(element).split()) != wholes[cell] or _is_smaller(element, looked):
            yield element


def _add_bodies(root: _Element) -> None:
    """Put the rows of each table into a body, as a browser does: selectors may speak of it."""
    for row in list(root.iter("tr")):
        table, before = row.getparent(), row.getprevious()
        if table is None or table.tag != "table":
            continue
        if before is None or before.get(_ADDED) is None:
            before = etree.Element("tbody", {_ADDED: ""})
            row.addprevious(before)
        before.append(row)


def _cell_of(element: _Element) -> _Element | None:
    """The cell that an element is or stands in."""
    return element if element.tag in _CELLS else _cell_around(element)


def _cell_around(element: _Element) -> _Element | None:
    return next(element.iterancestors(*_CELLS), None)


def _text(element: _Element) -> str:
    return "".join(map(str, element.itertext()))


def _mark(element: _Element, doubt: Doubt, *, is_deep: bool = False) -> None:
    """Mark the cell that an element is or stands in; or those that stand in it, where asked to."""
    cell = _cell_of(element)
    cells = [cell] if cell is not None else list(element.iter("td", "th")) if is_deep else []
    for each in cells:
        if each.get(FLAW) is None:
            each.set(FLAW, doubt.name)


def _doubt_written(element: _Element, effect: styles.Effects) -> None:
    """Mark the cell into which a style writes, or in which it sets a picture in place of text."""
    cell = _cell_of(element)
    if cell is None or cell.get(FLAW) is not None:
        return
    if effect.is_written:
        cell.set(FLAW, Doubt.COUNTED.name)
    elif not _text(element).strip():
        cell.set(FLAW, Doubt.PICTURE.name)


def _leave_out_of_cells(dressed: Iterable[tuple[_Element, Doubt]], looked: _Looked) -> None:
    """Leave struck, raised and faint parts out of their cells; out of prose, but for faint ones."""
    by_cell: dict[_Element, list[tuple[_Element, Doubt]]] = {}
    for element, doubt in dressed:
        cells = [element] if element.tag in _CELLS else list(element.iter("td", "th"))
        for cell in cells:  # all that stands in them
            if doubt is not Doubt.FAINT or _is_faint(element, looked, on=cell) is not False:
                cell.set(FLAW, doubt.name)
        if cells:
            continue
        cell_around = _cell_around(element)
        if cell_around is not None:
            by_cell.setdefault(cell_around, []).append((element, doubt))
        elif doubt is not Doubt.FAINT:
            _remove(element)
    for cell, parts in by_cell.items():
        everything = _text(cell).split()
        taken = [element for element, _ in parts]
        rest = "".join("".join(_text_without(cell, set(taken))).split())
        if is_fraction(rest, len(taken)):
            cell.set(FLAW, Doubt.RAISED.name)
        elif rest or not everything:
            for element in taken:
                _remove(element)
        else:
            cell.set(FLAW, parts[0][1].name)


def _text_without(cell: _Element, taken: set[_Element]) -> Iterable[str]:
    """The texts of a cell that stand in none of some elements."""
    yield cell.text or ""
    for child in cell:
        if child not in taken:
            yield from _text_without(child, taken)
        yield child.tail or ""


def _doubt(element: _Element) -> None:
    """Mark the cell around something that is shown and cannot be read."""
    tag = element.tag
    if tag == "input" and (element.get("type") or "").lower() == "hidden":
        return
    if tag == "img" and {element.get("width"), element.get("height")} & _SMALL:
        return
    if tag == "script" and "write" not in (element.text or ""):
        return
    if tag == "button" and _text(element).strip():
        return
    if tag == "dialog" and element.get("open") is None:
        return
    cell = _cell_around(element)
    if cell is not None and cell.get(FLAW) is None:
        cell.set(FLAW, _DOUBTS.get(tag, Doubt.PICTURE).name)
