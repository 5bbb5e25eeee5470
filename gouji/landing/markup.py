"""What is written in a line of Markdown or text that marks it up, and what of it is read."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from gouji.landing.read_html import read_markup
from gouji.landing.shown import Doubt, Look, Piece, cell_text, read_cell

_MARKED = re.compile(r"[*_`~^$!=\[\]<&\\]")  # what any markup needs
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_TARGET = r"(?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])"  # of a link: an address or its name
_PICTURE, _LINK = rf"!\[[^\[\]]*\]{_TARGET}", rf"\[(?P<link>[^\[\]]*)\]{_TARGET}"
_PARTS = re.compile(
    r"~~?(?P<struck>[^~]+)~~?|(?P<note>\[\^[^\[\]]{1,20}\])|(?<=[^\s^])\^(?P<raised>[^\s^]{1,6})\^"
    rf"|(?P<picture>{_PICTURE})|(?P<equation>\$\$?[^$]+\$\$?)|{_LINK}|(?P<dress>\*\*|__|==|`"
    r"|(?<!\w)[*_]|[*_](?!\w))|\\(?P<plain>[!-/:-@\[-`{-~])"
)
_DRESS = re.compile(rf"{_PICTURE}|\*\*|__|`|<br\s*/?>", re.IGNORECASE)
_LINKED = re.compile(_LINK)


def without_comments(text: str) -> str:
    """A text without the comments of HTML in it."""
    if "<!--" not in text:
        return text
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        # Lines keep their numbers.
        kept += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + 3
    return "".join([*kept, text[at:]])


def plain(text: str) -> str:
    """A line of prose without what dresses it."""
    if not _MARKED.search(text):
        return text
    return html.unescape(_TAG.sub("", _LINKED.sub(r"\g<link>", _DRESS.sub("", text))))


def links_in(text: str) -> list[str]:
    """The texts of the links in a line of prose; a line that is one link is its own text."""
    found = [plain(match["link"]) for match in _LINKED.finditer(text)]
    return found if _LINKED.sub("", text).strip("#* _\t") else []


@lru_cache(maxsize=20_000)
def read_marked(text: str) -> tuple[str, str]:
    """The text of a cell that may be marked up, and what makes it doubtful."""
    if not _MARKED.search(text):
        return cell_text(text)
    doubt = ""
    if _TAG.search(text):
        text, doubt = read_markup(text)
    pieces: list[Piece] = []
    at = 0
    for match in _PARTS.finditer(text):
        pieces.append((html.unescape(text[at : match.start()]), Look.PLAIN))
        at = match.end()
        kind, said = str(match.lastgroup), match.group(str(match.lastgroup))
        if kind == "picture":
            doubt = doubt or Doubt.PICTURE
        elif kind == "equation":
            doubt = doubt or Doubt.EQUATION
        elif kind == "struck":
            pieces.append((said, Look.STRUCK))
        elif kind in ("note", "raised"):
            pieces.append((said, Look.RAISED))
        elif kind in ("link", "plain"):
            pieces.append((said, Look.PLAIN))
    pieces.append((html.unescape(text[at:]), Look.PLAIN))
    return read_cell(pieces, doubt)
