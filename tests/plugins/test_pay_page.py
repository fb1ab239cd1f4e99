"""The pay page, without and with a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import ConsoleMessage
from storegen_plugins.pay_sandbox.gateway.amounts import amount_text
from storegen_plugins.pay_sandbox.gateway.behaviours import BEHAVIOURS
from storegen_plugins.pay_sandbox.gateway.faults import LINE_FAULTS, REFUND_OUTCOMES
from storegen_plugins.pay_sandbox.gateway.pages import GROUPS, LINE_ENDPOINTS, LINE_KINDS
from storegen_plugins.pay_sandbox.gateway.texts import EN, ZH, language

from tests.judges import nu
from tests.plugins.conftest import Sandbox


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def address(sandbox: Sandbox, reference: str = "REF1", **changes: object) -> str:
    return sandbox.provider.start(sandbox.request(reference, **changes)).redirect_url


def states(sandbox: Sandbox) -> dict[str, str]:
    """A pay page in every state: name → address."""
    pages = {"open": address(sandbox, "R0")}
    for reference, behaviour in (("R1", "approve"), ("R2", "decline"), ("R3", "delay")):
        pages[behaviour] = address(sandbox, reference)
        sandbox.pay(behaviour, reference)
    pages["closed"] = address(sandbox, "R4")
    sandbox.provider.close("R4")
    pages["dropped"] = f"{address(sandbox, 'R5')}?dropped=1"
    sandbox.pay("drop", "R5")
    pages["armed"] = f"{address(sandbox, 'R6')}?armed=1"
    pages["missing"] = f"{sandbox.url}/pay/nowhere"
    pages["home"] = f"{sandbox.url}/"
    return {
        f"{name} {lang}": f"{url}{'&' if '?' in url else '?'}lang={lang}"
        for name, url in pages.items()
        for lang in ("zh", "en")
    }


def test_every_behaviour_has_a_button_and_every_text_two_languages() -> None:
    offered = {"approve", "decline", *(name for names in GROUPS.values() for name in names)}
    assert offered == set(BEHAVIOURS)
    assert set(LINE_KINDS) <= {*LINE_FAULTS, *REFUND_OUTCOMES}
    assert set(ZH) == set(EN)
    needed = {
        *GROUPS,
        *(f"endpoint_{x}" for x in LINE_ENDPOINTS),
        *(f"kind_{x}" for x in LINE_KINDS),
    }
    assert needed | offered <= set(EN)


@pytest.mark.parametrize(
    ("wishes", "chosen"),
    [(("zh-CN",), "zh"), (("", "zh_TW"), "zh"), (("en-US", "zh"), "en"), (("fr", ""), "en")],
)
def test_language(wishes: tuple[str, ...], chosen: str) -> None:
    assert language(*wishes) == chosen


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1_234_567, "CNY", "¥12,345.67"),
        (5, "CNY", "¥0.05"),
        (5_000, "JPY", "JP¥5,000"),
        (1_500, "KWD", "1.500 KWD"),
    ],
)
def test_amounts(amount: int, currency: str, text: str) -> None:
    assert amount_text(amount, currency) == text


def test_every_page_says_that_no_real_money_moves_and_is_good_html(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    documents: dict[str, bytes] = {}
    for name, url in states(sandbox).items():
        response = http.get(url)
        documents[name] = response.content
        assert (ZH if name.endswith("zh") else EN)["sandbox"] in response.text, name
        assert f'lang="{"zh-Hans" if name.endswith("zh") else "en"}"' in response.text
        assert "<script" not in response.text
        assert "style=" not in response.text
    assert nu.check(documents) == []


def test_headers(sandbox: Sandbox, http: httpx.Client) -> None:
    headers = http.get(address(sandbox)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; ")
    assert "unsafe" not in policy
    assert policy.endswith(f"form-action 'self' {sandbox.shop.url}")
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


def test_text_of_the_shop_is_escaped(sandbox: Sandbox, http: httpx.Client) -> None:
    page = http.get(address(sandbox, description='<script>alert("1")</script>')).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_shop_is_named_and_its_host_is_shown(sandbox: Sandbox, http: httpx.Client) -> None:
    page = http.get(address(sandbox, description="Rain <Hill> N1", order_number="N1")).text
    assert re.search(r"<dd>Rain &lt;Hill&gt; <span", page)
    assert page.count("Rain &lt;Hill&gt;") == 1  # not said again as what it is for
    page = http.get(address(sandbox, reference="REF2", description="", order_number="N1")).text
    assert re.search(r"<dd>[\w.:-]+</dd>", page)


def test_buttons_do_what_they_say(sandbox: Sandbox, http: httpx.Client) -> None:
    page = address(sandbox)
    answer = http.post(page, data={"behaviour": "approve", "lang": "zh"})
    assert (answer.status_code, answer.headers["location"]) == (303, sandbox.request().return_url)
    sandbox.shop.wait(1)
    # Another tab, a moment later: nothing is paid twice.
    again = http.post(page, data={"behaviour": "capture_twice", "lang": "zh"})
    assert again.headers["location"].startswith("/pay/")
    assert sandbox.look()["captured"] == 19_900


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        ({"behaviour": "approve"}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"behaviour": "approve"}, {"Sec-Fetch-Site": "same-site"}, 403),
        ({"behaviour": "steal"}, {}, 422),
        ({"behaviour": "delay", "seconds": "-1"}, {}, 422),
        ({"behaviour": "delay", "seconds": "９"}, {}, 422),
        ({}, {}, 422),
    ],
)
def test_wrong_forms(
    sandbox: Sandbox,
    http: httpx.Client,
    data: dict[str, str],
    headers: dict[str, str],
    status: int,
) -> None:
    assert http.post(address(sandbox), data=data, headers=headers).status_code == status
    assert sandbox.provider.query("REF1").result == "pending"


def test_a_get_pays_nothing_and_a_stranger_finds_nothing(
    sandbox: Sandbox, http: httpx.Client
) -> None:
    page = address(sandbox)
    http.get(f"{page}?behaviour=approve")
    assert sandbox.provider.query("REF1").result == "pending"
    assert http.get(f"{page[:-1]}").status_code == 404
    assert http.post(f"{sandbox.url}/pay/x", data={"behaviour": "approve"}).status_code == 404
    assert http.post(page, content=b"x" * 100_000).status_code in (413, 422)


def test_a_fault_armed_on_the_page(sandbox: Sandbox, http: httpx.Client) -> None:
    page = address(sandbox)
    answer = http.post(f"{page}/line", data={"endpoint": "query", "kind": "error", "lang": "en"})
    assert answer.headers["location"].endswith("?lang=en&armed=1")
    with pytest.raises(Exception, match="503"):
        sandbox.provider.query("REF1")
    assert sandbox.provider.query("REF1").result == "pending"


@pytest.mark.e2e
def test_in_a_browser(sandbox: Sandbox) -> None:
    from tests.judges import axe
    from tests.judges.browser import browser

    with browser() as started:
        errors: list[str] = []
        context = started.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN")
        page = context.new_page()

        def heard(said: ConsoleMessage) -> None:
            if said.type == "error":
                errors.append(said.text)

        page.on("console", heard)
        for name, url in states(sandbox).items():
            if name.startswith("missing"):
                continue  # the browser itself logs a 404
            # Each state once at each width; the page to pay on in both languages at both.
            both = name.startswith("open")
            for width in (375, 1280) if both else (375,) if name.endswith("zh") else (1280,):
                page.set_viewport_size({"width": width, "height": 812})
                page.goto(url)
                if page.locator("summary").count():
                    page.click("summary")
                assert axe.violations(page) == [], name
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
                small = page.evaluate(
                    "[...document.querySelectorAll('a, button, select, summary,"
                    " input:not([type=hidden])')].filter(e => e.getBoundingClientRect().height < 44"
                    " || e.getBoundingClientRect().width < 44).map(e => e.outerHTML)"
                )
                assert small == [], name
        # The whole way: decline, pay, and a line that drops.
        page.goto(address(sandbox, "B1", expires_at=int(time.time()) + 900))
        page.get_by_role("link", name="English").click()
        page.get_by_role("button", name="Pay now").click()
        assert page.url == sandbox.request().return_url
        page.goto(address(sandbox, "B2"))
        page.get_by_role("button", name="拒绝支付").click()
        assert page.url == sandbox.request().return_url
        page.goto(address(sandbox, "B3"))
        page.get_by_text("模拟异常情况").click()
        page.get_by_role("button", name=re.compile("^掉线")).click()
        assert page.get_by_role("heading", name="线路中断").is_visible()
        assert errors == []
    results = [sandbox.provider.query(one).result for one in ("B1", "B2", "B3")]
    assert results == ["succeeded", "failed", "succeeded"]
