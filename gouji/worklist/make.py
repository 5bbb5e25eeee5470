"""From a warehouse to the workbook, written beside its place and renamed into it."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter.exceptions import FileCreateError

from gouji.errors import WrongCall
from gouji.worklist.read import read_worklist
from gouji.worklist.workbook import write_workbook


@dataclass(frozen=True)
class Made:
    """How many causes a workbook lists, on how many sheets."""

    causes: int
    sheets: int


def make_worklist(
    database: Path, out: Path, province: str | None = None, severity: str | None = None
) -> Made:
    """Write the workbook of a warehouse's issues; what stood at `out` is lost only at the end.

    Raises:
        WrongCall: the warehouse or the province is not there, or `out` cannot be written.
    """
    worklist = read_worklist(database, province, severity)
    try:
        with TemporaryDirectory(prefix=".worklist-", dir=out.parent) as folder:
            written = Path(folder) / out.name
            sheets = write_workbook(worklist, written)
            written.replace(out)
    except (OSError, FileCreateError) as error:
        raise WrongCall(f"{out} cannot be written: {error}.") from error
    return Made(len(worklist.causes), sheets)
