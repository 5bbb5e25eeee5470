"""Tables of a page whose markup is plain, with their rows and cells marked before it is parsed.

Most tables of the form hold nothing but rows, cells, paragraphs and tags that dress letters, each
with its end.  A parser can read them in one way only, so their tags are exchanged here for the
marks that `read_html` puts for rows and cells anyway, and most of a page need not be parsed.  A
table in which anything is unusual stays as it is: a tag that is not known, not closed, not plainly
written, or that may hide what it holds.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gouji.landing import styles
from gouji.landing.leave_out import FLAW

# What stands for a tag until the page is decoded: one byte that is ASCII in every encoding.
ROW, CELL, CELL_END, PART, VALUE = b"\x01", b"\x02", b"\x03", b"\x04", b"\x05"
NOTHING = b"\x13"  # goes when the page is decoded: bytes that a tag kept apart are no character
# Stand-ins that are needed only to see whether each tag has its end and its place.
_ROW_END, _HEAD, _HEAD_END, _GROUP = b"\x06", b"\x07", b"\x08", b"\x0e"
_BLOCK, _BLOCK_END, _DRESS, _DRESS_END = b"\x0f", b"\x10", b"\x11", b"\x12"
_BREAK, PLAIN = b"\x14", b"\x15"
_STAND_INS = bytes([*range(1, 9), *range(0x0E, 0x16)])
_NO_SHAPE = bytes(set(range(256)) - set(_STAND_INS)) + PART + VALUE + NOTHING + _BREAK
_SHAPE = re.compile(rb"\x0e*(?:\x01(?:\x02\x03|\x07\x08)*\x06\x0e*)*")  # rows of whole cells
_PAIRS = (_DRESS + _DRESS_END, _BLOCK + _BLOCK_END)
_DEEPEST = 4  # nesting of blocks and of what dresses letters
_SETTLED = bytes.maketrans(
    _HEAD + _HEAD_END + _BLOCK + _BLOCK_END + _BREAK + _ROW_END + _GROUP + _DRESS + _DRESS_END,
    CELL + CELL_END + b"   " + NOTHING * 4,
)
_LESS, _GREATER, _AND = b"<>&"  # a byte as a number is found in half the time
_MOST_KINDS = 200  # of tags in a table
_LARGEST_TABLE = 1_000_000  # bytes, well below the longest text that the parser takes
_TAGS = {
    b"tr": (ROW, _ROW_END),
    b"td": (CELL, CELL_END),
    b"th": (_HEAD, _HEAD_END),
    **dict.fromkeys([b"p", b"div"], (_BLOCK, _BLOCK_END)),
    **dict.fromkeys([b"tbody", b"thead", b"tfoot", b"colgroup"], (_GROUP, _GROUP)),
    **dict.fromkeys(
        [b"span", b"font", b"b", b"strong", b"i", b"em", b"u", b"o:p"], (_DRESS, _DRESS_END)
    ),
}
_EMPTY_TAGS = {b"br": _BREAK, b"col": _GROUP}
_CONDITION = rb"\[if [\w !&|().]{,100}\]"  # as Word writes them for its own eyes
_COMMENT = rb"<!--(?:%b>)?[^<>-]{,2000}(?:<!\[endif\])?-->" % _CONDITION
_NOT_SHOWN = re.compile(rb"%b|<!%b>|<!\[endif\]>" % (_COMMENT, _CONDITION))
_A_COMMENT = re.compile(_COMMENT)
_LONGEST_TAG = 2_000  # bytes
_QUOTED = rb"[<>&\x00-\x08\x0e-\x1f]"  # not in a plain attribute
_ATTRIBUTE = (
    rb"\s+([a-z:-]+)(?:=(?:\"((?:(?!%b)[^\"])*)\"|'((?:(?!%b)[^'])*)'|([\w.%%#-]+)(?![^\s/>])))?"
    % (_QUOTED, _QUOTED)
)
_PLAIN_TAG = re.compile(rb"<(/?)([a-z:]+)((?:%b)*)\s*(/?)>" % _ATTRIBUTE)
# Attributes by which a tag may change what is shown of what it holds, or a script may find it.
_DRESSED = re.compile(rb"style|hidden|popover|face|background|dir|color|\sid=", re.IGNORECASE)
_DECLARES = {b"face": "font-family", b"color": "color", b"bgcolor": "background-color"}
# Letters with a part of red, green or blue as dark as this are seen on a ground whose every part is
# as light as that.
_DARK, _LIGHT = 0.5, 0.75
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_SPAN = re.compile(rb"\d{1,4}")
_UNCLEAR_ENTITY = re.compile(rb"&(?![A-Za-z]{2,8};|#\d{2,5};)")


def mark_plain_tables(page: bytes) -> tuple[bytes, int]:
    """A page as it is published, with stand-ins for the tags in its plain tables; their number."""
    before, *tables = page.split(b"<table")
    if not tables or any(byte in page for byte in b"\0\x0b" + _STAND_INS):
        return page, 0
    marked = b"<table".join([before, *map(_marked, tables)])
    return marked, marked.count(PLAIN)


def _marked(table: bytes) -> bytes:
    """What follows `<table`, marked up to the table's end if all of it is plain."""
    start, end = table.find(b">") + 1, table.find(b"</table>")
    if not 0 < start < end < _LARGEST_TABLE:
        return table
    rows = _marked_rows(table[start:end])
    return table if rows is None else table[:start] + PLAIN + rows + table[end:]


