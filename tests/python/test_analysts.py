"""What `docs/analysts.md` shows runs as it stands."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "analysts.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("code", blocks("python"))
def test_python(code: str, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(warehouse.parent)
    exec(compile(code, "docs/analysts.md", "exec"), {})


@pytest.mark.parametrize("sql", blocks("sql"))
def test_sql(sql: str, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(warehouse.parent)
    with duckdb.connect("gouji.duckdb", read_only=True) as connection:
        assert connection.sql(sql).fetchall()


COMMANDS = re.findall(r"^gouji (?:metrics|sql \").*$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(command: str, gouji: Callable[..., Any], warehouse: Path) -> None:
    done = gouji(*shlex.split(command)[1:], "--warehouse", warehouse.parent)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 2


def test_the_chinese_page_shows_the_same() -> None:
    shown = [
        re.findall(
            r"^```.*?^```$", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        for name in ("analysts.md", "analysts.zh-CN.md")
    ]
    assert shown[0]
    assert shown[0] == shown[1]
