"""The parts of an OFD container (GB/T 33190): its pages in order, with what is laid over each.

A container is a ZIP file of XML: `OFD.xml` names documents, a document its pages, templates and
resources, each by a path from the part that names it.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from gouji.landing.grid import Refused, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PAGES = 200
A4 = (0.0, 0.0, 210.0, 297.0)
_ON_PAGE = {"Background": 0, "Body": 1, "Foreground": 2}  # the order in which layers are drawn
_IN_WAY = frozenset(["Link", "Highlight", "Watermark"])  # notes that hide nothing of the page

Box = tuple[float, ...]


class Over(NamedTuple):
    """What is laid over a page, and whether it hides what lies under it."""

    box: Box
    content: etree._Element | None
    hides: bool


@dataclass(slots=True)
class Sheet:
    """A page: its box in millimetres, its content in the order in which it is drawn."""

    box: Box
    content: list[etree._Element] = field(default_factory=list)
    over: list[Over] = field(default_factory=list)


@dataclass(slots=True)
class Resources:
    """What the pages of a document refer to by number."""

    fonts: dict[str, str] = field(default_factory=dict)  # their names
    pictures: dict[str, str] = field(default_factory=dict)  # their parts
    styles: dict[str, etree._Element] = field(default_factory=dict)  # drawing parameters
    groups: dict[str, etree._Element] = field(default_factory=dict)  # composite drawings


class Container:
    """An OFD file that is open for reading."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = {name.replace("\\", "/").lstrip("/"): name for name in self.archive.namelist()}
        self.beside: list[str] = []  # the resources of pages
        self.root = self.xml("OFD.xml")

    @property
    def title(self) -> str:
        """The title that the file gives itself."""
        found = self.root.find(".//{*}DocInfo/{*}Title")
        return clean(found.text or "") if found is not None else ""

    def read(self, part: str) -> bytes:
        """A part of the file; `Refused` for one that is named and not there."""
        if part not in self.names:
            raise Refused(f"it is a damaged OFD document: it has no part {part[:80]}")
        return self.archive.read(self.names[part])

    def xml(self, part: str) -> etree._Element:
        """A part of the file that is XML."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        return etree.fromstring(self.read(part), parser)

    def documents(self) -> Iterator[tuple[list[Sheet], Resources]]:
        """The pages and resources of each document in the file."""
        for body in self.root.iter("{*}DocBody"):
            root = body.findtext("{*}DocRoot")
            if not root:
                raise Refused("it is a damaged OFD document: it names no pages")
            part = _path("OFD.xml", root)
            document = self.xml(part)
            sheets = self._sheets(document, part)
            self._notes(document, part, sheets)
            signatures = body.findtext("{*}Signatures")
            if signatures:
                self._seals(_path("OFD.xml", signatures), sheets)
            yield [*sheets.values()], self._resources(document, part)

    def _sheets(self, document: etree._Element, part: str) -> dict[str, Sheet]:
        usual = _box_of(document.find("{*}CommonData/{*}PageArea")) or A4
        templates = {
            str(one.get("ID")): _path(part, str(one.get("BaseLoc")))
            for one in document.iterfind("{*}CommonData/{*}TemplatePage")
        }
        sheets: dict[str, Sheet] = {}
        for page in document.iterfind("{*}Pages/{*}Page"):
            if len(sheets) >= MAX_PAGES:
                raise Refused(f"it has more than {MAX_PAGES} pages")
            place = _path(part, str(page.get("BaseLoc")))
            root = self.xml(place)
            self.beside += [_path(place, str(one.text)) for one in root.iterfind("{*}PageRes")]
            before: list[etree._Element] = []
            after: list[etree._Element] = []
            for used in root.iterfind("{*}Template"):
                drawn = _layers(self.xml(templates[str(used.get("TemplateID"))]))
                (after if used.get("ZOrder") == "Foreground" else before).extend(drawn)
            box = _box_of(root.find("{*}Area")) or usual
            sheets[str(page.get("ID"))] = Sheet(box, [*before, *_layers(root), *after])
        return sheets

    def _notes(self, document: etree._Element, part: str, sheets: dict[str, Sheet]) -> None:
        """Lay the notes of a document over its pages."""
        listed = document.findtext("{*}Annotations")
        if not listed:
            return
        list_part = _path(part, listed)
        for page in self.xml(list_part).iterfind("{*}Page"):
            sheet = sheets.get(str(page.get("PageID")))
            place = page.findtext("{*}FileLoc")
            if sheet is None or not place:
                continue
            for note in self.xml(_path(list_part, place)).iterfind("{*}Annot"):
                shown = note.find("{*}Appearance")
                if note.get("Visible") == "false" or shown is None:
                    continue
                box = numbers(shown.get("Boundary"))
                if len(box) == 4:
                    sheet.over.append(Over(box, shown, note.get("Type") not in _IN_WAY))

    def _seals(self, part: str, sheets: dict[str, Sheet]) -> None:
        """Lay the seals of signatures over the pages; what a seal shows is a format of its own."""
        for one in self.xml(part).iterfind("{*}Signature"):
            signature = self.xml(_path(part, str(one.get("BaseLoc"))))
            for seal in signature.iter("{*}StampAnnot"):
                sheet, box = sheets.get(str(seal.get("PageRef"))), numbers(seal.get("Boundary"))
                if sheet is not None and len(box) == 4:
                    sheet.over.append(Over(box, None, hides=True))

    def _resources(self, document: etree._Element, part: str) -> Resources:
        found = Resources()
        places = [
            _path(part, str(one.text))
            for name in ("PublicRes", "DocumentRes")
            for one in document.iterfind(f"{{*}}CommonData/{{*}}{name}")
        ]
        roots = [(place, self.xml(place)) for place in [*places, *self.beside]]
        for place, root in roots:
            base = posixpath.join(posixpath.dirname(place), root.get("BaseLoc", ""))
            for font in root.iter("{*}Font"):
                found.fonts[str(font.get("ID"))] = font.get("FontName") or ""
            for media in root.iter("{*}MultiMedia"):
                name = media.findtext("{*}MediaFile") or ""
                found.pictures[str(media.get("ID"))] = posixpath.normpath(
                    posixpath.join(base, name)
                ).lstrip("/")
            for style in root.iter("{*}DrawParam"):
                found.styles[str(style.get("ID"))] = style
            for group in root.iter("{*}CompositeGraphicUnit"):
                found.groups[str(group.get("ID"))] = group
        return found


def numbers(text: str | None) -> Box:
    """The numbers in an attribute."""
    return tuple(float(part) for part in (text or "").replace(",", " ").split())


def _path(part: str, place: str) -> str:
    """The part that a place in another names."""
    place = place.strip().replace("\\", "/")
    if place.startswith("/"):
        return place.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), place))


def _box_of(area: etree._Element | None) -> Box | None:
    box = numbers(area.findtext("{*}PhysicalBox")) if area is not None else ()
    return box if len(box) == 4 and min(box[2:]) > 0 else None


def _layers(page: etree._Element) -> list[etree._Element]:
    """The layers of a page in the order in which they are drawn."""
    layers = list(page.iterfind("{*}Content/{*}Layer"))
    return sorted(layers, key=lambda layer: _ON_PAGE.get(layer.get("Type", "Body"), 1))
