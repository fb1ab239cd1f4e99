"""Promotions on several pieces together: so many bought, some cheaper; parts of a bundle.

Pieces count at their running prices, and only while they still cost something.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from storegen.domain.pricing.conditions import Covered, Refused, too_few
from storegen.domain.pricing.kinds import Benefit
from storegen.domain.pricing.pieces import Lowered, lower
from storegen.domain.pricing.running import Pieces, Running, lowered, without
from storegen.values.money import allocate
from storegen.values.pricing import CartView, Promotion

Run = tuple[int, int, int]
"""(price, index of the line, number): equal pieces of one line."""


class Taken(NamedTuple):
    """Cuts per line, and how often the promotion repeated."""

    cuts: tuple[int, ...]
    times: int


def buy_get(promotion: Promotion, gain: Benefit, covered: Covered, now: Running) -> Taken | Refused:
    """Of each full group of ``every`` + ``get`` pieces, ``get`` are cheaper: the cheapest of all
    covered ones, of equal prices those of the earlier line."""
    runs = sorted(_runs(covered, now))
    pieces = sum(number for _, _, number in runs)
    group = max(promotion.every, 0) + promotion.get
    if promotion.get <= 0 or pieces < group:
        return too_few(group, group - pieces) if promotion.get > 0 else Refused("changed-nothing")
    times = _at_most(promotion.max_times, pieces // group)
    wanted = times * promotion.get
    taken: dict[int, Pieces] = {}
    room: dict[int, int] = {}
    for price, i, number in runs:
        most = promotion.max_qty_per_line
        some = min(number, wanted, wanted if most is None else room.get(i, max(most, 0)))
        if some:
            taken.setdefault(i, []).append((price, some))
            wanted -= some
            room[i] = room.get(i, max(most or 0, 0)) - some
    found = []
    for i in sorted(taken):
        dearest_first = taken[i][::-1]
        after = [(price - gain.discount(price), number) for price, number in dearest_first]
        found.append(Lowered(i, dearest_first, after, without(now.pieces_of(i), dearest_first)))
    return Taken(lower(promotion, found, now), times)


def bundle(promotion: Promotion, covered: Covered, cart: CartView, now: Running) -> Taken | Refused:
    """One of each part together cost ``amount``; the dearest pieces first, as long as that is
    cheaper. Parts with fewer lines choose first, so that they are not left empty-handed."""
    index = {cart.lines[i].key: i for i in covered}
    parts = [
        (frozenset(index[key] for key in part.lines if key in index), part.quantity)
        for part in promotion.bundle
        if part.quantity > 0
    ]
    parts.sort(key=lambda part: len(part[0]))
    runs = {(price, i): number for price, i, number in _runs(covered, now)}
    order = sorted(runs, key=lambda run: (-run[0], run[1]))
    times, most = 0, promotion.max_times
    taken: dict[int, Pieces] = {}
    after: dict[int, Pieces] = {}
    while parts and (most is None or times < most):
        picked = _pick(parts, runs, order)
        if picked is None:
            break
        worth = sum(price * number for (price, _), number in picked.items())
        if worth <= max(promotion.amount, 0):
            return _done(promotion, taken, after, now, times) if times else Refused(
                "changed-nothing"
            )  # fmt: skip
        repeat = min(runs[run] // number for run, number in picked.items())
        repeat = repeat if most is None else min(repeat, most - times)
        together = sorted(picked, key=lambda run: (run[1], -run[0]))
        shares = allocate(
            worth - max(promotion.amount, 0), [price * picked[price, i] for price, i in together]
        )
        for (price, i), share in zip(together, shares, strict=True):
            number = picked[price, i]
            runs[price, i] -= number * repeat
            taken.setdefault(i, []).append((price, number * repeat))
            after.setdefault(i, []).extend(
                (each, count * repeat) for each, count in lowered([(price, number)], share)
            )
        times += repeat
    return _done(promotion, taken, after, now, times) if times else Refused("bundle-incomplete")


def _pick(
    parts: list[tuple[frozenset[int], int]], runs: Mapping[tuple[int, int], int],
    order: list[tuple[int, int]],
) -> dict[tuple[int, int], int] | None:  # fmt: skip
    """The dearest pieces that make one bundle."""
    picked: dict[tuple[int, int], int] = {}
    for lines, quantity in parts:
        for run in order:
            if not quantity:
                break
            some = min(quantity, runs[run] - picked.get(run, 0)) if run[1] in lines else 0
            if some > 0:
                picked[run] = picked.get(run, 0) + some
                quantity -= some
        if quantity:
            return None
    return picked


def _done(
    promotion: Promotion, taken: dict[int, Pieces], after: dict[int, Pieces], now: Running,
    times: int,
) -> Taken:  # fmt: skip
    found = [
        Lowered(i, taken[i], after[i], without(now.pieces_of(i), taken[i])) for i in sorted(taken)
    ]
    return Taken(lower(promotion, found, now), times)


def _runs(covered: Covered, now: Running) -> list[Run]:
    return [(price, i, number) for i in covered for price, number in now.pieces_of(i) if price]


def _at_most(most: int | None, times: int) -> int:
    return times if most is None else min(times, max(most, 0))
