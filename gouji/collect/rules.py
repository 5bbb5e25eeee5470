"""The rules by which links are followed and pages told apart: data, in `rules.yml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules, compiled; texts are compared without their spaces."""

    report: re.Pattern[str]
    other_report: re.Pattern[str]
    paging: re.Pattern[str]
    paging_script: re.Pattern[str]
    of_a_visit: re.Pattern[str]
    sections: re.Pattern[str]
    sections_of_a_report: int
    suffixes: frozenset[str]
    pictures: frozenset[str]

    def names_report(self, text: str) -> bool:
        """Whether the words of a link are those of a report, or of a column of reports."""
        plain = without_spaces(text)
        return bool(self.report.search(plain)) and not self.other_report.search(plain)

    def is_paging(self, text: str) -> bool:
        """Whether the words of a link are those of another page of a list."""
        return bool(self.paging.fullmatch(without_spaces(text).lower()))

    def is_of_a_visit(self, field: str) -> bool:
        """Whether a field of an address stands for the visit, not for what is visited."""
        return bool(self.of_a_visit.fullmatch(field.lower()))

    def is_report(self, text: str) -> bool:
        """Whether the text of a page is that of a report: it has some of its sections."""
        found = {match.group() for match in self.sections.finditer(without_spaces(text))}
        return len(found) >= self.sections_of_a_report


def without_spaces(text: str) -> str:
    """A text without any white space."""
    return "".join(text.split())


@cache
def load_rules() -> Rules:
    """The rules of this package."""
    data = yaml.safe_load(Path(__file__).with_name("rules.yml").read_text(encoding="utf-8"))
    return Rules(
        report=re.compile("|".join(data["report"])),
        other_report=re.compile("|".join(data["other_report"])),
        paging=re.compile("|".join(data["paging"])),
        paging_script=re.compile(data["paging_script"]),
        of_a_visit=re.compile("|".join(data["of_a_visit"])),
        sections=re.compile("|".join(data["sections"])),
        sections_of_a_report=data["sections_of_a_report"],
        suffixes=frozenset(data["suffixes"]),
        pictures=frozenset(data["pictures"]),
    )
