"""Whose report a document is: its own title among those that it bears, and what must agree."""

import datetime
import io
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from gouji.landing.agencies import Registry
from gouji.landing.grid import Refused
from gouji.landing.identity import Identity, identify
from gouji.landing.read import read_document

ROOT = Path(__file__).parents[2]
SUQIAN = "宿迁市人民政府2023年政府信息公开工作年度报告"
KEJI = "吴忠市科学技术局2023年政府信息公开工作年度报告"
OLDER = "宿迁市人民政府2022年政府信息公开工作年度报告"
PERIOD = "<p>本报告所列数据的统计期限为2023年1月1日至2023年12月31日。</p>"
TEXT = "<p>本报告根据《中华人民共和国政府信息公开条例》的规定编制。</p>"
FORM = "<h2>一、总体情况</h2><table><tr><td>信息内容</td><td>本年制发件数</td></tr></table>"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(ROOT / "seeds" / "reference")


def meta(**values: str) -> str:
    return "".join(f'<meta name="{name}" content="{text}">' for name, text in values.items())


def page(body: str, head: str = "", *, text: str = TEXT + PERIOD) -> bytes:
    return f"<html><head>{head}</head><body>{body}{text}{FORM}</body></html>".encode()


def said(registry: Registry, data: bytes, suffix: str = ".html", **given: object) -> Identity:
    return identify(read_document(data, suffix), registry, **given)  # type: ignore[arg-type]


def links(*titles: str) -> str:
    return "<ul>" + "".join(f"<li><a href='x'>{title}</a></li>" for title in titles) + "</ul>"


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (f"{links(KEJI, OLDER)}<h2>{SUQIAN}</h2>", meta(ArticleTitle=SUQIAN)),
        (f"{links(KEJI, OLDER)}<p>{SUQIAN}</p>", meta(ArticleTitle=SUQIAN)),
        (f"{links(KEJI, SUQIAN)}<h2>{SUQIAN}</h2>", ""),
        (f"{links(KEJI, SUQIAN)}<h2>{SUQIAN}</h2>", f"<title>{SUQIAN}</title>"),
        (f"{links(OLDER)}<p>{SUQIAN}</p>", ""),
        (f"<h1>{SUQIAN}</h1>{links(KEJI, OLDER)}", ""),
        (f"<h1>{SUQIAN}</h1>{links(KEJI)}", meta(ArticleTitle=SUQIAN)),
        (f"<div>首页 &gt; 政务公开 &gt; {SUQIAN}</div>", ""),
        (f"<p><a href=a>首页</a> &gt; <a href=b>{KEJI}</a></p><p>{SUQIAN}</p>", ""),
        (f"<div>当前位置：首页 > 年报 > 2023年</div><p>{SUQIAN}</p>", ""),
        (f"<table><tr><td>{SUQIAN}</td></tr></table>", ""),
        (
            "<table><tr><td>宿迁市人民政府</td></tr><tr><td>2023年政府信息公开工作年度报告</td></tr></table>",
            "",
        ),
        ("<p>宿迁市人民政府</p><p>2023年政府信息公开工作年度报告</p>", ""),
        ("<p>2023年</p><p>宿迁市人民政府</p><p>政府信息公开工作年度报告</p>", ""),
        ("<p>宿迁市人民政府2023年政府信息公开</p><p>工作年度报告</p>", ""),
        ("<p>宿迁市人民</p><p>政府2023年政府信息</p><p>公开工作年度报告</p>", ""),
        ("<p>宿迁市人民政府</p><p>政府信息公开工作年度报告</p><p>（2023年度）</p>", ""),
        ("<p>2023年宿迁市人民政府信息公开工作年度报告</p>", ""),
        ("<p>2023年度宿迁市人民政府政府信息公开工作年度报告</p>", ""),
        ("<p>2023年宿迁市政府信息公开工作年度报告</p>", ""),
        ("<p>宿迁市人民政府政府信息公开工作年度报告（2023年）</p>", ""),
        ("<p>宿迁市人民政府信息公开工作年度报告</p>", ""),
        ("<p>政府信息公开工作年度报告</p>", meta(ContentSource="宿迁市人民政府")),
        (f"<p>{SUQIAN}本报告根据《条例》编制，共六部分。</p>", ""),
        (f"<p>索引号：123</p><p>{SUQIAN}</p><p>发布日期：2024-01-20 来源：政府办</p>", ""),
        (f"<h1>{SUQIAN}</h1>", meta(ContentSource="宿迁市人民政府办公室")),
        (f"<h1>{SUQIAN}</h1>", meta(ContentSource="宿迁市大数据管理局")),
        (f"<p>标题：{SUQIAN}</p>", ""),
        (
            f"<p>首页 > 江苏省政府信息公开年报</p><p>{SUQIAN}</p>",
            "<title>江苏省政府信息公开年报</title>",
        ),
        (f"<p>宿迁市人民政府办公室关于印发《{SUQIAN}》的通知</p>", ""),
        (f"<h1>{SUQIAN}</h1>", meta(ContentSource="中国政府网", PubDate="2024-01-20")),
        (f"{links(KEJI, OLDER)}<table><tr><td>{SUQIAN}</td></tr></table>", ""),
        (f"{links(KEJI)}<p>{SUQIAN}</p>{links(SUQIAN)}", ""),
        (f"<h3><a href='x'>{KEJI}</a></h3><p>{SUQIAN}</p>", ""),
        (f"<h1><a href='x'>{SUQIAN}</a></h1>", ""),
        (f"{links(KEJI, SUQIAN)}", meta(ArticleTitle=SUQIAN)),
        (f"{links(KEJI)}<p>年报</p>", meta(ContentSource="宿迁市人民政府")),
        (
            "<p>发布机构：宿迁市人民政府 发布日期：2024-01-20</p><p>2023年政府信息公开年报</p>",
            "",
        ),
        (
            f"<p>首页 > 宿迁市人民政府2022年政府信息公开年报</p><p>{SUQIAN}</p>",
            "<title>宿迁市人民政府</title>",
        ),
    ],
)
def test_the_own_title_wins(registry: Registry, body: str, head: str) -> None:
    identity = said(registry, page(body, head))
    assert (identity.agency_id, identity.report_year) == ("321300-zhengfu", 2023)


