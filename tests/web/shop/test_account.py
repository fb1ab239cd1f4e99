"""The way in, and what belongs to one customer alone."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from storegen.domain.people import codes
from storegen.models import Customer, CustomerAddress, CustomerIdentity, Order, Session
from storegen.store import Store
from storegen.web.context import COOKIE
from storegen.web.storefront.personal import safe_next
from tests.fixtures.goods import Goods
from tests.judges.visitor import Page
from tests.web.shop.browser import ADDRESS, Shopper, csrf_of

PASSWORD = "correct horse battery"
EMAIL = "lin@example.com"


def cookie(shopper: Shopper) -> str:
    found = shopper.client.get_cookie(COOKIE, "shop.test")
    return found.value if found else ""


def register(shopper: Shopper, contact: str = EMAIL, password: str = PASSWORD) -> Page:
    page = shopper.get("/account/register")
    page = shopper.submit(page.form(names=("password",)), contact=contact, step="code")
    return shopper.submit(
        page.form(names=("password",)), code=shopper.code(contact), password=password, step=""
    )


def test_a_code_makes_an_account_and_a_new_token(shopper: Shopper, shop: Store, tea: Goods) -> None:
    shopper.add(tea.variant)
    before = cookie(shopper)
    account = shopper.sign_in()
    assert account.path == "/account"
    assert EMAIL in account.text
    assert cookie(shopper) != before, "a token planted before is worth nothing now"
    assert "Tea" in shopper.get("/cart").text, "the cart came along"
    stranger = Shopper(shopper.client.application, shop)
    stranger.client.set_cookie(COOKIE, before, domain="shop.test")
    assert "sign-in" in stranger.get("/account").path
    assert "Your cart is empty" in stranger.get("/cart").text


def test_a_made_up_session_is_not_taken_over(shopper: Shopper, shop: Store) -> None:
    planted = "x" * 43
    shopper.client.set_cookie(COOKIE, planted, domain="shop.test")
    shopper.sign_in()
    assert cookie(shopper) not in ("", planted)


def test_asking_for_a_code_tells_nothing_about_accounts(shopper: Shopper, other: Shopper) -> None:
    shopper.sign_in()
    bodies = []
    for contact in (EMAIL, "new@example.com"):
        asker = Shopper(other.client.application, other.store, network="203.0.113.5")
        other.store.clock.move(minutes=2)  # type: ignore[attr-defined]
        page = asker.get("/account/sign-in")
        page = asker.submit(page.form(action="sign-in/code"), contact=contact)
        assert page.status == 200
        bodies.append(page.text.replace(contact, ""))
    assert bodies[0] == bodies[1]


def test_codes_cannot_be_guessed(shopper: Shopper) -> None:
    page = shopper.get("/account/sign-in")
    page = shopper.submit(page.form(action="sign-in/code"), contact=EMAIL)
    right = shopper.code(EMAIL)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(codes.MOST_TRIES):
        page = shopper.submit(page.form(action="verify"), code=wrong)
        assert page.status == 422
        assert right not in page.text
    assert shopper.submit(page.form(action="verify"), code=right).status == 422
    for _ in range(25):
        page = shopper.submit(page.form(action="verify"), code=wrong)
        if page.status == 429:
            break
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0


def test_passwords_cannot_be_guessed_and_names_not_learnt(shopper: Shopper, other: Shopper) -> None:
    register(shopper)
    seen = set()
    for contact in (EMAIL, "nobody@example.com", "no contact at all"):
        page = other.get("/account/sign-in?with=password")
        page = other.submit(page.form(names=("password",)), contact=contact, password="wrong one")
        assert page.status == 422
        assert "wrong one" not in page.text
        seen.add(page.text.replace(contact, ""))
    assert len(seen) == 1
    for _ in range(12):
        page = other.submit(page.form(names=("password",)), contact=EMAIL, password="wrong one")
    assert page.status == 429


def test_a_password_signs_in_and_weak_ones_are_refused(shopper: Shopper) -> None:
    page = register(shopper, password="12345678")
    assert page.status == 422
    assert "easy to guess" in page.text
    page = shopper.submit(page.form(names=("password",)), password=PASSWORD,
                          code=shopper.code(EMAIL), step="")  # fmt: skip
    assert page.path == "/account"
    shopper.submit(page.form(action="sign-out"))
    assert "sign-in" in shopper.get("/account").path
    page = shopper.get("/account/sign-in?with=password")
    page = shopper.submit(page.form(names=("password",)), contact=EMAIL, password=PASSWORD)
    assert page.path == "/account"


NEXT = [
    ("/checkout", True), ("/account/orders?after=1", True), ("/en/cart", True),
    ("//evil.test", False), ("/\\evil.test", False), ("\\\\evil.test", False),
    ("https://evil.test", False), ("/%09//evil.test", True), ("/\t//evil.test", False),
    ("///evil.test", False), ("javascript:alert(1)", False), ("evil.test", False), ("", False),
    ("/\n/evil.test", False), ("/@evil.test", True), (" //evil.test", False), ("//", False),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "ours"), NEXT)
def test_after_sign_in_the_way_stays_in_the_shop(wanted: str, ours: bool) -> None:
    assert safe_next(wanted, "/account") == (wanted if ours else "/account")


def test_a_foreign_next_is_not_followed(shopper: Shopper) -> None:
    page = shopper.get("/account/sign-in?next=//evil.test/")
    assert "evil.test" not in page.text
    form = page.form(action="sign-in/code")
    page = shopper.submit(form, contact=EMAIL, next="//evil.test/")
    answer = shopper.submit(
        page.form(action="verify"), code=shopper.code(EMAIL), next="//evil.test", follow=False
    )
    assert answer.headers["Location"] == "/account"


PAGES = ["", "/orders", "/after-sales", "/addresses", "/addresses/new", "/settings",
         "/export.json"]  # fmt: skip


@pytest.mark.parametrize("part", PAGES)
def test_strangers_are_led_to_the_way_in(shopper: Shopper, part: str) -> None:
    answer = shopper.get(f"/account{part}", follow=False)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/account/sign-in?next=%2Faccount")


def test_anothers_things_are_not_there(
    shopper: Shopper, other: Shopper, shop: Store, tea: Goods
) -> None:
    shopper.sign_in()
    shopper.add(tea.variant)
    shopper.order("bank_transfer", save="yes")
    other.sign_in("other@example.com")
    with shop.read() as uow:
        address = uow.db.scalar(select(CustomerAddress.public_id))
        number = uow.db.scalar(select(Order.number))
        identity = uow.db.scalar(select(func.min(CustomerIdentity.id)))
    csrf = csrf_of(other.get("/account/settings"))
    unknown = other.get("/account/addresses/abcdefghjkmnp")
    for path in (f"/account/addresses/{address}", f"/account/orders?after={number}"):
        page = other.get(path)
        assert page.status == 404
        assert page.body == unknown.body
    posts = [f"addresses/{address}", f"addresses/{address}/delete", f"addresses/{address}/default"]
    for path in (*posts, f"settings/identity/{identity}/remove"):
        page = other.post(f"/account/{path}", {"csrf": csrf, **ADDRESS})
        assert page.status == 404, path
        assert page.body == unknown.body
    assert "南京东路" not in other.get("/account/addresses").text
    assert number is not None
    assert number not in other.get("/account/orders").text
    assert EMAIL not in other.get("/account/export.json").text
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(CustomerAddress)) == 1
        assert uow.db.scalar(select(func.count()).select_from(CustomerIdentity)) == 2


@pytest.mark.parametrize(
    "path", ["settings/profile", "settings/password", "close", "addresses/new", "sign-out"]
)
def test_forms_of_an_account_need_its_token(
    shopper: Shopper, other: Shopper, shop: Store, path: str
) -> None:
    shopper.sign_in()
    other.sign_in("other@example.com")
    foreign = csrf_of(other.get("/account/settings"))
    for csrf in ("", foreign):
        data = {"csrf": csrf, "sure": "yes", "name": "Eve", "password": PASSWORD, **ADDRESS}
        assert shopper.post(f"/account/{path}", data).status == 403
    with shop.read() as uow:
        assert set(uow.db.scalars(select(Customer.name))) == {""}
        assert set(uow.db.scalars(select(Customer.state))) == {"active"}
    assert shopper.get("/account").path == "/account"


def test_addresses_are_kept_changed_and_forgotten(shopper: Shopper) -> None:
    shopper.sign_in()
    form = shopper.get("/account/addresses/new").form(action="addresses/new")
    assert "division_1" not in form.names
    refused = shopper.submit(form, **{**ADDRESS, "phone": "1"})
    assert refused.status == 422
    book = shopper.submit(refused.form(action="addresses/new"), **ADDRESS)
    assert book.path == "/account/addresses"
    assert "上海市黄浦区南京东路" in book.text
    edit = shopper.get(next(link for link in book.links() if "/account/addresses/" in link
                            and not link.endswith("/new")))  # fmt: skip
    form = edit.form(action="/account/addresses/")
    assert form.submitted()["division_1"] == "310101"
    book = shopper.submit(form, line1="淮海路 2 号")
    assert "淮海路 2 号" in book.text
    book = shopper.submit(book.form(action="/delete"))
    assert "No address yet" in book.text


def test_orders_page_back_in_time(shopper: Shopper, tea: Goods) -> None:
    shopper.sign_in()
    numbers = []
    for _ in range(11):
        shopper.add(tea.variant)
        page = shopper.order("bank_transfer")
        if "/orders/" in page.path:
            numbers.append(page.url)
        shopper.submit(page.form(action="/cancel"))
    first = shopper.get("/account/orders")
    older = shopper.get(next(link for link in first.links() if "after=" in link))
    shown = {link for page in (first, older) for link in page.links() if "/orders/" in link}
    assert {number.split("?")[0] for number in numbers} <= shown
    assert first.text.count("order-list") == 1
    assert "Older orders" not in older.text


def test_settings_change_what_they_say(shopper: Shopper, shop: Store) -> None:
    shopper.sign_in()
    page = shopper.get("/account/settings")
    page = shopper.submit(page.form(action="settings/profile"), name="Lin <b>", locale="zh-Hans")
    assert "Lin &lt;b&gt;" in page.text
    assert "Saved." in page.text
    page = shopper.submit(page.form(action="settings/personalisation"), on="no")
    assert "suggestions are off" in page.text
    page = shopper.submit(page.form(action="settings/password"), password=PASSWORD)
    page = shopper.submit(page.form(action="settings/password"), old="wrong", password=PASSWORD)
    assert page.status == 422
    assert "not your present password" in page.text
    page = shopper.submit(page.form(action="settings/identity", names=("contact",)),
                          contact="13800138000")  # fmt: skip
    form = page.form(action="settings/identity", names=("contact", "code"))
    page = shopper.submit(form, code=shopper.code("+8613800138000"))
    assert "+8613800138000" in page.text
    with shop.read() as uow:
        row = uow.db.execute(select(Customer.name, Customer.locale, Customer.personalised)).one()
    assert row == ("Lin <b>", "zh-Hans", False)


def test_the_last_way_in_stays(shopper: Shopper) -> None:
    shopper.sign_in()
    page = shopper.get("/account/settings")
    page = shopper.submit(page.form(action="/remove"))
    assert page.status == 409
    assert "only way to sign in" in page.text


def test_everything_that_is_kept_may_be_taken_along(shopper: Shopper, tea: Goods) -> None:
    shopper.sign_in()
    shopper.add(tea.variant)
    shopper.order("bank_transfer")
    page = shopper.get("/account/export.json")
    assert page.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(page.body)
    assert data["identities"][0]["subject"] == EMAIL
    assert data["orders"][0]["total"] == 1600
    assert "token" not in page.text


def test_a_closed_account_is_gone(shopper: Shopper, shop: Store, tea: Goods) -> None:
    shopper.sign_in()
    shopper.add(tea.variant)
    order = shopper.order("bank_transfer")
    page = shopper.get("/account/settings")
    form = page.form(action="account/close")
    assert shopper.submit(form, sure="").status == 422
    refused = shopper.submit(form, sure="yes")
    assert refused.status == 409
    assert "still under way" in refused.text
    shopper.submit(shopper.get(order.path).form(action="/cancel"))
    gone = shopper.submit(shopper.get("/account/settings").form(action="account/close"), sure="yes")
    assert gone.path == "/"
    assert "sign-in" in shopper.get("/account").path
    with shop.read() as uow:
        assert uow.db.scalar(select(Customer.state)) == "closed"
        assert uow.db.scalar(select(func.count()).select_from(CustomerIdentity)) == 0
        assert uow.db.scalar(select(Session.customer_id)) is None


def test_the_mailbox_is_a_demos_only(shopper: Shopper, make_store: object, backend: str) -> None:
    from storegen.web.app import create_app

    page = shopper.get("/account/sign-in")
    shopper.submit(page.form(action="sign-in/code"), contact=EMAIL)
    assert shopper.code(EMAIL) in shopper.get("/mailbox").text
    live = make_store(backend, mode="live")  # type: ignore[operator]
    visitor = Shopper(create_app(live), live)
    assert visitor.get("/mailbox").status == 404
    page = visitor.get("/account/sign-in")
    assert "password" in page.form().names, "nothing can be sent, so a password it is"
    assert "sign-in/code" not in page.text
