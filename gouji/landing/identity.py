"""Whose report a document is, and for which year.

Title, stated period, metadata and, last, the name of the file are asked; where they disagree and
nothing settles it, the document is refused.  The agency is looked up under its name, its other
names and its name without the regions above it; a body that is not known is proposed as a row for
`agencies`, never invented.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from text_unidecode import unidecode  # type: ignore[import-untyped]

from gouji.landing.grid import Document, Paragraph, Refused

if TYPE_CHECKING:
    from pathlib import Path

FIRST_YEAR, LAST_YEAR = 2019, 2099
NO_REGION = "000000"
AGENCY_COLUMNS = (
    "agency_id",
    "agency_name",
    "region_code",
    "level",
    "sector_code",
    "parent_agency_id",
    "predecessor_agency_id",
    "is_consolidated",
)
_REPORT = r"(?:政府|政务){0,2}信息公开(?:工作)?(?:年度)?(?:工作)?(?:年度)?(?:情况)?(?:报告|年报)"
_TITLE = re.compile(
    r"^(?P<before>[^。；，]{0,60}?)(?P<year>20\d\d)年?度?(?P<middle>[^。；，\d]{0,40}?)"
    rf"{_REPORT}(?:[(]摘要[)])?(?P<after>.{{0,6}})$"
)
_TITLE_YEAR_LAST = re.compile(
    rf"^(?P<before>[^。；，\d]{{0,60}}?){_REPORT}[(](?P<year>20\d\d)年?度?[)]$"
)
_PERIOD = re.compile(
    r"(20\d\d)年1月1日[^。；]{0,8}?[至到起止—~-]{1,3}[^。；\d]{0,4}(?:(20\d\d)年)?12月31日"
)
_DATE = re.compile(r"(20\d\d)[-年/.](\d{1,2})[-月/.](\d{1,2})日?(?:\s*(\d{1,2}:\d{2})(?::\d{2})?)?")
_PUBLISHED = re.compile(r"(?:发布|发文|公布|成文|公开|生成)(?:日期|时间)[:：]?\s*(20\d\d\D.{4,20})")
_DATE_KEYS = ("pubdate", "publishdate", "article:published_time", "publishtime", "contentdate")
_URL_KEYS = ("url", "og:url", "canonical", "saved from")
_CHINESE_YEAR = re.compile("二[〇○零0][〇○零一二三四五六七八九]{2}(?=年)")
_CHINESE_DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))
_BODY_ENDINGS = (
    "局",
    "委员会",
    "办公室",
    "办公厅",
    "厅",
    "委",
    "办",
    "部",
    "院",
    "处",
    "街道",
    "镇",
    "乡",
    "政府",
    "中心",
    "大队",
    "支队",
)


@dataclass(slots=True)
class Identity:
    """Whose report it is; `proposal` is the row for `agencies` where the body is not known."""

    agency_id: str
    agency_name: str
    report_year: int
    title: str
    published_on: str = ""
    source_url: str = ""
    notes: list[str] = field(default_factory=list)
    proposal: dict[str, str] | None = None


class UnknownAgency(Exception):
    """A body that `agencies` does not have; `row` is what could be added.

    Where no region bears its name either, the row lacks the region: someone must say which it is.
    """

    def __init__(self, row: dict[str, str]) -> None:
        self.row = row
        name, proposed = row["agency_name"], f"proposed: {row['agency_id']}"
        super().__init__(
            f"the agency {name} is not in agencies.csv ({proposed})"
            if row["region_code"]
            else f"no agency and no region is called {name}, so it is not known whose report it "
            f"is ({proposed}, its region to be filled in)"
        )


@dataclass
class Registry:
    """Agencies, their other names, and the regions, from the reference seeds."""

    reference: Path

    @cached_property
    def agencies(self) -> dict[str, dict[str, str]]:
        """The agencies by id."""
        return {row["agency_id"]: row for row in _rows(self.reference / "agencies.csv")}

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """Every full name, and other name, with the agencies that bear it."""
        names: dict[str, set[str]] = defaultdict(set)
        for agency_id, row in self.agencies.items():
            names[_plain(row["agency_name"])].add(agency_id)
        other = self.reference / "agency_names.csv"
        for row in _rows(other) if other.exists() else []:
            names[_plain(row["other_name"])].add(row["agency_id"])
        return dict(names)

    @cached_property
    def short_names(self) -> dict[str, set[str]]:
        """Names without the regions above: 洪泽区人民政府 for 淮安市洪泽区人民政府."""
        short: dict[str, set[str]] = defaultdict(set)
        for name, ids in self.names.items():
            for start in range(2, len(name) - 3):
                if name[start - 1] in "省市区州盟":
                    short[name[start:]] |= ids
        return dict(short)

    @cached_property
    def regions(self) -> dict[str, dict[str, str]]:
        """The regions by code."""
        return {row["region_code"]: row for row in _rows(self.reference / "regions.csv")}

    @cached_property
    def regions_by_name(self) -> dict[str, list[str]]:
        """The codes of the regions of a name."""
        names: dict[str, list[str]] = defaultdict(list)
        for code, row in self.regions.items():
            if row["region_name"] != "市辖区":
                names[row["region_name"]].append(code)
        return dict(names)

    @cached_property
    def sectors(self) -> list[tuple[str, str]]:
        """Words of the sectors' labels with their code, the longest first."""
        words: list[tuple[str, str]] = []
        for row in _rows(self.reference / "sectors.csv"):
            parts = re.split("[（）、和与]", row["label_zh"])
            words += [(word, row["sector_code"]) for word in parts if len(word) >= 2]
        return sorted(words, key=lambda pair: -len(pair[0]))

    def find(self, name: str) -> str:
        """The id of the agency of a name.

        Raises `UnknownAgency` for a body that is not known, `Refused` for a name that more than
        one agency or region could bear, or that names no body.
        """
        plain = _plain(name)
        candidates = self.names.get(plain, set())
        if not candidates:
            candidates = self.names.get(f"{plain}人民政府", set())
        if not candidates:
            candidates = self.short_names.get(plain, set())
            if len(candidates) == 1 and not self._is_only_region(plain):
                raise Refused(
                    f"agency {name}: {', '.join(candidates)} bears this name without the region "
                    "above it, but so could the body of another region; name it with --agency"
                )
        if len(candidates) == 1:
            return next(iter(candidates))
        if candidates:
            raise Refused(
                f"agency {name} could be {' or '.join(sorted(candidates))}; name it with --agency"
            )
        raise UnknownAgency(self.propose(plain))

    def _is_only_region(self, plain: str) -> bool:
        """Whether the region that a name begins with is the only one of that name."""
        for end in range(len(plain), 1, -1):
            codes = self.regions_by_name.get(plain[:end])
            if codes:
                return len(codes) == 1
        return False

    def propose(self, plain: str) -> dict[str, str]:
        """A row for `agencies` for a body that is not known, without a region if none is named."""
        code, rest = self._region_of(plain)
        if not code:
            row = dict.fromkeys(AGENCY_COLUMNS, "")
            return row | {"agency_id": f"{NO_REGION}-{_slug(plain)}", "agency_name": plain}
        region = self.regions[code]
        level = region["region_level"]
        agency_code = code[:6]
        body = rest
        if level == "township":
            body = region["region_name"] + rest
        slug = _slug(body) or "zhengfu"
        agency_id = f"{agency_code}-{slug}"
        number = 2
        while agency_id in self.agencies:
            agency_id = f"{agency_code}-{slug}{number}"
            number += 1
        sector = "general_government" if slug == "zhengfu" or level == "township" else ""
        if not sector:
            sector = next((code for word, code in self.sectors if word in body), "")
        parent = f"{agency_code}-zhengfu"
        return {
            "agency_id": agency_id,
            "agency_name": plain,
            "region_code": agency_code,
            "level": level,
            "sector_code": sector,
            "parent_agency_id": parent if parent in self.agencies and parent != agency_id else "",
            "predecessor_agency_id": "",
            "is_consolidated": "true" if slug == "zhengfu" else "false",
        }

    def _region_of(self, plain: str) -> tuple[str, str]:
        """The lowest region that a name begins with, and what follows it; no code for none."""
        found: set[tuple[str, str]] = set()
        start: list[tuple[str, str]] = [("", plain)]
        while start:
            code, rest = start.pop()
            steps: list[tuple[str, str]] = []
            for end in range(2, min(len(rest), 16) + 1):
                steps.extend(
                    (inner, rest[end:])
                    for inner in self.regions_by_name.get(rest[:end], [])
                    if not code or self._is_inside(inner, code)
                )
            if steps:
                start.extend(steps)
            elif code:
                found.add((code, rest))
        if not found and not _is_body(plain):
            raise Refused(f"no agency and no region is called {plain[:30]}")
        if not found:
            return "", plain
        shortest = min(len(rest) for _, rest in found)
        best = {(code, rest) for code, rest in found if len(rest) == shortest}
        if len(best) > 1:
            names = sorted(code for code, _ in best)
            raise Refused(
                f"agency {plain[:30]}: the regions {', '.join(names[:4])} bear the name; "
                "name the agency with --agency"
            )
        return next(iter(best))

    def _is_inside(self, code: str, outer: str) -> bool:
        while code:
            code = self.regions[code]["parent_code"] if code in self.regions else ""
            if code == outer:
                return True
        return False


