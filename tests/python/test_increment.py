"""An increment ends in the same tables as a full build, whatever was landed, revised or removed."""

import csv
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

import hand_made
from benchmarks.equality import compare_files
from benchmarks.with_pandas.tables import LEFT_OUT, TABLES
from conftest import PLAIN_DBT, ROOT, clean_environment
from gouji.paths import Project
from gouji.publish.history import record_run
from gouji.publish.inputs import copy_project
from gouji.raw_tables import RAW_TABLES
from gouji.synthetic.generate import generate
from gouji.synthetic.plant import plant
from same_tables import differences

SEED = 11
STEPS = 3 if os.environ.get("GOUJI_FULL_TESTS") else 1
# One with a year after it, whose reports look back at it.
YEAR_OF_THE_NIGHT = "2022"
BESIDE = ("agencies", "agency_successions", "rollup_members")


@dataclass
class Place:
    """A project to decide in, and the folder where its reports land."""

    project: Path
    landing: Path


@dataclass
class Source(Place):
    """All reports that there are, of which the landing folder holds some at a time."""

    connection: duckdb.DuckDBPyConnection
    rng: random.Random
    landed: set[str] = field(default_factory=set)

    def ids(self) -> set[str]:
        """Every report revision that could be landed."""
        return {
            row for (row,) in self.connection.sql("select report_id from raw_reports").fetchall()
        }

    def some(self, of: set[str], share: float) -> set[str]:
        """A random share of reports, at least one."""
        return set(self.rng.sample(sorted(of), max(1, round(len(of) * share))))

    def of_year(self, year: str, reports: set[str]) -> set[str]:
        """Those of some reports that are about a year."""
        found = self.connection.execute(
            "select report_id from raw_reports where report_year = ?", [year]
        ).fetchall()
        return reports & {row for (row,) in found}

    def write(self, *, by_year: bool) -> None:
        """Write the landing folder anew, the same reports as the same bytes."""
        self.connection.execute("create or replace temp table landed (report_id varchar)")
        self.connection.executemany(
            "insert into landed values (?)", [[i] for i in sorted(self.landed)]
        )
        years = self.connection.sql("select distinct report_year from raw_reports").fetchall()
        for table in RAW_TABLES:
            (self.landing / f"{table}.parquet").unlink(missing_ok=True)
            for year in [year for (year,) in years] if by_year else [None]:
                file = (
                    self.landing / table / f"report_year={year}" / "part.parquet"
                    if year
                    else self.landing / f"{table}.parquet"
                )
                file.parent.mkdir(parents=True, exist_ok=True)
                of_year = f"where report_year = '{year}'" if year else ""
                self.connection.execute(
                    f"copy (select * from {table} semi join landed using (report_id)"
                    f" semi join (from raw_reports {of_year}) as reports using (report_id)"
                    f" order by all) to '{file}' (format parquet)"
                )
        for beside in BESIDE:
            self.connection.execute(
                f"copy {beside} to '{self.landing / beside}.parquet' (format parquet)"
            )

    def revise(self, share: float) -> None:
        """Publish some landed reports again, with a cell of table 三 raised by one."""
        current = {i for i in self.landed if "-r2" not in i and f"{i}-r2" not in self.landed}
        for report in sorted(self.some(current, share)):
            for table, columns in RAW_TABLES.items():
                shown = ", ".join(columns[1:])
                changes = {
                    "raw_reports": ("revision", "'2'"),
                    "raw_requests": (
                        "total",
                        "coalesce(cast(try_cast(total as bigint) + 1 as varchar), total)",
                    ),
                }.get(table)
                values = (
                    shown
                    if changes is None
                    else ", ".join(
                        changes[1] if column == changes[0] else column for column in columns[1:]
                    )
                )
                self.connection.execute(
                    f"insert into {table} (report_id, {shown})"
                    f" select report_id || '-r2', {values} from {table} where report_id = ?",
                    [report],
                )
            self.landed.add(f"{report}-r2")

    def change(self, reports: set[str]) -> None:
        """Land other figures for some reports under the id that they had."""
        for report in sorted(reports):
            self.connection.execute(
                "update raw_requests set natural_person = cast(? as varchar)"
                " where report_id = ? and line_code = ?",
                [
                    self.rng.randrange(50),
                    report,
                    self.rng.choice(["granted", "carried_out", "new_requests"]),
                ],
            )

    def decide(self, database: Path, count: int) -> None:
        """Acknowledge some broken checks and correct some suspect cells, as a steward does."""
        with duckdb.connect(str(database), read_only=True) as warehouse:
            issues = warehouse.sql(
                "select report_id, identity_id, slice, lhs, rhs from quality.issues order by all"
            ).fetchall()
            cells = warehouse.sql(
                "select distinct report_id, form_table, line_code, column_code, printed,"
                " cast(cast(implied_value as bigint) as varchar)"
                " from quality.suspect_cells inner join marts.printed_cells"
                " using (report_id, form_table, line_code, column_code)"
                " where implied_value = floor(implied_value) order by all"
            ).fetchall()
        self._append(
            "acknowledged_issues",
            [
                {
                    "report_id": r,
                    "identity_id": i,
                    "slice": s,
                    "observed_lhs": lhs,
                    "observed_rhs": rhs,
                    "reason": "test",
                    "evidence": "test",
                    "acknowledged_by": "test",
                    "acknowledged_on": "2025-01-01",
                    "expires_on": "2999-12-31",
                }
                for r, i, s, lhs, rhs in self.rng.sample(issues, min(count, len(issues)))
            ],
        )
        one_each = {row[:4]: row for row in cells}
        self._append(
            "corrections",
            [
                {
                    "report_id": r,
                    "form_table": t,
                    "line_code": line,
                    "column_code": c,
                    "printed": printed or "",
                    "corrected": corrected,
                    "evidence": "test",
                    "corrected_by": "test",
                    "corrected_on": "2025-01-01",
                    "on_purpose": "true",
                }
                for r, t, line, c, printed, corrected in self.rng.sample(
                    list(one_each.values()), min(count, len(one_each))
                )
            ],
        )

    def take_back(self) -> None:
        """Take one decision of each kind back again, if there are any."""
        for seed in ("acknowledged_issues", "corrections"):
            file = self._seed(seed)
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            if len(lines) > 1:
                del lines[self.rng.randrange(1, len(lines))]
            file.write_text("".join(lines), encoding="utf-8")

    def read_otherwise(self) -> None:
        """Learn of a report that its rows were split by their own sums."""
        known = self._seed("report_evidence").read_text(encoding="utf-8")
        report = self.rng.choice(sorted(i for i in self.landed if i not in known))
        self._append("report_evidence", [{"report_id": report, "evidence": "decoded"}])

    def rearrange(self) -> None:
        """Move a body, give one a predecessor, merge and split, take members of roll-ups away."""
        bodies = self.connection.sql("select agency_id from agencies order by all").fetchall()
        moved, beside, heir, predecessor = (body for (body,) in self.rng.sample(bodies, 4))
        self.connection.execute(
            "update agencies set sector_code = other.sector_code, region_code = other.region_code"
            " from agencies as other where other.agency_id = ? and agencies.agency_id = ?",
            [beside, moved],
        )
        self.connection.execute(
            "update agencies set predecessor_agency_id = ? where agency_id = ?", [predecessor, heir]
        )
        self.connection.executemany(
            "insert into agency_successions values (?, ?, ?, ?, null)",
            [(heir, beside, "merged", "2021"), (predecessor, moved, "split", "2022")],
        )
        members = self.connection.sql("select * from rollup_members order by all").fetchall()
        gone, unsure = self.rng.sample(members, 2)
        which = "where agency_id = ? and member_agency_id = ? and report_year = ?"
        self.connection.execute(f"delete from rollup_members {which}", gone[:3])
        self.connection.execute(
            f"update rollup_members set is_complete = 'false' {which}", unsure[:3]
        )

    def _seed(self, name: str) -> Path:
        return self.project / "seeds" / "stewardship" / f"{name}.csv"

    def _append(self, seed: str, rows: list[dict[str, object]]) -> None:
        file = self._seed(seed)
        with file.open(newline="", encoding="utf-8") as text:
            columns = next(csv.reader(text))
        with file.open("a", newline="", encoding="utf-8") as text:
            csv.DictWriter(text, columns, lineterminator="\n").writerows(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every test has its project: what dbt has read of it is not read again."""
    return tmp_path_factory.mktemp("increment")


@pytest.fixture
def place(folder: Path) -> Place:
    """A copy of the project, and an empty folder."""
    place = Place(folder / "project", folder / "landing")
    shutil.rmtree(place.project, ignore_errors=True)
    shutil.rmtree(place.landing, ignore_errors=True)
    copy_project(Project(ROOT), place.project)
    place.landing.mkdir()
    return place


@pytest.fixture
def source(place: Place, tmp_path: Path) -> Source:
    """Synthetic reports with faults and those made by hand, and a project to decide in."""
    generate(tmp_path / "clean", reports=240, seed=SEED)
    plant(tmp_path / "clean", tmp_path / "planted", seed=SEED, share=0.4)
    hand_made.add_to(tmp_path / "planted")
    connection = duckdb.connect()
    for table in RAW_TABLES:
        connection.execute(
            f"create table {table} as from read_parquet('{tmp_path}/planted/{table}/**/*.parquet',"
            " hive_partitioning = false, union_by_name = true)"
        )
    for beside in BESIDE:
        connection.execute(
            f"create table {beside} as from read_parquet('{tmp_path}/planted/{beside}.parquet')"
        )
    return Source(place.project, place.landing, connection, random.Random(SEED))


@pytest.fixture
def begun(source: Source, folder: Path) -> Path:
    """A full build of most of the reports, which are landed; made once."""
    source.landed = source.some(source.ids(), 0.8)
    source.write(by_year=False)
    database = folder / "begun.duckdb"
    if not database.exists():
        build(source, database)
    return database


def dbt_build(
    place: Place, database: Path, *arguments: str, left_out: str = "test unit_test"
) -> subprocess.CompletedProcess[str]:
    """Run plain dbt, models and seeds only unless something else is left out.

    It writes to one path, as in `gouji build`: with another it would read all of the project anew.
    """
    building = place.project.with_name("building") / "gouji.duckdb"
    building.parent.mkdir(exist_ok=True)
    settings = {
        "GOUJI_LANDING": str(place.landing),
        "GOUJI_DB": str(building),
        "DBT_EXCLUDE_RESOURCE_TYPES": left_out,
        "DBT_TARGET_PATH": str(building.with_name("target")),
        "DBT_LOG_PATH": str(building.with_name("log")),
    }
    if database.exists():
        database.rename(building)
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "build", "--quiet", *arguments],
        cwd=place.project,
        env=clean_environment() | os.environ | PLAIN_DBT | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    building.rename(database)
    return done


def build(place: Place, database: Path, *arguments: str) -> None:
    """Run dbt, and expect that it gets through."""
    done = dbt_build(place, database, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def written(database: Path) -> tuple[int, int]:
    """How many reports the build wrote, and how many there are."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.sql(
            "select (select count(distinct report_id) from batch.report_batch),"
            " (select count(*) from marts.dim_report)"
        ).fetchall()[0]


