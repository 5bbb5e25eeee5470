"""The tables as the warehouse has them, their cells marked with corrections and breaks."""

from collections.abc import Iterator

import pandas as pd

from benchmarks.with_pandas.checks import CHECK, rows_without_total
from benchmarks.with_pandas.source import APPLICANTS, CELL, LINE, RESULTS, Source

BODY = "report_id agency_id report_year"
# what is in doubt hangs on the explanations, which are not made here
MARKED = "is_consistent value_is_consistent is_consolidated"
LEFT_OUT = ("is_doubtful",)
TABLES = {
    "marts.fct_requests": f"{BODY} applicant_type line_code stage outcome_group value"
    f" reported_value value_status {MARKED}",
    "marts.fct_published_items": f"{BODY} line_code measure_code unit value reported_value"
    f" value_status printed_unit remark {MARKED}",
    "marts.fct_review_litigation": f"{BODY} channel result value reported_value value_status"
    f" {MARKED}",
    "quality.fct_identity_checks": f"{BODY} identity_id slice lhs rhs difference status reason"
    " is_acknowledged",
}
COUNTS = {"value": "Int64", "reported_value": "Int64"}


def make_tables(
    cells: dict[str, pd.DataFrame],
    verdicts: tuple[pd.DataFrame, pd.DataFrame],
    pairs: pd.DataFrame,
    reports: pd.DataFrame,
    source: Source,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables one after the other, each with its name.

    The verdicts are those on the numbers as reported, and those on the corrected ones.
    """
    bodies = reports[["report_id", "agency_id", "report_year", "is_consolidated"]]
    checks, on_values = verdicts
    broken = broken_cells(checks, pairs, cells, source)
    broken_on_values = broken_cells(on_values, pairs, cells, source).rename(
        columns={"is_broken": "is_broken_on_value"}
    )

    def marked(table: str, rows: pd.DataFrame) -> pd.DataFrame:
        corrected, touched, touched_on_values = (
            frame.loc[frame["form_table"] == table].drop(columns="form_table")
            for frame in (cells["corrected"], broken, broken_on_values)
        )
        marks = corrected.merge(touched, "outer", on=CELL)
        marks = marks.merge(touched_on_values, "outer", on=CELL)
        rows = rows.merge(bodies, on="report_id").merge(marks, "left", on=CELL)
        rows = rows.rename(columns={"value": "reported_value", "status": "value_status"})
        rows["value"] = rows["corrected"].fillna(rows["reported_value"])
        return rows.assign(
            is_consistent=rows["is_broken"].isna(),
            value_is_consistent=rows["is_broken_on_value"].isna(),
        )

    def table(name: str, rows: pd.DataFrame) -> tuple[str, pd.DataFrame]:
        return name, rows[TABLES[name].split()]

    requests = cells["requests"][cells["requests"]["column_code"] != "total"]
    requests = marked("requests", requests.merge(request_leaves(source), on="line_code"))
    requests = requests.rename(columns={"column_code": "applicant_type"}).astype(COUNTS)
    yield table("marts.fct_requests", requests)
    del requests

    units = source.reference("measures").rename(columns={"measure_code": "column_code"})
    units = source.shorten(units[["column_code", "unit"]].drop_duplicates())
    items = marked("disclosures", cells["disclosures"].merge(units, on="column_code"))
    items = items.rename(columns={"column_code": "measure_code"})
    yield table("marts.fct_published_items", items)

    reviews = cells["reviews"][cells["reviews"]["column_code"] != "total"]
    reviews = marked("reviews", reviews).astype(COUNTS)
    reviews = reviews.rename(columns={"line_code": "channel", "column_code": "result"})
    yield table("marts.fct_review_litigation", reviews)

    yield table("quality.fct_identity_checks", checks.merge(bodies, on="report_id"))


def request_leaves(source: Source) -> pd.DataFrame:
    """The lines of table 三 that are no total of others, with the outcome that each stands for."""
    lines = source.reference("form_lines").query("form_table == 'requests' and line_kind == 'leaf'")
    lines = lines[["line_code", "stage", "outcome_group"]].drop_duplicates()
    return source.shorten(lines).astype({"stage": "category", "outcome_group": "category"})


def broken_cells(
    checks: pd.DataFrame, pairs: pd.DataFrame, cells: dict[str, pd.DataFrame], source: Source
) -> pd.DataFrame:
    """Every cell that a broken check touches."""
    identities = source.reference("identities")[["identity_id", "slice_by"]]
    terms = source.reference("identity_terms").astype({"year_offset": "int8"})
    broken = checks.loc[checks["status"] == "broken", [*CHECK, "identity_id"]]
    touched = (
        broken.astype({"identity_id": "str", "slice": "str"})
        .merge(identities, on="identity_id")
        .merge(terms, on="identity_id")
        .merge(pairs, on=["report_id", "scope", "year_offset"])
    )
    by_line, by_column = touched["slice_by"] == "line", touched["slice_by"] == "column"
    touched["line_code"] = touched["line_code"].mask(by_line, touched["slice"])
    touched["column_code"] = touched["column_code"].mask(by_column, touched["slice"])
    touched["report_id"] = touched["source_report_id"]
    for table, columns in {"requests": APPLICANTS, "reviews": RESULTS}.items():
        rows = (
            pd.concat([cells[table], cells["subtotals"]]) if table == "requests" else cells[table]
        )
        parts = rows_without_total(rows).astype("str").assign(form_table=table)
        parts = parts.merge(pd.DataFrame({"part": columns[:-1]}), how="cross")
        touched = touched.merge(parts, "left", on=["form_table", *LINE])
        is_in_parts = touched["reading"] == "total_or_parts"
        in_parts = touched.pop("part").where(is_in_parts)
        touched["column_code"] = in_parts.fillna(touched["column_code"])
    return source.shorten(touched[["form_table", *CELL]].drop_duplicates().assign(is_broken=True))
