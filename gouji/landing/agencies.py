"""The bodies that report: the names of each, and what a name that is not known says of its body.

A name is taken apart into the region it begins with, a zone in it (开发区, 园区), and the body
itself: 石家庄市 | 高新区 | 社会发展局.  From these come the body's level and sector and its
*key*, which is the same for a name with and without the regions above, with 人民政府 or 政府.  A
body that is not known is proposed as a row for `agencies`, never invented; what its name does not
settle is missing in that row, and said.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gouji.landing.agency_regions import Regions
from gouji.landing.agency_words import (
    DISTRICT,
    ENDING,
    TOWNSHIP,
    UNCLASSIFIED,
    Words,
    is_body,
    plain_name,
    seed_rows,
    slug,
    without_government,
)
from gouji.landing.grid import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
NO_LEVEL = "is a body of the central government, for which agencies.csv has no level"


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
    def words(self) -> Words:
        """The words of names."""
        return Words(self.reference)

    @cached_property
    def regions(self) -> Regions:
        """The regions that names begin with."""
        return Regions(self.reference, self.words)

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
    def zones_by_name(self) -> dict[str, tuple[str, str]]:
        """Zones that `agency_names` knows as the region of a body: name -> region code, zone."""
        return {
            row["agency_name"]: (row["region_code"], row["agency_name"])
            for row in self.agencies.values()
            if row["is_consolidated"] == "true"
            and row["agency_name"].endswith("区")
            and row["agency_name"] not in self.regions.by_name
            and not self.regions.at_start(row["agency_name"])
        }

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
        organ, inner = self.words.central_organ(plain)
        outposts = self.regions.outposts(inner) if organ else ()
        if len(outposts) == 1:
            code, rest = next(iter(outposts))
            return Parts(code, "", organ + rest)
        if organ and (self.regions.at_start(inner) or self.regions.bare_at_start(inner)):
            plain = inner
        return self._take_apart(plain)

    def _take_apart(self, plain: str) -> Parts:
        """The same of a name without what the central government is called by."""
        for zone, (code, name) in self.zones_by_name.items():
            if plain.startswith(zone):
                return Parts(code, name, plain[len(zone) :])
        named = next(filter(plain.startswith, self.words.named_zones), "")
        plain = self.words.named_zones.get(named, "") + plain[len(named) :]
        found = self.regions.at_start(plain)
        if not found:
            if not is_body(plain):
                raise Refused(f"no agency and no region is called {plain[:30]}")
            found = self.regions.bare_at_start(plain)
        if not found:
            return Parts("", "", plain)
        shortest = min(len(rest) for _, rest in found)
        best = {(code, rest) for code, rest in found if len(rest) == shortest}
        current = {
            (code, rest) for code, rest in best if not self.regions.by_code[code].get("valid_to")
        }
        best = current or best
        # a county and the one township of its name, a city without counties: the outer bears it
        outer = {code for code, _ in best}
        best = {
            (code, rest)
            for code, rest in best
            if not any(self.regions.is_inside(code, o) for o in outer)
        }
        if len(best) > 1:
            names = sorted(code for code, _ in best)
            raise Refused(
                f"agency {plain[:30]}: the regions {', '.join(names[:4])} bear the name; "
                "name the agency with --agency"
            )
        code, rest = next(iter(best))
        zone = self.words.zone(rest)
        if zone:  # 长春市长春新区, 黔南州都匀经济开发区
            code, rest = next(iter(self.regions.bare_at_start(rest, code)), (code, rest))
            zone = self.words.zone(rest)
            region = self.regions.of_zone(code, zone)
            if region:
                return Parts(region, "", rest[len(zone) :])
        body = rest[len(zone) :]
        for end in range(len(body) if zone else 0, 1, -1):  # a township that a zone looks after
            found_inside = self.regions.by_name.get(body[:end], ())
            inside = [one for one in found_inside if self.regions.is_inside(one, code)]
            if len(inside) == 1:
                return Parts(inside[0], "", body[end:])
        return Parts(code, zone, body)

    def key(self, parts: Parts) -> Key:
        """What is the same for all ways to write a body's name."""
        return parts.region_code, self.words.full_zone(parts.zone), self.words.key(parts.body)

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
        region = self.regions.by_code[parts.region_code]
        level, name = region["region_level"], region["region_name"]
        if level == "county" and TOWNSHIP.fullmatch(parts.zone + parts.body):
            level = "township"
        elif level == "township" and self.words.is_of_zone(name, parts.body):
            level = "county"
        if level in ("county", "township"):
            return level, ""
        if TOWNSHIP.fullmatch(parts.body):
            if parts.zone or parts.region_code in self.regions.with_townships:
                return "township", ""
            return "", f"no township {TOWNSHIP.match(parts.body)[0]} is known in {name}"  # type: ignore[index]
        if parts.zone:
            return "county", ""
        district = DISTRICT.match(parts.body)
        if district and self.words.is_body_of_district(parts.body, district[2]):
            return "", f"no region {district[1]} is known in {name}"
        return level, ""

    def sector_of(self, parts: Parts) -> str:
        """The line of work of a body: of the first that its name tells, `unclassified` for none."""
        return self.words.sector(parts.zone, parts.body)

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
            if self.words.is_central(plain):
                return Proposal(key, nowhere, f"{plain} {NO_LEVEL}")
            return Proposal(key, nowhere, f"no agency and no region is called {plain}")
        level, missing = self.level_of(parts)
        if missing:
            return Proposal(key, nowhere, missing)
        if parts.body and not ENDING.search(parts.body):
            return Proposal(key, nowhere, f"{plain[:30]} does not end as a body's name does")
        region = self.regions.by_code[parts.region_code]
        code, (_, zone, body) = parts.region_code[:6], key
        if region["region_level"] == "township":
            zone = region["region_name"] + zone
        name = slug(zone + (without_government(parts.body) if body else "")) or "zhengfu"
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
