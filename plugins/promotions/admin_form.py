"""One form per kind of activity, and the terms that come out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from storegen_plugins.promotions.activities import one, schedule_of
from storegen_plugins.promotions.rules import (
    CHANNELS,
    KINDS,
    Item,
    Kind,
    Rules,
    Tier,
)
from storegen_plugins.promotions.schedule import Schedule

from storegen.sdk import Invalid, Schema, ValidationError, fields
from storegen.sdk import web as sdk
from storegen.sdk.lookups import find, named, variants_of

KIND_TITLES: tuple[tuple[Kind, str], ...] = (
    ("amount_off", "Money off from an amount"),
    ("percent_off", "Percentage off from an amount or number"),
    ("gift", "Gift with purchase"),
    ("timed", "Timed prices"),
    ("flash", "Flash sale"),
    ("bundle", "Bundle price"),
    ("n_for_m", "More for the price of fewer"),
    ("shipping", "Free shipping"),
)
_SCOPES = (
    ("all", "Everything"),
    ("categories", "These categories"),
    ("products", "These products"),
)
_CHANNEL_TITLES = (
    ("web", "Website"),
    ("mini_program", "Mini program"),
    ("official_account", "Official account"),
    ("api", "API"),
)
_STACK_TITLES = (
    ("all", "Everything"),
    ("coupons", "Coupons only"),
    ("promotions", "Other promotions only"),
    ("nothing", "Nothing"),
)
WEEKDAYS = (
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
)
SENTENCES = {
    "out-of-range": "This is too little or too much.",
    "amount-or-pieces": "Give each tier an amount or a number of pieces, the same for all tiers.",
    "price-or-percent": "Give each product a price or a percentage, not both.",
    "stock": "Say how many pieces of each product there are per time slot.",
    "order": "Each must ask for more than the one before it, and give more.",
    "twice": "A product can be named once only.",
    "too-few": "A bundle has at least two pieces.",
    "too-early": "The end must come after the start.",
    "over": "The end has passed already.",
}
_words = sdk.Words("promotions")
_inputs = sdk.inputs
assert tuple(code for code, _ in _CHANNEL_TITLES) == CHANNELS
assert tuple(code for code, _ in KIND_TITLES) == KINDS


class Moment(fields.Field[datetime]):
    """A time in the shop's zone, typed as ``2026-03-01 10:00``."""

    def __init__(self, ask: sdk.Ask, *, required: bool = False, **more: Any) -> None:
        optional: dict[str, Any] = {} if required else {"load_default": None, "allow_none": True}
        super().__init__(required=required, error_messages=_inputs.REQUIRED, **optional, **more)
        self.zone = ZoneInfo(ask.store.config.timezone)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        return "" if value is None else f"{value.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        text = str(value).strip().replace("T", " ").replace("：", ":")
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=self.zone)
        except ValueError:
            raise ValidationError(
                _words.gettext("Please type a time such as 2026-03-01 10:00.")
            ) from None