DATED = "".join(
    f"<li><a href='x'>{title}</a><span> 发布时间：{day}</span></li>"
    for title, day in ((KEJI, "2025-02-01"), (OLDER, "2023-02-01"))
)
LISTS = (
    f"<h3>相关报告</h3><ul>{DATED}</ul>",
    f"<p>{KEJI}</p><p>发布日期：2025-02-01</p><p>下一篇：{OLDER}</p>",
    f"<table><tr><td>{KEJI}</td><td>发布日期：2025-02-01</td></tr></table>",
)


@pytest.mark.parametrize("own", ["", "<p>发布日期：2024-01-20</p>"])
@pytest.mark.parametrize("others", LISTS)
def test_a_list_of_other_reports_says_nothing_of_this_one(
    registry: Registry, others: str, own: str
) -> None:
    """Wherever it stands: neither whose report it is, nor when it was published."""
    title = f"<h1>{SUQIAN}</h1>{own}"
    for body in (page(title), page(f"{others}{title}"), page(title).replace(FORM.encode(), b"")):
        data = body.replace(b"</body>", f"{others}</body>".encode())
        identity = said(registry, data)
        assert (identity.agency_id, identity.report_year) == ("321300-zhengfu", 2023)
        assert identity.published_on == ("2024-01-20" if own else "")


@pytest.mark.parametrize(
    "head",
    [
        f"<h1>{SUQIAN}</h1><p>标题：市政府2023年政府信息公开工作年度报告</p>{{day}}",
        f"<p>名称：市政府2023年政府信息公开工作年度报告</p>{{day}}<h1>{SUQIAN}</h1>",
        f"<h1>{SUQIAN}</h1><p>上一篇：{OLDER}</p>{{day}}",
    ],
)
def test_a_short_name_or_a_neighbour_takes_no_date_away(registry: Registry, head: str) -> None:
    identity = said(registry, page(head.format(day="<p>发布日期：2024-01-20</p>")))
    assert identity.published_on == "2024-01-20"


def test_a_date_of_another_report_is_remarked_on(registry: Registry) -> None:
    others = f"<p>{KEJI}</p><p>发布日期：2025-02-01</p>"
    identity = said(registry, page(f"{others}<h1>{SUQIAN}</h1>"))
    assert identity.published_on == ""
    assert any("2025-02-01 stands beside the title of another report" in n for n in identity.notes)


