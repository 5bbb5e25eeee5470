"""Writes a report out as a document: six formats, three styles each.

The styles: `clean`, as the form is laid out; `word`, as Word and its kin export it; `hurried`, as
a clerk in a hurry types it.  Only what can be told back is written: no style leaves out anything
without which the report could not be read.
"""

from __future__ import annotations

import csv
import html
import io
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import docx
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from gouji.landing.vocabulary import Form  # noqa: TC001

STYLES = ("clean", "word", "hurried")
# Published as PDF files with text: measured as scans, and written in other formats.
THREE_REAL_REPORTS = ("320800-zhengfu-2024", "320813-zhengfu-2023", "320813-zhengfu-2024")
FORMATS = ("html", "docx", "pdf", "xlsx", "md", "txt")


def lone_counties(reference: Path) -> list[dict[str, str]]:
    """The counties whose names are theirs alone, by their rows in the regions, in that order."""
    with (reference / "regions.csv").open(encoding="utf-8", newline="") as file:
        counties = [row for row in csv.DictReader(file) if row["region_level"] == "county"]
    names = Counter(row["region_name"] for row in counties)
    return [
        row
        for row in counties
        if row["region_name"][-1] in "县市" and names[row["region_name"]] == 1
    ]


@dataclass
class Truth:
    """The raw rows of a report."""

    layout: str
    title: str = "某某市2023年政府信息公开工作年度报告"
    disclosures: dict[tuple[str, str], str] = field(default_factory=dict)
    requests: dict[str, list[str]] = field(default_factory=dict)
    reviews: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Box:
    """A cell of a table to be written."""

    text: str
    rows: int = 1
    columns: int = 1


Grid = list[list[Box]]

ARTICLES = {
    "regulation": "第二十条第（一）项",
    "normative_document": "第二十条第（一）项",
    "permit": "第二十条第（五）项",
    "other_service": "第二十条第（五）项",
    "penalty": "第二十条第（六）项",
    "coercion": "第二十条第（六）项",
    "fee": "第二十条第（八）项",
    "procurement": "第二十条第（九）项",
}
GROUPS = (
    ("denied_", "（三）不予公开"),
    ("unavailable_", "（四）无法提供"),
    ("unprocessed_", "（五）不予处理"),
    ("other_", "（六）其他处理"),
)


def made_up(form: Form, seed: int) -> Truth:
    """A made-up report: any layout, lines left out, blanks, words and large numbers."""
    rnd = random.Random(seed)
    layout = rnd.choice(["2019", "2021"])
    truth = Truth(layout)
    blank_share = rnd.choice([0, 0, 0.1, 0.6])

    def number(large: int = 400) -> str:
        if rnd.random() < blank_share:
            return rnd.choice(["", "", "", "/", "—"])
        return str(rnd.choice([0, 0, 0, rnd.randrange(10), rnd.randrange(large)]))

    for line in form.disclosure_lines[layout]:
        if line == "regulation" and rnd.random() < 0.1:
            continue
        for measure in form.cells[layout, line]:
            text = number(90000)
            if measure == "change" and rnd.random() < 0.5:
                text = rnd.choice(["+3", "-35", "增72", "减38", "0/0", "增加5"])
            elif measure == "amount" and rnd.random() < 0.5:
                text = rnd.choice(["251000元", "976.81万元", "7730.28", "4166.214619", "2笔"])
            truth.disclosures[line, measure] = text
    split = rnd.random() < (0.1 if layout == "2019" else 0.9)
    for line in form.request_lines[layout]:
        if line in form.split_lines and not split:
            continue
        if line == "other_processing" and split:
            continue
        if line.startswith("unprocessed_") and rnd.random() < 0.02:
            continue
        truth.requests[line] = [number() for _ in form.applicants]
    for channel in form.channels:
        truth.reviews[channel] = [number(50) for _ in form.results]
    return truth


# -- the tables as boxes


def disclosure_grid(truth: Truth, form: Form, style: str) -> Grid:
    """Table 二, four columns wide."""
    grid: Grid = []
    article = ""
    measures_before: list[str] = []
    for line in form.disclosure_lines[truth.layout]:
        measures = form.cells[truth.layout, line]
        if (line, measures[0]) not in truth.disclosures:
            continue
        if ARTICLES[line] != article or measures != measures_before:
            article, measures_before = ARTICLES[line], measures
            grid.append([Box(article, 1, 4)])
            names = [measure_label(form, truth.layout, m, style) for m in measures]
            grid.append([Box("信息内容"), *_spread(names)])
        values = [truth.disclosures[line, measure] for measure in measures]
        grid.append([Box(label(form, line, style)), *_spread(values)])
    return grid


