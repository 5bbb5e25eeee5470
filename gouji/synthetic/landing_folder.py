"""The landing folder of synthetic reports: which files it holds, and how they are read.

* `raw_requests/report_year=2019/part-00000.parquet`: the raw tables, by year; the columns are the
  contract's, each of them text;
* `agencies.parquet`, `rollup_members.parquet`: what the reports need beside them;
* `truth/faults.parquet`, `truth/fault_checks.parquet`: in a planted folder.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gouji.errors import WrongCall
from gouji.sql import quoted

FORMATS = ("parquet", "csv")


@dataclass(frozen=True)
class LandingFolder:
    """A folder of raw tables in one format."""

    root: Path
    format: str

    def part(self, table: str, year: int, number: int) -> Path:
        """The path of one file of a raw table."""
        return self.root / table / f"report_year={year}" / f"part-{number:05}.{self.format}"

    def beside(self, table: str) -> Path:
        """The path of a table that stands beside the raw ones."""
        return self.root / f"{table}.{self.format}"

    def parts(self, table: str) -> Iterator[Path]:
        """Give the files of a raw table in the order of their names."""
        yield from sorted((self.root / table).glob(f"*/*.{self.format}"))

    def table(self, name: str) -> str:
        """The SQL that reads a raw table."""
        return self.read(self.root / name / "*" / f"*.{self.format}")

    def read(self, path: Path) -> str:
        """The SQL that reads one file of the folder, or all that match a pattern."""
        if self.format == "csv":
            return (
                f"read_csv('{quoted(path)}', header = true, all_varchar = true, delim = ',',"
                " quote = '\"', escape = '\"', hive_partitioning = false)"
            )
        return f"read_parquet('{quoted(path)}', hive_partitioning = false)"

    def write(self, select: str, path: Path) -> str:
        """The SQL that writes a query to a file of the folder."""
        options = "format csv, header" if self.format == "csv" else "format parquet"
        return f"copy ({select}) to '{quoted(path)}' ({options})"


def open_landing_folder(root: Path) -> LandingFolder:
    """Open a folder that `generate` or `plant` wrote.

    Raises:
        WrongCall: the folder holds no raw table in a format that is known.
    """
    for kind in FORMATS:
        folder = LandingFolder(root, kind)
        if next(folder.parts("raw_reports"), None):
            return folder
    raise WrongCall(f"{root} is no folder of synthetic reports: it holds no raw_reports.")


def new_landing_folder(root: Path, kind: str) -> LandingFolder:
    """Make an empty folder to write to.

    Raises:
        WrongCall: the format is not known, or the folder holds something already.
    """
    if kind not in FORMATS:
        raise WrongCall(f"The format must be one of {', '.join(FORMATS)}, not {kind}.")
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise WrongCall(f"{root} is not empty: name a new folder.")
    root.mkdir(parents=True, exist_ok=True)
    return LandingFolder(root, kind)
