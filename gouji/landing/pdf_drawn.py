"""What a page of a PDF draws, in its order, and how much of each letter its clips and layers leave.

The parser tells where each letter and shape is drawn, not what then shows of it: clips, opacity and
layers are followed here, over the page's instructions (ISO 32000-1, 8.5.4, 8.11 and 11.6).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from pdfminer.layout import LTChar, LTLine, LTRect
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.utils import apply_matrix_pt, apply_matrix_rect, mult_matrix
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from gouji.landing.shown import Look

if TYPE_CHECKING:
    from pdfplumber.page import Page

CLEAR = -1  # in place of the number of a shape that is not opaque
_UNSEEN_MODES = (3, 7)  # text rendering modes that draw nothing (ISO 32000-1, 9.3.6)
_TRANSPARENT = 0.1
_BEYOND = 1.0  # points by which a rule may lie outside its clip
_MARGIN = 0.25  # of a letter's box on each side, in which its ink need not be
_MOST_OUTLINES = 50  # clips that are no boxes, one within another
_INKS = ("Cyan", "Magenta", "Yellow", "Black")
_IN_INKS = ("Separation", "DeviceN", "Indexed", "Lab")  # of which the parser reads no colour
UNTOLD = "untold"  # in place of a colour that is not worked out
SHADING = "shading"  # the tag of a box that is filled by a shading; it is no line of a table

_Point = tuple[float, float]
_Rect = tuple[float, float, float, float]


class _Outline(NamedTuple):
    """A clip that is no box: its lines, and whether only odd places in them are inside."""

    lines: tuple[tuple[_Point, _Point], ...]
    is_odd: bool

    def holds(self, across: float, up: float) -> bool:
        """Whether a place lies inside: as many lines go by it upwards as downwards, if not."""
        turns = 0
        for (x, y), (next_x, next_y) in self.lines:
            if (y <= up) != (next_y <= up):
                at = x + (up - y) / (next_y - y) * (next_x - x)
                turns += (1 if next_y > y else -1) if at > across else 0
        return turns % 2 == 1 if self.is_odd else turns != 0


class _State(NamedTuple):
    """What of the state of the page changes how what is drawn shows."""

    opacity: float = 1.0
    lets_through: bool = False  # it mixes with what it is drawn over, or is drawn through a mask
    box: _Rect | None = None
    outlines: tuple[_Outline, ...] = ()


class _Inks(PDFColorSpace):
    """A space of colours that are mixed of named inks, or that is not worked out."""

    def __init__(self, kind: str, spec: list[Any]) -> None:
        self.names: list[str] = []
        if kind == "Separation" and len(spec) > 1:
            self.names = [_name(spec[1])]
        elif kind == "DeviceN" and len(spec) > 1:
            self.names = [_name(ink) for ink in _list(spec[1])]
        super().__init__(kind, len(self.names) or (3 if kind == "Lab" else 1))
        self.mixed = resolve1(spec[3]) if len(self.names) == 1 and len(spec) > 3 else None

    def colour(self, parts: list[Any]) -> tuple[float, ...] | str:
        """The colour of such an amount of each ink, in parts as the parser has them."""
        amounts = [resolve1(part) for part in parts]
        if not self.names or not all(isinstance(part, int | float) for part in amounts):
            return UNTOLD
        if not any(amounts):
            return (0.0,) * 4
        if self.names == ["All"]:
            return (float(amounts[0]),) * 4
        if set(self.names) <= {*_INKS, "None"}:
            shares = dict(zip(self.names, amounts, strict=True))
            return tuple(float(shares.get(ink, 0)) for ink in _INKS)
        return _between(self.mixed, float(amounts[0]))


def _first(space: PDFColorSpace) -> tuple[float, ...] | str:
    """The colour that a space begins with: black, or all of its inks (ISO 32000-1, 8.6)."""
    if isinstance(space, _Inks):
        return space.colour([1.0] * space.ncomponents)
    if space.name == "Pattern":
        return UNTOLD
    return (0.0, 0.0, 0.0, 1.0) if space.ncomponents == 4 else (0.0,) * space.ncomponents


def _between(function: Any, share: float) -> tuple[float, ...] | str:
    """What lies at a share of the way between the two colours of a function that says so."""
    if not isinstance(function, dict) or resolve1(function.get("FunctionType")) != 2:
        return UNTOLD
    one, other = _list(function.get("C0")) or [0.0], _list(function.get("C1")) or [1.0]
    power = resolve1(function.get("N")) or 1
    if len(one) != len(other) or not all(isinstance(end, int | float) for end in [*one, *other]):
        return UNTOLD
    return tuple(
        start + max(share, 0.0) ** power * (end - start)
        for start, end in zip(one, other, strict=True)
    )


class Layers:
    """The layers of a document, which its readers may switch on and off."""

    def __init__(self, document: Any) -> None:
        found = resolve1(document.catalog.get("OCProperties"))
        layers: dict[str, Any] = found if isinstance(found, dict) else {}
        said = resolve1(layers.get("D"))
        chosen: dict[str, Any] = said if isinstance(said, dict) else {}
        self.off = _ids(chosen.get("OFF"))
        if _name(chosen.get("BaseState")) == "OFF":
            self.off |= _ids(layers.get("OCGs")) - _ids(chosen.get("ON"))
        for rule in _list(chosen.get("AS")):  # layers that go by what is done with the document
            automatic = resolve1(rule)
            if isinstance(automatic, dict) and _name(automatic.get("Event")) == "View":
                for layer in _list(automatic.get("OCGs")):
                    view = _inside(layer, "Usage", "View", "ViewState")
                    self.off |= _ids([layer]) if _name(view) == "OFF" else set()
                    self.off -= _ids([layer]) if _name(view) == "ON" else set()

    def look(self, reference: Any) -> Look:
        """The look of what belongs to a layer, or to several: unseen if switched off."""
        entry = resolve1(reference)
        if not isinstance(entry, dict) or _name(entry.get("Type")) != "OCMD":
            return Look.UNSEEN if _ids([reference]) & self.off else Look.PLAIN
        if "VE" in entry:  # an expression over layers, which is not worked out
            return Look.CUT
        layers = entry.get("OCGs")
        own = _ids([layers] if isinstance(resolve1(layers), dict) else layers)
        if not own:
            return Look.PLAIN
        policy = _name(entry.get("P"))
        shows = {
            "AllOn": not own & self.off,
            "AnyOff": bool(own & self.off),
            "AllOff": own <= self.off,
        }
        return Look.PLAIN if shows.get(policy, bool(own - self.off)) else Look.UNSEEN


def _name(value: Any) -> str:
    return str(getattr(resolve1(value), "name", ""))


def _list(value: Any) -> list[Any]:
    found = resolve1(value)
    return found if isinstance(found, list) else []


def _ids(references: Any) -> set[int]:
    return {one.objid for one in _list(references) if isinstance(one, PDFObjRef)}


def _inside(value: Any, *names: str) -> Any:
    for name in names:
        entry = resolve1(value)
        value = entry.get(name) if isinstance(entry, dict) else None
    return value


def seen(page: Page) -> Any:
    """What a page draws, without the letters and shapes that are drawn invisibly.

    Letters have for their tag the look that a clip or a layer gives them, the box of the clip, the
    mode in which they are drawn and how high the line lies on which they stand; what is drawn has
    for its id in marked content the number at which it was drawn.
    """
    device = _Seen(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    device.layers = Layers(page.pdf.doc)
    _Drawing(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    return device.get_result()


class _Drawing(PDFPageInterpreter):
    """Follows a page's instructions, with those that the parser has no use for."""

    device: _Seen

    def init_resources(self, resources: Any) -> None:
        """Take up what the page draws with, and its spaces of colours of inks."""
        super().init_resources(resources)
        spaces = resolve1(resources.get("ColorSpace")) if resources else None
        for name, said in spaces.items() if isinstance(spaces, dict) else ():
            spec = _list(said)
            if spec and _name(spec[0]) in _IN_INKS:
                self.csmap[name] = _Inks(_name(spec[0]), spec)

    def init_state(self, ctm: Any) -> None:
        """Begin a page, or a form, which goes on with the colours and the mode of what draws it."""
        super().init_state(ctm)
        if self.device.outer is not None:
            self.graphicstate, self.textstate.render = self.device.outer

    def do_cs(self, name: Any) -> None:
        """Take the colours to fill with from a space, and at first its first."""
        super().do_cs(name)
        state: Any = self.graphicstate
        state.ncolor = _first(state.ncs)

    def do_CS(self, name: Any) -> None:  # noqa: N802 - the name of the instruction
        """Take the colours of lines from a space, and at first its first."""
        super().do_CS(name)
        state: Any = self.graphicstate
        state.scolor = _first(state.scs)

    def do_scn(self) -> None:
        """Set the colour to fill with."""
        state: Any = self.graphicstate
        if isinstance(state.ncs, _Inks):
            state.ncolor = state.ncs.colour(self.pop(state.ncs.ncomponents))
        else:
            super().do_scn()

    def do_SCN(self) -> None:  # noqa: N802
        """Set the colour of lines."""
        state: Any = self.graphicstate
        if isinstance(state.scs, _Inks):
            state.scolor = state.scs.colour(self.pop(state.scs.ncomponents))
        else:
            super().do_SCN()

    def do_sh(self, name: Any) -> None:
        """Fill all that the clip shows with a shading, of which no colour is worked out."""
        super().do_sh(name)
        self.device.shade()

    def do_gs(self, name: Any) -> None:
        """Set what a named dictionary says: how what is drawn mixes with what is there."""
        states = resolve1(self.resources.get("ExtGState")) or {}
        said = resolve1(states.get(getattr(name, "name", "")))
        if not isinstance(said, dict):
            return
        state = self.device.state
        opacity = resolve1(said.get("ca"))
        if isinstance(opacity, int | float):
            state = state._replace(opacity=float(opacity))
        if "BM" in said or "SMask" in said:
            mode = _name(said.get("BM")) or "Normal"
            is_masked = isinstance(resolve1(said.get("SMask")), dict)
            state = state._replace(lets_through=is_masked or mode not in ("Normal", "Compatible"))
        self.device.state = state

    def do_q(self) -> None:
        """Keep the state of the page."""
        super().do_q()
        self.device.kept.append(self.device.state)

    def do_Q(self) -> None:  # noqa: N802
        """Take up the state that was kept."""
        super().do_Q()
        if self.device.kept:
            self.device.state = self.device.kept.pop()

    def do_W(self) -> None:  # noqa: N802
        """Show what is drawn from now on only inside the path."""
        self._clip(is_odd=False)

    def do_W_a(self) -> None:  # noqa: N802
        """Show what is drawn from now on only inside the path, where it is odd."""
        self._clip(is_odd=True)

    def _clip(self, *, is_odd: bool) -> None:
        ways: list[list[_Point]] = []
        for kind, *places in self.curpath:
            if kind == "m" or not ways:
                ways.append([])
            if places:  # of a curve its end
                ways[-1].append(apply_matrix_pt(self.ctm, (places[-2], places[-1])))
        ways = [way for way in ways if len(way) > 1]
        if not ways:
            return
        across, up = zip(*(place for way in ways for place in way), strict=True)
        self._clip_to((min(across), min(up), max(across), max(up)))
        if len(ways) > 1 or not _is_box(ways[0]):
            lines = tuple(line for way in ways for line in pairwise([*way, way[0]]))
            state = self.device.state
            if len(state.outlines) < _MOST_OUTLINES:
                outlines = (*state.outlines, _Outline(lines, is_odd))
                self.device.state = state._replace(outlines=outlines)

    def _clip_to(self, box: _Rect) -> None:
        state = self.device.state
        self.device.state = state._replace(box=box if state.box is None else _both(box, state.box))

    def do_BMC(self, tag: Any) -> None:  # noqa: N802
        """Begin a part of the page."""
        self.device.parts.append(Look.PLAIN)
        super().do_BMC(tag)

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802
        """Begin a part of the page, which may be on a layer."""
        look = Look.PLAIN
        if _name(tag) == "OC":
            properties = resolve1(self.resources.get("Properties")) or {}
            look = self.device.layers.look(properties.get(_name(props)))
        self.device.parts.append(look)
        super().do_BDC(tag, props)

    def do_EMC(self) -> None:  # noqa: N802
        """End a part of the page."""
        if self.device.parts:
            self.device.parts.pop()
        super().do_EMC()

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802
        """Draw a form, inside its box, or a picture: nothing changes for what is drawn after it."""
        device = self.device
        before = device.state, device.kept, device.parts
        outer, device.outer = device.outer, (self.graphicstate.copy(), self.textstate.render)
        device.kept, device.parts = [], list(device.parts)
        drawn = resolve1(self.xobjmap.get(_name(xobjid_arg)))
        if isinstance(drawn, PDFStream):
            if "OC" in drawn:
                device.parts.append(device.layers.look(drawn["OC"]))
            box = resolve1(drawn.get("BBox"))
            if box is not None:
                matrix = resolve1(drawn.get("Matrix")) or (1, 0, 0, 1, 0, 0)
                corners = apply_matrix_rect(mult_matrix(matrix, self.ctm), box)
                self._clip_to(corners)
        super().do_Do(xobjid_arg)
        device.state, device.kept, device.parts = before
        device.outer = outer


