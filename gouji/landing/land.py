"""Landing documents: each is landed, landed as a revision, unchanged, or refused with the reason.

One that is refused changes nothing.  What a landing writes (raw tables, agencies, evidence) it
writes in one act, when all documents are read.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.landing.act import one_act
from gouji.landing.agencies import settle
from gouji.landing.agency_file import AgencyFile
from gouji.landing.find import readable
from gouji.landing.processes import default_workers, read_all
from gouji.landing.read_report import Tools, count_annex, prepare
from gouji.landing.scan_evidence import EVIDENCE, known_evidence, put_evidence
from gouji.landing.statistics.neighbours import settle_runs
from gouji.landing.statistics.reading import pack as pack_statistics

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from gouji.landing.read_report import Options, Read
    from gouji.landing.store import RawTables, Report

LANDED, REVISED, UNCHANGED, REFUSED = "landed", "revised", "unchanged", "refused"
LEFT_ASIDE = "left aside"  # a file of a kind that is not read


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
    read: list[Read] = []
    results: dict[str, Result] = {}

    def done(outcome: Read) -> None:
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
    added: dict[str, tuple[Read, Report]] = {}
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
    outcome: Read, report: Report, result: Result, tables: RawTables, scans: set[str]
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


def _settle_runs(ready: list[Read], results: dict[str, Result], tables: RawTables) -> None:
    """Tell figures of annexes apart by the years beside them, and say what is left."""
    annexes = [(one, one.report, one.statistics) for one in ready if one.report and one.statistics]
    settle_runs([(report, annex) for _, report, annex in annexes], tables)
    for outcome, report, annex in annexes:
        result, marks = results[outcome.path], annex.reasons()
        outcome.marks = marks
        report.provenance = pack_statistics(annex, report.row["source_document"])
        result.notes = [*marks, *outcome.notes]
        count_annex(outcome, annex)
        result.cells_marked, result.cells_read = outcome.cells_marked, outcome.cells_read
        result.cells_blank = outcome.cells_blank


def _result(outcome: Read, tables: RawTables) -> Result:
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


def _evidence(outcome: Read, report: Report) -> bytes:
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


def _settle(read: list[Read], results: dict[str, Result], waiting: AgencyFile | None) -> None:
    """Settle the bodies that are not known among all documents, and name them in their reports."""
    unknown = [(o, o.proposal) for o in read if o.proposal is not None]
    before = waiting.rows.values() if waiting is not None else ()
    settle([proposal for _, proposal in unknown], Tools.registry, before)
    for outcome, proposal in unknown:
        result = results[outcome.path]
        result.body, result.missing = proposal.row, proposal.missing
        if outcome.report is None:
            result.reason = proposal.reason
        else:
            outcome.report.row["agency_id"] = proposal.row["agency_id"]
            outcome.report.row["agency_name"] = proposal.row["agency_name"]
