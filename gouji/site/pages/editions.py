"""Editions of a report that are not current: their three tables as printed."""

from functools import cache

from gouji.site.form import Form, anchor
from gouji.site.page import Site, report_address
from gouji.site.pages.report_form import FormCell, web_address
from gouji.site.words import named, words


def write(site: Site) -> None:
    """Write `reports/<agency>-<year>-r<number>.html` for each edition that is not current."""
    heads = {row["report_id"]: row for row in site.rows("edition_heads")}
    if not heads:
        return
    form = Form(site.rows("form_lines"), site.rows("form_columns"))
    grids = cache(form.grids)
    for report_id, rows in site.stream("edition_cells", "report_id"):
        head = heads[report_id]
        lines = frozenset(row["line_code"] for row in rows if row["form_table"] == "requests")
        grids_of_edition = grids(head["layout"], lines)
        printed = {(r["form_table"], r["line_code"], r["column_code"]): r["printed"] for r in rows}
        site.write(
            report_address(head, edition=True),
            "edition.html.j2",
            section="reports",
            title=words(
                "report.title",
                agency=named(head["agency_name"], head["name_latin"]),
                year=head["report_year"],
            ),
            head=head,
            current=report_address(head).removeprefix("reports/"),
            source=web_address(head["source_url"]),
            grids=grids_of_edition,
            cells={
                place.key: _cell(printed[place.key]) if place.key in printed else ABSENT
                for grid in grids_of_edition
                for place in grid.places()
            },
            anchor=anchor,
        )


ABSENT = FormCell(None, "absent")


def _cell(printed: str | None) -> FormCell:
    return FormCell(printed, "blank" if printed is None else "reported")
