"""The annotated form: a report's three tables as printed, what does not add up marked in them."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from gouji.errors import ToolFailed
from gouji.findings.read import (
    Check,
    CheckKey,
    Hypothesis,
    SuspectCell,
    Term,
    read_checks,
    read_mending,
    read_terms,
)
from gouji.findings.sentences import (
    SENTENCES,
    corrected_sides_of,
    ledger_of,
    sides_of,
    sign_of,
    slip_of,
)
from gouji.findings.words import EN, LAST_YEAR, ZH, number, reason_words
from gouji.site.form import Form, Grid, anchor
from gouji.site.page import Site, check_anchor, report_address
from gouji.site.words import Words, both, named, same, words
from gouji.warehouse_file import Record, by

CellKey = tuple[str, str, str]
# Of lines and columns, by code.
Labels = Mapping[str, Words]

# A side with more cells than this has its cells of 0 folded away.
FEW = 3

OF_PAGES = (
    "(report_id, identity_id, slice) in (select (report_id, identity_id, slice) from page_checks)"
)
MENDING_PAGES = f"(check_{OF_PAGES[1:]}"


# How `gouji land` names a place in the prose; section 0 stands before the first heading.
IN_THE_PROSE = re.compile(r"section (\d+) paragraph (\d+)")
CHINESE_SIGNS = {LAST_YEAR: "（上年）", ": ": "：", ", ": "、", "; ": "；"}


class Mark(NamedTuple):
    """The number of an issue on its page, and its place in the list."""

    number: int
    anchor: str


@dataclass(frozen=True)
class FormCell:
    """A cell of the form: its printed text, and what is to be said of it.

    Args:
        printed: the text as published; none where the cell is empty or not in the document.
        status: a `value_status`.
        corrected: the text that a steward's correction puts in its place.
        open_issues: the open issues that add it up.
        acknowledged: the acknowledged ones.
        implied: numbers that would have to stand there by the best explanations.
        is_undistributed: it is the one number of its row, a total without any part.
    """

    printed: str | None
    status: str
    corrected: str | None = None
    open_issues: tuple[Mark, ...] = ()
    acknowledged: tuple[Mark, ...] = ()
    implied: tuple[str, ...] = ()
    is_undistributed: bool = False

    @property
    def issues(self) -> tuple[Mark, ...]:
        """All issues that add it up: open ones first."""
        return self.open_issues + self.acknowledged

    @property
    def classes(self) -> str:
        """What it looks like, in the names of `form.css`."""
        names = [self.status] if self.status != "reported" else []
        names += ["zero"] if self.printed == "0" else []
        names += ["broken"] if self.open_issues else ["acknowledged"] if self.acknowledged else []
        names += ["suspect"] if self.implied else []
        names += ["undistributed"] if self.is_undistributed else []
        return " ".join(names)


@dataclass(frozen=True)
class Summand:
    """A cell that an issue adds up, as its list shows it."""

    term: Term
    name: Words
    href: str | None
    report: str | None
    sign: str
    value: str
    status: Words


@dataclass(frozen=True)
class Slip:
    """What would explain an issue; `said_in` is an earlier issue that said it."""

    sentence: Words
    kind: Words
    said_in: Mark | None


@dataclass(frozen=True)
class Issue:
    """A broken check, numbered on its page, in words."""

    mark: Mark
    check: Check
    title: Words
    said: Words
    corrected: Words
    ledger: Words
    summands: tuple[Summand, ...]
    slips: tuple[tuple[Words, tuple[Slip, ...]], ...]
    is_own: bool

    @property
    def folded(self) -> tuple[Summand, ...]:
        """The cells of 0 of a side with many cells, which the list folds away."""
        sizes = Counter(summand.term.side for summand in self.summands)
        return tuple(
            summand
            for summand in self.summands
            if summand.term.value == 0 and sizes[summand.term.side] > FEW
        )

    @property
    def shown(self) -> tuple[Summand, ...]:
        """The cells that the list does not fold away."""
        return tuple(summand for summand in self.summands if summand not in self.folded)


@dataclass(frozen=True)
class Found:
    """What was found in all reports that get a page, by page."""

    checks: dict[str, list[Check]]
    terms: dict[CheckKey, tuple[Term, ...]]
    mending: dict[CheckKey, list[Hypothesis]]


# What the legend shows: a cell of each look.
LEGEND: tuple[tuple[str, FormCell], ...] = (
    ("zero", FormCell("0", "reported")),
    ("blank", FormCell(None, "blank")),
    ("absent", FormCell(None, "absent")),
    ("not_applicable", FormCell("/", "not_applicable")),
    ("unreadable", FormCell("约3", "unreadable")),
    ("undistributed", FormCell("18", "reported", is_undistributed=True)),
    ("broken", FormCell("18", "reported", open_issues=(Mark(1, ""),))),
    ("acknowledged", FormCell("18", "reported", acknowledged=(Mark(2, ""),))),
    ("suspect", FormCell("18", "reported", open_issues=(Mark(1, ""),), implied=("81",))),
    ("corrected", FormCell("18", "reported", corrected="81")),
)


def write(site: Site) -> None:
    """Write `reports/<agency>-<year>.html` for each report that gets a page.

    A report of several editions has its current one under `reports/<report_id>.html` too.
    """
    pages = site.report_pages
    found = _found(site)
    heads = {row["report_id"]: row for row in site.rows("report_heads")}
    statements = by(site.rows("report_statements"), "report_id")
    corrections = by(site.rows("report_corrections"), "report_id")
    open_ends = by(site.rows("report_open_ends"), "report_id")
    findings = by(site.rows("report_findings"), "report_id")
    form = Form(site.rows("form_lines"), site.rows("form_columns"))
    grids, labels_of = cache(form.grids), cache(form.short_labels)
    for report_id, rows in site.stream("report_cells", "report_id"):
        head = heads[report_id]
        issues = _issues(report_id, found, pages)
        marks = marks_of(report_id, issues, found.mending)
        labels = labels_of(head["layout"]) | {"stated": words("statement.printed")}
        lines = frozenset(row["line_code"] for row in rows if row["form_table"] == "requests")
        show = partial(
            site.write,
            template="report.html.j2",
            section="reports",
            title=words(
                "report.title",
                agency=named(head["agency_name"], head["name_latin"]),
                year=head["report_year"],
            ),
            head=head,
            source=web_address(head["source_url"]),
            grids=_checked(grids(head["layout"], lines), rows, report_id),
            cells={key: _cell(key, row, marks) for key, row in ((_key(row), row) for row in rows)},
            issues=issues,
            own_issues=[issue for issue in issues if issue.is_own],
            other_issues=[issue for issue in issues if not issue.is_own],
            statements=_statements(statements.get(report_id, ()), marks, labels),
            corrections=[_correction(row) for row in corrections.get(report_id, ())],
            open_ends=[_open_end(row, labels) for row in open_ends.get(report_id, ())],
            findings=findings.get(report_id, ()),
            report_pages=pages,
            legend=LEGEND,
            edition_addresses=[
                report_address(head | earlier, edition=True).removeprefix("reports/")
                for earlier in head["earlier_revisions"]
            ],
            anchor=anchor,
        )
        for path in {report_address(head), f"reports/{report_id}.html"}:
            show(path)


def web_address(text: str | None) -> str | None:
    """Give an address that a page may lead to: one of the web, whole, and nothing else."""
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


@dataclass(frozen=True)
class Marks:
    """What is marked in a report, by cell: its issues, and implied numbers."""

    open_issues: dict[CellKey, list[Mark]]
    acknowledged: dict[CellKey, list[Mark]]
    implied: dict[CellKey, list[str]]

    def cell(
        self, key: CellKey, printed: str | None, status: str, corrected: str | None = None
    ) -> FormCell:
        """Give a cell with its marks."""
        return FormCell(
            printed=printed,
            status=status,
            corrected=corrected,
            open_issues=tuple(self.open_issues.get(key, ())),
            acknowledged=tuple(self.acknowledged.get(key, ())),
            implied=tuple(self.implied.get(key, ())),
        )


def marks_of(
    report_id: str, issues: Sequence[Issue], mending: dict[CheckKey, list[Hypothesis]]
) -> Marks:
    """Find the cells of a report that its page's issues add up, and what would mend them."""
    marks = Marks({}, {}, {})
    for issue in issues:
        of_kind = marks.acknowledged if issue.check.is_acknowledged else marks.open_issues
        for key in cells_of(issue, report_id):
            of_kind.setdefault(key, []).append(issue.mark)
        for hypothesis in mending.get(issue.check.key, ()):
            for cell in hypothesis.cells if hypothesis.rank == 1 else ():
                key = (cell.form_table, cell.line_code, cell.column_code)
                if cell.implied_value is None:
                    continue
                implied = marks.implied.setdefault(key, []) if cell.report_id == report_id else []
                if number(cell.implied_value) not in implied:
                    implied.append(number(cell.implied_value))
    return marks


