"""Every slot: a named place in a page where plugins add a piece.

``docs/reference/slots.md`` is written from this list.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """``args``: name → what the piece is given. ``public`` pages are shared by all readers."""

    where: str
    public: bool
    args: dict[str, str]


_PRODUCT = {"product": "the ProductView of the page", "variant_ids": "internal ids of its variants"}
_CARD = {"product": "the card's product: id, handle, title, price"}
_CART = {"cart": "the CartView that was priced", "quote": "its Quote"}
_ORDER = {"order": "the OrderView of the page"}

SLOTS: dict[str, Slot] = {
    "head": Slot("end of <head> of every shop page", True, {"page": "home, product, listing ..."}),
    "shell.top": Slot("above the header of every shop page", True, {"page": "as in head"}),
    "shell.bottom": Slot("below the content of every shop page", True, {"page": "as in head"}),
    "home.top": Slot("home page, before its sections", True, {}),
    "home.bottom": Slot("home page, after its sections", True, {}),
    "listing.top": Slot("listing and search, above the products", True, {"products": "the cards"}),
    "listing.card": Slot("on each product card", True, _CARD),
    "listing.bottom": Slot(
        "listing and search, below the products", True, {"products": "the cards"}
    ),
    "product.price": Slot("product page, beside the price", True, _PRODUCT),
    "product.buy": Slot("product page, below the buy button", True, _PRODUCT),
    "product.details": Slot("product page, below the description", True, _PRODUCT),
    "cart.top": Slot("cart, above the lines", False, _CART),
    "cart.summary": Slot("cart, above the sums", False, _CART),
    "cart.bottom": Slot("cart, below everything", False, _CART),
    "checkout.top": Slot("checkout, above the form", False, _CART),
    "checkout.payment": Slot("checkout, above the ways to pay", False, _CART),
    "checkout.summary": Slot("checkout, above the sums", False, _CART),
    "order.top": Slot("order page, below its state", False, _ORDER),
    "order.lines": Slot("order page, below its lines", False, _ORDER),
    "order.bottom": Slot("order page, below everything", False, _ORDER),
    "account.menu": Slot("account, in its menu", False, {}),
    "account.overview": Slot("account, on its first page", False, {}),
    "footer": Slot("footer of every shop page", True, {"page": "as in head"}),
    "admin.dashboard": Slot("back office, on its first page", False, {}),
    "admin.product": Slot("back office, beside a product", False, {"product_id": "internal id"}),
    "admin.order": Slot("back office, beside an order", False, {"order_id": "internal id"}),
    "admin.customer": Slot("back office, beside a customer", False, {"customer_id": "internal id"}),
}
