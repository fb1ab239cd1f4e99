"""What pricing reads and what it answers: all frozen, all money in minor units.

Rates are basis points (1300 = 13 %). "Price basis" means net if the store's prices exclude tax,
else gross.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

EMPTY: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line of a cart as pricing and shipping see it.

    ``unit_price`` is in the price basis, ``weight`` in milligrams per piece. ``offer`` names the
    way of buying (``list`` is the plain one); a line is told apart by variant, offer, attributes.
    Promotions leave a line alone that is not ``discountable`` (an activity's offer, a gift card).
    """

    key: str
    variant_id: int
    product_id: int
    variant: str
    quantity: int
    unit_price: int
    compare_at: int | None = None
    title: str = ""
    variant_title: str = ""
    sku: str = ""
    tax_bp: int = 0
    tax_components_bp: tuple[int, ...] = ()
    taxable: bool = True
    """Whether the goods are taxed at all, at whatever rate a destination has."""
    weight: int = 0
    requires_shipping: bool = True
    tags: tuple[str, ...] = ()
    offer: str = "list"
    discountable: bool = True
    stacks_with: tuple[str, ...] = ()
    """Sources of promotions that may lower the line although it is not ``discountable``: a plugin's
    name, or ``<plugin>:<id>``."""
    attributes: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    list_price: int | None = None
    """The plain price of a piece, where an offer replaced it; else None."""
    offer_title: str = ""
    """What the offer that set the price is called, for the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A way of buying lines at another price than the list's.

    ``unit_price`` is in the price basis. An ``automatic`` offer competes for every line that it
    names, and the lowest price wins (ties: list price first, then the smaller id); a
    ``commitment`` counts only for lines whose ``offer`` is its id, and there nothing competes with
    it. Everywhere outside the plugin's own hook an ``id`` reads ``<plugin>:<id>``, so that is what
    a cart line's ``offer`` says too. ``max_quantity`` bounds the pieces of each line: a line with
    more keeps its other prices, and the quote says why. An order is refused while a chosen
    commitment is not on offer.
    """

    id: str
    lines: tuple[str, ...]
    """Keys of the cart's lines."""
    unit_price: int
    kind: Literal["automatic", "commitment"] = "automatic"
    max_quantity: int | None = None
    discountable: bool = True
    stacks_with: tuple[str, ...] = ()
    title: str = ""
    """For the customer, in the cart's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTax:
    """The rate of a line or of the freight in basis points; ``components_bp`` add up to it."""

    tax_bp: int
    components_bp: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A free piece that a promotion adds to the order while there is stock."""

    variant_id: int
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePart:
    """``quantity`` pieces out of any of these lines."""

    lines: tuple[str, ...]
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingCharge:
    """What one chosen shipping method costs, in the price basis, before discounts."""

    method: str
    title: str
    amount: int
    tax_bp: int = 0
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surcharge:
    """An amount added to the subtotal that no promotion touches and no ``min_subtotal`` counts."""

    source: str
    amount: int
    includes_tax: bool
    tax_bp: int = 0
    title: str = ""
    """For the customer, in the cart's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One rule that may lower an amount. See ``docs/reference/pricing.md`` for every field."""

    id: str
    scope: Literal["unit", "line", "cheapest_unit", "order", "shipping", "order_with_shipping"]
    kind: Literal[
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
    ]
    priority: int = 0
    percent_bp: int = 0
    amount: int = 0
    base_bp: int = 0
    base: int = 0
    tiers: tuple[tuple[int, int], ...] = ()
    max_amount: int | None = None
    max_qty_per_line: int | None = None
    min_subtotal: int | None = None
    scoped_thresholds: bool = False
    min_line_qty: int | None = None
    only_tags: tuple[str, ...] = ()
    coupon: str | None = None
    channels: tuple[str, ...] = ()
    exclusive_group: str | None = None
    title: str = ""
    """For the customer, in the cart's language."""
    own_words: bool = False
    """The plugin tells the customer itself, in a slot, why it does not apply."""
    only_lines: tuple[str, ...] | None = None
    """Keys of the lines that it may touch; None for all. The plugin decides by product, category
    or anything else that its facts know."""
    min_pieces: int | None = None
    """The covered lines together must have this many pieces."""
    stacks_with: tuple[str, ...] | None = None
    """Sources it may be combined with, each a plugin's name or ``<plugin>:<id>``; None for all, ()
    for none. Of two that exclude each other the one better for the customer applies."""
    every: int = 0
    """``repeated_fixed``: each full ``every`` of the subtotal takes ``amount``; ``buy_get``: how
    many pieces are bought at full price per group."""
    get: int = 0
    """``buy_get``: how many further pieces per group, the cheapest, get ``percent_bp`` off. Three
    for two: every 2, get 1, 10000; the second at half price: every 1, get 1, 5000."""
    max_times: int | None = None
    """How often ``repeated_fixed``, ``buy_get`` and ``bundle`` may repeat."""
    bundle: tuple[BundlePart, ...] = ()
    """``bundle``: one of each part together cost ``amount``."""
    gifts: tuple[Gift, ...] = ()
    """``gift``: added when the promotion applies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CartView:
    """A whole cart, frozen: pricing is a pure function of it."""

    currency: str
    prices_include_tax: bool
    lines: tuple[LineView, ...]
    shipping: tuple[ShippingCharge, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()
    coupons: tuple[str, ...] = ()
    channel: str = "web"
    customer_id: int | None = None
    session_id: int | None = None
    locale: str = ""
    country: str = ""
    """Of the destination, ISO 3166; "" while it is not known."""
    region: str = ""
    """Of the destination: division or state code; "" while it is not known."""
    attributes: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """What plugins' forms stored with the cart: ``<plugin>.<name>`` → text."""
    gift_stock: Mapping[int, int] = field(default_factory=lambda: EMPTY)
    """Variant id → pieces that promotions may give away; one that is not named is not short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One step of a quote: which rule (``source``) in which lane did what, and why.

    ``applied`` is False for a rule that was considered and did not apply; ``reason`` is a stable
    code that is translated where it is shown, with ``data`` for its sentence. ``shares`` is the
    amount per line (in the order of the cart; price basis; a discount is negative).
    """

    lane: Literal["offer", "unit", "line", "order", "shipping", "surcharge", "tax", "tender"]
    source: str
    reason: str
    amount: int = 0
    applied: bool = True
    shares: tuple[int, ...] = ()
    data: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """A priced line. ``list_total`` = unit_price × quantity and ``discount`` ≥ 0 are in the price
    basis; ``net + tax = gross``."""

    key: str
    variant_id: int
    variant: str
    quantity: int
    unit_price: int
    list_total: int
    discount: int
    net: int
    tax: int
    gross: int
    tax_bp: int
    tax_parts: tuple[int, ...] = ()
    offer: str = "list"
    list_price: int | None = None
    """The plain price of a piece, where an offer replaced it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteGift:
    """A free piece that a promotion (``source``) adds to the order; its price is 0."""

    source: str
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteShipping:
    method: str
    title: str
    amount: int
    discount: int
    net: int
    tax: int
    gross: int
    tax_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxSummary:
    """All that is taxed at one rate: ``base`` is net.

    A line whose rate has components counts under each component, with its share of the tax.
    """

    tax_bp: int
    base: int
    tax: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The full price of a cart. ``total`` is gross; ``payable`` is what is left after tenders.

    Always: ``total == sum(line.gross) + sum(shipping.gross) + surcharges_gross``.
    """

    currency: str
    prices_include_tax: bool
    lines: tuple[QuoteLine, ...]
    shipping: tuple[QuoteShipping, ...]
    surcharges_net: int
    surcharges_gross: int
    goods: int
    discount: int
    subtotal_net: int
    subtotal_gross: int
    shipping_net: int
    shipping_gross: int
    tax: int
    total_net: int
    total: int
    payable: int
    tax_summary: tuple[TaxSummary, ...]
    adjustments: tuple[Adjustment, ...]
    gifts: tuple[QuoteGift, ...] = ()
