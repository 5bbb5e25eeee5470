"""What several commands are told alike: where the project and its warehouse stand."""

from pathlib import Path
from typing import Annotated

import typer

from gouji.paths import Project, Warehouse, find_project

ProjectOption = Annotated[
    Path | None,
    typer.Option("--project", help="Folder of the project; found from here upward if not given."),
]
WarehouseOption = Annotated[
    Path | None,
    typer.Option(
        "--warehouse",
        envvar="GOUJI_WAREHOUSE",
        help="Folder of the published database; the project's warehouse/ if not given.",
    ),
]


def find_places(project: Path | None, warehouse: Path | None) -> tuple[Project, Warehouse]:
    """The project and the warehouse that a command is about, by what its two options say."""
    home = find_project(project or Path.cwd())
    return home, Warehouse((warehouse or home.root / "warehouse").resolve())
