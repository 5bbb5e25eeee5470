"""What the exposures say that is made of the published tables is what is made of them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gouji.paths import Warehouse

ROOT = Path(__file__).parents[2]
TABLE = re.compile(r"\b(?:marts|quality)\.(\w+)")


@pytest.fixture(scope="module")
def exposed(warehouse: Path) -> dict[str, set[str]]:
    """The tables that each exposure depends on."""
    manifest = json.loads(
        Warehouse(warehouse.parent).artifacts.manifest.read_text(encoding="utf-8")
    )
    exposures: dict[str, Any] = manifest["exposures"]
    return {
        exposure["name"]: {node.rsplit(".", 1)[1] for node in exposure["depends_on"]["nodes"]}
        for exposure in exposures.values()
    }


def tables_in(*folders: str) -> set[str]:
    files = [file for folder in folders for file in (ROOT / "gouji" / folder).rglob("*.sql")]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return {name for text in texts for name in TABLE.findall(text)}


def test_the_parquet_files_are_all_published_tables(
    exposed: dict[str, set[str]], warehouse: Path
) -> None:
    package = Warehouse(warehouse.parent).parquet / "datapackage.json"
    resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
    assert exposed["parquet"] == {resource["name"] for resource in resources}


@pytest.mark.parametrize(
    ("name", "folders"),
    [("workbook", ["findings", "worklist"]), ("site", ["findings", "site"])],
)
def test_what_is_read_is_exposed(
    exposed: dict[str, set[str]], name: str, folders: list[str]
) -> None:
    assert tables_in(*folders) <= exposed[name]
