"""The cart: a page of sections, and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from flask.wrappers import Response

from storegen.domain import delivery
from storegen.domain.carts import changes
from storegen.domain.carts.gifts import GivenGoods
from storegen.domain.carts.loading import LoadedCart, LoadedLine, load
from storegen.domain.catalog.pictures import Picture
from storegen.domain.pricing.display import struck_beside
from storegen.errors import Invalid, NotForSale, SoldOut, StoreError
from storegen.models import Variant
from storegen.uow import UnitOfWork
from storegen.values.pricing import Quote
from storegen.values.shipping import Destination
from storegen.web import guards
from storegen.web.context import current, gettext
from storegen.web.storefront import hints, sums
from storegen.web.storefront.choosing import posted_variant
from storegen.web.storefront.forms import flat
from storegen.web.storefront.personal import go, page, pictures, whole_number
from storegen.web.storefront.words import problem, refusal

blueprint = Blueprint("shop_cart", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLineShown:
    """A line of the page. ``state``: ok, few, backorder, short (less is there than wanted),
    out, gone (not sold any more). ``total`` is None for a line that is not priced."""

    key: str
    title: str
    variant_title: str
    handle: str
    picture: Picture | None
    quantity: int
    unit_price: int
    total: int | None
    discount: int
    state: str
    no_return: bool
    ships: bool
    struck: int | None = None
    """What may be struck through beside the price of an offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftShown:
    title: str
    variant_title: str
    handle: str
    picture: Picture | None
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Delivery before the address is known: the least it may cost, and when."""

    amount: int
    title: str
    days: tuple[int, int] | None
    exact: bool


@blueprint.get("/cart")
def show() -> Response:
    return _page()


@blueprint.post("/cart/lines")
def add() -> Response:
    """From product pages, which are cached and hold no token: the origin is the guard."""
    context = current()
    variant = request.form.get("variant", "").strip()[:40] or posted_variant(context, request.form)
    quantity = whole_number(request.form.get("quantity", "1"))
    if quantity is None:
        return _page(notice=problem("quantity", "not-a-number"), status=422)
    if not variant:
        return _page(notice=gettext("Please choose what you would like."), status=422)
    change = changes.AddLine(variant=variant, quantity=quantity)
    try:
        # Who asks for what is not there begins no session.
        if context.session is None:
            changes.check_quantity(quantity)
            if not context.store.look(lambda uow: _exists(uow, variant)):
                raise NotForSale(variant)
        actor = context.ensure_session()
        context.store.transact(lambda uow: changes.apply(uow, actor, change))
    except (SoldOut, NotForSale, Invalid) as error:
        context.refresh()
        return _page(notice=_say(error), status=error.status)
    context.refresh()
    return go(context.urls.cart())


@blueprint.post("/cart/lines/<line>")
def change_line(line: str) -> Response:
    """A new quantity, or ``action=remove``. What is refused is said beside the line."""
    guards.check_token()
    context = current()
    actor = context.actor
    removing = request.form.get("action") == "remove"
    quantity = 0 if removing else whole_number(request.form.get("quantity", ""))
    if quantity is None:
        return _page(problems={line: problem("quantity", "not-a-number")}, status=422)
    try:
        change = changes.SetQuantity(line=line, quantity=quantity)
        context.store.transact(lambda uow: changes.apply(uow, actor, change))
    except (SoldOut, NotForSale, Invalid) as error:
        context.refresh()
        return _page(problems={line: _say(error)}, status=error.status)
    context.refresh()
    return go(context.urls.cart())


def _exists(uow: UnitOfWork, variant: str) -> bool:
    from sqlalchemy import select

    return uow.db.scalar(select(Variant.id).where(Variant.public_id == variant)) is not None


def _say(error: StoreError) -> str:
    if isinstance(error, Invalid):
        name, code = next(iter(flat(error.problems).items()))
        return problem(name, code)
    return refusal(error)


def _page(
    *, notice: str = "", problems: dict[str, str] | None = None, status: int = 200
) -> Response:
    context = current()
    cart = load(context.db, context.actor)
    shown: tuple[CartLineShown, ...] = ()
    quote: Quote | None = None
    estimate: Estimate | None = None
    given: tuple[GivenGoods, ...] = ()
    if cart is not None and cart.lines:
        quote, _ = delivery.priced(context.db, cart, None, "")
        shown = lines_shown(context.db, cart, quote)
        given = delivery.gifts(context.db, cart, None, quote)
        estimate = _estimate(context.db, cart)
    return page(
        "cart",
        gettext("Cart"),
        path="/cart",
        status=status,
        cart=cart if shown else None,
        lines=shown,
        pieces=sum(line.quantity for line in shown),
        quote=quote,
        sums=sums.of_quote(quote) if quote else [],
        gifts=gifts_shown(context.db, given),
        hints=hints.of_quote(quote) if quote else [],
        estimate=estimate,
        blocked=any(line.state in ("short", "out", "gone") for line in shown),
        notice=notice,
        problems=problems or {},
    )


def lines_shown(uow: UnitOfWork, cart: LoadedCart, quote: Quote) -> tuple[CartLineShown, ...]:
    """The cart's lines with their pictures and amounts; the checkout shows them too."""
    found = pictures(uow, [line.media_id for line in cart.lines])
    priced = {line.key: line for line in quote.lines}
    struck = struck_beside(uow, quote.lines)
    return tuple(_shown(line, found, priced.get(line.view.key), struck) for line in cart.lines)


def gifts_shown(uow: UnitOfWork, given: Sequence[GivenGoods]) -> tuple[GiftShown, ...]:
    """What comes along for nothing; no query without gifts."""
    found = pictures(uow, [gift.goods.media_id for gift in given]) if given else {}
    return tuple(
        GiftShown(
            title=gift.goods.title,
            variant_title=gift.goods.variant_title,
            handle=gift.goods.handle,
            picture=found.get(gift.goods.media_id or 0),
            quantity=gift.quantity,
        )
        for gift in given
    )


def _shown(
    line: LoadedLine, found: dict[int, Picture], priced: Any, struck: Mapping[str, int]
) -> CartLineShown:
    view = line.view
    state = {"in": "ok", "few": "few", "backorder": "backorder", "out": "out"}[line.level]
    if not line.for_sale:
        state = "gone"
    elif not line.enough and state != "out":
        state = "short"
    return CartLineShown(
        key=view.key,
        title=view.title,
        variant_title=view.variant_title,
        handle=line.handle,
        picture=found.get(line.media_id or 0),
        quantity=view.quantity,
        unit_price=priced.unit_price if priced else view.unit_price,
        struck=struck.get(view.key),
        total=priced.list_total if priced else None,  # what is taken off stands in the sums
        discount=priced.discount if priced else 0,
        state=state,
        no_return=line.return_class == "no_return",
        ships=view.requires_shipping,
    )


def _estimate(uow: UnitOfWork, cart: LoadedCart) -> Estimate | None:
    """By where the last address was, else by the shop's country; None where nobody can say."""
    if not delivery.needs_shipping(cart):
        return None
    country = str(cart.destination.get("country") or uow.store.config.country)
    division = str(cart.destination.get("division") or "")
    place = Destination(country=country, division=division)
    options = delivery.options(uow, cart, place, exact=False)
    reached = [option for option in options if option.charge is not None]
    if not reached:
        return None
    best = min(reached, key=lambda option: option.charge.amount if option.charge else 0)
    assert best.charge is not None
    return Estimate(
        amount=best.charge.amount,
        title=best.template.title,
        days=best.template.days,
        exact=bool(division),
    )
