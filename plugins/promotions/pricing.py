"""What activities do to a cart: facts in at most two queries, then pure rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from storegen_plugins.promotions import flash
from storegen_plugins.promotions.activities import Running, running
from storegen_plugins.promotions.rules import OFFERS, WHOLE, Item, Rules, Stacks, Tier
from storegen_plugins.promotions.words import say

from storegen.sdk import (
    Actor,
    BundlePart,
    CartView,
    Gift,
    LineView,
    Offer,
    Promotion,
    UnitOfWork,
)
from storegen.sdk.lookups import categories_of

PLUGIN = "promotions"
_STACKS: Mapping[Stacks, tuple[str, ...] | None] = {
    "all": None,
    "coupons": ("coupons",),
    "promotions": (PLUGIN,),
    "nothing": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What runs now, the categories of the cart's products, and how flash sales stand."""

    running: tuple[Running, ...]
    categories: Mapping[int, frozenset[int]] = field(default_factory=dict)
    counts: Mapping[flash.Place, flash.Count] = field(default_factory=dict)

    def covered(self, rules: Rules, cart: CartView) -> list[LineView]:
        return [
            line
            for line in cart.lines
            if rules.covers(line.product_id, self.categories.get(line.product_id, frozenset()))
        ]


def facts(uow: UnitOfWork, cart: CartView) -> Facts | None:
    """None, and no query, while nothing runs."""
    if not cart.lines:
        return None
    now = tuple(each for each in running(uow) if each.live.rules.sells_in(cart.channel))
    if not now:
        return None
    products = {line.product_id for line in cart.lines}
    by_category = any(each.live.rules.scope == "categories" for each in now)
    places = {
        flash.place_of(each.live.id, product, each.slot.start)
        for each in now
        if each.live.rules.kind == "flash"
        for product in products
        if each.live.rules.item(product) is not None
    }
    return Facts(
        running=now,
        categories=categories_of(uow, products) if by_category else {},
        counts=flash.counts(uow, places, cart.customer_id),
    )


def offers(cart: CartView, found: Facts) -> list[Offer]:
    """Pure: the prices that timed discounts and flash sales set."""
    return [
        offer
        for each in found.running
        if each.live.rules.kind in OFFERS
        for offer in (
            _flash(each, cart, found)
            if each.live.rules.kind == "flash"
            else _timed(each, cart, found)
        )
    ]


def promotions(cart: CartView, found: Facts) -> list[Promotion]:
    """Pure: everything that lowers amounts."""
    return [
        promotion
        for each in found.running
        if each.live.rules.kind not in OFFERS
        for promotion in _KINDS[each.live.rules.kind](_Case(each, cart, found))
    ]


def check(actor: Actor, cart: CartView, found: Facts | None) -> None:
    """The last word before an order is placed: all lines of a product together stay within the
    stock of its flash sale and within what one person may have. Raises `Refused`."""
    if found is None:
        return
    for each in found.running:
        if each.live.rules.kind != "flash":
            continue
        for item in each.live.rules.items:
            wanted = f"{PLUGIN}:{flash.offer_id(each, item.product)}"
            pieces = sum(line.quantity for line in cart.lines if line.offer == wanted)
            count = found.counts.get(_place(each, item), flash.Count())
            if pieces > count.left(item):
                flash.refuse("sold-out", actor.locale)
            if pieces > count.allowed(item):
                flash.refuse("limit", actor.locale)


def _timed(one: Running, cart: CartView, found: Facts) -> Iterator[Offer]:
    rules = one.live.rules
    for line in found.covered(rules, cart):
        item = rules.item(line.product_id)
        if item is not None:
            yield _offer(one, f"timed-{one.live.mark}-{line.variant_id}", line, item, cart.locale)


def _flash(one: Running, cart: CartView, found: Facts) -> Iterator[Offer]:
    """Lines get the price one after the other, while there are pieces for the whole line."""
    for item in one.live.rules.items:
        count = found.counts.get(_place(one, item), flash.Count())
        left = count.allowed(item)
        for line in cart.lines:
            if line.product_id != item.product or left <= 0:
                continue
            offer = flash.offer_id(one, item.product)
            yield _offer(one, offer, line, item, cart.locale, max_quantity=left)
            if line.quantity <= left:
                left -= line.quantity


