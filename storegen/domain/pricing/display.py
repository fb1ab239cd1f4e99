"""The price of one plain piece, as pages show it: with automatic offers, without a cart.

And which list price may be struck through beside an offer's price: the shop's policy
(`catalog.struck`) holds for offers too, and the price history is what justifies it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, insert, select

from storegen.domain import settings
from storegen.domain.catalog.struck import PERIOD
from storegen.domain.pricing.offers import with_offers
from storegen.models import PriceHistory, Product, Variant
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.pricing import CartView, LineView, Offer, QuoteLine

CHANNEL = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPrice:
    """``price`` in the price basis; ``offer`` is ``list``, or ``<plugin>:<id>`` of the offer that
    set it, called ``title``. ``struck``: what may be struck through beside it."""

    variant_id: int
    price: int
    list_price: int
    offer: str
    title: str
    struck: int | None


def plain_prices(
    uow: UnitOfWork, variant_ids: Collection[int], *, locale: str = "", channel: str = "web"
) -> Mapping[int, PlainPrice]:
    """What one piece of each variant costs a stranger. Unknown ids are left out.

    One statement for the variants, one for the history where an offer won, and the plugins' own.
    Without a plugin that prices it is empty: nothing differs from the list.
    """
    plugins = uow.store.plugins
    if not variant_ids or not plugins.implementing("pricing_facts"):
        return {}
    rows = uow.db.execute(
        select(
            Variant.id,
            Variant.public_id,
            Variant.product_id,
            Variant.price,
            Variant.compare_at,
            Variant.title,
            Product.title.label("product_title"),
            Product.tags,
        )
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(sorted(variant_ids)))
        .order_by(Variant.id)
    )
    view = CartView(
        currency=uow.store.config.currency,
        prices_include_tax=settings.load(uow).tax.prices_include_tax,
        lines=tuple(_line(row) for row in rows),
        channel=channel,
        locale=locale or uow.store.config.locale,
    )
    offers: list[Offer] = []
    for plugin, facts in plugins.ask("pricing_facts", uow=uow, cart=view):
        found = plugins.ask_one(plugin, "offers", cart=view, facts=facts) or ()
        offers += qualified(plugin, found)
    lines = with_offers(view, offers).cart.lines
    struck = struck_beside(uow, lines)
    return {
        line.variant_id: PlainPrice(
            variant_id=line.variant_id,
            price=line.unit_price,
            list_price=line.unit_price if line.list_price is None else line.list_price,
            offer=line.offer,
            title=line.offer_title,
            struck=struck.get(line.key),
        )
        for line in lines
    }


def qualified(plugin: str, offers: Iterable[Any]) -> list[Any]:
    """Offers or promotions with the ids by which they are known outside their plugin."""
    return [replace(each, id=f"{plugin}:{each.id}") for each in offers]


def struck_beside(uow: UnitOfWork, lines: Iterable[LineView | QuoteLine]) -> dict[str, int]:
    """Line key → the price that may be struck through, for lines whose price an offer set.

    ``declared``: the list price. ``seven_days``: no higher than the lowest price of the last seven
    days, other offers included (`record_offer_prices`). No statement where no offer won.
    """
    won = [line for line in lines if line.list_price is not None]
    policy = settings.load(uow).checkout.struck_price
    if not won or policy == "never":
        return {}
    found = {line.key: line.list_price or 0 for line in won}
    if policy == "seven_days":
        lowest = _lowest(uow, {line.variant_id for line in won})
        for line in won:
            others = [
                price
                for channel, price in lowest.get(line.variant_id, ())
                if channel != line.offer[:CHANNEL]
            ]
            found[line.key] = min([found[line.key], *others]) if others else 0
    return {line.key: found[line.key] for line in won if found[line.key] > line.unit_price}


def record_offer_prices(
    uow: UnitOfWork, actor: Actor, source: str, prices: Mapping[int, int]
) -> None:
    """Keep in the price history that the offer ``source`` (``<plugin>:<id>``) begins now at these
    prices (variant id → minor units). Call it when an activity starts."""
    if prices:
        uow.db.execute(
            insert(PriceHistory),
            [
                {
                    "variant_id": variant_id,
                    "channel": source[:CHANNEL],
                    "price": price,
                    "valid_from": uow.now,
                    "actor": str(actor),
                }
                for variant_id, price in sorted(prices.items())
            ],
        )


def _lowest(uow: UnitOfWork, variant_ids: Collection[int]) -> dict[int, list[tuple[str, int]]]:
    """Variant id → (channel, lowest price since seven days ago). A list price that is older still
    holds where nothing replaced it since."""
    since = uow.now - PERIOD
    before = (
        select(PriceHistory.variant_id, func.max(PriceHistory.valid_from).label("at"))
        .where(
            PriceHistory.variant_id.in_(sorted(variant_ids)),
            PriceHistory.channel == "all",
            PriceHistory.valid_from <= since,
        )
        .group_by(PriceHistory.variant_id)
        .subquery()
    )
    rows = uow.db.execute(
        select(PriceHistory.variant_id, PriceHistory.channel, func.min(PriceHistory.price))
        .outerjoin(before, before.c.variant_id == PriceHistory.variant_id)
        .where(
            PriceHistory.variant_id.in_(sorted(variant_ids)),
            (PriceHistory.valid_from > since)
            | ((PriceHistory.valid_from == before.c.at) & (PriceHistory.channel == "all")),
        )
        .group_by(PriceHistory.variant_id, PriceHistory.channel)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for variant_id, channel, price in rows:
        found.setdefault(variant_id, []).append((channel, price))
    return found


def _line(row: Any) -> LineView:
    return LineView(
        key=str(row.id),
        variant_id=row.id,
        product_id=row.product_id,
        variant=row.public_id,
        quantity=1,
        unit_price=row.price,
        compare_at=row.compare_at,
        title=row.product_title,
        variant_title=row.title,
        tags=tuple(row.tags),
    )
