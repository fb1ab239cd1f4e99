"""Home, lists, product and text pages: what they show, to whom, and how they are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from storegen.domain import settings
from storegen.models import Product, Redirect, StaticPage, Variant
from storegen.store import Store
from storegen.values.actor import CLI
from tests.fixtures.stores import statements
from tests.web.storefront.shelf import CATALOG, client_of, fill, get, put, tea

PUBLIC = ("/", "/collections/all", "/search?q=茶", "/products/gaiwan", "/pages/returns")


@pytest.fixture
def client(make_store: Callable[..., Store]) -> FlaskClient:
    store = make_store()
    fill(store)
    return client_of(store)


@pytest.fixture
def shop(store: Store) -> Store:
    """On both databases."""
    fill(store)
    return store


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_public_page_is_kept_and_says_what_it_depends_on(client, prefix, path):
    answer = get(client, prefix + path)
    assert answer.status_code == 200
    assert "shell" in answer.headers["X-Storegen-Cache"].split()
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert f'<html lang="{"en" if prefix else "zh-Hans"}">' in answer.text


def test_a_product_page_depends_on_its_product_and_lists_on_all(client):
    assert re.search(r"\bproduct:\d+", get(client, "/products/gaiwan").headers["X-Storegen-Cache"])
    for path in ("/", "/collections/all", "/search?q=茶"):
        assert "listing" in get(client, path).headers["X-Storegen-Cache"].split()


@pytest.mark.parametrize("path", PUBLIC)
def test_everybody_gets_the_same_bytes(client, path):
    """A visitor with a cart and one without: not one byte is personal."""
    before = get(client, path).data
    variant = re.search(r'name="variant" value="(\w+)"', get(client, "/products/frog").text)
    added = client.post(
        "/cart/lines",
        data={"variant": variant[1], "quantity": "1"},
        base_url="http://shop.test",
        headers={"Origin": "http://shop.test"},
    )
    assert added.status_code == 303
    assert get(client, path).data == before


@pytest.mark.parametrize("path", PUBLIC)
def test_head_is_get_without_the_body(client, path):
    whole, head = get(client, path), client.head(path, base_url="http://shop.test")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


@pytest.mark.parametrize("path", ["/products/none", "/collections/none", "/pages/none", "/x"])
def test_what_is_not_there_is_a_themed_404(client, path):
    answer = get(client, path)
    assert answer.status_code == 404
    assert "页面不存在" in answer.text
    assert "site-footer" in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text


def test_each_language_names_the_others_and_itself(client):
    text = get(client, "/en/products/gaiwan").text
    assert '<link rel="canonical" href="http://shop.test/en/products/gaiwan">' in text
    for code, path in (("zh-Hans", ""), ("en", "/en"), ("x-default", "")):
        assert f'hreflang="{code}" href="http://shop.test{path}/products/gaiwan"' in text
    assert "Distant Hills Gaiwan" in text
    assert "A gaiwan" in text
    assert 'href="/products/gaiwan"' in text  # the switch


@pytest.mark.parametrize("size", [5, 300])
def test_a_product_page_and_a_listing_take_six_queries_at_most(shop, size):
    """Whatever the size, with nothing known beforehand: settings and menu are read too."""
    extra = [tea(f"t-{n}", f"茶 {n}", 1000 + n, tags=("春茶",)) for n in range(size - len(CATALOG))]
    if extra:
        put(shop, extra)
    client = client_of(shop)
    paths = (
        "/products/gaiwan",
        "/collections/all",
        "/collections/all?f=tag~春茶&stock=1&min=1&max=900&sort=price",
        "/collections/all?f=tag~春茶&f=vendor~雨山&f=type~绿茶&f=type~红茶&page=2",
        "/search?q=茶",
        "/search?q=茶&f=tag~春茶&f=type~绿茶&stock=1",
        "/search?q=zzzz",
        "/pages/returns",
    )
    for policy in ("declared", "seven_days"):
        with shop.write() as uow:
            settings.save(uow, CLI, "checkout", {"struck_price": policy})
        for path, forget in product(paths, (True, False)):
            if forget:
                shop.cache.clear()
            with statements(shop) as ran:
                assert get(client, path).status_code in (200, 404)
            assert 0 < len(ran) <= 6, (policy, path, forget, ran.texts)


def test_a_product_page_of_a_live_shop_takes_six_queries_too(make_store, backend):
    """A live shop is asked whether it may open."""
    store = make_store(backend, mode="live")
    fill(store)
    client = client_of(store)
    for path in ("/products/gaiwan", "/collections/all"):
        store.cache.clear()
        with statements(store) as ran:
            answer = get(client, path)
        assert len(ran) <= 6, ran.texts
        assert "暂停营业" in answer.text


def test_the_home_page_costs_the_same_however_many_products(shop):
    put(shop, [tea(f"t-{n}", f"茶 {n}", 1000 + n) for n in range(200)])
    shop.cache.clear()
    with statements(shop) as ran:
        assert get(client_of(shop), "/").status_code == 200
    assert len(ran) <= 6, ran.texts


def test_a_product_that_moved_is_found_again(client, make_store):
    store = make_store()
    fill(store)
    with store.write() as uow:
        uow.db.execute(
            insert(Redirect).values(old_path="/products/old", new_path="/products/gaiwan")
        )
    moved = get(client_of(store), "/en/products/old")
    assert moved.status_code == 301
    assert moved.headers["Location"] == "/en/products/gaiwan"


def test_a_draft_is_nowhere(make_store):
    store = make_store()
    fill(store)
    with store.write() as uow:
        uow.db.execute(update(Product).where(Product.handle == "frog").values(status="draft"))
        uow.touch_products([1])
    client = client_of(store)
    assert get(client, "/products/frog").status_code == 404
    for path in ("/", "/collections/all", "/search?q=听雨蛙", "/sitemap.xml"):
        assert "/products/frog" not in get(client, path).text


def test_a_closed_shop_says_so_and_sells_nothing(make_store):
    store = make_store()
    fill(store)
    with store.write() as uow:
        settings.save(uow, CLI, "checkout", {"open": False})
    text = get(client_of(store), "/en/products/frog").text
    assert "The shop is closed at the moment" in text
    assert re.search(r'<button class="button large" disabled>The shop is closed', text)


def test_a_demo_shop_says_so_and_a_live_one_does_not(client, make_store):
    words = "这是一间演示店铺"
    assert words in get(client, "/").text
    live = make_store(mode="live")
    fill(live)
    assert words not in get(client_of(live), "/").text


def test_the_footer_shows_licence_icp_number_and_policies(make_store):
    store = make_store()
    fill(store)
    with store.write() as uow:
        settings.save(
            uow, CLI, "legal",
            {"company": "雨山茶事", "licence_number": "9133X", "icp_number": "浙ICP备1号"},
        )  # fmt: skip
    text = get(client_of(store), "/products/frog").text
    for words in ("© 雨山茶事", "营业执照 9133X", "浙ICP备1号", 'href="/pages/returns"'):
        assert words in text


def attributes_of(text: str) -> set[str]:
    """The names of all attributes that a browser would see."""
    found: set[str] = set()

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update(name for name, _ in attrs)

    Parser().feed(text)
    return found


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_hostile_texts_are_words(make_store):
    """From a catalog, from an owner, from an address: nothing of it becomes markup."""
    store = make_store()
    put(
        store,
        [tea("x", HOSTILE, 100, vendor=HOSTILE, tags=(HOSTILE,), description=HOSTILE * 2,
             seo_description=HOSTILE)],
    )  # fmt: skip
    with store.write() as uow:
        settings.save(uow, CLI, "brand", {"names": {"zh-Hans": HOSTILE}, "email": HOSTILE})
        # As another tool might have written it, past the cleaning at the door.
        uow.db.execute(update(Product).values(description="<script>alert(1)</script>"))
        uow.db.execute(
            insert(StaticPage).values(
                public_id="p", slug="x", title=HOSTILE, body=HOSTILE, updated_at=uow.now
            )
        )
        uow.touch("shell", "listing", "product:1")
    client = client_of(store)
    quoted = HOSTILE.replace('"', "%22")
    for path in ("/", "/products/x", "/collections/all", "/pages/x", f"/search?q={quoted}",
                 f"/collections/all?f=tag~{quoted}&min={quoted}&sort={quoted}&page={quoted}",
                 f"/products/x?variant={quoted}"):  # fmt: skip
        text = get(client, path).text
        assert "<script>alert" not in text, path
        assert "onerror" not in attributes_of(text), path
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text):
            json.loads(block)


def test_javascript_links_of_external_products_lead_nowhere(make_store):
    store = make_store()
    put(store, [tea("out", "外部", 100, kind="external", external_url="javascript:alert(1)")])
    assert "javascript:" not in get(client_of(store), "/products/out").text


def test_the_fragment_brings_what_is_personal(client):
    assert get(client, "/fragment").get_json() == {"cart_count": "", "customer": ""}
    variant = re.search(r'name="variant" value="(\w+)"', get(client, "/products/frog").text)[1]
    client.post(
        "/cart/lines",
        data={"variant": variant, "quantity": "1"},
        base_url="http://shop.test",
        headers={"Origin": "http://shop.test"},
    )
    answer = get(client, "/en/fragment")
    assert answer.get_json()["cart_count"] == "1"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "X-Storegen-Cache" not in answer.headers


def test_every_asset_that_a_page_names_is_there_for_ever(client):
    text = get(client, "/products/gaiwan").text
    found = re.findall(r'(?:href|src)="(/assets/[^"]+)"', text)
    assert len(found) >= 3
    for address in found:
        answer = get(client, address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_no_page_has_a_style_or_a_script_of_its_own(client):
    for path in PUBLIC:
        text = get(client, path).text
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text), path
        for attributes in re.findall(r"<script([^>]*)>", text):
            assert "src=" in attributes or "ld+json" in attributes


def test_a_sold_out_product_cannot_be_put_into_the_cart(client, make_store):
    text = get(client, "/en/products/keemun").text
    assert re.search(r"<button[^>]* disabled[^>]*>Sold out</button>", text)
    assert "Sold out" in get(client, "/en/collections/all").text


def test_options_mark_what_is_not_to_be_had(client):
    text = get(client, "/en/products/gaiwan").text
    assert re.search(
        r'class="choice gone"><input[^>]*value="L"[^>]*><span>L<span[^>]*> \(sold out', text
    )
    black = re.search(r'data-values="\[&#34;Black&#34;, &#34;S&#34;\]" data-id="(\w+)"', text)[1]
    chosen = get(client, f"/en/products/gaiwan?variant={black}").text
    assert re.search(r'value="Black" required checked', chosen)
    assert "(not with this choice)" in chosen  # there is no large black one
    assert "¥188" in chosen
    assert "price-before" in chosen
    sources = re.search(r'id="picture-1" data-sha="(\w+)"', chosen)
    assert int(sources[1], 16) == 3  # the variant's own picture leads


def test_without_scripts_a_choice_shows_its_price_and_goes_into_the_cart(client, make_store):
    def post(path, **data):
        return client.post(
            path, data=data, base_url="http://shop.test", headers={"Origin": "http://shop.test"}
        )

    choice = {"option-0": "Black", "option-1": "S"}
    shown = post("/products/gaiwan/choice", **choice)
    assert shown.status_code == 303
    assert (
        "checked"
        in re.search(r'value="Black"[^>]*>', get(client, shown.headers["Location"]).text)[0]
    )
    nothing = post("/products/gaiwan/choice", **{"option-0": "Black", "option-1": "L"})
    assert nothing.headers["Location"] == "/products/gaiwan"
    added = post("/cart/lines", product="gaiwan", quantity="1", **choice)
    assert added.status_code == 303
    assert "Black" in get(client, "/cart").text


def test_a_variant_that_is_gone_leaves_the_page_whole(make_store):
    store = make_store()
    fill(store)
    with store.write() as uow:
        uow.db.execute(update(Variant).values(active=False))
        gone = uow.db.scalar(select(Variant.public_id))
        uow.touch("product:1", "listing")
    answer = get(client_of(store), f"/en/products/gaiwan?variant={gone}")
    assert answer.status_code == 200
    assert "cannot be bought at the moment" in answer.text
