"""What plugins may ask about the core's goods, people and orders, in one query each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from storegen.domain.keyed_hash import keyed_hash
from storegen.domain.stock import POOL
from storegen.errors import NotFound
from storegen.models import (
    Category,
    Customer,
    CustomerIdentity,
    Order,
    OrderContact,
    OrderEvent,
    Product,
    ProductCategory,
    Stock,
    Translation,
    Variant,
)
from storegen.uow import UnitOfWork
from storegen.values.plugin import PluginSetup

Kind = Literal["product", "variant", "category", "customer", "order"]
_MODELS: Mapping[str, Any] = {
    "product": Product,
    "variant": Variant,
    "category": Category,
    "customer": Customer,
    "order": Order,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """``where`` is a product's handle, a category's slug, a variant's product handle."""

    id: int
    public_id: str
    title: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A product as reports and checks see it; money in minor units. ``cost`` is its dearest
    variant's, None if no variant has one; ``free``: pieces that are not reserved, None where some
    variant's stock is not counted."""

    id: int
    handle: str
    title: str
    price_min: int
    price_max: int
    cost: int | None
    free: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Normalised: E.164 phones, folded e-mail addresses."""

    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBrief:
    """``total`` in minor units, after discounts."""

    id: int
    public_id: str
    number: str
    customer_id: int | None
    state: str
    total: int


def categories_of(uow: UnitOfWork, product_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Product → the categories that it is in, and all above them."""
    found: dict[int, set[int]] = {product_id: set() for product_id in product_ids}
    if found:
        rows = uow.db.execute(
            select(ProductCategory.product_id, ProductCategory.category_id).where(
                ProductCategory.product_id.in_(sorted(found))
            )
        )
        for product_id, category_id in rows:
            found[product_id].add(category_id)
    return {product_id: frozenset(ids) for product_id, ids in found.items()}


def named(
    uow: UnitOfWork, kind: Literal["product", "category"], ids: Collection[int], locale: str = ""
) -> dict[int, Named]:
    """Products or categories by internal id, in the locale's words where there are some."""
    if not ids:
        return {}
    return _named(uow, kind, _MODELS[kind].id.in_(sorted(set(ids))), locale)


def find(
    uow: UnitOfWork, kind: Literal["product", "category"], words: Collection[str], locale: str = ""
) -> dict[int, Named]:
    """Products by handle or public id, categories by slug or public id; what is not there is left
    out."""
    if not words:
        return {}
    model = _MODELS[kind]
    place = Product.handle if kind == "product" else Category.slug
    wanted = sorted(set(words))
    return _named(uow, kind, or_(place.in_(wanted), model.public_id.in_(wanted)), locale)


def _named(uow: UnitOfWork, kind: str, where: ColumnElement[bool], locale: str) -> dict[int, Named]:
    model = Product if kind == "product" else Category
    place = Product.handle if kind == "product" else Category.slug
    rows = uow.db.execute(
        select(model.id, model.public_id, model.title, place.label("place"), Translation.text)
        .outerjoin(
            Translation,
            (Translation.entity == kind)
            & (Translation.entity_id == model.id)
            & (Translation.locale == locale)
            & (Translation.field == "title"),
        )
        .where(where)
        .order_by(model.id)
    )
    return {
        row.id: Named(
            id=row.id, public_id=row.public_id, title=row.text or row.title, where=row.place
        )
        for row in rows
    }


def goods(uow: UnitOfWork, product_ids: Collection[int], locale: str = "") -> dict[int, Goods]:
    """Products with what they sell for, cost, and how many there are; one query."""
    if not product_ids:
        return {}
    return _goods(uow, locale, Product.id.in_(sorted(set(product_ids))), None)


def best_sellers(uow: UnitOfWork, most: int, locale: str = "") -> list[Goods]:
    """Products that are for sale and can be ordered, those that sell best first."""
    found = _goods(uow, locale, Product.status == "active", most)
    return list(found.values())


def _goods(
    uow: UnitOfWork, locale: str, where: ColumnElement[bool], most: int | None
) -> dict[int, Goods]:
    tracked = func.coalesce(Stock.tracked, True)
    rows = uow.db.execute(
        select(
            Product.id,
            Product.handle,
            func.coalesce(Translation.text, Product.title).label("title"),
            func.min(Variant.price).label("price_min"),
            func.max(Variant.price).label("price_max"),
            func.max(Variant.cost).label("cost"),
            func.sum(case((tracked, Stock.on_hand - Stock.reserved), else_=0)).label("free"),
            func.min(case((tracked, 1), else_=0)).label("tracked"),
        )
        .join(Variant, (Variant.product_id == Product.id) & Variant.active.is_(True))
        .outerjoin(Stock, (Stock.variant_id == Variant.id) & (Stock.pool == POOL))
        .outerjoin(
            Translation,
            (Translation.entity == "product")
            & (Translation.entity_id == Product.id)
            & (Translation.locale == locale)
            & (Translation.field == "title"),
        )
        .where(where)
        .group_by(Product.id, Product.handle, Product.title, Product.sold, Translation.text)
        .order_by(Product.sold.desc(), Product.id)
        .limit(most)
    )
    return {
        row.id: Goods(
            id=row.id,
            handle=row.handle,
            title=row.title,
            price_min=row.price_min,
            price_max=row.price_max,
            cost=row.cost,
            free=int(row.free or 0) if row.tracked else None,
        )
        for row in rows
    }


