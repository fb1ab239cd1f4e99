"""`quote`: offers → unit and line → order → shipping → surcharges → tax → payable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storegen.domain.pricing import explain
from storegen.domain.pricing.conditions import Refused, entered, let_in, standing
from storegen.domain.pricing.lanes import LANES
from storegen.domain.pricing.run import Outcome, Turn
from storegen.domain.pricing.running import Running
from storegen.domain.pricing.stacking import run_best
from storegen.domain.pricing.tax import Taxed, components, summary, taxed
from storegen.values.pricing import (
    Adjustment,
    CartView,
    Promotion,
    Quote,
    QuoteGift,
    QuoteLine,
    QuoteShipping,
)


def canonical(promotions: Iterable[Promotion]) -> tuple[Promotion, ...]:
    """Promotions in the order that does not depend on who offered them first: by id.

    `quote` breaks ties of priority by the order listed; whoever gathers promotions from plugins
    passes them through here, so that no load order ever changes a price.
    """
    return tuple(sorted(promotions, key=lambda promotion: promotion.id))


def quote(
    cart: CartView, promotions: Sequence[Promotion] = (), notes: Sequence[Adjustment] = ()
) -> Quote:
    """The full price of ``cart``. Pure: no clock, no database, same input, same answer.

    ``cart`` has its offers' prices already (`with_offers`); ``notes`` say of other offers why not.

    Promotions work lane by lane (`LANES`), inside a lane by priority (lower first), then as
    listed. See ``docs/reference/money.md`` for every policy.
    """
    now, outcomes = _discounted(cart, promotions)
    lines = tuple(_line(cart, i, now.lines[i]) for i in range(len(cart.lines)))
    shipping = tuple(_shipping(cart, i, now.shipping[i]) for i in range(len(cart.shipping)))
    surcharges = [
        (each.tax_bp, taxed(each.amount, each.tax_bp, included=each.includes_tax))
        for each in cart.surcharges
    ]
    taxes = summary(
        zip(lines, (line.tax_components_bp for line in cart.lines), strict=True),
        [
            *((each.tax_bp, Taxed(each.net, each.tax, each.gross)) for each in shipping),
            *surcharges,
        ],
    )
    surcharges_net = sum(amounts.net for _, amounts in surcharges)
    surcharges_gross = sum(amounts.gross for _, amounts in surcharges)
    subtotal_net = sum(line.net for line in lines) + surcharges_net
    subtotal_gross = sum(line.gross for line in lines) + surcharges_gross
    shipping_net = sum(each.net for each in shipping)
    shipping_gross = sum(each.gross for each in shipping)
    total_net, total = subtotal_net + shipping_net, subtotal_gross + shipping_gross
    return Quote(
        currency=cart.currency,
        prices_include_tax=cart.prices_include_tax,
        lines=lines,
        shipping=shipping,
        surcharges_net=surcharges_net,
        surcharges_gross=surcharges_gross,
        goods=sum(line.list_total for line in lines),
        discount=sum(line.discount for line in lines),
        subtotal_net=subtotal_net,
        subtotal_gross=subtotal_gross,
        shipping_net=shipping_net,
        shipping_gross=shipping_gross,
        tax=total - total_net,
        total_net=total_net,
        total=total,
        payable=max(0, total),
        tax_summary=taxes,
        adjustments=(
            *explain.offers(cart),
            *notes,
            *explain.promotions(outcomes),
            *explain.additions(cart, taxes),
        ),
        gifts=tuple(
            QuoteGift(source=outcome.turn.promotion.id, variant_id=variant_id, quantity=quantity)
            for outcome in outcomes
            for variant_id, quantity in outcome.gifts
        ),
    )


def _discounted(cart: CartView, promotions: Sequence[Promotion]) -> tuple[Running, list[Outcome]]:
    """The running amounts after all promotions, and how each went, in the order of work."""
    codes = entered(cart.coupons)
    ordered = sorted(promotions, key=lambda each: (LANES[each.scope], each.priority))
    plain = tuple(i for i, line in enumerate(cart.lines) if line.discountable)
    special = any(line.stacks_with for line in cart.lines)
    turns: list[Turn] = []
    outcomes: list[Outcome] = []
    for rank, promotion in enumerate(ordered):
        coverable = let_in(promotion, cart) if special else plain
        covered = standing(promotion, cart, codes, coverable)
        if isinstance(covered, Refused):
            outcomes.append(Outcome(Turn(promotion, rank, ()), covered))
        else:
            turns.append(Turn(promotion, rank, covered))
    now, went = run_best(cart, Running.start(cart), turns)
    outcomes += went
    outcomes.sort(key=lambda outcome: outcome.turn.rank)
    return now, outcomes


def _line(cart: CartView, i: int, left: int) -> QuoteLine:
    view = cart.lines[i]
    net, tax, gross = taxed(left, view.tax_bp, included=cart.prices_include_tax)
    list_total = view.unit_price * view.quantity
    return QuoteLine(
        key=view.key,
        variant_id=view.variant_id,
        variant=view.variant,
        quantity=view.quantity,
        unit_price=view.unit_price,
        list_total=list_total,
        discount=list_total - left,
        net=net,
        tax=tax,
        gross=gross,
        tax_bp=view.tax_bp,
        tax_parts=components(tax, view.tax_components_bp),
        offer=view.offer,
        list_price=view.list_price,
    )


def _shipping(cart: CartView, i: int, left: int) -> QuoteShipping:
    charge = cart.shipping[i]
    net, tax, gross = taxed(left, charge.tax_bp, included=cart.prices_include_tax)
    return QuoteShipping(
        method=charge.method,
        title=charge.title,
        amount=charge.amount,
        discount=charge.amount - left,
        net=net,
        tax=tax,
        gross=gross,
        tax_bp=charge.tax_bp,
    )
