"""The rules of a page's stylesheets: which count, what they match, in the order of the cascade.

tinycss2 parses the sheets, cssselect their selectors.  A rule of which it cannot be told whether it
counts, or what it matches, is unsure: it matches all that it may.
"""

from __future__ import annotations

import math
import re
from base64 import b64decode
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from gouji.landing.grid import Refused
from gouji.landing.media import Truth, all_of, is_supported, media_hold
from gouji.landing.styles import PROPERTIES, WRITTEN_PARTS, Declarations, effects, longhands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml import etree

MOST_RULES = 5_000  # of a page's sheets, that may match a part of it
_MOST_SELECTORS = 100  # of a rule within another, with those of the rules around it
_LONGEST_SELECTOR = 500  # of such a rule
_NOT_SHOWN = ("noscript", "template")  # what stands in them is no part of a page as it opens
_UNTOLD = ("container", "scope")  # rules that hold others, and it is not told for what
_ASSUMED = frozenset(["html", "head", "body", "tbody"])  # in a page that does not write them
# States in which nothing is as a page opens.
_STATES = (
    *("focus-within", "focus-visible", "target-within", "autofill", "user-invalid", "user-valid"),
    *("fullscreen", "modal", "popover-open", "picture-in-picture", "placeholder-shown", "current"),
)
_NEVER = re.compile(rf"::-webkit-|:(?:{'|'.join(_STATES)})(?![\w-])")
_OF_OTHERS = re.compile(":-(?:moz|ms|o)-")  # a browser passes over the whole rule
_FUNCTION = re.compile(r":[\w-]+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_STATE = re.compile(r"(?<![:\\]):(?!(?:before|after|first-line|first-letter)\b)[a-z][\w-]*")
_NONE_OF = re.compile(r":not\(([^():\[\]]*,[^():\[\]]*)\)")
_PARTS = ("first-letter", "first-line")  # of what stands in an element
# What a page may hide, strike, raise or colour in itself, and any sheet may undo.
_MAY_BE_UNDONE = re.compile(
    rb"<(?:s|del|strike|sup|sub)[\s>]|\shidden[\s=/>]|popover|visibility|font-size:\s*0"
    rb"|vertical-align:\s*(?:top|text-|bottom|middle)"
    rb"|(?<![\w-])(?:(?:max-)?(?:width|height):\s*[01]\D|(?:left|right|top|bottom):\s*-?\d)"
    rb"|color\s*[:=]\s*[\"']?(?:#f|white|transparent|[a-z]{3,9}\()|var\("
)

# What by itself changes nothing, and lets what another rule says take hold.
_BESIDE = {"overflow-x": "hidden", "overflow-y": "hidden", "position": "relative"}
_BESIDE |= {f"{part}:content": "''" for part in WRITTEN_PARTS}
# The mark of a list's line stands before it.
_WRITTEN_AS = {**{part: part for part in WRITTEN_PARTS}, "marker": "before"}

_Declared = tuple[Declarations, Declarations]  # plainly, and as important


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a stylesheet: what it matches, its rank in the cascade, what it declares.

    Of two of one rank, what stands later in the page counts.  `names` are those of classes,
    attributes and tags that stand in a page of which it matches anything.
    """

    names: frozenset[bytes]
    path: etree.XPath
    specificity: tuple[int, int, int]
    layer: tuple[str, ...]
    declared: tuple[tuple[str, str], ...]
    is_important: bool
    is_sure: bool

    def may_match(self, page: bytes) -> bool:
        """Whether it may match anything in a page, given in small letters."""
        return all(name in page for name in self.names)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rules stand: within other rules, a layer, and what may not hold."""

    around: tuple[str, ...] = ()
    layer: tuple[str, ...] = ()
    holds: Truth = True


def sheets_in(root: etree._Element) -> Iterator[tuple[str, Truth]]:
    """The stylesheets that a parsed page carries, and whether they count on a screen."""
    for element in root.iter("style", "link"):
        holds = media_hold(str(element.get("media") or ""))
        if holds is False or next(element.iterancestors(*_NOT_SHOWN), None) is not None:
            continue
        if element.tag == "style":
            if str(element.get("type") or "text/css").strip().lower() == "text/css":
                yield "".join(map(str, element.itertext())), holds
            continue
        names = str(element.get("rel")).lower().split()
        if "stylesheet" in names and "alternate" not in names and element.get("disabled") is None:
            yield _sheet_at(str(element.get("href"))), holds


def decoded(sheet: bytes) -> str:
    """The text of a stylesheet."""
    from tinycss2.bytes import decode_stylesheet_bytes  # noqa: PLC0415 - few pages need it

    return str(decode_stylesheet_bytes(sheet)[0])


def rules_of(sheets: Iterable[tuple[str, Truth]], page: bytes) -> list[Rule]:
    """The rules of a page's sheets, in the order of the cascade, if any of them may hide a part.

    Or show one that the page itself hides.  A rule whose names do not occur in the page, given in
    small letters and without its sheets, has no part in it.
    """
    found: list[Rule] = []
    layers: dict[tuple[str, ...], int] = {}
    for text, holds in sheets:
        try:
            rules, named = _rules(text)
        except RecursionError as error:
            raise Refused("its stylesheets are nested without end") from error
        found += rules if holds else (replace(rule, is_sure=False) for rule in rules)
        for layer in named:
            for depth in range(len(layer)):
                layers.setdefault(layer[: depth + 1], len(layers))
    used = [rule for rule in found if rule.may_match(page)]
    if len(used) > MOST_RULES:
        raise Refused(f"more than {MOST_RULES} rules of stylesheets may change what it shows")
    if not any(map(_may_change, used)):
        used = used if _MAY_BE_UNDONE.search(page) else []
    return sorted(used, key=lambda rule: (rule.is_important, _height(rule, layers)))


def _may_change(rule: Rule) -> bool:
    """Whether a rule may change what is shown; of variables it is not known what they are."""
    is_known = not any("var(" in value for _, value in rule.declared)
    return rule.is_important or not is_known or bool(effects(_BESIDE | dict(rule.declared)))


def _height(rule: Rule, layers: Mapping[tuple[str, ...], int]) -> tuple[object, ...]:
    """How high a rule stands among those that are as important: by its layers, its selector.

    What stands in no layer is above all that does, and below where it is important.
    """
    depths = [float(layers[rule.layer[: depth + 1]]) for depth in range(len(rule.layer))]
    sign = -1 if rule.is_important else 1
    return [sign * depth for depth in (*depths, math.inf)], rule.specificity


@lru_cache(maxsize=100)
def _rules(text: str) -> tuple[tuple[Rule, ...], tuple[tuple[str, ...], ...]]:
    """The rules of a sheet that declare anything of what is looked at, and its layers in order."""
    import tinycss2  # noqa: PLC0415

    found: list[Rule] = []
    layers: dict[tuple[str, ...], None] = {}
    nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    for place, declared in _flat(nodes, _Place(), layers):
        if any(_OF_OTHERS.search(name) for name in place.around):
            continue
        is_known = all(_parsed(name)[1] for name in place.around)
        own = place if is_known else replace(place, holds=None)  # for a browser too, it may be none
        for name in place.around:
            found += _of_selector(name, own, declared)
    return tuple(found), tuple(layers)


def _of_selector(name: str, place: _Place, declared: _Declared) -> Iterator[Rule]:
    """The rules of one selector: one plain, one important; none if it matches nothing."""
    from lxml import etree  # noqa: PLC0415

    selector, is_sure = _parsed(name)
    if selector is None:
        return
    part = selector.pseudo_element
    if part is not None and part not in (*_PARTS, *_WRITTEN_AS):
        return
    for is_important, what in enumerate(declared):
        own = _of_part(_WRITTEN_AS[part], what) if part in _WRITTEN_AS else what
        if own:
            yield Rule(
                names=_names(name),
                path=etree.XPath(_translator().selector_to_xpath(selector)),
                specificity=selector.specificity(),
                layer=place.layer,
                declared=tuple(own.items()),
                is_important=bool(is_important),
                is_sure=bool(place.holds) and is_sure and part not in _PARTS,
            )


def _of_part(part: str, declared: Declarations) -> Declarations:
    """What is declared of what a sheet writes into an element, as said of the element."""
    named = {f"{part}:{name}": value for name, value in declared.items()}
    return {name: value for name, value in named.items() if name in PROPERTIES}


@lru_cache(maxsize=1)
def _translator() -> Any:
    from cssselect import HTMLTranslator  # noqa: PLC0415

    return HTMLTranslator()


@lru_cache(maxsize=1_000)
def _parsed(name: str) -> tuple[Any, bool]:
    """A selector, and whether it is certain what it matches; if not, one that matches more.

    Nothing for one that matches nothing as a page opens.
    """
    if _NEVER.search(_FUNCTION.sub("", name)):
        return None, True
    from cssselect import SelectorError, parse  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415

    each = _NONE_OF.sub(lambda found: "".join(f":not({one})" for one in found[1].split(",")), name)
    for tried, is_sure in ((each, True), (_wider(name), False)):
        try:
            selector = parse(tried)[0]
            etree.XPath(_translator().selector_to_xpath(selector))
        except (SelectorError, etree.XPathError, ValueError, IndexError):
            continue
        return selector, is_sure
    return None, False


def _wider(name: str) -> str:
    """A selector without what it asks for beyond tags, classes and attributes."""

    def anything(found: re.Match[str]) -> str:
        before = name_without_functions[: found.start()]
        return "" if before and before[-1] not in " >+~" else "*"

    name_without_functions = name
    for kind in (_FUNCTION, _STATE):
        name_without_functions = kind.sub(anything, name_without_functions)
    return name_without_functions


def _names(selector: str) -> frozenset[bytes]:
    """The names of classes, attributes and tags that stand in a page of which it matches a part."""
    import tinycss2  # noqa: PLC0415

    found: list[str] = []
    before = ""
    for token in tinycss2.parse_component_value_list(selector):
        if token.type == "hash" or (token.type == "ident" and before == "."):
            found.append(str(token.value))
        elif token.type == "ident" and before != ":":
            found += [] if token.lower_value in _ASSUMED else [f"<{token.value}"]
        elif token.type == "[] block" and token.content:
            found.append(str(getattr(token.content[0], "value", "")))
        before = str(token.value) if token.type == "literal" else ""
    return frozenset(name.encode().lower() for name in found)


def _flat(
    nodes: Iterable[Any], place: _Place, layers: dict[tuple[str, ...], None]
) -> Iterator[tuple[_Place, _Declared]]:
    """The rules of a sheet, each with its place and what it declares, plainly and as important.

    Those that stand within a rule follow it, with whole selectors.
    """
    import tinycss2  # noqa: PLC0415

    declared: _Declared = ({}, {})
    within: list[tuple[Any, _Place]] = []
    for node in nodes:
        if node.type == "declaration":
            own = longhands(node.lower_name, tinycss2.serialize(node.value))
            declared[node.important].update(own)
        elif node.type == "qualified-rule":
            names = _selectors(node.prelude, place.around)
            if not place.around or 0 < len(names) <= _MOST_SELECTORS:
                within.append((node.content, replace(place, around=names)))
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            text, media = _imported(node)
            holds = all_of([place.holds, media_hold(media)])
            if text and holds is not False:
                nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
                yield from _flat(nodes, replace(place, holds=holds), layers)
        elif node.type == "at-rule":
            inner = _inner(node, place, layers)
            if inner is not None and inner.holds is not False and node.content:
                within.append((node.content, inner))
    if place.around and any(declared):
        yield place, declared
    for content, inner in within:
        parse = tinycss2.parse_blocks_contents if inner.around else tinycss2.parse_rule_list
        yield from _flat(parse(content, True, True), inner, layers)


def _inner(rule: Any, place: _Place, layers: dict[tuple[str, ...], None]) -> _Place | None:
    """Where the rules stand that another rule holds; nothing for one that holds none."""
    import tinycss2  # noqa: PLC0415

    asked, kind = tinycss2.serialize(rule.prelude).strip(), rule.lower_at_keyword
    if kind == "layer":
        # One without a name is like no other.
        names = asked.split(",") if asked else [f"?{len(layers)}"]
        paths = [(*place.layer, *name.strip().split(".")) for name in names]
        layers.update(dict.fromkeys(paths))
        return replace(place, layer=paths[-1])
    if kind == "media":
        return replace(place, holds=all_of([place.holds, media_hold(asked)]))
    if kind == "supports":
        return replace(place, holds=all_of([place.holds, is_supported(asked)]))
    return replace(place, holds=None) if kind in _UNTOLD else None


def _imported(rule: Any) -> tuple[str, str]:
    """The sheet that a rule imports, if it holds it in itself, and for which media."""
    import tinycss2  # noqa: PLC0415

    address, *media = [token for token in rule.prelude if token.type != "whitespace"] or [rule]
    if address.type == "function":
        address = next(iter(address.arguments), address)
    return _sheet_at(str(getattr(address, "value", ""))), tinycss2.serialize(media)


def _sheet_at(address: str) -> str:
    """The stylesheet in a `data:` address; nothing of one that is elsewhere."""
    head, _, content = address.strip().partition(",")
    head = "".join(head.lower().split())
    if not head.startswith("data:text/css"):
        return ""
    sheet = unquote_to_bytes(content)
    if not head.endswith(";base64"):
        return decoded(sheet)
    try:
        return decoded(b64decode(sheet + b"=="))
    except ValueError:
        return ""


def _selectors(prelude: Iterable[Any], around: tuple[str, ...]) -> tuple[str, ...]:
    """The selectors of a rule, with those of the rule around it."""
    own = [""]
    for part in prelude:
        if part == ",":
            own.append("")
        else:
            own[-1] += part.serialize()
    names = [
        name.replace("&", outer or ":root") if "&" in name else f"{outer} {name}".strip()
        for outer in around or [""]
        for name in map(str.strip, own)
    ]
    return tuple(name for name in names if not around or len(name) <= _LONGEST_SELECTOR)