def _offer(
    one: Running, id: str, line: LineView, item: Item, locale: str, max_quantity: int | None = None
) -> Offer:
    stacks = _STACKS[one.live.rules.stacks]
    return Offer(
        id=id,
        lines=(line.key,),
        unit_price=item.price_of(line.unit_price),
        max_quantity=max_quantity,
        discountable=stacks is None,
        stacks_with=stacks or (),
        title=one.live.rules.title(locale),
    )


def _place(one: Running, item: Item) -> flash.Place:
    return flash.place_of(one.live.id, item.product, one.slot.start)


class _Case:
    """One activity before one cart."""

    def __init__(self, one: Running, cart: CartView, found: Facts) -> None:
        self.rules, self.mark, self.priority = one.live.rules, one.live.mark, one.live.priority
        self.cart = cart
        self.lines = found.covered(self.rules, cart)
        self.title = self.rules.title(cart.locale)

    @property
    def pieces(self) -> int:
        """Of those lines that may be lowered at all."""
        return sum(
            line.quantity for line in self.lines if line.discountable or PLUGIN in line.stacks_with
        )

    def promotion(self, **more: Any) -> Promotion:
        stacks = _STACKS[self.rules.stacks]
        values: dict[str, Any] = {
            "id": self.mark,
            "scope": "order",
            "priority": self.priority,
            "only_lines": tuple(line.key for line in self.lines),
            "scoped_thresholds": True,
            "max_amount": self.rules.cap,
            "channels": self.rules.channels,
            "exclusive_group": f"{PLUGIN}:{self.rules.group}" if self.rules.group else None,
            "stacks_with": stacks,
            "title": self.title,
        }
        return Promotion(**{**values, **more})


def _amount_off(case: _Case) -> Iterator[Promotion]:
    rules = case.rules
    if rules.every is not None:
        yield case.promotion(
            kind="repeated_fixed", every=rules.every, amount=rules.off, max_times=rules.times
        )
    elif rules.tiers[0].pieces is not None:
        tier = _by_pieces(case)
        yield case.promotion(kind="fixed", amount=tier.off, min_pieces=tier.pieces)
    else:
        tiers = tuple((tier.amount or 0, tier.off) for tier in rules.tiers)
        yield case.promotion(kind="tiered_fixed", tiers=tiers, min_subtotal=tiers[0][0])


def _percent_off(case: _Case) -> Iterator[Promotion]:
    rules = case.rules
    if rules.tiers[0].pieces is not None:
        tier = _by_pieces(case)
        yield case.promotion(kind="percent", percent_bp=tier.percent_bp, min_pieces=tier.pieces)
    else:
        tiers = tuple((tier.amount or 0, tier.percent_bp) for tier in rules.tiers)
        yield case.promotion(kind="tiered_percent", tiers=tiers, min_subtotal=tiers[0][0])


def _by_pieces(case: _Case) -> Tier:
    """The highest tier that the cart reaches; the first one, to say what is missing."""
    pieces = case.pieces
    reached = [tier for tier in case.rules.tiers if pieces >= (tier.pieces or 0)]
    return reached[-1] if reached else case.rules.tiers[0]


def _gift(case: _Case) -> Iterator[Promotion]:
    """Each tier that is reached gives its gift; a tier that is not says what is missing."""
    rules = case.rules
    ids = [f"{case.mark}-{number}" for number in range(len(rules.tiers))]
    stacks = _STACKS[rules.stacks]
    for id, tier in zip(ids, rules.tiers, strict=True):
        assert tier.variant is not None  # `check` saw to it
        yield case.promotion(
            id=id,
            kind="gift",
            gifts=(Gift(variant_id=tier.variant, quantity=tier.quantity),),
            min_subtotal=tier.amount,
            min_pieces=tier.pieces,
            max_amount=None,
            stacks_with=None
            if stacks is None
            else (*stacks, *(f"{PLUGIN}:{each}" for each in ids)),
        )


