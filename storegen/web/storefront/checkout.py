"""The checkout: one page, one form, and the order that comes of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from flask import Blueprint, request
from flask.wrappers import Response

from storegen.domain import limits, settings
from storegen.domain.carts.loading import LoadedCart, load
from storegen.domain.idempotency import Answer, Key, once
from storegen.domain.orders.placing import PlaceOrder, place
from storegen.domain.people import addresses
from storegen.errors import (
    Conflict,
    EmptyCart,
    Invalid,
    KeyReused,
    NoDelivery,
    NotForSale,
    OfferEnded,
    PluginFault,
    PriceChanged,
    Refused,
    ShopClosed,
    SoldOut,
    StillRunning,
    StoreError,
)
from storegen.models import random_id
from storegen.uow import UnitOfWork
from storegen.web import guards
from storegen.web.context import Context, current, gettext
from storegen.web.storefront import checkout_state, hints, sums
from storegen.web.storefront.cart import gifts_shown, lines_shown
from storegen.web.storefront.checkout_state import CheckoutState, Confirmed
from storegen.web.storefront.forms import Form
from storegen.web.storefront.paying import begin
from storegen.web.storefront.personal import go, page
from storegen.web.storefront.words import refusal

blueprint = Blueprint("shop_checkout", __name__)
log = logging.getLogger(__name__)
_KEY = re.compile(r"[a-z0-9]{26}")
_TOTAL = re.compile(r"[0-9]{1,15}", re.ASCII)
_MOST = 2000


@blueprint.get("/checkout")
def show() -> Response:
    context = current()
    refused = _guests_refused(context)
    if refused is not None:
        return refused
    cart = _cart(context)
    if cart is None:
        return go(context.urls.cart())
    return _page(checkout_state.build(context, cart, {}))


@blueprint.post("/checkout")
def submit() -> Response:
    """A step (``step``: the form again, further along), or the order itself."""
    guards.check_token()
    context = current()
    refused = _guests_refused(context)
    if refused is not None:
        return refused
    values = {name: text.strip()[:_MOST] for name, text in request.form.items()}
    cart = _cart(context)
    if cart is None:
        return _ordered_already(context, values)
    state = checkout_state.build(context, cart, values)
    if values.get("step"):
        return _page(state)
    if values.get("country_shown", state.address.country) != state.address.country:
        return _page(state)  # another country has other fields
    confirmed, problems = checkout_state.check(context, state)
    if state.ships and not problems and not state.ready:
        problems["method"] = "required"
    if confirmed is None or problems:
        return _page(state, problems=problems, status=422)
    if values.get("method", state.method) != state.method:
        notice = gettext("That delivery does not reach your address. Please choose again.")
        return _page(state, notice=notice, status=409)
    if not _TOTAL.fullmatch(values.get("expected_total", "")):
        notice = gettext("This is the total with delivery. Please look at it and order.")
        return _page(state, notice=notice)
    if not _KEY.fullmatch(values.get("key", "")):
        return _page(state, notice=gettext("Please confirm once more."), status=409)
    shown = {kind: values.get(f"version-{kind}", "") for kind in state.texts}
    if shown != dict(state.texts):
        notice = gettext("Our terms have just changed. Please read them and confirm again.")
        return _page(state, notice=notice, status=409)
    return _place(context, state, confirmed)


def _place(context: Context, state: CheckoutState, confirmed: Confirmed) -> Response:
    actor, store = context.actor, context.store
    limits.count(store, ("place-order", limits.network_of(actor.network)))
    command = PlaceOrder(
        expected_total=int(state.value("expected_total")),
        cart=state.cart.public_id,
        name=confirmed.name,
        phone=confirmed.phone,
        email=confirmed.email,
        address=confirmed.address,
        shipping_method=state.method,
        payment_provider=state.payment,
        note=state.value("note"),
        consents=state.texts,
        acknowledged=frozenset(
            line.view.key for line in state.cart.lines if state.value(f"ack-{line.view.key}")
        ),
    )

    def work(uow: UnitOfWork, answer: Answer) -> None:
        place(
            uow,
            actor,
            command,
            lambda placed: answer({"order_id": placed.order_id, "token": placed.token}),
        )

    try:
        answer = once(store, _key(context, state.values), _body(state.values), work)
    except StoreError as error:
        return _refused(context, state.values, error)
    if actor.customer_id is not None and state.value("save") == "yes" and confirmed.address:
        _keep_address(context, confirmed)
    return begin(context, answer["order_id"], answer["token"], state.payment)


def _refused(context: Context, values: Mapping[str, str], error: StoreError) -> Response:
    """Nothing was ordered: the page again, with what is in the way where it belongs."""
    context.refresh()
    cart = _cart(context)
    if cart is None or isinstance(error, EmptyCart):
        return go(context.urls.cart())
    state = checkout_state.build(context, cart, values)
    line_errors: dict[str, str] = {}
    problems: dict[str, str] = {}
    notice = refusal(error)
    match error:
        case SoldOut():
            gone = {variant for variant, _ in error.lines}
            line_errors = _by_variant(cart, gone, notice)
        case NotForSale() | OfferEnded():
            line_errors = _by_variant(cart, {error.variant}, notice)
        case NoDelivery():
            problems = {"method": "required"}
        case Invalid():
            from storegen.web.storefront.forms import flat

            problems = {
                name.replace("acknowledged-", "ack-"): code
                for name, code in flat(error.problems).items()
            }
        case PriceChanged() | Conflict() | ShopClosed() | KeyReused() | StillRunning():
            pass
        case Refused() | PluginFault():
            pass
        case _:
            raise error
    keep = isinstance(error, StillRunning)
    return _page(
        state,
        notice=notice,
        problems=problems,
        line_errors=line_errors,
        status=error.status,
        key=values.get("key", "") if keep else "",
    )


def _by_variant(cart: LoadedCart, variants: set[str], text: str) -> dict[str, str]:
    return {line.view.key: text for line in cart.lines if line.view.variant in variants}


def _ordered_already(context: Context, values: Mapping[str, str]) -> Response:
    """The second click of a double click finds the cart ordered: it gets the first one's order."""

    def nothing(uow: UnitOfWork, answer: Answer) -> None:
        raise EmptyCart

    if not _KEY.fullmatch(values.get("key", "")) or values.get("step"):
        return go(context.urls.cart())
    try:
        answer = once(context.store, _key(context, values), _body(values), nothing)
    except (EmptyCart, KeyReused, StillRunning):
        return go(context.urls.cart())
    return begin(context, answer["order_id"], answer["token"], values.get("payment", ""))


