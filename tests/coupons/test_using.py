"""From placing to the end of an order: used once, given back once, and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from storegen_plugins.coupons import campaigns, codes, ending, entering, giving
from storegen_plugins.coupons.tables import Code

from storegen.domain.orders.moving import lock, move
from storegen.domain.orders.placing import place
from storegen.domain.payments.booking import settle_free
from storegen.errors import PriceChanged, Refused
from storegen.models import Order
from storegen.values.actor import JOB
from tests.coupons.buying import buy, cart_quote, choose, type_code, used
from tests.coupons.conftest import (
    claim,
    coupon,
    coupons_of,
    make_campaign,
    make_customer,
    template,
    uses,
)
from tests.fixtures.goods import (
    STAFF,
    fill_cart,
    make_delivery,
    make_guest,
    make_product,
    order_command,
)


@pytest.fixture
def tea(shop):
    make_delivery(shop)
    return make_product(shop, price=5000, ships=False, stock=1000)


@pytest.fixture
def lin(shop):
    return make_customer(shop, phone="+8613800138000")


def step(shop, placed, name, actor=JOB):
    def work(uow):
        lock(uow, placed.order_id)
        move(uow, actor, placed.order_id, name)

    shop.transact(work)


def shared_code(shop, code="WELCOME", **terms):
    campaign = make_campaign(shop, channel="code", **terms)
    shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, code))
    return campaign


def single_code(shop, **terms):
    campaign = make_campaign(shop, channel="code", **terms)
    shop.transact(lambda uow: codes.order_codes(uow, STAFF, campaign, 1))
    shop.transact(codes.make_codes)
    with shop.read() as uow:
        return campaign, uow.db.scalar(select(Code.code).where(Code.shared.is_(False)))


def test_an_order_uses_its_coupon_and_the_ledger_says_for_what(shop, tea, lin):
    mine = claim(shop, lin, make_campaign(shop))
    placed = buy(shop, lin, (tea, 1))
    assert placed.payable == 4000
    row = coupon(shop, mine)
    assert (row.state, row.order_id) == ("used", placed.order_id)
    (use,) = uses(shop)
    assert (use.coupon_id, use.order_id, use.amount, use.order_total) == (
        row.id, placed.order_id, 1000, 4000,
    )  # fmt: skip


def test_a_coupon_that_changed_no_amount_is_not_used(shop, tea, lin):
    small = claim(shop, lin, make_campaign(shop))
    large = claim(shop, lin, make_campaign(shop, rules={"amount": 2000}))
    buy(shop, lin, (tea, 1))
    assert (coupon(shop, small).state, coupon(shop, large).state) == ("unused", "used")
    below = claim(shop, lin, make_campaign(shop, rules={"min_amount": 100_000}))
    choose(shop, lin, below)
    buy(shop, lin, (tea, 1))
    assert coupon(shop, below).state == "unused"


def test_crmeb_4_a_coupon_with_an_activitys_line_neither_lowers_its_price_nor_is_used(shop, lin):
    """CRMEB: a coupon sent with an activity order lowers the price and is stored as 0."""
    from dataclasses import replace

    from storegen_plugins.coupons import pricing

    from storegen.domain.carts.loading import load
    from storegen.domain.pricing import quote

    claim(shop, lin, make_campaign(shop))
    fill_cart(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    with shop.read() as uow:
        view = load(uow, lin).view()
        found = pricing.facts(uow, view)
    of_an_activity = replace(
        view, lines=tuple(replace(line, offer="group:1", discountable=False) for line in view.lines)
    )
    priced = quote(of_an_activity, pricing.promotions(of_an_activity, found))
    assert (priced.payable, [x for x in priced.adjustments if x.applied and x.lane == "order"]) == (
        5000, [],
    )  # fmt: skip


def test_macrozheng_1003_one_coupon_is_used_by_one_order(shop, tea, lin):
    """macrozheng/mall #1003: five orders from one coupon."""
    claim(shop, lin, make_campaign(shop))
    assert buy(shop, lin, (tea, 1)).payable == 4000
    fill_cart(shop, lin, (tea, 1))
    with pytest.raises(PriceChanged):
        shop.transact(lambda uow: place(uow, lin, order_command(shop, lin, expected_total=4000)))
    assert buy(shop, lin).payable == 5000