def cells_of(issue: Issue, report_id: str) -> list[CellKey]:
    """Name the cells of a report that an issue adds up."""
    return [
        (term.form_table, term.line_code, term.column_code)
        for term in (summand.term for summand in issue.summands)
        if term.source_report_id == report_id
    ]


def _found(site: Site) -> Found:
    site.rows("page_checks")
    keys = site.rows("page_check_keys")
    if not keys:
        return Found({}, {}, {})
    checks = {check.key: check for check in read_checks(site.connection, OF_PAGES, {})}
    site.rows("asked_checks")
    terms = read_terms(site.connection, "true", {})
    pages: dict[CheckKey, list[str]] = {}
    for row in keys:
        key = (row["report_id"], row["identity_id"], row["slice"])
        pages.setdefault(key, []).append(row["page_id"])
    by_page: dict[str, list[Check]] = {}
    for key, check in checks.items():
        for page_id in pages[key]:
            # another report's check may leave out what this one does not have
            if any(term.source_report_id == page_id for term in terms[key]):
                by_page.setdefault(page_id, []).append(check)
    return Found(by_page, terms, read_mending(site.connection, MENDING_PAGES, {}))


def _key(row: Record) -> CellKey:
    return row["form_table"], row["line_code"], row["column_code"]


def _cell(key: CellKey, row: Record, marks: Marks) -> FormCell:
    cell = marks.cell(key, row["printed"], row["value_status"], row["corrected"])
    return replace(cell, is_undistributed=row["is_undistributed"])


