"""What a sheet or a style does to a digit in a cell: read as a browser shows it, or in doubt."""

import pytest

from gouji.landing.grid import Refused
from gouji.landing.read_html import read_html
from gouji.landing.shown import Doubt

SHOWN, HIDDEN = "105", ""
PHONE = "(max-device-width:480px)"
DATA = "data:text/css,.n%7Bdisplay:none%7D"
BLOCK = "display:inline-block;"


def cell(head: str, inner: str, cell: str = "<td>") -> tuple[str, str]:
    """The text and the flaw of a cell, beside another that is always read."""
    page = f"<!doctype html><head>{head}</head><body><table><tr>{cell}{inner}</td><td>7</td></tr>"
    row = read_html(f"{page}</table>".encode()).tables[-1].rows[0]
    assert (row.cells[-1].text, row.cells[-1].flaw) == ("7", "")
    return row.cells[0].text, row.cells[0].flaw


@pytest.mark.parametrize(
    "head",
    [
        "<!--[if lt IE 9]><style>.n{display:none}</style><![endif]-->",
        "<!-- <style>.n{display:none}</style> -->",
        "<noscript><style>.n{display:none}</style></noscript>",
        "<script>var t='<style>.n{display:none}</style>'</script>",
        "<template><style>.n{display:none}</style></template>",
        "<style type=text/less>.n{display:none}</style>",
        f"<style media='{PHONE}'>.n{{display:none}}</style>",
        f'<link rel=stylesheet media="{PHONE}" href="{DATA}">',
        f'<link rel=stylesheet disabled href="{DATA}">',
    ],
)
def test_a_sheet_that_does_not_count_hides_nothing(head: str) -> None:
    assert cell(head, "<i class=n>105</i>") == (SHOWN, "")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("media (width < 600px)", False),
        ("media (400px <= width <= 1600px)", True),
        (f"media only screen and {PHONE}", False),
        ("media handheld", False),
        ("media (orientation:portrait)", False),
        ("media (hover:none) and (pointer:coarse)", False),
        ("media not screen", False),
        ("media not print", True),
        ("media print, screen and (min-width:768px)", True),
        ("media (prefers-color-scheme:dark)", False),
        ("media screen and (not (hover))", False),
        ("media (min-width:20em) or (min-width:2000px)", True),
        ("media (-webkit-min-device-pixel-ratio:2)", False),
        ("media (min-aspect-ratio:16/9)", False),
        ("media (monochrome)", False),
        ("media \\0screen", False),
        ("media (foo:1)", None),
        ("supports not (display:grid)", False),
        ("supports (display:grid) and (gap:1px)", True),
        ("supports (-ms-ime-align:auto)", False),
        ("supports selector(:has(a))", None),
        ("container (min-width:1px)", None),
        ("font-face", False),
        ("keyframes f", False),
    ],
)
def test_conditions_on_the_screen_of_a_desktop(condition: str, holds: bool | None) -> None:
    head = f"<style>@{condition}{{.n{{display:none}}}}</style>"
    text = {True: ("", ""), False: ("105", ""), None: ("105", Doubt.STYLED)}[holds]
    assert cell(head, "<i class=n>105</i>") == text


