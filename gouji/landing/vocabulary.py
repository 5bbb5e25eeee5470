"""The words of the form: what a piece of text in a table can mean.

Everything is read from the reference seeds, the same files that dbt loads: lines, measures,
applicant types, channels, results, the words that stand for a value, `label_variants`, the labels
seen in print that differ from the form's, and `simplified_characters` for labels in traditional
characters.  A label matches when its characters do, without
spaces, punctuation and numbering; one slip in a long label is forgiven when no other label is
near; nothing else is.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gouji.landing.printed_words import PrintedWords, printed_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_DIGITS = 15  # of a plain number
LONG_LABEL = 8  # characters from which one slip is forgiven
LONGEST_LABEL = 120
CUT_LABEL = 5  # characters that a label cut short must still have

_NUMBERING = re.compile(r"^[(（]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[)）]?[、.,，:：．]?")
_ONLY_NUMBERING = re.compile(r"[(（]\d{1,2}[)）]|[(（]?[一二三四五六七八九十]{1,3}[)）]?")
_ARTICLE = re.compile(r"^第二十条第?[(（]?[一二三四五六七八九十][)）]?项?$")
_UNIT = re.compile(r"单位[:：]?\s*(亿元|万元|元)|[(（](亿元|万元|元)[)）]")
_SECTION = re.compile(r"^[一二三四五六七八九]、")
_TAIL_NUMBER = re.compile(r"^(.*?[^\d.\s])\s*([\d.\s]*\d)$")


# What a word can be, a bit each: of a row it is asked time and again whether any word of it is so.
(
    VALUE,
    LINE,
    WHOLE_LINE,  # as the form has it
    READ_AS,
    DISCLOSURE,
    MEASURE,
    APPLICANT,
    CHANNEL,
    HEADING,
    INFORMATION,
    NUMBERING,
    TOGETHER,
    FORM,
    HEAD,  # of the form, and neither a type, a result nor the label of a line of table 三
) = (1 << bit for bit in range(14))
NAMES_TABLE = MEASURE | CHANNEL | HEADING | INFORMATION  # in the headings of the form alone


@dataclass(frozen=True, slots=True)
class Word:
    """Every role that a text can play in the form; most texts play one or none."""

    key: str
    is_blank: bool = False
    is_value: bool = False
    is_numbered: bool = False
    is_numbering: bool = False  # a number as it stands before labels; among values it is one
    disclosure_line: str = ""
    request_line: str = ""
    is_group: bool = False
    measures: frozenset[tuple[str, str]] = frozenset()
    applicant: str = ""
    channel: str = ""
    result: str = ""
    is_heading: bool = False
    is_article: bool = False
    is_information: bool = False
    run_together: str = ""
    read_as: str = ""
    unit: str = ""
    is_line: bool = False  # the text can only be the label of a line of table 二 or 三
    is_form: bool = False  # the text belongs to the form at all, as label or heading
    roles: int = 0  # what it can be, of the bits above

    def settled(self) -> Word:
        """The word with `is_line`, `is_form` and `roles` worked out from what it can be."""
        is_line = bool(self.disclosure_line) or (
            bool(self.request_line) and not (self.applicant and not self.is_numbered)
        )
        is_form = bool(
            self.disclosure_line
            or self.request_line
            or self.is_group
            or self.measures
            or self.applicant
            or self.channel
            or self.result
            or self.is_heading
            or self.is_article
            or self.is_information
        )
        roles = (
            (VALUE, self.is_value),
            (LINE, is_line),
            (WHOLE_LINE, is_line and not self.read_as),
            (READ_AS, self.read_as),
            (DISCLOSURE, self.disclosure_line),
            (MEASURE, self.measures),
            (APPLICANT, self.applicant),
            (CHANNEL, self.channel),
            (HEADING, self.is_heading),
            (INFORMATION, self.is_information),
            (NUMBERING, self.is_numbering),
            (TOGETHER, self.run_together),
            (FORM, is_form),
            (HEAD, is_form and not (self.applicant or self.result or self.request_line)),
        )
        own = sum(role for role, is_played in roles if is_played)
        return replace(self, is_line=is_line, is_form=is_form, roles=own)


def label_key(text: str, simpler: Mapping[int, str] = MappingProxyType({})) -> tuple[str, bool]:
    """The characters of a label that tell it apart, and whether a number stood before it."""
    text = _plain(text, simpler)
    numbered = _NUMBERING.match(text)
    rest = text[numbered.end() :] if numbered else text
    key = _letters(rest)
    if numbered and key:
        return key, True
    return _letters(text), False


def _plain(text: str, simpler: Mapping[int, str]) -> str:
    """A text without spaces, each character in its usual form."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(simpler)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char == "/")


