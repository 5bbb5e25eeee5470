"""The bodies that report: the names of each, and what a name that is not known says of its body.

A name is taken apart into the region it begins with, a zone in it (开发区, 园区), and the body
itself: 石家庄市 | 高新区 | 社会发展局.  From these come the body's level and sector and its
*key*, which is the same for a name with and without the regions above, with 人民政府 or 政府.  A
body that is not known is proposed as a row for `agencies`, never invented; what its name does not
settle is missing in that row, and said.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from text_unidecode import unidecode  # type: ignore[import-untyped]

from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NO_REGION = "000000"
UNCLASSIFIED = "unclassified"
GOVERNMENT, OFFICE = "general_government", "government_office"
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
LONGEST_REGION = 40  # characters of the longest name of a region that is looked for

# The government of a region, zone or township, by whatever name.
_GOVERNMENTS = frozenset(
    (
        *("人民政府", "政府", "办事处", "人民政府办事处", "管理委员会", "管委会"),
        *("行政公署", "公署", "行政委员会"),
    )
)
_JOINS = re.compile("[和与及暨、·]")  # what is written between two lines of work, or left out
_ZONE_MANAGER = re.compile(
    r"(?:党工委)?(?:综合|建设|管理|服务|发展|管护){0,3}(?:局|处|中心|办公室|所|站)"
)
_TOWNSHIP = re.compile(r".{1,8}?(?:街道|[镇乡]|苏木)(?:人民政府|政府|办事处)?")
_DISTRICT = re.compile(
    r"(?!社区|城市|都市|集市|夜市|上市|老区|灾区|山区|牧区|地区|校区|小区)"
    r"([^局委厅院所办]{1,6}?(?:自治县|自治旗|[县区市旗]))(.*)"
)
_ENDING = re.compile(
    r"[局委办厅部院处所站队社会馆校园场矿厂台狱学团库段组室署联协镇乡]$|(?:中心|政府|街道|苏木|公司|银行)$"
)


class Parts(NamedTuple):
    """A name of a body taken apart: the region's code, a zone within it, the body itself."""

    region_code: str
    zone: str
    body: str


Key = tuple[str, str, str]  # region code, zone, the body's name without what may be left out


@dataclass(slots=True)
class Proposal:
    """A body that is not known: its key, the row for `agencies`, and what is missing in it."""

    key: Key
    row: dict[str, str]
    missing: str = ""  # such a row is never added by itself

    @property
    def reason(self) -> str:
        """Why its report is not landed."""
        name, proposed = self.row["agency_name"], f"proposed: {self.row['agency_id']}"
        if self.missing:
            return (
                f"{self.missing}, so it is not known whose report it is ({proposed}, its region to "
                "be filled in)"
            )
        return f"the agency {name} is not in agencies.csv ({proposed})"


