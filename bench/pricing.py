"""How long a quote of 20 lines and 30 promotions takes: ``python bench/pricing.py``.

Prints the best of many batches, as timeit does (what is slower was other work on the machine), the
median, and the ratio of the best to the limit of 2 ms; exit 1 when above it.
"""

from __future__ import annotations

import statistics
import sys
import timeit

from storegen.domain.pricing import quote
from storegen.values.pricing import CartView, LineView, Promotion, ShippingCharge

LIMIT_MS = 2.0
BATCH, REPEAT = 10, 60
SCOPES = ("unit", "line", "cheapest_unit", "order", "order_with_shipping", "shipping")
KINDS = ("percent", "fixed", "tiered_percent")


def cart() -> CartView:
    return CartView(
        currency="CNY",
        prices_include_tax=True,
        lines=tuple(
            LineView(
                key=str(i),
                variant_id=i,
                product_id=i,
                variant=str(i),
                quantity=1 + i % 4,
                unit_price=1_999 + 731 * i,
                tax_bp=1300 if i % 3 else 900,
                tags=("tea",) if i % 2 else ("ware",),
            )
            for i in range(20)
        ),
        shipping=(ShippingCharge(method="m", title="", amount=1200, tax_bp=600),),
    )


def promotions() -> list[Promotion]:
    """All thirty may apply; three of them compete in an exclusive group."""
    return [
        Promotion(
            id=f"p{i}",
            scope=SCOPES[i % len(SCOPES)],  # type: ignore[arg-type]
            kind=KINDS[i % len(KINDS)],  # type: ignore[arg-type]
            percent_bp=150,
            amount=40 + i,
            base_bp=50,
            tiers=((10_000, 100), (50_000, 200)),
            min_subtotal=1_000,
            only_tags=("tea",) if i % 5 == 0 else (),
            exclusive_group="best" if i % 10 == 3 else None,
        )
        for i in range(30)
    ]


def main() -> int:
    view, rules = cart(), promotions()
    priced = quote(view, rules)
    applied = sum(1 for each in priced.adjustments if each.reason == "discount")
    batches = timeit.repeat(lambda: quote(view, rules), number=BATCH, repeat=REPEAT)
    times = [seconds / BATCH * 1000 for seconds in batches]
    best = min(times)
    print(f"quote: 20 lines, 30 promotions, {applied} of them applied")
    print(
        f"best {best:.2f} ms (median {statistics.median(times):.2f} ms), limit {LIMIT_MS} ms: "
        f"ratio {best / LIMIT_MS:.2f}"
    )
    return 0 if best <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
