"""What an owner is told before an activity goes live."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from storegen_plugins.promotions import activities
from storegen_plugins.promotions import conflicts as found_conflicts
from storegen_plugins.promotions.conflicts import conflicts

from storegen.models import Variant
from storegen.sdk.lookups import best_sellers
from tests.fixtures.goods import make_product
from tests.promotions.conftest import make_activity, row_of


@pytest.fixture
def tea(shop):
    goods = make_product(shop, "Tea", price=1000, stock=5)
    with shop.write() as uow:
        uow.db.execute(update(Variant).where(Variant.id == goods.variant_id).values(cost=600))
    return goods


def look(shop, kind, **rules):
    made = make_activity(shop, kind, live=False, name="mine", **rules)
    live = activities.live_of(row_of(shop, made))
    with shop.read() as uow:
        names = {each.id: f"other-{each.id}" for each in activities.published(uow)}
        return [(one.trouble, one.products) for one in conflicts(uow, live, names)]


def test_nothing_stands_in_the_way_of_a_modest_one(shop, tea):
    assert look(shop, "timed", items=[{"product": tea.product_id, "price": 900}]) == []


def test_two_prices_for_one_product_at_one_time(shop, clock, tea):
    item = {"product": tea.product_id, "price": 900}
    make_activity(shop, "timed", items=[item])
    assert look(shop, "flash", items=[{**item, "stock": 1}]) == [("two-prices", ("Tea",))]
    later = {
        "starts_at": clock.now() + timedelta(days=2),
        "ends_at": clock.now() + timedelta(days=3),
    }
    assert look(shop, "timed", items=[item], schedule=later) == []
    assert look(shop, "timed", items=[item], channels=("api",)) == [("two-prices", ("Tea",))]


def test_other_sales_channels_do_not_meet(shop, tea):
    item = {"product": tea.product_id, "price": 900}
    make_activity(shop, "timed", items=[item], channels=("web",))
    assert look(shop, "timed", items=[item], channels=("api",)) == []


def test_one_group_and_what_is_not_combined(shop, tea):
    make_activity(shop, "amount_off", every=1000, off=50, group="spring")
    assert look(shop, "amount_off", every=1000, off=60, group="spring") == [
        ("same-group", ("Tea",))
    ]
    found = look(shop, "amount_off", every=1000, off=60, stacks="coupons")
    assert found == [("not-together", ("Tea",))]


@pytest.mark.parametrize(
    ("kind", "rules"),
    [
        ("percent_off", {"tiers": [{"pieces": 1, "percent_bp": 5000}]}),
        ("amount_off", {"every": 1000, "off": 500}),
        ("amount_off", {"tiers": [{"amount": 1000, "off": 500}]}),
        ("timed", {"percent_bp": 4500}),
        ("n_for_m", {"every": 1, "get": 1, "percent_bp": 10000}),
    ],
)
def test_below_cost(shop, tea, kind, rules):
    assert look(shop, kind, **rules) == [("below-cost", ("Tea",))]


def test_a_bundle_below_cost_or_dearer_than_its_parts(shop, tea):
    cup = make_product(shop, "Cup", price=500)
    items = [{"product": tea.product_id}, {"product": cup.product_id}]
    assert look(shop, "bundle", items=items, price=599) == [("below-cost", ("Tea", "Cup"))]
    assert look(shop, "bundle", items=items, price=1500) == [("dearer", ("Tea", "Cup"))]


def test_reductions_that_only_together_sell_below_cost(shop, tea):
    make_activity(shop, "percent_off", tiers=[{"pieces": 1, "percent_bp": 2500}])
    found = look(shop, "timed", percent_bp=2500)
    assert found == [("below-cost", ("Tea",))]
    assert look(shop, "timed", percent_bp=1000) == []


def test_given_away_and_dearer_than_before(shop, tea):
    assert look(shop, "timed", percent_bp=10000) == [("free", ("Tea",))]
    item = {"product": tea.product_id, "price": 1000}
    assert look(shop, "timed", items=[item]) == [("dearer", ("Tea",))]


def test_a_flash_sale_of_more_than_there_is(shop, tea):
    item = {"product": tea.product_id, "price": 900, "stock": 6}
    assert look(shop, "flash", items=[item]) == [("short", ("Tea",))]


def test_a_rivals_products_are_looked_at_though_they_sell_badly(shop, tea, monkeypatch):
    monkeypatch.setattr(found_conflicts, "_LOOKED_AT", 1)
    unsold = make_product(shop, "Pot", price=1000, stock=5)
    with shop.read() as uow:
        (first,) = best_sellers(uow, 1)
    unsold = unsold if first.id == tea.product_id else tea
    title = "Pot" if first.id == tea.product_id else "Tea"
    make_activity(shop, "timed", items=[{"product": unsold.product_id, "price": 900}])
    assert ("two-prices", (title,)) in look(shop, "timed", percent_bp=500)
