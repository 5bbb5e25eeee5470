"""How office programs set what stands in a cell: a way to set it, and what is read of the cell."""

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips

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


# -- Word files

W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'


def filled(*colours: str, kind: str = "solidFill") -> str:
    inside = "".join(f"<w14:{colour}</w14:{colour.split()[0]}>" for colour in colours)
    return f"<w14:textFill><w14:{kind}>{inside}</w14:{kind}></w14:textFill>"


def runs(said: str) -> str:
    """A 9 that is set in some way, and a plain 12."""
    return f"<w:r><w:rPr>{said}</w:rPr><w:t>9</w:t></w:r><w:r><w:t>12</w:t></w:r>"


def styled(paragraph: str, letters: str) -> tuple[str, str]:
    """Styles of a paragraph and of letters, and a 12 set in both."""
    styles = "".join(
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>'
        f"<w:rPr>{said}</w:rPr></w:style>"
        for kind, name, said in (("paragraph", "P", paragraph), ("character", "C", letters))
    )
    return styles, (
        '<w:pPr><w:pStyle w:val="P"/></w:pPr>'
        '<w:r><w:rPr><w:rStyle w:val="C"/></w:rPr><w:t>12</w:t></w:r>'
    )


def shaded(said: str, letters: str = '<w:color w:val="000000"/>') -> str:
    return f"<w:tcPr><w:shd {said}/></w:tcPr><w:p><w:r><w:rPr>{letters}</w:rPr><w:t>12</w:t></w:r>"


WHITE_LETTERS, BLACK_LETTERS = '<w:color w:val="FFFFFF"/>', '<w:color w:val="000000"/>'
RAISED = '<w:r><w:rPr><w:position w:val="{}"/><w:sz w:val="{}"/></w:rPr><w:t>12</w:t></w:r>'
BESIDE = "<w:pPr>{}</w:pPr><w:r><w:t>9</w:t></w:r></w:p><w:p><w:r><w:t>12</w:t></w:r>"


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        # The filling of letters goes before their colour.
        (runs(filled('srgbClr w14:val="FFFFFF">')), "12"),
        (runs(filled('schemeClr w14:val="bg1">') + '<w:color w:val="000000"/>'), "12"),
        (runs(filled('schemeClr w14:val="tx1">') + WHITE_LETTERS), "912"),
        (runs(filled('schemeClr w14:val="bg1"><w14:lumMod w14:val="50000"/>')), "912"),
        (runs(filled('schemeClr w14:val="tx1"><w14:alpha w14:val="100000"/>')), "12"),
        (runs(filled('schemeClr w14:val="tx1"><w14:alpha w14:val="40000"/>')), "912"),
        (runs(filled(kind="noFill")), "12"),
        # Patterns cover a share of a ground; colours have names in a theme.
        (
            runs(
                '<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/><w:color w:val="000000"/>'
            ),
            "12",
        ),
        (shaded('w:val="solid" w:color="000000" w:fill="FFFFFF"'), Doubt.FAINT),
        (shaded('w:val="pct95" w:color="auto" w:fill="auto"'), Doubt.FAINT),
        (shaded('w:val="pct15" w:color="auto" w:fill="auto"'), "12"),
        (shaded('w:val="clear" w:fill="auto" w:themeFill="text1"', WHITE_LETTERS), "12"),
        (shaded('w:val="clear" w:fill="auto" w:themeFill="text1"'), Doubt.FAINT),
        (
            shaded('w:val="clear" w:themeFill="accent1"', '<w:color w:themeColor="accent1"/>'),
            Doubt.FAINT,
        ),
        (
            shaded(
                'w:val="clear" w:themeFill="accent1" w:themeFillTint="33"',
                '<w:color w:themeColor="accent1"/>',
            ),
            "12",
        ),
        (shaded('w:val="clear" w:fill="000000"', ""), "12"),
        # Letters that lie over one another; that are raised as a whole, or stand beside the page.
        (runs('<w:spacing w:val="-400"/>'), Doubt.OVERLAID),
        (runs('<w:spacing w:val="-10"/>'), "912"),
        (RAISED.format(-6, 21), "12"),
        (runs('<w:position w:val="8"/>'), "12"),
        (
            '<w:r><w:rPr><w:position w:val="8"/><w:sz w:val="10"/></w:rPr><w:t>1</w:t></w:r>',
            Doubt.RAISED,
        ),
        *(
            (
                f"<w:pPr>{beside}</w:pPr><w:r><w:t>9</w:t></w:r></w:p><w:p><w:r><w:t>12</w:t></w:r>",
                "12",
            )
            for beside in (
                '<w:ind w:firstLine="-9999"/>',
                '<w:ind w:left="0" w:hanging="9999"/>',
                '<w:framePr w:w="200" w:hAnchor="page" w:vAnchor="page" w:x="-9000" w:y="1"/>',
            )
        ),
        # The style of letters goes before that of their paragraph; both strike: neither does.
        (styled('<w:sz w:val="2"/>', '<w:sz w:val="24"/>'), "12"),
        (styled('<w:sz w:val="24"/>', '<w:sz w:val="2"/>'), ""),
        (styled("<w:strike/>", "<w:strike/>"), "12"),
        (styled("<w:strike/>", ""), Doubt.STRUCK),
        (styled("<w:vanish/>", "<w:vanish/>"), "12"),
        (styled("<w:dstrike/>", "<w:dstrike/>"), Doubt.STRUCK),
        (styled('<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="baseline"/>'), "12"),
        (styled(WHITE_LETTERS, '<w:color w:val="auto"/>'), "12"),
        (styled("", WHITE_LETTERS), Doubt.FAINT),
    ],
)
def test_letters_of_word_files(cell: str | tuple[str, str], read: str) -> None:
    styles, inside = cell if isinstance(cell, tuple) else ("", cell)
    assert [flaw or text for text, flaw in looks(word_file(inside, styles), ".docx")] == [read]


