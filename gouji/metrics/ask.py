"""Metrics asked of the published warehouse by way of MetricFlow.

MetricFlow writes the SQL, DuckDB answers it over the read-only file. MetricFlow's own command `mf`
is not used: it opens the database for writing, and asks the package registry for a newer version.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb

from gouji.bounds import OpenSum, at_most, rooms_of
from gouji.dictionary import Description, described
from gouji.errors import ToolFailed, WrongCall
from gouji.memory import limit
from gouji.metrics.conditions import Condition, condition
from gouji.metrics.dimensions import TIME, WORDS_FOR_THE_YEAR, YEAR, Dimension, dimension_called
from gouji.near import near_it
from gouji.sql import quoted, sql
from gouji.warehouse_file import shut_in

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
# Every ratio's YAML says which metric counts what it leaves out.
_COUNTS_THEM = re.compile(r"(?P<name>\w+) counts them")
# Dimensions of whole reports: each tells reports from each other, and no cells of one.
_OF_REPORTS = re.compile(rf"(?:{TIME}|agency|report)(?:__\w+)?|\w+__is_consolidated")
# MetricFlow lists all that it knows, and where in its code it was.
QUOTED_AT_MOST = 300
HOW_TO_INSTALL = "MetricFlow is not installed: pip install 'gouji[semantic]' puts it in."


@dataclass(frozen=True)
class Metric:
    """A metric as its YAML tells it; a ratio has a denominator, another metric.

    `not_reported` is the metric that counts the cells without a number that a ratio leaves out;
    `measure` is the sum of the summaries that a count adds up, where printed totals bound it.
    """

    name: str
    label: str
    description: Description
    denominator: str | None
    not_reported: str | None
    measure: str | None = None

    @property
    def in_full(self) -> list[str]:
        """The metric, and what is read beside it."""
        return [name for name in (self.name, self.denominator, self.not_reported) if name]


@dataclass(frozen=True)
class Answer:
    """The rows that a question gave, and the SQL that was asked."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    sql: str


