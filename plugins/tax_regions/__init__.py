"""Tax by destination: rates per country and region, with the freight taxed or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen_plugins.tax_regions.rates import Facts, TaxRegionsSettings, facts_of

from storegen.sdk import CartView, LineTax, Manifest, UnitOfWork, hookimpl
from storegen.sdk.lookups import setup_of

SHIPPING = "shipping"

manifest = Manifest(
    name="tax_regions",
    version="1.0.0",
    title={"en": "Tax by destination", "zh": "按目的地计税"},
    requires_storegen=">=0.1",
    settings_schema=TaxRegionsSettings,
)


@hookimpl
def pricing_facts(uow: UnitOfWork, cart: CartView) -> Facts | None:
    """The rate of the destination; nothing while none is known, or none is set for it."""
    settings: Mapping[str, Any] = setup_of(uow, "tax_regions").settings
    return facts_of(settings, cart.country, cart.region)


@hookimpl
def tax_lines(cart: CartView, facts: Facts) -> Mapping[str, LineTax]:
    rate = LineTax(tax_bp=facts.tax_bp, components_bp=facts.components_bp)
    taxes = {line.key: rate for line in cart.lines if line.taxable}
    # An untaxed freight is said too: the shop's own rate for it holds no more.
    taxes[SHIPPING] = rate if facts.shipping_taxed else LineTax(tax_bp=0)
    return taxes