@pytest.mark.parametrize(
    ("body", "head", "match"),
    [
        (f"<h1>{SUQIAN}</h1>", meta(ArticleTitle=KEJI), "titles of several reports"),
        (f"<h1>{SUQIAN}</h1>", meta(ArticleTitle=OLDER), "titles of several reports"),
        (f"<h1>{SUQIAN}</h1>", f"<title>{KEJI}</title>", "titles of several reports"),
        (f"{links(SUQIAN)}<h1>{KEJI}</h1>", meta(ArticleTitle=SUQIAN), "titles of several"),
        (f"<p>{SUQIAN}</p><p>{KEJI}</p>", "", "吴忠市科学技术局2023年"),
        (
            f"<h1>{SUQIAN}</h1>",
            meta(ContentSource="吴忠市科学技术局"),
            "its source 吴忠市科学技术局",
        ),
        (f"<h1>{SUQIAN}</h1>", meta(PubDate="2023-05-01"), "before that year was over"),
        (f"<h1>{SUQIAN}</h1>", meta(ArticleTitle=SUQIAN, PubDate="2022-01-20"), "before that year"),
        ("<p>某部门工作总结</p>", "", "no agency is named"),
        (links(KEJI, OLDER), "", "no agency is named"),
        ("<p>首页 > 吴忠市科学技术局</p><p>2023年政府信息公开报告</p>", "", "no agency is named"),
        (f"<h1>{SUQIAN}</h1>", meta(ContentSource="宿迁市教育局"), "its source 宿迁市教育局"),
        (f"<h1>{SUQIAN}</h1>", meta(ContentSource="宿迁市宿城区教育局"), "its source 宿迁市宿城"),
        (
            "<h1>宿迁市人民政府</h1><p>2023年政府信息公开工作年度报告</p>",
            meta(ContentSource="宿迁市教育局"),
            "its source 宿迁市教育局",
        ),
        (f"<p>发布机构：吴忠市科学技术局</p><h1>{SUQIAN}</h1>", "", "its source 吴忠市科学技术局"),
        (
            f"<h1>{SUQIAN}</h1>",
            "<title>吴忠市科学技术局政府信息公开年报</title>",
            "its page 吴忠市科学技术局",
        ),
        (
            f"<h1>{SUQIAN}</h1><p>统计期限为2022年1月1日至2022年12月31日。</p>",
            "",
            "its title says 2023",
        ),
    ],
)
def test_what_contradicts_is_refused(registry: Registry, body: str, head: str, match: str) -> None:
    with pytest.raises(Refused, match=match):
        said(registry, page(body, head))


@pytest.mark.parametrize(
    "title",
    [
        "2023年度惠安县洛阳镇人民政府信息公开工作年度报告",
        "惠安县洛阳镇人民政府2023年度政府信息公开工作年度报告",
        "惠安县洛阳镇2023年政府信息公开工作年度报告",
        "惠安县洛阳镇政府2023年政务公开工作年度报告".replace("政务公开", "政府信息公开"),
        "关于惠安县洛阳镇人民政府2023年政府信息公开工作年度报告",
    ],
)
def test_a_township_by_any_title(registry: Registry, title: str) -> None:
    identity = said(registry, page(f"<h1>{title}</h1>"))
    assert (identity.agency_id, identity.report_year) == ("350521-luoyangzhen", 2023)
    assert identity.unknown is not None
    assert identity.unknown.proposal.row["agency_name"].startswith("惠安县洛阳镇")


def test_given_words_are_believed_and_compared(registry: Registry) -> None:
    identity = said(registry, page(f"<h1>{SUQIAN}</h1>"), agency="640300-keji", year=2022)
    assert (identity.agency_id, identity.report_year) == ("640300-keji", 2022)
    assert "its title says 2023, --year 2022" in identity.notes
    assert "the document names 宿迁市人民政府, --agency 吴忠市科学技术局" in identity.notes
    same = said(registry, page(f"<h1>{SUQIAN}</h1>"), agency="宿迁市", year=2023)
    assert same.notes == []
    both = said(registry, page(f"<h1>{SUQIAN}</h1>", meta(ArticleTitle=KEJI)), agency="宿迁市")
    assert both.notes == ["the document names 吴忠市科学技术局, --agency 宿迁市人民政府"]


