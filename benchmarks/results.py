"""The page of results: targets and what was measured, everything as ratios within one run."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.growth import BYTES_IN_A_GIB, measured
from benchmarks.room import memory_of_machine
from gouji.memory import memory

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "pandas", "pyarrow")
Row = tuple[str, str, str, str]
# Where the time of a build is all dbt's start, a ratio says nothing of the warehouse.
MEANT_FROM = 100_000


def write(folder: Path, reports: int, page: Path, picture: Path) -> None:
    """Write the page for one size, out of the figures that its steps kept.

    Args:
        folder: holds a folder with the figures of each size.
        reports: the size that the page is about.
        page: the file to write.
        picture: the picture of growth, shown where it is there.
    """
    sizes = measured(folder)
    figures = sizes[reports]
    sections = [
        _head(reports, figures),
        _targets(figures, sizes),
        _build(figures, sizes),
        _queries(figures),
        _audit(figures),
        _faults(figures),
        _landing(figures),
        _growth(sizes, page.parent, picture),
    ]
    page.write_text("\n\n".join(filter(None, sections)) + "\n", encoding="utf-8")


def _head(reports: int, figures: dict[str, Any]) -> str:
    data = figures["data"]
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"""# Benchmark: {reports:,} reports

Written by `make bench N={reports}`; how to read it stands in [README.md](README.md). Ratios are of
one run on one machine; seconds are context. In brackets stands the ratio by processor time, which
other programs on the machine disturb less.

