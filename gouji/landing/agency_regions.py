"""The regions: by code, by name, by bare name, one in another, and where a name begins with one."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from gouji.landing.agency_words import longest_first, seed_rows

if TYPE_CHECKING:
    from pathlib import Path

    from gouji.landing.agency_words import Words

MOST_NAMESAKES = 3  # townships that bear the bare name of a county that still tells it
LONGEST_REGION = 40  # characters of the longest name of a region that is looked for
_TOWNSHIP_ENDINGS = ("镇", "乡", "街道", "苏木")


class Regions:
    """The regions of the reference seeds, and the words that stand before and behind them."""

    def __init__(self, reference: Path, words: Words) -> None:
        """Take the regions of the seeds in a folder."""
        self._rows = seed_rows(reference / "regions.csv")
        self._words = words

    @cached_property
    def by_code(self) -> dict[str, dict[str, str]]:
        """The regions by code."""
        return {row["region_code"]: row for row in self._rows}

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """The codes of the regions of a name; of an abolished or former name where no other is."""
        names: dict[str, list[str]] = defaultdict(list)
        earlier: dict[str, list[str]] = defaultdict(list)
        for code, row in self.by_code.items():
            name = row["region_name"]
            if name != "市辖区":
                (earlier if row.get("valid_to") else names)[name].append(code)
            if row.get("former_name"):
                earlier[row["former_name"]].append(code)
        for name, codes in earlier.items():
            names[name] += codes
        for name in [name for name in names if "自治" in name]:  # 恩施州, 景宁县
            ending = name[-1]
            short = self._bare(name) + ending
            if ending in "州县旗" and short not in names:
                names[short] = names[name]
        return dict(names)

    @cached_property
    def _region_endings(self) -> re.Pattern[str]:
        """What stands behind the bare name of a region: 省, 市, 土家族苗族自治州."""
        peoples = longest_first(self._words.by_kind["people"]).pattern
        kinds = "自治区|自治州|自治县|自治旗|特别行政区|省|市|地区|盟|县|区|旗"
        return re.compile(f"(.{{2,}}?)(?:{peoples})*(?:{kinds})")

    def _bare(self, name: str) -> str:
        """A region's name without what kind of region it is; the name itself if nothing is left."""
        bare = self._region_endings.fullmatch(name)
        return bare[1] if bare else name

    @cached_property
    def _by_bare_name(self) -> dict[str, str]:
        """Provinces, prefectures and counties by their bare names, where only one has it.

        A county's is no name of a prefecture, a district, many townships, or just a word (南部).
        """
        upper: dict[str, set[str]] = defaultdict(set)
        lower: dict[str, set[str]] = defaultdict(set)
        for code, row in self.by_code.items():
            level, name = row["region_level"], row["region_name"]
            if level in ("province", "prefecture") and not name.endswith("州"):
                upper[self._bare(name)].add(code)
            if level == "prefecture" or (level == "county" and not row.get("valid_to")):
                lower[self._bare(name)].add(code)
        short_names = {
            name: code
            for name, (code, *others) in lower.items()
            if not others and self._is_countys_alone(name, code)
        }
        short_names |= {name: next(iter(codes)) for name, codes in upper.items() if len(codes) == 1}
        return {name: code for name, code in short_names.items() if len(name) > 1}

    def _is_countys_alone(self, bare: str, code: str) -> bool:
        """Whether the bare name of a county tells that county, in the name of a zone."""
        namesakes = sum(len(self.by_name.get(bare + end, ())) for end in _TOWNSHIP_ENDINGS)
        return (
            self.by_code[code]["region_level"] == "county"
            and self.by_code[code]["region_name"].endswith(("县", "市", "旗"))
            and namesakes <= MOST_NAMESAKES
            and bare not in self._words.by_kind["plain"]
        )

    def of_zone(self, code: str, zone: str) -> str:
        """The region that the list of regions has for a zone of another: 邯郸市经济技术开发区."""
        name = self.by_code[code]["region_name"]
        befores, zones = (self._bare(name), name), {zone: None, self._words.full_zone(zone): None}
        for whole in (before + one for one in zones for before in befores):
            inside = [r for r in self.by_name.get(whole, ()) if self.is_inside(r, code)]
            if len(inside) == 1:
                return inside[0]
        return ""

    def at_start(self, plain: str) -> set[tuple[str, str]]:
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
                for inner in self.by_name.get(way[:end], ())
                if self._leads_to(code, inner, way[:end])
            ]
            if steps:
                start.extend(steps)
            elif code:
                found.add((code, rest))
        return found

    def _leads_to(self, code: str, inner: str, name: str) -> bool:
        """Whether a name may go on to an inner region: 高新区 only to that right below."""
        if name in self._words.by_kind["zone"]:
            return self.by_code[inner]["parent_code"] == code
        return not code or self.is_inside(inner, code)

    def bare_at_start(self, plain: str, outer: str = "") -> set[tuple[str, str]]:
        """The region whose bare name a name begins with, before a zone or a line of work.

        Of an outer region it is that itself or one inside it, and only before a zone; a county
        stands right before what the zone is called by.
        """
        for end in range(min(len(plain), 6), 1, -1):
            bare, rest = plain[:end], plain[end:]
            code = self._by_bare_name.get(bare, "")
            if outer and self._bare(self.by_code[outer]["region_name"]) == bare:
                code = outer
            if not code or (outer and code != outer and not self.is_inside(code, outer)):
                continue
            if code != outer and self.by_code[code]["region_level"] == "county":
                is_its = bool(self._words.zone_endings.match(rest))
            else:
                is_work = not outer and self._words.sector_words.match(rest)
                is_its = bool(self._words.zone(rest) or is_work)
            if is_its:
                return {(code, rest)}
        return set()

    def outposts(self, plain: str) -> set[tuple[str, str]]:
        """The region of a body of the central government, and what it is called there.

        The name that is left of it begins with the region, in full or bare: 江苏监管局.
        """
        bare = ((self._by_bare_name.get(plain[:end], ""), plain[end:]) for end in range(2, 7))
        return {
            (code, rest)
            for code, rest in (*self.at_start(plain), *bare)
            if code and self._words.outposts.fullmatch(rest)
        }

    def is_inside(self, code: str, outer: str) -> bool:
        """Whether a region lies in another, at any depth."""
        while code:
            code = self.by_code[code]["parent_code"] if code in self.by_code else ""
            if code == outer:
                return True
        return False

    @cached_property
    def with_townships(self) -> frozenset[str]:
        """The prefectures that townships answer to with no county between."""
        return frozenset(
            row["parent_code"] for row in self.by_code.values() if row["region_level"] == "township"
        )