def test_a_coupon_taken_between_the_look_and_the_order_refuses_the_order(shop, tea, lin):
    """The rival comes after pricing and before the update: nothing is half done."""
    from sqlalchemy import update
    from storegen_plugins.coupons import using
    from storegen_plugins.coupons.tables import Coupon

    mine = claim(shop, lin, make_campaign(shop))
    fill_cart(shop, lin, (tea, 1))
    command = order_command(shop, lin)
    real = using.contact_of_order

    def rival(uow, order_id):
        uow.db.execute(update(Coupon).values(state="used", order_id=None))
        return real(uow, order_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(using, "contact_of_order", rival)
        with pytest.raises(Refused) as caught:
            shop.transact(lambda uow: place(uow, lin, command))
    assert caught.value.reason == "coupons:used"
    assert coupon(shop, mine).state == "unused"
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.id)) is None


def test_likeshop_1_redeeming_compares_owner_state_and_window(shop, tea, lin, clock):
    """likeshop: redeem has no guard for owner or status. Here all three are in the update itself,
    even where pricing was wrong."""
    from storegen_plugins.coupons import using

    from storegen.values.orders import OrderChange

    mine = claim(shop, lin, make_campaign(shop, days=1))
    wang = make_customer(shop)
    placed = buy(shop, wang, (tea, 1))

    def redeem(customer_id):
        change = OrderChange(
            order_id=placed.order_id, number="", move="place", from_state="",
            to_state="pending_payment", customer_id=customer_id, session_id=None, channel="web",
            total=4000, lines=(), applied={f"coupons:coupon-{mine}": -1000},
        )  # fmt: skip
        shop.transact(lambda uow: using.follow(uow, wang, change))

    for customer_id in (wang.customer_id, None):
        with pytest.raises(Refused) as caught:
            redeem(customer_id)
        assert caught.value.reason == "coupons:used"
    clock.move(days=1)
    with pytest.raises(Refused) as caught:
        redeem(lin.customer_id)
    assert caught.value.reason == "coupons:expired"
    clock.move(days=-1)
    redeem(lin.customer_id)
    with pytest.raises(Refused):
        redeem(lin.customer_id)
    assert len(uses(shop)) == 1


def test_crmeb_3_an_order_that_fails_burns_no_coupon(shop, tea, lin):
    """CRMEB: the coupon is marked used before and outside the order's transaction."""
    mine = claim(shop, lin, make_campaign(shop))
    fill_cart(shop, lin, (tea, 1))
    command = order_command(shop, lin)

    class Crash(Exception):
        pass

    def crash(_placed):
        raise Crash

    with pytest.raises(Crash):
        shop.transact(lambda uow: place(uow, lin, command, crash))
    assert (coupon(shop, mine).state, uses(shop)) == ("unused", [])


@pytest.mark.parametrize("how", ["cancel", "close"])
def test_litemall_397_a_cancelled_or_closed_order_gives_its_coupon_back(shop, tea, lin, how):
    """litemall #397: coupons are not returned after a cancellation."""
    mine = claim(shop, lin, make_campaign(shop))
    placed = buy(shop, lin, (tea, 1))
    step(shop, placed, how)
    row = coupon(shop, mine)
    assert (row.state, row.order_id, row.used_at) == ("unused", None, None)
    assert uses(shop)[0].returned_at is not None
    assert buy(shop, lin, (tea, 1)).payable == 4000
    assert [use.returned_at is None for use in uses(shop)] == [False, True]


def test_litemall_a_coupon_that_comes_back_after_its_end_is_expired(shop, tea, lin, clock):
    """litemall: a returned coupon becomes usable even if expired."""
    mine = claim(shop, lin, make_campaign(shop, days=1))
    placed = buy(shop, lin, (tea, 1))
    clock.move(days=2)
    step(shop, placed, "cancel")
    assert coupon(shop, mine).state == "expired"
    fill_cart(shop, lin, (tea, 1))
    assert used(cart_quote(shop, lin)) == {}


@pytest.mark.parametrize(("back", "state"), [(True, "unused"), (False, "used")])
def test_litemall_397_a_refund_of_everything_gives_it_back_unless_the_rules_say_no(
    shop, tea, lin, back, state
):
    mine = claim(shop, lin, make_campaign(shop, rules={"back_after_refund": back}))
    placed = buy(shop, lin, (tea, 1))
    step(shop, placed, "pay")
    step(shop, placed, "refund_all")
    assert coupon(shop, mine).state == "used"  # while the money is on its way
    step(shop, placed, "refunded")
    assert coupon(shop, mine).state == state


def test_an_order_for_nothing_uses_its_coupon_too(shop, tea, lin):
    mine = claim(shop, lin, make_campaign(shop, rules={"amount": 10_000}))
    placed = buy(shop, lin, (tea, 1))
    assert placed.payable == 0

    def work(uow):
        lock(uow, placed.order_id)
        settle_free(uow, JOB, placed.order_id)

    shop.transact(work)
    assert coupon(shop, mine).state == "used"
    assert (uses(shop)[0].amount, uses(shop)[0].paid_at is not None) == (5000, True)


