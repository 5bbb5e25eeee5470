"""Charts: Altair's specifications beside their data, drawn by vl-convert's copy of Vega.

A page holds each chart's specification in both languages and its rows once. Colours are Okabe and
Ito's, which colour-blind readers tell apart, or shades of one that print keeps in order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from gouji.findings.words import Language
from gouji.warehouse_file import Record

BLUE, ORANGE, GREEN, SKY, PINK, YELLOW, RED = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#56b4e9",
    "#cc79a7",
    "#f0e442",
    "#d55e00",
)
# On a dark page assets/charts.js draws ink light; what stands on a light cell stays as it is.
INK, GREY, PALE, ON_LIGHT = "#1a1a1a", "#8c8c8c", "#d9d9d9", "#111111"
# Verdicts look the same on every page.
VERDICT_COLOURS = {
    "holds": BLUE,
    "holds_if_blank_is_zero": SKY,
    "broken": RED,
    "acknowledged": ORANGE,
    "not_assessable": PALE,
}
ROWS = alt.NamedData(name="rows")
# A system's own fonts: nothing is loaded.
FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"

# Shades of one colour, from none to many: they stay in order in grey.
SHADES = ("#ffffff", "#c6dcec", "#7fb3d5", "#3a87bd", "#0b5394")

AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class ChartKind:
    """How charts of one kind are drawn: a specification for each language, without data.

    Made once, drawn on any number of pages with rows of their own.
    """

    specs: dict[Language, dict[str, Any]]

    def of(self, rows: list[Record], *, height: int = 260) -> dict[str, Any]:
        """Give a chart for `{% call chart(...) %}` in a template.

        Args:
            rows: what is drawn, by column name.
            height: of the plot without its axes, in pixels. (Vega-Lite's own steps, a height for
                each row, warn on the console beside a width that follows the page.)
        """
        return {"specs": self.specs, "rows": rows, "height": height}


def chart_kind(make: Callable[[Language], AnyChart]) -> ChartKind:
    """Make a kind of chart.

    Args:
        make: gives the chart over `ROWS` with the words of one language.
    """
    return ChartKind({"zh": _spec(make("zh")), "en": _spec(make("en"))})


def _spec(chart: AnyChart) -> dict[str, Any]:
    styled = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=INK, gridColor="#e6e6e6", labelFontSize=12, titleFontSize=12
        )
        .configure_legend(labelColor=INK, titleColor=INK, labelFontSize=12, titleFontSize=12)
        .configure_header(labelFontSize=12, titleFontSize=12)
    )
    # usermeta carries addresses of the web, and no page of ours asks for one
    spec = dict(styled.to_dict())
    spec.pop("usermeta", None)
    return spec | {"autosize": {"type": "fit-x", "contains": "padding"}}


def vega_asset() -> str:
    """Name Vega's bundle in `assets/`: another version has another name."""
    return f"vega-{version('vl-convert-python')}.js"


def write_vega(assets: Path, earlier: Path) -> None:
    """Write Vega's bundle, or take it from an earlier site: to put it together takes seconds."""
    name = vega_asset()
    known = earlier / name
    text = known.read_text(encoding="utf-8") if known.is_file() else _bundle()
    (assets / name).write_text(text, encoding="utf-8")


def _bundle() -> str:
    # the package's own types ask for a snippet, which it has no need of
    return vl_convert.javascript_bundle()  # type: ignore[call-arg]
