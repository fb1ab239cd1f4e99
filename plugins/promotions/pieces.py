"""Pieces of the shop's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen_plugins.promotions import reading
from storegen_plugins.promotions.activities import STOCK_TAG, TAG, published

from storegen.sdk import SlotPiece, SlotView

_NOTICES = 5


def head(view: SlotView) -> Mapping[str, Any] | None:
    """Style and script, while there is something to be shown with them."""
    return {} if published(view.uow) else None


def price(view: SlotView) -> Mapping[str, Any] | None:
    """The best price of the product now, with the end of it."""
    product = view.args["product"]
    shown = _Priced(product)
    tag = reading.tags(view.uow, [shown], view.locale).get(shown.id)
    return None if tag is None else {"tag": tag, "expires": reading.changes_at(view.uow)}


def card(view: SlotView) -> Mapping[int, Mapping[str, Any]]:
    """A badge on cards of products that have a lower price now."""
    found = reading.tags(view.uow, view.args["products"], view.locale)
    expires = reading.changes_at(view.uow) if found else None
    return {product: {"tag": tag, "expires": expires} for product, tag in found.items()}


def buy(view: SlotView) -> Mapping[str, Any] | None:
    """What the product takes part in."""
    product_id = view.args["product_id"]
    found = reading.notices(view.uow, view.locale, product_id, _NOTICES)
    if not found:
        return None
    return {"notices": found, "expires": reading.changes_at(view.uow)}


def home(view: SlotView) -> Mapping[str, Any] | None:
    """The flash sale of the hour."""
    sale = reading.strip(view.uow, view.locale)
    return None if sale is None else {"sale": sale, "expires": reading.changes_at(view.uow)}


class _Priced:
    """A product page's product with the prices of its variants, as cards have them."""

    def __init__(self, product: Any) -> None:
        prices = [variant.price for variant in product.variants]
        self.id: int = product.id
        self.price_min: int = min(prices, default=0)
        self.price_max: int = max(prices, default=0)


_TAGS = (TAG, STOCK_TAG)
SLOTS = (
    SlotPiece(slot="head", template="head.html", load=head, tags=(TAG,)),
    SlotPiece(slot="product.price", template="price.html", load=price, order=10, tags=_TAGS),
    SlotPiece(slot="listing.card", template="card.html", load=card, order=10, tags=_TAGS),
    SlotPiece(slot="product.buy", template="buy.html", load=buy, order=20, tags=(TAG,)),
    SlotPiece(slot="home.top", template="home.html", load=home, order=10, tags=_TAGS),
)