def differences_from_pandas(source: Source, database: Path) -> list[str]:
    """How the benchmark's facts and checks in pandas differ from those of a warehouse."""
    folder = database.parent / "pandas"
    subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.with_pandas"),
            *(source.landing, folder, source.project / "seeds"),
        ],
        cwd=ROOT,
        env=clean_environment(),
        check=True,
    )
    files = {table: folder / f"{table}.parquet" for table in TABLES}
    compared = compare_files(database, files, folder / "spill", LEFT_OUT)
    return [f"{table.table}: {said}" for table in compared for said in table.differences]


def test_an_increment_is_a_full_build(source: Source, begun: Path, tmp_path: Path) -> None:
    """A random sequence of landings, revisions, changes, moves, decisions and removals."""
    by_increments, in_full = tmp_path / "by_increments.duckdb", tmp_path / "in_full.duckdb"
    shutil.copy(begun, by_increments)
    for _ in range(STEPS):
        source.landed -= source.some(source.landed, 0.03)
        source.landed |= source.some(source.ids() - source.landed, 0.2)
        source.change(source.some(source.landed, 0.02))
        source.revise(0.02)
        source.rearrange()
        source.rearrange()
        source.write(by_year=True)
        source.take_back()
        source.decide(by_increments, 3)
        source.read_otherwise()
        before = recorded(by_increments, tmp_path / "before.duckdb", tmp_path / "none.duckdb")
        build(source, by_increments)
        batch, reports = written(by_increments)
        assert 0 < batch < reports
        build(source, in_full, "--full-refresh")
        assert differences(by_increments, in_full) == []
        told = [
            changes_since(before, recorded(database, tmp_path / "after.duckdb", before))
            for database in (by_increments, in_full)
        ]
        assert told[0] == told[1]
        assert {row[-1] for row in told[0]} >= {"landed", "read_anew", "removed"}
    # A night: one year's reports, what looks at them and what that looks at, and decisions less.
    gone = source.some(source.of_year(YEAR_OF_THE_NIGHT, source.landed), 0.1)
    source.landed = (source.landed | source.of_year(YEAR_OF_THE_NIGHT, source.ids())) - gone
    source.change(source.some(source.of_year(YEAR_OF_THE_NIGHT, source.landed), 0.1))
    source.write(by_year=True)
    source.take_back()
    build(source, by_increments)
    batch, reports = written(by_increments)
    assert 0 < batch < reports
    build(source, in_full, "--full-refresh")
    assert differences(by_increments, in_full) == []
    # Nothing new is nothing to write.
    build(source, by_increments)
    assert written(by_increments) == (0, reports)
    assert differences(by_increments, in_full) == []
    everything_is_written(source, by_increments, in_full)
    # The third way to the same tables knows revised, corrected and acknowledged reports too.
    assert differences_from_pandas(source, in_full) == []


