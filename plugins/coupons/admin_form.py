"""The form of a campaign, and the terms that come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storegen_plugins.coupons.campaigns import one, terms_of
from storegen_plugins.coupons.rules import CHANNELS as SALES_CHANNELS
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.terms import Terms

from storegen.sdk import Schema, ValidationError, fields
from storegen.sdk import web as sdk
from storegen.sdk.lookups import find, named

KIND_TITLES = (
    ("money", "Money off"),
    ("percent", "Percentage off"),
    ("shipping", "Free delivery"),
    ("exchange", "One piece of a product free"),
)
CHANNEL_TITLES = (
    ("claim", "Claimed by customers"),
    ("register", "At registration"),
    ("birthday", "For a birthday"),
    ("code", "By code"),
    ("gift", "After an order"),
    ("staff", "Given by staff"),
    ("game", "By games and other campaigns"),
)
_SCOPES = (
    ("all", "Everything"),
    ("categories", "These categories"),
    ("products", "These products"),
)
_VALIDITIES = (
    ("days", "Days from the day it is given"),
    ("next_day", "Days from the next day on"),
    ("fixed", "From one day to another"),
)
_CHANNEL_NAMES = (
    ("web", "Website"),
    ("mini_program", "Mini program"),
    ("official_account", "Official account"),
    ("api", "API"),
)
_words = sdk.Words("coupons")
assert tuple(code for code, _ in _CHANNEL_NAMES) == SALES_CHANNELS


class Things(fields.Field[tuple[int, ...]]):
    """Products by handle or categories by slug, one a line or with commas; internal ids inside."""

    def __init__(self, ask: sdk.Ask, kind: Any, **more: Any) -> None:
        super().__init__(load_default=(), **more)
        self.ask, self.kind = ask, kind

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        known = named(self.ask.uow, self.kind, value or ())
        return ", ".join(each.where for each in known.values())

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[int, ...]:
        text = str(value)
        for sign in "，、;；\n\r":
            text = text.replace(sign, ",")
        wanted = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
        if len(wanted) > 500:
            raise ValidationError(_words.gettext("At most 500, please."))
        known = find(self.ask.uow, self.kind, wanted)
        there = {each.where for each in known.values()} | {x.public_id for x in known.values()}
        for word in wanted:
            if word not in there:
                raise ValidationError(
                    _words.gettext("“%(word)s” is not known here.", word=word[:60])
                )
        return tuple(known)


class Day(fields.Field[Any]):
    """A day in the shop's zone, typed as ``2026-03-01``; its beginning, or its end (``last``)."""

    def __init__(self, ask: sdk.Ask, *, last: bool = False, **more: Any) -> None:
        super().__init__(load_default=None, allow_none=True, **more)
        self.zone, self.last = ZoneInfo(ask.store.config.timezone), last

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        if value is None:
            return ""
        local = value.astimezone(self.zone) - timedelta(days=1 if self.last else 0)
        return str(local.date().isoformat())

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        text = str(value).strip()
        if not text:
            return None
        try:
            day = date.fromisoformat(text) + timedelta(days=1 if self.last else 0)
        except (ValueError, OverflowError):
            raise ValidationError(_words.gettext("Please type a day such as 2026-03-01.")) from None
        return datetime.combine(day, time.min, tzinfo=self.zone)


