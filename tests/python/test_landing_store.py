"""Landing twice changes nothing; another document becomes a revision; order does not matter."""

import csv
import itertools
import json
import shutil
import sys
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from benchmarks.with_pandas.source import Source
from gouji.landing import land as landing
from gouji.landing import read_report
from gouji.landing.act import JOURNAL, WAITING, one_act
from gouji.landing.agencies import Registry, UnknownAgency
from gouji.landing.grid import Refused
from gouji.landing.identity import identify
from gouji.landing.land import LANDED, REFUSED, REVISED, UNCHANGED, Result, land_documents
from gouji.landing.provenance import marks, places
from gouji.landing.read import read_document
from gouji.landing.read_report import Options, Read
from gouji.landing.store import RawTables, Report
from gouji.landing.vocabulary import Form, load_form
from gouji.raw_tables import OPTIONAL_TABLES, RAW_TABLES
from landing_documents import Truth, made_up, write

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"
KEJI = "吴忠市科学技术局"


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(REFERENCE)


def report(form: Form, seed: int, title: str, published: str = "") -> bytes:
    truth: Truth = made_up(form, seed)
    truth.title = title
    page = write(truth, form, "html", "clean").decode()
    if published:
        page = page.replace("<title>", f'<meta name="PubDate" content="{published}"><title>')
    return page.encode()


def land(raw: Path, *documents: Path, parquet: bool = False, **options: object) -> list[Result]:
    return land_documents(
        list(documents),
        RawTables(raw, parquet=parquet),
        Options(REFERENCE, **options),  # type: ignore[arg-type]
        workers=1,
        proposals=raw.parent / "proposed_agencies.csv",
        evidence=raw.parent / "evidence",
    )


def read_here(
    paths: Sequence[Path],
    options: Options,
    known: frozenset[str],
    *,
    workers: int,
    on_done: Callable[[Read], None],
) -> None:
    """Read documents in this process, in place of `landing.read_all`."""
    assert (read_report.Tools.options, workers) == (options, 1)
    read_report.Tools.known = known
    for path in paths:
        on_done(read_report.read_one(str(path)))


def content(raw: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in raw.iterdir() if path.is_file()}


def files(raw: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}


def content_of(raw: Path) -> dict[str, bytes]:
    return {str(path.relative_to(raw)): data for path, data in files(raw).items()}


