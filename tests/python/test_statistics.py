"""Reports of 2008 to 2018: their annexes land cell by cell, and identities find the breaks."""

import csv
import os
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from gouji.landing.land import LANDED, REFUSED, UNCHANGED, land_documents
from gouji.landing.read import read_document
from gouji.landing.read_report import Options
from gouji.landing.statistics import StatisticsReading, read_statistics
from gouji.landing.statistics.words import StatisticWords, label_key, load_words
from gouji.landing.store import RawTables

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
CORPUS = Path(os.environ.get("GOUJI_CORPUS", ROOT.parent / "shared" / "corpus")) / "old"
PROSE_ONLY = {"liangzhou-zhangyi-2009.txt", "wujin-hutang-2018.txt"}
POLICE = "pingtan-gongan-2009.txt"
# The report that each document is; 公安局 alone names no body.
REPORTS = {
    "pingtan-gongan-2009": "350128-gongan-2009",
    "pingtan-xian-2011": "350128-zhengfu-2011",
    "pingtan-xian-2012": "350128-zhengfu-2012",
    "pingtan-xian-2013": "350128-zhengfu-2013",
    "pingtan-2014": "350128-guanweihui-2014",
    "pingtan-2015": "350128-guanweihui-2015",
    "pingtan-2016": "350128-guanweihui-2016",
}
Cells = list[tuple[str, str, str, str]]


@pytest.fixture(scope="module")
def words() -> StatisticWords:
    return load_words(REFERENCE)


@pytest.fixture(scope="module")
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip(f"no published documents in {CORPUS}: their figures cannot be compared")
    return CORPUS


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(corpus: Path) -> dict[str, Cells]:
    """The figures read by hand: report -> label, column, unit, printed, in order."""
    found: dict[str, Cells] = defaultdict(list)
    for row in rows(corpus / "figures.csv"):
        column = "cumulative" if row["column"] == "历年累计" else "year"
        found[row["report_id"]].append((row["label"], column, row["unit"], row["printed"]))
    return found


def landed(folder: Path) -> dict[str, Cells]:
    """The cells of `raw_statistics.csv`, as `figures` has them."""
    found: dict[str, Cells] = defaultdict(list)
    for row in rows(folder / "raw_statistics.csv"):
        cell = (row["label"], row["column_code"], row["unit"], row["printed"])
        found[row["report_id"]].append(cell)
    return found


def land(paths: list[Path], folder: Path, agency: str = "") -> dict[str, tuple[str, str]]:
    """Land documents; what became of each, with the reason."""
    options = Options(REFERENCE, agency)
    results = land_documents(paths, RawTables(folder), options, workers=1)
    return {Path(one.document).name: (one.status, one.reason) for one in results}


def test_documents_land_with_every_cell_or_are_refused(corpus: Path, tmp_path: Path) -> None:
    documents = sorted(corpus.glob("*.txt"))
    done = land(documents, tmp_path)
    refused = {name for name, (status, _) in done.items() if status == REFUSED}
    assert refused == PROSE_ONLY | {POLICE}
    assert all("no annex of figures" in done[name][1] for name in PROSE_ONLY)
    assert "--agency" in done[POLICE][1]
    assert land([corpus / POLICE], tmp_path, "350128-gongan")[POLICE][0] == LANDED
    page = corpus / "pingtan-xian-2013.html"
    assert land([page], tmp_path)[page.name][0] == UNCHANGED  # the same figures, not run together
    truth = {REPORTS[name]: cells for name, cells in figures(corpus).items()}
    assert landed(tmp_path) == truth
    assert truth == landed(ROOT / "seeds" / "raw")


def test_a_page_with_its_table_lands_alone(corpus: Path, tmp_path: Path) -> None:
    page = corpus / "pingtan-xian-2013.html"
    assert land([page], tmp_path)[page.name][0] == LANDED
    assert landed(tmp_path)["350128-zhengfu-2013"] == figures(corpus)["pingtan-xian-2013"]


def test_what_only_the_year_before_tells_waits_for_it(corpus: Path, tmp_path: Path) -> None:
    """条20263542 alone can be 2026 and 3542, or 202 and 63542."""
    alone = tmp_path / "raw"
    alone.mkdir()
    assert land([corpus / "pingtan-xian-2012.txt"], alone)["pingtan-xian-2012.txt"][0] == LANDED
    unread = [cell for cell in landed(alone)["350128-zhengfu-2012"] if cell[3] == "?"]
    assert [cell[0] for cell in unread[::2]] == ["主动公开信息数", "其中：1.网站公开"]
    truth = figures(corpus)["pingtan-xian-2012"]
    read = [c for c in landed(alone)["350128-zhengfu-2012"] if c[3] != "?"]
    assert set(read) <= set(truth)
    both = [corpus / "pingtan-xian-2011.txt", corpus / "pingtan-xian-2012.txt"]
    land(both, alone)
    assert landed(alone)["350128-zhengfu-2012"] == truth
    assert len(rows(alone / "raw_reports.csv")) == 2