class _Seen(PDFPageAggregatorWithMarkedContent):
    """Collects what a page draws in its order, without what it draws invisibly."""

    layers: Layers
    drawn = 0
    crop: _Rect = (0.0, 0.0, 0.0, 0.0)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.state = _State()
        self.kept: list[_State] = []
        self.parts: list[Look] = []  # how the parts of the page that are open show
        self.outer: tuple[Any, int] | None = None  # with what a form is drawn
        self.mode = 0  # in which letters are drawn
        self.rise = 0.0  # by which they are raised from the line

    def begin_page(self, page: Any, ctm: Any) -> None:
        """Begin a page, of which no more is shown than its crop box holds."""
        super().begin_page(page, ctm)
        self.crop = apply_matrix_rect(ctm, page.cropbox)

    def tag_cur_item(self) -> None:
        """Number what was drawn last, in attributes for marked content, which are not used."""
        self.drawn += 1
        drawn: Any = self.cur_item._objs[-1] if self.cur_item._objs else None
        if drawn is None or "mcid" in drawn.__dict__:
            return
        part = next((look for look in (Look.UNSEEN, Look.CUT) if look in self.parts), Look.PLAIN)
        state = self.state
        drawn.mcid = self.drawn
        is_letter = isinstance(drawn, LTChar)
        if is_letter:
            look = part if part is not Look.PLAIN else self._shown(drawn)
            *_, down, _, base = drawn.matrix
            drawn.tag = look, state.box, self.mode, base + down * self.rise
            return
        if state.opacity < 1 or state.lets_through or part is Look.CUT:
            drawn.mcid = CLEAR  # what lets through what it lies over hides nothing
        if part is Look.UNSEEN or (state.box is not None and not _crop(drawn, state.box)):
            del self.cur_item._objs[-1]

    def _shown(self, char: LTChar) -> Look:
        """How much of a letter shows inside the clips and the crop box."""
        across, up = _MARGIN * char.width, _MARGIN * char.height
        left, low, right, high = char.x0 + across, char.y0 + up, char.x1 - across, char.y1 - up
        if not _lies_in((left, low, right, high), self.crop):
            return Look.CUT
        box, outlines = self.state.box, self.state.outlines
        if box is not None and not _lies_in((left, low, right, high), box):
            return Look.CUT if _lies_over((left, low, right, high), box) else Look.UNSEEN
        if outlines:
            places = [(x, y) for x in (left, right) for y in (low, high)]
            inside = [all(line.holds(*place) for line in outlines) for place in places]
            if not all(inside):
                return Look.CUT if any(inside) else Look.UNSEEN
        return Look.PLAIN

    def render_string(self, textstate: Any, *rest: Any) -> None:
        """Draw a string; one in an invisible mode only moves the pen."""
        drawn = len(self.cur_item)
        self.mode, self.rise = textstate.render, textstate.rise
        super().render_string(textstate, *rest)
        if self.mode in _UNSEEN_MODES or self.state.opacity <= _TRANSPARENT:
            del self.cur_item._objs[drawn:]

    def shade(self) -> None:
        """Draw a box where a shading shows."""
        box = self.crop if self.state.box is None else _both(self.state.box, self.crop)
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        shaded = LTRect(0, box, fill=True, original_path=[], dashing_style=None)
        shaded.__dict__["tag"] = SHADING
        self.cur_item.add(shaded)
        self.tag_cur_item()


