"""What an activity would come into conflict with, looked at before it goes live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from storegen_plugins.promotions.activities import Live, published
from storegen_plugins.promotions.rules import OFFERS, Rules, reduced

from storegen.sdk import UnitOfWork
from storegen.sdk.lookups import Goods, best_sellers, categories_of, goods

Trouble = Literal[
    "two-prices", "same-group", "not-together", "below-cost", "free", "short", "dearer"
]
_LOOKED_AT = 500
"""Products of the shop that are looked at, those that sell best first, where all are covered."""
_NAMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """``products`` are titles of at most five of those concerned, ``count`` how many there are."""

    trouble: Trouble
    other: str = ""
    """Name of the other activity."""
    products: tuple[str, ...] = ()
    count: int = 0


def conflicts(uow: UnitOfWork, mine: Live, names: Mapping[int, str]) -> list[Conflict]:
    """Everything that an owner should know before ``mine`` runs; ``names``: of other activities."""
    zone = uow.store.config.timezone
    rivals = [
        each
        for each in published(uow)
        if each.id != mine.id
        and mine.schedule.overlaps(each.schedule, uow.now, zone)
        and _channels_meet(mine.rules, each.rules)
    ]
    known = _known(uow, mine.rules, [each.rules for each in rivals])
    categories = categories_of(uow, known) if known else {}

    def covered(rules: Rules) -> set[int]:
        return {
            product
            for product in known
            if rules.covers(product, categories.get(product, frozenset()))
        }

    ours = covered(mine.rules)
    found: list[Conflict] = []
    shared = [(each, ours & covered(each.rules)) for each in rivals]
    for each, common in shared:
        if common:
            found += _between(mine, each, common, known, names)
    found += _alone(mine.rules, {product: known[product] for product in ours})
    found += _together(mine, shared, known)
    return found


def _known(uow: UnitOfWork, rules: Rules, rivals: Iterable[Rules]) -> dict[int, Goods]:
    """The products that may be concerned: those that are named, by this activity or by another
    one, and where it names none, those that sell best."""
    if rules.items or rules.scope == "products":
        return goods(uow, _named(rules))
    named = {product for each in rivals for product in _named(each)}
    return {**goods(uow, named), **{each.id: each for each in best_sellers(uow, _LOOKED_AT)}}


def _named(rules: Rules) -> set[int]:
    return {each.product for each in rules.items} | set(rules.products)


def _channels_meet(one: Rules, two: Rules) -> bool:
    return not one.channels or not two.channels or bool(set(one.channels) & set(two.channels))


def _between(
    mine: Live, other: Live, common: set[int], known: Mapping[int, Goods], names: Mapping[int, str]
) -> Iterator[Conflict]:
    name = names.get(other.id, "")
    if mine.rules.kind in OFFERS and other.rules.kind in OFFERS:
        yield _about("two-prices", common, known, name)
    elif mine.rules.group and mine.rules.group == other.rules.group:
        yield _about("same-group", common, known, name)
    elif not (_stacks(mine.rules) and _stacks(other.rules)):
        yield _about("not-together", common, known, name)


def _stacks(rules: Rules) -> bool:
    """Whether it goes together with other activities."""
    return rules.stacks in ("all", "promotions")


def _alone(rules: Rules, ours: Mapping[int, Goods]) -> Iterator[Conflict]:
    left = {product: lowest(rules, each) for product, each in ours.items()}
    yield from _too_low(left, ours)
    if rules.kind in OFFERS:
        dearer = {
            product
            for product, each in ours.items()
            if (item := rules.item(product)) is not None
            and item.price_of(each.price_min) >= each.price_min
        }
        if dearer:
            yield _about("dearer", dearer, ours)
    if rules.kind == "bundle":
        cost = sum(
            (ours[i.product].cost or 0) * i.quantity for i in rules.items if i.product in ours
        )
        if rules.price < cost:
            yield _about("below-cost", set(ours), ours)
        if rules.price >= bundle_worth(rules, ours):
            yield _about("dearer", set(ours), ours)
    if rules.kind == "flash":
        short = {
            item.product
            for item in rules.items
            if (each := ours.get(item.product)) is not None
            and each.free is not None
            and each.free < (item.stock or 0)
        }
        if short:
            yield _about("short", short, ours)


def _together(
    mine: Live, shared: list[tuple[Live, set[int]]], known: Mapping[int, Goods]
) -> Iterator[Conflict]:
    """Reductions that add up below cost, though each alone does not."""
    low: set[int] = set()
    for product in {product for _, common in shared for product in common}:
        each = known[product]
        if each.cost is None:
            continue
        price = lowest(mine.rules, each)
        if price < each.cost:
            continue  # it is said of this activity alone
        for other, common in shared:
            if product in common and _add_up(mine.rules, other.rules):
                price = price * lowest(other.rules, each) // max(each.price_min, 1)
        if price < each.cost:
            low.add(product)
    if low:
        yield _about("below-cost", low, known, "+")


def _add_up(one: Rules, two: Rules) -> bool:
    return (
        not (one.kind in OFFERS and two.kind in OFFERS)
        and not (one.group and one.group == two.group)
        and _stacks(one)
        and _stacks(two)
    )


def _too_low(left: Mapping[int, int], known: Mapping[int, Goods]) -> Iterator[Conflict]:
    free = {product for product, price in left.items() if price <= 0 and known[product].price_min}
    if free:
        yield _about("free", free, known)
    below = {
        product
        for product, price in left.items()
        if product not in free and price < (known[product].cost or 0)
    }
    if below:
        yield _about("below-cost", below, known)


def lowest(rules: Rules, each: Goods) -> int:
    """The least that a piece of a product may come to under these rules."""
    price = each.price_min
    if rules.kind in OFFERS:
        item = rules.item(each.id)
        return price if item is None else min(price, item.price_of(price))
    if rules.kind == "percent_off":
        return reduced(price, max(tier.percent_bp for tier in rules.tiers))
    if rules.kind == "amount_off":
        if rules.every is not None:
            return price - price * rules.off // rules.every
        worst = price
        for tier in rules.tiers:
            goods_value = max(tier.amount or 0, (tier.pieces or 0) * price, 1)
            worst = min(worst, price - price * tier.off // goods_value)
        return worst
    if rules.kind == "n_for_m":
        group = (rules.every or 1) + rules.get
        return price - (price - reduced(price, rules.percent_bp)) * rules.get // group
    return price


def bundle_worth(rules: Rules, known: Mapping[int, Goods]) -> int:
    """What the parts of a bundle cost apart."""
    return sum(
        known[item.product].price_min * item.quantity
        for item in rules.items
        if item.product in known
    )


def _about(
    trouble: Trouble, products: set[int], known: Mapping[int, Goods], other: str = ""
) -> Conflict:
    titles = [known[product].title for product in sorted(products)[:_NAMES] if product in known]
    return Conflict(trouble=trouble, other=other, products=tuple(titles), count=len(products))
