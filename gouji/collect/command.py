"""The command `gouji collect`."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from gouji.collect.index import DOCUMENTS, Outcome, Row
from gouji.errors import WrongCall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.collect.spider import Collector

_EXTRA = ("scrapy", "warcio")
_LINE_EVERY = 50  # answers, when piped


def collect(
    list_: Annotated[
        Path,
        typer.Argument(
            metavar="LIST",
            help="Addresses of reports and of pages that list them: text, or a CSV's column url.",
        ),
    ],
    contact: Annotated[
        str,
        typer.Option(
            "--contact",
            envvar="GOUJI_CONTACT",
            help="Your mail or web address, which the hosts are told.",
        ),
    ],
    to: Annotated[
        Path, typer.Option("--to", help="The folder of the collection, new or begun before.")
    ] = Path("collection"),
    delay: Annotated[
        float,
        typer.Option("--delay", min=0, help="Seconds between two requests to a host, at least."),
    ] = 2.0,
    most: Annotated[
        int, typer.Option("--most", min=1, help="Addresses of a host in one run, at most.")
    ] = 20_000,
) -> None:
    """Collect published reports from listed addresses, politely; then land them."""
    if missing := [name for name in _EXTRA if find_spec(name) is None]:
        raise WrongCall(
            f"gouji collect needs {' and '.join(missing)}: pip install 'gouji[collect]' brings it."
        )
    if not {"@", "."} & set(contact) or not contact.isprintable() or not contact.isascii():
        raise WrongCall(f"--contact is a mail or web address, not “{contact}”.")
    from gouji.collect.crawl import Manners, crawl  # noqa: PLC0415  # takes a second to import
    from gouji.collect.listed import read_list  # noqa: PLC0415
    from gouji.collect.rules import load_rules  # noqa: PLC0415
    from gouji.collect.spider import Bounds  # noqa: PLC0415
    from gouji.collect.store import opened  # noqa: PLC0415

    rules = load_rules()
    listed = read_list(list_, rules)
    software = f"gouji/{version('gouji')}"
    manners = Manners(f"{software} (+{contact})", delay, Bounds(addresses_of_a_host=most))
    with opened(to, software) as collection:
        if collection.goes_on:
            typer.echo(f"Going on with run {collection.run}, which was not finished")
        spider = crawl(listed, collection, rules, manners, _Said())
        rows = collection.rows()
    failed = list(spider.failed.values())
    _say_what_came_of_it(spider, rows, failed, to)
    if failed or spider.left_alone or not spider.is_whole or _without_report(listed, rows):
        raise typer.Exit(2)


class _Said:
    """Says what is refused or fails as it happens, and how far the run is."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._count: Counter[str] = Counter()

    def __call__(self, row: Row) -> None:
        self._count[row.outcome] += 1
        if row.reason:
            on = f" (from {row.found_on})" if row.found_on else ""
            sys.stderr.write(f"{row.outcome.capitalize()} {row.address}: {row.reason}{on}.\n")
        total = self._count.total()
        if total % _LINE_EVERY == 0 or self._console.is_terminal:
            line = f"{total} addresses, {self._count[Outcome.DOCUMENT]} documents"
            end = "\r" if self._console.is_terminal else "\n"
            self._console.print(line, end=end)


def _without_report(listed: Iterable[str], rows: Iterable[Row]) -> list[Row]:
    """The listed addresses that answered, but with nothing of a report."""
    answers = {row.address: row for row in rows}
    found = [_end(answers, answers[address]) for address in listed if address in answers]
    return [row for row in found if row.reason]


def _end(answers: dict[str, Row], row: Row) -> Row:
    """Where the redirects of an answer end, or the first of them that says why they do."""
    passed = {row.address}
    while not row.reason and row.leads_to in answers and row.leads_to not in passed:
        row = answers[row.leads_to]
        passed.add(row.address)
    return row


def _say_what_came_of_it(
    spider: Collector, rows: list[Row], failed: list[Row], folder: Path
) -> None:
    count = Counter(row.outcome for row in rows)
    contents = {row.sha256 for row in rows if row.outcome == Outcome.DOCUMENT}
    typer.echo(
        f"{count[Outcome.DOCUMENT]} documents ({len(contents)} contents), {count[Outcome.PAGE]} "
        f"pages, {count[Outcome.REDIRECT]} redirects, {count[Outcome.GONE]} gone, "
        f"{count[Outcome.REFUSED]} refused, {len(failed)} failed; {spider.asked} asked now"
    )
    if not spider.is_whole:
        sys.stderr.write("Interrupted: the same command goes on from here.\n")
    if contents:
        typer.echo(f"Land them: gouji land {folder}   (they are in {folder / DOCUMENTS})")
