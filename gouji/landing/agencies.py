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
WORD_KINDS = ("sector", "plain", "zone", "place", "named", "people", "central")
MOST_NAMESAKES = 3  # townships that bear the bare name of a county that still tells it
NO_LEVEL = "is a body of the central government, for which agencies.csv has no level"
LONGEST_REGION = 40  # characters of the longest name of a region that is looked for

_COMMITTEES = frozenset(("管理委员会", "管委会"))
# The government of a region, zone or township, by whatever name.
_GOVERNMENTS = frozenset(
    (
        *("人民政府", "政府", "办事处", "人民政府办事处", *_COMMITTEES),
        *("行政公署", "公署", "行政委员会"),
    )
)
_TOWNSHIP_ENDINGS = ("镇", "乡", "街道", "苏木")
_JOINS = re.compile("[和与及暨、·]")  # what is written between two lines of work, or left out
_ZONE_MANAGER = re.compile(
    r"(?:党工委)?(?:综合|建设|管理|服务|发展|管护){0,3}(?:局|处|中心|办公室|所|站)"
)
_TOWNSHIP = re.compile(r".{1,8}?(?:街道|[镇乡]|苏木)(?:人民政府|政府|办事处)?")
_DISTRICT = re.compile(
    r"(?!社区|城市|都市|集市|夜市|上市|老区|灾区|山区|牧区|地区|校区|小区)"
    r"([^局委厅院所办]{1,6}?(?:自治县|自治旗|[县区市旗]))(.*)"
)
_ITS_OWN = re.compile("(?:(?<=[局厅])办公室|本级)$")  # a bureau's office, a government's own level
_CENTRAL = re.compile("(?:国务院|国家|中国|全国|中华人民共和国).*|.{2,}(?:总局|总署)")
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
        if self.missing.endswith(NO_LEVEL):
            return self.missing
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
        for name in [name for name in names if "自治" in name]:  # 恩施州, 景宁县
            ending = name[-1]
            short = self._bare_region(name) + ending
            if ending in "州县旗" and short not in names:
                names[short] = names[name]
        return dict(names)

    @cached_property
    def _region_endings(self) -> re.Pattern[str]:
        """What stands behind the bare name of a region: 省, 市, 土家族苗族自治州."""
        peoples = _longest_first(self.words["people"]).pattern
        kinds = "自治区|自治州|自治县|自治旗|特别行政区|省|市|地区|盟|县|区|旗"
        return re.compile(f"(.{{2,}}?)(?:{peoples})*(?:{kinds})")

    def _bare_region(self, name: str) -> str:
        """A region's name without what kind of region it is; the name itself if nothing is left."""
        bare = self._region_endings.fullmatch(name)
        return bare[1] if bare else name

    @cached_property
    def short_regions(self) -> dict[str, str]:
        """Provinces, prefectures and counties by their bare names, where only one has it.

        A county's is no name of a prefecture, a district, many townships, or just a word (南部).
        """
        upper: dict[str, set[str]] = defaultdict(set)
        lower: dict[str, set[str]] = defaultdict(set)
        for code, row in self.regions.items():
            level, name = row["region_level"], row["region_name"]
            if level in ("province", "prefecture") and not name.endswith("州"):
                upper[self._bare_region(name)].add(code)
            if level == "prefecture" or (level == "county" and not row.get("valid_to")):
                lower[self._bare_region(name)].add(code)
        short_names = {
            name: code
            for name, (code, *others) in lower.items()
            if not others and self._is_countys_alone(name, code)
        }
        short_names |= {name: next(iter(codes)) for name, codes in upper.items() if len(codes) == 1}
        return {name: code for name, code in short_names.items() if len(name) > 1}

    def _is_countys_alone(self, bare: str, code: str) -> bool:
        """Whether the bare name of a county tells that county, in the name of a zone."""
        namesakes = sum(len(self.regions_by_name.get(bare + end, ())) for end in _TOWNSHIP_ENDINGS)
        return (
            self.regions[code]["region_level"] == "county"
            and self.regions[code]["region_name"].endswith(("县", "市", "旗"))
            and namesakes <= MOST_NAMESAKES
            and bare not in self.words["plain"]
        )

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
    def _word_rows(self) -> list[dict[str, str]]:
        return seed_rows(self.reference / "agency_words.csv")

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """The words of names by kind: word -> sector, without what joins words."""
        words: dict[str, dict[str, str]] = {kind: {} for kind in WORD_KINDS}
        for row in self._word_rows:
            words[row["word_kind"]][_JOINS.sub("", row["word"])] = row["sector_code"]
        return words

    @cached_property
    def full_words(self) -> dict[str, str]:
        """What words of departments are compared by: 发改 by 发展改革, 文广旅 by 文化旅游."""
        rows = [row for row in self._word_rows if row["word_kind"] == "sector"]
        usual = {row["word"]: row["usual_word"] for row in rows if row["usual_word"]}
        short = {row["word"]: row["full_word"] for row in rows if row["full_word"]}
        full = {word: word for word in [*short.values(), *usual.values()]} | usual
        return full | {word: full[whole] for word, whole in short.items()}

    @cached_property
    def _named_zones(self) -> dict[str, str]:
        """Zones that are called by their own names, with the region: 雄安新区, 河北省雄安新区."""
        return self._full_by_kind("named")

    @cached_property
    def _full_zones(self) -> dict[str, str]:
        return self._full_by_kind("zone")

    def _full_by_kind(self, kind: str) -> dict[str, str]:
        rows = (row for row in self._word_rows if row["word_kind"] == kind and row["full_word"])
        return {row["word"]: row["full_word"] for row in rows}

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
    def _all_words(self) -> re.Pattern[str]:
        """The words that tell a line of work, and those that tell none (管理, 政务)."""
        return _longest_first([*self.words["sector"], *self.words["plain"]])

    @cached_property
    def _zone_endings(self) -> re.Pattern[str]:
        return _longest_first(self.words["zone"])

    @cached_property
    def _zone_words(self) -> re.Pattern[str]:
        return re.compile(rf"([^局委厅院所办]{{0,12}}?({self._zone_endings.pattern}))(.*)")

    @cached_property
    def _managed_places(self) -> re.Pattern[str]:
        """An island, a lake, an old town before the body that manages it: 湄洲岛管委会."""
        places = _longest_first(self.words["place"]).pattern
        return re.compile(
            rf"([^局委厅院所办]{{1,6}}?(?:{places}))(?:党工委)?(?:管委会|管理委员会|管理局)"
        )

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
        named = next(filter(plain.startswith, self._named_zones), "")
        plain = self._named_zones.get(named, "") + plain[len(named) :]
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
        if zone:  # 长春市长春新区, 黔南州都匀经济开发区
            code, rest = next(iter(self._short_region(rest, code)), (code, rest))
            zone = self._zone(rest)
            region = self._region_of_zone(code, zone)
            if region:
                return Parts(region, "", rest[len(zone) :])
        body = rest[len(zone) :]
        for end in range(len(body) if zone else 0, 1, -1):  # a township that a zone looks after
            found_inside = self.regions_by_name.get(body[:end], ())
            inside = [one for one in found_inside if self.is_inside(one, code)]
            if len(inside) == 1:
                return Parts(inside[0], "", body[end:])
        return Parts(code, zone, body)

    def _region_of_zone(self, code: str, zone: str) -> str:
        """The region that the list of regions has for a zone of another: 邯郸市经济技术开发区."""
        name = self.regions[code]["region_name"]
        befores, zones = (self._bare_region(name), name), {zone: None, self._full_zone(zone): None}
        for whole in (before + one for one in zones for before in befores):
            inside = [r for r in self.regions_by_name.get(whole, ()) if self.is_inside(r, code)]
            if len(inside) == 1:
                return inside[0]
        return ""

    def _full_zone(self, zone: str) -> str:
        """A zone by the full word that it ends with: 高新区 by 高新技术产业开发区."""
        ending = self._zone_words.match(zone)
        short = ending[2] if ending else ""
        return zone.removesuffix(short) + self._full_zones.get(short, short)

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
                if self._leads_to(code, inner, way[:end])
            ]
            if steps:
                start.extend(steps)
            elif code:
                found.add((code, rest))
        return found

    def _leads_to(self, code: str, inner: str, name: str) -> bool:
        """Whether a name may go on to an inner region: 高新区 only to that right below."""
        if name in self.words["zone"]:
            return self.regions[inner]["parent_code"] == code
        return not code or self.is_inside(inner, code)

    def _short_region(self, plain: str, outer: str = "") -> set[tuple[str, str]]:
        """The region whose bare name a name begins with, before a zone or a line of work.

        Of an outer region it is that itself or one inside it, and only before a zone; a county
        stands right before what the zone is called by.
        """
        for end in range(min(len(plain), 6), 1, -1):
            bare, rest = plain[:end], plain[end:]
            code = self.short_regions.get(bare, "")
            if outer and self._bare_region(self.regions[outer]["region_name"]) == bare:
                code = outer
            if not code or (outer and code != outer and not self.is_inside(code, outer)):
                continue
            if code != outer and self.regions[code]["region_level"] == "county":
                is_its = bool(self._zone_endings.match(rest))
            else:
                is_its = bool(self._zone(rest) or (not outer and self._sector_words.match(rest)))
            if is_its:
                return {(code, rest)}
        return set()

    def _zone(self, rest: str) -> str:
        match = self._zone_words.match(rest)
        if match:
            return match[1]
        place = self._managed_places.match(rest)
        return place[1] if place and not self._line_of_work(place[1]) else ""

    def _line_of_work(self, text: str) -> str:
        """The sector of the first word of a text that tells one, empty for none.

        A word that shares characters with a longer one is none, 局 not counted: no 民政 in
        便民政务服务.  Of two as long one that tells nothing (管理) wins: no 城管 in 古城管理处.
        """
        words = [w for at in range(len(text)) if (w := self._all_words.match(text, at))]
        sectors = self.words["sector"]

        def weight(word: re.Match[str]) -> tuple[int, bool]:
            return len(word[0].rstrip("局")), word[0] not in sectors

        for word in words:
            across = (w for w in words if w.start() < word.end() and word.start() < w.end())
            if word[0] in sectors and all(weight(w) <= weight(word) for w in across):
                return sectors[word[0]]
        return ""

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
        body = self.full_words.get(body, body)  # 残联, 教委
        body = re.sub("办公[室厅]$", "办", re.sub("委员会$", "委", body))
        shortened = self._shortened.fullmatch(body)
        if shortened:
            words = self._full_words.sub(lambda word: self.full_words[word[0]], shortened[1])
            # Of a department there is one in a region, whichever of these its name ends in.
            body = words + ("局" if shortened[2] in ("委", "厅") else shortened[2])
        return parts.region_code, self._full_zone(parts.zone), body

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
        if level == "county" and _TOWNSHIP.fullmatch(parts.zone + parts.body):
            level = "township"
        elif level == "township" and self._is_of_zone(name, parts.body):
            level = "county"
        if level in ("county", "township"):
            return level, ""
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

    def _is_of_zone(self, region: str, body: str) -> bool:
        """Whether a body is one of a zone that the list of regions has as a township."""
        is_department = body and body not in _GOVERNMENTS and self._zone(region) == region
        return body in _COMMITTEES or bool(is_department)

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
        ending = self._zone_words.match(parts.zone)
        of_zone = self.words["zone"][ending[2]] if ending else ""
        if not body:
            return of_zone or GOVERNMENT  # 国有林场
        if body in _GOVERNMENTS or _TOWNSHIP.fullmatch(body):
            return GOVERNMENT
        if parts.zone and _ZONE_MANAGER.fullmatch(body):
            return of_zone or GOVERNMENT
        bare = _without_government(body)
        if bare != body and re.fullmatch("办公[室厅]|办", bare):
            return OFFICE
        told = (self._line_of_work(_JOINS.sub("", text)) for text in (bare, body))
        return next(filter(None, told), UNCLASSIFIED)

    def _is_central(self, plain: str) -> bool:
        """Whether a name that begins with no region is one of the central government: 教育部."""
        central = self._central_words.match(plain)
        plain = (plain[central.end() :] if central else "") or plain
        is_ministry = plain.endswith("部") and self._line_of_work(plain.removesuffix("部"))
        return bool(is_ministry or (_CENTRAL.fullmatch(plain) and not self._zone(plain)))

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
            if self._is_central(plain):
                return Proposal(key, nowhere, f"{plain} {NO_LEVEL}")
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
    """A name without spaces, brackets and quotation marks, 本级, and a bureau's own 办公室."""
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    return _ITS_OWN.sub("", re.sub(r"[()《》“”\"']", "", plain))


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
