"""Running the audit: one checkpoint over a warehouse file, its verdicts, and the gate."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.data_context import FileDataContext
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.exceptions import GreatExpectationsError

from gouji.audit import dialect
from gouji.audit.suites import SEVERITIES, build_suites
from gouji.errors import DataFailed, ToolFailed

CHECKPOINT = "audit"
WORDS = {severity: word for word, severity in SEVERITIES.items()}


@dataclass(frozen=True)
class Verdict:
    """What the audit says of one expectation.

    `failing` counts every failing row; `sample` holds at most 200 of them. `exception` is the
    message of an exception inside the expectation: then nothing is known about the data.
    """

    suite: str
    rule_id: str
    title_zh: str
    title_en: str
    severity: str
    failing: int
    sample: list[dict[str, Any]]
    exception: str | None

    @property
    def passed(self) -> bool:
        """Whether the expectation was seen to hold."""
        return self.failing == 0 and self.exception is None


@dataclass(frozen=True)
class Audit:
    """The verdicts of one run, and the folder that holds its report."""

    verdicts: list[Verdict]
    report: Path

    def suites(self) -> Iterator[tuple[str, list[Verdict]]]:
        """Give the suites in the order in which they ran, each with its verdicts."""
        for suite in dict.fromkeys(verdict.suite for verdict in self.verdicts):
            yield suite, [verdict for verdict in self.verdicts if verdict.suite == suite]


def audit(database: Path, expectations: Path, report: Path) -> Audit:
    """Run the checkpoint over a warehouse file, read-only, and write its report.

    Args:
        database: the warehouse file.
        expectations: the folder of the Great Expectations project.
        report: the folder to write, a JSON file for each suite in Great Expectations' format.

    Raises:
        WrongCall: a suite file is wrong.
        ToolFailed: the audit itself failed. (An exception inside one expectation is a verdict.)
    """
    dialect.register()
    suites = build_suites(expectations / "suites", database)
    try:
        results = _run_checkpoint(database, expectations, suites)
    except GreatExpectationsError as error:
        raise ToolFailed(f"The audit of {database} could not run: {error}.") from error
    report.mkdir(parents=True, exist_ok=True)
    for result in results:
        text = json.dumps(_json(result), ensure_ascii=False, indent=1)
        (report / f"{result.suite_name}.json").write_text(text, encoding="utf-8")
    return Audit([verdict for result in results for verdict in _verdicts(result)], report)


def _run_checkpoint(
    database: Path, expectations: Path, suites: list[gx.ExpectationSuite]
) -> list[ExpectationSuiteValidationResult]:
    context = gx.get_context(
        context_root_dir=expectations, runtime_environment={"GOUJI_DB": str(database)}
    )
    with _warehouse(context) as warehouse:
        reports = warehouse.get_asset("reports").get_batch_definition("all")
        validations = [
            gx.ValidationDefinition(name=suite.name, data=reports, suite=context.suites.add(suite))
            for suite in suites
        ]
        checkpoint = gx.Checkpoint(
            name=CHECKPOINT,
            validation_definitions=[context.validation_definitions.add(v) for v in validations],
        )
        return list(context.checkpoints.add(checkpoint).run().run_results.values())


def _json(result: ExpectationSuiteValidationResult) -> Any:
    return result.to_json_dict()  # type: ignore[no-untyped-call]


@contextmanager
def _warehouse(context: FileDataContext) -> Iterator[SQLDatasource]:
    """Lend the data source, then close what it holds open of the warehouse file."""
    warehouse = context.data_sources.get("warehouse")
    if not isinstance(warehouse, SQLDatasource):
        raise ToolFailed(
            "The data source 'warehouse' in great_expectations.yml must be of type sql."
        )
    try:
        yield warehouse
    finally:
        warehouse.get_execution_engine().close()
        warehouse.get_engine().dispose()


def _verdicts(result: ExpectationSuiteValidationResult) -> list[Verdict]:
    """Read the verdicts of one suite, in the order of their ids."""
    verdicts = [_verdict(result.suite_name, expectation) for expectation in result.results]
    return sorted(verdicts, key=lambda verdict: verdict.rule_id)


def _verdict(suite: str, result: ExpectationValidationResult) -> Verdict:
    config = result.expectation_config
    if config is None:
        raise ToolFailed(f"Great Expectations gave a result of suite {suite} without its rule.")
    return Verdict(
        suite=suite,
        rule_id=config.kwargs["rule_id"],
        title_zh=config.kwargs["title_zh"],
        title_en=config.kwargs["title_en"],
        severity=WORDS[config.severity],
        failing=result.result.get("observed_value", 0),
        sample=result.result.get("details", {}).get("unexpected_rows", []),
        exception=_exception(result),
    )


def _exception(result: ExpectationValidationResult) -> str | None:
    """Read the exception of a result, which stands alone or under the id of each metric."""
    info = result.exception_info or {}
    for entry in (info, *info.values()):
        if isinstance(entry, dict) and entry.get("raised_exception"):
            return str(entry.get("exception_message")).splitlines()[0]
    return None


def gate(audit: Audit) -> None:
    """Let a warehouse pass, or say why not.

    Raises:
        ToolFailed: an expectation ended in an exception, which says nothing about the data.
        DataFailed: a critical expectation failed. Errors and warnings are reported, not gated.
    """
    exceptions = [verdict for verdict in audit.verdicts if verdict.exception]
    if exceptions:
        first = exceptions[0]
        raise ToolFailed(
            f"The audit itself failed in {len(exceptions)} of {len(audit.verdicts)} expectations,"
            f" first in {first.suite}.{first.rule_id}: {first.exception};"
            f" the report is in {audit.report}."
        )
    failed = [v for v in audit.verdicts if v.severity == "critical" and not v.passed]
    if failed:
        rules = ", ".join(f"{v.suite}.{v.rule_id} ({v.failing} rows)" for v in failed)
        raise DataFailed(f"The audit found critical faults: {rules}; see {audit.report}.")
