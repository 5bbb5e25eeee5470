"""The colours of Office files: those of themes, their tints and shades, and patterns of two."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING

from lxml import etree

from gouji.landing.shown import WHITE, colour_of

if TYPE_CHECKING:
    from gouji.landing.shown import Colour

BLACK = (0.0, 0.0, 0.0)
SLOTS = ("lt1", "dk1", "lt2", "dk2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
_ALSO_CALLED = {  # in Word, where text and background are those of a light page
    **dict.fromkeys(["background1", "light1", "bg1"], "lt1"),
    **dict.fromkeys(["text1", "dark1", "tx1"], "dk1"),
    **dict.fromkeys(["background2", "light2", "bg2"], "lt2"),
    **dict.fromkeys(["text2", "dark2", "tx2"], "dk2"),
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}


class Theme:
    """The colours that a theme gives its names; of none, or a damaged one, black and white."""

    def __init__(self, part: bytes = b"") -> None:
        self.colours: dict[str, Colour] = {"lt1": WHITE, "dk1": BLACK}
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        root = etree.fromstring(part, parser=parser) if part else None
        scheme = root.find(".//{*}clrScheme") if root is not None else None
        for slot in scheme if scheme is not None else ():
            said = next(slot.iterchildren("*"), slot)
            colour = colour_of(said.get("lastClr") or said.get("val") or "")
            if colour is not None:
                self.colours[etree.QName(slot).localname] = colour

    def of(self, name: str) -> Colour | None:
        """A colour by any of its names; None for one that is not known."""
        return self.colours.get(_ALSO_CALLED.get(name, name))


def lit(colour: Colour, share: float, more: float = 0.0) -> Colour:
    """A colour with so large a share of its light, and more."""
    hue, light, saturation = colorsys.rgb_to_hls(*colour)
    return colorsys.hls_to_rgb(hue, min(1.0, max(0.0, light * share + more)), saturation)


def tinted(colour: Colour, tint: float) -> Colour:
    """A colour that is made lighter by a part of what lacks to white, or darker by a part."""
    return lit(colour, 1 + tint) if tint < 0 else lit(colour, 1 - tint, tint)


def blended(ink: Colour, paper: Colour, share: float) -> Colour:
    """What a pattern looks like of which the ink covers so large a share."""
    return tuple(i * share + p * (1 - share) for i, p in zip(ink, paper, strict=True))