def test_a_late_payment_takes_the_coupon_again(shop, tea, lin):
    mine = claim(shop, lin, make_campaign(shop))
    placed = buy(shop, lin, (tea, 1))
    step(shop, placed, "close")
    step(shop, placed, "pay_late")
    assert coupon(shop, mine).state == "used"
    assert uses(shop)[0].returned_at is None


def test_a_late_payment_whose_coupon_went_to_another_order_is_forbidden(shop, tea, lin):
    claim(shop, lin, make_campaign(shop))
    first = buy(shop, lin, (tea, 1))
    step(shop, first, "close")
    buy(shop, lin, (tea, 1))
    with pytest.raises(Refused) as caught:
        step(shop, first, "pay_late")
    assert caught.value.reason == "coupons:used-elsewhere"


def test_money_for_a_closed_order_whose_coupon_is_gone_is_given_back(shop, tea, lin):
    from storegen.domain.payments.booking import confirm_by_hand
    from storegen.models import Refund

    claim(shop, lin, make_campaign(shop))
    first = buy(shop, lin, (tea, 1))
    step(shop, first, "close")
    buy(shop, lin, (tea, 1))
    shop.transact(lambda uow: confirm_by_hand(uow, STAFF, first.order_id, "T-1"))
    with shop.read() as uow:
        assert uow.db.scalar(select(Order.state).where(Order.id == first.order_id)) == "closed"
        assert uow.db.scalar(select(Refund.amount)) == 4000


def test_a_guests_order_by_code_issues_and_uses_at_once(shop, tea):
    campaign = shared_code(shop, total=1)
    guest = make_guest(shop)
    type_code(shop, guest, "welcome")
    placed = buy(shop, guest, (tea, 1))
    assert placed.payable == 4000
    (row,) = coupons_of(shop, campaign)
    assert (row.state, row.customer_id, row.order_id) == ("used", None, placed.order_id)
    assert template(shop, campaign).issued == 1


def test_a_guests_cancelled_order_frees_code_and_place(shop, tea):
    campaign, code = single_code(shop, total=1)
    guest = make_guest(shop)
    type_code(shop, guest, code)
    placed = buy(shop, guest, (tea, 1))
    step(shop, placed, "close")
    assert template(shop, campaign).issued == 0
    other = make_guest(shop)
    type_code(shop, other, code)
    assert buy(shop, other, (tea, 1)).payable == 4000


def test_a_guests_late_payment_takes_code_and_place_again(shop, tea):
    campaign, code = single_code(shop, total=1)
    guest = make_guest(shop)
    type_code(shop, guest, code)
    placed = buy(shop, guest, (tea, 1))
    step(shop, placed, "close")
    step(shop, placed, "pay_late")
    assert template(shop, campaign).issued == 1
    assert [row.state for row in coupons_of(shop, campaign)] == ["used"]
    with shop.read() as uow:
        assert uow.db.scalar(select(Code.state)) == "taken"


def test_a_code_of_ones_own_works_once(shop, tea):
    campaign, code = single_code(shop)
    first, second = make_guest(shop), make_guest(shop)
    for guest in (first, second):
        fill_cart(shop, guest, (tea, 1))
        type_code(shop, guest, code)
    command = order_command(shop, second)
    assert buy(shop, first).payable == 4000
    with pytest.raises((PriceChanged, Refused)):
        shop.transact(lambda uow: place(uow, second, command))
    assert buy(shop, second).payable == 5000
    assert len(coupons_of(shop, campaign)) == 1


def test_a_customers_order_by_code_puts_the_coupon_into_the_wallet_when_it_comes_back(
    shop, tea, lin
):
    campaign, code = single_code(shop)
    type_code(shop, lin, code)
    placed = buy(shop, lin, (tea, 1))
    step(shop, placed, "cancel")
    (row,) = coupons_of(shop, campaign)
    assert (row.state, row.customer_id) == ("unused", lin.customer_id)
    assert buy(shop, lin, (tea, 1)).payable == 4000


def test_the_limit_of_a_code_counts_people_by_phone_and_by_email(shop, tea):
    shared_code(shop)
    first = make_guest(shop)
    type_code(shop, first, "WELCOME")
    buy(shop, first, (tea, 1), email="lin@example.com")
    for contact in (
        {"phone": "+8613800138000", "email": ""},
        {"phone": "+8613900139000", "email": "lin@example.com"},
    ):
        again = make_guest(shop)
        type_code(shop, again, "WELCOME")
        fill_cart(shop, again, (tea, 1))
        command = order_command(shop, again, **contact)
        with pytest.raises(Refused) as caught:
            shop.transact(lambda uow, a=again, c=command: place(uow, a, c))
        assert caught.value.reason == "coupons:limit-used"
    other = make_guest(shop)
    type_code(shop, other, "WELCOME")
    assert buy(shop, other, (tea, 1), phone="+8613900139000").payable == 4000