@pytest.mark.parametrize(
    ("sheet", "is_certain"),
    [
        (".n:not(.a,.b){display:none}", True),
        (".n:not(.zzz){display:none}", True),
        (":is(.n,.m){display:none}", True),
        (".n:where(:not(.q)){display:none}", False),
        ("i:foo(.x){display:none}", False),
        (".n,p:foo{display:none}", False),
        (".n,td::-webkit-foo{display:none}", True),
        ("td > :nth-child(1 of .n){display:none}", False),
        ("#\\31 a{display:none}", True),
        ("table>tbody>tr i{display:none}", True),
        ("@layer a{#q .n{display:inline}} .n{display:none}", True),
        ("@layer b,a;@layer a{.n{display:none}}@layer b{i.n{display:inline}}", True),
        ("@layer a{.n{display:none!important}} .n{display:inline!important}", True),
        (":root{--h:none} .n{display:var(--h)}", True),
        (".n{display:var(--h,none)}", True),
        (".n{display:var(--h)}", False),
        (".n{--a:var(--b)var(--b);--b:var(--a)var(--a);display:var(--a)}", False),
        (".n{overflow:hidden}i{display:inline-block;width:0}", True),
        ("i{position:relative}.n{left:-999px}", True),
        ("td:first-child::first-letter{font-size:0}", False),
    ],
)
def test_what_a_rule_matches_and_which_of_two_counts(sheet: str, is_certain: bool) -> None:
    found = cell(f"<style>{sheet}</style>", "<i class=n id=1a>9</i>105")
    assert found == (("105", "") if is_certain else ("9105", Doubt.STYLED))


@pytest.mark.parametrize(
    ("sheet", "inner"),
    [
        ("s{text-decoration:none}", "1<s>05</s>"),
        ("[hidden]{display:inline}", "1<i hidden>05</i>"),
        (".n{display:inline!important}", "1<i class=n style='display:none'>05</i>"),
        (".n{left:0!important}", "1<i class=n style='position:relative;left:-999px'>05</i>"),
        ("@media (prefers-color-scheme:dark){.n{color:#fff}}", "1<i class=n>05</i>"),
        ("td>table>tr>td,table>tr i{display:none}", "1<i>05</i>"),
        (".n{display:none}", "1<i class=n style='display:revert'>05</i>"),
        (".n{display:none}", "1<i class=n style='all:revert'>05</i>"),
        ("i:focus-visible,i:-moz-foo{display:none}", "1<i>05</i>"),
        (".n{filter:grayscale(100%);filter:alpha(opacity=0)}", "1<i class=n>05</i>"),
        (".n{opacity:0\\9;font-size:0\\9}", "1<i class=n>05</i>"),
        (".n{background:linear-gradient(#147,#258);color:#fff}", "1<i class=n>05</i>"),
        (":root{--b:#147}.n{background:var(--b);color:#fff}", "1<i class=n>05</i>"),
        (".n::before{content:none}", "1<i class=n>05</i>"),
    ],
)
def test_what_is_shown_again_is_read(sheet: str, inner: str) -> None:
    assert cell(f"<style>{sheet}</style>", inner) == (SHOWN, "")


@pytest.mark.parametrize(
    "style",
    [
        *("color:#00000000", "color:rgb(255 255 255)", "color:oklch(1 0 0)", "color:lab(100 0 0)"),
        *("color:hsl(0,0%,100%)", "color:light-dark(white,black)", "font-size:.01em"),
        *("font-size:calc(1px - 1px)", "display:none;display:foo", "position:fixed;left:-999em"),
        *("font-size:0;font-size:foo", "color:#fff;color:foo", "visibility:hidden;visibility:foo"),
        *("opacity:0;opacity:foo", "display:block;line-height:0;overflow:hidden"),
        "position:absolute;left:calc(-1 * 9999px)",
        "position:absolute;inset:-9999px auto auto -9999px",
        *(f"{BLOCK}max-width:0;overflow:hidden", f"{BLOCK}width:0;overflow:hidden hidden"),
        *(f"{BLOCK}inline-size:0;overflow:clip", f"{BLOCK}height:0;overflow-y:hidden"),
        *(
            f"{BLOCK}scale:0",
            f"{BLOCK}translate:-9999px",
            f"{BLOCK}transform:rotate3d(0,1,0,90deg)",
        ),
        *(f"{BLOCK}transform:matrix(0,0,0,0,0,0)", f"{BLOCK}margin:0 9999px 0 -9999px"),
    ],
)
def test_what_is_hidden_is_left_out(style: str) -> None:
    assert cell("", f"<i style='{style}'>9</i>105") == (SHOWN, "")
    assert cell(f"<style>.n{{{style}}}</style>", "<i class=n>9</i>105") == (SHOWN, "")


