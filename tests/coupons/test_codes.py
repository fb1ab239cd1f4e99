"""Codes: unguessable, made in parts, exported in parts."""

from __future__ import annotations

import re
import tracemalloc

import pytest
from sqlalchemy import func, select
from storegen_plugins.coupons import codes, ending
from storegen_plugins.coupons.tables import Batch, Code

from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import AuditLog
from storegen.values.actor import Actor
from tests.coupons.conftest import make_campaign
from tests.fixtures.goods import STAFF


def make_all(shop, campaign, count):
    batch = shop.transact(lambda uow: codes.order_codes(uow, STAFF, campaign, count))
    while shop.transact(codes.make_codes):
        pass
    return batch


def test_codes_are_made_in_parts_until_the_batch_is_full(shop, monkeypatch):
    monkeypatch.setattr(codes, "PART", 40)
    campaign = make_campaign(shop, channel="code")
    batch = shop.transact(lambda uow: codes.order_codes(uow, STAFF, campaign, 100))
    made = []
    while count := shop.transact(codes.make_codes):
        made.append(count)
    assert made == [40, 40, 20]
    with shop.read() as uow:
        assert uow.db.scalar(select(func.count(func.distinct(Code.code)))) == 100
        assert uow.db.scalar(select(Batch.made).where(Batch.public_id == batch)) == 100


def test_codes_are_long_random_and_easy_to_read_aloud(shop):
    make_all(shop, make_campaign(shop, channel="code"), 200)
    with shop.read() as uow:
        made = list(uow.db.scalars(select(Code.code)))
    assert all(re.fullmatch(r"[A-Z0-9]{12}", code) for code in made)
    assert not set("ILOU") & set("".join(made))
    # No two begin or end alike more than chance allows: nothing counts up.
    assert len({code[:5] for code in made}) > 190
    assert len({code[-5:] for code in made}) > 190
    assert codes.normal(codes.shown(made[0]).lower()) == made[0]


def test_a_hundred_thousand_codes_are_made_and_exported_in_bounded_memory(make_store, clock):
    from tests.coupons.conftest import coupon_store

    shop = coupon_store(make_store)
    campaign = make_campaign(shop, channel="code")
    make_all(shop, campaign, codes.PART)  # what is loaded once is loaded now
    tracemalloc.start()
    try:
        batch = make_all(shop, campaign, 100_000)
        lines = sum(text.count("\n") for text in codes.exported(shop, STAFF, batch))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert lines == 100_001
    # 100,000 codes at once would be 50 MB of rows; a part is 5,000.
    assert peak < 12 * 2**20, f"{peak / 2**20:.1f} MB"


def test_the_export_is_a_file_that_a_spreadsheet_opens_and_somebody_answers_for(shop):
    campaign = make_campaign(shop, channel="code")
    batch = make_all(shop, campaign, 3)
    first, *rest = "".join(codes.exported(shop, STAFF, batch)).splitlines()
    assert first == "\ufeffcode,state"
    assert all(re.fullmatch(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){2},free", line) for line in rest)
    assert len(rest) == 3
    with shop.read() as uow:
        row = uow.db.execute(
            select(AuditLog.actor, AuditLog.entity_id, AuditLog.data).where(
                AuditLog.action == "coupons.export"
            )
        ).one()
    assert (row.actor, row.entity_id, row.data) == ("staff:1", batch, {"codes": 3})


def test_only_staff_with_that_permission_export(shop):
    batch = make_all(shop, make_campaign(shop, channel="code"), 1)
    viewer = Actor(kind="staff", staff_id=2, permissions=frozenset({"coupons.view"}))
    with pytest.raises(NotAllowed):
        codes.exported(shop, viewer, batch)
    with pytest.raises(NotFound):
        codes.exported(shop, STAFF, "nothing")


def test_a_code_for_all_is_unique_and_well_formed(shop):
    campaign = make_campaign(shop, channel="code")
    shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, "Tea-10"))
    with pytest.raises(Conflict):
        shop.transact(lambda uow: codes.add_shared(uow, STAFF, campaign, "ｔｅａ 10"))
    for bad in ("", "AB", "A" * 41, "=1+1", "茶茶茶茶"):
        with pytest.raises(Invalid):
            shop.transact(lambda uow, b=bad: codes.add_shared(uow, STAFF, campaign, b))


def test_codes_belong_to_campaigns_by_code(shop):
    claimed = make_campaign(shop)
    for work in (
        lambda uow: codes.add_shared(uow, STAFF, claimed, "TEA10"),
        lambda uow: codes.order_codes(uow, STAFF, claimed, 5),
    ):
        with pytest.raises(Invalid):
            shop.transact(work)
    campaign = make_campaign(shop, channel="code")
    for count in (0, -1, codes.MOST + 1, True):
        with pytest.raises(Invalid):
            shop.transact(lambda uow, c=count: codes.order_codes(uow, STAFF, campaign, c))


def test_revoking_a_campaign_ends_its_codes(shop):
    campaign = make_campaign(shop, channel="code")
    make_all(shop, campaign, 3)
    assert shop.transact(lambda uow: ending.revoke_all(uow, STAFF, campaign, "leaked")) == (0, 3)
    with shop.read() as uow:
        assert set(uow.db.scalars(select(Code.state))) == {"revoked"}
