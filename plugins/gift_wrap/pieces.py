"""The form in the cart, and what staff and customer read with the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen_plugins.gift_wrap import wishes

from storegen.sdk import SlotPiece, SlotView


def form(view: SlotView) -> Mapping[str, Any] | None:
    cart = view.args["cart"]
    if cart is None:
        return None
    settings = view.setup.settings
    return {
        "wanted": wishes.wanted(cart.attributes),
        "message": cart.attributes.get(f"{wishes.PLUGIN}.{wishes.MESSAGE}", ""),
        "most": settings["message_length"],
        "price": wishes.price_of(settings, cart.currency),
    }


def wish(view: SlotView) -> Mapping[str, Any] | None:
    message = wishes.of_order(view.uow, view.args["order_id"])
    return None if message is None else {"message": message}


SLOTS = (
    SlotPiece(slot="cart.summary", template="form.html", load=form, order=40),
    SlotPiece(slot="order.lines", template="wish.html", load=wish),
    SlotPiece(slot="admin.order", template="admin.html", load=wish, permission="orders.view"),
)
