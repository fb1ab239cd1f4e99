"""Tax of one amount, and the summary per rate.

Per line, after discounts, after multiplying by the quantity; half a minor unit rounds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from storegen.domain.pricing.kinds import WHOLE
from storegen.values.money import allocate, round_half_up
from storegen.values.pricing import QuoteLine, TaxSummary


class Taxed(NamedTuple):
    net: int
    tax: int
    gross: int


def taxed(amount: int, tax_bp: int, *, included: bool) -> Taxed:
    """``amount`` with (``included``) or before its tax, told apart."""
    if included:
        net = round_half_up(amount * WHOLE, WHOLE + tax_bp)
        return Taxed(net, amount - net, amount)
    tax = round_half_up(amount * tax_bp, WHOLE)
    return Taxed(amount, tax, amount + tax)


def components(tax: int, rates: Sequence[int]) -> tuple[int, ...]:
    """A line's tax over the components of its rate, by largest remainder."""
    return allocate(tax, rates)


def summary(
    lines: Iterable[tuple[QuoteLine, Sequence[int]]], others: Iterable[tuple[int, Taxed]]
) -> tuple[TaxSummary, ...]:
    """Base and tax per rate, in the order in which rates are met.

    ``lines`` come with the rates of their components. Two components of one line with the same
    rate are two taxes, so they keep entries apart. ``others`` are shipping and surcharges.
    """
    entries: dict[tuple[int, int], tuple[int, int]] = {}

    def add(rate: int, nth: int, base: int, tax: int) -> None:
        before = entries.get((rate, nth), (0, 0))
        entries[rate, nth] = before[0] + base, before[1] + tax

    for line, rates in lines:
        if not rates:
            add(line.tax_bp, 0, line.net, line.tax)
        for i, (rate, part) in enumerate(zip(rates, line.tax_parts, strict=True)):
            add(rate, list(rates[:i]).count(rate), line.net, part)
    for rate, amounts in others:
        if amounts.net or amounts.tax:
            add(rate, 0, amounts.net, amounts.tax)
    return tuple(
        TaxSummary(tax_bp=rate, base=base, tax=tax) for (rate, _), (base, tax) in entries.items()
    )