def everything_is_written(source: Source, by_increments: Path, in_full: Path) -> None:
    """Other code makes a build a full one, and so does a run that leaves out a model or a seed."""
    _, reports = written(by_increments)
    with (source.project / "macros" / "missing_values.sql").open("a", encoding="utf-8") as macros:
        macros.write("{#- another macro -#}\n")
    with duckdb.connect(str(by_increments)) as connection:
        connection.execute("drop table quality.fct_identity_checks")
        connection.execute("delete from marts.agency_year")
    build(source, by_increments, "--exclude", "agency_year")
    assert written(by_increments) == (reports, reports)
    assert not can_go_on(by_increments)
    build(source, by_increments)
    assert written(by_increments) == (reports, reports)
    assert differences(by_increments, in_full) == []
    assert can_go_on(by_increments)
    build(source, by_increments, "--select", "fct_requests")
    assert differences(by_increments, in_full) == []
    assert not can_go_on(by_increments)


def can_go_on(database: Path) -> bool:
    """Whether the last build left what the next one needs to be no full one."""
    with duckdb.connect(str(database), read_only=True) as connection:
        if connection.sql("from duckdb_tables() where table_name = 'build_state'").fetchall():
            return bool(connection.sql("from batch.build_state where build_id <> ''").fetchall())
    return False


