"""`make test-spark`: the same models on a Spark cluster, and every mart as DuckDB makes it.

Starts a master and two workers on this machine, builds the real reports with every dbt test, an
increment upon them, and synthetic reports with planted faults, and compares all marts and quality
tables cell by cell with those that DuckDB makes. It ends with one line, and exit code 1 where
anything differs.
"""

import csv
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from cluster import WORKERS, Cluster, ClusterDidNotStart, running_cluster
from compare import Comparison, compare
from engines import PROJECT, DbtFailed, Run, environment, session
from pyspark.sql import SparkSession

from gouji.synthetic.generate import generate
from gouji.synthetic.plant import plant

SHARE_OF_FAULTS = 0.1

# A slip in the Spark branch of one macro, which the comparison has to see: the lists the wrong way
# round, in the models that they stand in.
PLANTED_IN = Path("macros/spark/listagg.sql")
PLANTED = ("({{ order_by_clause }})", "({{ order_by_clause }} desc)")
MODELS_WITH_LISTS = ("mended_checks", "explanations", "suspect_cells", "issues")


# The year whose report the test of an increment changes.
CHANGED_YEAR = 2021
# where the number stands in a row of raw_requests
FIRST_APPLICANT = 2


class Differs(Exception):
    """What is not the same on both engines."""


class Clock:
    """Says what is done, each line with the seconds since the start."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    @property
    def seconds(self) -> int:
        return round(time.monotonic() - self.started)

    def say(self, line: str) -> None:
        typer.echo(f"{self.seconds:4} s  {line}")


def main(
    reports: Annotated[int, typer.Option(help="How many synthetic reports to build.")] = 10_000,
) -> None:
    """Build the same models on a Spark cluster, and compare every mart and quality table."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    clock = Clock()
    try:
        with tempfile.TemporaryDirectory(prefix="gouji-spark-") as folder:
            rows, cells = test(Path(folder), reports, clock)
    except (ClusterDidNotStart, DbtFailed, Differs) as error:
        typer.echo(f"make test-spark: {error}", err=True)
        typer.echo(f"make test-spark: FAILED after {clock.seconds} seconds")
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        typer.echo("make test-spark: interrupted; the cluster is stopped", err=True)
        raise typer.Exit(130) from None
    typer.echo(
        f"make test-spark: passed, {rows:,} rows and {cells:,} cells equal on DuckDB and Spark, "
        f"in {clock.seconds} seconds"
    )


def test(folder: Path, reports: int, clock: Clock) -> tuple[int, int]:
    """Build and compare both sets of reports, and give the rows and cells compared.

    Raises:
        ClusterDidNotStart: no Java, or a part of the cluster did not start.
        DbtFailed: a model or a test failed on either engine.
        Differs: the engines' tables are not the same, or the planted slip was not seen.
    """
    with ExitStack() as stack:
        (folder / "cluster").mkdir()
        cluster = stack.enter_context(running_cluster(folder / "cluster"))
        clock.say(f"{cluster.master} has {WORKERS} workers")
        stack.enter_context(environment(**cluster.settings()))
        spark = session()
        stack.callback(spark.stop)

        clock.say("The real reports, from the seeds")
        compared = both(spark, folder / "real", None, clock)
        see_planted_slip(spark, folder / "real", clock)
        compared += replace_years(spark, cluster, folder / "real", clock)

        clock.say(f"{reports:,} synthetic reports with planted faults, from a landing folder")
        generate(folder / "clean", reports=reports, seed=1)
        plant(folder / "clean", folder / "landing", seed=1, share=SHARE_OF_FAULTS)
        # dbt's tests have run above: they are the longer half of a build
        compared += both(
            spark, folder / "synthetic", folder / "landing", clock, "test", "unit_test"
        )

        both_worked(cluster)
    never = {one.table.full_name for one in compared} - {
        one.table.full_name for one in compared if one.rows
    }
    if never:
        raise Differs(f"no row was ever compared of {', '.join(sorted(never))}")
    return sum(one.rows for one in compared), sum(one.cells for one in compared)


def both(
    spark: SparkSession, folder: Path, landing: Path | None, clock: Clock, *left_out: str
) -> list[Comparison]:
    """Build one set of reports on both engines, Spark with dbt's tests or without, and compare."""
    folder.mkdir()
    run = Run(folder, landing)
    counts = run.with_both(*left_out)
    kinds = ", ".join(f"{number} {kind}s" for kind, number in sorted(counts.items()))
    clock.say(f"built with DuckDB and with Spark: {kinds}")
    compared = compare_all(spark, run)
    for one in compared:
        clock.say(f"  {one.table.full_name:32} {one.rows:>10,} rows {one.cells:>12,} cells equal")
    return compared