def _spread(texts: list[str]) -> list[Box]:
    if len(texts) == 1:
        return [Box(texts[0], 1, 3)]
    if len(texts) == 2:
        return [Box(texts[0]), Box(texts[1], 1, 2)]
    return [Box(text) for text in texts]


def label(form: Form, line: str, style: str) -> str:
    """The label of a line as a style writes it."""
    text = form.labels[line]
    if style == "hurried":
        text = text.replace("（", "(").replace("）", ")").replace("，", ",")
        if text[:2] in ("1.", "2.", "3.", "4.", "5.", "6.", "7.", "8."):
            text = f"{text[0]}、{text[2:]}"
        changed = {
            "行政规范性文件": "规范性文件",
            "7、属于行政执法案卷": "7、属于行政执法案件",
            "2、其他法律行政法规禁止公开": "2、其他法律、行政法规禁止公开",
            "(七)总计": "（七） 总 计",
        }
        text = changed.get(text, text)
    return text


def measure_label(form: Form, layout: str, measure: str, style: str) -> str:
    """The heading of a measure as a style writes it."""
    text = next(label for label in MEASURE_LABELS[layout, measure] if label)
    if style == "hurried":
        text = {"现行有效件数": "现行有效件", "本年制发件数": "本年发件数"}.get(text, text)
        text = text.replace("（", "(").replace("）", ")").replace("：", ":")
    if style == "word" and len(text) > 5 and "增" not in text:
        text = f"{text[:3]}\n{text[3:]}"
    return text


MEASURE_LABELS = {
    ("2019", "made"): ["本年新制作数量"],
    ("2019", "published"): ["本年新公开数量"],
    ("2019", "public_total"): ["对外公开总数量"],
    ("2019", "prior_items"): ["上一年项目数量"],
    ("2019", "change"): ["本年增/减"],
    ("2019", "decisions"): ["处理决定数量"],
    ("2019", "projects"): ["采购项目数量"],
    ("2019", "amount"): ["采购总金额"],
    ("2021", "made"): ["本年制发件数"],
    ("2021", "repealed"): ["本年废止件数"],
    ("2021", "in_force"): ["现行有效件数"],
    ("2021", "decisions"): ["本年处理决定数量"],
    ("2021", "amount"): ["本年收费金额（单位：万元）"],
}


def request_grid(truth: Truth, form: Form, style: str) -> Grid:
    """Table 三, ten columns wide: three of labels, seven of numbers."""
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    types = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    if style == "word":
        types = ["商业\n企业", "科研\n机构", "社会公益组织", "法律服务机构", "其他"]
    grid: Grid = [
        [Box(note, 3, 3), Box("申请人情况", 1, 7)],
        [Box("自然人", 2), Box("法人或其他组织", 1, 5), Box("总计", 2)],
        [Box(text) for text in types],
    ]
    results = [
        line for line in truth.requests if line not in ("new_requests", "carried_in", "carried_out")
    ]
    seen_groups: set[str] = set()
    for line, values in truth.requests.items():
        boxes: list[Box] = []
        name = label(form, line, style)
        if line in results:
            if line == results[0]:
                boxes.append(Box("三、本年度办理结果", len(results)))
            group = next(
                (g for g in GROUPS if line.startswith(g[0]) and line != "other_processing"), None
            )
            if group is None:
                boxes.append(Box(name, 1, 2))
            else:
                if group[0] not in seen_groups:
                    seen_groups.add(group[0])
                    size = sum(
                        other.startswith(group[0]) and other != "other_processing"
                        for other in results
                    )
                    boxes.append(Box(group[1], size))
                boxes.append(Box(name))
        else:
            boxes.append(Box(name, 1, 3))
        grid.append([*boxes, *(Box(value) for value in values)])
    return grid


def review_grid(truth: Truth, form: Form, style: str) -> Grid:
    """Table 四, fifteen columns wide."""
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    if style == "word":
        results = [f"{text[:2]}\n{text[2:]}" if len(text) > 2 else "总 计" for text in results]
    values = [Box(value) for channel in form.channels for value in truth.reviews[channel]]
    return [
        [Box("行政复议", 1, 5), Box("行政诉讼", 1, 10)],
        [
            *(Box(text, 2) for text in results),
            Box("未经复议直接起诉", 1, 5),
            Box("复议后起诉", 1, 5),
        ],
        [Box(text) for _ in range(2) for text in results],
        values,
    ]


SECTIONS = {
    "clean": (
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ),
    "word": (
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    ),
    "hurried": ("一、主动公开政府信息情况", "二、收到和处理申请情况", "三、复议诉讼"),
}


