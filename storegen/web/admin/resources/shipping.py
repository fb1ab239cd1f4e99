"""Shipping methods with their zones: places by name or code, fees by weight, pieces or amount."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError
from sqlalchemy import select

from storegen import divisions
from storegen.domain import shipping_methods
from storegen.domain.shipping_methods import MethodText
from storegen.errors import Invalid
from storegen.models import ShippingMethod
from storegen.uow import UnitOfWork
from storegen.values.money import exponent
from storegen.values.shipping import FreightZone
from storegen.web.admin import fields
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
)
from storegen.web.admin.resources.listing import SHOP, one
from storegen.web.context import gettext

MEASURES = (
    ("weight", "By weight (grams)"),
    ("pieces", "By pieces"),
    ("amount", "By amount"),
)
_MOST_ZONES = 60


class Places(fields.Words):
    """Provinces, cities or districts by name or code, countries by their two letters, ``*``."""

    def __init__(self, country: str, locale: str, **more: Any) -> None:
        super().__init__(**more)
        self.country, self.shown_in = country, locale

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str:
        return ", ".join(self._name(code) for code in value or ())

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[str]:
        codes = [self._code(word) for word in super()._deserialize(value)]
        if not codes:
            raise ValidationError(gettext("Please name at least one place."))
        return list(dict.fromkeys(codes))

    def _name(self, code: str) -> str:
        known = divisions.load(self.country)
        full = code.ljust(6, "0") if code.isdigit() else code
        return known.name(full, self.shown_in) if known and full in known.names else code

    def _code(self, word: str) -> str:
        if word == "*" or (len(word) == 2 and word.isascii() and word.isalpha()):
            return word.upper()
        known = divisions.load(self.country)
        if known is not None:
            if word.isascii() and word.isdigit() and word.ljust(6, "0") in known.names:
                return word
            found = divisions.find(self.country, word)
            if found is None:
                found = next(
                    (
                        code
                        for top in known.below[""]
                        if (code := divisions.find(self.country, word, top)) is not None
                    ),
                    None,
                )
            if found is not None:
                return found
        raise ValidationError(
            gettext("“%(place)s” is no place that is known here.", place=word[:40])
        )


def rows(uow: UnitOfWork, query: Query) -> Listing:
    found = uow.db.execute(
        select(ShippingMethod.__table__).order_by(ShippingMethod.position, ShippingMethod.id)
    )
    return Listing(
        rows=[
            Row(
                key=row.public_id,
                cells={
                    "title": row.title,
                    "code": row.code,
                    "measure": gettext(dict(MEASURES).get(row.measure, row.measure)),
                    "zones": len(row.zones),
                    "active": "on" if row.active else "off",
                },
            )
            for row in found
        ]
    )


def detail(ask: Ask) -> Detail:
    row = one(ask.uow, ShippingMethod, ask.key, "shipping_method")
    return Detail(title=row.title, marks=("on" if row.active else "off",))


def _form(ask: Ask) -> Schema:
    config = ask.store.config
    zone = fields.form(
        places=Places(
            config.country,
            ask.locale,
            required=True,
            error_messages=fields.REQUIRED,
            metadata={
                "title": "Places",
                "width": "wide",
                "help": "Names or codes of provinces, cities or districts; CN for the whole "
                "country; * for everywhere else. The closest place wins.",
            },
        ),
        first=fields.number("First (g, pieces or amount)", 0, 10**8, empty=True),
        first_fee=fields.money("Costs", config.currency, empty=True),
        extra=fields.number("Each further", 0, 10**8, empty=True),
        extra_fee=fields.money("Costs each", config.currency, empty=True),
        free_over=fields.money("Free from", config.currency, empty=True),
        refused=fields.flag("No delivery there"),
    )
    own = (
        {}
        if ask.key
        else {
            "code": fields.text(
                "Method code", 64, required=True, help="How orders remember it; it stays as it is."
            )
        }
    )
    return fields.form(
        **own,
        title=fields.text("Title", 255, required=True),
        measure=fields.choice("Fees", MEASURES),
        first_day=fields.number("Arrives after days, at the earliest", 0, 90, empty=True),
        last_day=fields.number("at the latest", 0, 90, empty=True),
        tax=fields.percent("Tax rate", help="0: the shop's rate for freight."),
        position=fields.number("Position", 0, 10_000),
        pickup=fields.flag("Picked up by the customer"),
        active=fields.flag("Offered"),
        zones=fields.rows("Zones", zone, spare=1, one="Zone", add="Another zone"),
    )


def _initial(ask: Ask) -> dict[str, Any]:
    if not ask.key:
        return {"measure": "weight", "active": True, "position": 0, "tax": 0}
    row = one(ask.uow, ShippingMethod, ask.key, "shipping_method")
    scale = _scale(ask, row.measure)
    return {
        "title": row.title,
        "measure": row.measure,
        "first_day": row.days[0] if row.days else None,
        "last_day": row.days[1] if row.days else None,
        "tax": row.tax_bp,
        "position": row.position,
        "pickup": row.pickup,
        "active": row.active,
        "zones": [
            {
                **zone,
                "first": zone.get("first", 0) // scale,
                "extra": zone.get("extra", 0) // scale,
            }
            for zone in row.zones
        ],
    }


def _scale(ask: Ask | Call, measure: str) -> int:
    """By amount, whole units of the currency are typed and minor units are kept."""
    return int(10 ** exponent(ask.store.config.currency)) if measure == "amount" else 1


def _save(call: Call) -> Done:
    given = call.values
    scale = _scale(call, given["measure"])
    if (given["first_day"] is None) != (given["last_day"] is None):
        raise Invalid({"last_day" if given["last_day"] is None else "first_day": "required"})
    if len(given["zones"]) > _MOST_ZONES:
        raise Invalid({"zones": "too-many"})
    method = MethodText(
        code=given.get("code", ""),
        title=given["title"],
        measure=given["measure"],
        zones=[_zone(zone, scale) for zone in given["zones"]],
        tax_bp=given["tax"],
        days=None if given["first_day"] is None else (given["first_day"], given["last_day"]),
        pickup=given["pickup"],
        active=given["active"],
        position=given["position"],
    )
    key = call.store.transact(
        lambda uow: shipping_methods.save_method(uow, call.actor, method, call.key)
    )
    return Done(said="The method is saved.", key=key)


def _delete(call: Call) -> Done:
    call.store.transact(lambda uow: shipping_methods.delete_method(uow, call.actor, call.key))
    return Done(said="The method is deleted.", to="shipping")


def _zone(given: dict[str, Any], scale: int) -> FreightZone:
    return FreightZone(
        places=tuple(given["places"]),
        first=(given["first"] or 0) * scale,
        first_fee=given["first_fee"] or 0,
        extra=(given["extra"] or 0) * scale,
        extra_fee=given["extra_fee"] or 0,
        free_over=given["free_over"],
        refused=given["refused"],
    )


RESOURCE = Resource(
    name="shipping",
    title="Delivery",
    permission="settings.view",
    group=SHOP,
    icon="shipping",
    list=rows,
    detail=detail,
    empty="There is no way to deliver yet: the shop cannot take orders for goods.",
    columns=(
        Column(name="title", title="Title", main=True),
        Column(name="code", title="Method code", kind="code"),
        Column(name="measure", title="Fees"),
        Column(name="zones", title="Zones", kind="number"),
        Column(name="active", title="Offered", kind="state"),
    ),
    create=Verb(
        name="new", title="New method", permission="settings.edit", schema=_form,
        initial=_initial, run=_save,
    ),
    verbs=(
        Verb(
            name="save", title="Save", permission="settings.edit", schema=_form,
            initial=_initial, run=_save, place="inline",
        ),
        Verb(
            name="delete", title="Delete", permission="settings.edit", danger=True, run=_delete,
            confirm="This way to deliver is gone for good. Orders that chose it keep its name.",
        ),
    ),
)  # fmt: skip