def test_seeds_are_written_back_as_they_are(tmp_path: Path) -> None:
    tables = RawTables(ROOT / "seeds" / "raw")
    tables.folder = tmp_path
    with one_act(tmp_path) as act:
        tables.put(act)
    for path in (ROOT / "seeds" / "raw").glob("*.csv"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("parquet", [False, True])
def test_twice_is_once(form: Form, tmp_path: Path, parquet: bool) -> None:
    raw = tmp_path / "raw"
    path = tmp_path / "report.html"
    path.write_bytes(report(form, 1, f"{KEJI}2023年政府信息公开工作年度报告"))
    (result,) = land(raw, path, parquet=parquet)
    assert (result.status, result.report_id) == (LANDED, "640300-keji-2023")
    before = files(raw)
    (again,) = land(raw, path, parquet=parquet)
    assert (again.status, again.report_id) == (UNCHANGED, "640300-keji-2023")
    assert files(raw) == before
    copy = tmp_path / "copy.html"
    shutil.copy(path, copy)
    (copied,) = land(raw, copy, parquet=parquet)
    assert copied.status == UNCHANGED


def test_another_document_is_a_revision(form: Form, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    title = f"{KEJI}2023年政府信息公开工作年度报告"
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    pages = sorted(
        (report(form, seed, title) for seed in (1, 2)), key=lambda page: sha256(page).hexdigest()
    )
    for path, page in zip((first, second), pages, strict=True):
        path.write_bytes(page)
    land(raw, first)
    before = RawTables(raw).reports["640300-keji-2023"]
    (result,) = land(raw, second)
    assert (result.status, result.report_id) == (REVISED, "640300-keji-2023-r2")
    after = RawTables(raw).reports
    assert after["640300-keji-2023"] == before
    assert after["640300-keji-2023-r2"].row["revision"] == "2"


TITLE = f"{KEJI}2023年政府信息公开工作年度报告"


def facts(raw: Path) -> tuple[set[str], str]:
    """What is known of a report without its ids: its editions, and the figures of the current."""
    editions = {
        str((report.row["layout"], report.rows)): (
            report.row["published_on"],
            report.row["revision"],
        )
        for report in RawTables(raw).reports.values()
    }
    dates = {f"{figures} {published}" for figures, (published, _) in editions.items()}
    return dates, max(editions, key=lambda figures: editions[figures])


@pytest.mark.parametrize(
    "dates",
    [
        ("2024-03-05", "2024-01-10", ""),
        ("2024-01-10 17:30", "2024-01-10 09:00", "2024-01-10"),
        ("2024-01-10", "", "2024-02-10"),
    ],
)
def test_order_changes_ids_but_no_facts(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dates: tuple[str, ...]
) -> None:
    """Three editions, and copies of the first two that are dated later, or not at all."""
    # Of 168 landings most is to begin processes and to learn of all regions, which do not change.
    monkeypatch.setattr(landing, "read_all", read_here)
    monkeypatch.setattr(read_report, "Registry", cache(Registry))
    documents = []
    copies = ((0, ""), (1, "2024-06-01"), (0, "2024-07-01"))
    for number, (seed, date) in enumerate((*enumerate(dates), *copies)):
        path = tmp_path / f"{number}.html"
        path.write_bytes(report(form, seed, TITLE, date) + f"<!-- visit {number} -->".encode())
        documents.append(path)
    outcomes = []
    for number, order in enumerate([*itertools.permutations(documents)][::90]):
        raw, together = tmp_path / f"raw{number}", tmp_path / f"together{number}"
        for path in order:
            land(raw, path)
        land(together, *order)
        outcomes += [facts(raw), facts(together)]
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert len(outcomes[0][0]) == 3


def test_the_same_figures_are_no_edition(form: Form, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    pages = [report(form, 1, TITLE, "2024-01-20"), report(form, 2, TITLE, "2024-02-20")]
    for number, page in enumerate([*pages, pages[0] + b"<!-- 17 visits -->"]):
        (tmp_path / f"{number}.html").write_bytes(page)
    first, second, crawl = (land(raw, tmp_path / f"{number}.html")[0] for number in range(3))
    assert (first.status, second.status, crawl.status) == (LANDED, REVISED, UNCHANGED)
    assert crawl.report_id == first.report_id
    before = content(raw)
    (again,) = land(raw, tmp_path / "2.html")
    assert again.status == UNCHANGED
    assert content(raw) == before


# Of each edition when it was published, and whether it was read from a scan; which is current.
EDITIONS = [
    ((("", False), ("2024-03-05", True)), 0),
    ((("2024-03-05", True), ("", False)), 1),
    ((("2024-01-20", False), ("2024-01-20", True)), 0),
    ((("2024-01-20", False), ("2024-03-05", True)), 1),
    ((("2024-01-20", True), ("", True)), 0),
    ((("", False), ("", False)), 1),
]


@pytest.mark.parametrize(("editions", "current"), EDITIONS)
def test_a_scan_gives_way_to_a_text(
    tmp_path: Path, editions: tuple[tuple[str, bool], ...], current: int
) -> None:
    """Landing and the tables made with pandas know the current edition as the warehouse does."""
    tables, scans = RawTables(tmp_path / "raw"), set()
    reports = []
    for number, (published, is_scan) in enumerate(editions):
        row = dict.fromkeys(RAW_TABLES["raw_reports"], "")
        row |= {"agency_id": "640300-keji", "report_year": "2023", "published_on": published}
        reports.append(tables.add(Report(row, {"raw_requests": [(str(number),)]})))
        if is_scan:
            scans.add(reports[-1].report_id)
    ids = [report.report_id for report in reports]
    assert tables.current_edition(reports[0], scans).report_id == ids[current]

    seeds = tmp_path / "seeds"
    (seeds / "stewardship").mkdir(parents=True)
    (seeds / "reference").symlink_to(REFERENCE)
    evidence = "".join(f"{report_id},ocr\n" for report_id in sorted(scans))
    (seeds / "stewardship" / "report_evidence.csv").write_text(f"report_id,evidence\n{evidence}")
    landed = pd.DataFrame([report.row for report in reports]).replace("", None)
    landed.to_parquet(tmp_path / "raw_reports.parquet")
    found = Source(tmp_path, seeds).current_editions()
    assert found.to_dict() == dict.fromkeys(ids, ids[current])


@pytest.mark.parametrize("evidence", ["native", "ocr"])
def test_the_edition_that_stays_is_named(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence: str
) -> None:
    """An undated text gives way to a dated one, and takes the place of a dated scan."""
    monkeypatch.setattr(landing, "read_all", read_here)
    reference = tmp_path / "seeds" / "reference"
    stewardship = tmp_path / "seeds" / "stewardship"
    stewardship.mkdir(parents=True)
    reference.symlink_to(REFERENCE)
    raw = tmp_path / "raw"
    for seed, date in enumerate(("2024-03-05", "")):
        path = tmp_path / f"{seed}.html"
        path.write_bytes(report(form, seed, TITLE, date))
        (result,) = land_documents([path], RawTables(raw), Options(reference), workers=1)
        if date:
            (stewardship / "report_evidence.csv").write_text(
                f"report_id,evidence\n{result.report_id},{evidence}\n"
            )
    remarks = [note for note in result.notes if note.endswith(" stays")]
    first = "640300-keji-2023"
    said = f"it has no date of publication, so {first}, which has, stays"
    assert remarks == ([said] if evidence == "native" else [])


@pytest.mark.parametrize(
    "landings",
    [("scan",), ("scan", "text", "scan"), ("text", "scan"), ("scan text",)],
    ids=" then ".join,
)
def test_a_text_takes_the_place_of_a_scan_with_its_figures(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, landings: tuple[str, ...]
) -> None:
    """Whichever comes first, and in one landing or two; published when the earlier was."""

    def read_scans(
        paths: Sequence[Path],
        options: Options,
        known: frozenset[str],
        *,
        workers: int,
        on_done: Callable[[Read], None],
    ) -> None:
        def done(outcome: Read) -> None:
            outcome.is_scan = outcome.path.endswith("scan.html")
            on_done(outcome)

        read_here(paths, options, known, workers=workers, on_done=done)

    monkeypatch.setattr(landing, "read_all", read_scans)
    seeds, raw = tmp_path / "seeds", tmp_path / "seeds" / "raw"
    (seeds / "stewardship").mkdir(parents=True)
    (seeds / "reference").symlink_to(REFERENCE)
    evidence = seeds / "stewardship" / "report_evidence.csv"
    evidence.write_text("report_id,evidence\n110000-zhengfu-2022,ocr\n640300-keji-2022,native\n")
    for name, date in (("scan", "2024-01-20"), ("text", "2024-03-05")):
        (tmp_path / f"{name}.html").write_bytes(report(form, 0, TITLE, date))
    for names in landings:
        documents = [tmp_path / f"{name}.html" for name in names.split()]
        land_documents(documents, RawTables(raw), Options(seeds / "reference"), workers=1)
    (edition,) = RawTables(raw).reports.values()
    is_text = landings != ("scan",)
    assert edition.row["source_document"] == ("text.html" if is_text else "scan.html")
    document = tmp_path / edition.row["source_document"]
    assert edition.row["source_sha256"] == sha256(document.read_bytes()).hexdigest()
    assert (edition.report_id, edition.row["revision"]) == ("640300-keji-2023", "1")
    assert edition.row["published_on"] == "2024-01-20"
    assert json.loads(edition.provenance)["document"] == document.name
    known = dict(list(csv.reader(evidence.read_text(encoding="utf-8").splitlines()))[1:])
    others = {"110000-zhengfu-2022": "ocr", "640300-keji-2022": "native"}
    assert known == (others if is_text else others | {"640300-keji-2023": "ocr"})


def test_of_a_report_as_a_file_and_in_an_archive_the_file_is_landed(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "read_all", read_here)
    page = report(form, 1, TITLE, "2024-01-20")
    archive, file = tmp_path / "a.zip", tmp_path / "b.html"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("page.html", page + b"<!-- packed -->")
    file.write_bytes(page)
    raw = tmp_path / "raw"
    in_archive, as_file = land(raw, archive / "page.html", file)
    assert (in_archive.status, as_file.status) == (UNCHANGED, LANDED)
    (landed,) = RawTables(raw).reports.values()
    assert landed.row["source_document"] == "b.html"


def test_an_id_never_changes_hands(form: Form, tmp_path: Path) -> None:
    raw, ids = tmp_path / "raw", {}
    for seed, date in ((3, "2024-03-01"), (1, "2024-01-01"), (2, ""), (4, "2024-02-01")):
        path = tmp_path / f"{seed}.html"
        path.write_bytes(report(form, seed, TITLE, date))
        (result,) = land(raw, path)
        ids[path.name] = result.report_id
        documents = {r.row["source_document"]: i for i, r in RawTables(raw).reports.items()}
        assert documents == ids
    assert list(ids.values())[::3] == ["640300-keji-2023", "640300-keji-2023-r4"]


def test_a_year_of_a_landing_folder_grows(form: Form, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    documents = [tmp_path / f"{number}.html" for number in range(3)]
    for seed, (path, agency) in enumerate(
        zip(documents, (KEJI, "洪泽区人民政府", KEJI), strict=True), start=1
    ):
        title = f"{agency}2023年政府信息公开工作年度报告"
        path.write_bytes(report(form, seed, title, f"2024-0{seed}-01"))
    (first,), (second,) = (land(raw, path, parquet=True) for path in documents[:2])
    assert (first.status, second.status) == (LANDED, LANDED)
    both = {"320813-zhengfu-2023", "640300-keji-2023"}
    tables = RawTables(raw, parquet=True)
    assert set(tables.reports) == both
    assert {entry.row["report_year"] for entry in tables.reports.values()} == {"2023"}
    assert all(entry.rows["raw_requests"] for entry in tables.reports.values())
    before = files(raw)
    assert [land(raw, path, parquet=True)[0].status for path in documents[:2]] == [UNCHANGED] * 2
    assert files(raw) == before
    (revision,) = land(raw, documents[2], parquet=True)
    assert (revision.status, revision.report_id) == (REVISED, "640300-keji-2023-r2")
    assert set(RawTables(raw, parquet=True).reports) == both | {revision.report_id}
    types = duckdb.sql(
        f"select distinct type from parquet_schema('{raw}/*/*/*.parquet') where type is not null"
    ).fetchall()
    assert types == [("BYTE_ARRAY",)]
    # no report is in a form before 2019, and the table of these may be left out
    written = {path.name for path in raw.iterdir()}
    assert written & RAW_TABLES.keys() == RAW_TABLES.keys() - OPTIONAL_TABLES


@pytest.mark.parametrize("parquet", [False, True])
@pytest.mark.parametrize("renamed", [0, 2, 4])
def test_a_landing_killed_among_its_renames(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parquet: bool, renamed: int
) -> None:
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    for seed, (path, date) in enumerate(((first, "2024-03-01"), (second, "2024-01-01"))):
        path.write_bytes(report(form, seed, f"{KEJI}2023年政府信息公开工作年度报告", date))
    whole, raw = tmp_path / "whole", tmp_path / "raw"
    for folder in (whole, raw):
        land(folder, first, parquet=parquet)
    land(whole, second, parquet=parquet)
    left, rename = [renamed], Path.replace

    def killed(self: Path, target: Path) -> Path:
        if self.is_relative_to(raw) and target.name != JOURNAL:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            land(raw, second, parquet=parquet)
    header = "raw_reports/report_year=2023/part-00000.parquet" if parquet else "raw_reports.csv"
    assert (raw / header).read_bytes() != (whole / header).read_bytes()
    waiting = {path.name for path in files(raw)} - {path.name for path in files(whole)}
    assert JOURNAL in waiting
    (result,) = land(raw, second, parquet=parquet)
    assert (result.status, result.report_id) == (UNCHANGED, "640300-keji-2023-r2")
    assert content_of(raw) == content_of(whole)


@pytest.mark.parametrize("parquet", [False, True])
def test_a_landing_killed_before_its_renames(form: Form, tmp_path: Path, parquet: bool) -> None:
    raw, whole = tmp_path / "raw", tmp_path / "whole"
    path = tmp_path / "report.html"
    path.write_bytes(report(form, 1, f"{KEJI}2023年政府信息公开工作年度报告"))
    land(whole, path, parquet=parquet)
    (raw / WAITING).mkdir(parents=True)
    for number in range(len(content_of(whole))):  # half-written files, and no journal
        (raw / WAITING / f"{number:07}").write_bytes(b"half")
    (result,) = land(raw, path, parquet=parquet)
    assert result.status == LANDED
    assert content_of(raw) == content_of(whole)


@pytest.mark.parametrize("parquet", [False, True])
def test_cells_without_a_report_are_landed_again(form: Form, tmp_path: Path, parquet: bool) -> None:
    raw, path = tmp_path / "raw", tmp_path / "report.html"
    path.write_bytes(report(form, 1, f"{KEJI}2023年政府信息公开工作年度报告"))
    land(raw, path, parquet=parquet)
    before = content_of(raw)
    for header in [entry for entry in files(raw) if "raw_reports" in str(entry)]:
        header.unlink()
    (result,) = land(raw, path, parquet=parquet)
    assert result.status == LANDED
    assert content_of(raw) == before


def test_refused_document_touches_nothing(form: Form, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    good.write_bytes(report(form, 1, f"{KEJI}2023年政府信息公开工作年度报告"))
    land(raw, good)
    before = content(raw)
    bad.write_text("<p>没有表格的页面</p>", encoding="utf-8")
    (result,) = land(raw, bad)
    assert result.status == REFUSED
    assert content(raw) == before


def test_unknown_agency_is_proposed_not_invented(form: Form, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    path = tmp_path / "report.html"
    path.write_bytes(report(form, 1, "会昌县教育局2023年政府信息公开工作年度报告"))
    (result,) = land(raw, path)
    assert result.status == REFUSED
    assert "会昌县教育局" in result.reason
    assert not content_of(raw)
    with (tmp_path / "proposed_agencies.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["agency_id"] == "360733-jiaoyu"
    assert row["region_code"] == "360733"


def test_a_body_that_is_known_by_now_waits_no_more(form: Form, tmp_path: Path) -> None:
    reference, proposals = tmp_path / "reference", tmp_path / "proposed_agencies.csv"
    shutil.copytree(REFERENCE, reference)
    paths = [tmp_path / f"{name}.html" for name in ("会昌县教育局", "会昌县财政局")]
    for path in paths:
        path.write_bytes(report(form, 1, f"{path.stem}2023年政府信息公开工作年度报告"))
    waiting = []
    for asked in ([], paths[:1]):
        for path in asked or paths:
            options = Options(reference, new_agencies=bool(asked))
            tables = RawTables(tmp_path / "raw")
            land_documents([path], tables, options, workers=1, proposals=proposals)
        with proposals.open(encoding="utf-8", newline="") as file:
            waiting.append([row["agency_name"] for row in csv.DictReader(file)])
    assert waiting == [["会昌县财政局", "会昌县教育局"], ["会昌县财政局"]]


def test_new_agency_is_added_when_asked(form: Form, tmp_path: Path) -> None:
    reference = tmp_path / "reference"
    shutil.copytree(REFERENCE, reference)
    path = tmp_path / "report.html"
    path.write_bytes(report(form, 1, "会昌县教育局2023年政府信息公开工作年度报告"))
    tables = RawTables(tmp_path / "raw")
    (result,) = land_documents([path], tables, Options(reference, new_agencies=True), workers=1)
    assert (result.status, result.report_id) == (LANDED, "360733-jiaoyu-2023")
    added = (reference / "agencies.csv").read_text(encoding="utf-8")
    assert "360733-jiaoyu,会昌县教育局,360733,county" in added
    kept = set((REFERENCE / "agencies.csv").read_text(encoding="utf-8").splitlines())
    assert kept < set(added.splitlines())


@pytest.mark.parametrize(
    ("title", "agency_id", "year"),
    [
        ("吴忠市科学技术局2023年政府信息公开工作年度报告", "640300-keji", 2023),
        ("吴忠市科技局 2023 年度政府信息公开工作年度报告", "640300-keji", 2023),
        ("2023年吴忠市科学技术局政府信息公开年度报告", "640300-keji", 2023),
        ("吴忠市科学技术局二〇二三年政府信息公开工作年度报告", "640300-keji", 2023),
        ("吴忠市科学技术局政府信息公开工作年度报告（2023年）", "640300-keji", 2023),
        ("吴忠市科学技术局关于2023年度政府信息公开工作情况报告", "640300-keji", 2023),
        ("吴忠市科学技术局2023年政务信息公开年报", "640300-keji", 2023),
        ("宿迁市2023年政府信息公开工作年度报告", "321300-zhengfu", 2023),
        ("洪泽区人民政府2023 年政府信息公开工作年度报告", "320813-zhengfu", 2023),
        ("平潭综合实验区管委会2023年政府信息公开工作年度报告", "350128-guanweihui", 2023),
    ],
)
def test_names_of_agencies(title: str, agency_id: str, year: int) -> None:
    document = read_document(f"<h1>{title}</h1><table></table>".encode(), ".html")
    identity = identify(document, Registry(REFERENCE))
    assert (identity.agency_id, identity.report_year) == (agency_id, year)


def test_names_that_more_than_one_could_bear() -> None:
    registry = Registry(REFERENCE)
    with pytest.raises(Refused, match="bear the name"):
        registry.find("鼓楼区教育局")
    with pytest.raises(UnknownAgency) as unknown:
        registry.find("福建省福州市鼓楼区教育局")
    assert unknown.value.proposal.row["region_code"] == "350102"
    with pytest.raises(UnknownAgency, match="no agency and no region") as nowhere:
        registry.find("测试市")
    assert nowhere.value.proposal.row["region_code"] == ""
    with pytest.raises(Refused, match="no agency and no region"):
        registry.find("一句话，不是机关的名称")


def test_a_body_in_no_region_is_never_added(form: Form, tmp_path: Path) -> None:
    reference = tmp_path / "reference"
    shutil.copytree(REFERENCE, reference)
    before = (reference / "agencies.csv").read_bytes()
    path = tmp_path / "x.html"
    path.write_bytes(report(form, 1, "测试市2023年政府信息公开工作年度报告"))
    proposals = tmp_path / "proposed.csv"
    options = Options(reference, new_agencies=True)
    tables = RawTables(tmp_path / "raw")
    (result,) = land_documents([path], tables, options, workers=1, proposals=proposals)
    assert result.status == REFUSED
    assert "000000-ceshishi" in proposals.read_text(encoding="utf-8")
    assert (reference / "agencies.csv").read_bytes() == before


def test_years_that_disagree() -> None:
    page = (
        "{}<h1>吴忠市科学技术局2023年政府信息公开工作年度报告</h1>"
        "<p>统计期限为2022年1月1日至2022年12月31日。</p>"
    )
    registry = Registry(REFERENCE)
    with pytest.raises(Refused, match="--year"):
        identify(read_document(page.format("").encode(), ".html"), registry)
    dated = '<meta name="pubdate" content="2024-01-20">'
    identity = identify(read_document(page.format(dated).encode(), ".html"), registry)
    assert identity.report_year == 2023
    assert "2022" in identity.notes[0]


def test_places_and_marks_of_cells(form: Form, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    path = tmp_path / "report.html"
    page = report(form, 5, f"{KEJI}2023年政府信息公开工作年度报告").decode()
    start = page.index("一、本年新收")
    lost = page.index("<td>", start)
    page = page[:lost] + page[page.index("</td>", lost) + 5 :]  # one cell of the row is lost
    path.write_bytes(page.encode())
    (result,) = land(raw, path)
    assert result.cells_marked == 7
    found = places(raw, "640300-keji-2023")
    assert found["requests", "granted", "total"] == "table 2, row 6, cell 9"
    assert found["reviews", "review", "upheld"] == "table 3, row 4, cell 1"
    assert all(key in found for key in [("disclosures", "permit", "decisions")])
    reasons = marks(raw, "640300-keji-2023")
    assert reasons == {"requests.new_requests": "6 cells where 7 are expected"}
    kept = tmp_path / "evidence" / "640300-keji-2023.json"
    evidence = json.loads(kept.read_text(encoding="utf-8"))
    assert evidence["report_id"] == "640300-keji-2023"
    assert evidence["marked"]
    raw_requests = (raw / "raw_requests.csv").read_text(encoding="utf-8")
    assert "640300-keji-2023,new_requests,?,?,?,?,?,?,?" in raw_requests
