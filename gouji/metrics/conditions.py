"""Plain conditions, such as `province = '福建省'`, as MetricFlow takes them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from gouji.errors import WrongCall
from gouji.metrics.dimensions import Dimension

DIALECT = "duckdb"
Called = Callable[[str], Dimension]


@dataclass(frozen=True)
class Condition:
    """A condition as MetricFlow takes it, and the texts that dimensions are compared with in it."""

    template: str
    compared: tuple[tuple[Dimension, str], ...] = ()


def condition(text: str, called: Called) -> Condition:
    """Read a condition; one of MetricFlow's own, with `{{ }}`, stays as it is.

    Args:
        text: the condition, in SQL over dimensions.
        called: gives the dimension that a name in it stands for.

    Raises:
        WrongCall: it is no condition, or names what is no dimension.
    """
    if "{{" in text:
        return Condition(text)
    tree = _parsed(text)
    compared = tuple(_compared(tree, called))
    # a name that stands in no condition, so that what replaces it need not be SQL
    stands_for: dict[str, str] = {}
    for number, column in enumerate(list(tree.find_all(exp.Column))):
        mark = f"__dimension_{number}__"
        stands_for[mark] = _dimension(column, called).in_a_condition
        marked = exp.column(mark)
        if column is tree:
            tree = marked
        else:
            column.replace(marked)
    template = tree.sql(dialect=DIALECT)
    for mark, dimension in stands_for.items():
        template = template.replace(mark, dimension)
    return Condition(f"({template})", compared)


def _parsed(text: str) -> exp.Condition:
    try:
        statements = sqlglot.parse(text, read=DIALECT)
    except SqlglotError:
        statements = []
    tree = statements[0] if len(statements) == 1 else None
    is_figure = isinstance(tree, exp.Literal)
    if not isinstance(tree, exp.Condition) or is_figure or tree.find(exp.Query):
        raise WrongCall(f"{text} is no condition, such as province = '福建省' or year >= 2021.")
    return tree


def _dimension(column: exp.Column, called: Called) -> Dimension:
    try:
        # agency.province is agency__province
        return called("__".join(part.name for part in column.parts))
    except WrongCall as error:
        is_text = column.this.quoted or column.arg_key != "this"
        hint = f" Text stands between single quotes: '{column.name}'." if is_text else ""
        raise WrongCall(f"{error}{hint}") from error


def _compared(tree: exp.Condition, called: Called) -> Iterator[tuple[Dimension, str]]:
    """The texts that a dimension is said to equal."""
    for equation in tree.find_all(exp.EQ, exp.In):
        column = equation.this
        values = equation.expressions if isinstance(equation, exp.In) else [equation.expression]
        if isinstance(column, exp.Column):
            for value in values:
                if isinstance(value, exp.Literal) and value.is_string:
                    yield _dimension(column, called), value.name