def parts(truth: Truth, form: Form, style: str) -> list[tuple[str, Grid]]:
    """The sections of a report: heading and table."""
    grids = [
        disclosure_grid(truth, form, style),
        request_grid(truth, form, style),
        review_grid(truth, form, style),
    ]
    return list(zip(SECTIONS[style], grids, strict=True))


def flat(grid: Grid) -> list[list[str]]:
    """The boxes laid out on their grid: each text at its first place, blanks where it reaches."""
    width = sum(box.columns for box in grid[0])
    rows: list[list[str | None]] = [[None] * width for _ in grid]
    for number, boxes in enumerate(grid):
        column = 0
        for box in boxes:
            while rows[number][column] is not None:
                column += 1
            for down in range(box.rows):
                for right in range(box.columns):
                    rows[number + down][column + right] = ""
            rows[number][column] = box.text
    return [[text or "" for text in row] for row in rows]


# -- formats


def write(truth: Truth, form: Form, kind: str, style: str, seed: int = 0) -> bytes:
    """A report as a document of a format and a style."""
    sections = parts(truth, form, style)
    writers = {
        "html": write_html,
        "docx": write_docx,
        "pdf": write_pdf,
        "xlsx": write_xlsx,
        "md": write_md,
        "txt": write_txt,
    }
    return writers[kind](truth.title, sections, style, random.Random(seed))


PROSE = "本报告按照条例的要求编制。全年工作平稳有序。"


def write_html(
    title: str, sections: list[tuple[str, Grid]], style: str, rnd: random.Random
) -> bytes:
    """A web page; `word` wraps and declares wrongly, `hurried` nests and pads."""
    body = [f"<h1>{title}</h1>", f"<p>{PROSE}</p>"]
    if style == "hurried":
        body.insert(0, "<table><tr><td>索引号</td><td>000-12/2023</td></tr></table>")
    for heading, grid in sections:
        body += [f"<p>{heading}</p>"] if heading else []
        if style == "hurried" and len(grid) > 12:
            body.append(_html_table(grid, style, rnd))
        else:
            body.append(_html_table(grid, style, rnd))
    body.append("<p>五、存在的主要问题及改进情况</p><p>今后将加以改进。</p>")
    body.append("<p>六、其他需要报告的事项</p>")
    if style == "word":
        body.append(
            "<table><tr><td>年份</td><td>收费</td></tr><tr><td>2023</td><td>0</td></tr></table>"
        )
    page = "\n".join(body)
    if style == "hurried":
        page = f"<table><tr><td><div>首页</div></td><td><div id=zoom>{page}</div></td></tr></table>"
    charset = "utf-8" if style != "word" else "iso-8859-1"
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"<title>{title}</title></head><body>{page}</body></html>"
    )
    return page.encode("gb18030" if style == "word" else "utf-8")