def _bundle(case: _Case) -> Iterator[Promotion]:
    parts = tuple(
        BundlePart(
            lines=tuple(line.key for line in case.lines if line.product_id == item.product),
            quantity=item.quantity,
        )
        for item in case.rules.items
    )
    if not any(part.lines for part in parts):
        return  # the cart has nothing to do with it
    yield case.promotion(
        kind="bundle", bundle=parts, amount=case.rules.price, max_times=case.rules.times
    )


def _n_for_m(case: _Case) -> Iterator[Promotion]:
    rules = case.rules
    yield case.promotion(
        kind="buy_get",
        every=rules.every or 1,
        get=rules.get,
        percent_bp=rules.percent_bp,
        max_times=rules.times,
    )


def _shipping(case: _Case) -> Iterator[Promotion]:
    """Thresholds look at the covered goods; a destination elsewhere is none of its business."""
    rules = case.rules
    if case.cart.country and not rules.reaches(case.cart.country, case.cart.region):
        return
    yield case.promotion(
        scope="shipping", kind="percent", percent_bp=WHOLE, min_subtotal=rules.min_amount
    )


_KINDS = {
    "amount_off": _amount_off,
    "percent_off": _percent_off,
    "gift": _gift,
    "bundle": _bundle,
    "n_for_m": _n_for_m,
    "shipping": _shipping,
}


def sentence(rules: Rules, locale: str, money: Any) -> str:
    """What an activity does, in one line: ``¥30 off from ¥200``. ``money(amount)`` writes
    amounts."""

    def said(message: str, **values: object) -> str:
        return say(locale, message, **values)

    def percent(basis_points: int) -> str:
        return f"{basis_points // 100}.{basis_points % 100:02d}".rstrip("0").rstrip(".")

    def fold(basis_points: int) -> str:
        """What is left to pay in tenths, as Chinese shops write it: 2000 → 8."""
        left = WHOLE - basis_points
        return f"{left // 1000}.{left % 1000:03d}".rstrip("0").rstrip(".")

    kind = rules.kind
    if kind == "amount_off" and rules.every is not None:
        return said(
            "%(off)s off for every %(every)s", off=money(rules.off), every=money(rules.every)
        )
    if kind in ("amount_off", "percent_off", "gift"):
        parts = []
        for tier in rules.tiers:
            values = {
                "off": money(tier.off),
                "percent": percent(tier.percent_bp),
                "fold": fold(tier.percent_bp),
                "amount": money(tier.amount or 0),
                "pieces": tier.pieces,
            }
            parts.append(said(_TIERS[kind, tier.pieces is not None], **values))
        return said(", ").join(parts)
    if kind == "bundle":
        return said("Together for %(price)s", price=money(rules.price))
    if kind == "n_for_m":
        if rules.percent_bp == WHOLE:
            return said(
                "%(all)s for the price of %(every)s",
                all=(rules.every or 0) + rules.get,
                every=rules.every,
            )
        if (rules.every, rules.get, rules.percent_bp) == (1, 1, 5000):
            return said("The second at half price")
        return said(
            "Buy %(every)s, get %(get)s more at %(percent)s%% off",
            every=rules.every,
            get=rules.get,
            percent=percent(rules.percent_bp),
            fold=fold(rules.percent_bp),
        )
    if kind == "shipping":
        if rules.min_amount:
            return said("Free shipping from %(amount)s", amount=money(rules.min_amount))
        return said("Free shipping")
    if kind == "timed" and not rules.items:
        return said(
            "%(percent)s%% off", percent=percent(rules.percent_bp), fold=fold(rules.percent_bp)
        )
    return rules.title(locale)


_TIERS = {
    ("amount_off", False): "%(off)s off from %(amount)s",
    ("amount_off", True): "%(off)s off from %(pieces)s pieces",
    ("percent_off", False): "%(percent)s%% off from %(amount)s",
    ("percent_off", True): "%(percent)s%% off from %(pieces)s pieces",
    ("gift", False): "A gift from %(amount)s",
    ("gift", True): "A gift from %(pieces)s pieces",
}