@pytest.mark.parametrize(
    ("title", "date", "year", "note"),
    [
        (
            SUQIAN,
            "2022-01-20",
            2023,
            "it was published on 2022-01-20, before the year 2023 was over",
        ),
        (
            "宿迁市政府信息公开年报",
            "2024-01-20",
            2021,
            "it was published on 2024-01-20, --year 2021",
        ),
        (SUQIAN, "2024-01-20", 2023, None),
    ],
)
def test_a_given_year_is_compared_with_the_date(
    registry: Registry, title: str, date: str, year: int, note: str | None
) -> None:
    data = page(f"<h1>{title}</h1>", meta(PubDate=date), text=TEXT)
    assert said(registry, data, year=year).notes == ([note] if note else [])


def test_two_dates_of_publication_are_said(registry: Registry) -> None:
    body = f"<h1>{SUQIAN}</h1><p>成文日期：2024-01-10 发布日期：{{}}</p>"
    page_of = meta(PubDate="2024-01-20 10:00:07")
    two = said(registry, page(body.format("2024-02-01"), page_of))
    assert two.published_on == "2024-01-20 10:00:07"
    assert two.notes == [
        "its metadata say that it was published on 2024-01-20, its text 2024-02-01"
    ]
    assert said(registry, page(body.format("2024-01-20"), page_of)).notes == []
    assert said(registry, page(body.format("2024-01-21"))).published_on == "2024-01-21"


def test_what_is_given_settles_several_titles(registry: Registry) -> None:
    data = page(f"<h1>{SUQIAN}</h1>", meta(ArticleTitle=KEJI))
    identity = said(registry, data, agency="640300-keji")
    assert (identity.agency_id, identity.report_year) == ("640300-keji", 2023)


@pytest.mark.parametrize(
    ("date", "published_on"),
    [
        ("2024-13-45", ""),
        ("2024-02-30", ""),
        ("2024-02-29 09:30", "2024-02-29 09:30"),
        ("2024-01-20 25:70", ""),
        ("2024-01-20 9:05", "2024-01-20 09:05"),
        ("2024-01-20 09:05:59", "2024-01-20 09:05:59"),
        ("2024-01-20 09:05:61", ""),
        ("2024-01-20T09:05:59+08:00", "2024-01-20 09:05:59"),
        ("２０２４-０１-２０", "2024-01-20"),
        ("2024-00-10", ""),
        ("2023-02-29", ""),
        ("2024-04-31", ""),
        ("2024-01-320", ""),
        ("2024-02-30 2024-03-01", "2024-03-01"),
        ("2024年1月5日", "2024-01-05"),
    ],
)
def test_an_impossible_date_is_none(registry: Registry, date: str, published_on: str) -> None:
    identity = said(registry, page(f"<h1>{SUQIAN}</h1>", meta(PubDate=date)))
    assert identity.published_on == published_on


def test_a_mirror_proves_nothing(registry: Registry) -> None:
    identity = said(
        registry, page(f"<h1>{SUQIAN}</h1>", meta(url="http://www.wuzhong-keji.com/a/1.html"))
    )
    assert identity.agency_id == "321300-zhengfu"
    assert any("is not a government's" in note for note in identity.notes)


@pytest.mark.parametrize(
    "text",
    [
        f"{SUQIAN}\n\n本报告根据条例编制。\n",
        f"政府信息公开年报\n\n{SUQIAN}\n\n发布时间：2024-01-20\n\n一、总体情况\n",
        "宿迁市人民政府\n2023年政府信息公开工作年度报告\n\n一、总体情况\n",
        f"# {SUQIAN}\n\n一、总体情况\n",
    ],
)
def test_titles_in_text(registry: Registry, text: str) -> None:
    identity = said(registry, text.encode(), ".txt")
    assert (identity.agency_id, identity.report_year) == ("321300-zhengfu", 2023)


@pytest.mark.parametrize(
    "head",
    [
        f"# [{SUQIAN}](a.html)",
        f"[{SUQIAN}](http://a.example/art/(1).html '{OLDER}')",
        f"- [{KEJI}](a.html)\n- [{OLDER}](b.html)\n\n{SUQIAN}",
        f"[首页](/) > [{KEJI}](a.html)\n\n**{SUQIAN}**",
        f"![{KEJI}](a.png)\n\n## <a href='x'>{SUQIAN}</a>",
    ],
)
def test_titles_and_links_in_markdown(registry: Registry, head: str) -> None:
    period = "本报告所列数据的统计期限为2023年1月1日至2023年12月31日。"
    text = f"{head}\n\n{period}\n\n|a|b|\n|-|-|\n|1|2|\n"
    identity = said(registry, text.encode(), ".md")
    assert (identity.agency_id, identity.report_year) == ("321300-zhengfu", 2023)
    assert identity.title == SUQIAN


