"""A site being written: queries in, pages out."""

import json
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gouji.errors import ToolFailed
from gouji.findings.read import query
from gouji.paths import Warehouse
from gouji.site.charts import vega_asset
from gouji.site.numbers import moment, number, percent
from gouji.site.tables import tables_asset
from gouji.site.words import Words, both, code_words, words
from gouji.sql import sql
from gouji.warehouse_file import Record

RESOURCES = files("gouji.site")
# What would end a <script> early, or a line in old readers.
UNSAFE_IN_SCRIPTS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
# Words of `nav.<key>`, and where each leads.
NAVIGATION = (
    ("overview", "index.html"),
    ("quality", "quality.html"),
    ("issues", "issues.html"),
    ("calendar", "calendar.html"),
    ("agencies", "agencies/index.html"),
    ("regions", "regions/index.html"),
    ("reports", "reports/index.html"),
    ("data", "data.html"),
)
# Pages that only a server draws.
SERVED_NAVIGATION = (("compare", "compare"), ("sql", "sql"))
# What a page may load, and where its forms may lead.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'none'; connect-src 'none'; base-uri 'none';"
    " form-action 'none'"
)
SERVED_POLICY = POLICY.removesuffix("'none'") + "'self'"
# Up to so many reports, each has a page; above it, those with most open issues.
MOST_REPORT_PAGES = 2000
STREAMED = 10_000
PLAIN_NAME = re.compile(r"[\w.-]+")


@dataclass
class Site:
    """A site being written: the warehouse that is read, and the folder that is filled.

    `connection` has the views of `gouji/findings/views.sql` beside the warehouse's own tables;
    `warehouse` is the folder that it lies in, with what dbt left of the build.
    `asked` are reports that get a page whether or not they have issues.
    """

    connection: duckdb.DuckDBPyConnection
    out: Path
    warehouse: Warehouse
    asked: frozenset[str] = frozenset()

    @property
    def environment(self) -> Environment:
        """Jinja, with every text escaped, and what all templates may call."""
        return templates()

    def rows(self, name: str, **parameters: object) -> list[Record]:
        """Give the rows of `queries/<name>.sql`, each by column name."""
        return query(self.connection, _sql(name), parameters)

    def row(self, name: str, **parameters: object) -> Record:
        """Give the one row of `queries/<name>.sql`.

        Raises:
            ToolFailed: it has none, or more than one.
        """
        rows = self.rows(name, **parameters)
        if len(rows) != 1:
            raise ToolFailed(f"The query {name} of the site gave {len(rows)} rows, not one.")
        return rows[0]

    def each(self, name: str, **names: object) -> Iterator[Record]:
        """Give the rows of `queries/<name>.sql`, whose template is given the names, one by one.

        They are not all in memory at once; another query that is asked ends them.
        """
        cursor = self.connection.execute(_sql(name, **names))
        columns = [column[0] for column in cursor.description or ()]
        batches = iter(lambda: cursor.fetchmany(STREAMED), [])
        return (dict(zip(columns, row, strict=True)) for batch in batches for row in batch)

    def stream(self, name: str, key: str, **names: object) -> Iterator[tuple[str, list[Record]]]:
        """Give each of these rows with the others of its `key`, a column they are sorted by."""
        for value, group in groupby(self.each(name, key=key, **names), itemgetter(key)):
            yield value, list(group)

    @cached_property
    def report_pages(self) -> Container[str]:
        """The reports that have a page `reports/<report_id>.html`.

        Those that are drawn now stand in the table `report_pages`, which the queries join.
        """
        self.rows("report_pages", most=MOST_REPORT_PAGES, asked=sorted(self.asked))
        rows = query(self.connection, "select report_id from report_pages")
        return frozenset(row["report_id"] for row in rows)

    def draw_agencies(self) -> None:
        """Name the bodies that are drawn, in the table `agency_pages`: all."""
        self.rows("agency_pages")

    def draw_regions(self) -> None:
        """Name the regions that are drawn, in the table `region_pages`: all that have figures."""
        self.rows("region_pages")

    @cached_property
    def build(self) -> Record:
        """The published build that the site shows: the last row of `quality.run_history`."""
        return self.row("last_build")

    def write(self, path: str, template: str, **context: object) -> None:
        """Render a template to a page.

        Args:
            path: where the page goes, from the root of the site: `reports/320813-x-2023.html`.
            template: name in `templates/`.
            context: what the template is given besides `root`, the way back to the root of the
                site, and `build`.

        Raises:
            ToolFailed: the path is none that a page of the site may have.
        """
        parts = PurePosixPath(path).parts
        if not parts or not all(PLAIN_NAME.fullmatch(part) and part.strip(".") for part in parts):
            raise ToolFailed(f"The site has no place for a page named {path!r}.")
        text = self.environment.get_template(template).render(
            root="../" * (len(parts) - 1), path=path, build=self.build, **context
        )
        self.keep(path, text)

    def keep(self, path: str, text: str) -> None:
        """Keep a page that is drawn: as a file of the site's folder."""
        file = self.out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def write_asset(self, name: str, text: str) -> None:
        """Write a file to `assets/`, once."""
        file = self.out / "assets" / name
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            file.write_text(text, encoding="utf-8")

    def copy_assets(self) -> None:
        """Write the site's own style and script."""
        for asset in _assets():
            self.write_asset(asset.name, asset.read_text(encoding="utf-8"))


@cache
def templates(*, is_served: bool = False) -> Environment:
    """Give the templates of the pages, those of `gouji serve` alone among them.

    Args:
        is_served: whether a server draws the pages, which can search and answer forms.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("gouji.site"), PackageLoader("gouji.serve")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        w=words,
        both=both,
        code_words=code_words,
        navigation=NAVIGATION + SERVED_NAVIGATION if is_served else NAVIGATION,
        is_served=is_served,
        policy=SERVED_POLICY if is_served else POLICY,
        vega_asset=vega_asset(),
        tables_asset=tables_asset(),
    )
    environment.filters.update(
        number=number, percent=percent, moment=moment, script_json=script_json
    )
    environment.tests["words"] = lambda value: isinstance(value, Words)
    return environment


def script_json(value: object) -> Markup:
    """Write a value as JSON for a `<script type="application/json">`: no text ends the script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return Markup(text.translate(UNSAFE_IN_SCRIPTS))  # noqa: S704  # nothing is left to escape


def report_address(report: Record, *, edition: bool = False) -> str:
    """Name the page of a report, which always shows its current edition, or that of an edition."""
    name = f"{report['agency_id']}-{report['report_year']}"
    return f"reports/{name}-r{report['revision']}.html" if edition else f"reports/{name}.html"


def check_anchor(identity_id: str, slice_name: str) -> str:
    """Name the place of a check on its report's page: `reports/<report_id>.html#<anchor>`."""
    return f"check-{identity_id}-{slice_name}"


def _plain(value: object) -> object:
    """Give JSON's own kind for a value of DuckDB's."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the site's data")


def _sql(name: str, **names: object) -> str:
    return sql(f"site/queries/{name}.sql", **names)


def _assets() -> Iterator[Any]:
    return (file for file in RESOURCES.joinpath("assets").iterdir() if file.is_file())