def identify(
    document: Document,
    registry: Registry,
    *,
    file_stem: str = "",
    agency: str = "",
    year: int | None = None,
) -> Identity:
    """Tell whose report a document is; `agency` (id or name) and `year`, if given, are believed.

    Raises `Refused` where it cannot be told, `UnknownAgency` for a body that is not known.
    """
    notes: list[str] = []
    title, title_name, title_year = _title(document)
    published = _published(document)
    period_year = _period(document)
    file_name, file_year = _from_file(file_stem)
    report_year = year or _settle_year(title_year, period_year, published, file_year, notes)
    name = agency or title_name or _from_metadata(document) or file_name
    if not name:
        raise Refused("no agency is named in its title; name it with --agency")
    if not title_name and not agency and name == file_name:
        notes.append(f"the agency is taken from the name of the file: {name}")
    agency_id = name if name in registry.agencies else registry.find(name)
    return Identity(
        agency_id=agency_id,
        agency_name=registry.agencies[agency_id]["agency_name"],
        report_year=report_year,
        title=title or f"{name}{report_year}年政府信息公开工作年度报告",
        published_on=published,
        source_url=_url(document),
        notes=notes,
    )


def _settle_year(
    title: int | None, period: int | None, published: str, file: int | None, notes: list[str]
) -> int:
    before = int(published[:4]) - 1 if published[:4].isdigit() else None
    if title and period and title != period:
        if before == title or (before is None and file == title):
            notes.append(f"the period stated in the text is {period}, the title's year {title}")
            return title
        if before == period:
            notes.append(f"the title's year is {title}, the period stated in the text {period}")
            return period
        raise Refused(
            f"its title says {title} and the period that it states {period}; say which with --year"
        )
    year = title or period
    if year is None:
        year = file
        if year is not None:
            notes.append(f"the year is taken from the name of the file: {year}")
    if year is None:
        raise Refused("no year is named in its title or text; say which with --year")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"it is a report for {year}: the form begins with {FIRST_YEAR}")
    if before is not None and before != year:
        notes.append(f"published in {before + 1}, for the year {year}")
    return year


