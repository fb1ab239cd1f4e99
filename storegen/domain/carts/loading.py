"""A whole cart, with all that pricing, shipping and stock want to know, in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from storegen.domain import settings
from storegen.domain.catalog.struck import StruckRule, struck_rule
from storegen.domain.settings import Tax
from storegen.domain.stock import POOL, Level, Need, level
from storegen.errors import NotFound
from storegen.models import Cart, CartLine, Product, Stock, Translation, Variant
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.pricing import CartView, LineView


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedLine:
    """A line as pricing sees it (``view``), and what pages and orders add to that."""

    view: LineView
    handle: str
    media_id: int | None
    return_class: str
    level: Level
    enough: bool
    for_sale: bool
    free_before: int | None
    """Units that were free when it was read; None where stock is not tracked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCart:
    id: int
    public_id: str
    state: str
    version: int
    customer_id: int | None
    session_id: int | None
    channel: str
    coupons: tuple[str, ...]
    shipping_method: str
    destination: Mapping[str, Any]
    note: str
    currency: str
    prices_include_tax: bool
    lines: tuple[LoadedLine, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What plugins' forms stored with the cart: ``<plugin>.<name>`` → text."""
    locale: str = ""
    """Whose words the titles are in."""
    bases: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)
    """What `carts.pricing.basis` gathered for it: (country, division) → `Basis`."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Plugin → what it said of the cart when it was last priced; empty before."""
        return next(reversed(self.bases.values())).facts if self.bases else {}

    @property
    def pieces(self) -> int:
        return sum(line.view.quantity for line in self.lines)

    @property
    def needs(self) -> list[Need]:
        return [
            Need(one.view.variant_id, one.view.quantity, one.view.variant, one.view.title)
            for one in self.lines
        ]

    def view(self, country: str = "", region: str = "") -> CartView:
        """What pricing gets: the lines that can be bought at all, at their list prices."""
        return CartView(
            currency=self.currency,
            prices_include_tax=self.prices_include_tax,
            lines=tuple(line.view for line in self.lines if line.for_sale),
            coupons=self.coupons,
            channel=self.channel,
            customer_id=self.customer_id,
            session_id=self.session_id,
            locale=self.locale,
            country=country,
            region=region,
            attributes=self.attributes,
        )


def of_actor(actor: Actor) -> ColumnElement[bool]:
    """The open cart of a customer, or of a guest's session."""
    if actor.customer_id is not None:
        return and_(Cart.customer_id == actor.customer_id, Cart.state == "open")
    return and_(
        Cart.session_id == (actor.session_id or 0),
        Cart.customer_id.is_(None),
        Cart.state == "open",
    )


def load(
    uow: UnitOfWork, actor: Actor, public_id: str | None = None, *, locale: str = ""
) -> LoadedCart | None:
    """The actor's cart, or the one with this id; None where the actor has none yet.

    An id opens a guest's cart to whoever knows it (it has 130 bits); a customer's cart only to
    that customer. Raises `NotFound` for an id that opens nothing.
    """
    rule = struck_rule(uow)
    where = of_actor(actor) if public_id is None else (Cart.public_id == public_id)
    rows = uow.db.execute(_statement(where, locale or actor.locale, rule)).all()
    if not rows:
        if public_id is None:
            return None
        raise NotFound("cart")
    head = rows[0]
    if public_id is not None and head.customer_id not in (None, actor.customer_id):
        raise NotFound("cart")
    shop = settings.load(uow)
    few = shop.checkout.few_left
    return LoadedCart(
        id=head.cart_id,
        public_id=head.cart_public_id,
        state=head.state,
        version=head.version,
        customer_id=head.customer_id,
        session_id=head.session_id,
        channel=head.channel,
        coupons=tuple(head.coupons),
        shipping_method=head.shipping_method,
        destination=head.destination,
        note=head.note,
        attributes=dict(head.cart_attributes),
        currency=uow.store.config.currency,
        prices_include_tax=shop.tax.prices_include_tax,
        lines=tuple(_line(row, shop.tax, few, rule) for row in rows if row.line_id is not None),
        locale=locale or actor.locale,
    )


