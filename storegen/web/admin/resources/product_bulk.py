"""Many products at once, shown before they are changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema

from storegen.domain.catalog import bulk_editing, product_editing
from storegen.domain.catalog.bulk_editing import PriceChange, StockChange
from storegen.errors import Invalid
from storegen.values.money import exponent, parse_decimal, to_decimal
from storegen.web.admin import fields, labels
from storegen.web.admin.registry import Ask, Call, Done, Preview, Verb
from storegen.web.context import current, gettext

MOST_PERCENT = 1000
_HOW = tuple(labels.PRICE_CHANGES.items())
_COMPARE = tuple(labels.COMPARE_CHANGES.items())


def _steps(currency: str) -> list[tuple[str, str]]:
    digits = exponent(currency)
    return [(str(10**n), to_decimal(10**n, currency)) for n in range(digits + 2)]


def _price_form(ask: Ask) -> Schema:
    currency = ask.store.config.currency
    return fields.form(
        how=fields.choice("How", _HOW),
        value=fields.text(
            "Amount or percentage", 20, required=True,
            help="-10 lowers by ten, 15 raises by fifteen: percent or amount, as chosen above.",
        ),
        step=fields.choice("Round to", _steps(currency)),
        compare=fields.choice("Compare-at price", _COMPARE),
    )  # fmt: skip


def _price_change(values: Mapping[str, Any], currency: str) -> PriceChange:
    """Raises `Invalid` for a value that does not fit the way, `InvalidAmount` for no number."""
    text = values["value"].replace(" ", "").removeprefix("+").removesuffix("%")
    kind = values["how"]
    # Basis points are hundredths of a percent: a decimal of two digits, whatever the currency.
    value = parse_decimal(text, "CNY" if kind == "percent" else currency)
    if kind == "set" and value < 0:
        raise Invalid({"value": "below-zero"})
    if kind == "percent" and not -100_00 <= value <= MOST_PERCENT * 100:
        raise Invalid({"value": "not-possible"})
    return PriceChange(kind=kind, value=value, step=int(values["step"]), compare=values["compare"])


def _price_preview(ask: Ask, keys: Sequence[str], values: Mapping[str, Any]) -> Preview:
    change = _price_change(values, ask.store.config.currency)
    money = current().money
    return Preview(
        columns=("Variant", "Price now", "New price", "Compare-at price"),
        rows=[
            (
                each.title,
                money(each.before),
                money(each.after),
                "—" if each.compare_at is None else money(each.compare_at),
            )
            for each in bulk_editing.new_prices(ask.uow, keys, change)
        ],
        note=""
        if change.compare != "before"
        else gettext(
            "A struck-through price must be one that was really asked. The price history is kept "
            "as evidence."
        ),
    )


def _set_prices(call: Call) -> Done:
    change = _price_change(call.values, call.store.config.currency)
    count = call.store.transact(
        lambda uow: bulk_editing.set_prices(uow, call.actor, call.keys, change)
    )
    return Done(said="%(count)s prices are changed.", values={"count": count})


def _stock_form(ask: Ask) -> Schema:
    return fields.form(
        how=fields.choice("How", (("set", "Set to this many"), ("add", "Add this many"))),
        value=fields.number("Units", -(10**6), 10**7),
    )


def _stock_change(values: Mapping[str, Any]) -> StockChange:
    if values["how"] == "set" and values["value"] < 0:
        raise Invalid({"value": "below-zero"})
    return StockChange(kind=values["how"], value=values["value"])


def _stock_preview(ask: Ask, keys: Sequence[str], values: Mapping[str, Any]) -> Preview:
    changed = bulk_editing.new_levels(ask.uow, keys, _stock_change(values))
    if any(each.after < 0 for each in changed):
        raise Invalid({"value": "below-zero"})
    return Preview(
        columns=("Variant", "On hand now", "Then"),
        rows=[(each.title, str(each.before), str(each.after)) for each in changed],
        note=gettext("Variants whose stock is not counted are left out."),
    )


def _set_levels(call: Call) -> Done:
    change = _stock_change(call.values)
    count = call.store.transact(
        lambda uow: bulk_editing.set_levels(uow, call.actor, call.keys, change)
    )
    return Done(said="The stock of %(count)s variants is changed.", values={"count": count})


def _set_status(call: Call) -> Done:
    status = call.values["status"]
    count = call.store.transact(
        lambda uow: bulk_editing.set_status(uow, call.actor, call.keys, status)
    )
    return Done(said="%(count)s products are changed.", values={"count": count})


VERBS = (
    Verb(
        name="price",
        title="Change prices",
        permission="products.edit",
        schema=_price_form,
        initial=lambda _: {"how": "percent", "step": "1", "compare": "keep"},
        preview=_price_preview,
        run=_set_prices,
    ),
    Verb(
        name="stock",
        title="Change stock",
        permission="products.edit",
        schema=_stock_form,
        preview=_stock_preview,
        run=_set_levels,
    ),
    Verb(
        name="status",
        title="Change the state",
        permission="products.edit",
        schema=lambda _: fields.form(
            status=fields.choice(
                "State", [(code, labels.STATES[code][0]) for code in product_editing.STATUSES]
            )
        ),
        run=_set_status,
    ),
)
