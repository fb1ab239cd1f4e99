"""Placing an order: one transaction, no ORM objects, stock taken last."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from storegen import failpoints
from storegen.domain import delivery, outbox, settings, stock
from storegen.domain.carts import pricing
from storegen.domain.carts.gifts import GivenGoods
from storegen.domain.carts.loading import LoadedCart, LoadedLine, load
from storegen.domain.carts.pricing import Basis
from storegen.domain.opening import reasons_closed
from storegen.domain.orders import changing
from storegen.domain.settings import Shop
from storegen.errors import (
    Conflict,
    EmptyCart,
    Invalid,
    NotForSale,
    OfferEnded,
    PriceChanged,
    ShopClosed,
    SoldOut,
)
from storegen.models import (
    Cart,
    Consent,
    Order,
    OrderContact,
    OrderEvent,
    OrderLine,
    random_id,
)
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.address import Address
from storegen.values.money import MAX_AMOUNT
from storegen.values.orders import PlacedOrder
from storegen.values.plain import plain
from storegen.values.pricing import CartView, Quote, QuoteLine
from storegen.values.shipping import FreightTemplate

OFFER = 64
"""Signs that an order line keeps of its offer's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """What the customer confirms. ``expected_total`` is the payable that the page showed;
    ``cart`` names the cart (the actor's own where None); ``email`` and ``phone`` are normalised,
    one of them is needed; ``consents``: kind → version that was accepted; ``acknowledged``: keys
    of lines whose return exclusion the buyer has seen."""

    expected_total: int
    cart: str | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    address: Address | None = None
    shipping_method: str = ""
    payment_provider: str = ""
    note: str = ""
    consents: Mapping[str, str] = field(default_factory=dict)
    acknowledged: frozenset[str] = frozenset()


def place(
    uow: UnitOfWork,
    actor: Actor,
    command: PlaceOrder,
    answer: Callable[[PlacedOrder], None] = lambda placed: None,
) -> PlacedOrder:
    """Turn a cart into an order that waits for its payment, and reserve its goods.

    ``answer`` is called with the result before the stock rows are locked, for whatever else must
    be in the same transaction (the stored answer of an idempotent request).

    Raises `EmptyCart`, `ShopClosed`, `Invalid`, `NotForSale`, `OfferEnded`, `NoDelivery`,
    `PriceChanged` (with the new quote), `SoldOut`, or what a plugin refuses (`Refused`) or fails
    at (`PluginFault`); then nothing has happened.
    """
    shop = settings.load(uow)
    cart = load(uow, actor, command.cart)
    _check(uow, shop, cart, command)
    assert cart is not None
    ships = delivery.needs_shipping(cart)
    if ships and command.address is None:
        raise Invalid({"address": "required"})
    destination = command.address.destination if ships and command.address else None
    charge, template = delivery.chosen(uow, cart, destination, command.shipping_method)
    basis = pricing.basis(uow, cart, destination)
    _check_offers(cart, basis)
    view = basis.view(charge) if charge else basis.view()
    quote = basis.quote(charge) if charge else basis.quote()
    if quote.payable != command.expected_total:
        raise PriceChanged(command.expected_total, quote, basis.given(quote))
    if max(quote.goods, quote.total) > MAX_AMOUNT:
        raise Invalid({"total": "too-large"})
    _ask_plugins(uow, actor, view, basis)
    gifts = basis.given(quote)
    placed = _insert_order(uow, actor, shop, cart, command, quote, template)
    rows = [*_lines(placed.order_id, cart, command, quote), *_gift_lines(placed.order_id, gifts)]
    _insert_lines(uow, rows)
    failpoints.reach("checkout.inserted")
    needs = stock.merge([*cart.needs, *(gift.need for gift in gifts)])
    stock.record_reservations(uow, placed.order_id, needs, _expiry(uow, shop))
    _record(uow, actor, placed, command)
    _close_cart(uow, cart)
    if uow.store.plugins.implementing(changing.HOOK):
        change = changing.of_placed(uow, actor, placed, quote, cart.attributes)
        uow.store.plugins.during(uow, actor, change)
    answer(placed)
    stock.reserve(uow, needs)
    failpoints.reach("checkout.reserved")
    _touch_scarce(uow, cart, gifts, shop)
    return placed


def new_number(uow: UnitOfWork) -> str:
    """Date and ten random digits: nobody can count orders or guess the next one."""
    return f"{uow.now:%y%m%d}{secrets.randbelow(10**10):010d}"


def _check(uow: UnitOfWork, shop: Shop, cart: LoadedCart | None, command: PlaceOrder) -> None:
    if cart is None or not cart.lines:
        raise EmptyCart
    if cart.state != "open":
        raise Conflict("cart-closed")
    closed = reasons_closed(uow, shop)
    if closed:
        raise ShopClosed(closed)
    if not command.phone and not command.email:
        raise Invalid({"contact": "required"})
    for line in cart.lines:
        if not line.for_sale:
            raise NotForSale(line.view.variant, line.view.title)
        if _excluded(line) and line.view.key not in command.acknowledged:
            raise Invalid({"acknowledged": {line.view.key: "required"}})
    missing = [(x.view.variant, x.view.title) for x in cart.lines if not x.enough]
    if missing:
        raise SoldOut(missing)


def _check_offers(cart: LoadedCart, basis: Basis) -> None:
    """No order without known taxes, or for another price than the one that was chosen."""
    if basis.fault is not None:
        raise basis.fault
    for line in cart.lines:
        if line.view.key in basis.missing:
            raise OfferEnded(line.view.variant, line.view.title)


def _ask_plugins(uow: UnitOfWork, actor: Actor, view: CartView, basis: Basis) -> None:
    """The last word before anything is written; what a plugin refuses is raised."""
    plugins = uow.store.plugins
    for plugin in plugins.implementing("check_order"):
        facts = basis.facts.get(plugin)
        plugins.ask_one(plugin, "check_order", uow=uow, actor=actor, cart=view, facts=facts)


def _excluded(line: LoadedLine) -> bool:
    """Goods that cannot be sent back within seven days: the buyer says so per line."""
    return line.return_class == "no_return"


def _expiry(uow: UnitOfWork, shop: Shop) -> Any:
    return uow.now + timedelta(minutes=shop.checkout.payment_minutes)


def _insert_order(
    uow: UnitOfWork,
    actor: Actor,
    shop: Shop,
    cart: LoadedCart,
    command: PlaceOrder,
    quote: Quote,
    template: FreightTemplate | None,
) -> PlacedOrder:
    number, token, public_id = new_number(uow), random_id(26), random_id()
    shipping = quote.shipping[0] if quote.shipping else None
    order_id = uow.db.execute(
        insert(Order)
        .values(
            public_id=public_id,
            number=number,
            token=token,
            customer_id=actor.customer_id,
            session_id=actor.session_id,
            channel=actor.channel,
            locale=actor.locale or uow.store.config.locale,
            currency=quote.currency,
            state="pending_payment",
            prices_include_tax=quote.prices_include_tax,
            goods=quote.goods,
            discount=quote.discount,
            shipping=quote.shipping_gross,
            shipping_net=quote.shipping_net,
            shipping_tax_bp=shipping.tax_bp if shipping else 0,
            surcharges=quote.surcharges_gross,
            tax=quote.tax,
            total=quote.total,
            payable=quote.payable,
            shipping_method=template.code if template else "",
            shipping_title=template.title if template else "",
            payment_provider=command.payment_provider,
            note=command.note[:1000],
            quote=plain(quote),
            flags=[],
            placed_at=uow.now,
            expires_at=_expiry(uow, shop),
            ship_by=uow.now + timedelta(hours=shop.checkout.ship_within_hours),
        )
        .returning(Order.id)
    ).scalar_one()
    uow.db.execute(
        insert(OrderContact).values(
            order_id=order_id,
            name=command.name or (command.address.name if command.address else ""),
            phone=command.phone,
            email=command.email,
            address=command.address.to_dict() if command.address else {},
        )
    )
    return PlacedOrder(
        order_id=order_id,
        number=number,
        token=token,
        public_id=public_id,
        payable=quote.payable,
        currency=quote.currency,
    )


def _insert_lines(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    for position, row in enumerate(rows):
        row["position"] = position
    uow.db.execute(insert(OrderLine), rows)


def _lines(
    order_id: int, cart: LoadedCart, command: PlaceOrder, quote: Quote
) -> Iterator[dict[str, Any]]:
    priced = {line.key: line for line in quote.lines}
    for line in cart.lines:
        yield _line_row(order_id, line, priced[line.view.key], command)


def _gift_lines(order_id: int, gifts: Sequence[GivenGoods]) -> Iterator[dict[str, Any]]:
    for gift in gifts:
        goods = gift.goods
        yield {
            "public_id": random_id(),
            "order_id": order_id,
            "product_id": goods.product_id,
            "variant_id": goods.variant_id,
            "title": goods.title,
            "variant_title": goods.variant_title,
            "sku": goods.sku,
            "media_id": goods.media_id,
            "offer": gift.source[:OFFER],
            "gift": True,
            "attributes": {},
            "quantity": gift.quantity,
            **dict.fromkeys(("unit_price", "list_total", "discount", "net", "tax", "gross"), 0),
            "tax_bp": goods.tax_bp,
            "tax_parts": [],
            "weight": goods.weight,
            "requires_shipping": goods.requires_shipping,
            "return_class": goods.return_class,
            "return_acknowledged": False,
        }


def _line_row(
    order_id: int, line: LoadedLine, priced: QuoteLine, command: PlaceOrder
) -> dict[str, Any]:
    view = line.view
    return {
        "public_id": random_id(),
        "order_id": order_id,
        "product_id": view.product_id,
        "variant_id": view.variant_id,
        "title": view.title,
        "variant_title": view.variant_title,
        "sku": view.sku,
        "media_id": line.media_id,
        "offer": priced.offer[:OFFER],
        "gift": False,
        "attributes": dict(view.attributes),
        "quantity": view.quantity,
        "unit_price": priced.unit_price,
        "list_total": priced.list_total,
        "discount": priced.discount,
        "net": priced.net,
        "tax": priced.tax,
        "gross": priced.gross,
        "tax_bp": priced.tax_bp,
        "tax_parts": list(priced.tax_parts),
        "weight": view.weight,
        "requires_shipping": view.requires_shipping,
        "return_class": line.return_class,
        "return_acknowledged": view.key in command.acknowledged,
    }


def _record(uow: UnitOfWork, actor: Actor, placed: PlacedOrder, command: PlaceOrder) -> None:
    uow.db.execute(
        insert(OrderEvent).values(
            order_id=placed.order_id,
            at=uow.now,
            actor=str(actor),
            kind="place",
            to_state=placed.state,
            data={"channel": actor.channel},
        )
    )
    if command.consents:
        uow.db.execute(
            insert(Consent),
            [
                {
                    "customer_id": actor.customer_id,
                    "order_id": placed.order_id,
                    "kind": kind,
                    "version": version,
                    "granted": True,
                    "channel": actor.channel,
                    "at": uow.now,
                }
                for kind, version in command.consents.items()
            ],
        )
    outbox.emit(uow, "order.placed", {"order_id": placed.order_id, "state": placed.state})


def _close_cart(uow: UnitOfWork, cart: LoadedCart) -> None:
    """Only the cart that was priced becomes the order: a second tab's change or click loses."""
    done = uow.db.execute(
        update(Cart)
        .where(Cart.id == cart.id, Cart.state == "open", Cart.version == cart.version)
        .values(state="ordered", updated_at=uow.now)
    )
    if done.rowcount != 1:
        raise Conflict("cart-changed")


def _touch_scarce(
    uow: UnitOfWork, cart: LoadedCart, gifts: Sequence[GivenGoods], shop: Shop
) -> None:
    """Public pages say in stock, few left, sold out. Only an order that may have changed such a
    word makes them stale; in a rush on a well-stocked item the cache stays."""
    scarce = [
        line.view.product_id
        for line in cart.lines
        if line.free_before is not None
        and line.free_before - line.view.quantity <= shop.checkout.few_left
    ]
    scarce += [gift.goods.product_id for gift in gifts if gift.goods.free is not None]
    if scarce:
        uow.touch_products(scarce)
