"""Which shipping methods reach an address, and what they cost for this cart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import and_, select

from storegen.domain import settings
from storegen.domain.carts import pricing
from storegen.domain.carts.gifts import GivenGoods
from storegen.domain.carts.loading import LoadedCart
from storegen.domain.freight import freight
from storegen.errors import NoDelivery
from storegen.models import ShippingMethod, Translation
from storegen.uow import UnitOfWork
from storegen.values.pricing import Quote, ShippingCharge
from storegen.values.shipping import Destination, FreightTemplate, FreightZone, NotDelivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A method and what it would cost, or the reason why it does not reach this address."""

    template: FreightTemplate
    charge: ShippingCharge | None
    refusal: str = ""


def templates(uow: UnitOfWork, locale: str = "") -> tuple[FreightTemplate, ...]:
    """The active methods in the owner's order, called as in ``locale``; shared until some process
    changes them."""
    return uow.cached(f"freight:{locale}", (settings.SHELL,), lambda: _read(uow, locale))


def options(
    uow: UnitOfWork, cart: LoadedCart, destination: Destination, *, exact: bool = True
) -> list[Option]:
    """Every method with what it would cost. Not ``exact`` (a guess at where it may go) takes the
    prices as they are while no destination is known, which are gathered already."""
    basis = pricing.basis(uow, cart, destination if exact else None)
    goods = basis.quote()
    tax = settings.load(uow).tax
    made = []
    for template in templates(uow, cart.locale):
        found = freight(template, basis.cart.lines, goods.goods - goods.discount, destination)
        if isinstance(found, NotDelivered):
            made.append(Option(template=template, charge=None, refusal=found.reason))
        else:
            taxed = replace(found, tax_bp=template.tax_bp or tax.shipping_bp)
            made.append(Option(template=template, charge=taxed))
    return made


def needs_shipping(cart: LoadedCart) -> bool:
    return any(line.view.requires_shipping for line in cart.lines if line.for_sale)


def priced(
    uow: UnitOfWork, cart: LoadedCart, destination: Destination | None, method: str
) -> tuple[Quote, FreightTemplate | None]:
    """The quote with delivery by ``method``, and its template (None if nothing ships).

    Without a destination (a cart page) delivery is left out. With one, an unknown method or an
    address that it does not reach raises `NoDelivery`.
    """
    charge, template = chosen(uow, cart, destination, method)
    basis = pricing.basis(uow, cart, destination)
    return (basis.quote(charge) if charge else basis.quote()), template


def chosen(
    uow: UnitOfWork, cart: LoadedCart, destination: Destination | None, method: str
) -> tuple[ShippingCharge | None, FreightTemplate | None]:
    """What delivery by ``method`` is charged; nothing where nothing ships or nobody knows whereto.

    Raises `NoDelivery` for an unknown method or an address that it does not reach.
    """
    if destination is None or not needs_shipping(cart):
        return None, None
    for option in options(uow, cart, destination):
        if option.template.code == method:
            if option.charge is None:
                raise NoDelivery(option.refusal)
            return option.charge, option.template
    raise NoDelivery("unknown-method")


def check_taxes(uow: UnitOfWork, cart: LoadedCart, destination: Destination | None) -> None:
    """Raises `PluginFault` if a plugin failed at saying the taxes of this cart."""
    fault = pricing.basis(uow, cart, destination).fault
    if fault is not None:
        raise fault


def gifts(
    uow: UnitOfWork, cart: LoadedCart, destination: Destination | None, quote: Quote
) -> tuple[GivenGoods, ...]:
    """The goods behind the gifts of a quote that `priced` made for this cart and destination."""
    return pricing.basis(uow, cart, destination).given(quote) if quote.gifts else ()


def _read(uow: UnitOfWork, locale: str) -> tuple[FreightTemplate, ...]:
    here = and_(
        Translation.entity == "shipping_method",
        Translation.entity_id == ShippingMethod.id,
        Translation.locale == locale,
        Translation.field == "title",
    )
    rows = uow.db.execute(
        select(ShippingMethod.__table__, Translation.text)
        .outerjoin(Translation, here)
        .where(ShippingMethod.active.is_(True))
        .order_by(ShippingMethod.position, ShippingMethod.id)
    )
    return tuple(
        FreightTemplate(
            code=row.code,
            title=row.text or row.title,
            by=row.measure,
            zones=tuple(
                FreightZone(**{**zone, "places": tuple(zone["places"])}) for zone in row.zones
            ),
            tax_bp=row.tax_bp,
            days=(row.days[0], row.days[1]) if row.days else None,
            pickup=row.pickup,
        )
        for row in rows
    )