def _narrow(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return _CHINESE_YEAR.sub(
        lambda match: "20" + "".join(_CHINESE_DIGITS.get(char, char) for char in match.group()[2:]),
        plain,
    )


def _title(document: Document) -> tuple[str, str, int | None]:
    """The title as printed, the agency's name in it or above it, and its year."""
    head: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            head.append(block)
        if len(head) >= 25:
            break
    metadata = document.metadata
    candidates: list[tuple[str, Paragraph | None, Paragraph | None]] = [
        (p.text, head[i - 1] if i else None, p) for i, p in enumerate(head)
    ]
    candidates += [(metadata.get("articletitle", ""), None, None)]
    candidates += [(re.split("[-_|—]", document.title)[0], None, None)]
    best: tuple[str, str, int | None] = ("", "", None)
    for text, above, paragraph in candidates:
        plain = _narrow(text)
        if len(plain) > 90:
            continue
        match = _TITLE.match(plain) or _TITLE_YEAR_LAST.match(plain)
        if match is None:
            continue
        parts = match.groupdict()
        if len(parts.get("after") or "") > 3:
            continue
        name = f"{parts['before']}{parts.get('middle') or ''}".strip("《》“”\"'·、:")
        year = int(parts["year"])
        if name in ("", "关于"):
            if above is not None and _is_body(_narrow(above.text)):
                both_headings = above.is_heading and bool(paragraph and paragraph.is_heading)
                printed = text if both_headings else above.text + text
                return printed, _narrow(above.text).strip("《》"), year
            best = best if best[0] else (text, "", year)
            continue
        return text, name.removeprefix("关于").removesuffix("关于").removesuffix("的"), year
    return best


def _is_body(name: str) -> bool:
    """Whether a text may be the name of a body: short, of Chinese characters, no sentence."""
    return 2 < len(name) <= 40 and not re.search("[。，,；;:：?!\\d]", name)


def _period(document: Document) -> int | None:
    for paragraph in document.paragraphs[:60]:
        match = _PERIOD.search(_narrow(paragraph.text))
        if match and (match.group(2) or match.group(1)) == match.group(1):
            return int(match.group(1))
    return None


def _published(document: Document) -> str:
    for key in _DATE_KEYS:
        value = document.metadata.get(key, "")
        if _DATE.search(value):
            return _date(value)
    for paragraph in document.paragraphs[:25]:
        match = _PUBLISHED.search(paragraph.text)
        if match and len(paragraph.text) < 120 and _DATE.search(match.group(1)):
            return _date(match.group(1))
    return ""


def _date(text: str) -> str:
    match = _DATE.search(text)
    if match is None:
        return ""
    year, month, day, hour = match.groups()
    date = f"{year}-{int(month):02}-{int(day):02}"
    return f"{date} {hour}" if hour else date


def _url(document: Document) -> str:
    for key in _URL_KEYS:
        value = document.metadata.get(key, "")
        if re.match(r"https?://[^\s<>\"']{4,500}$", value):
            return value
    return ""


def _from_metadata(document: Document) -> str:
    for key in ("contentsource", "sitename", "author"):
        value = _narrow(document.metadata.get(key, ""))
        if _is_body(value) and value.endswith(_BODY_ENDINGS):
            return value
    return ""


def _from_file(stem: str) -> tuple[str, int | None]:
    plain = _narrow(stem)
    year = re.search(r"(?<!\d)(20[12]\d)(?!\d)", plain)
    name = re.match(r"[\u4e00-\u9fff]{3,40}", plain)
    return (name.group() if name else ""), (int(year.group(1)) if year else None)


def _plain(name: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    return re.sub(r"[()《》“”\"']", "", plain)


def _slug(body: str) -> str:
    """A readable ASCII name of a body: 科学技术局 gives kexuejishu."""
    if body in ("", "人民政府", "政府"):
        return ""
    core = body.removeprefix("人民政府")
    for ending in ("管理局", "局", "委员会", "人民政府"):
        if core.endswith(ending) and len(core) > len(ending) + 1:
            core = core.removesuffix(ending)
            break
    ascii_name: str = unidecode(core)
    return re.sub(r"[^a-z0-9]", "", ascii_name.lower())[:40]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