def _key(context: Context, values: Mapping[str, str]) -> Key:
    session = context.session
    assert session is not None  # the token was checked
    return Key(principal=f"session:{session.id}", endpoint="checkout", key=values["key"])


def _body(values: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name != "csrf"}


def _keep_address(context: Context, confirmed: Confirmed) -> None:
    """A full book or the like must not spoil an order that is placed."""
    address = confirmed.address
    assert address is not None
    try:
        context.store.transact(
            lambda uow: addresses.add_address(
                uow, context.actor, address.country, address.to_dict()
            )
        )
    except StoreError as error:
        log.info("an address was not kept: %s", error.code)


def _cart(context: Context) -> LoadedCart | None:
    """The visitor's cart, unless there is nothing in it that can be bought."""
    cart = load(context.db, context.actor)
    return cart if cart is not None and cart.lines else None


def _guests_refused(context: Context) -> Response | None:
    if settings.load(context.db).checkout.guests or context.actor.customer_id is not None:
        return None
    return go(context.urls.account("sign-in") + "?next=" + context.urls.checkout())


def _page(
    state: CheckoutState,
    *,
    problems: Mapping[str, str] | None = None,
    notice: str = "",
    line_errors: Mapping[str, str] | None = None,
    status: int = 200,
    key: str = "",
) -> Response:
    context = current()
    lines = lines_shown(context.db, state.cart, state.quote)
    stuck = {
        line.key: _stuck(line.state) for line in lines if line.state in ("short", "out", "gone")
    }
    return page(
        "shop/checkout",
        gettext("Checkout"),
        path="/checkout",
        status=status,
        state=state,
        form=Form(state.values, problems or {}),
        lines=lines,
        line_errors={**stuck, **(line_errors or {})},
        gifts=gifts_shown(context.db, state.gifts),
        hints=hints.of_quote(state.quote),
        sums=sums.of_quote(state.quote),
        notice=notice,
        countries=checkout_state.countries(context),
        key=key or random_id(26),
    )


def _stuck(state: str) -> str:
    code = "not-for-sale" if state == "gone" else "sold-out"
    from storegen.web.sentences import SENTENCES

    return gettext(SENTENCES[code])
