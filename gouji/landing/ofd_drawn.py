"""An OFD document drawn as a PDF: every letter, line, picture and clip in its place.

Both formats draw a page by the same means, so what is read of one is read of the other by the same
rules: letters that are struck, clipped or covered, tables from ruled lines.  The PDF is for the
reader alone: letters have no shapes, only places, widths and what they mean.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree
from PIL import Image

from gouji.landing.grid import Refused
from gouji.landing.ofd_parts import Container, numbers
from gouji.landing.shown import SYMBOL_FONTS, is_known_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.landing.ofd_parts import Box, Over, Resources, Sheet

POINTS = 72 / 25.4  # in a millimetre
MAX_PIXELS = 60_000_000
MAX_LETTERS = 400_000
MOST_NESTED = 20
_LINE = "0.353"  # millimetres: the width of a line for which none is said
_HALF, _WHOLE = 0.5, 1.0  # of a letter's size: the widths of letters that are not told
_NARROWEST, _WIDEST = 0.25, 0.7  # of its size: steps that are as wide as a letter is
_PATHS = {"S": "m", "M": "m", "L": "l", "B": "c", "C": "h"}
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_PRIVATE = 0xF000  # where letters stand that only their font knows

_Matrix = tuple[float, float, float, float, float, float]
_AS_IT_IS: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def draw(data: bytes) -> bytes:
    """The pages of an OFD file as a PDF.

    Raises `Refused` for a container with parts missing or beyond all bounds; a damaged one raises
    whatever error the parser meets first.
    """
    container = Container(data)
    pdf = _Pdf(container.title)
    for sheets, resources in container.documents():
        for sheet in sheets:
            _Page(sheet, resources, container, pdf).draw()
    if not pdf.pages:
        raise Refused("it is an OFD document without pages")
    return pdf.written()


@dataclass(slots=True)
class _Pdf:
    """A PDF as it grows: its objects, its letters with their widths, its pages."""

    title: str
    objects: list[bytes] = field(default_factory=lambda: [b""] * 4)  # the first four come last
    letters: dict[tuple[str, int], int] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    pictures: dict[str, int] = field(default_factory=dict)
    opacities: dict[str, int] = field(default_factory=dict)
    pixels: int = 0
    drawn: int = 0

    def add(self, content: bytes) -> int:
        """Add an object; its number."""
        self.objects.append(content)
        return len(self.objects)

    def stream(self, content: bytes, entries: str = "") -> int:
        """Add a stream; its number."""
        packed = zlib.compress(content)
        head = f"<</Length {len(packed)}/Filter/FlateDecode{entries}>>stream\n".encode()
        return self.add(head + packed + b"\nendstream")

    def letter(self, char: str, width: float) -> str:
        """The code of a letter of such a width, in the sizes of letters."""
        self.drawn += 1
        if self.drawn > MAX_LETTERS:
            raise Refused(f"it draws more than {MAX_LETTERS:,} letters")
        key = char, round(width * 1000)
        return f"{self.letters.setdefault(key, len(self.letters) + 1):04x}"

    def written(self) -> bytes:
        """The whole file."""
        pages = " ".join(f"{number} 0 R" for number in self.pages)
        self.objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
        self.objects[1] = f"<</Type/Pages/Count {len(self.pages)}/Kids[{pages}]>>".encode()
        self.objects[2] = self._font()
        title = self.title.encode("utf-16-be").hex()
        self.objects[3] = f"<</Title<feff{title}>>>".encode()
        out = io.BytesIO()
        out.write(b"%PDF-1.7\n")
        places = []
        for number, content in enumerate(self.objects, start=1):
            places.append(out.tell())
            out.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
        start = out.tell()
        out.write(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode())
        out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
        trailer = f"<</Size {len(places) + 1}/Root 1 0 R/Info 4 0 R>>"
        out.write(f"trailer{trailer}\nstartxref\n{start}\n%%EOF\n".encode())
        return out.getvalue()

    def _font(self) -> bytes:
        widths = "".join(f"{code}[{width}]" for (_, width), code in self.letters.items())
        means = "".join(
            f"1 beginbfchar\n<{code:04x}><{char.encode('utf-16-be').hex()}>\nendbfchar\n"
            for (char, _), code in self.letters.items()
        )
        names = (
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/Meant def\n"
            f"1 begincodespacerange<0000><ffff>endcodespacerange\n{means}endcmap end end"
        )
        meant = self.stream(names.encode())
        described = self.add(
            b"<</Type/FontDescriptor/FontName/Meant/Flags 4/FontBBox[0 -120 1000 880]"
            b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80>>"
        )
        shaped = self.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/Meant/FontDescriptor {described} 0 R"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/DW 1000/W[{widths}]>>".encode()
        )
        return (
            f"<</Type/Font/Subtype/Type0/BaseFont/Meant/Encoding/Identity-H"
            f"/DescendantFonts[{shaped} 0 R]/ToUnicode {meant} 0 R>>"
        ).encode()


class _Page:
    """Draws one page."""

    def __init__(self, sheet: Sheet, resources: Resources, container: Container, pdf: _Pdf) -> None:
        self.sheet, self.resources, self.container, self.pdf = sheet, resources, container, pdf
        self.out: list[str] = []
        self.pictures: dict[str, int] = {}
        self.opacities: dict[str, int] = {}

    def draw(self) -> None:
        """Draw the page with what is laid over it."""
        left, top, width, height = self.sheet.box
        self._say(f"{POINTS} 0 0 {-POINTS} {-left * POINTS} {(height + top) * POINTS} cm")
        for layer in self.sheet.content:
            self._group(layer, layer.get("DrawParam"), 0)
        for over in self.sheet.over:
            if over.content is not None:
                self._say(f"q 1 0 0 1 {over.box[0]} {over.box[1]} cm")
                self._group(over.content, None, 0)
                self._say("Q")
        content = self.pdf.stream("\n".join(self.out).encode())
        notes = "".join(self._note(over) for over in self.sheet.over if over.hides)
        pictures = "".join(f"/{name} {number} 0 R" for name, number in self.pictures.items())
        opacities = "".join(f"/{name} {number} 0 R" for name, number in self.opacities.items())
        page = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width * POINTS:.3f} {height * POINTS:.3f}]"
            f"/Contents {content} 0 R/Annots[{notes}]/Resources<</Font<</F 3 0 R>>"
            f"/XObject<<{pictures}>>/ExtGState<<{opacities}>>>>>>"
        )
        self.pdf.pages.append(self.pdf.add(page.encode()))

    def _note(self, over: Over) -> str:
        left, top, _, height = self.sheet.box
        x, y = (over.box[0] - left) * POINTS, (height + top - over.box[1]) * POINTS
        right, low = x + over.box[2] * POINTS, y - over.box[3] * POINTS
        return f"<</Type/Annot/Subtype/Stamp/Rect[{x:.3f} {low:.3f} {right:.3f} {y:.3f}]>>"

    def _say(self, instruction: str) -> None:
        self.out.append(instruction)

    def _group(self, group: etree._Element, style: str | None, depth: int) -> None:
        """Draw what stands in a group, in its order."""
        if depth > MOST_NESTED:
            raise Refused("its drawings are nested without end")
        for unit in group:
            if unit.get("Visible") == "false":
                continue
            kind = etree.QName(unit).localname
            if kind in ("PageBlock", "Content", "Layer"):
                self._group(unit, style, depth + 1)
            elif kind in ("TextObject", "PathObject", "ImageObject", "CompositeObject"):
                self._unit(unit, kind, style, depth)

    def _unit(self, unit: etree._Element, kind: str, style: str | None, depth: int) -> None:
        box = numbers(unit.get("Boundary"))
        if len(box) != 4:
            raise Refused("it is a damaged OFD document: something in it is drawn at no place")
        style = unit.get("DrawParam") or style
        self._say(f"q 1 0 0 1 {box[0]} {box[1]} cm")
        self._say(f"0 0 {box[2]} {box[3]} re W n" if kind == "ImageObject" else "")
        self._clip(unit)
        matrix = numbers(unit.get("CTM"))
        has_matrix = len(matrix) == 6
        if has_matrix:
            self._say(f"{_numbers(matrix)} cm")
        self._opacity(unit.get("Alpha"))
        if kind == "TextObject":
            self._text(unit, style)
        elif kind == "PathObject":
            self._path(unit, style)
        elif kind == "ImageObject":
            self._say("" if has_matrix else f"{box[2]} 0 0 {box[3]} 0 0 cm")
            self._picture(unit)
        else:
            group = self.resources.groups.get(str(unit.get("ResourceID")))
            if group is not None:
                self._group(group, style, depth + 1)
        self._say("Q")

    def _clip(self, unit: etree._Element) -> None:
        for clip in unit.iterfind("{*}Clips/{*}Clip"):
            ways = []
            for area in clip.iterfind("{*}Area"):
                path = area.find("{*}Path")
                if path is None:
                    continue
                box = numbers(path.get("Boundary"))
                x, y = box[:2] if len(box) == 4 else (0.0, 0.0)
                matrix = numbers(area.get("CTM"))
                a, b, c, d, e, f = matrix if len(matrix) == 6 else _AS_IT_IS
                place = _times((1.0, 0.0, 0.0, 1.0, x, y), (a, b, c, d, e, f))
                ways.append(" ".join(_way(path.findtext("{*}AbbreviatedData"), place)))
            if ways:
                self._say(" ".join(ways) + " W n")

    def _opacity(self, alpha: str | None) -> None:
        if alpha is None or alpha == "255":
            return
        share = f"{float(alpha) / 255:.3f}"
        if share not in self.pdf.opacities:
            state = f"<</Type/ExtGState/ca {share}/CA {share}>>"
            self.pdf.opacities[share] = self.pdf.add(state.encode())
        name = f"A{share.replace('.', '')}"
        self.opacities[name] = self.pdf.opacities[share]
        self._say(f"/{name} gs")

    def _said(self, unit: etree._Element, name: str, style: str | None) -> str | None:
        """An attribute of a drawing, of its style or of one that this is based on."""
        value = unit.get(name)
        for _ in range(MOST_NESTED):
            found = self.resources.styles.get(style or "")
            if value is not None or found is None:
                break
            value, style = found.get(name), found.get("Relative")
        return value

    def _colour(self, unit: etree._Element, name: str, style: str | None) -> Box:
        """The colour of lines or fillings as shares of one; black where none is said."""
        element = unit.find(f"{{*}}{name}")
        for _ in range(MOST_NESTED):
            found = self.resources.styles.get(style or "")
            if element is not None or found is None:
                break
            element, style = found.find(f"{{*}}{name}"), found.get("Relative")
        if element is None:
            return (0.0,)
        self._opacity(element.get("Alpha"))
        values = [part for part in (element.get("Value") or "").split() if part]
        if not values:  # a pattern or a shading
            return (0.5,) if len(element) else (0.0,)
        shares = [int(v.lstrip("#"), 16) if v.startswith("#") else float(v) for v in values]
        return tuple(min(1.0, share / 255) for share in shares)

    def _text(self, unit: etree._Element, style: str | None) -> None:
        size = float(unit.get("Size", "0"))
        stretch = float(unit.get("HScale", "1"))
        is_filled, is_drawn = unit.get("Fill") != "false", unit.get("Stroke") == "true"
        mode = {(True, False): 0, (False, True): 1, (True, True): 2}.get((is_filled, is_drawn), 3)
        self._say(_paint(self._colour(unit, "FillColor", style), is_line=False))
        font = self.resources.fonts.get(str(unit.get("Font")), "")
        turned = _turn(unit.get("CharDirection", "0"))
        self._say(f"BT /F {size} Tf {mode} Tr")
        direction, start = unit.get("ReadDirection", "0"), (0.0, 0.0)
        for code in unit.iterfind("{*}TextCode"):
            # a place that is not said is that of the text before (GB/T 33190, 11.3)
            start = (float(code.get("X", start[0])), float(code.get("Y", start[1])))
            for char, x, y, width in _letters(code, start, size, stretch, direction):
                meant = _meant(char, font)
                a, b = turned
                matrix = (stretch * a, stretch * b, b, -a, x, y)
                self._say(f"{_numbers(matrix)} Tm <{self.pdf.letter(meant, width)}> Tj")
        self._say("ET")

    def _path(self, unit: etree._Element, style: str | None) -> None:
        is_drawn, is_filled = unit.get("Stroke") != "false", unit.get("Fill") == "true"
        way = " ".join(_way(unit.findtext("{*}AbbreviatedData"), _AS_IT_IS))
        if not way or not (is_drawn or is_filled):
            return
        odd = "*" if is_filled and unit.get("Rule") == "Even-Odd" else ""
        if is_filled:
            self._say(_paint(self._colour(unit, "FillColor", style), is_line=False))
        if is_drawn:
            self._say(_paint(self._colour(unit, "StrokeColor", style), is_line=True))
            self._say(f"{self._said(unit, 'LineWidth', style) or _LINE} w")
        self._say(f"{way} {('B' if is_drawn else 'f') + odd if is_filled else 'S'}")

    def _picture(self, unit: etree._Element) -> None:
        """Draw a picture in the square from 0 to 1; a page of nothing else may be a scan."""
        part = self.resources.pictures.get(str(unit.get("ResourceID")), "")
        if part not in self.pdf.pictures:
            self.pdf.pictures[part] = self._stored(part)
        number = self.pdf.pictures[part]
        self.pictures[f"I{number}"] = number
        self._say(f"1 0 0 -1 0 1 cm /I{number} Do")

    def _stored(self, part: str) -> int:
        entries = "/Type/XObject/Subtype/Image/BitsPerComponent 8"
        try:
            picture = Image.open(io.BytesIO(self.container.read(part)))
            self.pdf.pixels += picture.width * picture.height
            if self.pdf.pixels > MAX_PIXELS:
                raise Refused(f"its pictures have more than {MAX_PIXELS / 1e6:,.0f} million dots")
            clear = "A" in picture.getbands() or "transparency" in picture.info
            size = f"/Width {picture.width}/Height {picture.height}"
            mask = ""
            if clear:
                alpha = picture.convert("RGBA").getchannel("A").tobytes()
                layer = self.pdf.stream(alpha, f"{entries}{size}/ColorSpace/DeviceGray")
                mask = f"/SMask {layer} 0 R"
            dots = picture.convert("L").tobytes()
        except (OSError, ValueError, Image.DecompressionBombError):  # of a kind that is not known
            size, mask, dots = "/Width 1/Height 1", "", b"\0"
        return self.pdf.stream(dots, f"{entries}{size}/ColorSpace/DeviceGray{mask}")


def _letters(
    code: etree._Element, start: tuple[float, float], size: float, stretch: float, direction: str
) -> Iterator[tuple[str, float, float, float]]:
    """The letters of a text with their places and widths, these in sizes of a letter."""
    text = code.text or ""
    across, down = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
    x, y = start
    steps = [step for step, _ in zip(across, text, strict=False)]
    digit = _HALF
    for place, char in enumerate(text):
        usual = _HALF if ord(char) < 0x2E80 else _WHOLE
        step = steps[place] if place < len(steps) else None
        width = usual
        if step is not None and size > 0 and usual == _HALF:
            share = abs(step) / (size * stretch)
            width = digit = share if _NARROWEST <= share <= _WIDEST else digit
        elif usual == _HALF:
            width = digit
        yield char, x, y, width
        if step is not None:
            x += step
        elif direction in ("0", "180") and not down:
            x += width * size * stretch
        if place < len(down):
            y += down[place]


def _steps(text: str | None) -> list[float]:
    """The steps from letter to letter; `g 3 2.5` stands for three of 2.5."""
    steps: list[float] = []
    parts = iter((text or "").replace(",", " ").split())
    for part in parts:
        if part == "g":
            times, step = int(next(parts)), float(next(parts))
            if times > MAX_LETTERS:
                raise Refused(f"a line of it has {times} letters")
            steps += [step] * times
        else:
            steps.append(float(part))
    return steps


def _turn(degrees: str) -> tuple[float, float]:
    return {"90": (0.0, 1.0), "180": (-1.0, 0.0), "270": (0.0, -1.0)}.get(degrees, (1.0, 0.0))


def _meant(char: str, font: str) -> str:
    """A letter, or for one of a font of symbols a place that only its font knows."""
    if font.lower() in SYMBOL_FONTS and not is_known_in(font, char):
        return chr(_PRIVATE + ord(char) % 256)
    return char


def _way(text: str | None, place: _Matrix) -> Iterator[str]:
    """A path in the words of PDF: `M 0 0 L 10 0` is `0 0 m 10 0 l`."""
    parts = (text or "").replace(",", " ").split()
    at = 0
    here: tuple[float, float] = (0.0, 0.0)
    while at < len(parts):
        name = parts[at]
        if name not in _TAKES:
            raise Refused(f"it is a damaged OFD document: a path in it has {name[:20]}")
        values = [float(part) for part in parts[at + 1 : at + 1 + _TAKES[name]]]
        at += 1 + _TAKES[name]
        ends = [*zip(values[::2], values[1::2], strict=True)] if name != "A" else []
        if name == "A":
            ends = [(values[5], values[6])]
            name = "L"  # an arc as its chord: no rule is round
        elif name == "Q":
            (cx, cy), (x, y) = ends
            (px, py) = here
            ends = [((px + 2 * cx) / 3, (py + 2 * cy) / 3), ((x + 2 * cx) / 3, (y + 2 * cy) / 3)]
            ends.append((x, y))
            name = "B"
        here = ends[-1] if ends else here
        moved = [_moved(place, end) for end in ends]
        yield " ".join([*(f"{x:.4f} {y:.4f}" for x, y in moved), _PATHS[name]])


def _moved(matrix: _Matrix, point: tuple[float, float]) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    """What comes of one change of places and another after it."""
    a, b, c, d, e, f = first
    turn: _Matrix = (*then[:4], 0.0, 0.0)
    return (*_moved(turn, (a, b)), *_moved(turn, (c, d)), *_moved(then, (e, f)))


def _paint(colour: Box, *, is_line: bool) -> str:
    word = {1: "g", 3: "rg", 4: "k"}.get(len(colour), "g")
    shares = colour if len(colour) in (1, 3, 4) else (0.0,)
    return f"{_numbers(shares)} {word.upper() if is_line else word}"


def _numbers(values: Box) -> str:
    return " ".join(f"{value:.5f}" for value in values)
