"""What strangers may use up, and what logs, files and shared pages may hold."""

from __future__ import annotations

import html.parser
import logging
import stat
import time
from types import MappingProxyType

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from storegen.domain import limits
from storegen.domain.limits import Rule
from storegen.domain.people import staff, staff_sign_in
from storegen.generate import database
from storegen.models import Session
from storegen.publish.cachekey import KeyRules
from storegen.publish.pagecache import OUTCOME, PageCache
from storegen.serving.accesslog import masked
from storegen.values.actor import CLI
from storegen.web.app import create_app
from storegen.web.binding import trusted_host
from storegen.web.serving import QUERY
from tests.fixtures.goods import make_delivery, make_guest, make_product, place_order
from tests.web.shop.browser import Shopper

BASE = "http://shop.test"
OURS = {"Origin": BASE}
on_one_database = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def tea(store):
    make_delivery(store)
    return make_product(store, "Tea", handle="tea", stock=100)


@pytest.fixture
def client(store, tea):
    return create_app(store).test_client()


DOORS = ("/cart/lines", "/account/sign-in/password", "/account/register", "/admin/sign-in")
FORMS = {
    "100,000 fields": (b"&".join(b"a%d=1" % n for n in range(100_000)), 413),
    "1,001 fields": (b"&".join(b"a%d=1" % n for n in range(1001)), 413),
    "one long field": (b"variant=" + b"x" * 600_000, 413),
    "many, but a form": (b"&".join(b"a%d=1" % n for n in range(900)), 0),
    "no UTF-8": (b"variant=%ff%fe&quantity=1", 0),
}


@on_one_database
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("body", "status"), FORMS.values(), ids=FORMS.keys())
def test_a_form_is_bounded_before_it_is_read(client, door, body, status):
    began = time.process_time()
    answer = client.post(
        door,
        base_url=BASE,
        data=body,
        headers=OURS,
        content_type="application/x-www-form-urlencoded",
    )
    if status:
        assert answer.status_code == status
        assert time.process_time() - began < 1
    else:
        assert answer.status_code not in (413, 500)


@on_one_database
def test_guessing_orders_stops_on_pages_and_in_the_api_together(client, store, tea, monkeypatch):
    few = {**limits.LIMITS, "order-token-network": Rule(4, 600)}
    monkeypatch.setattr(limits, "LIMITS", MappingProxyType(few))
    token = place_order(store, (tea, 1)).token
    doors = [
        ("GET", "/orders/{}"),
        ("GET", "/api/v1/orders/{}"),
        ("POST", "/api/v1/orders/{}/cancel"),
        ("POST", "/api/v1/orders/{}/after-sales/abc/withdraw"),
    ]
    for number, (method, door) in enumerate(doors):
        guess = client.open(door.format(f"{number:026d}"), method=method, base_url=BASE)
        assert guess.status_code == 404, door
    for method, door in doors:
        guess = client.open(door.format("z" * 26), method=method, base_url=BASE)
        assert guess.status_code == 429, door
        assert int(guess.headers["Retry-After"]) > 0
    # Who has the link is no guesser.
    assert client.get(f"/api/v1/orders/{token}", base_url=BASE).status_code == 200


@on_one_database
def test_the_api_orders_no_shop_empty(client, store, tea, monkeypatch):
    few = {**limits.LIMITS, "place-order": Rule(3, 600)}
    monkeypatch.setattr(limits, "LIMITS", MappingProxyType(few))
    placed = []
    for number in range(5):
        lines = {"lines": [{"variant": tea.variant, "quantity": 1}]}
        cart = client.post("/api/v1/carts", base_url=BASE, json=lines).json["id"]
        body = {
            "cart": cart,
            "contact": {"name": "A", "phone": "13800138000"},
            "address": {"name": "A", "phone": "13800138000", "country": "CN",
                        "division": "310101", "line1": "1"},
            "shipping_method": "express",
            "payment_provider": "transfer",
            "expected_total": {"amount": 1, "currency": "CNY"},
        }  # fmt: skip
        headers = {"Idempotency-Key": f"key-{number}-0123456789"}
        answer = client.post("/api/v1/orders", base_url=BASE, json=body, headers=headers)
        placed.append(answer.status_code)
    assert 429 not in placed[:3]
    assert placed[3:] == [429, 429]


