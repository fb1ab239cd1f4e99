"""The one place where a cart is priced: what plugins say about it, gathered once.

Facts → offers → discounts → fees → taxes, then a pure quote for each way of delivery. The cart
page, the checkout, the delivery options, the API and the placing of an order all come here, so
that they show, promise and charge the same. A cart that no plugin has a word about costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from storegen.domain.carts.gifts import GiftGoods, GivenGoods, load_gifts
from storegen.domain.carts.loading import LoadedCart
from storegen.domain.pricing import canonical, quote, with_offers
from storegen.domain.pricing.display import qualified
from storegen.errors import PluginFault
from storegen.uow import UnitOfWork
from storegen.values.pricing import (
    EMPTY,
    Adjustment,
    CartView,
    LineTax,
    Offer,
    Promotion,
    Quote,
    ShippingCharge,
    Surcharge,
)
from storegen.values.shipping import Destination

SHIPPING = "shipping"
"""The freight's key in what `tax_lines` returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """All that a cart's price depends on, except the way of delivery.

    ``cart`` has its offers' prices and its taxes. ``missing``: keys of lines whose chosen offer
    does not hold. ``fault``: taxes could not be told, so that nothing may be ordered. ``facts``:
    plugin → what its `pricing_facts` said, for `check_order`.
    """

    cart: CartView
    promotions: tuple[Promotion, ...] = ()
    notes: tuple[Adjustment, ...] = ()
    missing: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    shipping_tax: LineTax | None = None
    gifts: Mapping[int, GiftGoods] = field(default_factory=lambda: EMPTY)
    fault: PluginFault | None = None

    def view(self, *shipping: ShippingCharge) -> CartView:
        """The cart with its freight."""
        if self.shipping_tax is not None:
            shipping = tuple(
                replace(charge, tax_bp=self.shipping_tax.tax_bp) for charge in shipping
            )
        return replace(self.cart, shipping=shipping) if shipping else self.cart

    def quote(self, *shipping: ShippingCharge) -> Quote:
        return quote(self.view(*shipping), self.promotions, self.notes)

    def given(self, priced: Quote) -> tuple[GivenGoods, ...]:
        """The gifts of a quote that was made from this."""
        return tuple(
            GivenGoods(
                source=gift.source, quantity=gift.quantity, goods=self.gifts[gift.variant_id]
            )
            for gift in priced.gifts
        )


def basis(uow: UnitOfWork, cart: LoadedCart, destination: Destination | None = None) -> Basis:
    """What the cart's price is made from; gathered once for each destination of a loaded cart."""
    place = (destination.country, destination.division) if destination else ("", "")
    known = cart.bases.get(place)
    if known is None:
        known = cart.bases[place] = gather(uow, cart.view(*place))
    return known


def gather(uow: UnitOfWork, view: CartView) -> Basis:
    """Ask the plugins about a cart at list prices."""
    plugins = uow.store.plugins
    failed: list[str] = []
    facts = dict(plugins.ask("pricing_facts", failed=failed, uow=uow, cart=view))
    offers: list[Offer] = []
    for plugin in facts:
        found = plugins.ask_one(plugin, "offers", cart=view, facts=facts[plugin])
        offers += qualified(plugin, found or ())
    offered = with_offers(view, offers)
    cart = offered.cart
    promotions: list[Promotion] = []
    surcharges: list[Surcharge] = []
    for plugin in facts:
        found = plugins.ask_one(plugin, "discounts", cart=cart, facts=facts[plugin])
        promotions += qualified(plugin, found or ())
        for fee in plugins.ask_one(plugin, "fees", cart=cart, facts=facts[plugin]) or ():
            # What lowers an amount is a promotion, with all that is checked of one.
            amount, rate = max(fee.amount, 0), max(fee.tax_bp, 0)
            surcharges.append(
                replace(fee, source=f"{plugin}:{fee.source}", amount=amount, tax_bp=rate)
            )
    gifts = load_gifts(
        uow, {gift.variant_id for each in promotions for gift in each.gifts}, view.locale
    )
    cart = replace(cart, surcharges=tuple(surcharges), gift_stock=_left(gifts, promotions, cart))
    taxes, fault = _taxes(uow, cart, facts, failed)
    return Basis(
        cart=_taxed(cart, taxes) if taxes else cart,
        promotions=canonical(promotions),
        notes=offered.notes,
        missing=offered.missing,
        facts=facts,
        shipping_tax=taxes.get(SHIPPING),
        gifts=gifts,
        fault=fault,
    )


def _left(
    gifts: Mapping[int, GiftGoods], promotions: Iterable[Promotion], cart: CartView
) -> Mapping[int, int]:
    """Pieces that may be given: those that the cart itself buys come first."""
    left: dict[int, int] = {}
    for promotion in promotions:
        for gift in promotion.gifts:
            goods = gifts.get(gift.variant_id)
            if goods is None:
                left[gift.variant_id] = 0
            elif goods.free is not None:
                bought = sum(x.quantity for x in cart.lines if x.variant_id == gift.variant_id)
                left[gift.variant_id] = max(goods.free - bought, 0)
    return left


def _taxes(
    uow: UnitOfWork, cart: CartView, facts: Mapping[str, Any], failed: list[str]
) -> tuple[dict[str, LineTax], PluginFault | None]:
    """Line key → rate, the first plugin's that names it; and the fault that forbids ordering."""
    plugins = uow.store.plugins
    taxes: dict[str, LineTax] = {}
    for plugin in plugins.implementing("tax_lines"):
        if plugin in failed:
            return taxes, PluginFault(plugin, "pricing_facts", "no facts, so no taxes")
        if plugin not in facts:
            continue
        try:
            found = plugins.ask_one(plugin, "tax_lines", cart=cart, facts=facts[plugin]) or {}
        except PluginFault as fault:
            return taxes, fault
        for key, tax in found.items():
            parts = tax.components_bp
            if tax.tax_bp < 0 or (parts and (sum(parts) != tax.tax_bp or min(parts) < 0)):
                return taxes, PluginFault(plugin, "tax_lines", f"rates of {key} do not add up")
            taxes.setdefault(key, tax)
    return taxes, None


def _taxed(cart: CartView, taxes: Mapping[str, LineTax]) -> CartView:
    lines = [
        replace(
            line,
            tax_bp=taxes[line.key].tax_bp,
            tax_components_bp=taxes[line.key].components_bp,
        )
        if line.key in taxes
        else line
        for line in cart.lines
    ]
    return replace(cart, lines=tuple(lines))