def compare_all(spark: SparkSession, run: Run, names: tuple[str, ...] = ()) -> list[Comparison]:
    """Compare every mart and quality table, or those named.

    Raises:
        Differs: naming each table with its differences.
    """
    compared = []
    for table in run.tables():
        if not names or table.name in names:
            written = run.leavings / "parquet" / table.name
            spark.table(table.full_name).write.mode("overwrite").parquet(str(written))
            compared.append(compare(run.database, written, table))
    wrong = [
        f"{one.table.full_name}: {difference}" for one in compared for difference in one.differences
    ]
    if wrong:
        raise Differs("Spark's tables are not DuckDB's:\n" + "\n".join(wrong))
    return compared


def see_planted_slip(spark: SparkSession, folder: Path, clock: Clock) -> None:
    """Build with a slip in the Spark branch of a macro, and see that the comparison fails.

    Raises:
        Differs: it did not fail.
    """
    copy = copy_project(folder / "planted")
    macro = copy / PLANTED_IN
    text = macro.read_text(encoding="utf-8")
    if text.count(PLANTED[0]) != 1:
        raise Differs(f"{PLANTED_IN} has changed: there is no place for the planted slip")
    macro.write_text(text.replace(*PLANTED), encoding="utf-8")
    run = Run(folder, project=copy)
    run.with_spark("run", "--select", *MODELS_WITH_LISTS)
    try:
        compare_all(spark, run, MODELS_WITH_LISTS)
    except Differs as seen:
        clock.say(f"a slip planted in {PLANTED_IN} is seen: {str(seen).splitlines()[1][:90]} ...")
    else:
        raise Differs(f"a slip planted in {PLANTED_IN} was not seen by the comparison")


def replace_years(
    spark: SparkSession, cluster: Cluster, folder: Path, clock: Clock
) -> list[Comparison]:
    """Change and correct a cell, and build an increment: only its batch's partitions are written.

    Raises:
        Differs: other partitions were written, that of the year was not, or the tables are not
            those that DuckDB makes from the start.
    """
    later = folder / "later"
    copy = copy_project(later / "project")
    change_a_cell(copy / "seeds")
    before = partitions(cluster)
    run = Run(later, project=copy)
    run.with_both("test", "unit_test")
    compared = compare_all(spark, run)
    after = partitions(cluster)
    # those of the report, of what its checks and next year's look at, and of its body's later
    # ones; of facts also those whose cells in doubt have changed
    years = spark.sql("select distinct report_year from batch.fact_batch").collect()
    may_change = tuple(f"report_year={row.report_year}" for row in years)
    written = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    wrong = sorted(name for name in written if not name.endswith(may_change))
    if wrong:
        raise Differs(f"an increment wrote partitions that it had no need to: {', '.join(wrong)}")
    kept = len(after) - len(written)
    if not kept or not any(name.endswith(f"report_year={CHANGED_YEAR}") for name in written):
        raise Differs(f"an increment wrote {len(written)} partitions and left {kept} as they were")
    clock.say(f"an increment replaced {len(written)} partitions and left {kept} as they were")
    return compared


def change_a_cell(seeds: Path) -> None:
    """Add one to a printed number of one report of the year to be changed, and correct it again."""
    rows = read_csv(seeds / "raw" / "raw_requests.csv")
    column = rows[0][FIRST_APPLICANT]
    for row in rows:
        report_id, line_code, printed = row[0], row[1], row[FIRST_APPLICANT]
        if report_id.endswith(f"-{CHANGED_YEAR}") and line_code == "granted" and printed.isdigit():
            break
    else:
        raise Differs(f"the seeds have no report of {CHANGED_YEAR} to change")
    row[FIRST_APPLICANT] = str(int(printed) + 1)
    write_csv(seeds / "raw" / "raw_requests.csv", rows)
    cell = [report_id, "requests", line_code, column, row[FIRST_APPLICANT], printed]
    corrections = read_csv(seeds / "stewardship" / "corrections.csv")
    corrections.append([*cell, "changed by a test", "a test", f"{CHANGED_YEAR + 1}-01-01", "true"])
    write_csv(seeds / "stewardship" / "corrections.csv", corrections)


def read_csv(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def write_csv(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)


def partitions(cluster: Cluster) -> dict[str, frozenset[tuple[str, int]]]:
    """Each partition by year that Spark has written: its files, and when they were."""
    return {
        str(folder.relative_to(cluster.warehouse)): frozenset(
            (file.name, file.stat().st_mtime_ns) for file in folder.glob("*.parquet")
        )
        for folder in cluster.warehouse.glob("*/*/report_year=*")
    }


def copy_project(folder: Path) -> Path:
    """Copy what dbt reads, to change something in it."""
    for part in ("macros", "models", "seeds", "tests"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / file, folder)
    return folder


def both_worked(cluster: Cluster) -> None:
    """See that the work was done on both workers, not in this process.

    Raises:
        Differs: a worker started no executor.
    """
    logs = {name: cluster.folder / f"{name}.log" for name in cluster.workers}
    launched = "Asked to launch executor"
    idle = [name for name, log in logs.items() if launched not in log.read_text(encoding="utf-8")]
    if idle:
        raise Differs(f"{' and '.join(idle)} had nothing to do: the tables were made elsewhere")


if __name__ == "__main__":
    typer.run(main)
