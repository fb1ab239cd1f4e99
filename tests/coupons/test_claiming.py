"""Claiming: who gets a coupon, how many, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from storegen_plugins.coupons import campaigns, ending
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.terms import Terms

from storegen.errors import Forbidden, Invalid, NotAllowed, NotFound, Refused
from tests.coupons.conftest import (
    claim,
    coupon,
    coupons_of,
    make_campaign,
    make_customer,
    template,
)
from tests.fixtures.goods import STAFF, make_guest, make_product, place_order


def refused(store, actor, campaign):
    with pytest.raises(Refused) as caught:
        claim(store, actor, campaign)
    return caught.value.reason


def test_a_claim_issues_a_copy_and_counts_it(shop):
    campaign = make_campaign(shop, total=5)
    lin = make_customer(shop)
    mine = coupon(shop, claim(shop, lin, campaign))
    assert (mine.state, mine.customer_id, mine.seq) == ("unused", lin.customer_id, 1)
    assert mine.rules["amount"] == 1000
    assert template(shop, campaign).issued == 1


def test_a_guest_is_asked_to_sign_in(shop):
    campaign = make_campaign(shop)
    assert refused(shop, make_guest(shop), campaign) == "coupons:sign-in"


def test_nothing_is_claimed_that_is_not_there_not_live_or_not_for_claiming(shop):
    lin = make_customer(shop)
    with pytest.raises(NotFound):
        claim(shop, lin, "nothing")
    assert refused(shop, lin, make_campaign(shop, live=False)) == "coupons:not-offered"
    for channel in ("register", "birthday", "code", "gift", "staff", "game"):
        other = make_campaign(shop, channel=channel)
        assert refused(shop, lin, other) == "coupons:not-offered"
    paused = make_campaign(shop)
    shop.transact(lambda uow: campaigns.move(uow, STAFF, paused, "paused"))
    assert refused(shop, lin, paused) == "coupons:not-offered"


def test_the_total_ends_a_campaign(shop):
    campaign = make_campaign(shop, total=1)
    claim(shop, make_customer(shop), campaign)
    assert refused(shop, make_customer(shop), campaign) == "coupons:gone"
    assert template(shop, campaign).issued == 1


def test_the_claim_window(shop, clock):
    opens, ends = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    campaign = make_campaign(shop, claim_from=opens, claim_until=ends, per_customer=None)
    lin = make_customer(shop)
    assert refused(shop, lin, campaign) == "coupons:not-yet"
    clock.move(hours=1)
    claim(shop, lin, campaign)
    clock.move(hours=1)
    assert refused(shop, lin, campaign) == "coupons:over"


def test_a_coupon_that_would_be_over_at_once_is_not_issued(shop, clock):
    campaign = make_campaign(
        shop, validity="fixed", valid_until=clock.now() + timedelta(hours=1), per_customer=None
    )
    lin = make_customer(shop)
    claim(shop, lin, campaign)
    clock.move(hours=1)
    assert refused(shop, lin, campaign) == "coupons:over"


def test_crmeb_5_the_limit_per_customer_is_looked_at_when_claiming(shop):
    """CRMEB: the claim service does not consult `receive_limit`."""
    campaign = make_campaign(shop, per_customer=2)
    lin = make_customer(shop)
    claim(shop, lin, campaign)
    claim(shop, lin, campaign)
    assert refused(shop, lin, campaign) == "coupons:limit"
    assert [row.seq for row in coupons_of(shop, campaign)] == [1, 2]
    assert template(shop, campaign).issued == 2  # what was refused is not counted


def test_the_limit_per_day_follows_the_shops_midnight(shop, clock):
    campaign = make_campaign(shop, per_customer=None, per_day=1)
    lin = make_customer(shop)
    claim(shop, lin, campaign)
    clock.move(hours=11)  # 23:00 in Shanghai
    assert refused(shop, lin, campaign) == "coupons:limit-today"
    clock.move(hours=1)
    claim(shop, lin, campaign)


def test_a_second_account_with_the_same_phone_is_the_same_person(shop):
    """Limits count people: by account and by proven phone or e-mail."""
    campaign = make_campaign(shop, per_customer=1)
    claim(shop, make_customer(shop, email="lin@example.com"), campaign)
    claim(shop, make_customer(shop, email="wang@example.com"), campaign)
    second = make_customer(shop)
    with shop.write() as uow:
        from sqlalchemy import insert

        from storegen.models import CustomerIdentity

        uow.db.execute(
            insert(CustomerIdentity).values(
                customer_id=second.customer_id,
                provider="email",
                app_id="other",
                subject="lin@example.com",
                verified_at=uow.now,
            )
        )
    assert refused(shop, second, campaign) == "coupons:limit"


def test_a_revoked_coupon_counts_no_more(shop):
    campaign = make_campaign(shop, per_customer=1)
    lin = make_customer(shop)
    first = claim(shop, lin, campaign)
    shop.transact(lambda uow: ending.revoke(uow, STAFF, first, "by mistake"))
    second = coupon(shop, claim(shop, lin, campaign))
    assert second.seq == 2


def test_new_customers_only(shop):
    campaign = make_campaign(shop, rules={"new_customers": True}, per_customer=None)
    lin = make_customer(shop, phone="+8613800138000")
    claim(shop, lin, campaign)
    # A guest's order with the same phone is an order of theirs.
    place_order(shop, (make_product(shop, ships=False), 1))
    assert refused(shop, lin, campaign) == "coupons:new-customers"


def test_litemall_editing_a_template_changes_nothing_that_is_out(shop):
    """litemall: template edits change issued coupons."""
    campaign = make_campaign(shop)
    mine = claim(shop, make_customer(shop), campaign)
    before = coupon(shop, mine)
    worse = Terms(rules=Rules(kind="money", amount=1, titles={"en": "0.01 off"}), days=1)
    shop.transact(lambda uow: campaigns.edit(uow, STAFF, campaign, "Spring", worse))
    assert coupon(shop, mine) == before
    later = coupon(shop, claim(shop, make_customer(shop), campaign))
    assert (later.version, later.rules["amount"]) == (2, 1)


def test_every_version_of_a_campaign_is_kept(shop):
    from sqlalchemy import select
    from storegen_plugins.coupons.tables import TemplateVersion

    campaign = make_campaign(shop, total=9)
    other = Terms(rules=Rules(kind="money", amount=1, titles={"en": "x"}), total=8)
    shop.transact(lambda uow: campaigns.edit(uow, STAFF, campaign, "Spring", other))
    with shop.read() as uow:
        kept = uow.db.execute(
            select(TemplateVersion.version, TemplateVersion.terms).order_by(TemplateVersion.version)
        ).all()
    assert [(version, terms["total"], terms["rules"]["amount"]) for version, terms in kept] == [
        (1, 9, 1000),
        (2, 8, 1),
    ]


def test_a_total_below_what_is_out_and_other_bad_edits_are_refused(shop):
    campaign = make_campaign(shop, total=5)
    for _ in range(2):
        claim(shop, make_customer(shop), campaign)
    rules = Rules(kind="money", amount=1, titles={"en": "x"})
    for terms, field in ((Terms(rules=rules, total=1), "total"),
                         (Terms(rules=rules, channel="code"), "channel")):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            shop.transact(lambda uow, t=terms: campaigns.edit(uow, STAFF, campaign, "Spring", t))
        assert set(caught.value.problems) == {field}
    shop.transact(lambda uow: campaigns.move(uow, STAFF, campaign, "closed"))
    with pytest.raises(Forbidden):
        shop.transact(lambda uow: campaigns.edit(uow, STAFF, campaign, "x", Terms(rules=rules)))
    with pytest.raises(Forbidden):
        shop.transact(lambda uow: campaigns.move(uow, STAFF, campaign, "live"))


def test_only_staff_who_may_write_campaigns(shop):
    terms = Terms(rules=Rules(kind="money", amount=1, titles={"en": "x"}))
    lin = make_customer(shop)
    with pytest.raises(NotAllowed):
        shop.transact(lambda uow: campaigns.create(uow, lin, "Mine", terms))
    mine = claim(shop, lin, make_campaign(shop))
    with pytest.raises(NotAllowed):
        shop.transact(lambda uow: ending.revoke(uow, lin, mine, "no"))
