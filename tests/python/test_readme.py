"""The answers in the READMEs are what the published warehouse says.

To write them anew: GOUJI_WRITE_README=1 pytest tests/python/test_readme.py
"""

import os
import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
QUESTION = re.compile(r"```sql\n(?P<sql>.*?);\n```\n(\n(\|[^\n]*\n)+)?", re.DOTALL)


def shown(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def answer(database: Path, sql: str) -> str:
    """The rows of a query as a table in Markdown."""
    with duckdb.connect(str(database), read_only=True) as connection:
        relation = connection.sql(sql)
        rows = [relation.columns, ["---"] * len(relation.columns), *relation.fetchall()]
    return "\n".join(f"| {' | '.join(map(shown, row))} |" for row in rows)


@pytest.mark.parametrize("name", READMES)
def test_answers_are_real(warehouse: Path, name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(QUESTION.findall(text)) == 10

    def with_answer(question: re.Match[str]) -> str:
        sql = question["sql"]
        return f"```sql\n{sql};\n```\n\n{answer(warehouse, sql)}\n"

    fresh = QUESTION.sub(with_answer, text)
    if os.environ.get("GOUJI_WRITE_README"):
        (ROOT / name).write_text(fresh, encoding="utf-8")
    assert text == fresh


def test_both_readmes_ask_the_same() -> None:
    asked = [
        [match["sql"] for match in QUESTION.finditer((ROOT / name).read_text(encoding="utf-8"))]
        for name in READMES
    ]
    assert asked[0] == asked[1]
