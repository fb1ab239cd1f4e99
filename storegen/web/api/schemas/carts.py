"""Carts, their delivery and their price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import fields

from storegen.domain.carts.changes import MAX_LINES, MAX_QUANTITY
from storegen.domain.carts.gifts import GivenGoods
from storegen.domain.carts.loading import LoadedCart, LoadedLine
from storegen.domain.delivery import Option
from storegen.values.plain import plain
from storegen.values.pricing import Quote
from storegen.web.api.fields import Part, Several, Text, Whole
from storegen.web.api.schemas.common import (
    COUNTRY,
    Answer,
    Body,
    Money,
    Query,
    money,
    money_or_none,
)

LEVELS = ("in", "few", "out", "backorder")


class LineGiven(Body):
    """A variant (its id) and how many more of it. The price is the shop's own affair."""

    variant = Text(most=32, least=1, required=True, metadata={"example": "h7k2m9p4q8r3t"})
    quantity = Whole(least=1, most=MAX_QUANTITY, load_default=1)


class CartGiven(Body):
    """What a new cart begins with."""

    lines = Several(Part(LineGiven), most=MAX_LINES, load_default=list)


class QuantityGiven(Body):
    """How many there shall be; 0 takes the line out."""

    quantity = Whole(least=0, most=MAX_QUANTITY, required=True)


class DestinationGiven(Body):
    """As much of an address as delivery needs to be priced."""

    country = Text(most=2, pattern=COUNTRY, required=True, metadata={"example": "CN"})
    division = Text(most=12, load_default="", metadata={"example": "310101"})
    postcode = Text(most=16, load_default="")


class DeliveryGiven(Body):
    """Where it goes and how; what is left out stays as it is."""

    destination = Part(DestinationGiven)
    method = Text(most=64)


class CouponGiven(Body):
    """A code as it was typed: case, width and blanks do not matter."""

    code = Text(least=1, most=64, required=True)


class CouponQuery(Query):
    code = Text(least=1, most=64, required=True)


class DestinationQuery(Query):
    country = Text(most=2, pattern=COUNTRY, metadata={"description": "Instead of the cart's own."})
    division = Text(most=12, load_default="")
    postcode = Text(most=16, load_default="")


class CartLine(Answer):
    """``available``: whether this many can be ordered now; ``stock`` is a word, never a count."""

    id = fields.String(required=True)
    variant = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    variant_title = fields.String(required=True)
    sku = fields.String(required=True)
    quantity = fields.Integer(required=True)
    price = fields.Nested(Money, required=True)
    compare_at = fields.Nested(Money, required=True, allow_none=True)
    available = fields.Boolean(required=True)
    stock = fields.String(required=True, metadata={"enum": list(LEVELS)})
    requires_shipping = fields.Boolean(required=True)
    return_class = fields.String(required=True)
    attributes = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class Destination(Answer):
    country = fields.String(required=True)
    division = fields.String(required=True)
    postcode = fields.String(required=True)


class Delivery(Answer):
    destination = fields.Nested(Destination, required=True, allow_none=True)
    method = fields.String(required=True, allow_none=True)


class Cart(Answer):
    """``state``: open, ordered, or merged into the customer's other cart at sign-in."""

    id = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["open", "ordered", "merged"]})
    currency = fields.String(required=True)
    pieces = fields.Integer(required=True)
    lines = fields.List(fields.Nested(CartLine), required=True)
    coupons = fields.List(fields.String(), required=True)
    delivery = fields.Nested(Delivery, required=True)


class DeliveryOption(Answer):
    """``cost`` is null, and ``refusal`` says why, where the method does not go there.

    ``days``: first and last day of the promise; null without one."""

    method = fields.String(required=True)
    title = fields.String(required=True)
    pickup = fields.Boolean(required=True)
    days = fields.List(fields.Integer(), required=True, allow_none=True)
    cost = fields.Nested(Money, required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True)


class DeliveryOptions(Answer):
    items = fields.List(fields.Nested(DeliveryOption), required=True)


class PaymentMethod(Answer):
    provider = fields.String(required=True)
    title = fields.String(required=True)


class PaymentMethods(Answer):
    items = fields.List(fields.Nested(PaymentMethod), required=True)


class QuoteLine(Answer):
    """``list_total`` and ``discount`` are in the price basis; ``net + tax = gross``.

    ``offer`` is the way of buying that set ``unit_price``; ``list_price`` is the plain price where
    that is another one."""

    id = fields.String(required=True)
    variant = fields.String(required=True)
    quantity = fields.Integer(required=True)
    offer = fields.String(required=True)
    unit_price = fields.Nested(Money, required=True)
    list_price = fields.Nested(Money, required=True, allow_none=True)
    list_total = fields.Nested(Money, required=True)
    discount = fields.Nested(Money, required=True)
    net = fields.Nested(Money, required=True)
    tax = fields.Nested(Money, required=True)
    gross = fields.Nested(Money, required=True)
    tax_bp = fields.Integer(required=True, metadata={"description": "Basis points: 1300 is 13 %."})


class QuoteShipping(Answer):
    method = fields.String(required=True)
    title = fields.String(required=True)
    amount = fields.Nested(Money, required=True)
    discount = fields.Nested(Money, required=True)
    net = fields.Nested(Money, required=True)
    tax = fields.Nested(Money, required=True)
    gross = fields.Nested(Money, required=True)
    tax_bp = fields.Integer(required=True)