class Metrics:
    """The metrics of a warehouse: `Metrics(...).ask(["granted_share"], by=["year"])`.

    A metric is asked by its name or by its Chinese label.
    """

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

    def called(self, words: Sequence[str]) -> list[Metric]:
        """Give the metrics of these names or labels, in this order.

        Raises:
            WrongCall: there is no such metric; the message names near ones.
        """
        metrics = self.all()
        found = {word: metric for metric in metrics for word in (metric.label, metric.name)}
        for word in words:
            if word not in found:
                raise WrongCall(
                    f"There is no metric {word}{near_it(word, found)}. gouji metrics lists them."
                )
        return [found[word] for word in words]

    def dimensions(self, metrics: Sequence[str]) -> list[Dimension]:
        """Give what metrics can be grouped and filtered by: what all of them know.

        Raises:
            WrongCall: there is no such metric.
        """
        names = [metric.name for metric in self.called(metrics)]
        models = {model["name"]: model for model in json.loads(self._manifest)["semantic_models"]}
        keys = {
            entity["name"]: (model["node_relation"]["relation_name"], entity["expr"])
            for model in models.values()
            for entity in model["entities"]
            if entity["type"] == "primary"
        }
        entities = {entity.name for entity in self._engine.entities_for_metrics(names)}
        found = [Dimension(TIME, WORDS_FOR_THE_YEAR)]
        found += [Dimension(name, (), True, *keys[name]) for name in entities & keys.keys()]
        for told in self._engine.simple_dimensions_for_metrics(names):
            if told.semantic_model_reference and told.name not in {TIME, YEAR}:
                model = models[told.semantic_model_reference.semantic_model_name]
                words = (told.name, *([told.label] if told.label else []))
                relation = model["node_relation"]["relation_name"]
                expression = told.expr or told.name
                found.append(Dimension(told.dunder_name, words, False, relation, expression))
        return sorted(set(found), key=lambda dimension: dimension.name)

    def values(self, dimension: Dimension) -> list[str]:
        """Give the values that a dimension has in the warehouse, as text; of the year, none."""
        if dimension.relation is None:
            return []
        with self._reading() as connection:
            rows = connection.sql(
                f"select distinct cast({dimension.expression} as varchar)"
                f" from {dimension.relation} where {dimension.expression} is not null order by 1"
            ).fetchall()
        return [value for (value,) in rows]

    def ask(
        self,
        metrics: Sequence[str],
        by: Sequence[str] = (),
        where: Sequence[str] = (),
        order: Sequence[str] = (),
        *,
        in_full: bool = False,
    ) -> Answer:
        """Ask for metrics, a row for each group.

        Args:
            metrics: names or labels of metrics.
            by: what to group by, such as `year` or `sector`, or `agency__sector` in full.
            where: conditions, such as `level = 'county'`, or as MetricFlow takes them:
                `{{ Dimension('agency__level') }} = 'county'`.
            order: columns to sort by, with a `-` before them to sort downwards; `by` if not given.
            in_full: each rate is followed by its denominator and the number of cells it leaves out;
                each count of whole reports, by how much it can be at most.

        Raises:
            WrongCall: there is no such metric or dimension, a condition is none or compares with
                what no row has, or a group or condition would leave nothing but the part in the
                whole that a share is of.
        """
        asked = list(dict.fromkeys(self.called(metrics)))
        names = (
            [name for metric in asked for name in metric.in_full]
            if in_full
            else [metric.name for metric in asked]
        )
        names = list(dict.fromkeys(names))
        known = self.dimensions(names)
        called = partial(dimension_called, known=known, asked=asked[0].name)
        groups = [_group(word, called) for word in by]
        conditions = [condition(text, called) for text in where]
        templates = [one.template for one in conditions]
        self._check_wholes(names, groups, templates)
        for one in conditions:
            self._check_values(one)
        answer = self._run(self._asked(names, groups, templates, list(order) or groups))
        if in_full and _is_of_whole_reports(groups, templates):
            for metric in asked:
                if metric.measure:
                    answer = self._bounded(answer, metric.name, metric.measure, groups, templates)
        return answer

    def _asked(
        self, names: Sequence[str], groups: list[str], templates: list[str], order: list[str]
    ) -> str:
        """Give the SQL that MetricFlow writes for a question."""
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest  # noqa: PLC0415

        request = MetricFlowQueryRequest.create(
            metric_names=names,
            group_by_names=groups or None,
            where_constraints=templates or None,
            order_by_names=order or None,
        )
        try:
            return self._engine.explain(request).sql_statement.sql
        except Exception as error:  # it has no one kind for a wrong question
            problem = " ".join(str(error).split())[:QUOTED_AT_MOST]
            question = f"{', '.join(names)} by {', '.join(groups) or 'nothing'}"
            raise WrongCall(f"MetricFlow cannot answer {question}: {problem}") from error

    def _bounded(
        self, answer: Answer, metric: str, measure: str, groups: list[str], templates: list[str]
    ) -> Answer:
        """Put beside a count how much it can be at most; nothing where a report has no bound."""
        by_report = self._asked([metric], [*dict.fromkeys((*groups, "report"))], templates, [])
        left_open = self._run(
            sql("queries/sums_left_open.sql", by_report=by_report, measure=measure)
        )
        report, value = (left_open.columns.index(name) for name in ("report", metric))
        places = [left_open.columns.index(name) for name in answer.columns[: len(groups)]]
        sums = [
            OpenSum(tuple(row[place] for place in places), row[report], measure, row[value])
            for row in left_open.rows
        ]
        with self._reading() as connection:
            rooms = rooms_of(connection, sums)
        if rooms is None:
            rooms = dict.fromkeys(one.group for one in sums)
        column = answer.columns.index(metric) + 1
        rows = []
        for row in answer.rows:
            most, group = row[column - 1], row[: len(groups)]
            if group in rooms:
                most = at_most(most, rooms[group])
            rows.append((*row[:column], most, *row[column:]))
        columns = (*answer.columns[:column], f"{metric}_at_most", *answer.columns[column:])
        return Answer(columns, rows, answer.sql)

    def _run(self, asked: str) -> Answer:
        with self._reading() as connection:
            try:
                found = connection.execute(asked)
            except (
                duckdb.BinderException,
                duckdb.ParserException,
                duckdb.ConversionException,
            ) as error:
                problem = " ".join(str(error).split())
                raise WrongCall(f"DuckDB cannot answer that: {problem}") from error
            columns = tuple(column for column, *_ in found.description or ())
            rows = [tuple(map(_shown, row)) for row in found.fetchall()]
        return Answer(columns, rows, asked)

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The published file, under the name that MetricFlow knows: it had it when dbt built it."""
        relation = json.loads(self._manifest)["semantic_models"][0]["node_relation"]
        with duckdb.connect() as connection:
            connection.execute(
                f"attach '{quoted(self.database)}' as {relation['database']} (read_only)"
            )
            connection.execute(f"use {relation['database']}")
            yield shut_in(limit(connection))

    def _check_values(self, asked: Condition) -> None:
        for dimension, value in asked.compared:
            known = self.values(dimension)
            if known and value not in known:
                raise WrongCall(f"No row has the {dimension.name} {value}{near_it(value, known)}.")

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
    description = described(told["description"] or "")
    counted = _COUNTS_THEM.search(description.en)
    return Metric(
        name=told["name"],
        label=told["label"] or "",
        description=description,
        denominator=denominator["name"] if denominator else None,
        not_reported=counted["name"] if denominator and counted else None,
        measure=told["config"]["meta"].get("at_most"),
    )


def _group(word: str, called: Callable[[str], Dimension]) -> str:
    """What MetricFlow calls a group; its own name for the year is taken too."""
    return word if word == f"{TIME}__year" else called(word).name


def _is_of_whole_reports(groups: Sequence[str], templates: Sequence[str]) -> bool:
    """Whether nothing tells the cells of a report apart, so that its bounds are those asked for."""
    named = [name for template in templates for name in _NAMED.findall(template)]
    return all(_OF_REPORTS.fullmatch(name) for name in (*groups, *named))


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
        for part in re.split(r"\band\b", where["where_sql_template"]):
            for dimension in _NAMED.findall(part):
                found[_column(dimension)].add(" ".join(part.split()))
    return found


def _column(dimension: str) -> str:
    """The column that a dimension tells apart: `line__label_zh` and `…__stage` are of the line."""
    entity, _, name = dimension.partition("__")
    return _COLUMNS.get(entity) or _COLUMNS.get(name, name)


def _shown(value: Any) -> Any:
    """A report's year, where MetricFlow gives the first moment of it."""
    is_year = isinstance(value, date) and (value.month, value.day) == (1, 1)
    return value.year if is_year else value
