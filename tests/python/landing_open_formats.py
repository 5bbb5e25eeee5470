"""Writes the cells of `landing_cells` in the open formats: OpenDocument texts and sheets, OFD."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from PIL import Image

from landing_documents import Box, Grid

PROSE = "政府信息公开"
NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "number": "datastyle",
        "form": "form",
    }.items()
)
NAMES += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
NAMES += ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
NAMES += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
TEXT_STYLES = {
    "struck": 'style:text-line-through-style="solid"',
    "raised": 'style:text-position="super 58%"',
    "lowered": 'style:text-position="-33% 58%"',
    "hidden": 'text:display="none"',
    "shown": 'text:display="true"',
    "tiny": 'fo:font-size="1pt"',
    "white": 'fo:color="#ffffff"',
    "wing": 'style:font-name="Wingdings"',
    "symbol": 'style:font-name="Symbol"',
    "narrow": 'style:text-scale="1%"',
    "black": 'fo:background-color="#000000" fo:color="#000000"',
    "turned": 'style:text-rotation-angle="180"',
}
MARKS = '<text:span text:style-name="raised">{}</text:span>'
ODT = {
    "note": "12<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>"
    "<text:note-body><text:p>9</text:p></text:note-body></text:note>" + MARKS.format("1"),
    "note sign": "12①",
    "struck": '<text:span text:style-name="struck">9</text:span>12',
    "only struck": '<text:span text:style-name="struck">9</text:span>',
    "deleted": '<text:change text:change-id="c1"/>12',
    "hidden": '<text:span text:style-name="hidden">9<text:span text:style-name="shown">1'
    '</text:span></text:span>2<text:hidden-text text:is-hidden="true" text:string-value="9">9'
    "</text:hidden-text><office:annotation><text:p>9</text:p></office:annotation>",
    "tiny": '<text:span text:style-name="tiny">9</text:span>12',
    "faint": '<text:span text:style-name="white">9</text:span>12',
    "in the ground": '<text:span text:style-name="black">9</text:span>12',
    "clipped": '<text:span text:style-name="narrow">9</text:span>12</text:p>'
    '<text:p text:style-name="low">9',
    "only clipped": '</text:p><text:p text:style-name="beside">9',
    "fraction": f'{MARKS.format("1")}/<text:span text:style-name="lowered">2</text:span>',
    "turned": '<text:span text:style-name="turned">9</text:span>',
    "ruby": "<text:ruby><text:ruby-base>12</text:ruby-base><text:ruby-text>9</text:ruby-text>"
    "</text:ruby>",
    "link": '<text:a xlink:href="#9">1</text:a><text:bookmark-ref>2</text:bookmark-ref>',
    "two lines": "1<text:line-break/>2",
    "two words": '1<text:s text:c="3"/>2',
    "minus": "\u22122",
    "symbol minus": '<text:span text:style-name="symbol">-</text:span>2',
    "thin space": "1\u2009036",
    "picture": '<draw:frame><draw:image xlink:href="a.png"/></draw:frame>',
    "field": "<text:drop-down>12</text:drop-down>",
    "nested": "</text:p><table:table><table:table-row><table:table-cell><text:p>12</text:p>"
    "</table:table-cell></table:table-row></table:table><text:p>",
    "equation": '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>',
    "symbol": "\ue123",
    "symbol font": '<text:span text:style-name="wing">9</text:span>',
    "counted": '</text:p><text:list text:style-name="counts"><text:list-item><text:p/>'
    "</text:list-item></text:list><text:p>",
    "formula": "",
    "crossed": "",
}
ATTRIBUTES = {
    "formula": ' table:formula="=sum(a1)"',
    "crossed": ' table:style-name="crossed"',
}


def write_odt() -> bytes:
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{kind}</text:p></table:table-cell>"
        f"<table:table-cell{ATTRIBUTES.get(kind, '')}>"
        f"{f'<text:p>{cell}</text:p>' if kind != 'formula' else ''}</table:table-cell>"
        "<table:table-cell><text:p>3</text:p></table:table-cell></table:table-row>"
        for kind, cell in ODT.items()
    )
    gone = "<text:changed-region><text:deletion><text:p>9</text:p></text:deletion>"
    body = (
        f"<office:text><text:tracked-changes>{gone}</text:changed-region></text:tracked-changes>"
        f"<text:p>{PROSE}</text:p><table:table>{rows}</table:table></office:text>"
    )
    return opendocument(body, "text")


ODS = {  # the attributes of a cell, and what stands in it
    "note sign": ("", "12①"),
    "note": ("", f"<text:p>12{MARKS.format('1')}</text:p>"),
    "struck": ("", '<text:p><text:span text:style-name="struck">9</text:span>12</text:p>'),
    "only struck": (' table:style-name="struck"', "9"),
    "hidden": (
        ' table:style-name="plain"',
        "12<office:annotation><text:p>9</text:p></office:annotation>",
    ),
    "hidden by format": (' office:value-type="float" office:value="9"', "<text:p/>"),
    "faint": ("", '<text:p><text:span text:style-name="white">9</text:span>12</text:p>'),
    "only in the ground": (' table:style-name="black"', "9"),
    "turned": (' table:style-name="turned"', "9"),
    "minus": (' office:value-type="float" office:value="-2"', "\u22122"),
    "thin space": ("", "1\u2009036"),
    "format": (' office:value-type="float" office:value="85000"', "8.5万"),
    "percent": (' office:value-type="percentage" office:value="10.11"', "1011%"),
    "filling": (' table:style-name="filling" office:value-type="float" office:value="12"', "12"),
    "sign in colour": (' office:value-type="float" office:value="-12"', "12"),
    "date": (' office:value-type="date" office:date-value="1900-01-12"', "12"),
    "formula": (' table:formula="of:=SUM([.A1])"', ""),
    "picture": ("", '<draw:frame><draw:image xlink:href="a.png"/></draw:frame>'),
    "field": ("", "<draw:control/>"),
    "symbol": ("", "\ue123"),
    "symbol font": (' table:style-name="wing"', "9"),
    "crossed": (' table:style-name="crossed"', ""),
    "link": ("", '<text:p><text:a xlink:href="#9">12</text:a></text:p>'),
    "two lines": ("", "<text:p>1</text:p><text:p>2</text:p>"),
}


def write_ods() -> bytes:
    rows = "".join(
        "<table:table-row>"
        f"<table:table-cell><text:p>{kind}</text:p></table:table-cell>"
        f"<table:table-cell{attributes}>{_lines(cell)}</table:table-cell>"
        '<table:table-cell table:style-name="gone"><text:p>3</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
        for kind, (attributes, cell) in ODS.items()
    )
    hidden = (
        '<table:table-row table:visibility="collapse"><table:table-cell><text:p>9</text:p>'
        "</table:table-cell></table:table-row>"
    )
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/>'
    body = (
        f'<office:spreadsheet><table:table table:name="年报">{hidden}{rows}{empty}'
        "</table:table-row></table:table></office:spreadsheet>"
    )
    return opendocument(body, "spreadsheet")


def _lines(cell: str) -> str:
    return cell if cell.startswith("<") or not cell else f"<text:p>{cell}</text:p>"


def opendocument(body: str, kind: str, more_styles: str = "") -> bytes:
    styles = more_styles + "".join(
        f'<style:style style:name="{name}" style:family="{family}">'
        f"<style:text-properties {said}/></style:style>"
        for name, said in TEXT_STYLES.items()
        for family in ("text", "table-cell")
    )
    styles += "".join(
        f'<style:style style:name="{name}" style:family="{family}"{more}>'
        f"<style:{part}-properties {said}/></style:style>"
        for name, family, more, part, said in (
            ("low", "paragraph", "", "paragraph", 'fo:line-height="1pt"'),
            ("beside", "paragraph", "", "paragraph", 'fo:margin-left="-20cm"'),
            ("crossed", "table-cell", "", "table-cell", 'style:diagonal-tl-br="1pt solid #000"'),
            ("filling", "table-cell", ' style:data-style-name="N9"', "table-cell", ""),
        )
    )
    styles += (
        '<number:number-style style:name="N9"><number:fill-character>*</number:fill-character>'
        "<number:number/></number:number-style>"
        '<text:list-style style:name="counts"><text:list-level-style-number text:level="1" '
        'style:num-format="1"/></text:list-style>'
    )
    fonts = "".join(
        f'<style:font-face style:name="{name}" svg:font-family="{name}"/>'
        for name in ("Wingdings", "Symbol")
    )
    content = (
        f"<office:document-content {NAMES}><office:font-face-decls>{fonts}"
        f"</office:font-face-decls><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="Object 1/" '
        'manifest:media-type="application/vnd.oasis.opendocument.formula"/></manifest:manifest>'
    )
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


# -- OFD: pages of text objects and rules, in millimetres from the top left

SIZE, STEP = 4.0, 2.0  # of a letter, from digit to digit


class Ofd:
    """An OFD document that is drawn object by object."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = [[]]
        self.notes: list[str] = []
        self.template: list[str] = []

    def text(  # noqa: PLR0917
        self,
        x: float,
        y: float,
        text: str,
        more: str = "",
        size: float = SIZE,
        inner: str = "",
        step: float | None = None,
    ) -> None:
        """Draw letters whose line begins at (x, y); digits half as far apart as characters."""
        steps = [step or (size / 2 if ord(char) < 0x2E80 else size) for char in text[:-1]]
        runs = f' DeltaX="g {len(steps)} {steps[0]}"' if len(set(steps)) == 1 and steps else ""
        runs = runs or (f' DeltaX="{" ".join(map(str, steps))}"' if steps else "")
        self.pages[-1].append(
            f'<ofd:TextObject Boundary="{x} {y - size} {sum(steps) + size} {size * 1.3}" '
            f'Font="1" Size="{size}" {more}>{inner}'
            f'<ofd:TextCode X="0" Y="{size}"{runs}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )

    def line(self, x: float, y: float, right: float, low: float, more: str = "") -> None:
        """Draw a rule."""
        self.path(x, y, f"M 0 0 L {right - x} {low - y}", more)

    def path(self, x: float, y: float, way: str, more: str = "", inner: str = "") -> None:
        """Draw a path."""
        self.pages[-1].append(
            f'<ofd:PathObject Boundary="{x} {y} 200 200" LineWidth="0.3" {more}>{inner}'
            f"<ofd:AbbreviatedData>{way}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def grid(self, columns: list[float], rows: list[float]) -> None:
        """Draw the rules of a table, all in one path."""
        way = [f"M {columns[0]} {y} L {columns[-1]} {y}" for y in rows]
        way += [f"M {x} {rows[0]} L {x} {rows[-1]}" for x in columns]
        self.path(0, 0, " ".join(way))

    def written(self) -> bytes:
        """The whole file."""
        name = 'xmlns:ofd="http://www.ofdspec.org/2016"'
        page = (
            "<ofd:Page {}>{}<ofd:Content><ofd:Layer ID='2'>{}</ofd:Layer></ofd:Content></ofd:Page>"
        )
        number = len(self.pages)
        pages = "".join(
            f'<ofd:Page ID="{at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(number)
        )
        used = '<ofd:Template TemplateID="99" ZOrder="Background"/>'
        picture = io.BytesIO()
        Image.new("L", (4, 4), 0).save(picture, "PNG")
        parts = {
            "OFD.xml": f'<ofd:OFD {name} Version="1.0"><ofd:DocBody><ofd:DocInfo/>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {name}><ofd:CommonData><ofd:PageArea>"
            "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
            '<ofd:TemplatePage ID="99" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
            f"<ofd:Pages>{pages}</ofd:Pages>"
            "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations></ofd:Document>",
            "Doc_0/PublicRes.xml": f'<ofd:Res {name} BaseLoc="Res"><ofd:Fonts>'
            '<ofd:Font ID="1" FontName="SimSun"/><ofd:Font ID="5" FontName="Wingdings"/>'
            '</ofd:Fonts><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image">'
            "<ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>",
            "Doc_0/Tpls/Tpl_0/Content.xml": page.format(name, "", "".join(self.template)),
            "Doc_0/Annots/Annotations.xml": f"<ofd:Annotations {name}><ofd:Page PageID='0'>"
            "<ofd:FileLoc>Page_0.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>",
            "Doc_0/Annots/Page_0.xml": f"<ofd:PageAnnot {name}>{''.join(self.notes)}"
            "</ofd:PageAnnot>",
        }
        for at, drawn in enumerate(self.pages):
            parts[f"Doc_0/Pages/Page_{at}/Content.xml"] = page.format(name, used, "".join(drawn))
        content = {path: text.encode() for path, text in parts.items()}
        return packed(content | {"Doc_0/Res/a.png": picture.getvalue()})


OFD = (
    *("note", "note sign", "struck", "only struck", "hidden", "tiny", "faint", "clipped"),
    *("only clipped", "clipped in part", "turned", "see-through", "in the ground", "whited out"),
    *("only whited out", "drawn twice", "slanted", "minus", "picture", "symbol"),
    *("symbol font", "two words", "overlaid", "crossed", "under a note", "over the edge"),
    *("wrapped", "link"),
)
_ROW = 8.0
_CLIP = (
    '<ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary="0 0 {0} 9">'
    "<ofd:AbbreviatedData>M 0 0 L {0} 0 L {0} 9 L 0 9 C</ofd:AbbreviatedData></ofd:Path></ofd:Area>"
    "</ofd:Clip></ofd:Clips>"
)
_COLOUR = '<ofd:FillColor Value="{}"/>'


def write_ofd() -> bytes:
    ofd = Ofd()
    ofd.text(20, 10, PROSE)
    columns, left = [20.0, 70.0, 130.0, 180.0], 80.0
    rows = [15 + _ROW * at for at in range(len(OFD) + 1)]
    ofd.grid(columns, rows)
    for number, kind in enumerate(OFD):
        y = rows[number] + 6
        ofd.text(22, y, kind)
        ofd.text(140, y, "3")
        _ofd_cell(ofd, kind, left, y)
    return ofd.written()


def _ofd_cell(ofd: Ofd, kind: str, x: float, y: float) -> None:  # noqa: PLR0912, PLR0915
    def nine(more: str = "", inner: str = "", size: float = SIZE) -> None:
        ofd.text(x - 5, y, "9", more, size, inner)

    if kind in (
        *("note", "struck", "hidden", "tiny", "faint", "clipped", "see-through", "in the ground"),
        *("whited out", "slanted", "link", "crossed", "under a note"),
    ):
        ofd.text(x, y, "12")
    if kind == "note":
        ofd.text(x + 2 * STEP, y - 1.8, "1", size=2.2)
    elif kind == "note sign":
        ofd.text(x, y, "12①")
    elif kind in ("struck", "only struck"):
        nine()
        ofd.line(x - 5, y - 1.4, x - 3, y - 1.4)
    elif kind == "hidden":
        nine('Visible="false"')
    elif kind == "tiny":
        nine(size=0.3)
    elif kind == "faint":
        nine(inner=_COLOUR.format("255 255 255"))
    elif kind in ("clipped", "only clipped"):
        nine(inner=_CLIP.format("0.01"))
    elif kind == "clipped in part":
        ofd.text(x, y, "129", inner=_CLIP.format(str(2 * STEP)))
    elif kind == "turned":
        ofd.text(x, y, "9", 'CharDirection="180"')
    elif kind == "see-through":
        nine('Alpha="0"')
    elif kind == "in the ground":
        box = "M 0 0 L 4 0 L 4 5 L 0 5 C"
        ofd.path(x - 6, y - 4.2, box, 'Fill="true" Stroke="false"', _COLOUR.format("0 0 255"))
        nine(inner=_COLOUR.format("0 0 255"))
    elif kind in ("whited out", "only whited out"):
        nine()
        box = "M 0 0 L 4 0 L 4 5 L 0 5 C"
        ofd.path(x - 6, y - 4.2, box, 'Fill="true" Stroke="false"', _COLOUR.format("255 255 255"))
    elif kind == "drawn twice":
        ofd.text(x, y, "12")
        ofd.text(x + 0.05, y, "12")
    elif kind == "slanted":
        ofd.text(x + 10, y, "9", 'CTM="0.7 0.7 -0.7 0.7 0 0"')
    elif kind == "minus":
        ofd.text(x, y, "\u22122")
    elif kind == "picture":
        ofd.pages[-1].append(f'<ofd:ImageObject Boundary="{x} {y - 4} 5 5" ResourceID="7"/>')
    elif kind == "symbol":
        ofd.text(x, y, "\ue123")
    elif kind == "symbol font":
        ofd.text(x, y, "9")
        ofd.pages[-1][-1] = ofd.pages[-1][-1].replace('Font="1"', 'Font="5"')
    elif kind == "two words":
        ofd.text(x, y, "12", step=4.0)
    elif kind == "overlaid":
        ofd.text(x, y, "12", step=0.3)
    elif kind == "crossed":
        ofd.line(70, y - 6, 130, y + 2)
    elif kind == "under a note":
        ofd.notes.append(
            f'<ofd:Annot ID="50" Type="Stamp"><ofd:Appearance Boundary="{x - 1} {y - 4} 9 5"/>'
            "</ofd:Annot>"
        )
    elif kind == "over the edge":
        ofd.text(128, y, "123")
    elif kind == "wrapped":
        ofd.text(x, y - 3, "1", size=2.5)
        ofd.text(x, y + 0.5, "2", size=2.5)


# -- whole reports


def report_odt(title: str, sections: list[tuple[str, Grid]]) -> bytes:
    """A report as a text: merged cells as spans, the cells under them covered."""
    body = f"<text:h>{escape(title)}</text:h>"
    for heading, grid in sections:
        body += f"<text:p>{escape(heading)}</text:p>"
        body += f"<table:table>{_table_rows(grid)}</table:table>" if grid else ""
    body += "<text:p>五、存在的主要问题及改进情况</text:p>"
    return opendocument(f"<office:text>{body}</office:text>", "text")


def report_ods(title: str, sections: list[tuple[str, Grid]]) -> bytes:
    """A report as a workbook of one sheet, with the endless blank cells that programs write."""
    rows = _table_rows([[Box(title)]])
    for heading, grid in sections:
        rows += _table_rows([[Box(heading)], *grid])
    rows += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/>'
    table = f'<table:table table:name="年报">{rows}</table:table-row></table:table>'
    return opendocument(f"<office:spreadsheet>{table}</office:spreadsheet>", "spreadsheet")


def _table_rows(grid: Grid) -> str:
    rows = ""
    for placed in _placed(grid):
        rows += "<table:table-row>"
        for box in placed:
            if box is None:
                rows += "<table:covered-table-cell/>"
                continue
            spans = f' table:number-columns-spanned="{box.columns}"' if box.columns > 1 else ""
            spans += f' table:number-rows-spanned="{box.rows}"' if box.rows > 1 else ""
            lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in box.text.split("\n"))
            rows += f"<table:table-cell{spans}>{lines}</table:table-cell>"
        rows += "</table:table-row>"
    return rows


def _placed(grid: Grid) -> list[list[Box | None]]:
    """The boxes of each row in their columns; None where another reaches."""
    taken: set[tuple[int, int]] = set()
    rows: list[list[Box | None]] = []
    for number, boxes in enumerate(grid):
        row: list[Box | None] = []
        for box in boxes:
            while (number, len(row)) in taken:
                row.append(None)
            taken |= {
                (number + down, len(row) + right)
                for down in range(box.rows)
                for right in range(box.columns)
            }
            row += [box] + [None] * (box.columns - 1)
        while (number, len(row)) in taken:
            row.append(None)
        rows.append(row)
    return rows


def report_ofd(title: str, sections: list[tuple[str, Grid]]) -> bytes:
    """A report as pages with ruled tables, which run over pages."""
    ofd = Ofd()
    size, low = 2.6, 280.0
    ofd.text(30, 20, title, size=4.5)
    y = 30.0
    for heading, grid in sections:
        ofd.text(15, y, heading, size=size)
        y += 3
        if not grid:
            continue
        placed = _placed(grid)
        count = max(map(len, placed))
        step = 180 / count
        lefts = [15 + step * column for column in range(count + 1)]
        for number, row in enumerate(placed):
            lines = max(
                (_wrapped(box.text, step * box.columns, size) for box in row if box), key=len
            )
            height = size * 1.25 * len(lines) + 2
            if y + height > low:
                ofd.pages.append([])
                y = 20.0
            for column, box in enumerate(row):
                goes_on = number and _covers(placed, number, column)
                if not goes_on:
                    ofd.line(lefts[column], y, lefts[column + 1], y)
                if box is None and not goes_on:
                    continue
                if box is not None:
                    for at, text in enumerate(_wrapped(box.text, step * box.columns, size)):
                        ofd.text(lefts[column] + 1, y + size * 1.25 * (at + 1), text, size=size)
                ofd.line(lefts[column], y, lefts[column], y + height)
            ofd.line(lefts[-1], y, lefts[-1], y + height)
            y += height
            if number + 1 == len(placed) or y + height > low:
                ofd.line(lefts[0], y, lefts[-1], y)
        y += 8
    ofd.text(15, y, "五、存在的主要问题及改进情况", size=size)
    return ofd.written()


def _covers(placed: list[list[Box | None]], number: int, column: int) -> bool:
    """Whether a cell of a row above reaches down to a place."""
    for above in range(number - 1, -1, -1):
        for left in range(column, -1, -1):
            box = placed[above][left] if left < len(placed[above]) else None
            if box is not None and left + box.columns > column:
                return above + box.rows > number
    return False


def _wrapped(text: str, width: float, size: float) -> list[str]:
    """A text in lines of such a width; numbers are never broken."""
    lines: list[str] = []
    for part in text.split("\n"):
        if part.isascii():
            lines.append(part)
            continue
        most = max(1, int((width - 2) / size))
        lines += [part[at : at + most] for at in range(0, len(part), most)] or [""]
    return lines
