"""Reading one document: to a report without a revision, or the reason why it is none.

A report in today's form has its three tables and the figures in its prose; one of a year before
2019 has an annex of figures (`statistics/`).
"""

from __future__ import annotations

import gc
import hashlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.landing.agencies import Proposal, Registry, UnknownAgency
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
from gouji.landing.statistics import StatisticsReading, read_statistics
from gouji.landing.statistics.reading import pack as pack_statistics
from gouji.landing.statistics.words import StatisticWords, load_words
from gouji.landing.store import Report
from gouji.landing.vocabulary import Form, load_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gouji.landing.collected import Collected
    from gouji.landing.grid import Document
    from gouji.landing.identity import Identity
    from gouji.landing.reading import Reading

SECONDS_A_DOCUMENT = 60
COLLECT_AFTER = 16  # documents after which a reading process clears away what they left
MOST_SAID = 5  # cells of a document that are named one by one
FIRST_YEAR_OF_THE_FORM = 2019


@dataclass(frozen=True, slots=True)
class Options:
    """How to land: the reference seeds, and what the caller says about the documents."""

    reference: Path
    agency: str = ""
    year: int | None = None
    new_agencies: bool = False
    seconds: float = SECONDS_A_DOCUMENT
    collected: Mapping[str, Collected] = field(default_factory=dict)  # by path


@dataclass(slots=True)
class Read:
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


class Tools:
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
    Tools.options = options
    try:
        Tools.form = load_form(options.reference)
        Tools.statistic_words = load_words(options.reference)
        Tools.identities = Identities(options.reference)
    except (OSError, KeyError, ValueError) as error:
        raise Refused(
            f"the reference seeds in {options.reference} cannot be read: {error}"
        ) from error
    Tools.registry = Registry(options.reference)


def read_one(path: str, *, is_scan: bool = False) -> Read:
    """Read a document to a report without a revision, or the reason why not.

    One that turns out to be a scan is read by an engine if it is known to be one.
    """
    result = Read(path)
    Tools.read += 1
    if Tools.read % COLLECT_AFTER == 0:
        gc.collect(0)  # what came since the last time; what outlives a document stays
    try:
        file = Path(path)
        data = read_bytes(file)
        result.sha256 = hashlib.sha256(data).hexdigest()
        if result.sha256 in Tools.known:
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


def _read_into(result: Read, file: Path, data: bytes, *, is_scan: bool) -> None:
    path, name = Path(readable(file)), readable(name_of(file))
    read = partial(read_document, with_ocr=True) if is_scan else read_document
    document = read(data, path.suffix)
    try:
        reading = recognise(document, Tools.form)
    except Refused as refusal:
        _read_annex(result, document, path, name, refusal)
        return
    result.is_scan = document.is_scan
    if document.is_scan:
        document.notes.append("read from pictures of its pages: look at what is marked by eye")
        doubt_words(reading, Tools.form)
        doubt_broken(reading, document.sureness, Tools.identities, Tools.form)
    identity = _identify(result, document, path)
    if identity.report_year < FIRST_YEAR_OF_THE_FORM:
        began = f"it is a report for {identity.report_year}: the form begins with 2019"
        _read_annex(result, document, path, name, Refused(began))
        return
    figures = narrative_figures(document)
    row = _report_row(identity, reading.layout, name, result.sha256)
    places = pack(reading, name, document.sureness)
    result.report = Report(row, raw_rows(reading, figures, Tools.form), places)
    result.figures = figures
    unclear = reading.printed_besides(Tools.form.is_value)
    result.cells_marked, result.cells_unclear = reading.marked(), len(unclear)
    result.cells_read = reading.held() - result.cells_marked - len(unclear)
    result.cells_blank = reading.blank()
    if result.cells_marked:
        result.marks = sorted({cell.mark for *_, cell in reading.cells() if cell.mark})
    result.broken_identities = Tools.identities.broken(reading, Tools.form)
    said = [f"{cell.place}: “{cell.printed[:20]}” is no value" for cell in unclear[:MOST_SAID]]
    result.notes = [*document.notes, *identity.notes, *reading.notes, *said]


def _identify(result: Read, document: Document, path: Path) -> Identity:
    """Tell whose report a document is; a body that is not known is proposed."""
    options = Tools.options
    identity = identify(
        document,
        Tools.registry,
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


def _read_annex(result: Read, document: Document, path: Path, name: str, refusal: Refused) -> None:
    """Read a report in a form before 2019; `Refused` as it was for the form where it is none."""
    if document.is_scan:  # what doubts a scan knows the form since 2019 alone
        raise refusal
    annex = read_statistics(document, Tools.statistic_words)
    if annex is None:
        year = Tools.options.year or stated_year(document, path.stem)
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
    layout = Tools.statistic_words.form_of(annex.indicators, year)
    if not layout:
        raise Refused(
            "no form of the annex has its rows: see layouts.csv for the indicator that tells each"
        )
    codes = Tools.statistic_words.codes_of(layout)
    annex.check_codes(codes)
    row = _report_row(identity, layout, name, result.sha256)
    rows = {"raw_statistics": annex.raw_rows()}
    result.report, result.statistics = Report(row, rows, pack_statistics(annex, name)), annex
    result.notes = [*document.notes, *identity.notes, *annex.notes]
    result.notes += [
        f"a column of its annex is headed {other}, and it is for {year}"
        for other in sorted(annex.head_years - {year})
    ]
    count_annex(result, annex)


def count_annex(result: Read, annex: StatisticsReading) -> None:
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
