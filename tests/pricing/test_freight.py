"""Freight templates, case by case: ¥ in fen, weights of lines in milligrams."""

from __future__ import annotations

from typing import Any

import pytest

from storegen.domain.freight import freight, zone_for
from storegen.values.pricing import LineView, ShippingCharge
from storegen.values.shipping import Destination, FreightTemplate, FreightZone, NotDelivered

GUANGZHOU = Destination(country="CN", division="440103")
ZONES = (
    FreightZone(places=("*",), refused=True),
    FreightZone(places=("CN",), first=1000, first_fee=1000, extra=500, extra_fee=300),
    FreightZone(places=("440000", "45"), first=1000, first_fee=600, extra=1000, extra_fee=200),
    FreightZone(places=("440300",), first_fee=0, free_over=0),
    FreightZone(
        places=("65", "54"),
        first=1000,
        first_fee=2000,
        extra=1000,
        extra_fee=1500,
        free_over=50_000,
    ),
    FreightZone(places=("659001",), refused=True),
    FreightZone(places=("us",), first=500, first_fee=9000, extra=500, extra_fee=4000),
)


def template(**more: Any) -> FreightTemplate:
    return FreightTemplate(
        **{
            "code": "std",
            "title": "Standard",
            "by": "weight",
            "zones": ZONES,
            "tax_bp": 600,
            **more,
        }
    )


def line(grams: float = 100, quantity: int = 1, **more: Any) -> LineView:
    return LineView(
        key="k",
        variant_id=1,
        product_id=1,
        variant="v",
        unit_price=1000,
        quantity=quantity,
        weight=int(grams * 1000),
        **more,
    )


def to(division: str, country: str = "CN") -> Destination:
    return Destination(country=country, division=division)


@pytest.mark.parametrize(
    ("place", "grams", "quantity", "fee"),
    [
        (to("110101"), 100, 1, 1000),  # below the first kilogram
        (to("110101"), 1000, 1, 1000),  # exactly the first
        (to("110101"), 1000.001, 1, 1300),  # one milligram more begins an extra
        (to("110101"), 750, 2, 1300),  # weights add up before they are measured
        (to("110101"), 750.001, 2, 1600),
        (to("110101"), 0, 3, 1000),  # without a weight the first fee stands
        (to("440103"), 2500, 1, 1000),  # all of Guangdong, named by its full code
        (to("450102"), 100, 1, 600),  # named by its prefix
        (to("440305"), 9000, 1, 0),  # the city beats its province
        (to("650102"), 1500, 1, 3500),
        (to(""), 100, 1, 1000),  # a country is enough to start with
        (to("CA", "US"), 501, 1, 13000),
    ],
)
def test_by_weight(place: Destination, grams: float, quantity: int, fee: int) -> None:
    charge = freight(template(), [line(grams, quantity)], 10_000, place)
    assert isinstance(charge, ShippingCharge)
    assert (charge.amount, charge.method, charge.tax_bp) == (fee, "std", 600)


@pytest.mark.parametrize(
    ("by", "goods", "fee", "measure"),
    [
        ("pieces", 100, 400, 3),
        ("pieces", 0, 400, 3),
        ("amount", 2, 300, 2),
        ("amount", 20_000, 300 + 19_998 * 100, 20_000),
    ],
)
def test_by_pieces_and_by_amount(by: str, goods: int, fee: int, measure: int) -> None:
    zones = (FreightZone(places=("CN",), first=2, first_fee=300, extra=1, extra_fee=100),)
    charge = freight(template(by=by, zones=zones), [line(quantity=2), line()], goods, GUANGZHOU)
    assert isinstance(charge, ShippingCharge)
    assert (charge.amount, charge.reason) == (fee, f"by-{by}")
    assert charge.data == {"measure": measure}


@pytest.mark.parametrize(
    ("goods", "amount", "reason"),
    [(49_999, 2000, "by-weight"), (50_000, 0, "free-over"), (90_000, 0, "free-over")],
)
def test_free_over(goods: int, amount: int, reason: str) -> None:
    charge = freight(template(), [line()], goods, to("540102"))
    assert isinstance(charge, ShippingCharge)
    assert (charge.amount, charge.reason) == (amount, reason)


@pytest.mark.parametrize("place", [to("659001"), to("", "FR"), to("440103", "FR")])
def test_refused(place: Destination) -> None:
    assert freight(template(), [line()], 0, place) == NotDelivered(method="std", reason="refused")


def test_no_zone_at_all() -> None:
    only = template(zones=(FreightZone(places=("44",)),))
    assert freight(only, [line()], 0, to("110101")) == NotDelivered(method="std", reason="no-zone")


def test_goods_that_need_no_shipping_weigh_nothing() -> None:
    card = line(5000, requires_shipping=False)
    mixed = freight(template(), [card, line(200)], 0, to("110101"))
    assert isinstance(mixed, ShippingCharge)
    assert (mixed.amount, mixed.data) == (1000, {"measure": 200})
    nothing = freight(template(), [card], 0, to("659001"))
    assert isinstance(nothing, ShippingCharge)
    assert (nothing.amount, nothing.reason) == (0, "nothing-to-ship")


def test_pickup_needs_no_zone() -> None:
    charge = freight(template(pickup=True, zones=()), [line()], 0, to("", "FR"))
    assert isinstance(charge, ShippingCharge)
    assert (charge.amount, charge.reason) == (0, "pickup")


def test_a_tie_goes_to_the_earlier_zone() -> None:
    twins = (FreightZone(places=("44",), first_fee=1), FreightZone(places=("440000",), first_fee=2))
    assert zone_for(template(zones=twins), GUANGZHOU) is twins[0]
