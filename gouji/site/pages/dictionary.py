"""The data dictionary: every published table and column, from the models' YAML."""

from gouji.dictionary import Column as DictionaryColumn
from gouji.dictionary import Description, read_dictionary
from gouji.dictionary import Table as DictionaryTable
from gouji.site.page import Site
from gouji.site.tables import Cell, Column, Table
from gouji.site.words import Words, same, words


def write(site: Site) -> None:
    """Write `dictionary.html`."""
    tables = read_dictionary(site.connection, site.warehouse.artifacts.manifest)
    site.write(
        "dictionary.html",
        "dictionary.html.j2",
        section="data",
        title=words("dictionary.title"),
        tables=_tables(tables),
        columns=_columns(tables),
    )


def in_both(description: Description) -> Words:
    """Give a description in both languages; one that is missing is as the other."""
    return Words(description.zh or description.en, description.en or description.zh)


def _tables(tables: list[DictionaryTable]) -> Table:
    return Table(
        name="tables",
        caption=words("dictionary.tables"),
        columns=[
            Column(words("column.schema")),
            Column(words("column.table")),
            Column(words("column.description"), is_wide=True),
            Column(words("column.key"), is_wide=True),
        ],
        rows=[
            [table.schema, table.name, in_both(table.description), ", ".join(table.key)]
            for table in tables
        ],
    )


def _columns(tables: list[DictionaryTable]) -> Table:
    return Table(
        name="columns",
        caption=words("dictionary.columns"),
        columns=[
            Column(words("column.schema"), filter="schema"),
            Column(words("column.table"), filter="table"),
            Column(words("column.column")),
            Column(words("column.type")),
            Column(words("column.description"), is_wide=True),
            Column(words("column.rules"), is_wide=True),
        ],
        rows=[_row(table, column) for table in tables for column in table.columns],
    )


def _row(table: DictionaryTable, column: DictionaryColumn) -> list[Cell]:
    return [
        table.schema,
        table.name,
        column.name,
        column.data_type,
        in_both(column.description),
        _rules(table, column),
    ]


def _rules(table: DictionaryTable, column: DictionaryColumn) -> Words:
    """What dbt's tests hold of a column, in words."""
    rules = [words("dictionary.in_key")] if column.name in table.key else []
    if column.is_unique and column.name not in table.key:
        rules.append(words("dictionary.unique"))
    if column.is_required and column.name not in table.key:
        rules.append(words("dictionary.required"))
    rules += [
        words("dictionary.leads_to", table=key.table, field=key.field)
        for key in table.foreign_keys
        if key.column == column.name
    ]
    if column.allowed:
        rules.append(words("dictionary.one_of", values=", ".join(column.allowed)))
    if not rules:
        return same("")
    return Words("；".join(rule.zh for rule in rules), "; ".join(rule.en for rule in rules))