@pytest.mark.parametrize(
    ("style", "tag"),
    [
        *(("height:1em;overflow:hidden", "div"), ("max-height:1.2em;overflow:hidden", "p")),
        *(("width:0;overflow:hidden", "span"), ("clip:rect(0,0,0,0)", "div")),
        *(("text-indent:-999px", "span"), ("transform:scale(0)", "span"), ("left:-9px", "div")),
        *(("position:relative;top:3px", "span"), ("vertical-align:-4px", "span")),
        ("vertical-align:10%", "span"),
        *(("margin-left:-7px", "p"), ("float:right", "b"), ("position:absolute", "b")),
        *(("display:inline-block;transform:rotate(360deg)", "b"), ("vertical-align:top", "b")),
    ],
)
def test_a_style_without_effect_on_a_whole_number(style: str, tag: str) -> None:
    assert cell("", f"<{tag} style='{style}'>105</{tag}>") == (SHOWN, "")


@pytest.mark.parametrize(
    "style",
    ["width:1%;overflow:hidden", "height:0;overflow:hidden", "max-width:0;overflow:hidden"],
)
def test_a_cell_is_never_smaller_than_what_stands_in_it(style: str) -> None:
    assert cell("", "105", f"<td style='{style}'>") == (SHOWN, "")


@pytest.mark.parametrize(
    "style",
    [
        *("position:relative;bottom:.6em", "vertical-align:top;font-size:60%"),
        "vertical-align:text-top;font-size:8px",
        *("vertical-align:.5em", f"{BLOCK}transform:translateY(-.6em)", f"{BLOCK}translate:0 -9px"),
    ],
)
def test_a_raised_mark_is_left_out(style: str) -> None:
    assert cell("", f"105<span style='{style}'>9</span>") == (SHOWN, "")


@pytest.mark.parametrize(
    ("inner", "doubt"),
    [
        ("<b style='float:right'>5</b><b>10</b>", Doubt.MOVED),
        ("<i style='position:absolute;left:8px'>5</i><i>10</i>", Doubt.MOVED),
        ("<i style='position:relative;left:16px'>5</i>10", Doubt.MOVED),
        ("10<i style='margin-left:-1.5em'>5</i>", Doubt.MOVED),
        ("<i style='margin-right:-2em'>105</i>77", Doubt.MOVED),
        ("<i style='margin-left:-9999px'>9</i>105", Doubt.STYLED),
        ("<i hidden=until-found>9</i>105", Doubt.STYLED),
        ("105<i style='font-variant-position:super'>9</i>", Doubt.STYLED),
        ("105<i style='vertical-align:middle;font-size:60%'>9</i>", Doubt.RAISED),
        ("<i style='color:#fff;text-shadow:0 0 1px #000'>9</i>105", Doubt.FAINT),
        ("<i style='color:#fff;-webkit-text-stroke:1px #000'>9</i>105", Doubt.FAINT),
        ("<i style='text-decoration:line-through transparent'>9</i>105", Doubt.STYLED),
        ("<i style='position:relative;z-index:-1'>9</i>105", Doubt.STYLED),
        (f"<i style='{BLOCK}width:0'>9</i>105", Doubt.OVERLAID),
        ("<p dir=rtl>12 34</p>", Doubt.TURNED),
        ("<p dir=rtl><i>5</i><i>0</i><i>1</i></p>", Doubt.TURNED),
        (f"<i style='{BLOCK}rotate:180deg'>169</i>", Doubt.TURNED),
        (f"<i style='{BLOCK}transform:rotate(200grad)'>169</i>", Doubt.TURNED),
        (f"<i style='{BLOCK}transform:matrix(-1,0,0,-1,0,0)'>169</i>", Doubt.TURNED),
        (f"<i style='{BLOCK}transform:foo(1)'>169</i>", Doubt.STYLED),
        ("<i style='letter-spacing:-1em'>105</i>", Doubt.OVERLAID),
        ("<b>105<i style='position:absolute;background:#fff;width:40px'></i></b>", Doubt.OVERLAID),
        (f"<i style='{BLOCK}width:8px;overflow:hidden'>105</i>", Doubt.OVER_EDGE),
        ("<div style='max-height:1em;overflow:hidden'>105<br>9</div>", Doubt.OVER_EDGE),
        ("<i style='filter:brightness(0) invert(1)'>9</i>105", Doubt.STYLED),
        ("<i style='color:color-mix(in srgb,white,white)'>9</i>105", Doubt.STYLED),
        ("<i style='opacity:0;animation:f 1s forwards'>105</i>", Doubt.STYLED),
        ("<i style='color:#fff'>9<b style='color:#000'>1</b></i>05", Doubt.FAINT),
        ("<i style='background:linear-gradient(#fff,#000);color:#fff'>9</i>105", Doubt.FAINT),
        ("<ul style='list-style:decimal'><li></ul>", Doubt.COUNTED),
    ],
)
def test_what_cannot_be_told_is_in_doubt(inner: str, doubt: Doubt) -> None:
    assert cell("", inner)[1] == doubt


