"""What an audit says, and whether a warehouse passes it.

Apart from the running of it: Great Expectations takes seconds to import, and nothing here needs it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gouji.errors import DataFailed, ToolFailed

IDENTITY_SUITE = "reporting_identities"
TABLE_SUITE = "tables"


@dataclass(frozen=True)
class Verdict:
    """What the audit says of one expectation.

    `failing` counts every failing row; `sample` holds at most 200 of them. `exception` is the
    message of an exception inside the expectation: then nothing is known about the data. Of an
    identity `checks` is the digest of all its checks, see `gouji/audit/checks.py`.
    """

    suite: str
    rule_id: str
    title_zh: str
    title_en: str
    severity: str
    failing: int
    sample: list[dict[str, Any]]
    exception: str | None
    checks: str | None = None

    @property
    def is_identity(self) -> bool:
        """Whether the expectation is an identity of the form."""
        return self.suite == IDENTITY_SUITE

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
        raise DataFailed(
            f"The audit found critical faults: {'; '.join(map(_fault, failed))}"
            f" (all in {audit.report}).{_what_to_do(failed)}"
        )


def _what_to_do(failed: list[Verdict]) -> str:
    tables = [verdict.rule_id for verdict in failed if verdict.suite == TABLE_SUITE]
    if not tables:
        return ""
    return (
        " Tables that do not follow from the raw cells and the seeds are made anew by gouji build"
        " --full-refresh; if they are found so again, a model is wrong, or the rule of the first,"
        f" {tables[0]}, in expectations/tables."
    )


def _fault(verdict: Verdict) -> str:
    first = ", ".join(f"{name} {value}" for name, value in verdict.sample[0].items())
    return f"{verdict.suite}.{verdict.rule_id} in {verdict.failing} rows, first {first}"