def test_a_title_in_a_link_of_a_word_file(registry: Registry) -> None:
    document = docx.Document()
    link = OxmlElement("w:hyperlink")
    link.append(document.add_paragraph().add_run(SUQIAN)._r)
    document.paragraphs[0]._p.append(link)
    document.add_paragraph("本报告根据《中华人民共和国政府信息公开条例》的规定编制。")
    file = io.BytesIO()
    document.save(file)
    assert said(registry, file.getvalue(), ".docx").title == SUQIAN


def test_a_region_that_was_abolished_is_named(registry: Registry) -> None:
    title = "杭州市下城区人民政府{}年政府信息公开工作年度报告"
    for year, notes in (
        (2020, []),
        (2023, ["the region 下城区 was abolished in 2021"]),
    ):
        identity = said(registry, page(f"<h1>{title.format(year)}</h1>", text=TEXT))
        assert identity.agency_id == "330103-zhengfu"
        assert identity.notes == notes


FINANCE = "惠安县财政局"
EDUCATION = "惠安县教育局2023年政府信息公开工作年度报告"
BARE = "2023年政府信息公开工作年度报告"
BY_FINANCE = f"<p>{FINANCE}根据《中华人民共和国政府信息公开条例》编制本报告。</p>"


@pytest.mark.parametrize(
    "title",
    [
        f"{FINANCE}政府信息公开工作2023年度报告",
        f"{FINANCE}{BARE}（修订版）",
        f"{FINANCE}{BARE}（2024年1月20日）",
        f"{FINANCE}{BARE}-惠安县人民政府",
        f"{FINANCE}2023年政务公开工作年度报告",
        f"{FINANCE}2023年政府信息公开工作情况年度报告",
        f"{FINANCE}2023年政府信息公开和政务公开年度报告",
        f"{FINANCE}2023年1月1日至12月31日政府信息公开年度报告",
        f"{FINANCE}2023年政府信息公開工作年度報告",
        f"{FINANCE}二O二三年政府信息公开工作年度报告",
        f"{FINANCE}关于报送{BARE}的函",
        f"[2023]{FINANCE}政府信息公开工作年度报告",
        f"【2023】{FINANCE}政府信息公开工作年度报告",
        f"附件1：{FINANCE}{BARE}",
    ],
)
def test_a_title_as_bodies_write_it(registry: Registry, title: str) -> None:
    source = meta(ContentSource="惠安县人民政府")
    identity = said(registry, page(f"<h1>{title}</h1>", source, text=TEXT))
    assert (identity.agency_name, identity.report_year) == (FINANCE, 2023)


