"""What pages say about activities: prices of products, what a product takes part in, the day's
flash sales. For everybody alike: what one person may still have is only said in their cart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storegen_plugins.promotions import flash
from storegen_plugins.promotions.activities import Live, Running, published, running
from storegen_plugins.promotions.pricing import sentence
from storegen_plugins.promotions.rules import OFFERS, Item, Rules
from storegen_plugins.promotions.schedule import Window

from storegen.sdk import UnitOfWork
from storegen.sdk.lookups import Card, cards, categories_of
from storegen.sdk.words import money

CHANNEL = "web"
_STRIP = 8
_NO_CATEGORIES: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """The best price that a product has now. ``usual`` is what it costs otherwise; ``left`` is
    said when there are few; ``gone``: its flash sale is sold out, and nothing else is lower."""

    title: str
    kind: str
    price: int
    usual: int
    from_: bool
    ends: datetime | None
    left: int | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A product in a flash sale; ``share``: whole percent that went out."""

    card: Card
    price: int
    share: int
    left: int
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A flash sale in one of its time slots."""

    title: str
    slot: Window
    now: bool
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that lowers amounts, in words."""

    id: str
    kind: str
    title: str
    text: str
    ends: datetime | None


def changes_at(uow: UnitOfWork) -> datetime | None:
    """When the next of all activities begins or ends: pages hold no longer than that."""
    zone = uow.store.config.timezone
    found = (each.schedule.changes_at(uow.now, zone) for each in published(uow))
    return min((moment for moment in found if moment is not None), default=None)


def tags(uow: UnitOfWork, products: Iterable[Any], locale: str) -> dict[int, Tag]:
    """Product → its best price, for pages' products (``id``, ``price_min``, ``price_max``)."""
    now = [each for each in _in_shop(running(uow)) if each.live.rules.kind in OFFERS]
    listed = {product.id: product for product in products}
    if not now or not listed:
        return {}
    categories = _categories(uow, (each.live for each in now), listed)
    offered: dict[int, list[tuple[Running, Item]]] = {}
    for each in now:
        for product in listed:
            item = each.live.rules.item(product)
            if item is not None and _covers(each.live.rules, product, categories):
                offered.setdefault(product, []).append((each, item))
    places = {
        _place(each, item)
        for found in offered.values()
        for each, item in found
        if each.live.rules.kind == "flash"
    }
    counted = flash.counts(uow, places, None)
    made = {}
    for product, found in offered.items():
        tag = _best(listed[product], found, counted, locale)
        if tag is not None:
            made[product] = tag
    return made


def _best(
    product: Any,
    found: list[tuple[Running, Item]],
    counted: Mapping[flash.Place, flash.Count],
    locale: str,
) -> Tag | None:
    best: Tag | None = None
    gone: Tag | None = None
    for each, item in found:
        price = item.price_of(product.price_min)
        if price >= product.price_min:
            continue
        left = None
        if each.live.rules.kind == "flash":
            left = counted.get(_place(each, item), flash.Count()).left(item)
        tag = Tag(
            title=each.live.rules.title(locale),
            kind=each.live.rules.kind,
            price=price,
            usual=product.price_min,
            from_=item.price is None and product.price_max > product.price_min,
            ends=each.slot.end,
            left=left if left is not None and left <= flash.FEW else None,
            gone=left == 0,
        )
        if tag.gone:
            gone = gone or tag
        elif best is None or tag.price < best.price:
            best = tag
    return best or gone


def notices(
    uow: UnitOfWork, locale: str, product: int | None = None, most: int = 20
) -> list[Notice]:
    """What lowers amounts now; with a ``product``, what that takes part in."""
    found = [each for each in _in_shop(running(uow)) if each.live.rules.kind not in OFFERS]
    if product is not None:
        categories = _categories(uow, (each.live for each in found), [product])
        found = [each for each in found if _covers(each.live.rules, product, categories)]
    currency = uow.store.config.currency
    return [
        Notice(
            id=each.live.public_id,
            kind=each.live.rules.kind,
            title=each.live.rules.title(locale),
            text=sentence(each.live.rules, locale, lambda amount: money(amount, currency, locale)),
            ends=each.slot.end,
        )
        for each in found[:most]
    ]


