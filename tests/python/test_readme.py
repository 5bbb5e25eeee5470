"""The answers in the READMEs are what the published warehouse says; the notebook asks the same.

To write them anew: GOUJI_WRITE_README=1 pytest tests/python/test_readme.py
"""

import ast
import json
import os
import re
from decimal import Decimal
from pathlib import Path

import altair as alt
import duckdb
import pandas as pd
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


@pytest.mark.parametrize(
    "name", [*READMES, "docs/analysts.md", "docs/analysts.zh-CN.md", "docs/notebook.ipynb"]
)
def test_no_example_adds_up_reports_that_nest(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"\b(?:where|and|or) is_consolidated\b", text) == []


@pytest.mark.parametrize("name", READMES)
def test_pictures_are_there_and_small(name: str) -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert len(pictures) == 2
    assert all((ROOT / picture).stat().st_size < 200_000 for picture in pictures)


def notebook() -> list[str]:
    """The code of each cell of the notebook."""
    cells = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_the_notebook_asks_the_same() -> None:
    questions = (re.search(r'"""\n(.*)"""', code, re.DOTALL) for code in notebook())
    asked = [sql[1].strip() for sql in questions if sql]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert asked == [match["sql"] for match in QUESTION.finditer(readme)]


def test_the_notebook_runs(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell is run in order, as a notebook does; what it would show has rows, or is drawn."""
    monkeypatch.setenv("GOUJI_WAREHOUSE", str(warehouse.parent))
    names: dict[str, object] = {}
    shown: list[object] = []
    with alt.renderers.enable("svg"):
        for code in notebook():
            *statements, last = ast.parse(code).body
            exec(compile(ast.Module(statements, []), "notebook", "exec"), names)
            if isinstance(last, ast.Expr):
                shown.append(eval(compile(ast.Expression(last.value), "notebook", "eval"), names))
            else:
                exec(compile(ast.Module([last], []), "notebook", "exec"), names)
        tables = [one for one in shown if isinstance(one, pd.DataFrame)]
        charts = [one for one in shown if isinstance(one, alt.Chart)]
        assert len(tables) == 10
        assert all(len(table) for table in tables)
        assert len(charts) == 7
        for chart in charts:
            drawn = chart._repr_mimebundle_()
            bundle = drawn[0] if isinstance(drawn, tuple) else drawn
            assert "<svg" in bundle["image/svg+xml"]
            # no mark would be no figure
            assert "role-mark" in bundle["image/svg+xml"]
