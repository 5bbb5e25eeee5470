"""Take the pictures of the README from a site: `make pictures`, after a build."""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

HERE = Path(__file__).parent
SITE = HERE.parents[1] / "warehouse" / "site"
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}


def first_page(page: Page, site: str) -> bytes:
    """Show the figures of the country and the map."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site}/index.html")
    expect(page.locator(".plot:not([data-drawn])")).to_have_count(0, timeout=20_000)
    return page.screenshot()


def annotated_form(page: Page, site: str) -> bytes:
    """Show a total that its row contradicts, with what would explain it."""
    page.set_viewport_size({"width": 1280, "height": 1200})
    page.goto(f"{site}/reports/320813-zhengfu-2023.html#reviews")
    page.locator("#reviews-review-total a").hover()
    expect(page.locator(".explanation")).to_be_visible()
    bounds = "[...document.querySelectorAll('table.reviews, .explanation')].map(one => {"
    bounds += " const box = one.getBoundingClientRect(); return [box.top, box.bottom]; }).flat()"
    edges = page.evaluate(bounds)
    top, bottom = min(edges) - 8, max(edges) + 8
    return page.screenshot(clip={"x": 0, "y": top, "width": 1280, "height": bottom - top})


def main(site: Path = SITE) -> None:
    """Write the pictures beside this file; without loss each is well under 200 kB."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for language, locale in LANGUAGES.items():
            page = browser.new_page(locale=locale)
            for take in (first_page, annotated_form):
                picture = Image.open(BytesIO(take(page, site.as_uri()))).convert("RGB")
                name = f"{take.__name__.replace('_', '-')}.{language}.webp"
                picture.save(HERE / name, lossless=True, method=6)
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
