"""The checkout refuses in words, keeps what was typed, and orders once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from storegen.domain import limits, settings
from storegen.domain.catalog.cards import refresh_cards
from storegen.models import (
    Consent,
    CustomerAddress,
    Order,
    OrderContact,
    OrderLine,
    ShippingMethod,
    StaticPage,
    Stock,
    Variant,
    random_id,
)
from storegen.store import Store
from storegen.values.actor import CLI
from tests.fixtures.goods import Goods, make_product
from tests.fixtures.payment import ScriptedProvider
from tests.web.shop.browser import ADDRESS, SAME_SITE, Shopper, token_of


def orders(store: Store) -> int:
    with store.read() as uow:
        return uow.db.scalar(select(func.count()).select_from(Order)) or 0


def test_regions_are_chosen_in_steps_without_scripts(shopper: Shopper, tea: Goods) -> None:
    shopper.add(tea.variant)
    page = shopper.get("/checkout")
    names = page.form(action="checkout").names
    assert "division_0" in names
    assert "division_1" not in names
    assert "expected_total" not in names
    page = shopper.submit(
        page.form(action="checkout"), step="division", division_0="330000", name="Li", note="Ring"
    )
    form = page.form(action="checkout")
    assert form.submitted()["name"] == "Li"
    assert form.submitted()["note"] == "Ring"
    assert "division_1" in form.names
    assert "division_2" not in form.names
    page = shopper.submit(form, step="division", division_1="330100")
    assert "division_2" in page.form(action="checkout").names
    page = shopper.submit(page.form(action="checkout"), step="division", division_2="330106")
    form = page.form(action="checkout")
    assert form.submitted()["expected_total"] == "1600"
    assert form.submitted()["method"] == "express"
    # Another province: what was chosen below it is open again.
    page = shopper.submit(form, step="division", division_0="310000")
    assert "expected_total" not in page.form(action="checkout").names


def test_divisions_as_json_and_only_known_ones(shopper: Shopper) -> None:
    assert '["310101"' in shopper.get("/divisions/CN/310000.json").text.replace(" ", "")
    assert shopper.get("/divisions/CN/999999.json").status == 404
    assert shopper.get("/divisions/XX/top.json").status == 404


WRONG = [
    ({"phone": ""}, "phone", "Please fill this in."),
    ({"phone": "12"}, "phone", "not a phone number"),
    ({"email": "nobody"}, "email", "not an e-mail address"),
    ({"name": ""}, "name", "Please fill this in."),
    ({"name": "x" * 61}, "name", "too long"),
    ({"line1": ""}, "line1", "Please fill this in."),
    ({"postcode": "12"}, "postcode", "not a postcode"),
    ({"division_1": ""}, "division", "next level"),
    ({"division_0": "", "division_1": ""}, "division", "where it goes"),
    ({"payment": "nonsense", "note": "n" * 501}, "note", "too long"),
]


@pytest.mark.parametrize(("values", "field", "words"), WRONG)
def test_what_is_wrong_is_marked_and_the_rest_is_kept(
    shopper: Shopper, shop: Store, tea: Goods, values: dict[str, str], field: str, words: str
) -> None:
    shopper.add(tea.variant)
    page = shopper.submit(shopper.checkout_form(note="Ring twice"), **values)
    assert page.status == 422
    assert words in page.text
    assert f'id="f-{field}-error"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert f'href="#f-{field}' in page.text
    kept = page.form(action="checkout").submitted()
    for name, value in {"note": "Ring twice", **ADDRESS}.items():
        if name not in values and name in kept:
            assert kept[name] == value
    assert orders(shop) == 0


def test_a_price_that_changed_is_said_before_anything_is_ordered(
    shopper: Shopper, shop: Store, tea: Goods
) -> None:
    shopper.add(tea.variant)
    form = shopper.checkout_form()
    with shop.write() as uow:
        uow.db.execute(update(Variant).where(Variant.id == tea.variant_id).values(price=1100))
        refresh_cards(uow, [tea.product_id])
    page = shopper.submit(form, payment="scripted")
    assert page.status == 409
    assert "from ¥16 to ¥17" in page.text
    assert orders(shop) == 0
    assert shopper.submit(page.form(action="checkout")).path.endswith("/pay")
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.payable)) == 1700


def test_what_sold_out_meanwhile_is_said_at_its_line(
    shopper: Shopper, shop: Store, tea: Goods
) -> None:
    shopper.add(tea.variant, 3)
    form = shopper.checkout_form()
    with shop.write() as uow:
        uow.db.execute(update(Stock).values(on_hand=2))
    page = shopper.submit(form)
    assert page.status == 409
    assert 'class="stuck"' in page.text
    assert "not as much left" in page.text
    assert orders(shop) == 0


def test_a_double_click_orders_once(shopper: Shopper, shop: Store, tea: Goods) -> None:
    shopper.add(tea.variant)
    form = shopper.checkout_form()
    first = shopper.submit(form, payment="scripted")
    second = shopper.submit(form, payment="scripted")
    assert token_of(first) == token_of(second)
    assert orders(shop) == 1
    # The same confirmation with another body is no repeat, and orders nothing.
    assert shopper.submit(form, payment="scripted", note="more").path == "/cart"
    assert orders(shop) == 1


@pytest.mark.parametrize("csrf", ["", "0" * 64, None])
def test_a_form_without_its_token_is_refused(
    shopper: Shopper, other: Shopper, shop: Store, tea: Goods, csrf: str | None
) -> None:
    shopper.add(tea.variant)
    form = shopper.checkout_form()
    if csrf is None:  # a token that is good, in another session
        other.add(tea.variant)
        csrf = other.checkout_form().submitted()["csrf"]
    assert shopper.submit(form, csrf=csrf).status == 403
    assert orders(shop) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "http://evil.test/"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_refused(
    shopper: Shopper, shop: Store, tea: Goods, headers: dict[str, str]
) -> None:
    shopper.add(tea.variant)
    form = shopper.checkout_form()
    assert shopper.post("/checkout", form.submitted(), headers=headers).status == 403
    assert shopper.post("/cart/lines", {"variant": tea.variant}, headers=headers).status == 403
    assert orders(shop) == 0
    assert shopper.post("/checkout", form.submitted(), headers=SAME_SITE).status == 200


INJECTED = {"price": "1", "unit_price": "1", "total": "1", "payable": "0", "discount": "999",
            "status": "paid", "state": "paid", "currency": "JPY", "customer_id": "1",
            "is_admin": "1", "store_id": "2", "shipping": "0", "captured": "1600"}  # fmt: skip


def test_amounts_and_states_are_never_taken_from_a_form(
    shopper: Shopper, shop: Store, tea: Goods
) -> None:
    shopper.post("/cart/lines", {"variant": tea.variant, "quantity": "1", **INJECTED})
    form = shopper.checkout_form()
    assert shopper.submit(form, expected_total="1", **INJECTED).status == 409
    assert orders(shop) == 0
    shopper.submit(shopper.checkout_form(), payment="scripted", **INJECTED)
    with shop.read() as uow:
        row = uow.db.execute(select(Order.__table__)).one()
    assert (row.payable, row.currency, row.state) == (1600, "CNY", "pending_payment")
    assert (row.captured, row.discount, row.customer_id) == (0, 0, None)


EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def test_words_of_customers_are_only_ever_words(shopper: Shopper, shop: Store) -> None:
    goods = make_product(shop, EVIL)
    pages = [shopper.add(goods.variant)]
    values = {"note": EVIL, "name": EVIL[:60], "line1": EVIL}
    pages.append(shopper.submit(shopper.get("/checkout").form(action="checkout"), **values))
    pages.append(shopper.order("bank_transfer", **values))
    assert pages[-1].path.startswith("/orders/")
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;" in page.text
        assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]


def policies(store: Store, version: int = 1) -> None:
    with store.write() as uow:
        for kind in ("privacy", "terms"):
            uow.db.execute(
                insert(StaticPage).values(
                    public_id=random_id(),
                    slug=kind,
                    kind=kind,
                    title=f"The {kind}",
                    body="<p>Words</p>",
                    version=version,
                    position=0,
                    updated_at=uow.now,
                )
            )
        uow.touch(settings.SHELL)


def test_policies_are_accepted_in_the_version_that_was_shown(
    shopper: Shopper, shop: Store, tea: Goods
) -> None:
    policies(shop, version=3)
    shopper.add(tea.variant)
    form = shopper.checkout_form()
    sent = {name: value for name, value in form.submitted().items() if name != "accept"}
    page = shopper.post("/checkout", sent)
    assert page.status == 422
    assert "Please confirm that you have read this." in page.text
    form = shopper.checkout_form()
    with shop.write() as uow:
        uow.db.execute(update(StaticPage).where(StaticPage.kind == "terms").values(version=4))
        uow.touch(settings.SHELL)
    page = shopper.submit(form)
    assert page.status == 409
    assert "terms have just changed" in page.text
    assert orders(shop) == 0
    shopper.submit(page.form(action="checkout"), accept="yes")
    with shop.read() as uow:
        found = uow.db.execute(select(Consent.kind, Consent.version)).all()
    assert {tuple(row) for row in found} == {("privacy", "3"), ("terms", "4")}


def test_goods_without_return_are_acknowledged_line_by_line(
    shopper: Shopper, shop: Store, tea: Goods
) -> None:
    fresh = make_product(shop, "Fresh cake", return_class="no_return")
    shopper.add(tea.variant)
    shopper.add(fresh.variant)
    form = shopper.checkout_form()
    names = [name for name in form.names if name.startswith("ack-")]
    assert len(names) == 1
    sent = {name: value for name, value in form.submitted().items() if name not in names}
    page = shopper.post("/checkout", sent)
    assert page.status == 422
    assert "Please confirm that you know this." in page.text
    shopper.submit(page.form(action="checkout"))
    with shop.read() as uow:
        rows = uow.db.execute(select(OrderLine.title, OrderLine.return_acknowledged)).all()
    assert {tuple(row) for row in rows} == {("Tea", False), ("Fresh cake", True)}


def test_a_place_without_delivery_is_said(shopper: Shopper, shop: Store, tea: Goods) -> None:
    with shop.write() as uow:
        zones: list[dict[str, Any]] = [
            {"places": ["CN"], "first": 1000, "first_fee": 600},
            {"places": ["65"], "refused": True},
        ]
        uow.db.execute(update(ShippingMethod).values(zones=zones))
        uow.touch(settings.SHELL)
    shopper.add(tea.variant)
    far = {"division_0": "650000", "division_1": "650100", "division_2": "650102"}
    page = shopper.submit(shopper.get("/checkout").form(action="checkout"), **ADDRESS | far)
    assert page.status == 422
    assert "do not deliver these goods" in page.text
    assert orders(shop) == 0


def test_a_closed_shop_says_so_and_keeps_the_cart(
    shopper: Shopper, shop: Store, tea: Goods
) -> None:
    shopper.add(tea.variant)
    form = shopper.checkout_form()
    shop.transact(lambda uow: settings.save(uow, CLI, "checkout", {"open": False}))
    page = shopper.submit(form)
    assert page.status == 409
    assert "does not take orders" in page.text
    assert orders(shop) == 0
    assert "Tea" in shopper.get("/cart").text


def test_without_guests_the_way_leads_through_sign_in(
    shopper: Shopper, shop: Store, tea: Goods
) -> None:
    shop.transact(lambda uow: settings.save(uow, CLI, "checkout", {"guests": False}))
    shopper.add(tea.variant)
    page = shopper.get("/checkout")
    assert page.path == "/account/sign-in?next=/checkout"
    page = shopper.submit(page.form(action="sign-in/code"), contact="lin@example.com")
    page = shopper.submit(page.form(action="verify"), code=shopper.code("lin@example.com"))
    assert page.path == "/checkout"
    assert "Tea" in page.text


def test_a_customer_keeps_an_address_and_uses_it_again(
    shopper: Shopper, shop: Store, tea: Goods
) -> None:
    shopper.sign_in()
    shopper.add(tea.variant)
    shopper.order("bank_transfer", save="yes")
    shopper.add(tea.variant)
    page = shopper.get("/checkout")
    form = page.form(action="checkout")
    assert "南京东路" in page.text
    assert "line1" not in form.names
    assert shopper.submit(form, payment="bank_transfer").path.startswith("/orders/")
    with shop.read() as uow:
        lines = [row["line1"] for row in uow.db.scalars(select(OrderContact.address))]
        assert lines == ["南京东路 1 号"] * 2
        assert uow.db.scalar(select(func.count()).select_from(CustomerAddress)) == 1


def test_what_needs_no_delivery_asks_for_no_address(shopper: Shopper, shop: Store) -> None:
    course = make_product(shop, "Course", ships=False)
    shopper.add(course.variant)
    form = shopper.get("/checkout").form(action="checkout")
    assert "line1" not in form.names
    assert form.submitted()["expected_total"] == "1000"
    refused = shopper.submit(form, phone="", email="")
    assert refused.status == 422
    assert "phone number or an e-mail" in refused.text
    form = refused.form(action="checkout")
    order = shopper.submit(form, email="Lin@Example.com", payment="scripted")
    assert order.path.endswith("/pay")
    with shop.read() as uow:
        assert uow.db.scalar(select(OrderContact.email)) == "lin@example.com"


def test_what_costs_nothing_is_paid_at_once(
    shopper: Shopper, shop: Store, provider: ScriptedProvider
) -> None:
    gift = make_product(shop, "Sample", price=0, ships=False)
    shopper.add(gift.variant)
    page = shopper.submit(shopper.get("/checkout").form(action="checkout"), email="a@example.com")
    assert page.path.startswith("/orders/")
    assert "<h1>Received</h1>" in page.text
    assert "start" not in provider.calls


def test_too_many_orders_from_one_network_wait(shopper: Shopper, shop: Store, tea: Goods) -> None:
    shopper.add(tea.variant)
    form = shopper.checkout_form()
    for _ in range(limits.LIMITS["place-order"].limit):
        limits.count(shop, ("place-order", limits.network_of(shopper.network)))
    page = shopper.submit(form)
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0
    assert orders(shop) == 0
