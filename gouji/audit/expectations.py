"""The two kinds of expectation: a rule about the warehouse, and an identity of the form."""

from decimal import Decimal
from typing import Any, ClassVar

from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations import UnexpectedRowsExpectation

FAILING_ROWS = "failing_rows"
CHECKS = "checks"


class ExpectNoRows(UnexpectedRowsExpectation):
    """A rule, as a query for the rows that break it.

    Great Expectations counts the rows of a query by running it a second time; here the count
    comes with the rows (see `failing_rows_query`), and the warehouse is read once. A result holds
    the count of all failing rows and, of the rows themselves, a sample of at most 200: Great
    Expectations takes no more. `ValidationDefinition.get_unexpected_rows` gives them all.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.table",)

    rule_id: str
    title_zh: str
    title_en: str

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002
        execution_engine: ExecutionEngine[Any] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        sample = metrics["unexpected_rows_query.table"]
        failing = sample[0][FAILING_ROWS]
        rows = [
            {name: _plain(row[name]) for name in row if name not in (FAILING_ROWS, CHECKS)}
            for row in sample
        ]
        details = {"unexpected_rows": rows if failing else []}
        if CHECKS in sample[0]:
            details[CHECKS] = sample[0][CHECKS]
        return {
            "success": failing == 0,
            "result": {"observed_value": failing, "details": details},
        }


def _plain(value: Any) -> Any:
    """Make a decimal a float, as Great Expectations does, which reads the call stack for each."""
    return float(value) if isinstance(value, Decimal) else value


class ExpectIdentityToHold(ExpectNoRows):
    """An identity of the form (`rule_id`), as a query for the checks in which it is broken.

    Its result also holds a digest of all its checks, broken or not, for the comparison with those
    that dbt made.
    """


def failing_rows_query(sql: str) -> str:
    """Make a query for failing rows into the one that an expectation runs.

    Its result has a row even where nothing fails, with a count of 0: a result that got lost on
    its way is then an exception, not a pass.
    """
    return for_great_expectations(
        f"""with failing as materialized (
{sql.strip()}
)
select counted.{FAILING_ROWS}, failing.*
from (select count(*) as {FAILING_ROWS} from failing) as counted
left join failing on true"""
    )


def for_great_expectations(sql: str) -> str:
    """Write a query as Great Expectations takes it.

    Braces are doubled, for it formats the text. It also asks each query to name its batch, and
    prints a note otherwise: a comment does, for our rules span many tables.
    """
    return "/* {batch} */\n" + sql.strip().replace("{", "{{").replace("}", "}}")
