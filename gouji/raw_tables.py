"""The raw tables and their columns, in the order of the contract.

They stand in `dbt_project.yml`, in the folder of this package, as `raw_columns`.
"""

import sys
from pathlib import Path

from gouji.errors import WrongCall
from gouji.paths import PROJECT_FILE, read_project_file

try:
    _PROJECT = read_project_file(Path(__file__).parents[1] / PROJECT_FILE)
except WrongCall as error:
    # read when it is imported, before a command begins that would say so
    sys.stderr.write(f"{error}\n")
    sys.exit(error.exit_code)

RAW_TABLES: dict[str, tuple[str, ...]] = {
    table: tuple(columns) for table, columns in _PROJECT["vars"]["raw_columns"].items()
}
# What a landing folder may lack.
OPTIONAL_TABLES = frozenset(_PROJECT["vars"]["raw_tables_of_old_forms"])
# after the report and the row
APPLICANT_COLUMNS = RAW_TABLES["raw_requests"][2:]
RESULT_COLUMNS = RAW_TABLES["raw_reviews"][2:]
