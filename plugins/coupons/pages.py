"""The claim centre, the wallet, and the forms of both and of the cart."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from storegen_plugins.coupons import codes, entering, giving, issuing, reading
from storegen_plugins.coupons.campaigns import CENTRE
from storegen_plugins.coupons.pricing import NONE

from storegen.sdk import Invalid, Refused, TooMany, count_limit
from storegen.sdk import web as sdk
from storegen.sdk.carts import set_attribute

pages = sdk.Pages("coupons", __name__)
words = sdk.Words("coupons")
CLAIMS, WINDOW = 20, 600
"""Claims that one customer may try in ten minutes."""


@pages.get("")
def centre() -> sdk.Response:
    """Public: what can be claimed. What the reader has already arrives in the fragment."""
    context = sdk.current()
    return sdk.page(
        "centre.html",
        title=words.gettext("Coupons"),
        description=words.gettext("Coupons of this shop: claim one and save on your order."),
        tags=[CENTRE],
        offered=reading.offered(context.db, context.locale),
    )


@pages.post("/claim/<campaign>")
def claim(campaign: str) -> sdk.Response:
    """From public pages, which hold no token: the origin is the guard."""
    context = sdk.current()
    actor = context.actor
    back = sdk.safe_next(sdk.request.form.get("next", ""), sdk.url_for("coupons", "centre"))
    if actor.customer_id is None:
        address = context.urls.account("sign-in")
        return sdk.go(f"{address}?{urlencode({'next': back})}")
    try:
        sdk.transact(lambda uow: count_limit(uow, f"claim:{actor.customer_id}", CLAIMS, WINDOW))
        made = sdk.transact(lambda uow: issuing.claim(uow, actor, campaign))
    except Refused as error:
        return _said(error.message, back, status=error.status)
    return sdk.go(f"{sdk.url_for('coupons', 'mine')}?{urlencode({'new': made.public_id})}")


@pages.get("/codes/<batch>.csv")
def codes_file(batch: str) -> sdk.Response:
    """For staff who may: the codes of a batch, streamed."""
    actor = sdk.require_permission(codes.EXPORT)
    context = sdk.current()
    context.refresh()
    lines = codes.exported(context.store, actor, batch)
    response = sdk.Response(lines, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="codes-{batch}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.get("/mine")
@sdk.signed_in
def mine() -> sdk.Response:
    """The wallet: usable, used, over."""
    return _wallet()


@pages.post("/mine/code")
@sdk.signed_in
def redeem() -> sdk.Response:
    """A code becomes a coupon in the wallet."""
    context = sdk.current()
    actor, store = context.actor, context.store
    text = sdk.request.form.get("code", "")[:80]
    context.refresh()
    try:
        entering.count_try(store, actor)
        made = sdk.transact(lambda uow: entering.put_into_wallet(uow, actor, text))
    except Refused as error:
        return _wallet(problem=error.message, typed=text, status=error.status)
    return sdk.go(f"{sdk.url_for('coupons', 'mine')}?{urlencode({'new': made.public_id})}")


@pages.post("/mine/birthday")
@sdk.signed_in
def tell_birthday() -> sdk.Response:
    actor = sdk.current().actor
    month, day = (_number(sdk.request.form.get(name, "")) for name in ("month", "day"))
    try:
        sdk.transact(lambda uow: giving.tell_birthday(uow, actor, month, day))
    except Invalid:
        return _wallet(
            birthday_problem=words.gettext("There is no such day. Please choose again."),
            status=422,
        )
    return sdk.go(sdk.url_for("coupons", "mine"))


@pages.post("/cart/code")
def cart_code() -> sdk.Response:
    """A code typed in the cart, or taken out of it."""
    sdk.check_form()
    context = sdk.current()
    actor, store = context.ensure_session(), context.store
    text = sdk.request.form.get("code", "")[:80]
    context.refresh()
    if sdk.request.form.get("action") == "remove":
        sdk.transact(lambda uow: entering.take_out_of_cart(uow, actor, text))
        return _to_cart()
    try:
        entering.count_try(store, actor)
        sdk.transact(lambda uow: entering.put_into_cart(uow, actor, text))
    except Refused as error:
        return _to_cart(error.reason.partition(":")[2])
    except TooMany:
        return _to_cart("too-many")
    return _to_cart()


@pages.post("/cart/choice")
@sdk.signed_in
def cart_choice() -> sdk.Response:
    """Which coupons to use: the best (empty), none, or those that were ticked."""
    actor = sdk.current().actor
    chosen = [one[:32] for one in sdk.request.form.getlist("coupon") if one]
    value = NONE if NONE in chosen else ",".join(dict.fromkeys(chosen))[:500]
    sdk.transact(lambda uow: set_attribute(uow, actor, "coupons", "choice", value))
    return _to_cart()


def _to_cart(reason: str = "") -> sdk.Response:
    """Back to the cart; ``reason`` is said beside the field."""
    query = f"?{urlencode({'coupon': reason})}" if reason else ""
    return sdk.go(f"{sdk.current().urls.cart()}{query}#coupons")


def _wallet(status: int = 200, **values: Any) -> sdk.Response:
    context = sdk.current()
    customer_id = context.actor.customer_id
    assert customer_id is not None  # the view's guard saw to it
    asked = sdk.request.args.get("tab", "usable")
    tab: reading.Tab = "used" if asked == "used" else "over" if asked == "over" else "usable"
    return sdk.page(
        "wallet.html",
        title=words.gettext("Your coupons"),
        inside="account",
        status=status,
        tab=tab,
        held=reading.wallet(context.db, customer_id, context.locale, tab),
        new=sdk.request.args.get("new", "")[:32],
        birthdays=reading.has_birthdays(context.db),
        birthday=reading.birthday_of(context.db, customer_id),
        **{"problem": "", "typed": "", "birthday_problem": "", **values},
    )


def _said(message: str, back: str, *, status: int) -> sdk.Response:
    return sdk.page(
        "said.html",
        title=words.gettext("Coupons"),
        status=status,
        message=message,
        back=back,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