| | |
| --- | --- |
| machine | {_machine()} |
| memory limit of DuckDB | {memory()} (`GOUJI_MEMORY`) |
| versions | Python {platform.python_version()}, {packages} |
| reports | {data["reports"]:,}, and {data["night"]:,} more that arrive in one night |
| bodies | {data["bodies"]:,} |
| rows of table 三 | {data["rows_of_table_three"]:,} |
| cells of the three tables | {data["cells"]:,} |
| measured on | {data["measured_on"]} |
| planted faults | {data["faults"]:,} |
| Parquet files | {data["megabytes"]:,} MB |"""


def _machine() -> str:
    amount = f"{memory_of_machine() / BYTES_IN_A_GIB:.0f} GiB memory"
    return f"{os.cpu_count()} cores, {amount}, {platform.system()} on {platform.machine()}"


def _targets(figures: dict[str, Any], sizes: dict[int, dict[str, Any]]) -> str:
    rows = [
        *_build_targets(figures, sizes),
        *_night_targets(figures),
        *_audit_targets(figures),
        *_query_targets(figures),
        *_growth_targets(sizes),
    ]
    lines = [f"| {what} | {target} | {got} | {met} |" for what, target, got, met in rows]
    note = (
        ""
        if figures["data"]["reports"] >= MEANT_FROM
        else f"\n\nThe targets are meant for 1,000,000 reports; below {MEANT_FROM:,} the start of"
        " dbt and of Great Expectations is most of what is measured."
    )
    return (
        "\n".join(
            [
                "## Targets",
                "",
                "| what | target | measured | met |",
                "| --- | --- | --- | --- |",
                *lines,
            ]
        )
        + note
    )


def _by_both(over: dict[str, Any], under: dict[str, Any], digits: int = 2) -> tuple[float, str]:
    """The ratio of two steps, and its text with the ratio by processor time beside it."""
    ratio = over["seconds"] / under["seconds"]
    return ratio, f"{ratio:.{digits}f} ({over['processor'] / under['processor']:.{digits}f})"


def _verdict(is_met: bool) -> str:
    return "yes" if is_met else "**no**"


def _build_targets(figures: dict[str, Any], sizes: dict[int, dict[str, Any]]) -> list[Row]:
    rows: list[Row] = []
    build, by_hand = figures.get("build"), figures.get("hand_written")
    if build and by_hand:
        ratio, text = _by_both(build, by_hand)
        rows.append(
            (
                "full build with dbt's tests : hand-written script",
                "at most 1.5",
                text,
                _verdict(ratio <= 1.5),
            )
        )
    if size := _largest_of_pandas(figures, sizes):
        ratio, text = _by_both(sizes[size]["pandas"], sizes[size]["build"])
        is_all = size == figures["data"]["reports"]
        rows.append(
            (
                f"pandas : full build, at {size:,} reports"
                + ("" if is_all else ", the most that pandas was given"),
                "at least 1.5",
                text,
                _verdict(ratio >= 1.5),
            )
        )
    if build:
        peak = max(figures[step]["peak"] for step in ("build", "night", "audit") if step in figures)
        rows.append(
            (
                "peak memory of build, night and audit",
                "under 8 GiB",
                f"{peak / BYTES_IN_A_GIB:.1f} GiB",
                _verdict(peak < 8 * BYTES_IN_A_GIB),
            )
        )
    return rows


def _largest_of_pandas(figures: dict[str, Any], sizes: dict[int, dict[str, Any]]) -> int | None:
    """The largest size, up to that of the page, at which both pandas and dbt were measured."""
    both = [
        size
        for size, of in sizes.items()
        if "seconds" in of.get("pandas", {})
        and "build" in of
        and size <= figures["data"]["reports"]
    ]
    return max(both, default=None)


def _night_targets(figures: dict[str, Any]) -> list[Row]:
    if "night" not in figures or "build" not in figures:
        return []
    ratio, text = _by_both(figures["night"], figures["build"], digits=3)
    what = "one night's reports, 1 in 100 : full build"
    return [(what, "at most 0.15", text, _verdict(ratio <= 0.15))]


def _audit_targets(figures: dict[str, Any]) -> list[Row]:
    if "audit" not in figures:
        return []
    found = figures["audit"]
    ratio = found["audit"] / found["plain"]
    text = f"{ratio:.2f} ({found['audit_processor'] / found['plain_processor']:.2f})"
    what = "audit : the same checks as plain SQL"
    return [(what, "at most 2", text, _verdict(ratio <= 2))]


def _query_targets(figures: dict[str, Any]) -> list[Row]:
    if "queries" not in figures:
        return []
    asked = figures["queries"]["asked"]
    least = min(row["raw"] / row["marts"] for row in asked)
    longest = max(row["marts"] for row in asked)
    return [
        (
            "each of ten questions, raw Parquet : marts",
            "at least 5",
            f"{least:.1f} the least",
            _verdict(least >= 5),
        ),
        (
            "each of ten questions over the marts, median",
            "under 200 ms",
            f"{longest * 1000:.0f} ms the longest",
            _verdict(longest < 0.2),
        ),
    ]


def _growth_targets(sizes: dict[int, dict[str, Any]]) -> list[Row]:
    built = [size for size, of in sizes.items() if size >= 10_000 and "build" in of]
    if len(built) < 2:
        return []
    first, last = built[0], built[-1]
    times = sizes[last]["build"]["seconds"] / sizes[first]["build"]["seconds"]
    return [
        (
            f"time of the build from {first:,} to {last:,} reports",
            f"at most × {last / first:.0f}",
            f"× {times:.1f}",
            _verdict(times <= last / first),
        )
    ]


def _build(figures: dict[str, Any], sizes: dict[int, dict[str, Any]]) -> str:
    names = {
        "build": "dbt build, data tests included",
        "hand_written": "hand-written DuckDB script",
        "pandas": "pandas: the three facts and the verdicts",
        "night": "dbt build after one night's reports",
    }
    lines = [
        f"| {name} | {figures[step]['seconds']:.1f} | {figures[step]['processor']:.1f}"
        f" | {figures[step]['runs']}"
        f" | {figures[step]['peak'] / BYTES_IN_A_GIB:.2f} | {_size(figures[step])} |"
        for step, name in names.items()
        if "seconds" in figures.get(step, {})
    ]
    if not lines:
        return ""
    notes = [
        _equality(what, figures[step])
        for step, what in (
            ("equality", "Equal, dbt and the hand-written script"),
            ("night_equality", "Equal after the night, dbt and the hand-written script"),
        )
        if step in figures
    ]
    if size := _largest_of_pandas(figures, sizes):
        equal = sizes[size].get("pandas_equality")
        of_pandas = f"Equal at {size:,} reports, dbt and pandas, without the cells in doubt"
        notes += [_equality(of_pandas, equal)] if equal else []
    if beside := [size for size, of in sizes.items() if "facts_by_hand" in of]:
        size = max(beside)
        by_hand = sizes[size]["facts_by_hand"]
        notes.append(
            f"The hand-written script up to the last of the four tables of pandas, the small tables"
            f" on its way included, took {by_hand['seconds']:.1f} s at {size:,} reports:"
            f" pandas : this part {_by_both(sizes[size]['pandas'], by_hand)[1]}."
        )
    if why := figures.get("pandas", {}).get("why"):
        notes.append(f"Why pandas was not measured at {figures['data']['reports']:,}: {why}.")
    if rows := figures.get("rows"):
        notes.append(
            "Rows: " + ", ".join(f"{table} {number:,}" for table, number in rows.items()) + "."
        )
    return "\n".join(
        [
            "## Building",
            "",
            "| | seconds (median) | of processor | runs | peak memory, GiB | written, MB |",
            "| --- | --- | --- | --- | --- | --- |",
            *lines,
            "",
            "\n\n".join(notes),
        ]
    )


def _equality(what: str, equal: dict[str, Any]) -> str:
    by_hash = ", ".join(equal["by_hash"])
    return (
        f"{what}: {equal['tables']} tables, {equal['rows']:,} rows, by `EXCEPT ALL` both ways"
        + (f", and by sums of row hashes {by_hash}." if by_hash else ".")
    )


def _size(figures: dict[str, Any]) -> str:
    return f"{figures['bytes'] / 1e6:,.0f}" if "bytes" in figures else ""


def _queries(figures: dict[str, Any]) -> str:
    if "queries" not in figures:
        return ""
    lines = [
        f"| {row['question']} | {row['marts'] * 1000:.0f} | {row['raw'] * 1000:,.0f}"
        f" | {row['raw'] / row['marts']:.0f} |"
        for row in figures["queries"]["asked"]
    ]
    return "\n".join(
        [
            "## Ten questions",
            "",
            f"Medians of {figures['queries']['runs']} runs; both ways give the same answers.",
            "",
            "| question | marts, ms | raw Parquet, ms | ratio |",
            "| --- | --- | --- | --- |",
            *lines,
        ]
    )


def _audit(figures: dict[str, Any]) -> str:
    if "audit" not in figures:
        return ""
    found = figures["audit"]
    return (
        "## Audit\n\n"
        f"{found['rules']} rules and identities, {found['failing']:,} failing rows, counted alike:"
        f" {found['audit']:.1f} s through Great Expectations, {found['plain']:.1f} s as plain SQL"
        f" (medians of {found['runs']} runs, import aside)."
    )


def _faults(figures: dict[str, Any]) -> str:
    if "faults" not in figures:
        return ""
    found = figures["faults"]
    identities = [
        f"| {row['identity_id']} | {row['expected']:,} | {row['found']:,}"
        f" | {_share(row['recall'])} | {_share(row['precision'])} |"
        for row in found["identities"]
    ]
    kinds = [
        f"| {row['kind'].replace('_', ' ')} | {row['planted']:,} | {row['visible']:,}"
        f" | {_share(row['recall'])} | {_share(row['precision'])} | {row['first']:,}"
        f" | {row['among_equals']:,} | {row['lower']:,} | {row['not_offered']:,}"
        f" | {row['sole_first']:,} of {row['sole']:,} |"
        for row in [*found["kinds"], found["total"]]
    ]
    return "\n".join(
        [
            "## Planted faults",
            "",
            (
                "A fault is visible where some check should break; recall is the share of those"
                " all of whose checks do. `suspect_cells` offers the planted cells, each with the"
                " number that it had, first, among equals, lower, or not at all; last, how often"
                " they come first where no other cell could explain the break."
            ),
            "",
            (
                "| kind | planted | visible | recall | precision | first | among equals | lower"
                " | not offered | first where sole |"
            ),
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *kinds,
            "",
            "| identity | should break | broken | recall | precision |",
            "| --- | --- | --- | --- | --- |",
            *identities,
        ]
    )


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _landing(figures: dict[str, Any]) -> str:
    if "landing" not in figures:
        return ""
    found = figures["landing"]
    return (
        "## Landing\n\n"
        f"{found['pages']:,} HTML pages, {found['refused']} of them refused:"
        f" {found['landed_a_second']} a second landed (identity,"
        f" prose, provenance and raw tables included, {found['processes']} processes), beside"
        f" {found['pandas_a_second']} a second whose tables alone `pandas.read_html` reads in one"
        f" process: ratio {found['ratio']}, by processor time {found['ratio_by_processor_time']}."
    )


def _growth(sizes: dict[int, dict[str, Any]], folder: Path, picture: Path) -> str:
    if len(sizes) < 2:
        return ""
    lines = [
        f"| {size:,} | {of['data']['measured_on']} | "
        + " | ".join(_of(of, step) for step in ("build", "hand_written", "pandas"))
        + " |"
        for size, of in sizes.items()
    ]
    shown = (
        [f"![Time and memory over the number of reports]({picture.name})", ""]
        if picture.exists() and picture.parent == folder
        else []
    )
    return "\n".join(
        [
            "## Growth",
            "",
            *shown,
            "Seconds and peak memory in GiB.",
            "",
            "| reports | measured on | dbt build with tests | hand-written script | pandas |",
            "| --- | --- | --- | --- | --- |",
            *lines,
        ]
    )


def _of(figures: dict[str, Any], step: str) -> str:
    found = figures.get(step, {})
    if "seconds" not in found:
        return "–"
    return f"{found['seconds']:.1f} s, {found['peak'] / BYTES_IN_A_GIB:.2f}"
