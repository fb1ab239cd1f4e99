"""Accounts at the gateway."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from storegen.sdk import Schema, ValidationError, fields, validate


@dataclass(frozen=True, slots=True)
class Merchant:
    """A shop's account. ``secret`` keys the signatures of both sides."""

    merchant_id: str
    app_id: str
    secret: str = field(repr=False)


class _MerchantSchema(Schema):
    merchant_id = fields.String(required=True, validate=validate.Length(min=4, max=64))
    app_id = fields.String(required=True, validate=validate.Length(min=4, max=64))
    secret = fields.String(required=True, validate=validate.Length(min=32, max=256))


def read_merchants(text: str) -> dict[str, Merchant]:
    """A JSON list of accounts, by merchant id. Raises `ValueError`; the text shows no secret."""
    try:
        rows = _MerchantSchema(many=True).load(json.loads(text))
    except json.JSONDecodeError as error:
        raise ValueError("the merchants are not JSON") from error
    except ValidationError as error:
        raise ValueError(f"the merchants are wrong: {error.messages}") from error
    if not rows:
        raise ValueError("there is no merchant")
    return {row["merchant_id"]: Merchant(**row) for row in rows}