@on_one_database
def test_a_planted_staff_session_is_not_taken_over(client, store):
    planted = "x" * 43
    store.transact(lambda uow: staff.create_owner(uow, CLI, "owner"))
    link = store.transact(lambda uow: staff_sign_in.make_admin_link(uow, CLI, "owner"))
    client.set_cookie("sg_staff", planted, domain="shop.test")
    answer = client.post(f"/admin/enter/{link}", base_url=BASE, headers=OURS)
    assert answer.status_code == 303
    fresh = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("sg_staff="))
    assert planted not in fresh
    assert "HttpOnly" in fresh
    assert "SameSite=Lax" in fresh
    assert create_app(store).test_client().get(
        "/admin", base_url=BASE, headers={"Cookie": f"sg_staff={planted}"}
    ).status_code == 303  # fmt: skip
    assert client.post(f"/admin/enter/{link}", base_url=BASE, headers=OURS).status_code == 403


def test_no_link_of_staff_reaches_the_log(store):
    """Every token that is made, with dashes in it or without."""
    store.transact(lambda uow: staff.create_owner(uow, CLI, "owner"))
    for _ in range(20):
        link = store.transact(lambda uow: staff_sign_in.make_admin_link(uow, CLI, "owner"))
        for path in (f"/admin/enter/{link}", f"/en/admin/enter/{link}"):
            assert link not in masked(path)


@on_one_database
def test_a_defect_on_an_orders_page_logs_no_key_to_it(client, store, tea, monkeypatch, caplog):
    from storegen.web.storefront import orders

    def broken(*_, **__):
        raise RuntimeError("broken")

    token = place_order(store, (tea, 1)).token
    monkeypatch.setattr(orders, "order_page", broken)
    with caplog.at_level(logging.DEBUG):
        assert client.get(f"/orders/{token}", base_url=BASE).status_code == 500
    assert "defect" in caplog.text
    assert token not in caplog.text


def test_an_error_of_the_database_tells_no_values(store):
    guest = make_guest(store)
    with store.read() as uow:
        secret = uow.db.scalar(select(Session.token_hash).where(Session.id == guest.session_id))
    with pytest.raises(DBAPIError) as caught, store.write() as uow:
        uow.db.execute(
            Session.__table__.insert().values(token_hash=secret, kind="nobody-knows-this-kind" * 9)
        )
    assert "nobody-knows-this-kind" not in str(caught.value)


def test_a_new_shops_data_is_not_for_other_users_of_the_machine(tmp_path):
    engine = database.prepare("sqlite:///shop.db", tmp_path, lambda _: None)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
    found = list(tmp_path.glob("shop.db*"))
    assert found
    for file in found:
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name
    engine.dispose()


# -- what everybody sees --------------------------------------------------------------------

SHARED = ("/", "/en/", "/collections/all", "/products/tea", "/search?q=Tea", "/sitemap.xml",
          "/nothing-here", "/manifest.webmanifest", "/api/v1/products")  # fmt: skip
DECEIVING = ("/account/x.css", "/account/settings/x.js", "/account/export.json/x.css",
             "/cart/x.png", "/orders/{token}/x.css", "/fragment/x.css", "/account/orders;x.css",
             "/account%2fx.css", "/assets/..%2faccount")  # fmt: skip
PRIVATE = ("/account", "/account/settings", "/account/export.json", "/cart", "/fragment",
           "/orders/{token}", "/en/account", "/mailbox", "/checkout")  # fmt: skip