VALUES = """
select agency_id, report_year, 'disclosures' as form_table, line_code, measure_code as column_code,
    value, value_status
from {0}.marts.fct_published_items
union all
select agency_id, report_year, 'requests', line_code, applicant_type, value, value_status
from {0}.marts.fct_requests
union all
select agency_id, report_year, 'reviews', channel, result, value, value_status
from {0}.marts.fct_review_litigation
"""


def recorded(database: Path, copy: Path, before: Path) -> Path:
    """Copy a database of dbt's, and let it say what it changed, as a published one does."""
    shutil.copy(database, copy)
    record_run(copy, before, "")
    return copy


def changes_since(before: Path, after: Path) -> list[tuple[object, ...]]:
    """Give the values that changed; with them, what was before becomes what is after."""
    place = "agency_id, report_year, form_table, line_code, column_code"
    with duckdb.connect(str(after), read_only=True) as connection:
        connection.execute(f"attach '{before}' as earlier (read_only)")
        replayed = f"""
        select * from ({VALUES.format("earlier")})
        anti join quality.value_changes using ({place})
        where value_status <> 'absent' or value is not null
        union all
        select {place}, after, status_after from quality.value_changes
        where status_after is not null
        """
        now = f"""
        select * from ({VALUES.format("after")})
        where value_status <> 'absent' or value is not null
        """
        for one, other in ((replayed, now), (now, replayed)):
            assert connection.sql(f"({one}) except all ({other}) limit 5").fetchall() == []
        return connection.sql(
            f"select {place}, report_id, before, after, status_before, status_after, change, why"
            " from quality.value_changes order by all"
        ).fetchall()


