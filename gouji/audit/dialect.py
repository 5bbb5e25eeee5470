"""`duckdb+buffered://`: DuckDB for SQLAlchemy, with results that outlive their connection.

Great Expectations gives a connection back to the pool before it reads the result of its query.
The pool rolls the connection back, and with it DuckDB drops the pending result: every expectation
then ends in an exception. Here each cursor is a DuckDB connection of its own, out of the
rollback's reach.
"""

from typing import Any, cast

from duckdb_engine import ConnectionWrapper, CursorWrapper, Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.engine.interfaces import DBAPIConnection

from gouji.memory import limit


class BufferedConnection:
    """A connection that gives every cursor a duplicate of DuckDB's connection."""

    def __init__(self, wrapped: ConnectionWrapper) -> None:
        self.wrapped = wrapped

    def cursor(self) -> CursorWrapper:
        """Open a cursor of its own."""
        duplicate = self.wrapped.cursor().cursor()
        return CursorWrapper(duplicate, self.wrapped)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)


class BufferedDialect(Dialect):
    """duckdb-engine's dialect with a connection of the kind above."""

    driver = "buffered"
    supports_statement_cache = False

    def connect(self, *args: Any, **kwargs: Any) -> DBAPIConnection:
        """Connect as duckdb-engine does, within `GOUJI_MEMORY`, and wrap the connection."""
        connection = super().connect(*args, **kwargs)
        limit(connection)
        return cast("DBAPIConnection", BufferedConnection(connection))


def register() -> None:
    """Make `duckdb+buffered://` known to SQLAlchemy."""
    registry.register("duckdb.buffered", __name__, "BufferedDialect")
