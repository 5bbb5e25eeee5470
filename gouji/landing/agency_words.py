"""What the words of a body's name say: its line of work, a zone in it, its spelling in full.

The words are data: rows of `agency_words`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

from text_unidecode import unidecode  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

UNCLASSIFIED = "unclassified"
WORD_KINDS = ("sector", "plain", "zone", "place", "named", "people", "central", "outpost")
GOVERNMENT, OFFICE = "general_government", "government_office"

COMMITTEES = frozenset(("管理委员会", "管委会"))
# The government of a region, zone or township, by whatever name.
GOVERNMENTS = frozenset(
    (
        *("人民政府", "政府", "办事处", "人民政府办事处", *COMMITTEES),
        *("行政公署", "公署", "行政委员会"),
    )
)
_JOINS = re.compile("[和与及暨、·]")  # what is written between two lines of work, or left out
_ZONE_MANAGER = re.compile(
    r"(?:党工委)?(?:综合|建设|管理|服务|发展|管护){0,3}(?:局|处|中心|办公室|所|站)"
)
TOWNSHIP = re.compile(r".{1,8}?(?:街道|[镇乡]|苏木)(?:人民政府|政府|办事处)?")
DISTRICT = re.compile(
    r"(?!社区|城市|都市|集市|夜市|上市|老区|灾区|山区|牧区|地区|校区|小区)"
    r"([^局委厅院所办]{1,6}?(?:自治县|自治旗|[县区市旗]))(.*)"
)
_ITS_OWN = re.compile("(?:(?<=[局厅])办公室|本级)$")  # a bureau's office, a government's own level
_CENTRAL = re.compile("(?:国务院|国家|中国|全国|中华人民共和国).*|.{2,}(?:总局|总署)")
ENDING = re.compile(
    r"[局委办厅部院处所站队社会馆校园场矿厂台狱学团库段组室署联协镇乡]$|(?:中心|政府|街道|苏木|公司|银行|分行|支行|海关)$"
)


class Words:
    """The words of names, and what a name without its region says by them."""

    def __init__(self, reference: Path) -> None:
        """Take the words of the seeds in a folder."""
        self._rows = seed_rows(reference / "agency_words.csv")

    @cached_property
    def by_kind(self) -> dict[str, dict[str, str]]:
        """The words of names by kind: word -> sector, without what joins words."""
        words: dict[str, dict[str, str]] = {kind: {} for kind in WORD_KINDS}
        for row in self._rows:
            words[row["word_kind"]][_JOINS.sub("", row["word"])] = row["sector_code"]
        return words

    @cached_property
    def full_words(self) -> dict[str, str]:
        """What words of departments are compared by: 发改 by 发展改革, 文广旅 by 文化旅游."""
        rows = [row for row in self._rows if row["word_kind"] == "sector"]
        usual = {row["word"]: row["usual_word"] for row in rows if row["usual_word"]}
        short = {row["word"]: row["full_word"] for row in rows if row["full_word"]}
        full = {word: word for word in [*short.values(), *usual.values()]} | usual
        return full | {word: full[whole] for word, whole in short.items()}

    @cached_property
    def named_zones(self) -> dict[str, str]:
        """Zones that are called by their own names, with the region: 雄安新区, 河北省雄安新区."""
        return self._full_by_kind("named")

    @cached_property
    def _full_zones(self) -> dict[str, str]:
        return self._full_by_kind("zone")

    def _full_by_kind(self, kind: str) -> dict[str, str]:
        rows = (row for row in self._rows if row["word_kind"] == kind and row["full_word"])
        return {row["word"]: row["full_word"] for row in rows}

    @cached_property
    def _full_words(self) -> re.Pattern[str]:
        return longest_first(self.full_words)

    @cached_property
    def _shortened(self) -> re.Pattern[str]:
        """A body that is called by such words and by nothing else: a department."""
        return re.compile(f"((?:{self._full_words.pattern})+)(局|委|厅|办|中心)")

    @cached_property
    def sector_words(self) -> re.Pattern[str]:
        """The words that tell a line of work."""
        return longest_first(self.by_kind["sector"])

    @cached_property
    def _all_words(self) -> re.Pattern[str]:
        """The words that tell a line of work, and those that tell none (管理, 政务)."""
        return longest_first([*self.by_kind["sector"], *self.by_kind["plain"]])

    @cached_property
    def zone_endings(self) -> re.Pattern[str]:
        """What the name of a zone ends with."""
        return longest_first(self.by_kind["zone"])

    @cached_property
    def _zone_words(self) -> re.Pattern[str]:
        return re.compile(rf"([^局委厅院所办]{{0,12}}?({self.zone_endings.pattern}))(.*)")

    @cached_property
    def _managed_places(self) -> re.Pattern[str]:
        """An island, a lake, an old town before the body that manages it: 湄洲岛管委会."""
        places = longest_first(self.by_kind["place"]).pattern
        return re.compile(
            rf"([^局委厅院所办]{{1,6}}?(?:{places}))(?:党工委)?(?:管委会|管理委员会|管理局)"
        )

    @cached_property
    def _central_words(self) -> re.Pattern[str]:
        """What the name of a body of the central government begins with."""
        return longest_first(row["word"] for row in self._rows if row["word_kind"] == "central")

    @cached_property
    def outposts(self) -> re.Pattern[str]:
        """What a body of the central government is called in a region: 监管局, 分行."""
        return longest_first(self.by_kind["outpost"])

    def central_organ(self, plain: str) -> tuple[str, str]:
        """The organ of the central government that a name begins with, in full, and the rest.

        审计署驻南京特派员办事处 gives 审计署 and 南京特派员办事处.
        """
        found = self._central_words.match(plain)
        if found is None:
            return "", plain
        full = self._full_by_kind("central")
        return full.get(found[0], found[0]), plain[found.end() :].removeprefix("驻")

    def zone(self, rest: str) -> str:
        """The zone that the rest of a name begins with, empty for none."""
        match = self._zone_words.match(rest)
        if match:
            return match[1]
        place = self._managed_places.match(rest)
        return place[1] if place and not self.line_of_work(place[1]) else ""

    def full_zone(self, zone: str) -> str:
        """A zone by the full word that it ends with: 高新区 by 高新技术产业开发区."""
        ending = self._zone_words.match(zone)
        short = ending[2] if ending else ""
        return zone.removesuffix(short) + self._full_zones.get(short, short)

    def line_of_work(self, text: str) -> str:
        """The sector of the first word of a text that tells one, empty for none.

        A word that shares characters with a longer one is none, 局 not counted: no 民政 in
        便民政务服务.  Of two as long one that tells nothing (管理) wins: no 城管 in 古城管理处.
        """
        words = [w for at in range(len(text)) if (w := self._all_words.match(text, at))]
        sectors = self.by_kind["sector"]

        def weight(word: re.Match[str]) -> tuple[int, bool]:
            return len(word[0].rstrip("局")), word[0] not in sectors

        for word in words:
            across = (w for w in words if w.start() < word.end() and word.start() < w.end())
            if word[0] in sectors and all(weight(w) <= weight(word) for w in across):
                return sectors[word[0]]
        return ""

    def key(self, body: str) -> str:
        """What is the same for all ways to write a body's name within its region."""
        body = _JOINS.sub("", without_government(body))
        body = self.full_words.get(body, body)  # 残联, 教委
        body = re.sub("办公[室厅]$", "办", re.sub("委员会$", "委", body))
        shortened = self._shortened.fullmatch(body)
        if shortened:
            words = self._full_words.sub(lambda word: self.full_words[word[0]], shortened[1])
            # Of a department there is one in a region, whichever of these its name ends in.
            body = words + ("局" if shortened[2] in ("委", "厅") else shortened[2])
        return body

    def sector(self, zone: str, body: str) -> str:
        """The line of work of a body: of the first that its name tells, `unclassified` for none."""
        ending = self._zone_words.match(zone)
        of_zone = self.by_kind["zone"][ending[2]] if ending else ""
        if not body:
            return of_zone or GOVERNMENT  # 国有林场
        if body in GOVERNMENTS or TOWNSHIP.fullmatch(body):
            return GOVERNMENT
        if zone and _ZONE_MANAGER.fullmatch(body):
            return of_zone or GOVERNMENT
        bare = without_government(body)
        if bare != body and re.fullmatch("办公[室厅]|办", bare):
            return OFFICE
        told = (self.line_of_work(_JOINS.sub("", text)) for text in (bare, body))
        return next(filter(None, told), UNCLASSIFIED)

    def is_central(self, plain: str) -> bool:
        """Whether a name that begins with no region is one of the central government: 教育部."""
        plain = self.central_organ(plain)[1] or plain
        is_ministry = plain.endswith("部") and self.line_of_work(plain.removesuffix("部"))
        return bool(is_ministry or (_CENTRAL.fullmatch(plain) and not self.zone(plain)))

    def is_of_zone(self, region: str, body: str) -> bool:
        """Whether a body is one of a zone that the list of regions has as a township."""
        is_department = body and body not in GOVERNMENTS and self.zone(region) == region
        return body in COMMITTEES or bool(is_department)

    def is_body_of_district(self, body: str, rest: str) -> bool:
        """Whether a name that may begin with a district is that district's, not the city's own."""
        if not rest or rest in GOVERNMENTS or self.sector_words.match(rest):
            return True
        return not self.sector_words.match(body) and bool(ENDING.search(rest))


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


def without_government(body: str) -> str:
    """A body's name without 人民政府 before it; nothing for the government itself."""
    if body in GOVERNMENTS:
        return ""
    for word in ("人民政府", "政府"):
        if body.startswith(word):
            return body.removeprefix(word)
    for ending in ("人民政府", "政府", "办事处"):
        if TOWNSHIP.fullmatch(body) and body.endswith(ending):
            return body.removesuffix(ending)
    return body


def longest_first(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of words, of which the longest that stands at a place is found."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ordered)))


def seed_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a seed."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