def _marked_rows(rows: bytes) -> bytes | None:
    """Rows with stand-ins for their tags, or nothing where one is not plain or out of place."""
    for _ in range(_MOST_KINDS):
        at = rows.find(_LESS)
        if at < 0:
            break
        tag = _tag_at(rows, at)
        stand_in = _stand_in(tag)
        if stand_in is None:
            return None
        rows = stand_in.join(rows.split(tag))  # one pass, where replacing makes two
    if _LESS in rows or _GREATER in rows or (_AND in rows and _UNCLEAR_ENTITY.search(rows)):
        return None
    shape = rows.translate(None, _NO_SHAPE)
    for _ in range(_DEEPEST):
        for pair in _PAIRS:
            shape = shape.replace(pair, b"")
    return rows.translate(_SETTLED) if _SHAPE.fullmatch(shape) else None


def _tag_at(rows: bytes, at: int) -> bytes:
    """The tag or comment that begins at a place, nothing for one without its end."""
    if rows.startswith(b"<!--", at):
        comment = _A_COMMENT.match(rows, at)
        return comment.group() if comment else b""
    return rows[at : rows.find(_GREATER, at, at + _LONGEST_TAG) + 1]


@lru_cache(maxsize=5_000)
def _stand_in(tag: bytes) -> bytes | None:
    """What stands for a tag, or nothing for one that is not plain."""
    if _NOT_SHOWN.fullmatch(tag):
        return NOTHING
    plain = _PLAIN_TAG.fullmatch(tag)
    if plain is None:
        return None
    ends, name, attributes, *_, is_empty = plain.groups()
    if _DRESSED.search(attributes) and _changes(attributes, styles.box_of(name.decode())):
        return None
    if name in _EMPTY_TAGS:
        return None if ends else _EMPTY_TAGS[name]
    if name not in _TAGS or is_empty or (ends and attributes):
        return None
    start, end = _TAGS[name]
    spans = _spans(attributes) if name in (b"td", b"th") else b""
    return end if ends else None if spans is None else start + spans


def _changes(attributes: bytes, box: styles.Box) -> bool:
    """Whether attributes change what is shown: hide it, strike it, raise it, make it faint."""
    for name, *value in _EACH_ATTRIBUTE.findall(attributes):
        text = b"".join(value).decode("latin-1")
        if name in (b"hidden", b"popover", b"background", b"dir", b"id"):
            return True
        if name == b"style":
            effects = styles.inline(text, box)
        elif name in _DECLARES:
            effects = styles.effects({_DECLARES[name]: text.strip().lower()})
        else:
            continue
        if effects or effects.is_apart or _may_be_faint(effects):
            return True
    return False


def _may_be_faint(effects: styles.Effects) -> bool:
    """Whether letters or grounds of other tags may be of the colour that a tag gives to its own."""
    letters = effects.colour
    return any(min(ground) < _LIGHT for ground in effects.grounds) or (
        letters is not None and min(letters) > _DARK
    )


def _spans(attributes: bytes) -> bytes | None:
    """The spans of a cell, as `read_html` has them before its text; nothing if not certain."""
    values: dict[bytes, bytes] = {}
    for name, *value in _EACH_ATTRIBUTE.findall(attributes):
        if name in values or name == FLAW.encode():
            return None
        values[name] = b"".join(value)
    if not values.keys() & {b"colspan", b"rowspan"}:
        return b""
    columns, rows = values.get(b"colspan", b""), values.get(b"rowspan", b"")
    if not all(not span or _SPAN.fullmatch(span) for span in (columns, rows)):
        return None
    return columns + PART + rows + PART + VALUE