def is_one_slip(left: str, right: str) -> bool:
    """Whether one character put, left out or exchanged makes one text the other."""
    if abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    if len(left) == len(right):
        return left[start + 1 :] == right[start + 1 :]
    if len(left) > len(right):
        return left[start + 1 :] == right[start:]
    return left[start:] == right[start + 1 :]


@dataclass
class Form:
    """Both layouts of the form, as the reference seeds give them."""

    disclosure_lines: dict[str, list[str]]  # layout -> line codes in form order
    request_lines: dict[str, list[str]]
    usual_request_lines: dict[str, list[str]]  # the lines that are no variant of the layout
    split_lines: tuple[str, ...]  # the lines of （六） where it is split
    cells: dict[tuple[str, str], list[str]]  # (layout, disclosure line) -> measures in order
    units: dict[tuple[str, str], str]  # (layout, measure) -> the form's unit
    applicants: list[str]
    channels: list[str]
    results: list[str]
    labels: dict[str, str]  # code -> Chinese label, for messages
    words: dict[str, Word] = field(default_factory=dict)
    values: PrintedWords = field(default_factory=PrintedWords)
    line_keys: dict[str, Word] = field(default_factory=dict)
    simpler: Mapping[int, str] = field(default_factory=dict)  # of traditional characters

    def __post_init__(self) -> None:
        self.word = lru_cache(maxsize=50_000)(lambda text: self._word(text).settled())
        # Whether the warehouse reads a text: a number, or a word that stands for a value.
        self.is_value = lru_cache(maxsize=50_000)(self._is_value)

    def is_section(self, text: str) -> bool:
        """Whether a text is the heading of a section of the report, and no line of the form."""
        return bool(_SECTION.match(text)) and not self.word(text).request_line

    def is_label(self, text: str) -> bool:
        """Whether a text is a label of the form as it stands, without a slip."""
        return label_key(text, self.simpler)[0] in self.words or self.word(text).is_article

    def nearest(self, text: str) -> list[str]:
        """The form's labels that are nearest to a text that is none of them."""
        key, _ = label_key(text, self.simpler)
        return get_close_matches(key, list(self.line_keys), n=2, cutoff=0.5)

    def _is_value(self, text: str) -> bool:
        if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
            return text[0] != "0" or text == "0"
        return self.values.is_read(text)

    def _word(self, text: str) -> Word:
        if _ONLY_NUMBERING.fullmatch(text):
            return Word(text, is_numbering=True)
        is_value = self.is_value(text) or self.values.is_like_a_value(text)
        if not text or is_value or len(text) > LONGEST_LABEL:
            return Word(text, is_blank=not text, is_value=is_value)
        plain = _plain(text, self.simpler)
        key, numbered = label_key(plain)
        unit = _UNIT.search(plain)
        found = self._known(key)
        if found is not None:
            said = (unit.group(1) or unit.group(2)) if unit else ""
            return replace(found, is_numbered=numbered, unit=said)
        if _ARTICLE.match(plain):
            return Word(key, is_article=True)
        return self._unusual(plain, key, numbered, unit)

    def _unusual(self, plain: str, key: str, numbered: bool, unit: re.Match[str] | None) -> Word:
        """A text that is no label as it stands: cut, slipped, or run together with others."""
        if unit:  # a measure whose unit stands in brackets
            base = self._known(label_key(_UNIT.sub("", plain).replace("单位", ""))[0])
            if base is not None and base.measures:
                return replace(base, unit=unit.group(1) or unit.group(2))
        inner = self._after_group(plain)
        if inner is not None:
            return inner
        tail = _TAIL_NUMBER.match(plain)
        if tail:
            base = self._word(tail.group(1)).settled()
            if base.is_line:
                return Word(key, run_together=base.disclosure_line or base.request_line)
        near = [
            word
            for label, word in self.line_keys.items()
            if (len(label) >= LONG_LABEL and is_one_slip(label, key))
            or (len(key) >= CUT_LABEL and label.startswith(key))
        ]
        codes = {(word.disclosure_line, word.request_line) for word in near}
        if len(codes) == 1:
            return replace(near[0], key=key, is_numbered=numbered, read_as=near[0].key)
        return Word(key, is_numbered=numbered)

    def _after_group(self, plain: str) -> Word | None:
        """A line whose group stands in the same cell: （三）不予公开 1.属于国家秘密."""
        rest = plain
        for _ in range(2):
            stripped = _NUMBERING.sub("", rest, count=1)
            for group in self._groups:
                if stripped.startswith(group) and len(stripped) > len(group):
                    rest = stripped[len(group) :].lstrip("、:：.")
                    break
            else:
                return None
            key, numbered = label_key(rest)
            found = self._known(key)
            if found is not None and (found.request_line or found.is_group):
                return replace(found, is_numbered=True if numbered else found.is_numbered)
        return None

    @property
    def _groups(self) -> list[str]:
        return [key for key, word in self.words.items() if word.is_group]

    def _known(self, key: str) -> Word | None:
        return self.words.get(key)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_form(reference: Path) -> Form:
    """Read the form from the folder of the reference seeds."""
    lines = _rows(reference / "form_lines.csv")
    measures = _rows(reference / "measures.csv")
    applicants = _rows(reference / "applicant_types.csv")
    channels_results = _rows(reference / "channels_results.csv")
    variants = _rows(reference / "label_variants.csv")
    lines.sort(key=lambda row: (row["layout"], row["form_table"], int(row["line_order"])))

    disclosure_lines: dict[str, list[str]] = defaultdict(list)
    request_lines: dict[str, list[str]] = defaultdict(list)
    usual: dict[str, list[str]] = defaultdict(list)
    labels: dict[str, str] = {}
    split: dict[str, None] = {}
    for row in lines:
        labels[row["line_code"]] = row["label_zh"]
        if row["form_table"] == "disclosures":
            disclosure_lines[row["layout"]].append(row["line_code"])
        elif row["form_table"] == "requests":
            request_lines[row["layout"]].append(row["line_code"])
            if row["parent_line_code"] == "other_processing":
                split[row["line_code"]] = None
            if row["is_variant"] != "true":
                usual[row["layout"]].append(row["line_code"])
    order = {(row["layout"], row["measure_code"]): int(row["measure_order"]) for row in measures}
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _rows(reference / "form_cells.csv"):
        cells[row["layout"], row["line_code"]].append(row["measure_code"])
    for (layout, _), codes in cells.items():
        codes.sort(key=lambda code: order[layout, code])

    roles = _roles(lines, measures, applicants, channels_results, variants)
    by_order = [row["applicant_type"] for row in sorted(applicants, key=_type_order)]
    named = sorted(channels_results, key=lambda row: int(row["code_order"]))
    for row in (*measures, *applicants, *channels_results):
        code = row.get("measure_code") or row.get("applicant_type") or row["code"]
        labels.setdefault(code, row["label_zh"])
    words = {key: Word(key, **role) for key, role in roles.items()}
    return Form(
        disclosure_lines=dict(disclosure_lines),
        request_lines=dict(request_lines),
        usual_request_lines=dict(usual),
        split_lines=tuple(split),
        cells=dict(cells),
        units={(row["layout"], row["measure_code"]): row["form_unit"] for row in measures},
        applicants=by_order,
        channels=[row["code"] for row in named if row["dimension"] == "channel"],
        results=[row["code"] for row in named if row["dimension"] == "result"],
        labels=labels,
        words=words,
        values=printed_words(_rows(reference / "printed_words.csv")),
        simpler={
            ord(row["traditional"]): row["simplified"]
            for row in _rows(reference / "simplified_characters.csv")
        },
        line_keys={
            key: word for key, word in words.items() if word.disclosure_line or word.request_line
        },
    )


