"""Running the audit: one checkpoint over a warehouse file, and the comparison of its tables."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.data_context import FileDataContext
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.exceptions import GreatExpectationsError

from gouji.audit import dialect
from gouji.audit.checks import compare_checks
from gouji.audit.suites import SEVERITIES, build_suites
from gouji.audit.tables import compare, read_tables
from gouji.audit.verdicts import TABLE_SUITE, Audit, Verdict
from gouji.errors import ToolFailed, WrongCall
from gouji.identities import identities_of_warehouse
from gouji.warehouse_file import reading

CHECKPOINT = "audit"
WORDS = {severity: word for word, severity in SEVERITIES.items()}


def audit(database: Path, expectations: Path, report: Path, built_on: date | None = None) -> Audit:
    """Run the checkpoint over a warehouse file, compare its tables, and write a report.

    The file is opened read-only.

    Args:
        database: the warehouse file.
        expectations: the folder of the Great Expectations project.
        report: the folder to write, a JSON file for each suite, those of the checkpoint in Great
            Expectations' format.
        built_on: when the warehouse was built, which says which entries of the ledger held; today
            if not given.

    Raises:
        WrongCall: a suite file, the rule of a table or great_expectations.yml is wrong.
        ToolFailed: the audit itself failed. (An exception inside one expectation is a verdict.)
    """
    suites = build_suites(expectations / "suites", database)
    context = _context(database, expectations)
    try:
        results = _run_checkpoint(context, suites)
    except GreatExpectationsError as error:
        raise ToolFailed(f"The audit of {database} could not run: {error}.") from error
    verdicts = [verdict for result in results for verdict in _verdicts(result)]
    if len(verdicts) != sum(len(suite.expectations) for suite in suites):
        raise ToolFailed(f"The audit of {database} has not given each expectation a verdict.")
    report.mkdir(parents=True, exist_ok=True)
    for result in results:
        text = json.dumps(result.to_json_dict(), ensure_ascii=False, indent=1)
        (report / f"{result.suite_name}.json").write_text(text, encoding="utf-8")
    tables = compare_all(
        database,
        expectations,
        built_on or datetime.now().astimezone().date(),
        {v.rule_id: v.checks for v in verdicts if v.checks is not None},
    )
    text = json.dumps(list(map(asdict, tables)), ensure_ascii=False, indent=1, default=str)
    (report / f"{TABLE_SUITE}.json").write_text(text, encoding="utf-8")
    return Audit(verdicts + tables, report)


def compare_all(
    database: Path, expectations: Path, day: date, audited: Mapping[str, str]
) -> list[Verdict]:
    """Compare dbt's checks with those of Great Expectations, and each table with what is due.

    Args:
        database: the warehouse file, which is opened read-only.
        expectations: the folder of the Great Expectations project.
        day: when the warehouse was built.
        audited: for each identity the digest of its checks, as Great Expectations found them.
    """
    identities = identities_of_warehouse(database)
    with reading(database) as connection:
        return [
            compare_checks(connection, identities, audited),
            *(compare(connection, table) for table in read_tables(expectations, day)),
        ]


def _context(database: Path, expectations: Path) -> FileDataContext:
    dialect.register()
    try:
        return gx.get_context(
            context_root_dir=expectations, runtime_environment={"GOUJI_DB": str(database)}
        )
    except GreatExpectationsError as error:
        file = expectations / "great_expectations.yml"
        problem = " ".join(str(error).split())
        raise WrongCall(f"{file} cannot be read: {problem}") from error


def _run_checkpoint(
    context: FileDataContext, suites: list[gx.ExpectationSuite]
) -> list[ExpectationSuiteValidationResult]:
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
        checks=result.result.get("details", {}).get("checks"),
    )


def _exception(result: ExpectationValidationResult) -> str | None:
    """Read the exception of a result, which stands alone or under the id of each metric."""
    info = result.exception_info or {}
    for entry in (info, *info.values()):
        if isinstance(entry, dict) and entry.get("raised_exception"):
            return str(entry.get("exception_message")).splitlines()[0]
    return None if "observed_value" in result.result else "no result and no exception"
