"""SQL that stands in files of the package, `gouji/**/*.sql`.

A query whose columns or constants are Python's is a Jinja template. What comes from people or
documents is never put into its text, but given to DuckDB as a parameter.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def sql(path: str, **names: object) -> str:
    """Give the SQL of a file, with what its template asks for put in.

    Args:
        path: the file, from the folder of the package: `publish/queries/add_run.sql`.
        names: columns, relations and constants of the template.

    Raises:
        jinja2.UndefinedError: the template asks for a name that is not given.
    """
    return _template(path).render(names)


def quoted(path: Path) -> str:
    """Give a path as it stands between single quotes in SQL."""
    return str(path).replace("'", "''")


@cache
def _template(path: str) -> Template:
    return _environment().get_template(path)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gouji", ""),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - SQL, and no HTML
    )
    environment.filters["literals"] = _literals
    return environment


def _literals(codes: Iterable[str]) -> str:
    """Codes as they stand in `in (…)`."""
    return ", ".join(f"'{code}'" for code in codes)
