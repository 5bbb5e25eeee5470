"""What a page of a PDF draws, in its order, and how much of each letter its clips and layers leave.

The parser tells where each letter and shape is drawn, not what then shows of it: clips, opacity and
layers are followed here, over the page's instructions (ISO 32000-1, 8.5.4, 8.11 and 11.6).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from pdfminer.layout import LTChar, LTLine, LTRect
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

    Letters have for their tag the look that a clip or a layer gives them, and the box of the clip;
    what is drawn has for its id in marked content the number at which it was drawn.
    """
    device = _Seen(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    device.layers = Layers(page.pdf.doc)
    _Drawing(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    return device.get_result()


class _Drawing(PDFPageInterpreter):
    """Follows a page's instructions, with those that the parser has no use for."""

    device: _Seen

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

    def do_Q(self) -> None:  # noqa: N802 - the name of the instruction
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
            drawn.tag = (part if part is not Look.PLAIN else self._shown(drawn)), state.box
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
        super().render_string(textstate, *rest)
        mode = getattr(textstate, "render", 0)
        if mode in _UNSEEN_MODES or self.state.opacity <= _TRANSPARENT:
            del self.cur_item._objs[drawn:]


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
