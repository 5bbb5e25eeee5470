"""Landing many documents: each read in a process of its own kind of bounds, all merged at once.

A document is landed, landed as a revision, unchanged, or refused with the reason; one that is
refused changes nothing.  What a landing writes (raw tables, agencies, evidence) it writes in one
act, when all documents are read.
"""

from __future__ import annotations

import datetime
import gc
import hashlib
import itertools
import json
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections import deque
from concurrent.futures import TimeoutError as PoolTimeout
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pebble import ProcessExpired, ProcessPool

from gouji.landing.act import one_act
from gouji.landing.agencies import Proposal, Registry, UnknownAgency, settle
from gouji.landing.agency_file import AgencyFile
from gouji.landing.archives import name_of
from gouji.landing.checks import Identities
from gouji.landing.find import readable
from gouji.landing.form import recognise
from gouji.landing.grid import IsScan, Refused
from gouji.landing.identity import identify, stated_year
from gouji.landing.narrative import Figure, narrative_figures
from gouji.landing.provenance import pack
from gouji.landing.read import read_bytes, read_document
from gouji.landing.scan_doubts import doubt_broken, doubt_words
from gouji.landing.scan_evidence import EVIDENCE, known_evidence, put_evidence
from gouji.landing.statistics import StatisticsReading, read_statistics
from gouji.landing.statistics.neighbours import settle_runs
from gouji.landing.statistics.reading import pack as pack_statistics
from gouji.landing.statistics.words import StatisticWords, load_words
from gouji.landing.store import RawTables, Report
from gouji.landing.vocabulary import Form, load_form

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from gouji.landing.collected import Collected
    from gouji.landing.grid import Document
    from gouji.landing.identity import Identity
    from gouji.landing.reading import Reading

SECONDS_A_DOCUMENT = 60
TIMES_FOR_SCANS = 20  # the time of a document, for one that an engine reads
MEMORY_A_DOCUMENT = 2 << 30
MEMORY_A_SCAN = 4 << 30
BATCH = 16  # documents that a process is given at once in large loads
SECONDS_A_BATCH = 5.0  # after which a process begins no further document of its batch
COLLECT_AFTER = 16  # documents after which a reading process clears away what they left
LANDED, REVISED, UNCHANGED, REFUSED = "landed", "revised", "unchanged", "refused"
MOST_SAID = 5  # cells of a document that are named one by one
LEFT_ASIDE = "left aside"  # a file of a kind that is not read
FIRST_YEAR_OF_THE_FORM = 2019


@dataclass(slots=True)
class Result:
    """What became of one document."""

    document: str
    status: str
    report_id: str = ""
    reason: str = ""
    cells_read: int = 0
    cells_blank: int = 0  # of those that are read
    cells_marked: int = 0
    cells_unclear: int = 0  # in which what is printed is no value
    figures: int = 0
    broken_identities: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    body: dict[str, str] = field(default_factory=dict)  # the row of a body that was not known
    missing: str = ""  # what its name leaves open


