"""Carts and promotions of every shape, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from storegen.values.pricing import (
    BundlePart,
    CartView,
    Gift,
    LineView,
    Promotion,
    ShippingCharge,
    Surcharge,
)

TAGS = ("tea", "sale", "gift")
amounts = st.integers(0, 50_000)
rates = st.sampled_from((0, 300, 600, 900, 1300, 2000))
tags = st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple)


@st.composite
def line_views(draw: st.DrawFn, index: int = 0) -> LineView:
    components = draw(st.sampled_from(((), (500, 1000), (900, 900))))
    return LineView(
        key=str(index),
        variant_id=index,
        product_id=index,
        variant=str(index),
        quantity=draw(st.integers(1, 9)),
        unit_price=draw(amounts),
        tax_bp=sum(components) or draw(rates),
        tax_components_bp=components,
        tags=draw(tags),
        discountable=draw(st.sampled_from((True, True, True, False))),
    )


@st.composite
def carts(draw: st.DrawFn) -> CartView:
    freight = st.builds(
        ShippingCharge, method=st.just("m"), title=st.just(""), amount=amounts, tax_bp=rates
    )
    surcharges = st.builds(
        Surcharge, source=st.just("s"), amount=amounts, includes_tax=st.booleans(), tax_bp=rates
    )
    return CartView(
        currency="CNY",
        prices_include_tax=draw(st.booleans()),
        lines=tuple(draw(line_views(i)) for i in range(draw(st.integers(0, 5)))),
        shipping=tuple(draw(st.lists(freight, max_size=2))),
        surcharges=tuple(draw(st.lists(surcharges, max_size=2))),
        coupons=draw(st.sampled_from(((), ("A",)))),
        gift_stock=draw(st.sampled_from(({}, {1: 2}, {1: 0, 2: 1}))),
    )


limits = st.none() | st.integers(0, 20_000)
pieces = st.none() | st.integers(1, 4)
keys = st.lists(st.sampled_from(("0", "1", "2", "3", "4")), max_size=3, unique=True).map(tuple)
bundle_parts = st.builds(BundlePart, lines=keys, quantity=st.integers(1, 3))
gifts = st.builds(Gift, variant_id=st.integers(1, 3), quantity=st.integers(1, 2))


@st.composite
def promotion_lists(draw: st.DrawFn, most: int = 6) -> list[Promotion]:
    return [
        Promotion(
            id=f"p{i}",
            scope=draw(
                st.sampled_from(
                    ("unit", "line", "cheapest_unit", "order", "shipping", "order_with_shipping")
                )
            ),
            kind=draw(
                st.sampled_from(
                    (
                        "percent",
                        "fixed",
                        "fixed_per_line",
                        "fixed_price",
                        "tiered_percent",
                        "tiered_fixed",
                        "repeated_fixed",
                        "buy_get",
                        "bundle",
                        "gift",
                    )
                )
            ),
            priority=draw(st.integers(0, 2)),
            percent_bp=draw(st.integers(0, 10_000)),
            amount=draw(st.integers(0, 30_000)),
            base=draw(st.integers(0, 500)),
            base_bp=draw(st.integers(0, 500)),
            tiers=((1_000, 300), (20_000, 2_500)),
            max_amount=draw(limits),
            max_qty_per_line=draw(pieces),
            min_subtotal=draw(limits),
            scoped_thresholds=draw(st.booleans()),
            min_line_qty=draw(pieces),
            only_tags=draw(tags),
            coupon=draw(st.sampled_from((None, None, "a"))),
            exclusive_group=draw(st.sampled_from((None, None, "g", "h"))),
            only_lines=draw(st.sampled_from((None, None, ("0", "2")))),
            min_pieces=draw(pieces),
            stacks_with=draw(st.sampled_from((None, None, None, (), ("p0", "p1")))),
            every=draw(st.integers(0, 3) | st.integers(0, 9_000)),
            get=draw(st.integers(0, 3)),
            max_times=draw(st.none() | st.integers(0, 3)),
            bundle=draw(st.lists(bundle_parts, max_size=3).map(tuple)),
            gifts=draw(st.lists(gifts, max_size=2).map(tuple)),
        )
        for i in range(draw(st.integers(0, most)))
    ]
