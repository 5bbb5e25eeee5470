"""The words of the old annex: what its labels, headings and units mean, as the seeds say."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WHICH = re.compile(r"^(?:其中)?[:：]?")
_NUMBER = re.compile(
    r"^(?:[(（]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[)）]?[.．、:：]|[(（][一二三四五六七八九十\d]{1,2}[)）]"
    r"|[①-⑳])+"
)
_REMARK = re.compile(r"[（(][^（()）]*[)）]$")  # at the end of a label: what is counted
_YEAR = re.compile(r"^20\d\d年?(?=年度)|^20\d\d(?=年$)")


class Part(NamedTuple):
    """A whole and its parts, as an identity of the annex has them."""

    whole: str
    parts: tuple[str, ...]
    is_exact: bool  # the parts make the whole; else they are no more than it


class AnnexForm(NamedTuple):
    """A form of the annex: the indicator that tells it, its years, and the codes of its lines."""

    layout: str
    told_by: str
    first_year: int
    last_year: int
    codes: dict[str, str]  # indicator -> code that the form prints beside it


@dataclass(frozen=True)
class StatisticWords:
    """The vocabulary of the annex."""

    labels: dict[tuple[str, str], str]  # (key of a label, whole that it stands in) -> indicator
    parents: dict[str, str]  # indicator -> whole, empty for none
    heads: dict[str, str]  # heading -> column; label, unit and code among them
    units: tuple[str, ...]  # longest first
    sums: tuple[Part, ...]
    forms: tuple[AnnexForm, ...]

    def column(self, head: str) -> str:
        """The column that a heading names, whatever year stands in it; empty for none."""
        text = plain(head)
        return self.heads.get(text) or self.heads.get(_YEAR.sub("", text), "")

    def indicator(self, label: str, wholes: list[str]) -> str:
        """The indicator that a label names within the wholes above it, the innermost first."""
        keys = dict.fromkeys((label_key(label), label_key(_REMARK.sub("", label.strip()))))
        for key in filter(None, keys):
            for whole in (*reversed(wholes), ""):
                if found := self.labels.get((key, whole)):
                    return found
        return ""

    def chain(self, indicator: str) -> list[str]:
        """The wholes that an indicator stands in, the outermost first, itself last."""
        chain = [indicator]
        while parent := self.parents.get(chain[0], ""):
            chain.insert(0, parent)
        return chain

    def named_in(self, text: str) -> set[str]:
        """The indicators of which a label stands somewhere in a text."""
        plain_text = label_key(text)
        return {code for (key, _), code in self.labels.items() if key in plain_text}

    def form_of(self, indicators: set[str], year: int) -> str:
        """The form of the annex that some indicators tell, of those the one of the year.

        Empty where none of the telling indicators is there.
        """
        told = [form for form in self.forms if form.told_by in indicators]
        told.sort(key=lambda form: max(form.first_year - year, year - form.last_year, 0))
        return told[0].layout if told else ""

    def codes_of(self, layout: str) -> dict[str, str]:
        """The codes that a form prints beside its lines: indicator -> code."""
        return next((form.codes for form in self.forms if form.layout == layout), {})


def plain(text: str) -> str:
    """A text without spaces, in half-width characters, 其它 as 其他."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("其它", "其他")


def label_key(label: str) -> str:
    """The characters of a label that tell it apart: without 其中, its number and punctuation."""
    circled = _NUMBER.sub("", label.strip())  # before NFKC makes ① a plain 1
    text = _WHICH.sub("", plain(circled))
    text = _NUMBER.sub("", text)
    return "".join(char for char in text if char.isalnum())


def load_words(reference: Path) -> StatisticWords:
    """Read the vocabulary from the reference seeds.

    Raises `OSError`, `KeyError` or `ValueError` where a seed cannot be read.
    """
    indicators = list(_rows(reference / "statistic_indicators.csv"))
    identities = {row["identity_id"]: row for row in _rows(reference / "statistic_identities.csv")}
    sides: dict[str, dict[str, list[str]]] = {}
    for row in _rows(reference / "statistic_identity_terms.csv"):
        # of one report, in each of its columns
        if identities[row["identity_id"]]["slice_by"] == "column" and not row["column_code"]:
            of = sides.setdefault(row["identity_id"], {"left": [], "right": []})
            of[row["side"]].append(row["indicator_code"])
    codes: dict[str, dict[str, str]] = {}
    for row in _rows(reference / "statistic_lines.csv"):
        if row["printed_code"]:
            codes.setdefault(row["layout"], {})[row["indicator_code"]] = row["printed_code"]
    return StatisticWords(
        labels={
            (label_key(row["label"]), row["within_indicator_code"]): row["indicator_code"]
            for row in _rows(reference / "statistic_labels.csv")
        },
        parents={row["indicator_code"]: row["parent_indicator_code"] for row in indicators},
        heads={row["head"]: row["column_code"] for row in _rows(reference / "statistic_heads.csv")},
        units=tuple(sorted({row["form_unit"] for row in indicators}, key=lambda unit: -len(unit))),
        sums=tuple(_sums(identities, sides)),
        forms=tuple(
            AnnexForm(
                row["layout"],
                row["told_by"],
                int(row["first_year"]),
                int(row["last_year"]),
                codes.get(row["layout"], {}),
            )
            for row in _rows(reference / "layouts.csv")
            if row["table_set"] == "statistics"
        ),
    )


def _sums(
    identities: dict[str, dict[str, str]], sides: dict[str, dict[str, list[str]]]
) -> Iterator[Part]:
    for identity_id, of in sides.items():
        row = identities[identity_id]
        if row["relation"] == "at_most":
            yield Part(of["right"][0], tuple(of["left"]), is_exact=False)
        else:
            # what reports often break is no rule to read by
            yield Part(of["left"][0], tuple(of["right"]), is_exact=row["severity"] == "error")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
