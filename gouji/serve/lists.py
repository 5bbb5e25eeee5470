"""Lists of bodies, regions, reports and causes, filtered and in parts; search; two bodies compared.

All is read from what was prepared: no fact is read here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from gouji.findings.read import query
from gouji.near import plain
from gouji.serve.build import Build, Connection
from gouji.serve.pages import Every
from gouji.site.page import Site
from gouji.site.pages import agencies, issues, regions, reports
from gouji.site.tables import Table
from gouji.site.words import Words, code_words, same, words
from gouji.sql import sql
from gouji.warehouse_file import Record

ROWS_OF_PART = 100
# So many of each kind are found by a search.
MOST_FOUND = 30
# Of what somebody searches.
MOST_SIGNS = 200
YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class Filter:
    """A column by which a list is narrowed: its name in the address, and how its codes are said."""

    column: str
    title: str
    say: Callable[[str], Words]


@dataclass(frozen=True)
class List:
    """A list of the site, as the server gives it.

    Args:
        name: its table among the lists, and its section of the site.
        path: its page.
        found_by: the columns in which words are looked for.
        in_order: how its rows stand.
        filters: what narrows it.
        table_of: the site's own table of its rows.
        write: the site's own page of it, for a list that is short.
    """

    name: str
    path: str
    found_by: tuple[str, ...]
    in_order: str
    filters: tuple[Filter, ...]
    table_of: Callable[[list[Record]], Table]
    write: Callable[[Site], None]


def _coded(kind: str) -> Callable[[str], Words]:
    return lambda code: code_words(kind, code)


PROVINCE = Filter("province", "column.province", same)
LEVEL = "level"
LISTS = {
    one.path: one
    for one in (
        List(
            "agencies",
            "agencies/index.html",
            ("agency_name", "agency_id"),
            "agency_id",
            (
                PROVINCE,
                Filter("level", "column.level", _coded(LEVEL)),
                Filter("sector_zh", "column.sector", same),
            ),
            agencies.table_of,
            agencies.write_list,
        ),
        List(
            "regions",
            "regions/index.html",
            ("region_name", "region_code"),
            "region_code",
            (PROVINCE, Filter("region_level", "column.level", _coded(LEVEL))),
            regions.table_of,
            regions.write_list,
        ),
        List(
            "reports",
            "reports/index.html",
            ("agency_name", "report_id"),
            "agency_id, report_year",
            (
                PROVINCE,
                Filter("report_year", "column.year", same),
                Filter("layout", "column.layout", same),
            ),
            lambda rows: reports.table_of(rows, Every()),
            reports.write,
        ),
        List(
            "issues",
            "issues.html",
            ("agency_name", "report_id", "identity_id"),
            "is_dealt_with, severity, report_year desc, agency_id, family, root_cause_id",
            (
                PROVINCE,
                Filter("report_year", "column.year", same),
                Filter("severity", "column.severity", _coded("severity")),
                Filter("family", "column.family", _coded("family")),
                Filter("state", "column.state", _coded("state")),
            ),
            lambda rows: issues.table_of(rows, Every()),
            issues.write,
        ),
    )
}


@dataclass(frozen=True)
class Part:
    """A part of a list: its rows, and how to reach the others."""

    table: Table
    first: int
    last: int
    all: int
    choices: Sequence[tuple[Filter, Sequence[tuple[str, Words]], str]]
    asked_words: str
    before: str | None
    after: str | None


def length(build: Build, one: List) -> int:
    """Count the rows of a list."""
    with build.lists.one() as connection:
        (row,) = query(connection, f"select count(*) as rows from {one.name}")
    return int(row["rows"])


def part_of(build: Build, one: List, asked: Mapping[str, str]) -> Part:
    """Read the rows of a list that an address asks for.

    Args:
        build: the build that is served.
        one: the list.
        asked: `q`, words that a name holds, cut as those of a search; a filter's column with a
            code, or what it is called in Chinese or English; `page`, from 1.
    """
    asked_words = asked.get("q", "")[:MOST_SIGNS]
    with build.lists.one() as connection:
        choices = []
        conditions, values = ["true"], {}
        for place, word in enumerate(asked_words.lower().split()):
            values[f"word_{place}"] = word
            found_in = f"lower(concat_ws(' ', {', '.join(one.found_by)}))"
            conditions.append(f"contains({found_in}, $word_{place})")
        for filter_ in one.filters:
            column = filter_.column
            codes = [(code, filter_.say(code)) for code in _codes(build, connection, one, column)]
            chosen = _code_of(asked.get(column, ""), codes)
            choices.append((filter_, codes, chosen))
            if chosen:
                values[column] = chosen
                conditions.append(f"cast({column} as varchar) = ${column}")
        where = " and ".join(conditions)
        (counted,) = query(
            connection, f"select count(*) as rows from {one.name} where {where}", dict(values)
        )
        pages = max(1, -(-counted["rows"] // ROWS_OF_PART))
        page = min(max(1, _number(asked.get("page", "1"))), pages)
        skipped = (page - 1) * ROWS_OF_PART
        rows = query(
            connection,
            f"select * from {one.name} where {where} order by {one.in_order}"
            f" limit {ROWS_OF_PART} offset {skipped}",
            dict(values),
        )

    def address(number: int) -> str:
        kept = {name: text for name, text in asked.items() if name != "page" and text}
        return "?" + urlencode(kept | {"page": number})

    return Part(
        table=one.table_of(rows),
        first=skipped + 1,
        last=skipped + len(rows),
        all=counted["rows"],
        choices=choices,
        asked_words=asked_words,
        before=address(page - 1) if page > 1 else None,
        after=address(page + 1) if page < pages else None,
    )


def _codes(build: Build, connection: Connection, one: List, column: str) -> list[str]:
    """Give the values of a column of a list, read once for each build."""
    place = (one.name, column)
    if place not in build.codes:
        found = query(
            connection,
            f"select distinct cast({column} as varchar) as code from {one.name}"
            f" where {column} is not null order by code",
        )
        build.codes[place] = [row["code"] for row in found]
    return build.codes[place]


def _code_of(asked: str, codes: Sequence[tuple[str, Words]]) -> str:
    """Give the code of what an address calls by its code or its name; what is unknown stays."""
    for code, said in codes:
        if asked in (code, said.zh, said.en):
            return code
    return asked


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


@dataclass(frozen=True)
class Found:
    """What is called by some words, the likeliest first."""

    regions: list[Record]
    agencies: list[Record]
    reports: list[Record]

    def __bool__(self) -> bool:
        return bool(self.regions or self.agencies or self.reports)


def search(build: Build, asked: str, most: int = MOST_FOUND) -> Found:
    """Find bodies, regions and reports by words of their names, former names or ids.

    All words must be there; a year among them narrows the reports. Where nothing is found so, names
    are taken that have the characters of the words in their order, as 吴忠科技局 for
    吴忠市科学技术局.
    """
    parts = [plain(part) for part in asked.lower().split()]
    years = [int(part) for part in parts if YEAR.fullmatch(part)]
    called = [part for part in parts if not YEAR.fullmatch(part)][:8]
    with build.lists.one() as connection:
        names: list[Record] = []
        if called:
            values: dict[str, object] = {"whole": " ".join(called), "most": most}
            values |= {f"word_{place}": word for place, word in enumerate(called)}
            has = " and ".join(f"contains(words, $word_{place})" for place in range(len(called)))
            names = query(connection, sql("serve/queries/found.sql", condition=has), values)
            if not names:
                loose = {"whole": values["whole"], "most": most, "pattern": _in_order(called)}
                condition = "words like $pattern escape '\\'"
                names = query(
                    connection, sql("serve/queries/found.sql", condition=condition), loose
                )
        bodies = [row for row in names if row["kind"] == "agency"]
        asked_reports: dict[str, object] = {
            "agencies": [row["id"] for row in bodies],
            "id": asked.strip().lower(),
            "years": years,
            "most": most,
        }
        reports_found = query(connection, sql("serve/queries/found_reports.sql"), asked_reports)
    return Found([row for row in names if row["kind"] == "region"], bodies, reports_found)


def _in_order(called: Sequence[str]) -> str:
    signs = "".join(called)
    escaped = [f"\\{sign}" if sign in "%_\\" else sign for sign in signs]
    return f"%{('' if signs.isascii() else '%').join(escaped)}%"


def body_called(build: Build, asked: str) -> str | None:
    """Give the id of the body that is called so, or most like it."""
    found = search(build, asked, 1).agencies if asked.strip() else []
    return str(found[0]["id"]) if found else None


def title_of(one: List) -> Words:
    """Name a list."""
    return words(f"{one.name}.title")