@pytest.mark.parametrize(
    "sheet",
    [
        ".n{position:relative}.n:after{content:'';position:absolute;top:50%;border-top:1px solid}",
        ".n::after{content:''}.n::after{position:absolute}",
    ],
)
def test_what_a_sheet_draws_over_a_number(sheet: str) -> None:
    assert cell(f"<style>{sheet}</style>", "<i class=n>9</i>105")[1] == Doubt.OVERLAID
    assert cell(f"<style>{sheet}</style>", "<i class=n>其中</i>")[1] == ""


def test_a_blank_cell_with_a_picture_of_its_own() -> None:
    assert cell("", "", "<td background=105.png>")[1] == Doubt.PICTURE
    of_all = "<style>td{background:url(a.png)}</style>"
    page = f"{of_all}<table><tr><td></td><td>7</td></tr></table>"
    assert read_html(page.encode()).tables[-1].rows[0].flaws == ("", "")


def test_a_rule_that_may_hide_a_table_leaves_its_cells_in_doubt() -> None:
    head = "<style>@container (width>1px){table{display:none}}</style>"
    row = read_html(f"{head}<table><tr><td>7</td></tr></table>".encode()).tables[-1].rows[0]
    assert row.flaws == (Doubt.STYLED,)


@pytest.mark.parametrize(
    "sheet",
    [
        "*{margin:0;padding:0;border:0;font:inherit;vertical-align:baseline}",
        "td{vertical-align:top;overflow:hidden;max-width:0;text-overflow:ellipsis}",
        "html{filter:grayscale(100%)}span{vertical-align:middle}td p{text-indent:2em}",
        ".clearfix:after,p:after{content:'';display:block;clear:both}",
        "tr:hover td{color:#fff}td:last-of-type:not(.a):focus-within{display:none}",
        "table{position:relative;top:9px;float:left;transform:translateZ(0);opacity:1}",
        "@media screen and (max-width:768px){td{display:block;float:left}}",
        "td{background:#fff url(bg.gif) repeat-x;position:relative;letter-spacing:-.02em}",
        "p{margin:0 -2px;line-height:0}td i{display:inline-block}",
    ],
)
def test_ordinary_sheets_leave_no_doubt(sheet: str) -> None:
    assert cell(f"<style>{sheet}</style>", "<p><span>105</span></p>") == (SHOWN, "")


@pytest.mark.parametrize("sheet", ["", "body{font-size:9pt}", "td{font-size:12px}"])
@pytest.mark.parametrize("align", ["middle", "top", "bottom", "text-bottom"])
def test_a_whole_number_is_no_note_mark(sheet: str, align: str) -> None:
    """As Word, WPS and Excel set what is pasted from them."""
    span = f"<span style='font-size:9pt;vertical-align:{align}'>105</span>"
    assert cell(f"<style>{sheet}</style>", f"<p>{span}</p>") == (SHOWN, "")


