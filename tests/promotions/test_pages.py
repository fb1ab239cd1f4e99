"""Promotions on the shop's pages, without scripts, in both languages; and in the back office."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from storegen_plugins.promotions import activities, sample
from storegen_plugins.promotions.rules import KINDS

from storegen.domain.people import staff
from storegen.testing.desk import HOST, ORIGIN, Desk
from storegen.values.actor import CLI
from storegen.web.app import create_app
from tests.fixtures import payment
from tests.fixtures.goods import make_delivery, make_guest, make_product
from tests.judges.visitor import Page
from tests.promotions.conftest import buy, make_activity, row_of
from tests.web.shop.browser import Shopper

FOUND = {"description": "<p>About</p>"}


@pytest.fixture
def shop(plugin_store):
    store = plugin_store("promotions", locale="en")
    make_delivery(store, fee=0)
    payment.use(store)
    return store


@pytest.fixture
def shopper(shop):
    return Shopper(create_app(shop), shop)


@pytest.fixture
def tea(shop):
    return make_product(shop, "Tea", price=1000, stock=50, **FOUND)


def test_a_product_says_its_price_until_when_and_what_else_is_on(shop, shopper, tea):
    make_activity(shop, "flash", items=[{"product": tea.product_id, "price": 450, "stock": 5}])
    make_activity(shop, "amount_off", tiers=[{"amount": 20000, "off": 3000}])
    page = shopper.get(f"/products/{tea.handle}").text
    assert "¥4.50" in page
    assert "usually ¥10" in page
    assert 'datetime="2026-03-02T03:00:00+00:00"' in page  # without scripts: the time of the end
    assert "only 5 left" in page
    assert "¥30 off from ¥200" in page
    chinese = shopper.get(f"/zh-hans/products/{tea.handle}").text
    assert "日常价 ¥10" in chinese
    assert "仅剩 5 件" in chinese
    assert "满 ¥200 减 ¥30" in chinese


def test_sold_out_is_said_and_changes_the_kept_page(shop, shopper, tea):
    make_activity(shop, "flash", items=[{"product": tea.product_id, "price": 450, "stock": 1}])
    page = shopper.get(f"/products/{tea.handle}")
    tags = page.headers["x-storegen-cache"].split()
    assert {activities.TAG, activities.STOCK_TAG} <= set(tags)
    slots = shop.counters.slots((activities.STOCK_TAG,))
    before = shop.counters.at(slots)
    buy(shop, make_guest(shop), (tea, 1))
    assert shop.counters.at(slots) != before
    page = shopper.get(f"/products/{tea.handle}").text
    assert "Sold out for now" in page
    assert "¥4.50" not in page
    assert "Sold out" in shopper.get("/promotions").text


def test_cards_home_and_the_page_of_promotions(shop, shopper, tea):
    make_activity(shop, "flash", items=[{"product": tea.product_id, "price": 450, "stock": 5}])
    make_activity(shop, "n_for_m", every=1, get=1, percent_bp=5000)
    assert "¥4.50" in shopper.get("/collections/all").text
    assert "All of today" in shopper.get("/").text
    page = shopper.get("/promotions")
    assert "The second at half price" in page.text
    assert f"/products/{tea.handle}" in page.text
    assert "0% sold" in page.text
    assert "第二件半价" in shopper.get("/zh-hans/promotions").text


def test_style_and_script_come_once_with_a_page(shop, shopper, tea):
    for number in range(3):
        make_product(shop, f"Tea {number}", price=1000, **FOUND)
    make_activity(shop, "timed", percent_bp=5000)
    page = shopper.get("/collections/all").text
    assert page.count("promo-badge") == 4
    assert (page.count("promotions.css"), page.count("countdown.js")) == (1, 1)


def test_nothing_is_shown_while_nothing_is_on(shop, shopper, tea):
    page = shopper.get(f"/products/{tea.handle}").text
    assert "promotions.css" not in page
    assert "Nothing is on at the moment" in shopper.get("/promotions").text


def test_prices_of_other_sales_channels_are_not_shown(shop, shopper, tea):
    make_activity(shop, "timed", percent_bp=5000, channels=("mini_program",))
    assert "promo-tag" not in shopper.get(f"/products/{tea.handle}").text


def test_the_kept_page_ends_with_the_activity(shop, shopper, tea):
    make_activity(shop, "timed", percent_bp=5000)
    page = shopper.get(f"/products/{tea.handle}")
    ttl = [each for each in page.headers["x-storegen-cache"].split() if each.startswith("ttl=")]
    assert f"ttl={23 * 3600}" in ttl


def test_the_cart_says_what_is_missing(shop, shopper, tea):
    make_activity(shop, "amount_off", tiers=[{"amount": 2000, "off": 300}])
    shopper.add(tea.variant)
    assert "Spring sale" in shopper.get("/cart").text


def test_the_api_tells_what_a_product_takes_part_in(shop, tea):
    made = make_activity(shop, "timed", items=[{"product": tea.product_id, "percent_bp": 2000}])
    with shop.read() as uow:
        ((_, found),) = uow.store.plugins.ask(
            "api_fields", uow=uow, kind="product", ids=[tea.product_id, 999]
        )
    assert list(found) == [tea.product_id]
    [live] = found[tea.product_id]["live"]
    assert (live["id"], live["kind"], live["percent_bp"]) == (made, "timed", 2000)


def test_a_sample_shop_gets_believable_ones(shop, shopper):
    for number in range(12):
        make_product(shop, f"Tea {number}", price=10_000 + number, **FOUND)
    with shop.write() as uow:
        sample.fill(uow)
    page = shopper.get("/promotions").text
    assert "Flash sale" in page
    assert "¥30 off from ¥300" in page


class Staff(Desk):
    """Fills forms in as they are drawn; answers the page that they lead to."""

    def page(self, path):
        answer = self.get(path)
        return Page(f"{HOST}/admin{path}", answer.status_code, answer.headers, answer.data)

    def submit(self, page, action, **values):
        form = page.form(action=action)
        path = urlsplit(form.action).path or urlsplit(page.url).path
        sent = form.submitted(**values)
        answer = self.client.post(path, base_url=HOST, data=sent, headers=ORIGIN)
        if answer.status_code == 303:
            return self.page(urlsplit(answer.headers["Location"]).path.removeprefix("/admin"))
        return Page(f"{HOST}{path}", answer.status_code, answer.headers, answer.data)


@pytest.fixture
def desk(shop):
    shop.transact(
        lambda uow: staff.create_staff(uow, CLI, "owner", permissions=("*",), name="Owner")
    )
    made = Staff(shop, "")
    made.enter("owner")
    return made


def test_from_the_first_form_to_results(shop, desk, tea):
    page = desk.submit(desk.page("/promotions/new"), "", kind="amount_off", name="Spring")
    key = page.url.rpartition("/")[2]
    wrong = {"titles.en": "Spring", "tiers.0.amount": "200", "tiers.0.off": "300"}
    page = desk.submit(page, "/save", **wrong)
    assert page.status == 422
    assert "This is too little or too much." in page.text
    right = {"tiers.0.amount": "10", "tiers.0.off": "10", "hours": "08:00-23:00"}
    page = desk.submit(page, "", **right, starts_at="2026-03-01 08:00")
    assert row_of(shop, key).schedule["hours"] == [[480, 1380]]
    preview = desk.submit(desk.page(f"/promotions/{key}/publish"), "")
    assert "May be given away for nothing." in preview.text
    assert row_of(shop, key).published_at is None
    desk.submit(preview, "")
    assert row_of(shop, key).published_at is not None
    buy(shop, make_guest(shop), (tea, 1))
    listed = desk.page("/promotions").text
    assert "Spring" in listed
    assert "Live" in listed
    assert "08:00" in desk.page("/promotions-schedule").text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_that_keeps_what_it_shows(shop, desk, tea, kind):
    given = {
        "amount_off": {"every": 1000, "off": 10, "times": 2},
        "percent_off": {"tiers": [{"pieces": 2, "percent_bp": 1050}]},
        "gift": {"tiers": [{"amount": 100, "gift": tea.product_id, "variant": tea.variant_id}]},
        "timed": {"items": [{"product": tea.product_id, "percent_bp": 2000}]},
        "flash": {"items": [{"product": tea.product_id, "price": 99, "stock": 3, "limit": 1}]},
        "bundle": {"items": [{"product": tea.product_id, "quantity": 2}], "price": 1800},
        "n_for_m": {"every": 2, "get": 1, "percent_bp": 10000},
        "shipping": {"min_amount": 9900, "places": ("31", "US")},
    }[kind]
    made = make_activity(shop, kind, live=False, **given)
    before = row_of(shop, made)
    page = desk.submit(desk.page(f"/promotions/{made}"), "/save", priority="7")
    assert page.status == 200, page.text
    after = row_of(shop, made)
    assert (after.rules, after.schedule, after.priority) == (before.rules, before.schedule, 7)
    assert (after.starts_at, after.ends_at) == (before.starts_at, before.ends_at)


def test_stop_duplicate_delete_from_the_page(shop, desk, tea):
    made = make_activity(shop, "amount_off", every=1000, off=10)
    desk.submit(desk.page(f"/promotions/{made}/stop"), "")
    assert row_of(shop, made).stopped_at is not None
    page = desk.submit(desk.page(f"/promotions/{made}"), "/duplicate")
    copy = page.url.rpartition("/")[2]
    assert row_of(shop, copy).published_at is None
    desk.submit(desk.page(f"/promotions/{copy}/delete"), "")
    assert desk.get(f"/promotions/{copy}").status_code == 404