def variants_of(uow: UnitOfWork, product_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Product → its active variants, the first of the product first."""
    found: dict[int, list[int]] = {}
    if product_ids:
        for product_id, variant_id in uow.db.execute(
            select(Variant.product_id, Variant.id)
            .where(Variant.product_id.in_(sorted(set(product_ids))), Variant.active.is_(True))
            .order_by(Variant.product_id, Variant.position, Variant.id)
        ):
            found.setdefault(product_id, []).append(variant_id)
    return {product_id: tuple(ids) for product_id, ids in found.items()}


def internal_id(uow: UnitOfWork, kind: Kind, public_id: str) -> int:
    """Raises `NotFound`."""
    model = _MODELS[kind]
    found = uow.db.scalar(select(model.id).where(model.public_id == public_id))
    if found is None:
        raise NotFound(kind)
    return int(found)


def internal_ids(uow: UnitOfWork, kind: Kind, ids: Collection[str]) -> dict[str, int]:
    """Public id → internal id; what is not there is left out."""
    model = _MODELS[kind]
    if not ids:
        return {}
    rows = uow.db.execute(
        select(model.public_id, model.id).where(model.public_id.in_(sorted(set(ids))))
    )
    return {row.public_id: row.id for row in rows}


def public_ids(uow: UnitOfWork, kind: Kind, ids: Collection[int]) -> dict[int, str]:
    """Internal id → public id; what is not there is left out."""
    model = _MODELS[kind]
    if not ids:
        return {}
    rows = uow.db.execute(select(model.id, model.public_id).where(model.id.in_(sorted(set(ids)))))
    return {row.id: row.public_id for row in rows}


def contact_of_customer(uow: UnitOfWork, customer_id: int, by: datetime | None = None) -> Contact:
    """What the customer has proved to be theirs, up to the moment ``by`` if there is one."""
    proven = CustomerIdentity.verified_at
    rows = uow.db.execute(
        select(CustomerIdentity.provider, CustomerIdentity.subject).where(
            CustomerIdentity.customer_id == customer_id,
            proven.is_not(None) if by is None else proven <= by,
        )
    ).all()
    return Contact(
        phones=frozenset(subject for provider, subject in rows if provider == "phone"),
        emails=frozenset(subject for provider, subject in rows if provider == "email"),
    )


def contact_of_order(uow: UnitOfWork, order_id: int) -> Contact:
    row = uow.db.execute(
        select(OrderContact.phone, OrderContact.email).where(OrderContact.order_id == order_id)
    ).one_or_none()
    if row is None:
        return Contact()
    return Contact(phones=frozenset({row.phone} - {""}), emails=frozenset({row.email} - {""}))


def placed_by_guest(uow: UnitOfWork, order_id: int) -> bool:
    """Whether nobody was signed in when the order was placed; later it may have become a
    customer's who proved its phone or e-mail."""
    actor = uow.db.scalar(
        select(OrderEvent.actor)
        .where(OrderEvent.order_id == order_id, OrderEvent.kind == "place")
        .order_by(OrderEvent.id)
        .limit(1)
    )
    return actor is not None and actor.startswith("guest")


def order_of(uow: UnitOfWork, order_id: int) -> OrderBrief | None:
    row = uow.db.execute(
        select(
            Order.id, Order.public_id, Order.number, Order.customer_id, Order.state, Order.total
        ).where(Order.id == order_id)
    ).one_or_none()
    return None if row is None else OrderBrief(**row._mapping)


def has_ordered(
    uow: UnitOfWork, customer_id: int | None, contact: Contact, *, besides: int | None = None
) -> bool:
    """Whether this person, by account, phone or e-mail, has an order that was not taken back;
    ``besides`` leaves one order out."""
    who: list[ColumnElement[bool]] = []
    if customer_id is not None:
        who.append(Order.customer_id == customer_id)
    for column, values in (
        (OrderContact.phone, contact.phones), (OrderContact.email, contact.emails)
    ):  # fmt: skip
        if values:
            who.append(
                Order.id.in_(select(OrderContact.order_id).where(column.in_(sorted(values))))
            )
    if not who:
        return False
    statement = select(Order.id).where(or_(*who), Order.state.not_in(("cancelled", "closed")))
    if besides is not None:
        statement = statement.where(Order.id != besides)
    return bool(uow.db.scalar(select(exists(statement))))


def setup_of(uow: UnitOfWork, plugin: str) -> PluginSetup:
    """A plugin's own setup, with its settings as they are now, where no argument brings it."""
    return uow.store.plugins.by_name[plugin].setup


def person_key(uow: UnitOfWork, plugin: str, subject: str) -> str:
    """A keyed hash of a phone or e-mail for counting per person: 64 hex digits, "" for nobody.
    Nobody reads the person out of it, and two plugins cannot compare theirs."""
    return keyed_hash(uow.store, f"person:{plugin}", subject) if subject else ""
