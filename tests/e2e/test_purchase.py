"""A new user's first hour in a real browser: buy on a phone, see it in the back office, ship it,
refund one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.fixtures.server import RunningShop, copied, serving, storegen
from tests.judges.machine import CHROMIUM_ARGUMENTS, chromium, need

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def shop(sample_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    own = copied(sample_shop, tmp_path_factory.mktemp("bought") / "shop")
    with serving(own, "--workers", "1") as running:
        yield running
    drift = storegen("audit", str(own))
    assert "no drift" in drift.lower()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        yield running
        running.close()


@contextmanager
def visitor(browser: Browser, allowed: tuple[str, ...] = (), **options: Any) -> Iterator[Page]:
    """A page whose console must stay silent, but for ``allowed``: a browser logs each refusal."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(20_000)
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [text for text in said if not any(part in text for part in allowed)] == []
    context.close()


PHONE: dict[str, Any] = {
    "viewport": {"width": 375, "height": 812},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def put_into_cart(page: Page, shop: RunningShop, prefix: str, handle: str) -> None:
    page.goto(f"{shop.base_url}{prefix}/products/{handle}")
    fits(page)
    page.locator("[data-add]").click()
    page.wait_for_url("**/cart")
    fits(page)


def choose_division(page: Page, scripted: bool) -> None:
    """Shanghai, Huangpu: by the scripts' way, or step by step through the form's own button."""
    page.locator("[name=division_0]").select_option("310000")
    if not scripted:
        page.locator("button[name=step][value=division]").first.click()
    page.locator("[name=division_1]").select_option("310101")
    if not scripted:
        page.locator("button[name=step][value=division]").first.click()


def check_out(page: Page, *, payment: str, scripted: bool) -> None:
    page.locator("a[href$='/checkout']").first.click()
    page.wait_for_url("**/checkout")
    fits(page)
    page.locator("[name=phone]").fill("13800138000")
    page.locator("[name=name]").fill("王小明")
    page.locator("[name=line1]").fill("南京东路 1 号")
    choose_division(page, scripted)
    # Delivery is offered once the place is known.
    submit = page.locator("form[action$='/checkout'] button:not([name])").last
    page.locator("[name=accept]").check()
    page.locator(f"input[name=payment][value={payment}]").check(force=True)
    submit.click()
    page.wait_for_load_state()
    if page.url.endswith("/checkout"):
        page.locator("[name=accept]").check()
        page.locator(f"input[name=payment][value={payment}]").check(force=True)
        page.locator("form[action$='/checkout'] button:not([name])").last.click()


def pay_in_sandbox(page: Page, behaviour: str) -> None:
    page.wait_for_selector(f"button[name=behaviour][value={behaviour}]")
    page.locator(f"button[name=behaviour][value={behaviour}]").click()


@contextmanager
def back_office(browser: Browser, shop: RunningShop) -> Iterator[Page]:
    with visitor(browser, viewport={"width": 1280, "height": 900}) as page:
        page.goto(shop.admin_link())
        page.locator("main form button").first.click()
        page.wait_for_load_state()
        yield page


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_bought_on_a_phone_shipped_and_one_line_refunded(
    browser: Browser, shop: RunningShop, prefix: str
) -> None:
    with visitor(browser, **PHONE) as page:
        put_into_cart(page, shop, prefix, "anji-baicha")
        put_into_cart(page, shop, prefix, "aged-white-cake")
        check_out(page, payment="sandbox", scripted=True)
        pay_in_sandbox(page, "approve")
        page.wait_for_url(re.compile(r"/orders/\w+$"))
        fits(page)
        order_url = page.url
        number = re.search(r"\d{16}", page.locator("main").inner_text())
        assert number is not None
        with back_office(browser, shop) as desk:
            desk.goto(f"{shop.base_url}/admin/orders?q={number[0]}")
            desk.locator("main table a").first.click()
            desk.wait_for_load_state()
            order = desk.url
            desk.goto(f"{order}/ship")
            desk.locator("[name='parcels.0.carrier']").fill("顺丰速运")
            desk.locator("[name='parcels.0.number']").fill("SF1234567890")
            desk.locator("main form button:not([type=button])").last.click()
            desk.wait_for_load_state()
            desk.goto(f"{order}/refund")
            desk.locator("[name^='units.']").first.fill("1")
            desk.locator("main form button:not([type=button])").last.click()  # a preview
            desk.wait_for_load_state()
            desk.locator("main form button:not([type=button])").last.click()
            desk.wait_for_load_state()
        page.goto(order_url)
        expect(page.locator("main")).to_contain_text("SF1234567890")
        refunds = page.locator("[aria-labelledby=refunds-title]")
        for _ in range(40):  # the worker sends it to the gateway
            if refunds.get_by_text(re.compile("已退回|Given back")).count():
                break
            page.wait_for_timeout(250)
            page.reload()
        expect(refunds).to_contain_text("Given back" if prefix else "已退回")
        fits(page)


def test_without_scripts(browser: Browser, shop: RunningShop) -> None:
    with visitor(browser, java_script_enabled=False, **PHONE) as page:
        page.goto(f"{shop.base_url}/en/products/anji-baicha")
        page.locator("[data-add]").click()
        page.wait_for_url("**/cart")
        check_out(page, payment="cash_on_delivery", scripted=False)
        page.wait_for_url(re.compile(r"/orders/\w+"))
        assert re.search(r"\d{16}", page.locator("main").inner_text())


def test_what_is_put_right_is_no_longer_called_wrong(browser: Browser, shop: RunningShop) -> None:
    with visitor(browser, allowed=("422",), **PHONE) as page:
        put_into_cart(page, shop, "/en", "anji-baicha")
        page.locator("a[href$='/checkout']").first.click()
        page.locator("form[action$='/checkout'] button:not([name])").last.click()
        problems = page.locator("[data-problem]")
        expect(page.locator("[name=phone]")).to_have_attribute("aria-invalid", "true")
        before = problems.count()
        page.locator("[name=phone]").fill("13800138000")
        expect(page.locator("#f-phone-error")).to_have_count(0)
        expect(page.locator("[name=phone][aria-invalid]")).to_have_count(0)
        expect(problems).to_have_count(before - 1)
        page.locator("[name=name]").fill(" ")
        expect(page.locator("[name=name]")).to_have_attribute("aria-invalid", "true")
        page.locator("[name=name]").fill("Lin")
        page.locator("[name=line1]").fill("Rain Lane 1")
        choose_division(page, scripted=True)
        page.locator("[name=accept]").check()
        expect(problems).to_have_count(0)
        expect(page.locator("main .notice.danger")).to_have_count(0)


def test_declined_then_paid_another_way(browser: Browser, shop: RunningShop) -> None:
    with visitor(browser, **PHONE) as page:
        put_into_cart(page, shop, "/en", "anji-baicha")
        check_out(page, payment="sandbox", scripted=True)
        pay_in_sandbox(page, "decline")
        page.wait_for_url(re.compile(r"/orders/\w+"))
        expect(page.locator("main")).to_contain_text(re.compile("pay", re.IGNORECASE))
        page.locator("main form[action*='/pay'] button").first.click()
        pay_in_sandbox(page, "approve")
        page.wait_for_url(re.compile(r"/orders/\w+$"))
        expect(page.locator("main")).to_contain_text(re.compile("paid", re.IGNORECASE))