@on_one_database
def test_no_page_for_all_holds_anything_of_one(store, tea):
    """Through the real page cache: what a customer asks for first, a stranger gets next."""
    app = create_app(store)
    seen = []

    def note(environ, start_response):
        body = cache(environ, start_response)
        seen.append(environ.get(OUTCOME, "pass"))
        return body

    cache = PageCache(
        app.wsgi_app,
        lambda _: store.counters,
        KeyRules(trusted_host=lambda host: trusted_host(store, host), query=QUERY),
    )
    app.wsgi_app = note
    shopper = Shopper(app, store)
    shopper.add(tea.variant)
    shopper.sign_in("personal-name@example.com")
    token = place_order(store, (tea, 1)).token
    cookie = shopper.client.get_cookie("sg_session", domain="shop.test")
    assert cookie is not None
    marks = ("personal-name", cookie.value, token, 'name="csrf"')
    for path in (*SHARED, *DECEIVING):
        path = path.format(token=token)
        for visitor in (shopper.client, shopper.client, app.test_client()):
            answer = visitor.get(path, base_url=BASE)
            body = answer.get_data(as_text=True).replace(path, "")
            assert not [mark for mark in marks if mark in body], path
            assert "Set-Cookie" not in answer.headers, path
            assert "X-Storegen-Cache" not in answer.headers, path
    assert "hit" in seen  # or nothing was proved
    seen.clear()
    for path in PRIVATE:
        for visitor in (shopper.client, shopper.client):
            answer = visitor.get(path.format(token=token), base_url=BASE)
            assert "no-store" in answer.headers["Cache-Control"], path
    assert set(seen) == {"pass"}


class Runs(html.parser.HTMLParser):
    """Collects whatever in a page could run or lead out of it."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        inline = tag == "script" and "src" not in given and "json" not in (given.get("type") or "")
        if inline or tag in ("iframe", "object", "embed", "base", "style"):
            self.found.append((tag, given))
        for name, value in given.items():
            scheme = (value or "").strip().lower().partition(":")[0]
            bad = scheme in ("javascript", "vbscript", "data")
            if name.startswith("on") or name in ("style", "srcdoc") or bad:
                self.found.append((tag, name, value))


HOSTILE = (
    '</title></textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>"onload=x '
    "' onfocus='x'<svg/onload=alert(1)><a href='javascript:alert(1)' style='x:y'>k</a>"
    "<iframe srcdoc=x></iframe>{{ 7*7 }}{% raw %}${7*7}%(title)s"
)
PAGES = ("/", "/en/", "/collections/all", "/products/tea2", "/en/products/tea2", "/sitemap.xml",
         "/search?q=alert", f"/search?q={HOSTILE}",
         f"/collections/all?sort={HOSTILE}&tag={HOSTILE}", f"/{HOSTILE}",
         "/cart", "/checkout", "/manifest.webmanifest", "/admin/products",
         "/admin/products?q=alert", "/admin/products/{product}", "/admin/audit", "/admin/staff",
         "/admin/orders", "/admin")  # fmt: skip


@on_one_database
def test_words_of_a_catalog_never_run(client, store):
    """Rows that some other tool wrote, uncleaned, on every kind of page."""
    from storegen.models import Product

    short = HOSTILE[:250]
    goods = make_product(
        store, HOSTILE, handle="tea2", description=HOSTILE, vendor=short, product_type=short,
        seo_title=HOSTILE, seo_description=HOSTILE,
    )  # fmt: skip
    with store.read() as uow:
        product = uow.db.scalar(select(Product.public_id).where(Product.id == goods.product_id))
    store.transact(lambda uow: staff.create_staff(uow, CLI, "owner", permissions=["*"], name=short))
    link = store.transact(lambda uow: staff_sign_in.make_admin_link(uow, CLI, "owner"))
    client.post(f"/admin/enter/{link}", base_url=BASE, headers=OURS)
    client.post("/cart/lines", base_url=BASE, headers=OURS, data={"variant": goods.variant})
    shown = 0
    for path in PAGES:
        answer = client.get(path.format(product=product) if "{product}" in path else path,
                            base_url=BASE)  # fmt: skip
        assert answer.status_code < 500, path
        text = answer.get_data(as_text=True)
        shown += "alert(1)" in text
        if answer.mimetype in ("text/html", "application/xml"):
            page = Runs()
            page.feed(text)
            assert page.found == [], path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "49}" not in text
        assert "$49" not in text
    assert shown > 8
