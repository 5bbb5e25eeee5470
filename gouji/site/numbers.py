"""Numbers and times as the pages write them for people."""

from datetime import datetime
from decimal import Decimal


def number(value: Decimal | float | None, places: int | None = None) -> str:
    """Write a number for people: `12,345`, `−3`, `0.5`; nothing where there is none."""
    if value is None:
        return ""
    if places is None:
        places = 0 if value == int(value) else 4
        text = f"{value:,.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:,.{places}f}"
    return text.replace("-", "\u2212")


def percent(share: float | None) -> str:
    """Write a share as a percentage with one place: `98.7%`; a dash where there is none.

    A share that is not quite the whole is never shown as 100.0%, and one above none never as 0.0%.
    """
    if share is None:
        return "–"
    shown = round(share * 100, 1)
    if shown == 100 and share < 1:
        return ">99.9%"
    if shown == 0 and share > 0:
        return "<0.1%"
    return f"{shown:.1f}%"


def span(least: Decimal | float, most: Decimal | float) -> str:
    """Write from how many to how many: `1–3`, or `2` where both are the same."""
    return number(least) if least == most else f"{number(least)}–{number(most)}"


def moment(value: datetime) -> str:
    """Write a time to the minute, with its distance from UTC."""
    return value.strftime("%Y-%m-%d %H:%M UTC%z").removesuffix("+0000")
