"""Which shipping methods reach an address, and what they cost for this cart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import and_, select

from storegen.domain import settings
from storegen.domain.carts.loading import LoadedCart
from storegen.domain.freight import freight
from storegen.domain.pricing import quote
from storegen.errors import NoDelivery
from storegen.models import ShippingMethod, Translation
from storegen.uow import UnitOfWork
from storegen.values.pricing import CartView, Quote, ShippingCharge
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


def options(uow: UnitOfWork, cart: LoadedCart, destination: Destination) -> list[Option]:
    view = cart.view()
    goods = quote(view)
    tax = settings.load(uow).tax
    made = []
    for template in templates(uow, cart.locale):
        found = freight(template, view.lines, goods.goods - goods.discount, destination)
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
    view = cart.view()
    if destination is None or not needs_shipping(cart):
        return quote(view), None
    for option in options(uow, cart, destination):
        if option.template.code == method:
            if option.charge is None:
                raise NoDelivery(option.refusal)
            return quote(_with(view, option.charge)), option.template
    raise NoDelivery("unknown-method")


def _with(view: CartView, charge: ShippingCharge) -> CartView:
    return replace(view, shipping=(charge,))


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
