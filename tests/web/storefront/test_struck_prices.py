"""Struck-through prices: justified by the shop's policy wherever a price is shown, and only for as
long as they are."""

from __future__ import annotations

import inspect
import re
from functools import partial

import pytest
from sqlalchemy import select
from werkzeug.test import Client

from storegen.domain import settings
from storegen.domain.carts.changes import AddLine, apply
from storegen.domain.carts.loading import load
from storegen.domain.catalog.price_editing import find_variant, set_price
from storegen.domain.catalog.struck import PAGE_LIFE
from storegen.models import Variant
from storegen.publish.cachekey import KeyRules
from storegen.publish.pagecache import OUTCOME, PageCache
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.web.app import create_app
from storegen.web.binding import trusted_host
from storegen.web.serving import QUERY
from tests.fixtures.goods import make_guest
from tests.web.storefront.shelf import HOST, client_of, fill, get

PLACES = {
    "its page": "/products/longjing",
    "a category": "/collections/all?max=130",
    "a search": "/search?q=龙井",
    "home": "/",
    "related": "/products/maofeng",
}


@pytest.fixture
def shop(store: Store) -> Store:
    """The price of longjing is 128.00, its compare-at price 148.00, from the start."""
    fill(store)
    return store


def follow(store: Store, policy: str) -> None:
    store.transact(lambda uow: settings.save(uow, CLI, "checkout", {"struck_price": policy}))


def reprice(store: Store, price: int, sku: str = "SKU-longjing") -> None:
    store.transact(lambda uow: set_price(uow, CLI, find_variant(uow, sku).id, price))


def struck_in(html: str) -> list[str]:
    """What is struck through on longjing's card, or else on its own page."""
    cards = re.findall(r'<article class="card.*?</article>', html, re.DOTALL)
    parts = [card for card in cards if "/products/longjing" in card]
    parts = parts or re.findall(r"data-price>.*?</p>", html, re.DOTALL)
    assert parts
    found = [re.findall(r'class="price-before">.*?</span>(.*?)</s>', part) for part in parts]
    return sorted({price for each in found for price in each})


@pytest.mark.parametrize("place", PLACES)
def test_each_place_follows_the_policy(shop, clock, place):
    client = client_of(shop)
    shown = {}
    for policy in ("declared", "never", "seven_days"):
        follow(shop, policy)
        shown[policy] = struck_in(get(client, PLACES[place]).text)
    assert shown == {"declared": ["¥148"], "never": [], "seven_days": []}
    clock.move(days=1)
    reprice(shop, 9900)
    assert struck_in(get(client, PLACES[place]).text) == ["¥128"]


def test_a_product_with_several_variants_is_judged_by_its_cheapest(shop, clock):
    """The small gaiwans cost 168.00, the black one of them beside 188.00."""
    client = client_of(shop)
    follow(shop, "seven_days")
    clock.move(days=1)
    reprice(shop, 15800, "G-White-S")  # has no compare-at price
    card = re.compile(r'products/gaiwan".*?card-price">(.*?)</p>', re.DOTALL)
    listed = card.search(get(client, "/collections/all").text)[1]
    assert "¥158" in listed
    assert "price-before" not in listed
    reprice(shop, 15800, "G-Black-S")
    listed = card.search(get(client, "/collections/all").text)[1]
    assert re.search(r'class="price-before">.*?</span>¥168</s>', listed)
    page = get(client, "/en/products/gaiwan").text
    assert page.count("price-before") == 1  # the black one's, in the list for scripts
    with shop.read() as uow:
        black = uow.db.scalar(select(Variant.public_id).where(Variant.sku == "G-Black-S"))
    chosen = get(client, f"/en/products/gaiwan?variant={black}").text
    assert "no higher than the lowest price of the seven days before this reduction" in chosen


@pytest.mark.parametrize(
    ("policy", "expected"), [("declared", 14800), ("never", None), ("seven_days", 12800)]
)
def test_a_cart_follows_the_policy_too(shop, clock, policy, expected):
    follow(shop, policy)
    clock.move(days=1)
    reprice(shop, 9900)
    guest = make_guest(shop)
    with shop.read() as uow:
        variant = uow.db.scalar(select(Variant.public_id).where(Variant.sku == "SKU-longjing"))
    shop.transact(lambda uow: apply(uow, guest, AddLine(variant=variant, quantity=1)))
    with shop.read() as uow:
        cart = load(uow, guest)
    assert [line.view.compare_at for line in cart.lines] == [expected]


def test_the_api_follows_the_policy_too(shop, clock):
    client = client_of(shop)
    follow(shop, "seven_days")
    clock.move(days=1)
    reprice(shop, 9900)
    (item,) = get(client, "/api/v1/search?q=龙井").get_json()["items"]
    assert item["variants"][0]["compare_at"]["amount"] == 12800
    assert get(client, "/api/v1/search?q=盖碗").get_json()["items"][0]["variants"][2][
        "compare_at"
    ] is None  # fmt: skip


def looking(store, clock, place):
    """Asks for a page through a page cache that lives by the store's clock: what is struck
    through, and what the cache did."""
    begun = clock.moment
    rules = KeyRules(trusted_host=partial(trusted_host, store), query=QUERY)
    cache = PageCache(
        create_app(store), lambda environ: store.counters, rules,
        clock=lambda: (clock.moment - begun).total_seconds(),
    )  # fmt: skip
    seen = []

    def watched(environ, start_response):
        seen.append(environ)
        return cache(environ, start_response)

    def look() -> tuple[list[str], str]:
        answer = Client(watched).get(PLACES[place], base_url=HOST)
        return struck_in(answer.text), seen[-1].get(OUTCOME, "pass")

    return look


@pytest.mark.parametrize("place", PLACES)
def test_a_kept_page_shows_it_for_seven_days_and_no_second_longer(shop, clock, place):
    """Nothing is committed when the seven days end: the page's own life ends in time."""
    look = looking(shop, clock, place)
    follow(shop, "seven_days")
    clock.move(days=1)
    reprice(shop, 9900)
    look()  # teaches the cache that it is public
    clock.move(days=7, seconds=-61)
    assert look() == (["¥128"], "fresh")
    clock.move(seconds=59)
    assert look() == (["¥128"], "hit")
    clock.move(seconds=2)  # the seven days end now
    assert look() == ([], "fresh")


def test_a_page_that_would_be_kept_beyond_the_seven_days_shows_it_no_more(shop, clock):
    look = looking(shop, clock, "its page")
    follow(shop, "seven_days")
    clock.move(days=1)
    reprice(shop, 9900)
    assert look()[0] == ["¥128"]
    clock.move(days=7, seconds=-30)
    assert look() == ([], "fresh")
    clock.move(seconds=59)
    assert look() == ([], "hit")


def test_the_bound_is_the_life_of_a_kept_page():
    assert inspect.signature(PageCache).parameters["ttl"].default == PAGE_LIFE.total_seconds()


def test_a_long_history_does_not_travel(shop, clock):
    """Only what can matter is read: two periods, and the price that was valid before them."""
    from storegen.domain.catalog.struck import struck_rule

    for price in range(12700, 12600, -1):
        reprice(shop, price)
        clock.move(hours=12)
    clock.move(hours=1)
    follow(shop, "seven_days")
    with shop.read() as uow:
        recent = uow.db.scalar(
            select(struck_rule(uow).of_variants()).select_from(Variant).where(
                Variant.sku == "SKU-longjing"
            )
        )  # fmt: skip
    assert len(recent.split(",")) == 28  # those of the last 336 hours, and one more