class UnknownAgency(Exception):
    """A body that `agencies` does not have."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(proposal.reason)


@dataclass
class Registry:
    """Agencies, their names, the regions and the words of names, from the reference seeds."""

    reference: Path

    @cached_property
    def agencies(self) -> dict[str, dict[str, str]]:
        """The agencies by id."""
        return {row["agency_id"]: row for row in seed_rows(self.reference / "agencies.csv")}

    @cached_property
    def other_names(self) -> list[dict[str, str]]:
        """The rows of `agency_names`."""
        path = self.reference / "agency_names.csv"
        return seed_rows(path) if path.exists() else []

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """Every full name, and other name, with the agencies that bear it."""
        names: dict[str, set[str]] = defaultdict(set)
        for agency_id, row in self.agencies.items():
            names[plain_name(row["agency_name"])].add(agency_id)
        for row in self.other_names:
            names[plain_name(row["other_name"])].add(row["agency_id"])
        return dict(names)

    @cached_property
    def keys(self) -> dict[Key, set[str]]:
        """The agencies by the keys of all their names."""
        keys: dict[Key, set[str]] = defaultdict(set)
        for name, ids in self.names.items():
            keys[self.key_of(name)] |= ids
        return {key: ids for key, ids in keys.items() if key[0]}

    @cached_property
    def regions(self) -> dict[str, dict[str, str]]:
        """The regions by code."""
        return {row["region_code"]: row for row in seed_rows(self.reference / "regions.csv")}

    @cached_property
    def regions_by_name(self) -> dict[str, list[str]]:
        """The codes of the regions of a name; of an abolished or former name where no other is."""
        names: dict[str, list[str]] = defaultdict(list)
        earlier: dict[str, list[str]] = defaultdict(list)
        for code, row in self.regions.items():
            name = row["region_name"]
            if name != "市辖区":
                (earlier if row.get("valid_to") else names)[name].append(code)
            if row.get("former_name"):
                earlier[row["former_name"]].append(code)
        for name, codes in earlier.items():
            names[name] += codes
        return dict(names)

    @cached_property
    def short_regions(self) -> dict[str, str]:
        """Provinces and prefectures by their names without 省 or 市, where only one has it."""
        codes: dict[str, set[str]] = defaultdict(set)
        for code, row in self.regions.items():
            if row["region_level"] in ("province", "prefecture"):
                name = re.sub(
                    r"(?:(?:维吾尔|壮族|回族)?自治区|特别行政区|省|市|地区|盟)$",
                    "",
                    row["region_name"],
                )
                codes[name].add(code)
        return {name: next(iter(c)) for name, c in codes.items() if len(c) == 1 and len(name) > 1}

    @cached_property
    def zones_by_name(self) -> dict[str, tuple[str, str]]:
        """Zones that `agency_names` knows as the region of a body: name -> region code, zone."""
        return {
            row["agency_name"]: (row["region_code"], row["agency_name"])
            for row in self.agencies.values()
            if row["is_consolidated"] == "true"
            and row["agency_name"].endswith("区")
            and row["agency_name"] not in self.regions_by_name
            and not self._regions_at_start(row["agency_name"])
        }

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """The words of names by kind: word -> sector, without what joins words."""
        words: dict[str, dict[str, str]] = {"sector": {}, "zone": {}, "central": {}}
        for row in seed_rows(self.reference / "agency_words.csv"):
            words[row["word_kind"]][_JOINS.sub("", row["word"])] = row["sector_code"]
        return words

    @cached_property
    def full_words(self) -> dict[str, str]:
        """What words of departments are compared by: 发改 by 发展改革, 文广旅 by 文化旅游."""
        rows = seed_rows(self.reference / "agency_words.csv")
        usual = {row["word"]: row["usual_word"] for row in rows if row["usual_word"]}
        short = {row["word"]: row["full_word"] for row in rows if row["full_word"]}
        full = {word: word for word in [*short.values(), *usual.values()]} | usual
        return full | {word: full[whole] for word, whole in short.items()}

    @cached_property
    def _full_words(self) -> re.Pattern[str]:
        return _longest_first(self.full_words)

    @cached_property
    def _shortened(self) -> re.Pattern[str]:
        """A body that is called by such words and by nothing else: a department."""
        return re.compile(f"((?:{self._full_words.pattern})+)(局|委|厅|办|中心)")

    @cached_property
    def _sector_words(self) -> re.Pattern[str]:
        return _longest_first(self.words["sector"])

    @cached_property
    def _zone_words(self) -> re.Pattern[str]:
        words = _longest_first(self.words["zone"]).pattern
        return re.compile(rf"([^局委厅院所办]{{0,12}}?({words}))(.*)")

    @cached_property
    def _central_words(self) -> re.Pattern[str]:
        return _longest_first(self.words["central"])

    # -- known bodies

    def find(self, name: str) -> str:
        """The id of the agency of a name.

        Raises `UnknownAgency` for a body that is not known, `Refused` for a name that more than
        one agency or region could bear, or that names no body.
        """
        plain = plain_name(name)
        candidates = self.names.get(plain, set())
        if not candidates:
            parts = self.take_apart(plain)
            key = self.key(parts)
            candidates = self.keys.get(key, set()) if parts.region_code else set()
            if not candidates:
                raise UnknownAgency(self.propose(plain, parts))
        if len(candidates) == 1:
            return next(iter(candidates))
        raise Refused(
            f"agency {name} could be {' or '.join(sorted(candidates))}; name it with --agency"
        )

    def parts_of(self, name: str) -> Parts:
        """The parts of a name, those of the full name where it is another name of a known body."""
        plain = plain_name(name)
        ids = self.names.get(plain, set())
        if len(ids) == 1:
            plain = plain_name(self.agencies[next(iter(ids))]["agency_name"])
        return self.take_apart(plain)

    # -- names taken apart

    def take_apart(self, plain: str) -> Parts:
        """The lowest region that a name begins with, a zone, and the body; no code for none.

        Raises `Refused` where more than one region bears the name, or it is none of a body.
        """
        central = self._central_words.match(plain)
        if central and central.end() < len(plain):
            inner = plain[central.end() :]
            if self._regions_at_start(inner) or self._short_region(inner):
                plain = inner
        for zone, (code, name) in self.zones_by_name.items():
            if plain.startswith(zone):
                return Parts(code, name, plain[len(zone) :])
        found = self._regions_at_start(plain)
        if not found:
            if not is_body(plain):
                raise Refused(f"no agency and no region is called {plain[:30]}")
            found = self._short_region(plain)
        if not found:
            return Parts("", "", plain)
        shortest = min(len(rest) for _, rest in found)
        best = {(code, rest) for code, rest in found if len(rest) == shortest}
        current = {(code, rest) for code, rest in best if not self.regions[code].get("valid_to")}
        best = current or best
        # a county and the one township of its name, a city without counties: the outer bears it
        outer = {code for code, _ in best}
        best = {
            (code, rest) for code, rest in best if not any(self.is_inside(code, o) for o in outer)
        }
        if len(best) > 1:
            names = sorted(code for code, _ in best)
            raise Refused(
                f"agency {plain[:30]}: the regions {', '.join(names[:4])} bear the name; "
                "name the agency with --agency"
            )
        code, rest = next(iter(best))
        zone = self._zone(rest)
        body = rest[len(zone) :]
        for end in range(len(body) if zone else 0, 1, -1):  # a township that a zone looks after
            found_inside = self.regions_by_name.get(body[:end], ())
            inside = [one for one in found_inside if self.is_inside(one, code)]
            if len(inside) == 1:
                return Parts(inside[0], "", body[end:])
        return Parts(code, zone, body)

    def _regions_at_start(self, plain: str) -> set[tuple[str, str]]:
        """The regions that a name begins with, each the lowest of its way down, and the rest."""
        found: set[tuple[str, str]] = set()
        start: list[tuple[str, str]] = [("", plain)]
        while start:
            code, rest = start.pop()
            # 黄浦区人民政府打浦桥街道: a government may be named between two regions
            between = ("人民政府", "政府") if code else ()
            ways = [rest, *(rest.removeprefix(w) for w in between if rest.startswith(w))]
            steps = [
                (inner, way[end:])
                for way in ways
                for end in range(2, min(len(way), LONGEST_REGION) + 1)
                for inner in self.regions_by_name.get(way[:end], ())
                if not code or self.is_inside(inner, code)
            ]
            if steps:
                start.extend(steps)
            elif code:
                found.add((code, rest))
        return found

    def _short_region(self, plain: str) -> set[tuple[str, str]]:
        """The city that a name begins with, without its 市, before a zone or a line of work."""
        for end in range(min(len(plain), 6), 1, -1):
            code, rest = self.short_regions.get(plain[:end], ""), plain[end:]
            if code and (self._zone(rest) or self._sector_words.match(rest)):
                return {(code, rest)}
        return set()

    def _zone(self, rest: str) -> str:
        match = self._zone_words.match(rest)
        return match.group(1) if match else ""

    def is_inside(self, code: str, outer: str) -> bool:
        """Whether a region lies in another, at any depth."""
        while code:
            code = self.regions[code]["parent_code"] if code in self.regions else ""
            if code == outer:
                return True
        return False

    def key(self, parts: Parts) -> Key:
        """What is the same for all ways to write a body's name."""
        body = _without_government(parts.body)
        body = _JOINS.sub("", body)
        body = re.sub("办公[室厅]$", "办", re.sub("委员会$", "委", body))
        shortened = self._shortened.fullmatch(body)
        if shortened:
            words = self._full_words.sub(lambda word: self.full_words[word[0]], shortened[1])
            # Of a department there is one in a region, whichever of these its name ends in.
            body = words + ("局" if shortened[2] in ("委", "厅") else shortened[2])
        return parts.region_code, parts.zone, body

    def key_of(self, name: str) -> Key:
        """The key of a body's name; of the name itself where no region can be told."""
        plain = plain_name(name)
        try:
            return self.key(self.take_apart(plain))
        except Refused:
            return "", "", plain

    # -- what a name says of its body

    def level_of(self, parts: Parts) -> tuple[str, str]:
        """The level of a body, and what is missing to tell it."""
        region = self.regions[parts.region_code]
        level, name = region["region_level"], region["region_name"]
        if level in ("county", "township"):
            is_below = level == "county" and _TOWNSHIP.fullmatch(parts.zone + parts.body)
            return ("township" if is_below else level), ""
        if _TOWNSHIP.fullmatch(parts.body):
            if parts.zone or parts.region_code in self._with_townships:
                return "township", ""
            return "", f"no township {_TOWNSHIP.match(parts.body)[0]} is known in {name}"  # type: ignore[index]
        if parts.zone:
            return "county", ""
        district = _DISTRICT.match(parts.body)
        if district and self._is_body_of_district(parts.body, district[2]):
            return "", f"no region {district[1]} is known in {name}"
        return level, ""

    def _is_body_of_district(self, body: str, rest: str) -> bool:
        """Whether a name that may begin with a district is that district's, not the city's own."""
        if not rest or rest in _GOVERNMENTS or self._sector_words.match(rest):
            return True
        return not self._sector_words.match(body) and bool(_ENDING.search(rest))

    @cached_property
    def _with_townships(self) -> frozenset[str]:
        """The prefectures that townships answer to with no county between."""
        return frozenset(
            row["parent_code"] for row in self.regions.values() if row["region_level"] == "township"
        )

    def sector_of(self, parts: Parts) -> str:
        """The line of work of a body: of the first that its name tells, `unclassified` for none."""
        body = parts.body
        if not body or body in _GOVERNMENTS or _TOWNSHIP.fullmatch(body):
            return GOVERNMENT
        if parts.zone and _ZONE_MANAGER.fullmatch(body):
            suffix = self._zone_words.match(parts.zone)
            return (self.words["zone"][suffix[2]] if suffix else "") or GOVERNMENT
        bare = _without_government(body)
        if bare != body and re.fullmatch("办公[室厅]|办", bare):
            return OFFICE
        found = self._sector_words.search(_JOINS.sub("", bare.replace("人民政府", "")))
        return self.words["sector"][found[0]] if found else UNCLASSIFIED

    def propose(self, plain: str, parts: Parts) -> Proposal:
        """A row for `agencies` for a body that is not known, with what is missing in it."""
        key = self.key(parts)
        nowhere = dict.fromkeys(AGENCY_COLUMNS, "") | {
            "agency_id": f"{NO_REGION}-{slug(plain)}",
            "agency_name": plain,
            "sector_code": UNCLASSIFIED,
            "is_consolidated": "false",
        }
        if not parts.region_code:
            nowhere["sector_code"] = self.sector_of(parts)
            return Proposal(key, nowhere, f"no agency and no region is called {plain}")
        level, missing = self.level_of(parts)
        if missing:
            return Proposal(key, nowhere, missing)
        if parts.body and not _ENDING.search(parts.body):
            return Proposal(key, nowhere, f"{plain[:30]} does not end as a body's name does")
        region = self.regions[parts.region_code]
        code, (_, zone, body) = parts.region_code[:6], key
        if region["region_level"] == "township":
            zone = region["region_name"] + zone
        name = slug(zone + (_without_government(parts.body) if body else "")) or "zhengfu"
        row = {
            "agency_id": f"{code}-{name}",
            "agency_name": plain,
            "region_code": code,
            "level": level,
            "sector_code": self.sector_of(parts),
            "parent_agency_id": "",
            "predecessor_agency_id": "",
            "is_consolidated": "true" if name == "zhengfu" else "false",
        }
        return Proposal(key, row)


