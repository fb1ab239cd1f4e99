"""How long a quote of 20 lines and 30 promotions takes: ``python bench/pricing.py``.

Twice: with promotions that all go together, and with ones of every kind, some of which exclude each
other.

Prints the best of many batches, as timeit does (what is slower was other work on the machine), the
median, and the ratio of the best to the limit of 2 ms; exit 1 when above it. Time is that of the
processor, so that others who use it do not count.
"""

from __future__ import annotations

import statistics
import sys
import timeit
from time import process_time

from storegen.domain.pricing import quote
from storegen.values.pricing import (
    BundlePart,
    CartView,
    Gift,
    LineView,
    Promotion,
    ShippingCharge,
)

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


def mixed() -> list[Promotion]:
    """Every kind; six of the thirty may not be combined with any other of their six."""
    common = {"min_subtotal": 1_000}
    kinds = (
        {"scope": "unit", "kind": "percent", "percent_bp": 150},
        {"scope": "order", "kind": "repeated_fixed", "every": 30_000, "amount": 100},
        {"scope": "line", "kind": "buy_get", "every": 2, "get": 1, "percent_bp": 500},
        {
            "scope": "line",
            "kind": "bundle",
            "amount": 9_000,
            "bundle": (BundlePart(lines=("1", "2")), BundlePart(lines=("3", "4", "5"))),
            "max_times": 2,
        },
        {"scope": "order", "kind": "gift", "gifts": (Gift(variant_id=7),)},
        {"scope": "order", "kind": "tiered_fixed", "tiers": ((10_000, 300), (90_000, 900))},
        {"scope": "shipping", "kind": "percent", "percent_bp": 1_000},
        {"scope": "cheapest_unit", "kind": "percent", "percent_bp": 2_000},
        {"scope": "order_with_shipping", "kind": "fixed", "amount": 70},
    )
    return [
        Promotion(
            id=f"shop:{i}", only_tags=("tea",) if i % 4 == 0 else (), **common, **kinds[i % 9]
        )  # type: ignore[arg-type]
        for i in range(24)
    ] + [
        Promotion(
            id=f"coupons:{i}",
            scope="order",
            kind=("fixed", "percent")[i % 2],  # type: ignore[arg-type]
            amount=500 + 150 * i,
            percent_bp=200 + 30 * i,
            stacks_with=("shop",),
        )
        for i in range(6)
    ]


def measure(name: str, view: CartView, rules: list[Promotion]) -> float:
    """Prints the figures; the ratio of the best time to the limit."""
    priced = quote(view, rules)
    applied = sum(1 for each in priced.adjustments if each.reason in ("discount", "gift"))
    batches = timeit.repeat(
        lambda: quote(view, rules), timer=process_time, number=BATCH, repeat=REPEAT
    )
    times = [seconds / BATCH * 1000 for seconds in batches]
    best = min(times)
    print(f"quote: {len(view.lines)} lines, {len(rules)} promotions ({name}), {applied} applied")
    print(
        f"best {best:.2f} ms (median {statistics.median(times):.2f} ms), limit {LIMIT_MS} ms: "
        f"ratio {best / LIMIT_MS:.2f}"
    )
    return best / LIMIT_MS


def main() -> int:
    view = cart()
    ratios = [
        measure("all together", view, promotions()),
        measure("every kind, some exclude each other", view, mixed()),
    ]
    return 0 if max(ratios) <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