OUT, IN = ("carried_out", "natural_person"), ("carried_in", "natural_person")
FIRST = (
    # a new edition takes the place of the current one; a current one is taken away
    hand_made.Report("corrects-itself", 2022),
    hand_made.Report("takes-back", 2022),
    hand_made.Report("takes-back", 2022, {OUT: "1"}, revision=2),
    # a report lands, and looks at last year's: its own, or its predecessor's
    hand_made.Report("goes-on", 2022, {OUT: "1"}),
    hand_made.Report("before", 2022, {OUT: "1"}),
    # a body without a report stands for the one that it was renamed from: that one's lands, or
    # turns out to be another's
    hand_made.Report("grandchild", 2023, {IN: "2"}),
    hand_made.Report("stranger", 2022, {OUT: "2"}),
    hand_made.Report("orphan", 2023, {IN: "2"}),
    # a body of a reform has reports of its own to go on from, or has none
    hand_made.Report("taken-over", 2022, {OUT: "3"}),
    hand_made.Report("founded", 2023, {IN: "3"}),
    hand_made.Report("not-founded", 2020),
    hand_made.Report("not-founded", 2023, {IN: "3"}),
    # the members of a roll-up are all there once the last has landed
    hand_made.Report("city", 2024, {("granted", "total"): "3"}),
    hand_made.Report("bureau", 2024, {("granted", "total"): "1"}, {"reviews": ("0",)}),
    # totals may be kept from three years before
    hand_made.Report("keeps", 2020, hand_made.both("granted", "7")),
    hand_made.Report(
        "keeps",
        2023,
        {(line, "natural_person"): "3" for line in ("new_requests", "granted", "total_processed")}
        | {("new_requests", "total"): "3"}
        | {(line, "total"): "7" for line in ("granted", "total_processed")},
    ),
    # a report is read anew, and looks at a corrected cell of last year's
    hand_made.Report("goes-on-corrected", 2022, {OUT: "1"}),
    hand_made.Report("goes-on-corrected", 2023, {IN: "2"}),
    hand_made.Report("elsewhere", 2022),
)
TAKEN_AWAY = {
    "999999-takes-back-2022-r2",
    "999999-not-founded-2020",
    "999999-keeps-2020",
    "999999-goes-on-corrected-2023",
}
CORRECTED = "999999-goes-on-corrected-2022,requests,{},{},1,2,a letter,a test,2026-01-01,true\n"
LANDED_THEN = (
    hand_made.Report("corrects-itself", 2022, {OUT: "1"}, revision=2),
    hand_made.Report("goes-on", 2023, {IN: "1"}),
    hand_made.Report("after", 2023, {IN: "1"}),
    hand_made.Report("grandparent", 2022, {OUT: "2"}),
    hand_made.Report("founded", 2020),
    hand_made.Report("office", 2024, {("granted", "total"): "2"}),
    hand_made.Report("keeps", 2020, hand_made.both("granted", "8")),
    hand_made.Report("goes-on-corrected", 2023, {IN: "2", ("granted", "total"): "1"}),
)
SUCCESSIONS: tuple[hand_made.Succession, ...] = (
    ("before", "after", "merged", "2023", None),
    ("grandparent", "parent", "renamed", None, None),
    ("parent", "grandchild", "renamed", "2023", None),
    ("parents", "orphan", "renamed", "2023", None),
    ("taken-over", "founded", "merged", "2023", None),
    ("taken-over", "not-founded", "merged", "2023", None),
)
TAKEN_BACK: hand_made.Succession = ("stranger", "parents", "renamed", None, None)


