"""dbt's documentation and the lineage of every column, each one page of its own making.

Both carry all that they show. A policy in their head forbids every request all the same: dbt's page
knows the address of a counter, the lineage's page a whole library that counts visitors.

What shuts people out of them is mended by `dbt_pages.css` and `dbt_pages.js`, which stand in the
pages too: dbt's page would read a linked style by a request.
"""

import base64
import gzip
import json
import logging
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlglot import exp, parse_one

from gouji.errors import ToolFailed, WrongCall
from gouji.paths import Artifacts
from gouji.site.page import RESOURCES, Site

DOCUMENTATION = "docs/index.html"
LINEAGE = "lineage/index.html"
HEAD = "<head>"
BATCHES = {"report_batch", "explanation_batch", "fact_batch"}
RELATION = re.compile(r'"\w+"\."\w+"')
# dbt's page asks its own folder for an icon whose name was never filled in, and, until AngularJS
# has filled in a template, for a file named like its expression.
ASKS_FOR_WHAT_IS_NOT_THERE = {
    '<link rel="shortcut icon" href="${require(\'./assets/favicons/favicon.ico\')}"/>': "",
    'xlink:href="{{ getIcon(': 'ng-attr-xlink:href="{{ getIcon(',
}
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline';"
    " img-src data:; font-src data:; connect-src data: blob:; base-uri 'none'; form-action 'none'"
)
META = (
    f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    '<meta name="referrer" content="no-referrer">'
)


PACKED = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8">{policy}<title>Gouji</title></head>
<body>
<noscript>This page needs JavaScript. 本页需要 JavaScript。</noscript>
<script>
const packed = Uint8Array.from(atob("{packed}"), (sign) => sign.charCodeAt(0));
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
new Response(unpacked).text().then((page) => {{
  document.open();
  document.write(page);
  document.close();
}});
</script>
</body>
</html>
"""


def write_dbt_pages(site: Site) -> None:
    """Write `docs/index.html` and `lineage/index.html`.

    Raises:
        WrongCall: what dbt left of the published build is not there.
        ToolFailed: a page is not what it was, and cannot be kept from asking for more.
    """
    artifacts = site.warehouse.artifacts
    for file in artifacts.files:
        if not file.is_file():
            raise WrongCall(f"There is no {file}: gouji build makes it.")
    documentation = artifacts.documentation.read_text(encoding="utf-8")
    for asking, quiet in ASKS_FOR_WHAT_IS_NOT_THERE.items():
        documentation = documentation.replace(asking, quiet)
    site.keep(DOCUMENTATION, _packed(DOCUMENTATION, documentation))
    site.keep(LINEAGE, _packed(LINEAGE, follow_columns(artifacts).page))


@dataclass(frozen=True)
class Lineage:
    """Where each column comes from: as a page, and as data with `edges` between columns."""

    page: str
    edges: list[dict[str, Any]]


def follow_columns(artifacts: Artifacts) -> Lineage:
    """Follow every column from the seeds to the published tables, by dbt-colibri."""
    _mend_colibri()
    # without types of its own
    extracting = import_module("dbt_colibri.lineage_extractor.extractor")
    generating = import_module("dbt_colibri.report.generator")
    # what it cannot follow it says as an error for each column
    logging.getLogger("colibri").setLevel(logging.CRITICAL)
    with TemporaryDirectory() as name:
        folder = Path(name)
        manifest = folder / artifacts.manifest.name
        manifest.write_text(_as_it_can_be_followed(artifacts.manifest), encoding="utf-8")
        extractor = extracting.DbtColumnLineageExtractor(str(manifest), str(artifacts.catalog))
        report = generating.DbtColibriReportGenerator(
            extractor, light_mode=True, disable_telemetry=True
        )
        report.generate_report(name)
        found = json.loads((folder / "colibri-manifest.json").read_text(encoding="utf-8"))
        page = (folder / "index.html").read_text(encoding="utf-8")
    return Lineage(page, list(found["lineage"]["edges"]))


def _as_it_can_be_followed(manifest: Path) -> str:
    """Give the manifest with SQL that dbt-colibri follows.

    It knows a relation by its whole name only, with the database, which our SQL leaves out (see
    `macros/batch.sql`), loses every column that comes from an unpivot, and those of parts that read
    the rows of a batch, since nothing says that they read its list of reports.
    """
    told = json.loads(manifest.read_text(encoding="utf-8"))
    names = [node["relation_name"] for node in told["nodes"].values() if node.get("relation_name")]
    whole = {name.partition(".")[2]: name for name in names}
    for node in told["nodes"].values():
        if node.get("compiled_code") and node["resource_type"] == "model":
            named = RELATION.sub(lambda found: whole.get(found[0], found[0]), node["compiled_code"])
            query = parse_one(named, dialect="duckdb")
            _read_all_rows(query)
            _unite_what_is_unpivoted(query)
            node["compiled_code"] = query.sql(dialect="duckdb")
    return json.dumps(told)


def _read_all_rows(query: exp.Expr) -> None:
    """Take away that only rows of the batch are read: their columns are those of all rows."""
    for condition in list(query.find_all(exp.In)):
        chosen = condition.args.get("query")
        if chosen and BATCHES & {table.name for table in chosen.find_all(exp.Table)}:
            condition.replace(exp.true())


def _unite_what_is_unpivoted(query: exp.Expr) -> None:
    """Put the union that each `unpivot` of standard SQL stands for in its place.

    The columns that it takes apart are not taken away: a lineage may know of more columns than are
    asked for.
    """
    for wide in [rows for rows in query.find_all(exp.Table) if rows.args.get("pivots")]:
        (unpivot,) = wide.args["pivots"]
        (apart,) = unpivot.fields
        (values,) = unpivot.expressions
        rows = wide.copy()
        rows.set("pivots", None)
        branches = [
            exp.select(
                "*",
                exp.Literal.string(taken.alias).as_(apart.this.name),
                *(
                    column.as_(value.name)
                    for column, value in zip(_members(taken.this), _members(values), strict=True)
                ),
            ).from_(rows)
            for taken in apart.expressions
        ]
        united = exp.union(*branches, distinct=False) if len(branches) > 1 else branches[0]
        wide.replace(united.subquery(wide.alias_or_name))


def _members(names: exp.Expr) -> list[exp.Expr]:
    """Give what stands between brackets, which are a tuple only around several."""
    return names.expressions if isinstance(names, exp.Tuple) else [names.unnest()]


def _mend_colibri() -> None:
    """dbt-colibri 0.3.7 calls a property by a name that sqlglot 30 has no more."""
    scope = import_module("sqlglot.optimizer.scope").Scope
    if not hasattr(scope, "union_scopes"):
        scope.union_scopes = property(lambda self: self.set_operation_scopes)


def _packed(path: str, text: str) -> str:
    """Give a page that unpacks itself: the two are 10 MB as they are, and 3 MB so."""
    if HEAD not in text:
        raise ToolFailed(f"The page for {path} has no head to put a policy into.")
    whole = text.replace(HEAD, HEAD + META + _mending(), 1)
    packed = base64.b64encode(gzip.compress(whole.encode(), mtime=0)).decode("ascii")
    return PACKED.format(policy=META, packed=packed)


def _mending() -> str:
    """Give the style and the script that mend what axe-core finds on both pages."""
    style, script = (
        RESOURCES.joinpath(f"dbt_pages.{kind}").read_text(encoding="utf-8")
        for kind in ("css", "js")
    )
    return f"<style>{style}</style><script>{script}</script>"
