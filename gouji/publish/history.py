"""What a build adds to its database about itself.

* `quality.run_history`: a row for each published build, carried on from one file to the next;
* `quality.issue_changes`: the issues that were opened and closed since the build before;
* `quality.value_changes`: the values of the facts that are not as the build before had them;
* `quality.audit_results`: what the audit said, a row for each expectation.
"""

import os
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from gouji.audit.verdicts import Audit
from gouji.errors import WrongCall
from gouji.memory import limit
from gouji.sql import quoted, sql
from gouji.warehouse_file import reading

EPOCH = "SOURCE_DATE_EPOCH"


def run_moment() -> datetime:
    """When a build says that it was made: now, or the moment that `SOURCE_DATE_EPOCH` names.

    See https://reproducible-builds.org/specs/source-date-epoch/: seconds since 1970, with which two
    builds of one input are equal to the last byte of their Parquet files.

    Raises:
        WrongCall: it is no such number.
    """
    asked = os.environ.get(EPOCH, "")
    if not asked:
        return datetime.now().astimezone()
    try:
        return datetime.fromtimestamp(int(asked), UTC).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise WrongCall(f"{EPOCH} is a number of seconds since 1970, not {asked}.") from error


def today() -> date:
    """The calendar day of a build, by which a report is late."""
    return run_moment().date()


# Why a value is not as it was, in the order in which they are told.
REASONS = ("landed", "revised", "corrected", "read_anew", "removed")


def record_run(
    database: Path,
    published: Path,
    input_sha256: str,
    git_commit: str | None = None,
    as_of: date | None = None,
) -> None:
    """Add this build to the history of the published file, in the new database.

    Args:
        database: the new, audited database; the table is written to it.
        published: the file that is published now, if there is one, or a copy of it.
        input_sha256: what the build was made from, see `Inputs.sha256_of_data`.
        git_commit: the commit of the code that made it, if it is known, see `commit_of`.
        as_of: the day whose state the build is of, if that was asked for.
    """
    versions = [version(name) for name in ("gouji", "dbt-core", "duckdb", "great-expectations")]
    with duckdb.connect(str(database)) as connection:
        is_first = not _attach(limit(connection), published)
        kind = _kind_of_build(connection)
        moment = run_moment()
        if not is_first and (before := published_at(published)):
            # the last build is the last of the history, whatever the clock says, and by a second,
            # which is as fine as the version of its data package tells
            moment = max(moment, before + timedelta(seconds=1))
        connection.execute(_sql("issue_changes", is_first=is_first))
        connection.execute(
            _sql("value_changes", is_first=is_first, is_increment=kind == "increment")
        )
        connection.execute(
            _sql("run_history", is_first=is_first, reasons=REASONS),
            [moment, *versions, input_sha256, git_commit, kind, as_of],
        )


def published_at(database: Path) -> datetime | None:
    """Give the time at which a database was published; none if it does not say."""
    when: datetime | None = _last(database, "max(published_at)")
    return when


def built_on(database: Path) -> date | None:
    """Give the day whose state a database is; none if it does not say.

    It is the day on which it was published, if no other day's state was asked for.
    """
    when = published_at(database)
    of: date | None = _last(database, "arg_max_null(as_of, published_at)")
    return of or (when.date() if when else None)


def _last(database: Path, what: str) -> Any:
    """Give what a database says of its last build; none if it does not say."""
    with reading(database) as connection:
        try:
            return connection.sql(f"select {what} from quality.run_history").fetchall()[0][0]
        except (duckdb.CatalogException, duckdb.BinderException):
            return None


def record_audit(database: Path, audit: Audit) -> None:
    """Keep what the audit said in the new database, with its time and the versions.

    Args:
        database: the new, audited database; the table is written to it.
        audit: the verdicts, none of them an exception: such an audit publishes nothing.
    """
    made = [
        run_moment(),
        *(version(name) for name in ("gouji", "duckdb", "great-expectations")),
    ]
    rows = [
        [v.suite, v.rule_id, v.title_zh, v.title_en, v.severity, v.passed, v.failing, *made]
        for v in audit.verdicts
    ]
    with duckdb.connect(str(database)) as connection:
        connection.execute(_sql("audit_results"))
        if rows:
            places = ", ".join("?" * len(rows[0]))
            connection.executemany(f"insert into quality.audit_results values ({places})", rows)


def _sql(name: str, **names: object) -> str:
    return sql(f"publish/queries/{name}.sql", **names)


def _kind_of_build(connection: duckdb.DuckDBPyConnection) -> str:
    """Say whether dbt wrote all reports, or only those that had changed."""
    try:
        found = connection.sql("select bool_or(is_by_increment) from batch.build_state")
    except duckdb.CatalogException:
        return "full"
    return "increment" if found.fetchall()[0][0] else "full"


def _attach(connection: duckdb.DuckDBPyConnection, published: Path) -> bool:
    """Attach the published file, and say whether it has a history to carry on."""
    if not published.is_file():
        return False
    connection.execute(f"attach '{quoted(published)}' as published (read_only)")
    tables = connection.sql(
        "from duckdb_tables() where database_name = 'published' and schema_name = 'quality'"
        " and table_name in ('run_history', 'issues')"
    )
    return len(tables.fetchall()) == 2