def sales(uow: UnitOfWork, locale: str, *, days: int = 1, most: int | None = None) -> list[Sale]:
    """The flash sales that run now or begin within ``days``, in order of time."""
    zone = uow.store.config.timezone
    until = uow.now + timedelta(days=days)
    found = sorted(
        (
            (slot.start, each.id, slot, each)
            for each in published(uow)
            if each.rules.kind == "flash" and each.rules.sells_in(CHANNEL)
            for slot in each.schedule.slots(uow.now, zone, days=days + 1)
            if slot.start < until
        ),
        key=lambda one: one[:2],
    )[:most]
    wanted = {item.product for *_, each in found for item in each.rules.items}
    known = cards(uow, locale, wanted)
    places = {
        flash.place_of(each.id, item.product, slot.start)
        for *_, slot, each in found
        if slot.holds(uow.now)
        for item in each.rules.items
    }
    counted = flash.counts(uow, places, None)
    return [
        Sale(
            title=each.rules.title(locale),
            slot=slot,
            now=slot.holds(uow.now),
            deals=tuple(
                _deal(
                    known[item.product],
                    item,
                    counted,
                    flash.place_of(each.id, item.product, start),
                )
                for item in each.rules.items
                if item.product in known
            ),
        )
        for start, _, slot, each in found
    ]


def strip(uow: UnitOfWork, locale: str) -> Sale | None:
    """The flash sale for the home page: the one that runs, else the next within a day."""
    found = [sale for sale in sales(uow, locale, days=1, most=1) if sale.deals]
    if not found:
        return None
    sale = found[0]
    return Sale(title=sale.title, slot=sale.slot, now=sale.now, deals=sale.deals[:_STRIP])


def for_api(uow: UnitOfWork, product_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Product → what it takes part in now, as JSON values."""
    now = _in_shop(running(uow))
    if not now:
        return {}
    categories = _categories(uow, (each.live for each in now), product_ids)
    found: dict[int, list[dict[str, Any]]] = {}
    for each in now:
        rules = each.live.rules
        for product in product_ids:
            if not _covers(rules, product, categories):
                continue
            item = rules.item(product) if rules.kind in OFFERS else None
            found.setdefault(product, []).append(
                {
                    "id": each.live.public_id,
                    "kind": rules.kind,
                    "titles": dict(rules.titles),
                    "ends_at": each.slot.end.isoformat() if each.slot.end else None,
                    **({"price": item.price} if item and item.price is not None else {}),
                    **({"percent_bp": item.percent_bp} if item and item.percent_bp else {}),
                }
            )
    return {product: {"live": listed} for product, listed in found.items()}


def _deal(
    card: Card, item: Item, counted: Mapping[flash.Place, flash.Count], place: flash.Place
) -> Deal:
    count = counted.get(place, flash.Count())
    return Deal(
        card=card,
        price=item.price_of(card.price_min),
        share=min(100, count.taken * 100 // max(item.stock or 1, 1)),
        left=count.left(item),
        limit=item.limit,
    )


def _in_shop(found: Iterable[Running]) -> list[Running]:
    return [each for each in found if each.live.rules.sells_in(CHANNEL)]


def _categories(
    uow: UnitOfWork, lives: Iterable[Live], products: Collection[int]
) -> Mapping[int, frozenset[int]]:
    if not any(each.rules.scope == "categories" for each in lives):
        return {}
    return categories_of(uow, list(products))


def _covers(rules: Rules, product: int, categories: Mapping[int, frozenset[int]]) -> bool:
    return rules.covers(product, categories.get(product, _NO_CATEGORIES))


def _place(each: Running, item: Item) -> flash.Place:
    return flash.place_of(each.live.id, item.product, each.slot.start)
