"""How many pages a second are landed, beside reading their tables with pandas alone.

Both read the same files, written here from the seeds' reports in the styles of real pages; pandas
in one process, as it does, landing in one for each core, as `gouji land` does, identity, prose,
provenance and raw tables included.

    python benchmarks/landing.py [PAGES]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "seeds" / "reference"
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "python")]

from gouji.landing.agencies import Registry  # noqa: E402
from gouji.landing.land import land_documents  # noqa: E402
from gouji.landing.processes import default_workers  # noqa: E402
from gouji.landing.read_report import Options  # noqa: E402
from gouji.landing.store import RawTables  # noqa: E402
from gouji.landing.vocabulary import load_form  # noqa: E402
from landing_documents import STYLES, read_truths, write  # noqa: E402

PANDAS_SHARE = 5  # pandas reads every fifth page: its rate is the same for all


def write_pages(folder: Path, count: int) -> list[Path]:
    """Pages of the seeds' reports, each for another agency's year."""
    form = load_form(REFERENCE)
    truths = list(read_truths(ROOT / "seeds" / "raw").values())
    agencies = sorted(row["agency_name"] for row in Registry(REFERENCE).agencies.values())
    paths: list[Path] = []
    for number in range(count):
        truth = truths[number % len(truths)]
        agency, year = agencies[number // 7 % len(agencies)], 2019 + number % 7
        truth.title = f"{agency}{year}年政府信息公开工作年度报告"
        page = write(truth, form, "html", STYLES[number % len(STYLES)], number)
        path = folder / f"{number:06}.html"
        path.write_bytes(page + f"<!-- {number} -->".encode())
        paths.append(path)
    return paths


def measure(count: int) -> dict[str, float]:
    """Pages a second of both and their ratio; also as their processor time has it.

    On a machine that does nothing else the two ratios agree; on a busy one the processor time is
    the fairer, as pandas asks for one core and landing for all.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = folder / "pages"
        pages.mkdir()
        paths = write_pages(pages, count)
        started, used = time.perf_counter(), _processor_time()
        tables = RawTables(folder / "landed", parquet=True)
        results = land_documents(paths, tables, Options(REFERENCE))
        ours = (time.perf_counter() - started) / count
        ours_used = (_processor_time() - used) / count
        share = paths[::PANDAS_SHARE]
        started, used = time.perf_counter(), _processor_time()
        for path in share:
            is_utf8 = b"utf-8" in path.read_bytes()[:300]
            pd.read_html(path, encoding="utf-8" if is_utf8 else "gb18030")
        theirs = (time.perf_counter() - started) / len(share)
        theirs_used = (_processor_time() - used) / len(share)
    return {
        "pages": count,
        "refused": sum(result.status == "refused" for result in results),
        "processes": default_workers(),
        "landed_a_second": round(1 / ours, 1),
        "pandas_a_second": round(1 / theirs, 1),
        "ratio": round(theirs / ours, 2),
        "ratio_by_processor_time": round(theirs_used / (ours_used / default_workers()), 2),
    }


def _processor_time() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    sys.stdout.write(json.dumps(measure(asked)) + "\n")
