"""Offers compete: each line gets its best price, and the others are told why not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from storegen.values.pricing import Adjustment, CartView, LineView, Offer

LIST = "list"
"""The plain way of buying."""


class Offered(NamedTuple):
    """A cart with the prices that won, and a note for every offer that did not win a line.

    ``missing``: keys of lines whose customer chose a commitment that does not hold now.
    """

    cart: CartView
    notes: tuple[Adjustment, ...] = ()
    missing: tuple[str, ...] = ()


def with_offers(cart: CartView, offers: Iterable[Offer]) -> Offered:
    """The cart at its winning prices. Neither order nor source of ``offers`` matters.

    The lowest automatic price wins, the list price before an equal one, then the smaller id. A
    commitment sets the price of lines that chose it, and nothing competes with it there.
    """
    ordered = sorted(offers, key=lambda offer: (offer.unit_price, offer.id))
    if not ordered and all(line.offer == LIST for line in cart.lines):
        return Offered(cart)
    by_line: dict[str, list[Offer]] = {}
    for offer in ordered:
        for key in dict.fromkeys(offer.lines):
            by_line.setdefault(key, []).append(offer)
    notes = _Notes()
    missing = []
    lines = []
    for line in cart.lines:
        here = by_line.get(line.key, [])
        chosen = [offer for offer in here if offer.kind == "commitment" and offer.id == line.offer]
        if chosen and _fits(line, chosen[0]):
            lines.append(_at(line, chosen[0]))
            continue
        if line.offer != LIST:
            missing.append(line.key)
            if chosen:
                notes.too_many(line, chosen[0])
            else:
                notes.add(line, line.offer, "", "offer-ended")
            line = replace(line, offer=LIST)
        lines.append(_compete(line, [each for each in here if each.kind == "automatic"], notes))
    return Offered(replace(cart, lines=tuple(lines)), notes.all(), tuple(missing))


def _compete(line: LineView, offers: Sequence[Offer], notes: _Notes) -> LineView:
    winner: Offer | None = None
    for offer in offers:  # the lowest first
        if not _fits(line, offer):
            notes.too_many(line, offer)
        elif winner is not None:
            notes.add(line, offer.id, offer.title, "better-offer", winner=winner.id)
        elif offer.unit_price >= line.unit_price:
            notes.add(line, offer.id, offer.title, "list-price-as-low")
        else:
            winner = offer
    return line if winner is None else _at(line, winner)


def _fits(line: LineView, offer: Offer) -> bool:
    return offer.max_quantity is None or line.quantity <= offer.max_quantity


def _at(line: LineView, offer: Offer) -> LineView:
    return replace(
        line,
        unit_price=max(offer.unit_price, 0),
        list_price=line.unit_price,
        offer=offer.id,
        offer_title=offer.title,
        discountable=line.discountable and offer.discountable,
        stacks_with=offer.stacks_with,
    )


class _Notes:
    """One note per offer and reason, with the keys of its lines."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, tuple[tuple[str, str | int], ...]], list[str]] = {}
        self._titles: dict[str, str] = {}

    def add(self, line: LineView, source: str, title: str, reason: str, **data: str | int) -> None:
        self._titles[source] = title
        self._found.setdefault((source, reason, tuple(data.items())), []).append(line.key)

    def too_many(self, line: LineView, offer: Offer) -> None:
        self.add(line, offer.id, offer.title, "too-many-pieces", maximum=offer.max_quantity or 0)

    def all(self) -> tuple[Adjustment, ...]:
        return tuple(
            Adjustment(
                lane="offer",
                source=source,
                reason=reason,
                applied=False,
                data={
                    **dict(data),
                    "lines": tuple(keys),
                    **({"title": self._titles[source]} if self._titles[source] else {}),
                },
            )
            for (source, reason, data), keys in self._found.items()
        )
