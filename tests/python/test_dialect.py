"""`duckdb+buffered://` gives results that outlive their connection, read-only where asked."""

from pathlib import Path

import duckdb
import pytest
import sqlalchemy
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from gouji.audit import dialect

ROWS = 5000


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table numbers as select range as n from range({ROWS})")
    return path


@pytest.fixture
def engine(database: Path) -> Engine:
    dialect.register()
    return create_engine(f"duckdb+buffered:///{database}?access_mode=read_only")


def read_after_return_to_pool(engine: Engine) -> list[int]:
    """Read a result as Great Expectations does: after its connection went back to the pool."""
    with engine.connect() as connection:
        result = connection.execute(text("select n from numbers order by n"))
    return [row.n for row in result.fetchall()]


def test_a_result_outlives_its_connection(engine: Engine) -> None:
    assert read_after_return_to_pool(engine) == list(range(ROWS))


def test_the_plain_dialect_loses_the_result(database: Path) -> None:
    """Should this fail one day, the dialect of our own is no longer needed."""
    plain = create_engine(f"duckdb:///{database}?access_mode=read_only")
    assert read_after_return_to_pool(plain) == []


def test_two_results_of_one_connection_do_not_disturb_each_other(engine: Engine) -> None:
    with engine.connect() as connection:
        first = connection.execute(text("select n from numbers where n < 3 order by n"))
        second = connection.execute(text("select n from numbers where n < 2 order by n"))
        assert [row.n for row in first] == [0, 1, 2]
        assert [row.n for row in second] == [0, 1]


def test_nothing_can_be_written(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.execute(text("create table more (n integer)"))


def test_tables_are_found_by_schema(engine: Engine) -> None:
    assert sqlalchemy.inspect(engine).has_table("numbers", schema="main")


def test_the_file_is_free_once_the_engine_is_disposed_of(engine: Engine, database: Path) -> None:
    read_after_return_to_pool(engine)
    engine.dispose()
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table more (n integer)")
