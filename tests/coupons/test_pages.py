"""The claim centre, the wallet, the cart: without scripts, in both languages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from storegen_plugins.coupons import codes, entering
from storegen_plugins.coupons.tables import Coupon

from storegen.web.app import create_app
from tests.coupons.conftest import coupon_store, coupons_of, make_campaign, template, uses
from tests.fixtures import payment
from tests.fixtures.goods import STAFF, make_delivery, make_product
from tests.fixtures.stores import statements
from tests.web.shop.browser import SAME_SITE, Shopper


@pytest.fixture
def shop(make_store, backend):
    store = coupon_store(make_store, backend, locale="en")
    make_delivery(store)
    payment.use(store)
    return store


@pytest.fixture
def app(shop):
    return create_app(shop)


@pytest.fixture
def shopper(app, shop):
    return Shopper(app, shop)


@pytest.fixture
def tea(shop):
    return make_product(shop, "Tea", price=5000, ships=False)


def code(shop, text="WELCOME10", **terms):
    campaign = make_campaign(shop, channel="code", **terms)
    shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, text))
    return campaign


def claim_form(page):
    return page.form(action="/coupons/claim/")


def test_the_centre_is_public_and_the_same_for_everybody(shop, shopper, app):
    make_campaign(shop, rules={"min_amount": 5000})
    page = shopper.get("/coupons")
    assert page.status == 200
    assert "coupons" in page.headers["X-Storegen-Cache"]
    assert "Set-Cookie" not in page.headers
    assert "10 off" in page.text
    assert "from ¥50" in page.text
    shopper.sign_in()
    assert shopper.get("/coupons").text == page.text


def test_the_centre_speaks_chinese(shop, shopper):
    make_campaign(shop, rules={"kind": "percent", "percent_bp": 2000, "min_amount": 5000})
    page = shopper.get("/zh-hans/coupons")
    for words in ("优惠券", "8 折", "满 ¥50 可用", "全场通用", "领取后 30 天内有效"):
        assert words in page.text


def test_the_centre_says_what_is_gone_and_what_comes(shop, shopper, clock):
    from datetime import timedelta

    from tests.coupons.conftest import claim, make_customer

    gone = make_campaign(shop, total=1)
    claim(shop, make_customer(shop), gone)
    make_campaign(shop, claim_from=clock.now() + timedelta(days=1))
    make_campaign(shop, listed=False, rules={"titles": {"en": "Secret"}})
    page = shopper.get("/coupons")
    assert "All given out" in page.text
    assert "Soon" in page.text
    assert "Secret" not in page.text
    assert "/coupons/claim/" not in page.text


def test_an_empty_centre_says_so(shopper):
    assert "No coupons at the moment" in shopper.get("/coupons").text


def test_the_centre_costs_few_queries_however_many_campaigns(shop, shopper):
    make_campaign(shop)
    shopper.get("/coupons")
    with statements(shop) as few:
        shopper.get("/coupons")
    for _ in range(8):
        make_campaign(shop)
    with statements(shop) as many:
        shopper.get("/coupons")
    assert len(many) <= len(few)


def test_a_guest_signs_in_and_claims(shop, shopper):
    campaign = make_campaign(shop)
    page = shopper.submit(claim_form(shopper.get("/coupons")))
    assert "/account/sign-in?next=" in page.url
    shopper.sign_in()
    page = shopper.submit(claim_form(shopper.get("/coupons")))
    assert "/coupons/mine" in page.url
    assert "The coupon is yours" in page.text
    assert template(shop, campaign).issued == 1


def test_what_the_reader_has_arrives_in_the_fragment(shop, shopper):
    make_campaign(shop)
    shopper.sign_in()
    page = shopper.get("/coupons")
    slot = re.search(r'data-slot="(coupons\.\d+~centre)"', page.text)[1]
    fragment = f"/fragment?piece={slot}"
    assert "in your account" not in shopper.get(fragment).text
    shopper.submit(claim_form(page))
    assert "1 coupon is in your account" in shopper.get(fragment).text


def test_a_refused_claim_says_why_and_leads_back(shop, shopper):
    make_campaign(shop)
    shopper.sign_in()
    form = claim_form(shopper.get("/coupons"))
    shopper.submit(form)
    page = shopper.submit(form)
    assert page.status == 409
    assert "as many of this coupon as one person may have" in page.text
    assert 'href="/coupons"' in page.text


def test_claims_come_from_the_shops_own_pages_only(shop, shopper):
    campaign = make_campaign(shop)
    shopper.sign_in()
    for headers in ({"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        assert shopper.post(f"/coupons/claim/{campaign}", headers=headers).status == 403
    assert shopper.get(f"/coupons/claim/{campaign}").status == 405
    assert template(shop, campaign).issued == 0


def test_claims_do_not_lead_out_of_the_shop(shop, shopper):
    campaign = make_campaign(shop)
    for evil in ("//evil.test", "https://evil.test", "/\\evil.test"):
        page = shopper.post(f"/coupons/claim/{campaign}", {"next": evil}, follow=False)
        assert "evil" not in page.headers["Location"]


def test_claims_are_counted(shop, shopper):
    campaign = make_campaign(shop, per_customer=None)
    shopper.sign_in()
    answers = [shopper.post(f"/coupons/claim/{campaign}", follow=False).status for _ in range(21)]
    assert answers == [303] * 20 + [429]


def test_the_product_page_offers_what_covers_it(shop, shopper, tea):
    cup = make_product(shop, "Cup", price=900, ships=False)
    make_campaign(shop, rules={"scope": "products", "products": (tea.product_id,)})
    page = shopper.get(f"/products/{tea.handle}")
    assert "10 off" in page.text
    assert "coupons" in page.headers["X-Storegen-Cache"]
    assert "10 off" not in shopper.get(f"/products/{cup.handle}").text
    shopper.sign_in()
    assert "The coupon is yours" in shopper.submit(claim_form(page)).text


def test_the_wallet_shows_usable_used_and_over(shop, shopper, tea, clock):
    shopper.sign_in()
    make_campaign(shop, days=2)
    shopper.submit(claim_form(shopper.get("/coupons")))
    page = shopper.get("/coupons/mine")
    assert "10 off" in page.text
    assert "ends soon" in page.text
    clock.move(days=2)
    assert "10 off" not in shopper.get("/coupons/mine").text
    assert "was good until" in shopper.get("/coupons/mine?tab=over").text
    assert "Nothing here." in shopper.get("/coupons/mine?tab=used").text


def test_the_wallet_is_for_customers_and_stands_in_the_accounts_menu(shop, shopper):
    assert "/account/sign-in" in shopper.get("/coupons/mine").url
    shopper.sign_in()
    assert 'href="/coupons/mine"' in shopper.get("/account").text


def test_a_code_goes_into_the_wallet(shop, shopper):
    code(shop)
    shopper.sign_in()
    form = shopper.get("/coupons/mine").form(action="/coupons/mine/code")
    assert "The coupon is yours" in shopper.submit(form, code=" welcome-10 ").text
    page = shopper.submit(form, code="WELCOME10")
    assert page.status == 409
    assert "as many of this coupon as one person may have" in page.text
    page = shopper.submit(form, code="WELCOME11")
    assert "This code does not exist" in page.text


def test_a_birthday_is_asked_for_where_it_gives_something(shop, shopper):
    shopper.sign_in()
    assert "birthday" not in shopper.get("/coupons/mine").text.lower()
    make_campaign(shop, channel="birthday")
    form = shopper.get("/coupons/mine").form(action="/coupons/mine/birthday")
    assert "no such day" in shopper.submit(form, month="2", day="31").text
    page = shopper.submit(form, month="2", day="28")
    assert "<option selected>28" in page.text


def test_a_guest_types_a_code_in_the_cart(shop, shopper, tea):
    code(shop)
    shopper.add(tea.variant)
    form = shopper.get("/cart").form(action="/coupons/cart/code")
    page = shopper.submit(form, code="welcome10")
    assert "You save ¥10" in page.text
    assert "¥40" in page.text
    page = shopper.submit(page.form(action="/coupons/cart/code"), action="remove")
    assert "You save" not in page.text


@pytest.mark.parametrize(
    ("typed", "english", "chinese"),
    [
        ("NOTHING", "This code does not exist.", "优惠码不存在"),
        ("OVER", "This code is not valid any more.", "该优惠码已失效"),
        ("", "This code does not exist.", "优惠码不存在"),
    ],
)
def test_a_wrong_code_is_answered_with_a_clear_sentence(
    shop, shopper, tea, typed, english, chinese
):
    from storegen_plugins.coupons import campaigns

    over = code(shop, "OVER")
    shop.transact(lambda uow: campaigns.move(uow, STAFF, over, "closed"))
    shopper.add(tea.variant)
    for prefix, words in (("", english), ("/zh-hans", chinese)):
        form = shopper.get(f"{prefix}/cart").form(action="/coupons/cart/code")
        page = shopper.submit(form, code=typed)
        assert words in page.text
        assert 'aria-invalid="true"' in page.text


def test_guessing_codes_ends_after_twenty_tries(shop, shopper, tea):
    code(shop)
    shopper.add(tea.variant)
    form = shopper.get("/cart").form(action="/coupons/cart/code")
    for number in range(entering.TRIES):
        assert "does not exist" in shopper.submit(form, code=f"GUESS{number}").text
    page = shopper.submit(form, code="WELCOME10")
    assert "You have tried many codes" in page.text
    assert "You save" not in page.text


def test_a_network_may_guess_a_hundred_times_whoever_asks(shop, app, tea, monkeypatch):
    monkeypatch.setattr(entering, "TRIES_OF_NETWORK", 3)
    said = []
    for _ in range(4):
        someone = Shopper(app, shop)
        someone.add(tea.variant)
        form = someone.get("/cart").form(action="/coupons/cart/code")
        said.append("You have tried many codes" in someone.submit(form, code="GUESS").text)
    assert said == [False, False, False, True]


def test_code_and_choice_need_the_pages_token(shop, shopper, tea):
    code(shop)
    shopper.sign_in()
    shopper.add(tea.variant)
    for path in ("/coupons/cart/code", "/coupons/cart/choice", "/coupons/mine/code"):
        page = shopper.post(path, {"code": "WELCOME10", "csrf": "x"}, headers=SAME_SITE)
        assert page.status == 403


def test_the_cart_hints_at_a_better_coupon_and_names_what_is_missing(shop, shopper, tea):
    shopper.sign_in()
    make_campaign(
        shop, rules={"amount": 2000, "min_amount": 6200, "titles": {"en": "20 off from 62"}}
    )
    shopper.submit(claim_form(shopper.get("/coupons")))
    shopper.add(tea.variant)
    page = shopper.get("/cart")
    assert "Spend ¥12 more to use “20 off from 62”." in page.text
    assert "spend ¥12 more." not in page.text  # the core leaves it to the coupons' own list
    assert "¥12 are missing." in page.text
    shopper.add(tea.variant)
    page = shopper.get("/cart")
    assert "more to use" not in page.text
    assert "You save ¥20" in page.text


def test_the_customer_chooses_in_the_cart(shop, shopper, tea):
    shopper.sign_in()
    for amount in (1000, 1500):
        make_campaign(shop, rules={"amount": amount, "titles": {"en": f"{amount} off"}})
    for form in [f for f in shopper.get("/coupons").forms() if "/claim/" in f.action]:
        shopper.submit(form)
    shopper.add(tea.variant)
    page = shopper.get("/cart")
    assert "You save ¥15" in page.text
    with shop.read() as uow:
        small = next(
            row.public_id
            for row in uow.db.execute(select(Coupon.public_id, Coupon.rules))
            if row.rules["amount"] == 1000
        )
    token = page.form(action="/coupons/cart/choice").submitted()["csrf"]

    def choose(*coupons):
        return shopper.post("/coupons/cart/choice", {"csrf": token, "coupon": list(coupons)})

    assert "You save ¥10" in choose(small).text
    assert "You save" not in choose("none").text
    assert "You save ¥15" in choose().text


def test_an_order_over_the_web_uses_the_coupon(shop, shopper, tea):
    """The checkout is one form: a second one inside would send the order by mistake."""
    shopper.sign_in()
    campaign = make_campaign(shop)
    shopper.submit(claim_form(shopper.get("/coupons")))
    shopper.add(tea.variant)
    page = shopper.get("/checkout")
    assert "You save ¥10" in page.text
    assert [form.action for form in page.forms() if "/coupons" in form.action] == []
    assert 'id="coupon-code"' not in page.text
    form = page.form(action="checkout")
    page = shopper.submit(form, phone="13800138000", payment="scripted")
    assert [row.state for row in coupons_of(shop, campaign)] == ["used"]
    assert uses(shop)[0].amount == 1000


def test_nobody_elses_coupon_is_chosen_or_shown(shop, app, tea):
    """IDOR: a coupon's id in a form is worth nothing to anybody else."""
    from tests.coupons.conftest import claim, make_customer

    theirs = claim(shop, make_customer(shop), make_campaign(shop))
    shopper = Shopper(app, shop)
    shopper.sign_in()
    shopper.add(tea.variant)
    form = shopper.get("/coupons/mine").form(action="/coupons/mine/code")
    token = form.submitted()["csrf"]
    page = shopper.post("/coupons/cart/choice", {"csrf": token, "coupon": theirs})
    assert "You save" not in page.text
    assert "10 off" not in shopper.get("/coupons/mine").text


def test_a_shop_without_the_plugin_has_none_of_its_pages(make_store):
    store = make_store("sqlite", plugins=["pay_offline"])
    shopper = Shopper(create_app(store), store)
    for path in ("/coupons", "/coupons/mine", "/api/v1/coupons/campaigns"):
        assert shopper.get(path).status == 404
