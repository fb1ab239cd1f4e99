"""Pieces of the shop's own pages: product, cart, account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import has_request_context, request
from storegen_plugins.coupons import reading
from storegen_plugins.coupons.campaigns import CENTRE
from storegen_plugins.coupons.choosing import CartCoupons, in_cart
from storegen_plugins.coupons.refusals import SENTENCES
from storegen_plugins.coupons.words import say

from storegen.sdk import SlotPiece, SlotView

ON_PRODUCT = 3


def on_product(view: SlotView) -> Mapping[str, Any] | None:
    """The coupons that cover this product, to be claimed there and then; public."""
    found = [
        one
        for one in reading.offered(view.uow, view.locale, product_id=view.args["product_id"])
        if not one.gone and not one.opens
    ]
    if not found:
        return None
    return {
        "offered": found[:ON_PRODUCT],
        "more": len(found) > ON_PRODUCT,
        "expires": reading.next_change(view.uow),
    }


def in_summary(view: SlotView) -> Mapping[str, Any] | None:
    """The cart's coupons: what applies, what else could, what is missing for a better one, and a
    field for codes."""
    cart, quote = view.args.get("cart"), view.args.get("quote")
    if cart is None or quote is None:
        return None
    found: CartCoupons = in_cart(view.uow, view.locale, cart, quote)
    return {
        "coupons": found,
        "signed_in": view.customer_id is not None,
        "said": _said(view.locale),
    }


def _said(locale: str) -> str:
    """What the code that was just typed came to: the form's answer leads back to the cart."""
    reason = request.args.get("coupon", "") if has_request_context() else ""
    return say(locale, SENTENCES[reason]) if reason in SENTENCES else ""


def in_account_menu(view: SlotView) -> Mapping[str, Any] | None:
    if view.customer_id is None:
        return None
    return {
        "count": reading.usable_count(view.uow, view.customer_id),
        "here": view.args.get("here", ""),
    }


def in_centre(view: SlotView) -> Mapping[str, Any] | None:
    """What the reader of the claim centre has already; arrives after the page, which knows
    nobody. Its place is in the centre's own template, and on the home page it says nothing."""
    if view.args.get("page") != "centre" or view.customer_id is None:
        return None
    found = reading.wallet(view.uow, view.customer_id, view.locale)
    return {"held": found[:6], "count": len(found)} if found else None


SLOTS = (
    SlotPiece(slot="home.bottom", template="mine.html", load=in_centre, personal=True),
    SlotPiece(slot="product.buy", template="product.html", load=on_product, tags=(CENTRE,)),
    SlotPiece(slot="cart.summary", template="cart.html", load=in_summary),
    SlotPiece(slot="checkout.summary", template="checkout.html", load=in_summary),
    SlotPiece(slot="account.menu", template="menu.html", load=in_account_menu, order=50),
)
"""The first one's number is in ``templates/coupons/centre.html``."""