def _checked(grids: Sequence[Grid], rows: Iterable[Record], report_id: str) -> Sequence[Grid]:
    """Hold that each cell has its place and each place its cell."""
    places = {place.key for grid in grids for place in grid.places()}
    cells = {_key(row) for row in rows}
    if places != cells:
        odd = ", ".join(".".join(key) for key in sorted(places ^ cells))
        raise ToolFailed(f"The form has no place, or {report_id} no cell, for {odd}.")
    return grids


def _issues(report_id: str, found: Found, pages: Container[str]) -> list[Issue]:
    own_first = sorted(
        found.checks.get(report_id, ()), key=lambda check: check.report_id != report_id
    )
    marks = [_mark(place, check, report_id) for place, check in enumerate(own_first, start=1)]
    said: dict[str, Mark] = {}
    return [
        Issue(
            mark=mark,
            check=check,
            title=_title(check),
            said=Words(sides_of(check, "zh"), sides_of(check, "en")),
            corrected=Words(corrected_sides_of(check, "zh"), corrected_sides_of(check, "en")),
            ledger=Words(ledger_of(check, "zh"), ledger_of(check, "en")),
            summands=tuple(_summand(term, report_id, pages) for term in found.terms[check.key]),
            slips=tuple(_slips(mark, check, found.mending.get(check.key, ()), said)),
            is_own=check.report_id == report_id,
        )
        for mark, check in zip(marks, own_first, strict=True)
    ]


def _mark(place: int, check: Check, report_id: str) -> Mark:
    """Number an issue; the site's list of issues leads to a report's own by the same name."""
    name = check_anchor(check.identity_id, check.slice)
    return Mark(place, name if check.report_id == report_id else f"{check.report_id}-{name}")


def _title(check: Check) -> Words:
    """Name an identity, and the slice in which it is checked."""
    title = both(check.title_zh, check.title_en)
    if check.slice_by == "all":
        return title
    slice_ = both(check.slice_zh or check.slice, check.slice_en)
    return Words(f"{title.zh}：{slice_.zh}", f"{title.en}: {slice_.en}")


def _summand(term: Term, report_id: str, pages: Container[str]) -> Summand:
    place = f"#{anchor(term.form_table, term.line_code, term.column_code)}"
    is_here = term.source_report_id == report_id
    href = place if is_here else None
    if not is_here and term.source_report_id in pages:
        href = f"{term.source_report_id}.html{place}"
    return Summand(
        term=term,
        name=cell_name(term),
        href=href,
        report=None if is_here or not term.source_report_id else term.source_report_id,
        sign=sign_of(term.weight).replace("-", "\u2212"),
        value=number(term.value),
        status=_status(term.value_status),
    )


def cell_name(cell: Term | SuspectCell) -> Words:
    """Name a cell by table, line and column."""
    line = both(cell.line_zh, cell.line_en)
    column = both(cell.column_zh, cell.column_en)
    tables = Words(ZH.tables[cell.form_table], EN.tables[cell.form_table])
    return Words(
        f"{tables.zh} {line.zh or cell.line_code} / {column.zh or cell.column_code}",
        f"{tables.en} {line.en or cell.line_code} / {column.en or cell.column_code}",
    )


