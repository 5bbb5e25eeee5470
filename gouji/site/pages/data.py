"""What there is to take away: the database, the Parquet files, the metrics, the documentation."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gouji.dictionary import Table as DictionaryTable
from gouji.dictionary import read_dictionary
from gouji.errors import ToolFailed
from gouji.export.parquet import DATA_PACKAGE
from gouji.metrics.ask import Metric, read_metrics
from gouji.site.dbt_pages import DOCUMENTATION, LINEAGE
from gouji.site.page import Site
from gouji.site.pages.dictionary import in_both
from gouji.site.tables import Cell, Column, Link, Table
from gouji.site.words import Words, words


def write(site: Site) -> None:
    """Write `data.html`."""
    package = _package(site.warehouse.parquet)
    tables = read_dictionary(site.connection, site.warehouse.artifacts.manifest)
    site.write(
        "data.html",
        "data.html.j2",
        section="data",
        title=words("data.title"),
        files=_files(site, tables, package["resources"]),
        tables=[f"{table.schema}.{table.name}" for table in tables],
        metrics=_metrics(read_metrics(site.warehouse.artifacts.semantic_manifest)),
        documentation=DOCUMENTATION,
        lineage=LINEAGE,
        parquet=f"../{site.warehouse.parquet.name}/" if _is_beside(site) else None,
        citation=package["citation"],
    )


def _is_beside(site: Site) -> bool:
    """Whether the files lie beside the site, so that its pages can lead to them."""
    return site.out.parent.resolve() == site.warehouse.parquet.parent.resolve()


def _files(site: Site, tables: Sequence[DictionaryTable], resources: list[dict[str, Any]]) -> Table:
    parquet, is_beside = site.warehouse.parquet, _is_beside(site)
    descriptions = {table.name: in_both(table.description) for table in tables}
    return Table(
        name="files",
        caption=words("data.files"),
        columns=[
            Column(words("column.file")),
            Column(words("column.kilobytes"), is_number=True),
            Column(words("column.column_count"), is_number=True),
            Column(words("column.description"), is_wide=True),
        ],
        rows=[_file(parquet, one, descriptions, is_beside) for one in resources],
    )


def _package(parquet: Path) -> dict[str, Any]:
    try:
        package = json.loads((parquet / DATA_PACKAGE).read_text(encoding="utf-8"))
        return {name: package[name] for name in ("resources", "citation")}
    except (OSError, ValueError, KeyError) as error:
        raise ToolFailed(f"{parquet / DATA_PACKAGE} is no data package: {error!r}.") from error


def _file(
    parquet: Path, resource: dict[str, Any], descriptions: dict[str, Words], is_beside: bool
) -> list[Cell]:
    path = resource["path"]
    size = (parquet / path).stat().st_size
    return [
        Link(f"../{parquet.name}/{path}", path) if is_beside else path,
        max(1, round(size / 1000)),
        len(resource["schema"]["fields"]),
        # a table of several files has a resource for each year: fct_requests-2024
        descriptions[resource["name"].split("-")[0]],
    ]


def _metrics(metrics: list[Metric]) -> Table:
    return Table(
        name="metrics",
        caption=words("data.metrics"),
        columns=[
            Column(words("column.metric")),
            Column(words("column.label"), is_wide=True),
            Column(words("column.denominator")),
            Column(words("column.description"), is_wide=True),
        ],
        rows=[
            [metric.name, metric.label, metric.denominator or "", in_both(metric.description)]
            for metric in metrics
        ],
    )