@dataclass(slots=True)
class _Read:
    """What a process hands back for a document: a report without its revision, or a refusal."""

    path: str
    sha256: str = ""
    refusal: str = ""
    is_scan: bool = False
    proposal: Proposal | None = None  # of a body that is not known
    report: Report | None = None
    statistics: StatisticsReading | None = None  # of a report in an older form
    figures: list[Figure] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    cells_read: int = 0
    cells_blank: int = 0  # of those that are read
    cells_marked: int = 0
    cells_unclear: int = 0
    broken_identities: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def published_on(self) -> str:
        """When the report was published, as far as it says."""
        return self.report.row["published_on"] if self.report else ""

    @property
    def is_member(self) -> bool:
        """Whether it stands in an archive, and so has that one's name before its own."""
        return self.report is not None and "/" in self.report.row["source_document"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to land: the reference seeds, and what the caller says about the documents."""

    reference: Path
    agency: str = ""
    year: int | None = None
    new_agencies: bool = False
    seconds: float = SECONDS_A_DOCUMENT
    collected: Mapping[str, Collected] = field(default_factory=dict)  # by path


# -- reading one document, in a process of its own


class _Tools:
    """What a reading process keeps between documents."""

    form: Form
    statistic_words: StatisticWords
    registry: Registry
    identities: Identities
    options: Options
    known: frozenset[str] = frozenset()  # the SHA-256 of what was landed before
    read: int = 0  # documents so far


def prepare(options: Options) -> None:
    """Load the form and the registry, once; processes that read are copies of this one.

    Raises `Refused` if the reference seeds cannot be read.
    """
    _Tools.options = options
    try:
        _Tools.form = load_form(options.reference)
        _Tools.statistic_words = load_words(options.reference)
        _Tools.identities = Identities(options.reference)
    except (OSError, KeyError, ValueError) as error:
        raise Refused(
            f"the reference seeds in {options.reference} cannot be read: {error}"
        ) from error
    _Tools.registry = Registry(options.reference)


def _begin(options: Options, known: frozenset[str]) -> None:
    """Begin a reading process: bound its memory and leave interrupts to the process above."""
    _Tools.known = known  # once for each process: there may be a million
    if not hasattr(_Tools, "form"):  # where processes are not copies
        prepare(options)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _memory_in_use() + MEMORY_A_DOCUMENT
    with suppress(ValueError, OSError):  # not every system lets a process bound itself
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Word files leave trees in cycles behind that few objects of Python show: left to its counts,
    # the collector lets them pile up to a gigabyte. It looks when some documents have been read.
    gc.freeze()
    gc.disable()


def _memory_in_use() -> int:
    """The address space that this process has from the one above it, in bytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 1 << 30
    return pages * resource.getpagesize()


def read_one(path: str, *, is_scan: bool = False) -> _Read:
    """Read a document to a report without a revision, or the reason why not.

    One that turns out to be a scan is read by an engine if it is known to be one.
    """
    result = _Read(path)
    _Tools.read += 1
    if _Tools.read % COLLECT_AFTER == 0:
        gc.collect(0)  # what came since the last time; what outlives a document stays
    try:
        file = Path(path)
        data = read_bytes(file)
        result.sha256 = hashlib.sha256(data).hexdigest()
        if result.sha256 in _Tools.known:
            return result
        _read_into(result, file, data, is_scan=is_scan)
    except UnknownAgency as unknown:
        result.refusal, result.proposal = str(unknown), unknown.proposal
    except IsScan as scan:
        result.refusal, result.is_scan = str(scan), True
    except Refused as refusal:
        result.refusal = str(refusal)
    except MemoryError:
        result.refusal = "it needs more memory than a document is given"
    except RecursionError:
        result.refusal = "its parts are nested without end"
    return result


def _read_into(result: _Read, file: Path, data: bytes, *, is_scan: bool) -> None:
    path, name = Path(readable(file)), readable(name_of(file))
    read = partial(read_document, with_ocr=True) if is_scan else read_document
    document = read(data, path.suffix)
    try:
        reading = recognise(document, _Tools.form)
    except Refused as refusal:
        _read_annex(result, document, path, name, refusal)
        return
    result.is_scan = document.is_scan
    if document.is_scan:
        document.notes.append("read from pictures of its pages: look at what is marked by eye")
        doubt_words(reading, _Tools.form)
        doubt_broken(reading, document.sureness, _Tools.identities, _Tools.form)
    identity = _identify(result, document, path)
    if identity.report_year < FIRST_YEAR_OF_THE_FORM:
        began = f"it is a report for {identity.report_year}: the form begins with 2019"
        _read_annex(result, document, path, name, Refused(began))
        return
    figures = narrative_figures(document)
    row = _report_row(identity, reading.layout, name, result.sha256)
    places = pack(reading, name, document.sureness)
    result.report = Report(row, raw_rows(reading, figures, _Tools.form), places)
    result.figures = figures
    unclear = reading.printed_besides(_Tools.form.is_value)
    result.cells_marked, result.cells_unclear = reading.marked(), len(unclear)
    result.cells_read = reading.held() - result.cells_marked - len(unclear)
    result.cells_blank = reading.blank()
    if result.cells_marked:
        result.marks = sorted({cell.mark for *_, cell in reading.cells() if cell.mark})
    result.broken_identities = _Tools.identities.broken(reading, _Tools.form)
    said = [f"{cell.place}: “{cell.printed[:20]}” is no value" for cell in unclear[:MOST_SAID]]
    result.notes = [*document.notes, *identity.notes, *reading.notes, *said]


def _identify(result: _Read, document: Document, path: Path) -> Identity:
    """Tell whose report a document is; a body that is not known is proposed."""
    options = _Tools.options
    identity = identify(
        document,
        _Tools.registry,
        file_stem=path.stem,
        agency=options.agency,
        year=options.year,
        origin=options.collected.get(result.path),
    )
    if identity.unknown is not None:
        if not options.new_agencies:
            raise identity.unknown
        result.proposal = identity.unknown.proposal
    return identity


def _report_row(identity: Identity, layout: str, name: str, sha256: str) -> dict[str, str]:
    """The row of `raw_reports`, without what the landing gives it."""
    return {
        "report_id": "",
        "agency_id": identity.agency_id,
        "agency_name": identity.agency_name,
        "report_year": str(identity.report_year),
        "layout": layout,
        "revision": "",
        "title": identity.title,
        "published_on": identity.published_on,
        "source_url": identity.source_url,
        "source_document": name,
        "source_sha256": sha256,
        "landed_on": "",
    }


def _read_annex(result: _Read, document: Document, path: Path, name: str, refusal: Refused) -> None:
    """Read a report in a form before 2019; `Refused` as it was for the form where it is none."""
    if document.is_scan:  # what doubts a scan knows the form since 2019 alone
        raise refusal
    annex = read_statistics(document, _Tools.statistic_words)
    if annex is None:
        year = _Tools.options.year or stated_year(document, path.stem)
        if year is None or year >= FIRST_YEAR_OF_THE_FORM:
            raise refusal
        raise Refused(
            f"it is a report for {year}, and it holds no annex of figures (政府信息公开情况统计表)"
            ": what stands in its prose alone is not landed"
        ) from refusal
    identity = _identify(result, document, path)
    year = identity.report_year
    if year >= FIRST_YEAR_OF_THE_FORM:
        raise Refused(
            f"it is for {year} and holds an annex as before 2019, but not the form: a table of its "
            "own kind, and no annual report"
        ) from refusal
    layout = _Tools.statistic_words.form_of(annex.indicators, year)
    if not layout:
        raise Refused(
            "no form of the annex has its rows: see layouts.csv for the indicator that tells each"
        )
    codes = _Tools.statistic_words.codes_of(layout)
    annex.check_codes(codes)
    row = _report_row(identity, layout, name, result.sha256)
    rows = {"raw_statistics": annex.raw_rows()}
    result.report, result.statistics = Report(row, rows, pack_statistics(annex, name)), annex
    result.notes = [*document.notes, *identity.notes, *annex.notes]
    result.notes += [
        f"a column of its annex is headed {other}, and it is for {year}"
        for other in sorted(annex.head_years - {year})
    ]
    _count_annex(result, annex)


def _count_annex(result: _Read | Result, annex: StatisticsReading) -> None:
    """Count the cells of an annex, read and marked."""
    result.cells_marked = annex.marked()
    result.cells_read, result.cells_blank = annex.held() - annex.marked(), annex.blank()


def raw_rows(
    reading: Reading, figures: Iterable[Figure], form: Form
) -> dict[str, list[tuple[str, ...]]]:
    """The rows of the raw tables for a reading, without the report's id, in the form's order."""
    layout = reading.layout
    return {
        "raw_disclosures": [
            (line, measure, reading.disclosures[line, measure].printed)
            for line in form.disclosure_lines[layout]
            for measure in form.cells[layout, line]
            if (line, measure) in reading.disclosures
        ],
        "raw_requests": [
            (line, *reading.requests[line].printed)
            for line in form.request_lines[layout]
            if line in reading.requests
        ],
        "raw_reviews": [
            (channel, *reading.reviews[channel].printed)
            for channel in form.channels
            if channel in reading.reviews
        ],
        "raw_narrative_figures": sorted(
            {(figure.code, figure.printed, figure.locator) for figure in figures}
        ),
    }


# -- landing many


def read_scan(path: str) -> list[_Read]:
    """Read a scan by the engine, with more time and memory than other documents have."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _memory_in_use() + MEMORY_A_SCAN
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
    return [read_one(path, is_scan=True)]


def read_many(paths: list[str]) -> list[_Read]:
    """Read a batch of documents, or as many of them as are begun in the time of a batch."""
    end = time.monotonic() + SECONDS_A_BATCH
    read = [read_one(paths[0])]
    read += [read_one(path) for path in paths[1:] if time.monotonic() < end]
    return read


def read_all(
    paths: Sequence[Path],
    options: Options,
    known: frozenset[str],
    *,
    workers: int,
    on_done: Callable[[_Read], None],
) -> None:
    """Read documents in parallel; a process that dies or takes too long costs its document only.

    Large loads go in batches; those of a batch that fails are read again, each by itself.  A batch
    has the time of one document beyond its own, so that each of its documents has that time.
    """
    size = BATCH if len(paths) >= BATCH * workers * 4 else 1
    batches = [list(map(str, paths[at : at + size])) for at in range(0, len(paths), size)]
    method = "fork" if sys.platform.startswith("linux") else "spawn"
    with ProcessPool(
        max_workers=workers,
        initializer=_begin,
        initargs=(options, known),
        context=multiprocessing.get_context(method),
    ) as pool:
        waiting = iter(batches)
        scans: set[str] = set()
        running: deque[tuple[list[str], Any]] = deque()

        def schedule(batch: list[str]) -> None:
            seconds = options.seconds + (SECONDS_A_BATCH if len(batch) > 1 else 0)
            future = pool.schedule(read_many, args=(batch,), timeout=seconds)
            running.append((batch, future))

        def schedule_scan(path: str) -> None:
            seconds = options.seconds * TIMES_FOR_SCANS
            running.append(([path], pool.schedule(read_scan, args=(path,), timeout=seconds)))
            scans.add(path)

        try:
            for batch in itertools.islice(waiting, workers * 4):
                schedule(batch)
            while running:
                batch, future = running.popleft()
                outcomes = _outcomes(batch, future, options)
                if outcomes is None:
                    for path in batch:
                        schedule([path])
                    continue
                for outcome in outcomes:
                    if outcome.is_scan and outcome.refusal and outcome.path not in scans:
                        schedule_scan(outcome.path)
                    else:
                        on_done(outcome)
                if len(outcomes) < len(batch):
                    schedule(batch[len(outcomes) :])
                    continue
                follower = next(waiting, None)
                if follower is not None:
                    schedule(follower)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _outcomes(batch: list[str], future: Any, options: Options) -> list[_Read] | None:
    """What became of a batch; nothing for one that failed and holds more than one document."""
    try:
        read: list[_Read] = future.result()
        return read
    except PoolTimeout:
        refusal = f"reading it took more than {options.seconds:.0f} seconds"
    except (ProcessExpired, MemoryError):
        refusal = "reading it brought its process down; it may be damaged"
    except Exception as error:  # noqa: BLE001 - an error of ours must not stop the others
        refusal = f"the tool failed on it ({type(error).__name__}: {error})"
    return [_Read(batch[0], refusal=refusal)] if len(batch) == 1 else None


def land_documents(
    paths: Sequence[Path],
    tables: RawTables,
    options: Options,
    *,
    workers: int = 0,
    on_progress: Callable[[Result], None] | None = None,
    proposals: Path | None = None,
    evidence: Path | None = None,
) -> list[Result]:
    """Land documents into raw tables and write them; one result a document, in order of paths.

    `proposals` is the file of agencies that wait for review, `evidence` the folder of the
    sentences behind figures; without them neither is kept.

    Raises `Refused` where a file of the project cannot be read or written: nothing is landed.
    """
    prepare(options)
    agencies = AgencyFile(options.reference / "agencies.csv")
    waiting = AgencyFile(proposals) if proposals is not None else None
    stewardship = options.reference.parent / "stewardship"
    said = known_evidence(stewardship)
    scans = {report_id for report_id, evidence_said in said.items() if evidence_said == EVIDENCE}
    known = tables.known()
    read: list[_Read] = []
    results: dict[str, Result] = {}

    def done(outcome: _Read) -> None:
        read.append(outcome)
        result = _result(outcome, tables)
        results[outcome.path] = result
        if on_progress is not None:
            on_progress(result)

    read_all(paths, options, known, workers=workers or default_workers(), on_done=done)
    _settle(read, results, waiting)
    landed_on = datetime.datetime.now(tz=datetime.UTC).astimezone().date().isoformat()
    # The order in which documents were named does not matter; of one report as a file and in an
    # archive the file is landed, which has an address of its own.
    ready = [outcome for outcome in read if outcome.report is not None]
    ready.sort(key=lambda one: (one.published_on, one.is_member, one.path))
    added: dict[str, tuple[_Read, Report]] = {}
    _settle_runs(ready, results, tables)
    for outcome in ready:
        if outcome.report is None:
            continue
        outcome.report.row["landed_on"] = landed_on
        result = results[outcome.path]
        edition = _add(outcome, outcome.report, result, tables, scans)
        if edition is None:
            continue
        added[edition.report_id] = (outcome, edition)
        if outcome.is_scan:
            scans.add(edition.report_id)
        result.notes += _why_another_stays(edition, tables.current_edition(edition, scans), scans)
    with one_act(tables.folder) as act:
        agencies.put(act, [o.proposal.row for o in read if o.proposal and o.report], parents=True)
        if waiting is not None:
            names = {row["agency_name"] for row in agencies.rows.values()}
            proposed = [o.proposal.row for o in read if o.proposal and not o.report]
            waiting.put(act, proposed, known=names)
        if evidence is not None:
            for outcome, report in added.values():
                kept = evidence / f"{report.report_id}.json"
                # one that is there is of the document whose place this one takes
                if outcome.figures or outcome.marks or kept.is_file():
                    act.put(kept, _evidence(outcome, report))
        put_evidence(act, stewardship, said, scans)
        if tables.has_changed:
            tables.put(act)
    return [results[str(path)] for path in paths]


def _add(
    outcome: _Read, report: Report, result: Result, tables: RawTables, scans: set[str]
) -> Report | None:
    """Put a report into the tables; none where its figures stand there already.

    A text takes the place of a scan with its figures, which is no scan then.
    """
    anew = tables.read_anew(report)
    if anew is not None:
        result.report_id = anew.report_id
        result.notes.append("it was landed before, and is read anew in its place")
        return anew
    edition = tables.add(report)
    result.report_id = edition.report_id
    if edition is not report and edition.report_id in scans and not outcome.is_scan:
        tables.take_place(edition, report)
        scans.discard(edition.report_id)
        result.notes.append("its figures stood there, read from a scan: it takes the scan's place")
        return edition
    if edition is not report:
        result.status = UNCHANGED
        result.notes = ["its figures stand in the raw tables, from another file"]
        return None
    result.status = LANDED if edition.row["revision"] == "1" else REVISED
    return edition


def _why_another_stays(edition: Report, current: Report, scans: Container[str]) -> list[str]:
    """Say why an edition is not the current one, where it is not that it was published earlier."""
    day, day_of_current = edition.row["published_on"], current.row["published_on"]
    if current is edition or "" < day < day_of_current:
        return []
    if not day and day_of_current:
        return [f"it has no date of publication, so {current.report_id}, which has, stays"]
    if edition.report_id in scans and current.report_id not in scans:
        return [f"it was read from a scan, so {current.report_id}, read from a text, stays"]
    return []


def _settle_runs(ready: list[_Read], results: dict[str, Result], tables: RawTables) -> None:
    """Tell figures of annexes apart by the years beside them, and say what is left."""
    annexes = [(one, one.report, one.statistics) for one in ready if one.report and one.statistics]
    settle_runs([(report, annex) for _, report, annex in annexes], tables)
    for outcome, report, annex in annexes:
        result, marks = results[outcome.path], annex.reasons()
        outcome.marks = marks
        report.provenance = pack_statistics(annex, report.row["source_document"])
        result.notes = [*marks, *outcome.notes]
        _count_annex(result, annex)


def default_workers() -> int:
    """As many processes as the machine has cores for this one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _result(outcome: _Read, tables: RawTables) -> Result:
    result = Result(
        readable(outcome.path),
        LANDED,
        reason=outcome.refusal,
        cells_read=outcome.cells_read,
        cells_blank=outcome.cells_blank,
        cells_marked=outcome.cells_marked,
        cells_unclear=outcome.cells_unclear,
        figures=len(outcome.figures),
        broken_identities=outcome.broken_identities,
        notes=[*outcome.marks, *outcome.notes],
    )
    if outcome.refusal:
        result.status = REFUSED
    elif outcome.report is None:
        result.status, result.report_id = UNCHANGED, tables.landed_as(outcome.sha256)
    return result


def _evidence(outcome: _Read, report: Report) -> bytes:
    """The sentences behind the figures of a report, and why cells are marked.

    They stay on this machine: the prose of a report is never part of the raw tables.
    """
    content = {
        "report_id": report.report_id,
        "document": report.row["source_document"],
        "sha256": report.row["source_sha256"],
        "marked": outcome.marks,
        "figures": [asdict(figure) for figure in outcome.figures],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _settle(read: list[_Read], results: dict[str, Result], waiting: AgencyFile | None) -> None:
    """Settle the bodies that are not known among all documents, and name them in their reports."""
    unknown = [(o, o.proposal) for o in read if o.proposal is not None]
    before = waiting.rows.values() if waiting is not None else ()
    settle([proposal for _, proposal in unknown], _Tools.registry, before)
    for outcome, proposal in unknown:
        result = results[outcome.path]
        result.body, result.missing = proposal.row, proposal.missing
        if outcome.report is None:
            result.reason = proposal.reason
        else:
            outcome.report.row["agency_id"] = proposal.row["agency_id"]
            outcome.report.row["agency_name"] = proposal.row["agency_name"]