def test_the_breaks_are_found_and_no_others(warehouse: Path) -> None:
    """Those of `breaks.tsv` that stand between cells of annexes; the others are of the prose."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        broken = connection.execute(
            "select report_id, identity_id, slice, lhs::int, rhs::int"
            " from quality.fct_statistic_checks where status = 'broken'"
        ).fetchall()
    assert set(broken) == {
        ("350128-zhengfu-2012", "statistics.items", "year", 2026, 1795),
        ("350128-zhengfu-2012", "statistics.items", "cumulative", 3542, 3311),
        ("350128-zhengfu-2013", "statistics.items", "year", 1853, 1713),
        ("350128-zhengfu-2013", "statistics.items", "cumulative", 5395, 5024),
        ("350128-zhengfu-2013", "statistics.open", "year", 7, 3),
        *(
            ("350128-guanweihui-2016", "statistics.cumulative", indicator, 0, 1)
            for indicator in (
                "requests_received",
                "requests_letter_or_fax",
                "requests_answered",
                "answered_granted",
            )
        ),
    }
    assert len(broken) == 9


def test_old_reports_are_in_no_table_of_the_form(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_columns()"
            " where column_name = 'report_year' and schema_name in ('marts', 'quality')"
            " and table_name not like '%statistic%'"
        ).fetchall()
        assert len(tables) > 10
        for (table,) in tables:
            assert connection.execute(
                f"select count(*) from {table} where report_year < 2019"
            ).fetchall() == [(0,)], table
        assert connection.execute("select count(*) from marts.fct_statistics").fetchall() == [
            (215,)
        ]


def test_the_site_draws_the_break(warehouse: Path) -> None:
    page = warehouse.parent / "site" / "agencies" / "350128-guanweihui.html"
    text = page.read_text(encoding="utf-8")
    before, _, after = text.partition('id="statistics"')
    assert "78,967" not in before
    assert "78,967" in after
    assert 'class="break"' in after
    other = (page.parent / "640300-keji.html").read_text(encoding="utf-8")
    assert 'id="statistics"' not in other


# -- shapes of the annex that no document here has


def read(text: str, words: StatisticWords, suffix: str = ".txt") -> StatisticsReading:
    found = read_statistics(read_document(text.encode(), suffix), words)
    assert found is not None
    return found


def cells(reading: StatisticsReading) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for _, _, indicator, column, _, printed in reading.raw_rows():
        found.setdefault(indicator, {})[column] = printed
    return found


def table(*lines: str) -> str:
    made = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split("|")) + "</tr>" for line in lines
    )
    return f"<html><body><p>某局2014年信息公开年度报告</p><table>{made}</table></body></html>"


def test_a_label_means_what_its_whole_says(words: StatisticWords) -> None:
    """The national annex has 被依法纠错数 twice and no cumulative column."""
    found = read(
        table(
            "统计指标|单位|统计数",
            "一、主动公开情况||",
            "（一）主动公开政府信息数 （不同渠道和方式公开相同信息计1条）|条|120",
            "（二）通过不同渠道和方式公开政府信息的情况||",
            "1.政府公报公开政府信息数|条|100",
            "2.政府网站公开政府信息数|条|120",
            "三、依申请公开情况||",
            "（一）收到申请数|件|3",
            "1.当面申请数|件|1",
            "3.网络申请数|件|2",
            "四、行政复议数量|件|5",
            "（二）被依法纠错数|件|2",
            "五、行政诉讼数量|件|7",
            "（二）被依法纠错数|件|4",
            "（四）政府信息公开专项经费（不包括用于政府公报编辑管理等方面的经费）|万元|1.5",
            "机构领导|条|9",
        ),
        words,
        ".html",
    )
    got = {indicator: figures["year"] for indicator, figures in cells(found).items()}
    assert got["items_counted_once"] == "120"
    assert got["channel_website"] == "120"
    assert got["requests_online"] == "2"
    assert got["reviews_corrected"] == "2"
    assert got["lawsuits_corrected"] == "4"
    assert got["budget"] == "1.5"
    assert got[""] == "9"  # landed under its label alone, and said
    assert any("机构领导" in note for note in found.notes)
    assert words.form_of(found.indicators, 2014) == "national-2014"


def test_a_code_that_is_not_that_of_the_words_is_doubtful(words: StatisticWords) -> None:
    found = read(
        table(
            "指标名称|计量单位|代码|本期实际|本年累计",
            "主动公开信息数|条|01|5|9",
            "其中：全文电子化的|条|02|5|9",
            "行政复议数|件|32|1|1",
            "行政诉讼数|件|34|2|2",
        ),
        words,
        ".html",
    )
    assert found.columns == ("period", "year")
    assert words.form_of(found.indicators, 2008) == "gansu-2008"
    found.check_codes(words.codes_of("gansu-2008"))
    assert cells(found)["items_full_text"] == {"period": "5", "year": "9"}
    assert cells(found)["reviews"] == {"period": "1", "year": "1"}
    assert cells(found)["lawsuits"] == {"period": "?", "year": "?"}


HEAD = "指标名称计量单位2014年度历年累计"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        # a year is no more than all years, and no number begins with 0
        ("受理依申请公开信息总数条346", ("3", "46")),
        ("受理依申请公开信息总数条3446", ("?", "?")),
        ("受理依申请公开信息总数条1020", ("10", "20")),
        ("受理依申请公开信息总数条 3 446", ("3", "446")),
        ("受理依申请公开信息总数条3", ("?", "?")),
        ("受理依申请公开信息总数条 3 4 46", ("?", "?")),
        # the channels make the sum in one way
        ("受理依申请公开信息总数条3446其中：1、当面申请数条1212、网上申请数条2425", ("3", "446")),
    ],
)
def test_a_run_is_parted_only_one_way(
    text: str, due: tuple[str, str], words: StatisticWords
) -> None:
    rest = "对申请的答复总数条00行政复议数件00行政诉讼数件00"
    found = cells(read(f"某局2014年度报告。\n{HEAD}{text}{rest}", words))["requests_received"]
    assert (found["year"], found["cumulative"]) == due


def test_a_row_without_a_number_is_not_read_into_the_next(words: StatisticWords) -> None:
    text = "主动公开文件数条 / / 受理依申请公开信息总数条00对申请的答复总数条11行政复议数件00"
    found = cells(read(f"{HEAD}{text}", words))
    assert found["documents_published"] == {"year": "?", "cumulative": "?"}
    assert found["requests_answered"] == {"year": "1", "cumulative": "1"}


def test_the_number_of_a_page_between_rows_is_no_end(words: StatisticWords) -> None:
    text = (
        "主动公开文件数 条 5 9\n受理依申请公开信息总数 条 0 0\n- 12 -\n"
        "行政复议数 件 0 1\n附件下载 3 次"
    )
    found = read(f"指标名称 计量单位 2014年度 历年累计\n{text}", words)
    assert [row.label for row in found.rows][-1] == "行政复议数"
    assert cells(found)["reviews"] == {"year": "0", "cumulative": "1"}


def test_digits_without_end_are_no_figures(words: StatisticWords) -> None:
    text = f"主动公开文件数条{'1' * 9000}行政复议数件00行政诉讼数件00"
    found = cells(read(f"{HEAD}{text}", words))
    assert found["documents_published"] == {"year": "?", "cumulative": "?"}


def test_after_2018_an_annex_is_no_report(words: StatisticWords, tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    lines = ("主动公开信息数|条|5", "行政复议数|件|0", "行政诉讼数|件|0")
    text = table("指标名称|单位|数量", *lines).replace("2014", "2021")
    page.write_text(text.replace("某局", "吴忠市科学技术局"), encoding="utf-8")
    ((status, reason),) = land([page], tmp_path / "raw").values()
    assert status == REFUSED
    assert "as before 2019" in reason


def test_the_seeds_say_one_thing(words: StatisticWords) -> None:
    """Labels are read one way, and bridge, lines and identities name what there is."""
    labels = rows(REFERENCE / "statistic_labels.csv")
    for row in labels:
        key = (label_key(row["label"]), row["within_indicator_code"])
        assert words.labels[key] == row["indicator_code"], row
        parent = words.parents[row["indicator_code"]]
        assert row["within_indicator_code"] in (parent, ""), row
    bridge = {row["indicator_code"]: row for row in rows(REFERENCE / "statistic_bridge.csv")}
    for code in ("answered_rejected", "lawsuits", "reviews"):
        assert bridge[code]["comparison"] == "not_comparable"