@pytest.mark.parametrize(
    "lines",
    [
        (FINANCE, "政府信息公开工作年度报告", "（2023年度）"),
        (FINANCE, "2023年度", "政府信息公开工作年度报告"),
        ("2023年度", FINANCE, "政府信息公开工作年度报告"),
        (f"2023年{FINANCE}", "政府信息公开工作年度报告"),
        ("惠安县人民政府", FINANCE, BARE),
    ],
)
def test_a_title_in_lines(registry: Registry, lines: tuple[str, ...]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    identity = said(registry, page(body, text=TEXT))
    assert (identity.agency_name, identity.report_year) == (FINANCE, 2023)


@pytest.mark.parametrize(
    ("body", "head", "match"),
    [
        # a name above a bare title is no part of it where it is a link or one of a list
        (f"{links('惠安县教育局', '惠安县统计局')}<h1>{BARE}</h1>", "", "no agency is named"),
        (f"<p>惠安县教育局</p><p>惠安县统计局</p><h1>{BARE}</h1>", "", "no agency is named"),
        (f"{links('泉州市人民政府')}<h1>{BARE}</h1>{BY_FINANCE}", "", "no agency is named"),
        # who publishes a report is not whose it is where the text names another body
        (
            f"<h1>{BARE}</h1>{BY_FINANCE}",
            meta(SiteName="惠安县人民政府"),
            "its text names 惠安县财政",
        ),
        (
            f"<p>首页 &gt; {FINANCE} &gt; 年报</p><h1>{BARE}</h1>",
            meta(ContentSource="惠安县人民政府"),
            "its text names 惠安县财政局",
        ),
        (
            f"<h1>{FINANCE}2023年政府信息公开工作总结</h1>",
            meta(ContentSource="惠安县人民政府"),
            "its text names 惠安县财政局",
        ),
        # who publishes a report stands beside its body or above it
        (f"<h1>{FINANCE}{BARE}</h1>", meta(ContentSource="惠安县螺城镇人民政府"), "its source"),
        (f"<h1>泉州市人民政府{BARE}</h1>", meta(ContentSource="惠安县人民政府"), "its source"),
        (f"<h1>惠安县人民政府{FINANCE}{BARE}</h1>", "", "names several bodies"),
        (f"<h1>{FINANCE}、惠安县税务局{BARE}</h1>", "", "names several bodies"),
    ],
)
def test_what_only_stands_near_a_report_is_not_whose_it_is(
    registry: Registry, body: str, head: str, match: str
) -> None:
    with pytest.raises(Refused, match=match):
        said(registry, page(body, head))


@pytest.mark.parametrize("below", [True, False])
def test_a_list_of_years_says_no_year(registry: Registry, below: bool) -> None:
    years = "<p>2024年</p><p>2022年</p>"
    title = f"<h1>{FINANCE}政府信息公开工作年度报告</h1>"
    body = page(title + years if below else years + title)
    assert said(registry, body).report_year == 2023


def test_who_signs_a_report_is_asked(registry: Registry) -> None:
    body = page(f"<h1>{BARE}</h1>", meta(ContentSource="惠安县人民政府"))
    signed = body.replace(b"</body>", f"<p>{FINANCE}</p><p>2024年1月20日</p></body>".encode())
    assert said(registry, body).agency_name == "惠安县人民政府"
    with pytest.raises(Refused, match="its text names 惠安县财政局"):
        said(registry, signed)


def test_a_heading_without_a_year_is_no_other_bodys(registry: Registry) -> None:
    crumb = "<p>首页 &gt; 惠安县教育局2023年政府信息公开年报</p>"
    identity = said(registry, page(f"{crumb}<h1>{FINANCE}政府信息公开工作年度报告</h1>"))
    assert (identity.agency_name, identity.report_year) == (FINANCE, 2023)


def test_a_bodys_own_office_may_publish_for_it(registry: Registry) -> None:
    source = meta(ContentSource=f"{FINANCE}办公室")
    assert said(registry, page(f"<h1>{FINANCE}{BARE}</h1>", source)).agency_name == FINANCE


@pytest.mark.parametrize(
    "period",
    [
        "2022年01月01日至2022年12月31日",
        "二〇二二年一月一日至二〇二二年十二月三十一日",
        "2022.1.1-2022.12.31",
        "2022年度（1月1日至12月31日）",
    ],
)
def test_a_period_however_it_is_written(registry: Registry, period: str) -> None:
    text = f"<p>统计期限为{period}。</p>"
    with pytest.raises(Refused, match="its title says 2023 and the period that it states 2022"):
        said(registry, page(f"<h1>{FINANCE}{BARE}</h1>", text=text))
    untold = page(f"<h1>{FINANCE}政府信息公开工作年度报告</h1>", text=text)
    assert said(registry, untold).report_year == 2022


def test_a_period_that_is_compared_with_is_not_the_reports(registry: Registry) -> None:
    text = f"<p>与2022年1月1日至2022年12月31日相比，数量有所增加。</p>{PERIOD}"
    untold = page(f"<h1>{FINANCE}政府信息公开工作年度报告</h1>", text=text)
    assert said(registry, untold).report_year == 2023


def test_no_report_is_for_a_year_to_come(registry: Registry) -> None:
    year = datetime.datetime.now(tz=datetime.UTC).year + 1
    title = page(f"<h1>{FINANCE}{year}年政府信息公开工作年度报告</h1>", text=TEXT)
    with pytest.raises(Refused, match=f"for {year}, which is to come"):
        said(registry, title)
    with pytest.raises(Refused, match="9999, which is to come"):
        said(registry, title, year=9999)
    with pytest.raises(Refused, match="annual reports begin with 2008"):
        said(registry, title, year=1999)


@pytest.mark.parametrize(
    ("date", "published_on"),
    [("2099-01-20", ""), ("20240120", "2024-01-20"), ("20240120 10:00", "2024-01-20 10:00")],
)
def test_a_date_to_come_is_none_and_one_without_signs_is_one(
    registry: Registry, date: str, published_on: str
) -> None:
    identity = said(registry, page(f"<h1>{FINANCE}{BARE}</h1>", meta(PubDate=date)))
    assert identity.published_on == published_on