_LINE_ROLES = {
    "disclosures": "disclosure_line",
    "requests": "request_line",
    "reviews": "channel",
}


def _type_order(row: dict[str, str]) -> int:
    return int(row["type_order"])


def _roles(
    lines: list[dict[str, str]],
    measures: list[dict[str, str]],
    applicants: list[dict[str, str]],
    channels_results: list[dict[str, str]],
    variants: list[dict[str, str]],
) -> dict[str, dict[str, Any]]:
    """Each label's key with the roles that it can play."""
    roles: dict[str, dict[str, Any]] = defaultdict(dict)

    def put(label: str, role: str, code: object) -> None:
        entry = roles[label_key(label)[0]]
        if role == "measures":
            entry[role] = frozenset([*entry.get(role, ()), code])
        elif entry.setdefault(role, code) != code:
            raise ValueError(f"label {label!r} stands for {entry[role]!r} and for {code!r}")

    for row in lines:
        put(row["label_zh"], _LINE_ROLES[row["form_table"]], row["line_code"])
    for row in measures:
        put(row["label_zh"], "measures", (row["layout"], row["measure_code"]))
    for row in applicants:
        put(row["label_zh"], "applicant", row["applicant_type"])
    for row in channels_results:
        put(row["label_zh"], row["dimension"], row["code"])
    for row in variants:
        kind, label, code = row["word_kind"], row["label_zh"], row["code"]
        if kind == "line":
            put(label, _LINE_ROLES[row["form_table"]], code)
        elif kind == "measure":
            put(label, "measures", (row["layout"], code))
        elif kind in ("group", "heading", "information"):
            put(label, f"is_{kind}", True)
        elif kind in ("applicant", "channel", "result"):
            put(label, kind, code)
        else:
            raise ValueError(f"label_variants: {kind} is no kind of word")
    return roles
