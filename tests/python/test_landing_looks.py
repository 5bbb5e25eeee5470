"""How office programs set what stands in a cell: a way to set it, and what is read of the cell."""

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import PIL.Image
import pytest
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AbsoluteAnchor
from openpyxl.drawing.xdr import XDRPoint2D, XDRPositiveSize2D
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, FormulaRule, Rule
from openpyxl.styles import Color, Font, GradientFill, PatternFill
from openpyxl.styles.fills import Fill
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

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
OF_A = 'table:style-name="a"'
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


@pytest.mark.parametrize(("colour", "read"), [("#ffffff", "12"), ("#000000", Doubt.FAINT)])
@pytest.mark.parametrize("family", ["table", "table-row"])
def test_letters_on_the_ground_of_a_row(family: str, colour: str, read: str) -> None:
    styles = style("g", 'fo:background-color="#000000"', family=family, part=family)
    styles += style("a", f'fo:color="{colour}"', family="table-cell")
    table, row = (
        OF_A.replace('"a"', '"g"') if family == one else "" for one in ("table", "table-row")
    )
    body = (
        f"<office:text><table:table {table}><table:table-row {row}>"
        f"{cell('12', OF_A)}</table:table-row></table:table></office:text>"
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
        (number_style("", "N0") + number_style(ink("#ffffff") + SECTION), "12", "12", "12"),
        (number_style("", "N0") + number_style(ink("#ffffff") + SECTION), "-5", "-5", Doubt.FAINT),
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
        (runs('<w:sz w:val="1.5pt"/>'), "12"),  # as files of the strict kind may measure
        (runs('<w:sz w:val="15pt"/>'), "912"),
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


RUN = "<w:rPr>{}</w:rPr>"
WHITE_LETTERS = RUN.format('<w:color w:val="FFFFFF"/>')
DARK_CELL = '<w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'
HIDDEN_LETTERS = RUN.format("<w:vanish/>")


def part(name: str, said: str) -> str:
    return f'<w:tblStylePr w:type="{name}">{said}</w:tblStylePr>'


@pytest.mark.parametrize(
    ("style", "look", "read"),
    [
        (WHITE_LETTERS, "", [Doubt.FAINT] * 9),
        (WHITE_LETTERS + DARK_CELL, "", list("123456789")),
        (part("firstRow", WHITE_LETTERS + DARK_CELL), 'w:firstRow="1"', list("123456789")),
        (part("firstRow", WHITE_LETTERS), 'w:firstRow="1"', [Doubt.FAINT] * 3 + list("456789")),
        (part("firstRow", WHITE_LETTERS), 'w:firstRow="0"', list("123456789")),
        (part("firstRow", WHITE_LETTERS), 'w:val="0020"', [Doubt.FAINT] * 3 + list("456789")),
        (
            part("lastCol", HIDDEN_LETTERS),
            'w:lastColumn="1"',
            ["1", "2", "", "4", "5", "", *"78", ""],
        ),
        (part("swCell", HIDDEN_LETTERS), 'w:firstColumn="1" w:lastRow="1"', [*"123456", "", *"89"]),
        (part("swCell", HIDDEN_LETTERS), 'w:firstColumn="1"', list("123456789")),
        (
            part("band1Horz", RUN.format("<w:strike/>")),
            'w:firstRow="1" w:noVBand="1"',
            [*"123", *[Doubt.STRUCK] * 3, *"789"],
        ),
        (part("band1Vert", HIDDEN_LETTERS), 'w:noVBand="1"', list("123456789")),
        (part("band2Vert", HIDDEN_LETTERS), "", ["1", "", "3", "4", "", "6", "7", "", "9"]),
    ],
)
def test_styles_of_tables_in_word_files(style: str, look: str, read: list[str]) -> None:
    """Nine cells; the style is one that another, which the table names, is based on."""
    document = docx.Document()
    table = document.add_table(3, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number + 1)
    styles = f"""
        <w:styles {nsdecls("w")}>
          <w:style w:type="table" w:styleId="base">{style}</w:style>
          <w:style w:type="table" w:styleId="own"><w:basedOn w:val="base"/></w:style>
        </w:styles>"""
    for one in parse_xml(styles):
        document.styles.element.append(one)
    properties = table._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    for written in ('<w:tblStyle {} w:val="own"/>', f"<w:tblLook {{}} {look}/>"):
        properties.append(parse_xml(written.format(nsdecls("w"))))
    rows = read_document(saved(document.save), ".docx").tables[0].rows
    assert [cell.flaw or cell.text for row in rows for cell in row.cells] == read


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


# -- spreadsheets

BLACK, WHITE, GREEN = "FF000000", "FFFFFFFF", "FF00FF00"
ACCENT = Color(theme=4)


def sheet_file(change: Callable[[Worksheet], None], value: object = 12) -> bytes:
    """A workbook whose first cell holds a value, changed in some way."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = value, "规章"
    change(sheet)
    return saved(workbook.save)


def set_so(
    fill: Fill | None = None, font: Font | None = None, code: str = "General"
) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        cell = sheet["A1"]
        cell.fill, cell.font, cell.number_format = fill or PatternFill(), font or Font(), code

    return change


def solid(colour: str | Color) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (set_so(solid(ACCENT), Font(color=ACCENT)), Doubt.FAINT),
        (set_so(solid(ACCENT), Font(color=Color(theme=0))), "12"),
        (set_so(solid(Color(theme=4, tint=0.8)), Font(color=ACCENT)), "12"),
        (set_so(solid(Color(indexed=10)), Font(color="FFFF0000")), Doubt.FAINT),
        (set_so(GradientFill(stop=(BLACK, BLACK))), Doubt.FAINT),
        (set_so(GradientFill(stop=(WHITE, "FFFFCC00"))), "12"),
        (set_so(PatternFill("darkGray", fgColor=BLACK, bgColor=BLACK)), Doubt.FAINT),
        (set_so(PatternFill("lightGray")), "12"),
        # A number format may set a colour of its own, by its name or its number.
        (set_so(code="[White]0"), Doubt.FAINT),
        (set_so(code="[白色]0"), Doubt.FAINT),
        (set_so(code="[Color2]0"), Doubt.FAINT),
        (set_so(code="[White]0;0"), Doubt.FAINT),
        (set_so(code="0;[White]0"), "12"),
        (set_so(code="[Color 10]0"), "12"),
        (set_so(solid(BLACK), code="[White]0"), "12"),
        (set_so(solid(BLACK), Font(color=WHITE), code="[Black]0"), Doubt.FAINT),
    ],
)
def test_letters_and_grounds_of_spreadsheets(
    change: Callable[[Worksheet], None], read: str
) -> None:
    (text, flaw), _ = looks(sheet_file(change), ".xlsx")
    assert (flaw or text) == read


@pytest.mark.parametrize(
    ("own", "rules", "read"),
    [
        (None, [CellIsRule("equal", ["12"], fill=PatternFill(bgColor=BLACK))], Doubt.FORMAT),
        (
            None,
            [FormulaRule(["A1>9"], font=Font(color=GREEN), fill=PatternFill(bgColor=GREEN))],
            Doubt.FORMAT,
        ),
        (
            None,
            [FormulaRule(["A1>9"], font=Font(color=WHITE), fill=PatternFill(bgColor=BLACK))],
            "12",
        ),
        (None, [CellIsRule("lessThan", ["1"], fill=PatternFill(bgColor=BLACK))], "12"),
        (None, [CellIsRule("between", ["1", "20"], font=Font(strike=True))], Doubt.FORMAT),
        (None, [FormulaRule(["FALSE"], font=Font(strike=True))], "12"),
        (None, [ColorScaleRule("min", None, WHITE, "max", None, "FFFF0000")], "12"),
        (
            Font(color="FFFF0000"),
            [ColorScaleRule("min", None, WHITE, "max", None, "FFFF0000")],
            Doubt.FORMAT,
        ),
        # Of two conditions one may colour the letters and the other the ground.
        (
            None,
            [
                FormulaRule(["A1>9"], font=Font(color=GREEN)),
                FormulaRule(["A1>8"], fill=PatternFill(bgColor=GREEN)),
            ],
            Doubt.FORMAT,
        ),
    ],
)
def test_conditions_of_spreadsheets(own: Font | None, rules: list[Rule], read: str) -> None:
    def change(sheet: Worksheet) -> None:
        set_so(font=own)(sheet)
        for rule in rules:
            sheet.conditional_formatting.add("A1:B9", rule)

    (text, flaw), _ = looks(sheet_file(change), ".xlsx")
    assert (flaw or text) == read


LATER = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
    '<x14:conditionalFormattings><x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com'
    '/office/excel/2006/main"><x14:cfRule type="expression"><xm:f>{}</xm:f><x14:dxf><numFmt '
    'numFmtId="164" formatCode=";;;"/></x14:dxf></x14:cfRule><xm:sqref>A1:A9</xm:sqref>'
    "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst></worksheet>"
)


@pytest.mark.parametrize(("formula", "read"), [("A1&gt;9", Doubt.FORMAT), ("FALSE", "12")])
@pytest.mark.filterwarnings("ignore:Conditional Formatting extension")
def test_conditions_of_later_excels(formula: str, read: str) -> None:
    with zipfile.ZipFile(io.BytesIO(sheet_file(lambda _: None))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</worksheet>", LATER.format(formula).encode())
    (text, flaw), _ = looks(written_open.packed(parts), ".xlsx")
    assert (flaw or text) == read


@pytest.mark.parametrize(
    ("value", "shown"), [(130.00000000001, "130"), (0.1 + 0.2, "0.3"), (1 / 3, "0.333333333")]
)
def test_a_number_without_a_format_shows_in_eleven_characters(value: float, shown: str) -> None:
    assert looks(sheet_file(lambda _: None, value), ".xlsx")[0] == (shown, "")


def test_a_sheet_that_shows_formulas_shows_no_formats() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"].number_format = '0.0,"千"'
        sheet.sheet_view.showFormulas = True

    assert looks(sheet_file(change, 85000), ".xlsx")[0] == ("85000", "")


def _picture(width: int) -> Image:
    file = io.BytesIO()
    PIL.Image.new("RGB", (width, 10)).save(file, "PNG")
    return Image(file)


def _anywhere(sheet: Worksheet) -> None:
    picture = _picture(30)
    place = XDRPoint2D(pixels_to_EMU(64 + 10), pixels_to_EMU(5))
    size = XDRPositiveSize2D(pixels_to_EMU(30), pixels_to_EMU(10))
    picture.anchor = AbsoluteAnchor(pos=place, ext=size)
    sheet.add_image(picture)


def _over_a_merged_cell(sheet: Worksheet) -> None:
    sheet.merge_cells("A1:B1")
    sheet.add_image(_picture(30), "B1")


@pytest.mark.parametrize(
    ("change", "covered"),
    [
        (lambda sheet: sheet.add_image(_picture(3 * 64), "A1"), [True, True, True, False]),
        (_anywhere, [False, True, False, False]),
        (_over_a_merged_cell, [True, False, False]),
    ],
)
def test_cells_under_pictures(change: Callable[[Worksheet], None], covered: list[bool]) -> None:
    def drawn(sheet: Worksheet) -> None:
        sheet["D1"] = 3
        change(sheet)

    found = looks(sheet_file(drawn), ".xlsx")
    assert [flaw == Doubt.PICTURE for _, flaw in found] == covered


def test_a_merged_cell_shows_where_any_part_of_it_is_seen() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"], sheet["C1"], sheet["A3"] = None, 12, 3
        sheet.merge_cells("C1:C2")
        sheet.merge_cells("A3:B3")
        sheet.row_dimensions[1].hidden = True
        sheet.column_dimensions["A"].hidden = True

    (table,) = read_document(sheet_file(change), ".xlsx").tables
    assert [row.texts for row in table.rows] == [("", "12"), ("",), ("3", "")]


# -- sheets of OpenDocument, as LibreOffice shows them


def ods(rows: str, *, before: str = "", after: str = "", styles: str = "") -> bytes:
    body = (
        f'<office:spreadsheet><table:table table:name="a">{before}{rows}{after}</table:table>'
        "</office:spreadsheet>"
    )
    return written_open.opendocument(body, "spreadsheet", styles)


def cell(text: str, more: str = "", inside: str = "") -> str:
    lines = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {more}>{lines}{inside}</table:table-cell>"


DOWN, ACROSS = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="2"'
FRAME = '<draw:frame svg:x="{}pt" svg:y="2pt" svg:width="{}pt" svg:height="9pt"><draw:image/>'
FRAME += "</draw:frame>"


@pytest.mark.parametrize(
    ("inside", "before", "covered"),
    [
        (FRAME.format(0, 150), "", [True, True, True, False]),
        ("", f"<table:shapes>{FRAME.format(70, 30)}</table:shapes>", [False, True, False, False]),
    ],
)
def test_cells_under_pictures_of_opendocument(
    inside: str, before: str, covered: list[bool]
) -> None:
    rows = f"<table:table-row>{cell('', '', inside)}{cell('') * 2}{cell('3')}</table:table-row>"
    found = looks(ods(rows, before=before), ".ods")
    assert [flaw == Doubt.PICTURE for _, flaw in found] == covered


def test_a_picture_below_the_rows_of_a_sheet_adds_none() -> None:
    seal = FRAME.format(0, 30).replace('svg:y="2pt"', 'svg:y="16pt"')
    rows = f"<table:table-row>{cell('数量')}{cell('3')}</table:table-row>"
    rows += f'<table:table-row table:number-rows-repeated="1048575">{cell("")}</table:table-row>'
    before = f"<table:shapes>{seal}</table:shapes>"
    (table,) = read_document(ods(rows, before=before), ".ods").tables
    assert [row.texts for row in table.rows] == [("数量", "3")]


def test_a_merged_cell_of_opendocument_shows_where_any_part_of_it_is_seen() -> None:
    columns = '<table:table-column table:visibility="collapse"/>' + "<table:table-column/>" * 2
    rows = (
        f'<table:table-row table:visibility="collapse">{cell("9") * 2}'
        f"{cell('12', DOWN)}</table:table-row>"
        f"<table:table-row>{cell('9')}{cell('8')}<table:covered-table-cell/></table:table-row>"
        f"<table:table-row>{cell('3', ACROSS)}"
        f"<table:covered-table-cell/>{cell('4')}</table:table-row>"
    )
    (table,) = read_document(ods(rows, before=columns), ".ods").tables
    assert [row.texts for row in table.rows] == [("", "12"), ("8",), ("3", "4")]


BLACK_GROUND = style("b", 'fo:background-color="#000000"', family="table-cell", part="table-cell")
BLACK_LETTERS_OF_CELL = style("c", 'fo:color="#000000"', family="table-cell")
STRUCK = style("s", 'style:text-line-through-style="solid"', family="table-cell")


@pytest.mark.parametrize(
    ("own", "condition", "set_to", "read"),
    [
        ("c", "=12", "b", Doubt.FORMAT),
        ("", "=12", "b", "12"),  # automatic letters turn white
        ("c", "&lt;1", "b", "12"),
        ("c", "formula-is([.A1]&gt;9)", "s", Doubt.FORMAT),
        ("c", "formula-is(FALSE())", "s", "12"),
    ],
)
def test_conditions_of_opendocument(own: str, condition: str, set_to: str, read: str) -> None:
    row = cell("12", f'table:style-name="{own}" {NUMBER.format(12)}')
    conditions = (
        '<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="'
        f'a.A1:a.A9"><calcext:condition calcext:value="{condition}" calcext:apply-style-name="'
        f'{set_to}"/></calcext:conditional-format></calcext:conditional-formats>'
    )
    data = ods(
        f"<table:table-row>{row}</table:table-row>",
        after=conditions,
        styles=BLACK_GROUND + BLACK_LETTERS_OF_CELL + STRUCK,
    )
    ((text, flaw),) = looks(data, ".ods")
    assert (flaw or text) == read


def test_tables_in_the_shapes_of_opendocument_texts() -> None:
    table = f"<table:table><table:table-row>{cell('12')}</table:table-row></table:table>"
    body = f"<office:text><text:p><draw:custom-shape>{table}</draw:custom-shape></text:p>"
    data = written_open.opendocument(f"{body}</office:text>", "text")
    assert looks(data, ".odt") == [("12", "")]
