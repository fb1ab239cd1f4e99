"""Coupons that come by themselves, and how they end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from storegen_plugins.coupons import ending, giving, personal

from storegen.domain.rewards import issue as issue_reward
from storegen.errors import Forbidden, Invalid, NotAllowed, NotFound, Refused
from storegen.values.event import Event
from storegen.values.reward import Reward
from tests.coupons.buying import buy
from tests.coupons.conftest import claim, coupon, coupons_of, make_campaign, make_customer
from tests.coupons.test_using import step
from tests.fixtures.goods import STAFF, make_product


def hear(shop, name, **payload):
    event = Event(id=1, name=name, version=1, payload=payload, at=shop.clock.now())
    shop.transact(lambda uow: giving.hear(uow, event))


def owners(shop, campaign):
    return [row.customer_id for row in coupons_of(shop, campaign)]


def test_a_registration_gives_once_however_often_it_is_told(shop):
    campaign = make_campaign(shop, channel="register")
    lin = make_customer(shop)
    for _ in range(3):
        hear(shop, "customer.registered", customer_id=lin.customer_id)
    assert owners(shop, campaign) == [lin.customer_id]


def test_a_registration_goes_on_when_one_campaign_has_none_left(shop):
    empty = make_campaign(shop, channel="register", total=1)
    full = make_campaign(shop, channel="register")
    first, second = make_customer(shop), make_customer(shop)
    hear(shop, "customer.registered", customer_id=first.customer_id)
    hear(shop, "customer.registered", customer_id=second.customer_id)
    assert owners(shop, empty) == [first.customer_id]
    assert owners(shop, full) == [first.customer_id, second.customer_id]


def test_a_paid_order_gives_from_its_amount_on_and_once(shop):
    small = make_campaign(shop, channel="gift", gift_from=5000, per_customer=None)
    large = make_campaign(shop, channel="gift", gift_from=5001, per_customer=None)
    lin = make_customer(shop)
    tea = make_product(shop, price=5000, ships=False)
    placed = buy(shop, lin, (tea, 1))
    for name in ("order.pay", "order.receive", "order.pay"):
        hear(shop, name, order_id=placed.order_id, state="paid")
    assert (owners(shop, small), owners(shop, large)) == ([lin.customer_id], [])


def test_a_gift_ends_with_the_money_of_its_order(shop):
    campaign = make_campaign(shop, channel="gift", per_customer=None)
    lin = make_customer(shop)
    placed = buy(shop, lin, (make_product(shop, price=5000, ships=False), 1))
    step(shop, placed, "pay")
    hear(shop, "order.pay", order_id=placed.order_id, state="paid")
    step(shop, placed, "refund_all")
    step(shop, placed, "refunded")
    assert [(row.state, row.reason) for row in coupons_of(shop, campaign)] == [
        ("revoked", "order-refunded")
    ]
    hear(shop, "order.complete", order_id=placed.order_id, state="refunded")
    assert len(coupons_of(shop, campaign)) == 1


def test_birthdays_come_in_the_shops_day_once_a_year(shop, clock):
    campaign = make_campaign(shop, channel="birthday", per_customer=None)
    lin, wang = make_customer(shop), make_customer(shop)
    shop.transact(lambda uow: giving.tell_birthday(uow, lin, 3, 2))
    shop.transact(lambda uow: giving.tell_birthday(uow, wang, 3, 3))
    assert shop.transact(giving.birthdays) == 0
    clock.moment = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # 00:30 on 2 March in Shanghai
    assert shop.transact(giving.birthdays) == 1
    assert shop.transact(giving.birthdays) == 0
    assert owners(shop, campaign) == [lin.customer_id]
    # Whoever moves the birthday gets no second present in the same year.
    shop.transact(lambda uow: giving.tell_birthday(uow, lin, 3, 3))
    clock.move(days=1)
    while shop.transact(giving.birthdays):
        pass
    assert owners(shop, campaign) == [lin.customer_id, wang.customer_id]
    clock.moment = datetime(2027, 3, 2, 17, 0, tzinfo=UTC)
    while shop.transact(giving.birthdays):
        pass
    assert len(owners(shop, campaign)) == 4


@pytest.mark.parametrize(("year", "given"), [(2027, 1), (2028, 0)])
def test_the_29th_of_february_is_the_28th_in_other_years(shop, clock, year, given):
    make_campaign(shop, channel="birthday")
    lin = make_customer(shop)
    shop.transact(lambda uow: giving.tell_birthday(uow, lin, 2, 29))
    clock.moment = datetime(year, 2, 28, 4, 0, tzinfo=UTC)
    assert shop.transact(giving.birthdays) == given


def test_a_birthday_is_a_day_of_the_year(shop):
    lin = make_customer(shop)
    for month, day in ((0, 1), (13, 1), (2, 30), (4, 31), (1, 0)):
        with pytest.raises(Invalid):
            shop.transact(lambda uow, m=month, d=day: giving.tell_birthday(uow, lin, m, d))


def test_a_campaign_that_runs_out_on_a_birthday_does_not_go_round_for_ever(shop, clock):
    campaign = make_campaign(shop, channel="birthday", total=1)
    for _ in range(3):
        lin = make_customer(shop)
        shop.transact(lambda uow, a=lin: giving.tell_birthday(uow, a, 3, 1))
    assert shop.transact(giving.birthdays) == 1
    assert shop.transact(giving.birthdays) == 0
    assert len(owners(shop, campaign)) == 1


def test_staff_give_beyond_the_limit_but_not_beyond_the_total(shop):
    campaign = make_campaign(shop, channel="staff", total=2, per_customer=1)
    lin, wang = make_customer(shop), make_customer(shop)
    ids = [lin.customer_id, wang.customer_id]
    assert shop.transact(lambda uow: giving.give(uow, STAFF, campaign, ids, "sorry")) == 2
    with pytest.raises(Refused):
        shop.transact(lambda uow: giving.give(uow, STAFF, campaign, ids, "sorry"))
    assert owners(shop, campaign) == ids
    with pytest.raises(NotAllowed):
        shop.transact(lambda uow: giving.give(uow, lin, campaign, ids, "for me"))


def test_a_reward_is_issued_once_per_key(shop):
    campaign = make_campaign(shop, channel="game", per_customer=1)
    lin = make_customer(shop)
    reward = Reward(kind="coupon", data={"template": campaign}, source="wheel")

    def grant(key):
        return shop.transact(lambda uow: issue_reward(uow, lin.customer_id, reward, key))

    first = grant("games:play:1")
    assert grant("games:play:1") == first
    assert (first.plugin, first.title) == ("coupons", "立减10元")
    assert grant("games:play:2").reference != first.reference
    assert grant("x" * 300) == grant("x" * 300)
    assert len(owners(shop, campaign)) == 3


def test_a_reward_comes_from_campaigns_for_games_only(shop):
    lin = make_customer(shop)
    for data in ({"template": make_campaign(shop)}, {"template": "nothing"}, {}):
        with pytest.raises(NotFound):
            shop.transact(
                lambda uow, d=data: issue_reward(
                    uow, lin.customer_id, Reward(kind="coupon", data=d), "k"
                )
            )


def test_the_job_expires_what_is_over(shop, clock):
    campaign = make_campaign(shop, days=1, per_customer=None)
    lin = make_customer(shop)
    old = claim(shop, lin, campaign)
    clock.move(hours=12)
    young = claim(shop, lin, campaign)
    clock.move(hours=12)
    assert shop.transact(ending.expire) == 1
    assert shop.transact(ending.expire) == 0
    assert (coupon(shop, old).state, coupon(shop, young).state) == ("expired", "unused")


def test_revoking_ends_what_is_unused_and_nothing_else(shop):
    campaign = make_campaign(shop)
    lin = make_customer(shop)
    mine = claim(shop, lin, campaign)
    shop.transact(lambda uow: ending.revoke(uow, STAFF, mine, "fraud"))
    assert (coupon(shop, mine).state, coupon(shop, mine).reason) == ("revoked", "fraud")
    with pytest.raises(Forbidden):
        shop.transact(lambda uow: ending.revoke(uow, STAFF, mine, "again"))
    with pytest.raises(NotFound):
        shop.transact(lambda uow: ending.revoke(uow, STAFF, "nothing", "x"))


def test_personal_data_is_told_and_erased_and_the_figures_stay(shop):
    campaign = make_campaign(shop)
    lin = make_customer(shop, phone="+8613800138000")
    mine = claim(shop, lin, campaign)
    shop.transact(lambda uow: giving.tell_birthday(uow, lin, 3, 1))
    with shop.read() as uow:
        told = personal.export(uow, lin.customer_id)
        assert personal.export(uow, 10**6) is None
    assert told["birthday"] == {"month": 3, "day": 1}
    assert [(one["id"], one["state"]) for one in told["coupons"]] == [(mine, "unused")]
    assert coupon(shop, mine).phone_key
    shop.transact(lambda uow: personal.erase(uow, lin.customer_id))
    row = coupon(shop, mine)
    assert (row.state, row.phone_key, row.email_key) == ("revoked", "", "")
    with shop.read() as uow:
        assert personal.export(uow, lin.customer_id)["birthday"] is None