class Hours(_inputs.Words):
    """Times of the day, typed as ``10:00-12:00, 20:00-22:00``; pairs of minutes inside."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        return ", ".join(f"{clock(begin)}-{clock(end)}" for begin, end in value or ())

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        found = []
        for word in super()._deserialize(str(value).replace("：", ":").replace("–", "-")):
            begin, _dash, end = word.replace("~", "-").partition("-")
            found.append((_minute(begin), _minute(end)))
        return tuple(sorted(found))


class Things(_inputs.Words):
    """Products by handle or categories by slug; internal ids inside. ``single``: one only."""

    def __init__(self, ask: sdk.Ask, kind: Any, *, single: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.ask, self.kind, self.single = ask, kind, single

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        ids = value if isinstance(value, list | tuple) else [value] if value else []
        return ", ".join(each.where for each in named(self.ask.uow, self.kind, ids).values())

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        wanted = super()._deserialize(value)
        if len(wanted) > (1 if self.single else 500):
            raise ValidationError(_words.gettext("These are too many."))
        known = find(self.ask.uow, self.kind, wanted)
        there = {each.where for each in known.values()} | {x.public_id for x in known.values()}
        for word in wanted:
            if word not in there:
                raise ValidationError(
                    _words.gettext("“%(word)s” is not known here.", word=word[:60])
                )
        if self.single:
            return next(iter(known), None)
        return tuple(known)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _minute(text: str) -> int:
    hour, _colon, minute = text.strip().partition(":")
    if hour.isdecimal() and minute.isdecimal() and len(hour) < 3 and len(minute) == 2:
        found = int(hour) * 60 + int(minute)
        if int(minute) < 60 and found <= 24 * 60:
            return found
    raise ValidationError(_words.gettext("Please type times such as 10:00-12:00."))


def new_form(ask: sdk.Ask) -> Schema:
    """What kind it is; the form of that kind comes next."""
    return _inputs.form(
        kind=_inputs.choice("Kind", KIND_TITLES),
        name=_inputs.text("Name for staff", 120, required=True),
    )


def kind_form(ask: sdk.Ask) -> Schema:
    """All of an activity of this kind in one form."""
    kind: Kind = one(ask.uow, ask.key).kind
    return _inputs.form(
        name=_inputs.text("Name for staff", 120, required=True),
        titles=_inputs.texts("Name for customers", ("zh", "en"), 120),
        **_OF_KIND[kind](ask, ask.store.config.currency),
        **(_scope(ask) if kind not in ("flash", "bundle") else {}),
        starts_at=Moment(ask, required=True, metadata={"title": "Starts", "group": "When"}),
        ends_at=Moment(
            ask, metadata={"title": "Ends", "group": "When", "help": "Empty: never by itself."}
        ),
        hours=Hours(
            load_default=(),
            metadata={
                "title": "Hours of the day",
                "group": "When",
                "help": "As in 10:00-12:00, 20:00-22:00; empty: all day.",
            },
        ),
        weekdays=_inputs.several(
            "Weekdays", WEEKDAYS, help="None ticked: every day.", group="When"
        ),
        stacks=_inputs.choice("May be combined with", _STACK_TITLES, group="With others"),
        group=_inputs.text(
            "Exclusive group",
            40,
            group="With others",
            help="Of all promotions with the same word here, the best for the customer applies.",
        ),
        priority=_inputs.number("Order of work", 0, 1000, group="With others", help="Lower first."),
        channels=_inputs.several(
            "Sales channels", _CHANNEL_TITLES, help="None ticked: everywhere.", group="With others"
        ),
    )


def _scope(ask: sdk.Ask) -> dict[str, fields.Field[Any]]:
    def things(kind: str, title: str, help: str = "") -> fields.Field[Any]:
        more = {"title": title, "help": help, "group": "For"}
        return Things(ask, kind, load_default=(), metadata=more)

    return {
        "scope": _inputs.choice("For", _SCOPES, group="For"),
        "categories": things("category", "Categories", "The last part of their addresses."),
        "products": things("product", "Products", "The last part of their addresses."),
        "excluded": things("product", "Never for these products"),
    }


def _tiers(ask: sdk.Ask, **gives: fields.Field[Any]) -> fields.Field[Any]:
    currency = ask.store.config.currency
    return _inputs.rows(
        "Tiers",
        _inputs.form(
            amount=_inputs.money("From amount", currency, empty=True),
            pieces=_inputs.number("or from pieces", 1, 10**6, empty=True),
            **gives,
        ),
        spare=2,
        one="Tier",
        add="Another tier",
        group="What it does",
    )


def _product(ask: sdk.Ask, title: str = "Product") -> fields.Field[Any]:
    return Things(
        ask,
        "product",
        single=True,
        required=True,
        error_messages=_inputs.REQUIRED,
        metadata={"title": title, "help": "The last part of its address."},
    )


def _percent(title: str, **more: Any) -> fields.Field[Any]:
    return _inputs.Percent(
        allow_none=True, load_default=None, metadata={"title": title, "suffix": "%", **more}
    )


def _amount_off(ask: sdk.Ask, currency: str) -> dict[str, fields.Field[Any]]:
    group = "What it does"
    return {
        "tiers": _tiers(ask, off=_inputs.money("Reduced by", currency)),
        "every": _inputs.money(
            "Or for each full", currency, empty=True, group=group, help="Instead of tiers."
        ),
        "off": _inputs.money("this much off", currency, empty=True, group=group),
        "times": _inputs.number("at most so often", 1, 10**6, empty=True, group=group),
        "cap": _inputs.money("At most per order", currency, empty=True, group=group),
    }


def _percent_off(ask: sdk.Ask, currency: str) -> dict[str, fields.Field[Any]]:
    return {
        "tiers": _tiers(ask, percent_bp=_inputs.percent("Reduced by")),
        "cap": _inputs.money("At most per order", currency, empty=True, group="What it does"),
    }


def _gift(ask: sdk.Ask, currency: str) -> dict[str, fields.Field[Any]]:
    quantity = _inputs.number("Pieces of it", 1, 100, preset="1")
    return {"tiers": _tiers(ask, gift=_product(ask, "Gift"), quantity=quantity)}


def _items(ask: sdk.Ask, currency: str, **more: fields.Field[Any]) -> fields.Field[Any]:
    return _inputs.rows(
        "Products",
        _inputs.form(
            product=_product(ask),
            price=_inputs.money("Price", currency, empty=True),
            percent_bp=_percent("or off"),
            **more,
        ),
        spare=2,
        one="Product",
        add="Another product",
        group="What it does",
    )


def _timed(ask: sdk.Ask, currency: str) -> dict[str, fields.Field[Any]]:
    return {
        "items": _items(ask, currency),
        "percent_bp": _percent(
            "Or off everything below", group="What it does", help="Instead of single products."
        ),
    }


def _flash(ask: sdk.Ask, currency: str) -> dict[str, fields.Field[Any]]:
    return {
        "items": _items(
            ask,
            currency,
            stock=_inputs.number("Pieces per time slot", 1, 10**9),
            limit=_inputs.number("At most per person", 1, 10**6, empty=True),
        )
    }


def _bundle(ask: sdk.Ask, currency: str) -> dict[str, fields.Field[Any]]:
    row = _inputs.form(product=_product(ask), quantity=_inputs.number("Pieces", 1, 100, preset="1"))
    return {
        "items": _inputs.rows(
            "Products", row, spare=2, one="Product", add="Another product", group="What it does"
        ),
        "price": _inputs.money("Together for", currency, group="What it does"),
        "times": _inputs.number(
            "At most so often per order", 1, 10**6, empty=True, group="What it does"
        ),
    }


def _n_for_m(ask: sdk.Ask, currency: str) -> dict[str, fields.Field[Any]]:
    group = "What it does"
    return {
        "every": _inputs.number("Pieces at full price", 1, 1000, group=group),
        "get": _inputs.number("Further pieces", 1, 1000, group=group),
        "percent_bp": _inputs.percent(
            "Off those", group=group, help="100: free. 2 + 1 at 100 % is three for two."
        ),
        "times": _inputs.number("At most so often per order", 1, 10**6, empty=True, group=group),
    }


def _shipping(ask: sdk.Ask, currency: str) -> dict[str, fields.Field[Any]]:
    group = "What it does"
    return {
        "min_amount": _inputs.money("From amount", currency, empty=True, group=group),
        "cap": _inputs.money("At most so much of the freight", currency, empty=True, group=group),
        "places": _inputs.words(
            "To these places only",
            group=group,
            help="Countries such as CN, or the first digits of division codes such as 31; "
            "empty: everywhere.",
        ),
    }


_OF_KIND: Mapping[Kind, Callable[[sdk.Ask, str], dict[str, fields.Field[Any]]]] = {
    "amount_off": _amount_off,
    "percent_off": _percent_off,
    "gift": _gift,
    "timed": _timed,
    "flash": _flash,
    "bundle": _bundle,
    "n_for_m": _n_for_m,
    "shipping": _shipping,
}


def initial(ask: sdk.Ask) -> dict[str, Any]:
    """The activity as it is."""
    row = one(ask.uow, ask.key)
    rules, schedule = Rules.from_json(row.rules), schedule_of(row)
    names: tuple[str, ...] = (
        "titles",
        "scope",
        "categories",
        "products",
        "excluded",
        "stacks",
        "group",
        "every",
    )
    names += ("times", "get", "percent_bp", "cap", "min_amount")
    found: dict[str, Any] = {name: getattr(rules, name) for name in names}
    return {
        **found,
        "name": row.name,
        "priority": row.priority,
        "channels": list(rules.channels),
        "places": list(rules.places),
        "off": rules.off or None,
        "price": rules.price,
        "tiers": [_row(tier, Tier) for tier in rules.tiers],
        "items": [_row(item, Item) for item in rules.items],
        "starts_at": schedule.starts_at,
        "ends_at": schedule.ends_at,
        "hours": schedule.hours,
        "weekdays": [str(day) for day in schedule.weekdays],
    }


def _row(value: Any, cls: type[Any]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in cls.__dataclass_fields__}


def blank(kind: Kind, now: datetime) -> tuple[Rules, Schedule]:
    """A draft to begin with; it is judged when it is saved."""
    presets: Mapping[str, dict[str, Any]] = {
        "amount_off": {"tiers": (Tier(amount=20000, off=3000),)},
        "percent_off": {"tiers": (Tier(pieces=2, percent_bp=1000),)},
        "timed": {"percent_bp": 1000},
        "n_for_m": {"every": 1, "get": 1, "percent_bp": 5000},
        "shipping": {"min_amount": 9900},
    }
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    schedule = Schedule(starts_at=start, ends_at=start + timedelta(days=7))
    return Rules(kind=kind, **presets.get(kind, {})), schedule


def rules_from(uow: Any, kind: Kind, given: Mapping[str, Any]) -> tuple[Rules, Schedule]:
    """What was typed, as terms; `activities.check` judges them."""
    plain: tuple[str, ...] = (
        "titles",
        "scope",
        "categories",
        "products",
        "excluded",
        "stacks",
        "group",
        "every",
    )
    plain += ("times", "get", "cap", "min_amount")
    values: dict[str, Any] = {name: given[name] for name in plain if name in given}
    values["channels"] = tuple(given["channels"])
    values["places"] = tuple(place.upper() for place in given.get("places", ()))
    for name in ("off", "percent_bp", "price"):
        values[name] = given.get(name) or 0
    if given.get("items"):
        values["percent_bp"] = 0
    values["items"] = tuple(Item(**each) for each in given.get("items", ()))
    values["tiers"] = tuple(_tier(uow, each) for each in given.get("tiers", ()))
    schedule = Schedule(
        starts_at=given["starts_at"],
        ends_at=given["ends_at"],
        weekdays=tuple(int(day) for day in given["weekdays"]),
        hours=tuple(given["hours"]),
    )
    return Rules(kind=kind, **values), schedule


def _tier(uow: Any, given: Mapping[str, Any]) -> Tier:
    gift = given.get("gift")
    variants = variants_of(uow, [gift]).get(gift, ()) if gift else ()
    return Tier(**given, variant=variants[0] if variants else None)


def worded(error: Invalid) -> Invalid:
    """The same refusal with sentences instead of codes, for the form."""
    return Invalid(
        {name: SENTENCES.get(str(reason), str(reason)) for name, reason in error.problems.items()}
    )
