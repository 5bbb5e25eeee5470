"""Each identity as Great Expectations judged it, against the checks that dbt made of it.

Great Expectations' result holds a digest of all checks of the identity; one pass over
`quality.fct_identity_checks` gives dbt's. Only where they differ are the checks compared one by
one.
"""

from collections.abc import Mapping, Sequence

import duckdb

from gouji.audit.identities import checks_sql
from gouji.audit.tables import Table, compare
from gouji.audit.verdicts import TABLE_SUITE, Verdict
from gouji.identities import Identity
from gouji.sql import sql

RULE = "verdicts"
TITLE_ZH = "两次独立计算的勾稽结论逐项一致"
TITLE_EN = "dbt and Great Expectations come to the same verdict, check by check"
NO_CHECKS = "0 0"


def compare_checks(
    connection: duckdb.DuckDBPyConnection,
    identities: Sequence[Identity],
    audited: Mapping[str, str],
) -> Verdict:
    """Compare dbt's checks with those of the audit, identity by identity.

    Args:
        connection: the warehouse.
        identities: its identities.
        audited: for each identity the digest of its checks, as Great Expectations found them.
    """
    try:
        differing = differing_identities(connection, audited)
    except duckdb.Error as error:
        return _verdict(0, [], str(error).splitlines()[0])
    known: dict[str | None, Identity] = {i.identity_id: i for i in identities}
    found = [compare(connection, _table(name, known.get(name))) for name in differing]
    return _verdict(
        sum(max(verdict.failing, 1) for verdict in found),
        [
            row
            for name, verdict in zip(differing, found, strict=True)
            for row in verdict.sample or [{"identity_id": name}]
        ],
        next((verdict.exception for verdict in found if verdict.exception), None),
    )


def differing_identities(
    connection: duckdb.DuckDBPyConnection, audited: Mapping[str, str]
) -> list[str | None]:
    """Give the identities of which dbt made other checks than the audit, in order."""
    made = dict(connection.execute(sql("audit/queries/checks_of_dbt.sql")).fetchall())
    return [
        name
        for name in sorted(audited.keys() | made.keys(), key=str)
        if made.get(name, NO_CHECKS) != audited.get(name, NO_CHECKS)
    ]


def _table(name: str | None, identity: Identity | None) -> Table:
    is_it = f"identity_id = '{name}'" if name is not None else "identity_id is null"
    dbt = f"(from quality.fct_identity_checks where {is_it})"
    due = f"({checks_sql(identity)})" if identity else f"(from {dbt} where false)"
    return Table(
        name=RULE,
        key=("report_id", "identity_id", "slice"),
        found=f"({sql('audit/queries/checks_as_compared.sql', checks=dbt)})",
        due=sql("audit/queries/checks_as_compared.sql", checks=due),
        title_zh=TITLE_ZH,
        title_en=TITLE_EN,
    )


def _verdict(failing: int, sample: list[dict[str, object]], exception: str | None) -> Verdict:
    return Verdict(
        suite=TABLE_SUITE,
        rule_id=RULE,
        title_zh=TITLE_ZH,
        title_en=TITLE_EN,
        severity="critical",
        failing=failing,
        sample=sample,
        exception=exception,
    )
