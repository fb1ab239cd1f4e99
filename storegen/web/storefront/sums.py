"""A quote as the rows under a cart: every amount with its name and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storegen.values.order_view import OrderView
from storegen.values.pricing import Quote
from storegen.web.context import gettext
from storegen.web.storefront import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """``amount`` in minor units; ``kind``: plain, discount (shown with a minus), delivery, or
    tax (a part of the total, not an addition, where prices include it)."""

    label: str
    amount: int
    note: str = ""
    kind: str = "plain"


def of_quote(quote: Quote) -> list[Sum]:
    """All rows above the total."""
    return list(_of_quote(quote))


def _of_quote(quote: Quote) -> Iterator[Sum]:
    pieces = sum(line.quantity for line in quote.lines)
    yield Sum(label=gettext("Goods (%(pieces)s)", pieces=pieces), amount=quote.goods)
    applied = [x for x in quote.adjustments if x.applied and x.lane in ("unit", "line", "order")]
    for step in applied:
        on_goods = step.amount - int(step.data.get("shipping", 0))  # freight is shown as reduced
        if on_goods:
            title = str(step.data.get("title", ""))
            yield Sum(label=gettext("Discount"), amount=on_goods, note=title, kind="discount")
    if quote.discount and not applied:
        yield Sum(label=gettext("Discount"), amount=-quote.discount, kind="discount")
    for charge in quote.shipping:
        reasons = [
            x.reason
            for x in quote.adjustments
            if x.lane == "shipping" and x.source == charge.method and x.applied
        ]
        yield Sum(
            label=gettext("Delivery: %(method)s", method=charge.title),
            amount=charge.gross if quote.prices_include_tax else charge.net,
            note=words.say(words.FREIGHT_REASONS, reasons[0]) if reasons else "",
            kind="delivery",
        )
    if quote.surcharges_gross:
        amount = quote.surcharges_gross if quote.prices_include_tax else quote.surcharges_net
        titles = [x.data.get("title") for x in quote.adjustments if x.lane == "surcharge"]
        yield Sum(label=gettext("Surcharges"), amount=amount, note=_named(titles))
    for entry in quote.tax_summary:
        if entry.tax:
            yield tax(entry.tax_bp, entry.tax, included=quote.prices_include_tax)


def of_order(order: OrderView) -> list[Sum]:
    return list(_of_order(order))


def _of_order(order: OrderView) -> Iterator[Sum]:
    yield Sum(label=gettext("Goods (%(pieces)s)", pieces=order.pieces), amount=order.goods)
    if order.discount:
        yield Sum(label=gettext("Discount"), amount=-order.discount, kind="discount")
    shipping_net = int(order.quote.get("shipping_net", order.shipping))
    if order.shipping_method:
        yield Sum(
            label=gettext("Delivery: %(method)s", method=order.shipping_title),
            amount=order.shipping if order.prices_include_tax else shipping_net,
            kind="delivery",
        )
    if order.surcharges:
        net = int(order.quote.get("surcharges_net", order.surcharges))
        amount = order.surcharges if order.prices_include_tax else net
        steps = order.quote.get("adjustments", ())
        titles = [x["data"].get("title") for x in steps if x["lane"] == "surcharge"]
        yield Sum(label=gettext("Surcharges"), amount=amount, note=_named(titles))
    for entry in order.quote.get("tax_summary", []):
        if entry["tax"]:
            yield tax(entry["tax_bp"], entry["tax"], included=order.prices_include_tax)


def _named(titles: Iterable[object]) -> str:
    return gettext(", ").join(str(title) for title in titles if title)


def tax(basis_points: int, amount: int, *, included: bool) -> Sum:
    """One rate's tax: 1300 basis points are 13 %."""
    rate = f"{basis_points / 100:g}%"
    label = gettext("Tax %(rate)s, included", rate=rate) if included else gettext(
        "Tax %(rate)s", rate=rate
    )  # fmt: skip
    return Sum(label=label, amount=amount, kind="tax" if included else "plain")
