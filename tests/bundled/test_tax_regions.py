"""Taxes of the destination: the closest place counts, freight or not, and nothing elsewhere."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from storegen_plugins.tax_regions import TaxRegionsSettings, rates

from storegen.domain.carts.loading import load
from storegen.domain.delivery import priced
from storegen.models import Variant
from storegen.values.shipping import Destination
from tests.fixtures.goods import fill_cart, make_delivery, make_guest, make_product

SETTINGS = {
    "rates": [
        {"place": "US", "rate_bp": 0},
        {"place": "US-CA", "rate_bp": 725, "components_bp": [600, 125], "shipping": False},
        {"place": "CN-31", "rate_bp": 900},
    ]
}
EXTRA = """
[[plugin.tax_regions.rates]]
place = "CN"
rate_bp = 600
shipping = false

[[plugin.tax_regions.rates]]
place = "CN-31"
rate_bp = 1300
components_bp = [1000, 300]
"""


@pytest.mark.parametrize(
    ("country", "region", "rate"),
    [
        ("US", "CA", 725),
        ("US", "US-CA", 725),
        ("US", "NY", 0),
        ("US", "", 0),
        ("CN", "310101", 900),
        ("CN", "110101", None),
        ("DE", "", None),
        ("", "CA", None),
    ],
)
def test_the_closest_place_counts(country, region, rate):
    settings = TaxRegionsSettings().load(SETTINGS)
    found = rates.facts_of(settings, country, region)
    assert (found.tax_bp if found else None) == rate


@pytest.mark.parametrize(
    ("rate", "field"),
    [
        ({"place": "us", "rate_bp": 1}, "place"),
        ({"place": "US", "rate_bp": 10_001}, "rate_bp"),
        ({"place": "US", "rate_bp": 5, "components_bp": [1, 3]}, "components_bp"),
    ],
)
def test_wrong_settings_are_named(rate, field):
    assert field in TaxRegionsSettings().validate({"rates": [rate]})["rates"][0]


def test_a_place_twice_is_refused():
    twice = {"rates": [{"place": "US", "rate_bp": 1}, {"place": "US", "rate_bp": 2}]}
    assert "rates" in TaxRegionsSettings().validate(twice)


def test_lines_and_freight_are_taxed_by_the_destination(plugin_store):
    shop = plugin_store("tax_regions", extra=EXTRA)
    make_delivery(shop, fee=600)
    lin = make_guest(shop)
    fill_cart(shop, lin, (make_product(shop, price=11300), 1))

    def taxed(place):
        with shop.read() as uow:
            return priced(uow, load(uow, lin), place, "express")[0]

    shanghai = taxed(Destination(country="CN", division="310101"))
    assert [(x.tax_bp, x.tax) for x in shanghai.lines] == [(1300, 1300)]
    assert shanghai.lines[0].tax_parts == (1000, 300)
    assert shanghai.shipping[0].tax_bp == 1300
    beijing = taxed(Destination(country="CN", division="110101"))
    assert (beijing.lines[0].tax_bp, beijing.shipping[0].tax_bp) == (600, 0)


def test_goods_that_are_not_taxed_are_taxed_nowhere(plugin_store):
    shop = plugin_store("tax_regions", extra=EXTRA)
    make_delivery(shop, fee=600)
    card = make_product(shop, price=11300)
    with shop.write() as uow:
        uow.db.execute(update(Variant).where(Variant.id == card.variant_id).values(taxable=False))
    lin = make_guest(shop)
    fill_cart(shop, lin, (card, 1))
    with shop.read() as uow:
        place = Destination(country="CN", division="310101")
        quote = priced(uow, load(uow, lin), place, "express")[0]
    assert [(line.tax_bp, line.tax) for line in quote.lines] == [(0, 0)]
