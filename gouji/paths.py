"""Where things are: the project's folder and the warehouse's."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import yaml

from gouji.errors import WrongCall

PROJECT_FILE = "dbt_project.yml"


@dataclass(frozen=True)
class Project:
    """The folder that holds `dbt_project.yml`: seeds, models and expectations.

    `as_of` is the day whose state it is, where that is not today's.
    """

    root: Path
    as_of: date | None = None

    @property
    def expectations(self) -> Path:
        """The Great Expectations project."""
        return self.root / "expectations"

    @property
    def lock_file(self) -> Path:
        """The versions that the project is built with."""
        return self.root / "requirements.lock"


@dataclass(frozen=True)
class Artifacts:
    """A folder of files that dbt writes: what it knows of the models, and their documentation."""

    root: Path

    @property
    def manifest(self) -> Path:
        """The models, with what their YAML says of them, and their compiled SQL."""
        return self.root / "manifest.json"

    @property
    def catalog(self) -> Path:
        """The relations of the database, with their columns."""
        return self.root / "catalog.json"

    @property
    def semantic_manifest(self) -> Path:
        """The metrics and what they are made of, as dbt hands them to MetricFlow."""
        return self.root / "semantic_manifest.json"

    @property
    def documentation(self) -> Path:
        """The documentation that dbt makes, as one page."""
        return self.root / "static_index.html"

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return self.manifest, self.catalog, self.semantic_manifest, self.documentation


@dataclass(frozen=True)
class Warehouse:
    """The folder that the build writes: the published database and what stands beside it."""

    root: Path

    @property
    def published(self) -> Path:
        """The database that people read."""
        return self.root / "gouji.duckdb"

    @property
    def parquet(self) -> Path:
        """The published tables as Parquet files, with their data package."""
        return self.root / "parquet"

    @property
    def previous(self) -> Path:
        """The database that was published before."""
        return self.root / "gouji.previous.duckdb"

    @property
    def builds(self) -> Path:
        """The builds that are kept, a folder each, with the same files as the warehouse."""
        return self.root / "builds"

    @property
    def current(self) -> Path:
        """Points to the build that is published, see `gouji/publish/builds.py`."""
        return self.root / "current"

    @property
    def site(self) -> Path:
        """The static site of the published database."""
        return self.root / "site"

    @property
    def made_from(self) -> Path:
        """What the build in this folder was made from."""
        return self.root / "made_from.json"

    @property
    def worse(self) -> Path:
        """What got worse with the build in this folder."""
        return self.root / "worse.json"

    @property
    def told(self) -> Path:
        """What the hook has been told last, see `gouji/publish/notify.py`."""
        return self.root / ".told.json"

    @property
    def rejected(self) -> Path:
        """The last database that a gate held back, kept so that its rows can be looked at."""
        return self.root / "gouji.rejected.duckdb"

    @property
    def lock(self) -> Path:
        """The file that a running build holds locked."""
        return self.root / ".lock"

    @property
    def last_build(self) -> Path:
        """How the last attempt at a build ended."""
        return self.root / ".last_build.json"

    @property
    def building(self) -> Path:
        """The folder of the build that is running.

        Its name is always the same: dbt reads every model anew when the path of its database
        changes. The lock sees to it that there is only one.
        """
        return self.root / ".building"

    @property
    def state(self) -> Path:
        """The project as it stood on a day, while that is built."""
        return self.root / ".state"

    def as_of(self, day: date) -> "Warehouse":
        """The warehouse of the state of a day, which stands beside the builds of today's."""
        return Warehouse(self.root / "as_of" / f"{day}")

    @property
    def dbt(self) -> Path:
        """What dbt leaves behind: compiled SQL, its manifest and its log."""
        return self.root / "dbt"

    @property
    def artifacts(self) -> Artifacts:
        """What dbt left of the published build."""
        return Artifacts(self.dbt / "published")

    @property
    def audits(self) -> Path:
        """The reports of the audits, a folder for each."""
        return self.root / "audit"


def find_project(start: Path) -> Project:
    """Find the project from `start` upward.

    Raises:
        WrongCall: neither `start` nor a folder above it holds `dbt_project.yml`, or it is no YAML.
    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        file = candidate / PROJECT_FILE
        if file.is_file():
            read_project_file(file)
            return Project(candidate)
    raise WrongCall(
        f"No {PROJECT_FILE} in {folder} or above it: run gouji inside the project, "
        "or name its folder with --project."
    )


def read_project_file(file: Path) -> dict[str, Any]:
    """Read a `dbt_project.yml`.

    Raises:
        WrongCall: it is no YAML (of which dbt would say so much, but not name the file).
    """
    try:
        return cast("dict[str, Any]", yaml.safe_load(file.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise WrongCall(f"{file} is no YAML: {' '.join(str(error).split())}.") from error
