"""Documents of bodies never heard of become a published warehouse in two commands."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import duckdb
import openpyxl
import pytest

from conftest import PLAIN_DBT, Gouji, clean_environment
from gouji.landing.agencies import Registry
from gouji.landing.vocabulary import load_form
from gouji.paths import Project
from gouji.publish.inputs import copy_project
from landing_documents import made_up, write

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
CORPUS = Path(os.environ.get("GOUJI_CORPUS", ROOT.parent / "shared" / "corpus"))
BODIES = 2_000


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_real_documents_are_published(
    tmp_path: Path, gouji: Gouji, tell: Callable[[str], None]
) -> None:
    if not (CORPUS / "documents").is_dir():
        pytest.skip(f"no published documents in {CORPUS}: they cannot be landed")
    project = tmp_path / "project"
    copy_project(Project(ROOT), project)
    known = {row["agency_id"] for row in rows(project / "seeds/reference/agencies.csv")}
    for folder in ("documents", "excerpts"):
        shutil.copytree(CORPUS / folder, tmp_path / folder)
    landed = gouji(
        "land", "--new-agencies", tmp_path / "documents", tmp_path / "excerpts", cwd=project
    )
    assert landed.returncode == 2, landed.stderr  # some are refused, each with its reason
    assert "has the sector unclassified: set its sector_code" in landed.stdout
    assert "江门或佛山: no agency and no region is called 江门或佛山" in landed.stdout
    built = gouji("build", "--no-site", cwd=project)
    assert built.returncode == 0, built.stdout + built.stderr
    database = project / "warehouse" / "gouji.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        bodies = connection.sql(
            "select agency_id, province, level, sector from marts.dim_agency"
            " semi join marts.dim_report using (agency_id)"
        ).fetchall()
    added = [body for body in bodies if body[0] not in known]
    tell(f"{len(added)} new bodies of real documents are in a published warehouse")
    assert len(added) >= 30
    assert all(all(body) for body in added)
    assert [body[0] for body in added if body[3] == "unclassified"] == ["430600-nanhuxinqumou"]
    gouji("worklist", "--out", tmp_path / "w.xlsx", cwd=project)
    cells = {
        cell for line in openpyxl.load_workbook(tmp_path / "w.xlsx")["汇总"].values for cell in line
    }
    assert {"系统未归类的机关", "430600-nanhuxinqumou"} <= cells


def test_bodies_of_all_kinds_land_and_build(
    tmp_path: Path, gouji: Gouji, tell: Callable[[str], None]
) -> None:
    """Every kind of department and township, over all the country: what is landed passes dbt."""
    form, registry = load_form(REFERENCE), Registry(REFERENCE)
    ordinary = [row["name"] for row in rows(Path(__file__).parent / "ordinary_bodies.csv")]
    counties = [
        (registry.regions.by_code[row["parent_code"]]["region_name"] + row["region_name"], row)
        for row in registry.regions.by_code.values()
        if row["region_level"] == "county" and row["region_name"].endswith("县")
    ]
    names = [f"{name}{kind}" for (name, _), kind in zip(cycle(counties), ordinary * 9)]
    names += [f"{name}古城镇人民政府" for name, _ in islice(counties, BODIES - len(names))]
    names += ["某某市教育局", "杭州市下河区教育局"]
    documents = tmp_path / "documents"
    documents.mkdir()
    truth = made_up(form, 1)
    truth.title = "TITLE"
    report = write(truth, form, "html", "clean").decode()
    for number, name in enumerate(names):
        title = f"{name}2023年政府信息公开工作年度报告"
        (documents / f"{number}.html").write_text(report.replace("TITLE", title), "utf-8")
    project = tmp_path / "project"
    copy_project(Project(ROOT), project)
    done = gouji("land", "--new-agencies", documents, "--to", tmp_path / "out", cwd=project)
    assert done.returncode == 2, done.stderr
    refused = [line for line in done.stderr.splitlines() if line.startswith("Refused")]
    tell(f"{len(names) - len(refused)} of {len(names)} synthetic bodies landed; {refused[:4]}")
    assert len(refused) <= len(names) * 0.02, refused[:9]
    agencies = rows(project / "seeds/reference/agencies.csv")
    assert len({row["agency_id"] for row in agencies}) == len(agencies)
    sectors = {row["sector_code"] for row in rows(REFERENCE / "sectors.csv")}
    regions = registry.regions.by_code
    for row in agencies:
        assert row["sector_code"] in sectors, row
        assert row["region_code"] in regions, row
        assert row["level"] in ("province", "prefecture", "county", "township"), row
    unplaced = rows(tmp_path / "out" / "proposed_agencies.csv")
    assert {row["agency_name"] for row in unplaced} >= {"某某市教育局", "杭州市下河区教育局"}
    seeds = "agencies agency_names agency_words sectors regions stg_agencies"
    tested = subprocess.run(
        [
            sys.executable,
            "-m",
            "dbt.cli.main",
            "build",
            "--quiet",
            "--indirect-selection",
            "cautious",
            "--select",
            *seeds.split(),
        ],
        cwd=project,
        env=clean_environment() | PLAIN_DBT | {"GOUJI_DB": str(tmp_path / "new.duckdb")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout + tested.stderr