def _html_table(grid: Grid, style: str, rnd: random.Random) -> str:
    rows = []
    for boxes in grid:
        cells = []
        for box in boxes:
            attributes = ""
            if box.columns > 1:
                attributes += f' colspan="{box.columns}"'
            if box.rows > 1:
                attributes += f" rowspan={box.rows}"
            cells.append(f"<td{attributes}>{_html_text(box.text, style, rnd)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    end = ""
    if style == "word":
        width = sum(box.columns for box in grid[0])
        end = (
            "<![if !supportMisalignedColumns]><tr height=0>"
            + "<td width=60></td>" * width
            + "</tr><![endif]>"
        )
    return f"<table border=1><tbody>{''.join(rows)}{end}</tbody></table>"


def _html_text(text: str, style: str, rnd: random.Random) -> str:
    plain = html.escape(text).replace("\n", "<br/>")
    if style == "clean":
        return f"<p>{plain}</p>" if plain else ""
    if style == "word":
        if not plain:
            return "<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>"
        if "<" not in plain and "&" not in plain:
            plain = "".join(f"<span style='font-family:宋体'>{char}</span>" for char in plain)
        return f"<p class=MsoNormal><!--[if gte mso 9]>9<![endif]-->{plain}<o:p></o:p></p>"
    pad = rnd.choice(["", " ", "&nbsp;", "\n   "])
    return f"{pad}{plain or '&nbsp;'}{pad}"


def write_md(title: str, sections: list[tuple[str, Grid]], style: str, _: random.Random) -> bytes:
    """Markdown; `word` as a converter writes it, `hurried` without the outer pipes' spaces."""
    lines = [f"# {title}", "", PROSE, ""]
    for heading, grid in sections:
        lines += ["" if not heading else f"## {heading}" if style != "hurried" else heading, ""]
        rows = flat(grid)
        for number, row in enumerate(rows):
            cells = [cell.replace("|", "\\|").replace("\n", "<br>") for cell in row]
            if style == "hurried":
                lines.append("|" + "|".join(cells) + "|")
            else:
                lines.append("| " + " | ".join(cells) + " |")
            if number == 0 and style != "hurried":
                lines.append("|" + " --- |" * len(row))
        lines.append("")
    lines += ["五、存在的主要问题及改进情况", ""]
    return "\n".join(lines).encode()


def write_txt(title: str, sections: list[tuple[str, Grid]], style: str, _: random.Random) -> bytes:
    """Text: tabs, cells closed by pipes over several lines, or columns set with spaces."""
    lines = [title, "", PROSE, ""]
    has_blanks = any(not box.text for _, grid in sections for boxes in grid for box in boxes)
    for heading, grid in sections:
        lines += [heading, ""]
        rows = [[cell.replace("\n", "") for cell in row] for row in flat(grid)]
        if style == "clean":
            lines += ["\t".join(row) for row in rows]
        elif style == "word":
            for boxes in grid:
                for box in boxes:
                    text = box.text.replace("\n", "")
                    lines.append(f"{text} |" if text else "|")
        elif has_blanks:
            # Columns set with spaces cannot show that a cell is blank.
            lines += [f"{box.text}\n|" for boxes in grid for box in boxes]
        else:
            lines += _aligned(rows)
        lines.append("")
    lines += ["五、存在的主要问题及改进情况", ""]
    text = "\r\n".join(lines) if style == "hurried" else "\n".join(lines)
    return text.encode("gb18030" if style == "hurried" else "utf-8")


def _aligned(rows: list[list[str]]) -> list[str]:
    def width(text: str) -> int:
        return sum(2 if ord(char) > 0x2E7F or char in "—“”" else 1 for char in text)

    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "".join(
            cell + " " * (widths[column] - width(cell) + 3) for column, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]


def write_docx(title: str, sections: list[tuple[str, Grid]], style: str, _: random.Random) -> bytes:
    """A Word file; `word` splits its runs, `hurried` leaves cells unmerged."""
    document = docx.Document()
    document.add_heading(title, 0)
    document.add_paragraph(PROSE)
    for heading, grid in sections:
        document.add_paragraph(heading)
        rows = flat(grid)
        table = document.add_table(len(rows), len(rows[0]))
        elements = [list(row.findall(qn("w:tc"))) for row in table._tbl.findall(qn("w:tr"))]
        for cells, texts in zip(elements, rows, strict=True):
            for cell, text in zip(cells, texts, strict=True):
                _docx_text(cell, text, style)
        if style != "hurried":
            _docx_merge(grid, elements)
    document.add_paragraph("五、存在的主要问题及改进情况")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _docx_text(cell: object, text: str, style: str) -> None:
    paragraph = cell.find(qn("w:p"))  # type: ignore[attr-defined]
    for part in list(text) if style == "word" else [text]:
        run = OxmlElement("w:r")
        if part == "\n":
            run.append(OxmlElement("w:br"))
        else:
            node = OxmlElement("w:t")
            node.text = part
            run.append(node)
        paragraph.append(run)


def _docx_merge(grid: Grid, elements: list[list[object]]) -> None:
    taken: set[tuple[int, int]] = set()
    for number, boxes in enumerate(grid):
        column = 0
        for box in boxes:
            while (number, column) in taken:
                column += 1
            for down in range(box.rows):
                taken |= {(number + down, column + right) for right in range(box.columns)}
                first = elements[number + down][column]
                properties = first.get_or_add_tcPr()  # type: ignore[attr-defined]
                if box.columns > 1:
                    span = OxmlElement("w:gridSpan")
                    span.set(qn("w:val"), str(box.columns))
                    properties.append(span)
                    for right in range(1, box.columns):
                        gone = elements[number + down][column + right]
                        gone.getparent().remove(gone)  # type: ignore[attr-defined]
                if box.rows > 1:
                    merge = OxmlElement("w:vMerge")
                    if down == 0:
                        merge.set(qn("w:val"), "restart")
                    properties.append(merge)
            column += box.columns


def write_xlsx(title: str, sections: list[tuple[str, Grid]], style: str, _: random.Random) -> bytes:
    """A spreadsheet: a sheet a table, one sheet for all with real numbers, or all as text."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "报告"
    sheet.cell(1, 1, title)
    top = 3
    for number, (heading, grid) in enumerate(sections):
        if style == "clean" and number:
            sheet = workbook.create_sheet(heading[:20] or f"续表{number}")
            top = 1
        sheet.cell(top, 1, heading)
        rows = flat(grid)
        for down, row in enumerate(rows, start=1):
            for right, text in enumerate(row, start=1):
                value: object = text or None
                if style == "word" and text.isdigit() and str(int(text)) == text:
                    value = int(text)
                elif style == "hurried" and text:
                    value = f"{text} "
                cell = sheet.cell(top + down, right)
                cell.value = value  # type: ignore[assignment]
                if isinstance(value, str):
                    cell.data_type = "s"
        if style != "hurried":
            _xlsx_merge(sheet, grid, top + 1)
        top += len(rows) + 3
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _xlsx_merge(sheet: object, grid: Grid, top: int) -> None:
    taken: set[tuple[int, int]] = set()
    for number, boxes in enumerate(grid):
        column = 0
        for box in boxes:
            while (number, column) in taken:
                column += 1
            taken |= {
                (number + down, column + right)
                for down in range(box.rows)
                for right in range(box.columns)
            }
            if box.rows > 1 or box.columns > 1:
                sheet.merge_cells(  # type: ignore[attr-defined]
                    start_row=top + number,
                    start_column=column + 1,
                    end_row=top + number + box.rows - 1,
                    end_column=column + box.columns,
                )
            column += box.columns


def write_pdf(title: str, sections: list[tuple[str, Grid]], style: str, _: random.Random) -> bytes:
    """A PDF with ruled tables; `word` lets them run over pages, `hurried` sets them small."""
    if "STSong-Light" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    size = {"clean": 9, "word": 11, "hurried": 6}[style]
    text_style = ParagraphStyle("c", fontName="STSong-Light", fontSize=size, wordWrap="CJK")
    big = ParagraphStyle("t", fontName="STSong-Light", fontSize=15, leading=22, wordWrap="CJK")
    widest = max((len(row) for _, grid in sections for row in grid), default=0)
    page = (2 * A4[0], A4[1]) if widest > 16 else A4
    story: list[object] = [Paragraph(title, big), Paragraph(PROSE, text_style), Spacer(1, 12)]
    for heading, grid in sections:
        story.append(Paragraph(heading, text_style) if heading else PageBreak())
        if not grid:
            continue
        rows = flat(grid)
        spans: list[tuple[object, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
        spans.append(("VALIGN", (0, 0), (-1, -1), "MIDDLE"))
        taken: set[tuple[int, int]] = set()
        for number, boxes in enumerate(grid):
            column = 0
            for box in boxes:
                while (number, column) in taken:
                    column += 1
                taken |= {
                    (number + down, column + right)
                    for down in range(box.rows)
                    for right in range(box.columns)
                }
                # A cell over many rows cannot be set over a page break: its rows stand alone.
                if box.columns > 1 or (1 < box.rows < 9 and len(rows[0]) < 20):
                    spans.append(
                        (
                            "SPAN",
                            (column, number),
                            (column + box.columns - 1, number + box.rows - 1),
                        )
                    )
                column += box.columns
        cells = [
            [Paragraph(html.escape(text).replace("\n", "<br/>"), text_style) for text in row]
            for row in rows
        ]
        usable = page[0] - 72
        count = len(rows[0])
        if count in (10, 20):
            widths = [usable * 0.07, usable * 0.14, usable * 0.23] + [usable * 0.08] * 7
            widths = [width * 10 / count for width in widths] * (count // 10)
        else:
            widths = [usable / count] * count
        table = Table(cells, colWidths=widths, repeatRows=0)
        table.setStyle(TableStyle(spans))
        story += [table, Spacer(1, 12)]
    story.append(Paragraph("五、存在的主要问题及改进情况", text_style))
    file = io.BytesIO()
    SimpleDocTemplate(file, pagesize=page, leftMargin=36, rightMargin=36).build(story)
    return file.getvalue()


def read_truths(raw: Path) -> dict[str, Truth]:
    """The real reports of the raw seeds, those in the form since 2019."""
    import csv  # noqa: PLC0415

    def rows(name: str) -> list[list[str]]:
        with (raw / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[1:]

    truths = {row[0]: Truth(row[4], title=row[6]) for row in rows("raw_reports")}
    for report_id, line, measure, printed in rows("raw_disclosures"):
        truths[report_id].disclosures[line, measure] = printed
    for report_id, line, *values in rows("raw_requests"):
        truths[report_id].requests[line] = values
    for report_id, channel, *values in rows("raw_reviews"):
        truths[report_id].reviews[channel] = values
    return {one: truth for one, truth in truths.items() if truth.requests}