@pytest.mark.parametrize("channel", ["claim", "code"])
def test_a_second_account_with_the_phone_of_the_first_ones_order_uses_no_second(shop, tea, channel):
    """Nothing is proven in either account; the orders tell that it is one person."""
    campaign = make_campaign(shop, channel=channel, per_customer=1)
    if channel == "code":
        shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, "WELCOME"))

    def take(actor):
        if channel == "claim":
            return claim(shop, actor, campaign)
        work = entering.put_into_wallet
        return shop.transact(lambda uow: work(uow, actor, "welcome")).public_id

    first, second = make_customer(shop), make_customer(shop)
    take(first)
    mine = take(second)
    placed = buy(shop, first, (tea, 1), phone="+8613800138000")
    fill_cart(shop, second, (tea, 1))
    command = order_command(shop, second, phone="+8613800138000")
    with pytest.raises(Refused) as caught:
        shop.transact(lambda uow: place(uow, second, command))
    assert caught.value.reason == "coupons:limit-person"
    assert coupon(shop, mine).state == "unused"
    step(shop, placed, "cancel")  # the first order ended: now it is theirs
    assert shop.transact(lambda uow: place(uow, second, command)).payable == 4000


def test_what_staff_gave_beside_a_claim_is_no_second_person(shop, tea, lin):
    campaign = make_campaign(shop, per_customer=1)
    claim(shop, lin, campaign)
    shop.transact(lambda uow: giving.give(uow, STAFF, campaign, [lin.customer_id], "sorry"))
    for _ in range(2):
        assert buy(shop, lin, (tea, 1), phone="+8613800138000").payable == 4000


def test_the_codes_of_a_draft_are_worth_nothing_once_it_is_given_in_another_way(shop, tea):
    campaign = make_campaign(shop, live=False, channel="code")
    shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, "WELCOME"))

    def by_staff(uow):
        terms = replace(campaigns.terms_of(campaigns.one(uow, campaign)), channel="staff")
        campaigns.edit(uow, STAFF, campaign, "For friends", terms)
        campaigns.move(uow, STAFF, campaign, "live")

    shop.transact(by_staff)
    guest = make_guest(shop)
    type_code(shop, guest, "WELCOME")
    fill_cart(shop, guest, (tea, 1))
    assert cart_quote(shop, guest).payable == 5000


def test_a_guest_who_turns_out_to_be_known_is_judged_again(shop, tea):
    """A first order's coupon, by code: the phone of the order says that it is the second."""
    shared_code(shop, rules={"new_customers": True}, per_customer=None)
    buy(shop, make_guest(shop), (tea, 1))
    again = make_guest(shop)
    type_code(shop, again, "WELCOME")
    fill_cart(shop, again, (tea, 1))
    command = order_command(shop, again)
    with pytest.raises(Refused) as caught:
        shop.transact(lambda uow: place(uow, again, command))
    assert caught.value.reason == "coupons:new-customers-order"


def test_a_code_that_ended_meanwhile_asks_to_look_again(shop, tea, clock):
    shared_code(shop, claim_until=clock.now() + timedelta(hours=1))
    guest = make_guest(shop)
    type_code(shop, guest, "WELCOME")
    fill_cart(shop, guest, (tea, 1))
    command = order_command(shop, guest)
    clock.move(hours=2)
    with pytest.raises(PriceChanged):
        shop.transact(lambda uow: place(uow, guest, command))


def test_a_code_that_no_database_takes_costs_nobody_the_others(shop, tea):
    """Three faults would leave all coupons out for all customers."""
    shared_code(shop)
    guest = make_guest(shop)
    for code in ("WELCOME", "AB\ud800CD"):
        type_code(shop, guest, code)
    fill_cart(shop, guest, (tea, 1))
    assert cart_quote(shop, guest).payable == 4000
    assert shop.plugins.breaker.seen() == ()


def test_a_code_that_a_guest_took_is_not_free_again_after_all_were_taken_back(shop, tea):
    campaign, code = single_code(shop)
    guest = make_guest(shop)
    type_code(shop, guest, code)
    placed = buy(shop, guest, (tea, 1))
    assert placed.payable == 4000
    shop.transact(lambda uow: ending.revoke_all(uow, STAFF, campaign, "the list got out"))
    step(shop, placed, "cancel")
    other = make_guest(shop)
    type_code(shop, other, code)
    fill_cart(shop, other, (tea, 1))
    assert cart_quote(shop, other).payable == 5000
