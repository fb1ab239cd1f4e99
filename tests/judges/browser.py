"""axe on pages of a running shop: phone and desk, light and dark, signed in or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, Route, ViewportSize, sync_playwright

from tests.judges import axe
from tests.judges.findings import Finding
from tests.judges.machine import CHROMIUM_ARGUMENTS, chromium
from tests.judges.shop_pages import ShopPage

SIZES: tuple[ViewportSize, ...] = ({"width": 375, "height": 812}, {"width": 1280, "height": 900})


@contextmanager
def browser() -> Iterator[Browser]:
    """The machine's Chromium without a window."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        try:
            yield started
        finally:
            started.close()


def judge(base_url: str, pages: Iterable[ShopPage], cookie: str = "") -> list[Finding]:
    """axe's violations, sideways scrolling and console errors on each page, at each size.

    The bytes that were collected are shown, not fetched again, so that a filled cart is judged
    filled. What the page loads comes from the shop, asked for with ``cookie`` (a Cookie header).
    """
    with browser() as started:
        context = started.new_context(viewport=SIZES[0], reduced_motion="reduce")
        for pair in filter(None, cookie.split("; ")):
            name, _, value = pair.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": base_url}])
        tab = _Tab(context.new_page())
        return [finding for found in pages for finding in tab.judged(found)]


class _Tab:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.shown: ShopPage | None = None
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route(lambda url: self.shown is not None and url == self.shown.page.url, self._show)

    def judged(self, found: ShopPage) -> Iterator[Finding]:
        self.shown = found
        self.errors.clear()
        self.page.goto(found.page.url, wait_until="networkidle")
        for size in SIZES:
            self.page.set_viewport_size(size)
            where = f"{found.label} at {size['width']} px"
            for complaint in self._complaints():
                yield Finding(complaint.judge, where, complaint.rule, complaint.message)
            if axe.evaluate(self.page, "document.documentElement.scrollWidth > innerWidth"):
                yield Finding("layout", where, "overflow", "the page scrolls sideways")
        for text in self.errors:
            yield Finding("console", found.label, "error", text)

    def _complaints(self) -> Iterator[Finding]:
        yield from axe.violations(self.page)
        # Only colours differ in the dark; the other rules have just been asked.
        self.page.emulate_media(color_scheme="dark")
        for found in axe.violations(self.page, rules=("color-contrast",)):
            yield Finding("axe", found.url, f"{found.rule} (dark)", found.message)
        self.page.emulate_media(color_scheme="light")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _show(self, route: Route) -> None:
        assert self.shown is not None
        answer = self.shown.page
        kept = ("content-type", "content-security-policy")
        headers = {name: answer.headers[name] for name in kept if name in answer.headers}
        # 200 whatever it was: a browser logs an error of its own for a 404.
        route.fulfill(status=200, headers=headers, body=answer.body)
