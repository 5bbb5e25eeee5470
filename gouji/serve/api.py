"""The JSON API: bodies, regions, reports and their checks, search; and its OpenAPI document."""

from importlib.metadata import version
from typing import Any

from gouji.findings.read import query
from gouji.serve.build import Build, Connection
from gouji.serve.lists import search
from gouji.serve.pages import NotThere
from gouji.serve.tables import MOST_ROWS_OF_JSON, ROWS_OF_JSON, tables
from gouji.warehouse_file import Record


def body(build: Build, agency_id: str) -> Record:
    """Give a body, its figures by year, and its reports."""
    asked: dict[str, object] = {"id": agency_id}
    with build.pages.one() as connection:
        found = _one(connection, "select * from marts.dim_agency where agency_id = $id", asked)
        found["years"] = query(
            connection,
            "select * from marts.agency_year where agency_id = $id order by report_year",
            asked,
        )
        found["reports"] = query(
            connection,
            "select report_id, report_year, layout, published_on, source_url, open_issues,"
            " acknowledged from prepared.lists.reports where agency_id = $id order by report_year",
            asked,
        )
    return found


def region(build: Build, region_code: str) -> Record:
    """Give a region, and its figures by year."""
    asked: dict[str, object] = {"id": region_code}
    with build.pages.one() as connection:
        found = _one(connection, "select * from marts.dim_region where region_code = $id", asked)
        found["years"] = query(
            connection,
            "select * from marts.region_year where region_code = $id order by report_year",
            asked,
        )
    return found


def report(build: Build, report_id: str) -> Record:
    """Give a report: its cells as printed, and the checks that do not simply hold."""
    asked: dict[str, object] = {"id": report_id}
    with build.pages.one() as connection:
        found = _one(connection, "select * from marts.dim_report where report_id = $id", asked)
        found["cells"] = query(
            connection,
            "select form_table, line_code, column_code, printed from marts.printed_cells"
            " where report_id = $id order by all",
            asked,
        )
        found["checks"] = query(
            connection,
            "select identity_id, slice, lhs, rhs, difference, status, reason, is_acknowledged"
            " from quality.fct_identity_checks where report_id = $id and status <> 'holds'"
            " order by identity_id, slice",
            asked,
        )
    return found


def found_by(build: Build, words: str) -> Record:
    """Give what is called by some words."""
    found = search(build, words)
    kept = ("id", "name", "other_names", "place", "reports")
    return {
        "regions": [{name: row[name] for name in kept} for row in found.regions],
        "agencies": [{name: row[name] for name in kept} for row in found.agencies],
        "reports": found.reports,
    }


def _one(connection: Connection, asked: str, values: dict[str, object]) -> Record:
    rows = query(connection, asked, values)
    if not rows:
        raise NotThere
    return rows[0]


def described(build: Build) -> dict[str, Any]:
    """Give the OpenAPI document of the server."""
    known = tables(build)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gouji 勾稽",
            "version": version("gouji"),
            "description": "China's government-information-disclosure annual reports: facts, and"
            " whether their cells add up. Reading only; every answer is of one published build.",
        },
        "paths": {
            "/api/search": _get(
                "Bodies, regions and reports by names, former names or ids",
                [_parameter("q", "query", "words; a year narrows the reports")],
            ),
            "/api/agencies/{agency_id}": _get(
                "A body, its figures by year, its reports",
                [_parameter("agency_id", "path", "such as 640300-keji")],
            ),
            "/api/regions/{region_code}": _get(
                "A region and its figures by year",
                [_parameter("region_code", "path", "six digits")],
            ),
            "/api/reports/{report_id}": _get(
                "A report: its printed cells, and the checks that do not simply hold",
                [_parameter("report_id", "path", "such as 320813-zhengfu-2023")],
            ),
            "/api/tables": _get("The published tables with their columns", []),
            "/sql.json": _get(
                "The answer to one reading statement",
                [_parameter("q", "query", "SQL")],
            ),
            "/sql.csv": _get(
                "The answer to one reading statement",
                [_parameter("q", "query", "SQL")],
                "text/csv",
            ),
            **{
                f"/tables/{table['table']}.{kind}": _get(
                    f"{table['table']}, all rows or those in which columns have certain values",
                    [
                        *(
                            _parameter(column, "query", type_, required=False)
                            for column, type_ in table["columns"].items()
                        ),
                        _parameter(
                            "limit",
                            "query",
                            f"rows; of JSON {ROWS_OF_JSON} if not given, at most"
                            f" {MOST_ROWS_OF_JSON}",
                            required=False,
                        ),
                        _parameter("offset", "query", "rows to pass over", required=False),
                    ],
                    media,
                )
                for table in known
                for kind, media in MEDIA.items()
            },
        },
    }


MEDIA = {
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}


def _get(
    summary: str, parameters: list[dict[str, Any]], media: str = "application/json"
) -> dict[str, Any]:
    answers = {"200": {"description": summary, "content": {media: {}}}}
    if parameters:
        answers["400"] = {"description": "What is asked cannot be answered, and why"}
        answers["404"] = {"description": "There is none"}
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}


def _parameter(name: str, place: str, description: str, *, required: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }
