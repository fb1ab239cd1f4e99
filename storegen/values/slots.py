"""Every slot: a named place in a page where plugins add a piece.

``docs/reference/slots.md`` is written from this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Slot:
    """``args``: name → what the piece is given. ``public`` pages are shared by all readers.

    ``anchor``: what a ``personal`` piece of a public page is told in the fragment request: the
    ``page``, or the ``product`` (as ``product_id``); "" where a personal piece makes no sense.
    ``each``: the slot stands once beside each product of a list, and the piece is loaded once for
    all of them: ``load`` returns product id → values, without the products that it has nothing for.
    """

    where: str
    public: bool
    args: dict[str, str]
    anchor: Literal["", "page", "product"] = ""
    each: bool = False


_PAGE = {"page": "which page: home, listing, search, product, page, plugin, cart, checkout ..."}
_PRODUCT = {
    "product": "the product as the page shows it; not there for a personal piece",
    "product_id": "its internal id",
    "variant_ids": "internal ids of its variants",
}
_CARDS = {
    "products": "all cards of the list; not there for a personal piece",
    "product_ids": "their internal ids",
}
_LIST = {"products": "the cards of this page of the list", "page": "listing or search"}
_CART = {
    "cart": "the CartView that was priced; None while the cart is empty",
    "quote": "its Quote; None while the cart is empty",
    "page": "cart or checkout",
}
_ORDER = {"order": "the OrderView of the page", "order_id": "its internal id"}

SLOTS: dict[str, Slot] = {
    "head": Slot("end of the `head` of every shop page", True, _PAGE),
    "shell.top": Slot("above the header of every shop page", True, _PAGE, "page"),
    "shell.tools": Slot("header of every shop page, beside the cart", True, _PAGE, "page"),
    "shell.bottom": Slot("below the content of every shop page", True, _PAGE, "page"),
    "footer": Slot("in the footer of every shop page", True, _PAGE, "page"),
    "home.top": Slot("home page, before its sections", True, _PAGE, "page"),
    "home.bottom": Slot("home page, after its sections", True, _PAGE, "page"),
    "listing.top": Slot("category and search, above the products", True, _LIST, "page"),
    "listing.card": Slot("on each product card, wherever it is", True, _CARDS, "product", True),
    "listing.bottom": Slot("category and search, below the products", True, _LIST, "page"),
    "product.price": Slot("product page, below the price", True, _PRODUCT, "product"),
    "product.buy": Slot("product page, below the buy button", True, _PRODUCT, "product"),
    "product.details": Slot("product page, below the description", True, _PRODUCT, "product"),
    "cart.top": Slot("cart, above the lines", False, _CART),
    "cart.summary": Slot("cart, in the summary, above the sums", False, _CART),
    "cart.bottom": Slot("cart, below everything", False, _CART),
    "checkout.top": Slot("checkout, above the form", False, _CART),
    "checkout.payment": Slot("checkout, above the ways to pay", False, _CART),
    "checkout.summary": Slot("checkout, above the sums", False, _CART),
    "order.top": Slot("order page, below its state", False, _ORDER),
    "order.lines": Slot("order page, below its lines", False, _ORDER),
    "order.bottom": Slot("order page, below everything", False, _ORDER),
    "account.menu": Slot(
        "account, in its menu: one or more <li>", False, {"here": "path of the page shown"}
    ),
    "account.overview": Slot("account, on its first page", False, {}),
    "account.settings": Slot("account, on its settings page", False, {}),
    "sign_in.bottom": Slot("sign-in and registration, below the form", False, {}),
    "admin.dashboard": Slot("back office, on its first page", False, {}),
    "admin.product": Slot("back office, below a product", False, {"product_id": "internal id"}),
    "admin.order": Slot("back office, below an order", False, {"order_id": "internal id"}),
    "admin.customer": Slot("back office, below a customer", False, {"customer_id": "internal id"}),
}
