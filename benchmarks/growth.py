"""The picture of how time and memory grow with the reports, out of the figures that were kept."""

import json
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

NAMES = {"build": "dbt build with tests", "hand_written": "hand-written SQL", "pandas": "pandas"}
COLOURS = ["#1b6ca8", "#d1495b", "#6b6b6b"]
BYTES_IN_A_GIB = 2**30


def measured(folder: Path) -> dict[int, dict[str, Any]]:
    """The figures of every size that was measured, smallest first."""
    sizes = sorted(
        int(path.parent.name)
        for path in folder.glob("*/figures.json")
        if path.parent.name.isdecimal()
    )
    return {
        size: json.loads((folder / str(size) / "figures.json").read_text(encoding="utf-8"))
        for size in sizes
    }


def draw(folder: Path, picture: Path) -> None:
    """Draw time and memory over the reports, both axes logarithmic; needs two sizes."""
    points = [
        {
            "reports": size,
            "way": name,
            "seconds": figures[step]["seconds"],
            "memory": figures[step]["peak"] / BYTES_IN_A_GIB,
        }
        for size, figures in measured(folder).items()
        for step, name in NAMES.items()
        if "seconds" in figures.get(step, {})
    ]
    if len({point["reports"] for point in points}) < 2:
        return
    charts = [
        _chart(points, "seconds", "seconds"),
        _chart(points, "memory", "peak memory in GiB"),
    ]
    svg = vl_convert.vegalite_to_svg(
        alt.hconcat(*charts).configure_axis(labelFontSize=12, titleFontSize=12).to_json()
    )
    picture.write_text(svg, encoding="utf-8")


def _chart(points: list[dict[str, Any]], column: str, title: str) -> alt.LayerChart:
    scale = alt.Scale(type="log")
    base = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X("reports:Q", scale=scale, title="reports", axis=alt.Axis(format="~s")),
        y=alt.Y(f"{column}:Q", scale=scale, title=title),
        color=alt.Color(
            "way:N",
            title=None,
            scale=alt.Scale(domain=list(NAMES.values()), range=COLOURS),
            legend=alt.Legend(orient="top"),
        ),
    )
    return (base.mark_line(strokeWidth=2) + base.mark_point(filled=True, size=60)).properties(
        width=330, height=300
    )