def _is_box(way: list[_Point]) -> bool:
    """Whether a path goes round a box whose sides are upright."""
    corners = [*dict.fromkeys(way)]
    if len(corners) > 4:
        return False
    around = pairwise([*corners, corners[0]])
    return all(x == next_x or y == next_y for (x, y), (next_x, next_y) in around)


def _both(one: _Rect, other: _Rect) -> _Rect:
    left, low, right, high = one
    return max(left, other[0]), max(low, other[1]), min(right, other[2]), min(high, other[3])


def _lies_in(inner: _Rect, outer: _Rect) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def _lies_over(one: _Rect, other: _Rect) -> bool:
    left, low, right, high = _both(one, other)
    return left < right and low < high


def _crop(drawn: Any, box: _Rect) -> bool:
    """Leave of a line, box or picture what lies inside the clip; False if nothing does."""
    left, low, right, high = box
    wide = (left - _BEYOND, low - _BEYOND, right + _BEYOND, high + _BEYOND)
    part = _both((drawn.x0, drawn.y0, drawn.x1, drawn.y1), wide)
    if part[0] > part[2] or part[1] > part[3]:
        return False
    if isinstance(drawn, LTLine | LTRect) and part != (drawn.x0, drawn.y0, drawn.x1, drawn.y1):
        drawn.set_bbox(part)
    return True
