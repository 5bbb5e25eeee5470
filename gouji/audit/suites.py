"""The three suites: fixed rules from YAML files, identities from the warehouse's own seeds."""

from pathlib import Path
from typing import Any

import yaml
from great_expectations import ExpectationSuite
from great_expectations.expectations.metadata_types import FailureSeverity

from gouji.audit.expectations import (
    ExpectIdentityToHold,
    ExpectNoRows,
    failing_rows_query,
    for_great_expectations,
)
from gouji.audit.identities import audited_checks_sql
from gouji.audit.verdicts import IDENTITY_SUITE
from gouji.errors import WrongCall
from gouji.identities import identities_of_warehouse

RULE_SUITES = ("raw_tables", "warehouse_integrity")

# Our words for how bad a failure is, in those of Great Expectations.
SEVERITIES = {
    "critical": FailureSeverity.CRITICAL,
    "error": FailureSeverity.WARNING,
    "warning": FailureSeverity.INFO,
}
KEYS_OF_A_RULE = {"rule_id", "title_zh", "title_en", "severity", "sql"}


def build_suites(suites: Path, database: Path) -> list[ExpectationSuite]:
    """Build the suites that a warehouse file is audited with.

    Args:
        suites: folder of the YAML files, one for each suite of fixed rules.
        database: the warehouse file whose `reference` schema holds the identities.

    Raises:
        WrongCall: a suite file cannot be read as one.
    """
    raw_tables, warehouse_integrity = (
        ExpectationSuite(name, expectations=read_rules(suites / f"{name}.yml"))
        for name in RULE_SUITES
    )
    identities = ExpectationSuite(IDENTITY_SUITE, expectations=identity_expectations(database))
    return [raw_tables, identities, warehouse_integrity]


def read_rules(path: Path) -> list[ExpectNoRows]:
    """Read the rules of one suite file.

    Raises:
        WrongCall: the file is missing, is no YAML, or a rule in it lacks a key, has a wrong one,
            or has the id of another.
    """
    try:
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        problem = " ".join(str(error).split())
        raise WrongCall(f"The suite {path} cannot be read: {problem}.") from error
    ids = [rule.get("rule_id") for rule in rules]
    twice = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
    if twice:
        raise WrongCall(f"The suite {path} has two rules with the id {twice[0]}.")
    return [_rule_expectation(path, place, rule) for place, rule in enumerate(rules, start=1)]


def _rule_expectation(path: Path, place: int, rule: dict[str, Any]) -> ExpectNoRows:
    if set(rule) != KEYS_OF_A_RULE or rule["severity"] not in SEVERITIES:
        raise WrongCall(
            f"Rule {place} of {path} ({rule.get('rule_id', 'without rule_id')}) must have just "
            f"the keys {', '.join(sorted(KEYS_OF_A_RULE))}, and a severity among "
            f"{', '.join(SEVERITIES)}."
        )
    return ExpectNoRows(
        rule_id=rule["rule_id"],
        title_zh=rule["title_zh"],
        title_en=rule["title_en"],
        severity=SEVERITIES[rule["severity"]],
        unexpected_rows_query=failing_rows_query(rule["sql"]),
    )


def identity_expectations(database: Path) -> list[ExpectIdentityToHold]:
    """Make one expectation for each row of the identities seed.

    A report that does not add up is the agency's doing and never critical, whatever the seed says.
    """
    return [
        ExpectIdentityToHold(
            rule_id=identity.identity_id,
            title_zh=identity.title_zh,
            title_en=identity.title_en,
            severity=SEVERITIES["error" if identity.severity == "error" else "warning"],
            unexpected_rows_query=for_great_expectations(audited_checks_sql(identity)),
        )
        for identity in identities_of_warehouse(database)
    ]
