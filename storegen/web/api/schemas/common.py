"""Shapes that all subjects share."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import marshmallow as ma
from marshmallow import fields

from storegen.values.address import Address
from storegen.web.api.fields import Text, Whole
from storegen.web.context import current

CURRENCY = r"^[A-Z]{3}$"
COUNTRY = r"^[A-Z]{2}$"
LARGEST = 10**15


class Body(ma.Schema):
    """What a request may say: anything else is refused."""

    error_messages = {
        "unknown": "unknown-field",
        "type": "not-an-object",
    }

    class Meta:
        unknown = ma.RAISE


class Query(ma.Schema):
    """Parameters of an address: unknown ones mean nothing, since links collect them."""

    class Meta:
        unknown = ma.EXCLUDE


class Answer(ma.Schema):
    """What an operation answers. Every field is there in every answer."""

    class Meta:
        unknown = ma.RAISE


class Empty(Answer):
    """Nothing to say."""


class Money(Answer):
    """``amount`` in minor units: 1999 is 19.99 where the currency has two decimals."""

    amount = fields.Integer(required=True, metadata={"example": 1999})
    currency = fields.String(required=True, metadata={"example": "CNY", "pattern": CURRENCY})


def extensions() -> fields.Dict:
    """What plugins add: name of a plugin → its values."""
    return fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String()),
        required=True,
        metadata={"description": "What plugins add: name of a plugin → its values."},
    )


class MoneyGiven(Body):
    """An amount as the API itself writes it."""

    amount = Whole(least=0, most=LARGEST, required=True)
    currency = Text(most=3, pattern=CURRENCY, required=True)


class Moment(fields.DateTime):
    """UTC to the second, as ``2026-03-01T04:00:00Z``."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


class ConsentsGiven(Body):
    """The versions of the texts that were accepted; what was not asked for is left out."""

    privacy = Text(most=64, least=1, metadata={"example": "1"})
    terms = Text(most=64, least=1, metadata={"example": "1"})


class AddressGiven(Body):
    """A postal address. Which fields are needed depends on the country; where the country has
    divisions (China), ``division`` is the code of the smallest one and names region and city."""

    name = Text(most=60, required=True)
    phone = Text(most=40)
    country = Text(most=2, pattern=COUNTRY, required=True)
    division = Text(most=12)
    region = Text(most=100)
    city = Text(most=100)
    line1 = Text(most=200, required=True)
    line2 = Text(most=200)
    postcode = Text(most=16)


class AddressShape(Answer):
    """A postal address that was checked."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    country = fields.String(required=True)
    division = fields.String(required=True)
    region = fields.String(required=True)
    city = fields.String(required=True)
    line1 = fields.String(required=True)
    line2 = fields.String(required=True)
    postcode = fields.String(required=True)


class Problem(ma.Schema):
    """RFC 9457. ``code`` is stable, ``detail`` a sentence in the reader's language."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"example": "not-found"})
    detail = fields.String(required=True)
    request_id = fields.String()
    reason = fields.String(metadata={"description": "Which case of ``code`` it is."})
    problems = fields.Dict(
        keys=fields.String(),
        metadata={"description": "Field → reason code, list of them, or the same one level down."},
    )

    class Meta:
        unknown = ma.INCLUDE


def money(amount: int) -> dict[str, Any]:
    """An amount of the store as the API writes it."""
    return {"amount": amount, "currency": current().store.config.currency}


def money_or_none(amount: int | None) -> dict[str, Any] | None:
    return None if amount is None else money(amount)


def address(found: Address | None) -> dict[str, str] | None:
    return None if found is None else found.to_dict()