class TaxSummary(Answer):
    tax_bp = fields.Integer(required=True)
    base = fields.Nested(Money, required=True)
    tax = fields.Nested(Money, required=True)


class Adjustment(Answer):
    """One step of the price: which rule (``source``) in which lane did what, and why.

    ``shares`` are its parts per line, in the order of ``lines``; ``applied`` is false for a rule
    that was considered and did not apply."""

    lane = fields.String(required=True)
    source = fields.String(required=True)
    reason = fields.String(required=True)
    applied = fields.Boolean(required=True)
    amount = fields.Nested(Money, required=True)
    shares = fields.List(fields.Nested(Money), required=True)
    data = fields.Dict(keys=fields.String(), required=True)


class QuoteGift(Answer):
    """Free pieces that come with the order, by the promotion ``source``."""

    source = fields.String(required=True)
    variant = fields.String(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    variant_title = fields.String(required=True)
    quantity = fields.Integer(required=True)


class QuoteAnswer(Answer):
    """The full price of a cart and how it came to be. ``payable`` is what `POST /orders` wants as
    ``expected_total``. Without a chosen delivery, shipping is left out."""

    class Meta(Answer.Meta):
        pass

    currency = fields.String(required=True)
    prices_include_tax = fields.Boolean(required=True)
    lines = fields.List(fields.Nested(QuoteLine), required=True)
    shipping = fields.List(fields.Nested(QuoteShipping), required=True)
    goods = fields.Nested(Money, required=True)
    discount = fields.Nested(Money, required=True)
    surcharges = fields.Nested(Money, required=True)
    shipping_total = fields.Nested(Money, required=True)
    tax = fields.Nested(Money, required=True)
    tax_summary = fields.List(fields.Nested(TaxSummary), required=True)
    total = fields.Nested(Money, required=True)
    payable = fields.Nested(Money, required=True)
    adjustments = fields.List(fields.Nested(Adjustment), required=True)
    gifts = fields.List(fields.Nested(QuoteGift), required=True)


def cart_shape(cart: LoadedCart) -> dict[str, Any]:
    return {
        "id": cart.public_id,
        "state": cart.state,
        "currency": cart.currency,
        "pieces": cart.pieces,
        "lines": [_line(line) for line in cart.lines],
        "coupons": list(cart.coupons),
        "delivery": {
            "destination": _destination(cart),
            "method": cart.shipping_method or None,
        },
    }


def _destination(cart: LoadedCart) -> dict[str, str] | None:
    if not cart.destination.get("country"):
        return None
    return {key: cart.destination.get(key, "") for key in ("country", "division", "postcode")}


def _line(line: LoadedLine) -> dict[str, Any]:
    view = line.view
    return {
        "id": view.key,
        "variant": view.variant,
        "slug": line.handle,
        "title": view.title,
        "variant_title": view.variant_title,
        "sku": view.sku,
        "quantity": view.quantity,
        "price": money(view.unit_price),
        "compare_at": money_or_none(view.compare_at),
        "available": line.enough and line.for_sale,
        "stock": line.level,
        "requires_shipping": view.requires_shipping,
        "return_class": line.return_class,
        "attributes": view.attributes,
    }


def option_shape(option: Option) -> dict[str, Any]:
    template = option.template
    return {
        "method": template.code,
        "title": template.title,
        "pickup": template.pickup,
        "days": list(template.days) if template.days else None,
        "cost": money(option.charge.amount) if option.charge else None,
        "refusal": option.refusal or None,
    }


def quote_shape(quote: Quote, gifts: Sequence[GivenGoods] = ()) -> dict[str, Any]:
    def priced(entry: Any, *names: str) -> dict[str, Any]:
        return {name: money(getattr(entry, name)) for name in names}

    return {
        "currency": quote.currency,
        "prices_include_tax": quote.prices_include_tax,
        "lines": [
            {
                "id": line.key,
                "variant": line.variant,
                "quantity": line.quantity,
                "tax_bp": line.tax_bp,
                "offer": line.offer,
                "list_price": money_or_none(line.list_price),
                **priced(line, "unit_price", "list_total", "discount", "net", "tax", "gross"),
            }
            for line in quote.lines
        ],
        "shipping": [
            {
                "method": way.method,
                "title": way.title,
                "tax_bp": way.tax_bp,
                **priced(way, "amount", "discount", "net", "tax", "gross"),
            }
            for way in quote.shipping
        ],
        **priced(quote, "goods", "discount", "tax", "total", "payable"),
        "surcharges": money(quote.surcharges_gross),
        "shipping_total": money(quote.shipping_gross),
        "tax_summary": [
            {"tax_bp": each.tax_bp, **priced(each, "base", "tax")} for each in quote.tax_summary
        ],
        "adjustments": [
            {
                "lane": step.lane,
                "source": step.source,
                "reason": step.reason,
                "applied": step.applied,
                "amount": money(step.amount),
                "shares": [money(share) for share in step.shares],
                "data": plain(step.data),
            }
            for step in quote.adjustments
        ],
        "gifts": [
            {
                "source": gift.source,
                "variant": gift.goods.variant,
                "slug": gift.goods.handle,
                "title": gift.goods.title,
                "variant_title": gift.goods.variant_title,
                "quantity": gift.quantity,
            }
            for gift in gifts
        ],
    }