@pytest.mark.parametrize(
    "style",
    [
        "margin-left:calc(50% - 600px)",
        "position:relative;left:calc(50% - 600px)",
        "position:relative;left:50%;margin-left:-600px",
        "float:left;width:calc(100% - 240px);overflow:hidden",
        "font-size:.16rem",
    ],
)
def test_what_is_set_by_the_width_of_the_page_is_on_it(style: str) -> None:
    page = f"<div style='{style}'><table><tr><td>1</td><td>105</td></tr></table></div>"
    table = read_html(page.encode()).tables[-1]
    assert (table.rows[0].texts, table.rows[0].flaws) == (("1", "105"), ("", ""))


@pytest.mark.parametrize(
    ("head", "inner"),
    [
        ("", "5" + "<b style='position:relative;top:9px'>1</b>" * 3_000),
        ("", "5" + "<b style='float:right'></b>" * 3_000),
        (f"<style>i{{{'--a:var(--a)var(--b);' * 99}display:var(--a)}}</style>", "<i>5</i>" * 300),
    ],
)
def test_styles_without_end_are_read_at_once(head: str, inner: str) -> None:
    assert cell(head, inner)[0].startswith("5")


@pytest.mark.parametrize(
    "sheet", [".n{left:1px}" * 5_001, f"@media {'(' * 3_000}hover{')' * 3_000}{{i{{left:0}}}}"]
)
def test_sheets_without_end_are_refused(sheet: str) -> None:
    with pytest.raises(Refused, match="stylesheets"):
        cell(f"<style>{sheet}</style>", "<i class=n>5</i>")


@pytest.mark.parametrize(("content", "flaw"), [("'9'", Doubt.COUNTED), ("none", ""), ("''", "")])
def test_what_a_sheet_writes_as_the_mark_of_a_line(content: str, flaw: str) -> None:
    sheet = f"<style>li::marker{{content:{content}}}</style>"
    assert cell(sheet, "<ul><li>105</li></ul>") == (SHOWN, flaw)


@pytest.mark.parametrize(
    ("sheet", "inner"),
    [
        (":root{--c:transparent}.n{color:var(--c)}", "<i class=n>9</i>105"),
        (":root{--c:transparent}", "<i style='color:var(--c)'>9</i>105"),
        (":root{--d:none}.n{display:var(--d)}", "<i class=n>9</i>105"),
        (".n{overflow:auto;height:0}", "<div class=n>9</div>105"),
    ],
)
def test_what_a_variable_or_a_box_that_scrolls_hides_is_left_out(sheet: str, inner: str) -> None:
    assert cell(f"<style>{sheet}</style>", inner) == ("105", "")


@pytest.mark.parametrize(
    ("head", "inner", "doubt"),
    [
        ("", "<dialog open>9</dialog>105", Doubt.OVERLAID),
        ("", "<dialog>9</dialog>105", ""),
        ("<style>p{overflow:scroll;width:5px}</style>", "<p>105</p>", Doubt.OVER_EDGE),
        ("<style>p{contain:strict}</style>", "<p>9</p>105", Doubt.MASKED),
        ("<style>p{-webkit-line-clamp:1}</style>", "<p>105<br>9</p>", Doubt.MASKED),
        ("<script>document.getElementById('x').innerText=9</script>", "<i id=x>105</i>", "script"),
        ("<script>$('#x').hide()</script>", "<i id=x>9</i>105", "script"),
        ("<script>$('#y').hide()</script>", "<i id=x>105</i>", ""),
    ],
)
def test_what_stands_or_is_set_over_a_cell(head: str, inner: str, doubt: str) -> None:
    flaw = cell(head, inner)[1]
    assert flaw == (Doubt.EMBEDDED if doubt == "script" else doubt)
