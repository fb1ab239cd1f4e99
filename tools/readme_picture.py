"""Draw the README's picture from a running shop: `python -m tools.readme_picture URL`.

Chromium shows the home page on a desk and a product on a phone, both without scripts, so that
pictures below the fold are not waited for.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import sync_playwright

TARGET = Path(__file__).parent.parent / "docs" / "images" / "shop.webp"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main(url: str, product: str = "/en/products/anji-baicha") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        desk = _shot(browser, f"{url}/", 1280, 860)
        phone = _shot(browser, f"{url}{product}", 375, 780)
        browser.close()
    canvas = Image.new("RGB", (1280 + 60, 860 + 80), "#e9e4d8")
    canvas.paste(ImageOps.expand(desk.resize((1040, 699)), 1, "#b9b3a4"), (40, 60))
    canvas.paste(ImageOps.expand(phone.resize((375, 780)), 1, "#b9b3a4"), (925, 110))
    TARGET.parent.mkdir(exist_ok=True)
    canvas.save(TARGET, quality=80, method=6)
    print(f"wrote {TARGET.name}, {TARGET.stat().st_size // 1024} KB")


def _shot(browser: object, url: str, width: int, height: int) -> Image.Image:
    page = browser.new_page(viewport={"width": width, "height": height})  # type: ignore[attr-defined]
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


if __name__ == "__main__":
    main(*sys.argv[1:])