def test_whatever_a_report_hangs_on_is_written_with_it(place: Place, tmp_path: Path) -> None:
    """Each way that models/batch/report_batch.sql follows from report to report is needed."""
    by_increment, in_full = tmp_path / "by_increment.duckdb", tmp_path / "in_full.duckdb"
    land(place, FIRST, (*SUCCESSIONS, TAKEN_BACK))
    with (place.project / "seeds/stewardship/corrections.csv").open("a", encoding="utf-8") as seed:
        seed.write(CORRECTED.format(*OUT))
    build(place, by_increment)
    kept = [report for report in FIRST if report.report_id not in TAKEN_AWAY]
    land(place, [*kept, *LANDED_THEN], SUCCESSIONS)
    build(place, by_increment)
    with duckdb.connect(str(by_increment), read_only=True) as connection:
        batch = connection.sql("select report_id from batch.report_batch").fetchall()
    assert ("999999-elsewhere-2022",) not in batch
    build(place, in_full)
    assert differences(by_increment, in_full) == []


def land(
    place: Place, reports: Iterable[hand_made.Report], successions: Iterable[hand_made.Succession]
) -> None:
    """Write reports made by hand to the landing folder, in place of what was there."""
    for table, rows in hand_made.rows_to_land(reports, successions).items():
        hand_made.write(place.landing / f"{table}.parquet", rows)


def test_after_a_failed_increment_everything_is_built(
    source: Source, begun: Path, tmp_path: Path
) -> None:
    """The SQL of a failed test runs over the database that is left; the next build is full."""
    database = Path(shutil.copy(begun, tmp_path / "gouji.duckdb"))
    current = {one for one in source.ids() if f"{one}-r2" not in source.ids()}
    nights = source.of_year(YEAR_OF_THE_NIGHT, current - source.landed)
    assert nights
    source.landed |= nights
    source.write(by_year=True)
    # The only test: reports made by hand fail some of the others.
    shutil.rmtree(source.project / "tests" / "singular")
    failing = source.project / "tests" / "singular" / "nothing_is_new.sql"
    failing.parent.mkdir()
    failing.write_text("select distinct report_id from {{ ref('fct_requests') }}", encoding="utf-8")
    done = dbt_build(source, database, "--exclude", "test_type:generic", left_out="unit_test")
    assert "FAIL" in done.stdout, done.stdout + done.stderr
    compiled_tests = source.project.with_name("building") / "target" / "compiled"
    (compiled,) = compiled_tests.rglob("nothing_is_new.sql")
    with duckdb.connect(str(database), read_only=True) as connection:
        found = {report for (report,) in connection.sql(compiled.read_text("utf-8")).fetchall()}
    assert nights <= found < source.landed
    failing.unlink()
    # What the failed one wrote goes too, though none of it is landed any more.
    source.landed -= nights
    source.write(by_year=True)
    build(source, database)
    assert differences(database, begun) == []