def campaign_form(ask: sdk.Ask) -> Schema:
    """All of a campaign in one form; what does not belong to its kind is left as it is."""
    inputs, currency = sdk.inputs, ask.store.config.currency
    return inputs.form(
        name=inputs.text("Name for staff", 120, required=True),
        titles=inputs.texts("Name for customers", ("zh", "en"), 120),
        kind=inputs.choice("What it does", KIND_TITLES),
        amount=inputs.money("Money off", currency, empty=True),
        percent_bp=inputs.percent(
            "Percentage off", help="20 takes a fifth off (8 折). 0 for other kinds."
        ),
        cap=inputs.money(
            "At most", currency, empty=True, help="For percentages and free delivery."
        ),
        min_amount=inputs.money("From this amount on", currency, empty=True),
        min_pieces=inputs.number("From this number of pieces on", 1, 10**6, empty=True),
        scope=inputs.choice("For", _SCOPES),
        categories=Things(
            ask,
            "category",
            metadata={"title": "Categories", "help": "The last part of their addresses."},
        ),
        products=Things(
            ask,
            "product",
            metadata={
                "title": "Products",
                "help": "The last part of their addresses. Of a free product, one of these.",
            },
        ),
        excluded=Things(ask, "product", metadata={"title": "Never for these products"}),
        channels=inputs.several("Sales channels", _CHANNEL_NAMES, help="None ticked: everywhere."),
        stackable=inputs.flag("May be used together with other coupons"),
        alone=inputs.flag("Not together with any other promotion"),
        new_customers=inputs.flag("For a first order only"),
        back_after_refund=inputs.flag("Given back when the whole order is refunded"),
        channel=inputs.choice("How it is given", CHANNEL_TITLES),
        gift_from=inputs.money("After orders from this amount on", currency, empty=True),
        total=inputs.number("How many in all", 1, 10**9, empty=True, help="Empty: no end."),
        per_customer=inputs.number("How many per customer", 1, 10**6, empty=True),
        per_day=inputs.number("How many per customer and day", 1, 10**6, empty=True),
        claim_from=Day(ask, metadata={"title": "To be had from", "widget": "date"}),
        claim_until=Day(ask, last=True, metadata={"title": "until and with", "widget": "date"}),
        validity=inputs.choice("Good for", _VALIDITIES),
        days=inputs.number("Days", 1, 3650, empty=True),
        valid_from=Day(ask, metadata={"title": "Good from", "widget": "date"}),
        valid_until=Day(
            ask, last=True, metadata={"title": "Good until and with", "widget": "date"}
        ),
        listed=inputs.flag("Shown in the claim centre and on product pages"),
    )


def initial(ask: sdk.Ask) -> Mapping[str, Any]:
    """A new campaign as most begin; one that is there as it is."""
    if not ask.key:
        return {
            "kind": "money",
            "percent_bp": 0,
            "scope": "all",
            "channel": "claim",
            "per_customer": 1,
            "validity": "days",
            "days": 30,
            "listed": True,
            "back_after_refund": True,
        }
    row = one(ask.uow, ask.key)
    terms = terms_of(row)
    rules = terms.rules
    return {
        "name": row.name,
        **{name: getattr(rules, name) for name in _OF_RULES},
        "amount": rules.amount or None,
        "titles": dict(rules.titles),
        "channels": list(rules.channels),
        **{name: getattr(terms, name) for name in _OF_TERMS},
        "gift_from": terms.gift_from or None,
    }


def terms_from(given: Mapping[str, Any]) -> Terms:
    """What was typed, as terms; `Terms.check` judges them."""
    rules: dict[str, Any] = {name: given[name] for name in _OF_RULES}
    rules.update(
        titles=given["titles"],
        amount=given["amount"] or 0,
        channels=tuple(given["channels"]),
    )
    terms: dict[str, Any] = {name: given[name] for name in _OF_TERMS}
    terms["gift_from"] = given["gift_from"] or 0
    terms["days"] = given["days"] or 0
    return Terms(rules=Rules(**rules), **terms)


_OF_RULES = (
    "kind",
    "percent_bp",
    "cap",
    "min_amount",
    "min_pieces",
    "scope",
    "categories",
    "products",
    "excluded",
    "stackable",
    "alone",
    "new_customers",
    "back_after_refund",
)
_OF_TERMS = (
    "channel",
    "total",
    "per_customer",
    "per_day",
    "claim_from",
    "claim_until",
    "validity",
    "valid_from",
    "valid_until",
    "days",
    "listed",
)
