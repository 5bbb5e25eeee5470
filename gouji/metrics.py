"""The metrics of `models/semantic/`, asked of the published warehouse by way of MetricFlow.

MetricFlow writes the SQL, DuckDB answers it over the read-only file. MetricFlow's own command `mf`
is not used: it opens the database for writing, and asks the package registry for a newer version.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb

from gouji.dictionary import Description, described
from gouji.errors import ToolFailed, WrongCall

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.protocols.sql_client import SqlClient

# What a condition of MetricFlow's names.
_NAMED = re.compile(r"(?:Dimension|Entity)\(\s*['\"]([^'\"]+)['\"]")
# A dimension of another name than the column that it tells apart.
_COLUMNS = {
    "line": "line_code",
    "stage": "line_code",
    "outcome_group": "line_code",
    "applicant": "applicant_type",
}
# MetricFlow lists all that it knows, and where in its code it was.
QUOTED_AT_MOST = 300
HOW_TO_INSTALL = "MetricFlow is not installed: pip install 'gouji[semantic]' puts it in."


@dataclass(frozen=True)
class Metric:
    """A metric as its YAML tells it; a ratio has a denominator, another metric."""

    name: str
    label: str
    description: Description
    denominator: str | None


@dataclass(frozen=True)
class Answer:
    """The rows that a question gave, and the SQL that was asked."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    sql: str

    def as_json(self) -> str:
        """The rows as a list of objects; an amount in yuan is text, so that it stays exact."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return json.dumps(rows, ensure_ascii=False, indent=1, default=str)


class Metrics:
    """The metrics of a warehouse: `Metrics(...).ask(["granted_share"], by=["metric_time"])`."""

    def __init__(self, database: Path, semantic_manifest: Path) -> None:
        """Read the metrics of a warehouse.

        Args:
            database: the published file.
            semantic_manifest: the `semantic_manifest.json` that dbt left when it built that file.

        Raises:
            WrongCall: there is no such file, or MetricFlow is not installed.
            ToolFailed: the manifest is none.
        """
        for file in (database, semantic_manifest):
            if not file.is_file():
                raise WrongCall(f"There is no {file}: gouji build makes it.")
        self.database = database
        self._manifest = semantic_manifest.read_text(encoding="utf-8")
        self._engine = _engine(self._manifest)

    def all(self) -> list[Metric]:
        """Give every metric, in the order of their names."""
        return _metrics(self._manifest)

    def dimensions(self, name: str) -> list[str]:
        """Give what a metric can be grouped and filtered by.

        Raises:
            WrongCall: there is no such metric.
        """
        self._check([name])
        found = self._engine.simple_dimensions_for_metrics([name])
        return sorted({dimension.dunder_name for dimension in found})

    def ask(
        self,
        metrics: Sequence[str],
        by: Sequence[str] = (),
        where: Sequence[str] = (),
        order: Sequence[str] = (),
    ) -> Answer:
        """Ask for metrics, a row for each group.

        Args:
            metrics: names of metrics.
            by: what to group by, such as `metric_time` (the report year) or `agency__sector`.
            where: conditions, such as `{{ Dimension('agency__level') }} = 'county'`.
            order: columns to sort by, with a `-` before them to sort downwards; `by` if not given.

        Raises:
            WrongCall: there is no such metric or dimension, a condition is none, or a group or
                condition would leave nothing but the part in the whole that a share is of.
        """
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest  # noqa: PLC0415

        self._check(metrics)
        self._check_wholes(metrics, by, where)
        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics),
            group_by_names=list(by) or None,
            where_constraints=list(where) or None,
            order_by_names=list(order) or list(by) or None,
        )
        try:
            sql = self._engine.explain(request).sql_statement.sql
        except Exception as error:  # it has no one kind for a wrong question
            problem = " ".join(str(error).split())[:QUOTED_AT_MOST]
            asked = f"{', '.join(metrics)} by {', '.join(by) or 'nothing'}"
            raise WrongCall(f"MetricFlow cannot answer {asked}: {problem}") from error
        return self._run(sql)

    def _run(self, sql: str) -> Answer:
        place = str(self.database).replace("'", "''")
        # MetricFlow's SQL has the name that the database had when dbt built it
        relation = json.loads(self._manifest)["semantic_models"][0]["node_relation"]
        catalog = relation["database"]
        with duckdb.connect() as connection:
            connection.execute(f"attach '{place}' as {catalog} (read_only)")
            try:
                found = connection.execute(sql)
            except (duckdb.BinderException, duckdb.ParserException) as error:
                problem = " ".join(str(error).split())
                raise WrongCall(f"DuckDB cannot answer that: {problem}") from error
            columns = tuple(column for column, *_ in found.description or ())
            rows = [tuple(map(_shown, row)) for row in found.fetchall()]
        return Answer(columns, rows, sql)

    def splits_the_whole(self, name: str, dimension: str) -> bool:
        """Say whether a dimension tells the parts of a share's denominator from each other.

        Grouped by the line, requests denied on a ground would be a share of just these requests.
        """
        sides = _sides(self._manifest, name)
        column = _column(dimension)
        return len({frozenset(conditions.get(column, ())) for _, conditions in sides}) > 1

    def _check_wholes(
        self, metrics: Sequence[str], by: Sequence[str], where: Sequence[str]
    ) -> None:
        named = [*by, *(name for condition in where for name in _NAMED.findall(condition))]
        for metric in metrics:
            splitting = [name for name in named if self.splits_the_whole(metric, name)]
            if splitting:
                part, whole = (name for name, _ in _sides(self._manifest, metric))
                raise WrongCall(
                    f"{metric} by {splitting[0]} would be no share: its denominator, {whole}, would"
                    f" be cut down as {part} is. Ask for {part} by {splitting[0]},"
                    f" and for {whole} without it."
                )

    def _check(self, names: Sequence[str]) -> None:
        known = {metric.name for metric in self.all()}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise WrongCall(f"There is no metric {', '.join(unknown)}: gouji metrics lists them.")


def read_metrics(semantic_manifest: Path) -> list[Metric]:
    """Read what the metrics of a build are, in the order of their names, without MetricFlow.

    Raises:
        ToolFailed: the manifest is not there, or is none.
    """
    try:
        return _metrics(semantic_manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError) as error:
        raise ToolFailed(f"{semantic_manifest} cannot be read: {error!r}.") from error


class _Engine:
    """What MetricFlow needs to know of the database to write SQL for it: its dialect."""

    def __init__(self) -> None:
        from metricflow.protocols.sql_client import SqlEngine  # noqa: PLC0415
        from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer  # noqa: PLC0415

        self.sql_engine_type = SqlEngine.DUCKDB
        self.sql_plan_renderer = DuckDbSqlPlanRenderer()


def _engine(manifest: str) -> "MetricFlowEngine":
    try:
        from metricflow.engine.metricflow_engine import MetricFlowEngine  # noqa: PLC0415
        from metricflow_semantics.model.dbt_manifest_parser import (  # noqa: PLC0415
            parse_manifest_from_dbt_generated_manifest,
        )
        from metricflow_semantics.model.semantic_manifest_lookup import (  # noqa: PLC0415
            SemanticManifestLookup,
        )
    except ImportError as error:
        raise WrongCall(HOW_TO_INSTALL) from error
    try:
        parsed = parse_manifest_from_dbt_generated_manifest(manifest)
    except ValueError as error:
        raise ToolFailed(f"The semantic manifest that dbt left cannot be read: {error}") from error
    return MetricFlowEngine(SemanticManifestLookup(parsed), cast("SqlClient", _Engine()))


def _metrics(manifest: str) -> list[Metric]:
    metrics = json.loads(manifest)["metrics"]
    return sorted(map(_metric, metrics), key=lambda metric: metric.name)


def _metric(told: dict[str, Any]) -> Metric:
    denominator = told["type_params"].get("denominator")
    return Metric(
        name=told["name"],
        label=told["label"] or "",
        description=described(told["description"] or ""),
        denominator=denominator["name"] if denominator else None,
    )


def _sides(manifest: str, name: str) -> list[tuple[str, dict[str, set[str]]]]:
    """The two metrics that a ratio is of, each with the conditions on its cells, by column.

    Of a metric that is no ratio there are none.
    """
    metrics = {metric["name"]: metric for metric in json.loads(manifest)["metrics"]}
    parts = metrics[name]["type_params"]
    if not parts.get("denominator"):
        return []
    return [
        (side["name"], _conditions(metrics[side["name"]].get("filter"), side.get("filter")))
        for side in (parts["numerator"], parts["denominator"])
    ]


def _conditions(*filters: dict[str, Any] | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for where in (one for told in filters if told for one in told["where_filters"]):
        for condition in re.split(r"\band\b", where["where_sql_template"]):
            for dimension in _NAMED.findall(condition):
                found[_column(dimension)].add(" ".join(condition.split()))
    return found


def _column(dimension: str) -> str:
    """The column that a dimension tells apart: `line__label_zh` and `…__stage` are of the line."""
    entity, _, name = dimension.partition("__")
    return _COLUMNS.get(entity) or _COLUMNS.get(name, name)


def _shown(value: Any) -> Any:
    """A report's year, where MetricFlow gives the first moment of it."""
    is_year = isinstance(value, date) and (value.month, value.day) == (1, 1)
    return value.year if is_year else value