def _slips(
    mark: Mark, check: Check, hypotheses: Sequence[Hypothesis], said: dict[str, Mark]
) -> Iterator[tuple[Words, tuple[Slip, ...]]]:
    """Give the explanations by rank: a heading, and a sentence for each.

    `said` remembers in which issue an explanation was given first.
    """
    if not hypotheses:
        yield _sentence("no_slip"), ()
    for rank, (_, group) in enumerate(groupby(hypotheses, lambda one: one.rank)):
        equals = list(group)
        key = "weaker" if rank else "equals" if len(equals) > 1 else "one_slip"
        yield (
            _sentence(key, count=len(equals)),
            tuple(
                _slip(one, check, said.setdefault(one.hypothesis_id, mark), mark) for one in equals
            ),
        )


def _slip(hypothesis: Hypothesis, check: Check, first_said: Mark, mark: Mark) -> Slip:
    first = hypothesis.cells[0]
    return Slip(
        sentence=Words(
            slip_of(hypothesis, check, "zh", with_code=False), slip_of(hypothesis, check, "en")
        ),
        kind=both(first.kind_zh, first.kind_en),
        said_in=first_said if first_said != mark else None,
    )


def _sentence(key: str, **values: object) -> Words:
    return Words(SENTENCES["zh"][key], SENTENCES["en"][key]).filled(**values)


def _status(status: str) -> Words:
    return Words(ZH.statuses[status], EN.statuses[status])


def _statements(rows: Sequence[Record], marks: Marks, labels: Labels) -> list[Record]:
    """Add to each figure of the prose its marks and the words of its verdict."""
    firsts = {row["figure_code"]: place for place, row in reversed(list(enumerate(rows)))}
    return [
        {
            **_statement(row, marks, labels),
            "anchor": anchor("narrative", row["figure_code"], "stated")
            if firsts[row["figure_code"]] == place
            else None,
        }
        for place, row in enumerate(rows)
    ]


def _statement(row: Record, marks: Marks, labels: Labels) -> Record:
    key = ("narrative", row["figure_code"], "stated")
    is_known = row["status"] == "broken" and row["is_acknowledged"]
    verdict = f"verdict.{'acknowledged' if is_known else row['status']}"
    return {
        **row,
        "cell": marks.cell(key, row["printed"], "reported"),
        "name": both(row["label_zh"], row["label_en"]),
        "where": place_of(row["locator"]),
        "verdict": words(verdict if row["status"] else "statement.no_cell"),
        "table_says": number(row["rhs"]),
        "why": reason_of(row["reason"], labels)
        if row["status"] == "not_assessable"
        else Words("", ""),
    }


def _correction(row: Record) -> Record:
    line, column = both(row["line_zh"], row["line_en"]), both(row["column_zh"], row["column_en"])
    tables = Words(ZH.tables[row["form_table"]], EN.tables[row["form_table"]])
    return {
        **row,
        "name": Words(
            f"{tables.zh} {line.zh} / {column.zh}", f"{tables.en} {line.en} / {column.en}"
        ),
        "anchor": anchor(row["form_table"], row["line_code"], row["column_code"]),
    }


def _open_end(row: Record, labels: Labels) -> Record:
    return {
        **row,
        "title": both(row["title_zh"], row["title_en"]),
        "verdict": words(f"verdict.{row['status']}"),
        "why": reason_of(row["reason"], labels),
        "slices": Words(
            "、".join(filter(None, row["slices_zh"])), ", ".join(filter(None, row["slices_en"]))
        ),
    }


def reason_of(reason: str | None, labels: Labels) -> Words:
    """Put a verdict's reason in words, its cells by the form's labels."""
    chinese = reason_words(reason, ZH, {code: label.zh for code, label in labels.items()})
    for sign, written in CHINESE_SIGNS.items():
        chinese = chinese.replace(sign, written)
    return Words(
        chinese, reason_words(reason, EN, {code: label.en for code, label in labels.items()})
    )


def place_of(locator: str | None) -> Words:
    """Name a place in the prose (`section 1 paragraph 3`); other locators stay as they are."""
    found = IN_THE_PROSE.fullmatch(locator or "")
    if found is None:
        return same(locator or "")
    section, paragraph = found.groups()
    if section == "0":
        return words("statement.before", paragraph=paragraph)
    return words("statement.place", section=section, paragraph=paragraph)
