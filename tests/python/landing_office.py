"""Puts into a page or a Markdown text what office programs and CMSs write beside its numbers.

What is added changes nothing of what a person reads.  It is put in after any damage, so that the
damage does not make another document of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.landing.vocabulary import Form  # noqa: TC001
from landing_documents import Truth, parts, write_html, write_md

if TYPE_CHECKING:
    import random

_CELL = re.compile(r"(<td[^<>]*>(?:<p[^<>]*>|&nbsp;|\s)*)(\d+)(?=(?:</p>|&nbsp;|\s)*</td>)")
_PIPED = re.compile(r"(\| ?)(\d+)(?= ?\|)")
HTML = (
    "{}<sup>1</sup>",
    "{}<sup>[注]</sup>",
    "{}①",
    "<s>9</s>{}",
    "<del>9</del><ins>{}</ins>",
    "<span style='display:none'>9</span>{}",
    "<span style='text-decoration:line-through'>9</span>{}",
    "<span style='color:#fff'>9</span>{}",
    "<span style='font-size:0'>9</span>{}",
    "<span style='position:absolute;clip:rect(0 0 0 0)'>9</span>{}",
    "<span lang=EN-US style='mso-bidi-font-size:10.5pt'>{}<o:p></o:p></span>",
    "<!--[if supportFields]>9<![endif]-->{}",
    "<a href='#f1'>{}</a>",
    "\u200b{}\ufeff",
    "<strong>{}</strong>",
)
MARKDOWN = ("{}[^1]", "~~9~~{}", "**{}**", "{}①", "<del>9</del>{}", "\u200b{}")
LINKS = (
    "<ul><li><a href=a>某某县2021年政府信息公开工作年度报告</a></li>"
    "<li><a href=b>某某市2022年政府信息公开工作年度报告</a></li></ul>"
)


def dressed(text: str, kind: str, rnd: random.Random, share: float = 0.08) -> str:
    """A document with some of its numbers dressed, and a list of links above or below it."""
    pattern, ways = (_CELL, HTML) if kind == "html" else (_PIPED, MARKDOWN)

    def dress(match: re.Match[str]) -> str:
        if rnd.random() >= share:
            return match.group()
        return match.group(1) + rnd.choice(ways).format(match.group(2))

    text = pattern.sub(dress, text)
    if kind == "html" and rnd.random() < 0.3:
        place, listed = rnd.choice([("<body>", f"<body>{LINKS}"), ("</body>", f"{LINKS}</body>")])
        text = text.replace(place, listed, 1)
    return text


def followed(text: str, kind: str, truth: Truth, form: Form, rnd: random.Random) -> str:
    """A document with the tables of a second report behind it, titled or not."""
    other = Truth(truth.layout)
    number = rnd.choice(["0", "7", "31"])
    other.disclosures = dict.fromkeys(truth.disclosures, number)
    other.requests = {line: [number] * len(row) for line, row in truth.requests.items()}
    other.reviews = {channel: [number] * len(row) for channel, row in truth.reviews.items()}
    other.title = rnd.choice(["", "某某县2023年政府信息公开工作年度报告"])
    writer = write_html if kind == "html" else write_md
    second = writer(other.title, parts(other, form, "clean"), "clean", rnd).decode()
    if kind == "html":
        second = second.partition("<body>")[2]
        return text.replace("</body>", second) if "</body>" in text else text
    return f"{text}\n\n{second}"
