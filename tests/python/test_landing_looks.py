"""How office programs set what stands in a cell: a way to set it, and what is read of the cell."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import landing_open_formats as written_open
from gouji.landing.read import read_document
from gouji.landing.shown import Doubt

NUMBER = 'office:value-type="float" office:value="{}"'


def looks(data: bytes, suffix: str) -> list[tuple[str, str]]:
    """What is read of each cell of the first row of a table, and its doubt."""
    row = read_document(data, suffix).tables[0].rows[0]
    return list(zip(row.texts, row.flaws, strict=True))


# -- OpenDocument


def style(name: str, said: str, *, family: str = "text", more: str = "", part: str = "text") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" {more}>'
        f"<style:{part}-properties {said}/></style:style>"
    )


AUTOMATIC = 'style:use-window-font-color="true" loext:opacity="0%"'
CLEAR = 'fo:color="#000000" loext:opacity="0%"'
SPAN = '<text:p><text:span text:style-name="a">9</text:span>12</text:p>'


@pytest.mark.parametrize(
    ("styles", "cell", "read"),
    [
        # LibreOffice writes that automatic letters are of no opacity.
        (style("a", AUTOMATIC), SPAN, "912"),
        (style("a", CLEAR), SPAN, "12"),
        (style("b", AUTOMATIC) + style("a", CLEAR, more='style:parent-style-name="b"'), SPAN, "12"),
        (
            style("b", CLEAR) + style("a", AUTOMATIC, more='style:parent-style-name="b"'),
            SPAN,
            "912",
        ),
        # A colour takes the place of an automatic one, and comes with an opacity of its own.
        (
            style("b", AUTOMATIC)
            + style("a", 'fo:color="#ffffff"', more='style:parent-style-name="b"'),
            SPAN,
            "12",
        ),
        (
            style("b", CLEAR)
            + style("a", 'fo:color="#ff0000"', more='style:parent-style-name="b"'),
            SPAN,
            "912",
        ),
        # Automatic letters turn white on what is dark.
        (style("a", AUTOMATIC + ' fo:background-color="#000000"'), SPAN, "912"),
        (style("a", 'fo:letter-spacing="-8pt"'), SPAN, Doubt.OVERLAID),
        (style("a", 'fo:letter-spacing="-0.5pt"'), SPAN, "912"),
        (
            style("a", 'fo:text-indent="-900pt"', family="paragraph", part="paragraph"),
            '<text:p text:style-name="a">9</text:p><text:p>12</text:p>',
            "12",
        ),
    ],
)
def test_letters_of_opendocument_texts(styles: str, cell: str, read: str) -> None:
    body = (
        "<office:text><table:table><table:table-row><table:table-cell>"
        f"{cell}</table:table-cell></table:table-row></table:table></office:text>"
    )
    ((text, flaw),) = looks(written_open.opendocument(body, "text", styles), ".odt")
    assert (flaw or text) == read


def number_style(content: str, name: str = "N1") -> str:
    return f'<number:number-style style:name="{name}">{content}</number:number-style>'


def ink(colour: str) -> str:
    return f'<style:text-properties fo:color="{colour}"/>'


OF_N1 = 'style:data-style-name="N1"'
SECTION = '<style:map style:condition="value()&gt;=0" style:apply-style-name="N0"/>'


@pytest.mark.parametrize(
    ("styles", "value", "text", "read"),
    [
        ("", "-12", "(12)", "-12"),
        ("", "-12", "（12） ", "-12"),
        ("", "-12", "-12(件)", "-12(件)"),
        ("", "-12", "12(件)", Doubt.FORMAT),
        ("", "12", "(12)", "(12)"),
        # A number format may set a colour of its own.
        (number_style(ink("#ff0000")), "12", "12", "12"),
        (number_style(ink("#ffffff")), "12", "12", Doubt.FAINT),
        (number_style(ink("#ffffff"), "N0") + number_style(SECTION), "12", "12", Doubt.FAINT),
    ],
)
def test_numbers_of_opendocument_sheets(styles: str, value: str, text: str, read: str) -> None:
    styles += style("a", "", family="table-cell", more=OF_N1)
    body = (
        '<office:spreadsheet><table:table table:name="a"><table:table-row>'
        f'<table:table-cell table:style-name="a" {NUMBER.format(value)}><text:p>{text}</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet>"
    )
    ((shown, flaw),) = looks(written_open.opendocument(body, "spreadsheet", styles), ".ods")
    assert (flaw or shown) == read