def _statement(where: ColumnElement[bool], locale: str, rule: StruckRule) -> Any:
    product_text, variant_text = aliased(Translation), aliased(Translation)
    return (
        select(
            Cart.id.label("cart_id"),
            Cart.public_id.label("cart_public_id"),
            Cart.state,
            Cart.version,
            Cart.customer_id,
            Cart.session_id,
            Cart.channel,
            Cart.coupons,
            Cart.shipping_method,
            Cart.destination,
            Cart.note,
            Cart.attributes.label("cart_attributes"),
            CartLine.id.label("line_id"),
            CartLine.public_id.label("line_key"),
            CartLine.offer,
            CartLine.attributes,
            CartLine.quantity,
            Variant.id.label("variant_id"),
            Variant.public_id.label("variant_public_id"),
            Variant.title.label("variant_title"),
            Variant.sku,
            Variant.price,
            Variant.compare_at,
            Variant.weight,
            Variant.taxable,
            Variant.tax_code,
            Variant.requires_shipping,
            Variant.image_id,
            Variant.active,
            Product.id.label("product_id"),
            Product.title,
            Product.handle,
            Product.tags,
            Product.status,
            Product.kind,
            Product.cover_id,
            Product.return_class,
            Stock.tracked,
            Stock.on_hand,
            Stock.reserved,
            Stock.backorder,
            rule.of_variants().label("recent_prices"),
            product_text.text.label("title_here"),
            variant_text.text.label("variant_title_here"),
        )
        .select_from(Cart)
        .outerjoin(CartLine, CartLine.cart_id == Cart.id)
        .outerjoin(Variant, Variant.id == CartLine.variant_id)
        .outerjoin(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, and_(Stock.variant_id == Variant.id, Stock.pool == POOL))
        .outerjoin(product_text, title_of(product_text, "product", Product.id, locale))
        .outerjoin(variant_text, title_of(variant_text, "variant", Variant.id, locale))
        .where(where)
        .order_by(Cart.id, CartLine.id)
    )


def title_of(text: Any, entity: str, entity_id: Any, locale: str) -> ColumnElement[bool]:
    """Joins an alias of `Translation`: the title of an entity in a locale."""
    return and_(
        text.entity == entity,
        text.entity_id == entity_id,
        text.locale == locale,
        text.field == "title",
    )


def _line(row: Any, tax: Tax, few: int, rule: StruckRule) -> LoadedLine:
    free = row.on_hand - row.reserved + row.backorder
    return LoadedLine(
        view=LineView(
            key=row.line_key,
            variant_id=row.variant_id,
            product_id=row.product_id,
            variant=row.variant_public_id,
            quantity=row.quantity,
            unit_price=row.price,
            compare_at=rule.struck(row.price, row.compare_at, row.recent_prices),
            title=row.title_here or row.title,
            variant_title=row.variant_title_here or row.variant_title,
            sku=row.sku,
            tax_bp=tax.rate(taxable=row.taxable, code=row.tax_code),
            taxable=row.taxable,
            weight=row.weight or 0,
            requires_shipping=row.requires_shipping,
            tags=tuple(row.tags),
            offer=row.offer,
            attributes=row.attributes,
        ),
        handle=row.handle,
        media_id=row.image_id or row.cover_id,
        return_class=row.return_class,
        level=level(
            tracked=row.tracked,
            on_hand=row.on_hand,
            reserved=row.reserved,
            backorder=row.backorder,
            few=few,
        ),
        enough=not row.tracked or free >= row.quantity,
        for_sale=row.active and row.status == "active" and row.kind not in ("external", "grouped"),
        free_before=row.on_hand - row.reserved if row.tracked else None,
    )
