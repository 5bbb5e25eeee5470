"""An identity of any shape is a row of the seeds and no more: dbt and the audit judge it alike.

One identity of each is added to the seeds, and the warehouse is built from these.
"""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml
from jinja2 import Template

import hand_made
from conftest import PLAIN_DBT
from gouji.audit.identities import checks_sql
from gouji.audit.run import audit
from gouji.identities import identities_of_warehouse
from gouji.synthetic.generate import generate
from gouji.synthetic.plant import plant
from identity_shapes import SHAPES, Shape, add_rows, identity_row, term_rows
from test_parity import SUITES
from test_planted_cells import ROOT, copy_project


@pytest.fixture(scope="module")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a project whose seeds have an identity of each shape."""
    folder = tmp_path_factory.mktemp("shaped")
    project = copy_project(folder / "gouji")
    reference = project / "seeds" / "reference"
    add_rows(reference / "identities.csv", [identity_row(shape) for shape in SHAPES])
    add_rows(reference / "identity_terms.csv", [row for s in SHAPES for row in term_rows(s)])
    generate(folder / "clean", reports=300, seed=3)
    plant(folder / "clean", folder / "planted", seed=3, share=0.4)
    hand_made.add_to(folder / "planted")
    settings = {
        "GOUJI_LANDING": str(folder / "planted"),
        "GOUJI_DB": str(folder / "gouji.duckdb"),
        "DBT_EXCLUDE_RESOURCE_TYPES": "test unit_test",
        "DBT_LOG_PATH": str(folder / "log"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "build", "--quiet"],
        cwd=project,
        env=os.environ | PLAIN_DBT | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "gouji.duckdb"


Verdicts = dict[tuple[str, str], tuple[object, ...]]


def verdicts(database: Path, checks: str) -> Verdicts:
    """Give the verdict of each report and slice; of a broken check its sides too."""
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "select report_id, slice, status, if(status = 'broken', [lhs, rhs], null)"
            f" from {checks}"
        ).fetchall()
    assert len({row[:2] for row in rows}) == len(rows)
    return {(report, of): tuple(verdict) for report, of, *verdict in rows}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.identity_id)
def test_a_shape_is_judged_alike(shaped: Path, shape: Shape) -> None:
    (identity,) = (
        identity
        for identity in identities_of_warehouse(shaped)
        if identity.identity_id == shape.identity_id
    )
    by_audit = verdicts(shaped, f"({checks_sql(identity)})")
    by_dbt = verdicts(
        shaped, f"quality.fct_identity_checks where identity_id = '{shape.identity_id}'"
    )
    assert {of for _, of in by_audit} == slices_of(shaped, shape)
    assert by_dbt == by_audit


def slices_of(database: Path, shape: Shape) -> set[str]:
    """The codes that name the slices: of the columns, or of the lines, that the cells have."""
    if shape.slice_by == "all":
        return {"all"}
    source = {
        ("requests", "column"): "select applicant_type from reference.applicant_types",
        ("reviews", "column"): (
            "select code from reference.channels_results where dimension = 'result'"
        ),
        ("disclosures", "column"): (
            "select distinct measure_code from intermediate.int_disclosure_cells"
            " where line_code = 'normative_document'"
        ),
        ("narrative", "column"): "select 'stated'",
        ("requests", "line"): "select distinct line_code from intermediate.int_request_rows",
        ("reviews", "line"): "select distinct channel from intermediate.int_review_rows",
        ("disclosures", "line"): (
            "select distinct line_code from intermediate.int_disclosure_cells"
            " where measure_code = 'made'"
        ),
        ("narrative", "line"): (
            "select distinct figure_code from intermediate.int_narrative_figures"
            # no form says which figures are due, so that those count that such reports state
            f" inner join intermediate.int_reports using (report_id)"
            f" where is_consolidated or {shape.place != 'members'}"
        ),
    }[shape.form_table, shape.slice_by]
    with duckdb.connect(str(database), read_only=True) as connection:
        return {code for (code,) in connection.execute(source).fetchall()}


def test_the_audit_of_any_shape_ends_without_an_exception(shaped: Path, tmp_path: Path) -> None:
    found = audit(shaped, SUITES.parent, tmp_path / "audit")
    assert [verdict for verdict in found.verdicts if verdict.exception] == []
    assert {shape.identity_id for shape in SHAPES} <= {v.rule_id for v in found.verdicts}


def test_the_rule_of_one_verdict_each_knows_every_shape(shaped: Path) -> None:
    """It compares with the checks of dbt."""
    rules = yaml.safe_load((SUITES / "warehouse_integrity.yml").read_text(encoding="utf-8"))
    with duckdb.connect(str(shaped), read_only=True) as connection:
        failing = {
            row[1]
            for rule in rules["rules"]
            if rule["rule_id"].startswith("one_verdict_each")
            for row in connection.execute(rule["sql"]).fetchall()
        }
    assert failing == set()


# What is no shape, as a change of the seeds, and what the seeds' test says of it.
NO_SHAPES = {
    "set column_code = null where identity_id = 'review.total'": (
        "names no column, and is not sliced by it"
    ),
    "set line_code = null where identity_id = 'requests.balance'": (
        "names no line, and is not sliced by it"
    ),
    "set column_code = 'total' where identity_id = 'requests.balance'": (
        "names a column, and is sliced by it"
    ),
    "set line_code = 'granted' where identity_id = 'requests.applicants'": (
        "names a line, and is sliced by it"
    ),
    "set form_table = 'reviews' where identity_id = 'requests.balance' and side = 'right'": (
        "sliced by a line or column of another table"
    ),
    "set year_offset = -2 where identity_id = 'requests.carry_over' and side = 'right'": (
        "in a year that is neither the same nor the last"
    ),
    "set year_offset = -1 where scope = 'members'": "of members of another year",
    "set reading = 'subtotal' where identity_id = 'requests.applicants' and side = 'left'": (
        "reads a subtotal, and is of members or sliced by line"
    ),
    "set reading = 'total_or_parts' where identity_id = 'review.total' and column_code = 'other'": (
        "reads a total or its parts, and names no total of the report or of last year"
    ),
    "set reading = 'total_or_parts' where identity_id = 'review.total' and side = 'left'": (
        "reads a part of a row that another term reads for its total"
    ),
    "set year_offset = -1 where identity_id = 'review.total'": (
        "no cell of the report itself is on the left"
    ),
}


@pytest.mark.parametrize(("change", "fault"), NO_SHAPES.items(), ids=NO_SHAPES.values())
def test_what_is_no_shape_is_named(shaped: Path, change: str, fault: str) -> None:
    text = (ROOT / "tests" / "singular" / "identity_terms_have_a_shape.sql").read_text("utf-8")
    rule = Template(text).render(ref=lambda seed: f"reference.{seed}")
    with duckdb.connect(str(shaped)) as connection:
        assert connection.execute(rule).fetchall() == []
        connection.execute("begin")
        connection.execute(f"update reference.identity_terms {change}")
        assert {row[2] for row in connection.execute(rule).fetchall()} == {fault}
        connection.execute("rollback")