def settle(
    proposals: Iterable[Proposal], registry: Registry, waiting: Iterable[dict[str, str]] = ()
) -> None:
    """Give all proposals of one landing one row for each body, and each row an id of its own.

    Of several names of one body the longest is taken.  Bodies whose names have one slug (税务局,
    水务局) are numbered in the order of their keys: the order of documents does not matter.
    A body that waits for review already keeps the id that it was proposed with.

    Args:
        proposals: what the documents of one landing propose; their rows are changed.
        registry: the agencies that are known; they keep their ids.
        waiting: the rows that earlier landings proposed.
    """
    bodies: dict[Key, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        bodies[proposal.key].append(proposal)
    proposed_before = {row["agency_name"]: row["agency_id"] for row in waiting}
    ids = {registry.key_of(name): agency_id for name, agency_id in proposed_before.items()}
    taken = {*registry.agencies, *ids.values()}
    for key in sorted(bodies):
        same = bodies[key]
        row = max(
            (one.row for one in same), key=lambda r: (len(r["agency_name"]), r["agency_name"])
        )
        agency_id, number = row["agency_id"], 2
        while row["agency_id"] in taken and ids.get(key) != row["agency_id"]:
            row["agency_id"] = f"{agency_id}{number}"
            number += 1
        taken.add(row["agency_id"])
        for one in same:
            one.row = row


def fill_parents(agencies: dict[str, dict[str, str]]) -> None:
    """Name the region's government as the parent of bodies that name none.

    Whichever of them is landed first, both are then the same.
    """
    for agency_id, row in agencies.items():
        government = f"{row['region_code']}-zhengfu"
        is_below = agency_id != government and row["is_consolidated"] != "true"
        if not row["parent_agency_id"] and is_below and government in agencies:
            row["parent_agency_id"] = government


def is_body(name: str) -> bool:
    """Whether a text may be the name of a body: short, of Chinese characters, no sentence."""
    return 2 < len(name) <= 40 and not re.search("[。，,；;:：?!\\d]", name)


def plain_name(name: str) -> str:
    """A name without spaces, brackets and quotation marks."""
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    return re.sub(r"[()《》“”\"']", "", plain)


def slug(body: str) -> str:
    """A readable ASCII name of a body: 科学技术局 gives kexuejishu."""
    core = body.removeprefix("人民政府")
    for ending in ("管理局", "局", "委员会", "人民政府"):
        if core.endswith(ending) and len(core) > len(ending) + 1:
            core = core.removesuffix(ending)
            break
    ascii_name: str = unidecode(core)
    return re.sub(r"[^a-z0-9]", "", ascii_name.lower())[:40]


def _without_government(body: str) -> str:
    """A body's name without 人民政府 before it; nothing for the government itself."""
    if body in _GOVERNMENTS:
        return ""
    for word in ("人民政府", "政府"):
        if body.startswith(word):
            return body.removeprefix(word)
    for ending in ("人民政府", "政府", "办事处"):
        if _TOWNSHIP.fullmatch(body) and body.endswith(ending):
            return body.removesuffix(ending)
    return body


def _longest_first(words: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ordered)))


def seed_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a seed."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