def word_file(inside: str, styles: str = "") -> bytes:
    """A document with a table of one cell; what stands in it begins a paragraph if need be."""
    document = docx.Document()
    cell = document.add_table(1, 1).rows[0].cells[0]
    begun = inside if inside.startswith("<w:tcPr>") else f"<w:p>{inside}"
    written = parse_xml(f"<w:tc {nsdecls('w')} {W14}>{begun}</w:p></w:tc>")
    cell._tc.getparent().replace(cell._tc, written)
    for style in parse_xml(f"<w:styles {nsdecls('w')}>{styles}</w:styles>"):
        document.styles.element.append(style)
    return saved(document.save)


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def test_tables_in_the_text_boxes_of_word_files() -> None:
    document = docx.Document()
    table = document.add_table(1, 1)
    table.rows[0].cells[0].text = "12"
    box = parse_xml(
        f"<w:p {nsdecls('w')}><w:r><w:pict><w:txbxContent/></w:pict></w:r><w:del w:id='1'><w:r>"
        "<w:pict><w:txbxContent><w:tbl><w:tr><w:tc><w:p><w:r><w:t>9</w:t></w:r></w:p></w:tc></w:tr>"
        "</w:tbl></w:txbxContent></w:pict></w:r></w:del></w:p>"
    )
    table._tbl.addprevious(box)
    box.find(f".//{qn('w:txbxContent')}").append(table._tbl)
    tables = read_document(saved(document.save), ".docx").tables
    assert [[row.texts for row in table.rows] for table in tables] == [[("12",)]]


def test_a_row_that_is_too_low_for_its_lines() -> None:
    document = docx.Document()
    row = document.add_table(1, 2).rows[0]
    row.cells[0].text, row.cells[1].text = "12", "1\n2"
    row.cells[1].add_paragraph("3")
    row.height, row.height_rule = Twips(240), WD_ROW_HEIGHT_RULE.EXACTLY
    assert [flaw for _, flaw in looks(saved(document.save), ".docx")] == ["", Doubt.OVER_EDGE]


# -- files of the strict kind

_OFFICE = b"http://schemas.openxmlformats.org/"


def strict(data: bytes) -> bytes:
    """An Office file with the names that the standard gives in its strict part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for kind in (b"wordprocessingml", b"spreadsheetml", b"officeDocument", b"drawingml"):
        names = _OFFICE + kind + b"/2006/", b"http://purl.oclc.org/ooxml/" + kind + b"/"
        parts = {name: part.replace(*names) for name, part in parts.items()}
    return written_open.packed(parts)


def test_files_of_the_strict_kind() -> None:
    word = strict(word_file("<w:r><w:t>12</w:t></w:r>"))
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append([12])
    for data, suffix in ((word, ".docx"), (strict(saved(workbook.save)), ".xlsx")):
        assert looks(data, suffix) == [("12", "")]
