"""Goods, delivery and buyers, made by the shop's own verbs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from storegen.domain.carts import changes
from storegen.domain.carts.loading import load
from storegen.domain.delivery import priced
from storegen.domain.orders.placing import PlaceOrder, place
from storegen.models import (
    PriceHistory,
    Product,
    Session,
    ShippingMethod,
    Stock,
    StockMovement,
    Variant,
    random_id,
)
from storegen.store import Store
from storegen.values.actor import Actor
from storegen.values.address import Address
from storegen.values.orders import PlacedOrder

SHANGHAI = Address(
    name="王小明",
    phone="+8613800138000",
    country="CN",
    division="310101",
    line1="南京东路 1 号",
)
STAFF = Actor(kind="staff", staff_id=1, channel="admin", permissions=frozenset({"*"}))


@dataclass(frozen=True)
class Goods:
    product_id: int
    variant_id: int
    variant: str
    handle: str


def make_product(
    store: Store,
    title: str = "Tea",
    *,
    price: int = 1000,
    stock: int | None = 10,
    backorder: int = 0,
    ships: bool = True,
    weight: int = 500_000,
    **product: Any,
) -> Goods:
    """One product with one variant; ``stock`` None is untracked."""
    with store.write() as uow:
        handle = product.pop("handle", f"p-{random_id(8)}")
        product_id = uow.db.execute(
            insert(Product)
            .values(
                public_id=random_id(),
                handle=handle,
                title=title,
                tags=[],
                grouped=[],
                options=[],
                extra={},
                price_min=price,
                price_max=price,
                variant_count=1,
                created_at=uow.now,
                updated_at=uow.now,
                **product,
            )
            .returning(Product.id)
        ).scalar_one()
        public_id = random_id()
        variant_id = uow.db.execute(
            insert(Variant)
            .values(
                public_id=public_id,
                product_id=product_id,
                option_values=[],
                price=price,
                weight=weight,
                requires_shipping=ships,
                sku=f"SKU-{product_id}",
                extra={},
            )
            .returning(Variant.id)
        ).scalar_one()
        uow.db.execute(
            insert(Stock).values(
                variant_id=variant_id,
                pool="main",
                tracked=stock is not None,
                on_hand=stock or 0,
                reserved=0,
                backorder=backorder,
            )
        )
        if stock:
            uow.db.execute(
                insert(StockMovement).values(
                    variant_id=variant_id,
                    pool="main",
                    change=stock,
                    reason="import",
                    reference="",
                    actor="system",
                    at=uow.now,
                )
            )
        uow.db.execute(
            insert(PriceHistory).values(
                variant_id=variant_id,
                channel="all",
                price=price,
                valid_from=uow.now,
                actor="system",
            )
        )
        uow.touch("listing", "shell")
    return Goods(product_id, variant_id, public_id, handle)


def make_delivery(store: Store, *, fee: int = 600, free_over: int | None = None) -> None:
    """One method, ``express``: everywhere in China, never abroad."""
    with store.write() as uow:
        zone = {
            "places": ["CN"],
            "first": 1000,
            "first_fee": fee,
            "extra": 1000,
            "extra_fee": 200,
            "free_over": free_over,
        }
        uow.db.execute(
            insert(ShippingMethod).values(
                public_id=random_id(),
                code="express",
                title="快递",
                measure="weight",
                zones=[zone],
                days=[2, 4],
            )
        )
        uow.touch("shell")


def make_guest(store: Store) -> Actor:
    with store.write() as uow:
        session_id = uow.db.execute(
            insert(Session)
            .values(
                token_hash=random_id(32),
                kind="customer",
                channel="web",
                created_at=uow.now,
                seen_at=uow.now,
                expires_at=uow.now,
            )
            .returning(Session.id)
        ).scalar_one()
    return Actor(kind="guest", session_id=session_id, locale="zh-Hans")


def fill_cart(store: Store, actor: Actor, *lines: tuple[Goods, int]) -> None:
    for goods, quantity in lines:
        change = changes.AddLine(variant=goods.variant, quantity=quantity)
        store.transact(lambda uow, c=change: changes.apply(uow, actor, c))  # type: ignore[misc]


def order_command(store: Store, actor: Actor, **more: Any) -> PlaceOrder:
    """What a customer would confirm for their present cart."""
    with store.read() as uow:
        cart = load(uow, actor)
        assert cart is not None
        quote, _ = priced(uow, cart, SHANGHAI.destination, "express")
    values: dict[str, Any] = {
        "expected_total": quote.payable,
        "phone": "+8613800138000",
        "name": "王小明",
        "address": SHANGHAI,
        "shipping_method": "express",
        "payment_provider": "",
        "consents": {"privacy": "1", "terms": "1"},
    }
    return PlaceOrder(**{**values, **more})


def place_order(store: Store, *lines: tuple[Goods, int], actor: Actor | None = None) -> PlacedOrder:
    actor = actor or make_guest(store)
    fill_cart(store, actor, *lines)
    command = order_command(store, actor)
    return store.transact(lambda uow: place(uow, actor, command))
