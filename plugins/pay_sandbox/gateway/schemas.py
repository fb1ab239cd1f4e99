"""What the API takes. Anything else is refused with 422."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from storegen_plugins.pay_sandbox.gateway.behaviours import BEHAVIOURS
from storegen_plugins.pay_sandbox.gateway.faults import ENDPOINTS, LINE_FAULTS, REFUND_OUTCOMES
from storegen_plugins.pay_sandbox.gateway.refusals import Refused

from storegen.sdk import CURRENCIES, Schema, ValidationError, fields, validate

MAX_AMOUNT = 10**15
REFERENCE = re.compile(r"[A-Za-z0-9]{1,64}\Z", re.ASCII)


class Whole(fields.Integer):
    """A JSON integer: neither "1", nor 1.5, nor true."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def _address(value: str) -> None:
    """http or https only: the page links to it, the notifier posts to it."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not value.isascii() or not value.isprintable() or " " in value:
        raise ValidationError("not an http address")


def _optional_address(value: str) -> None:
    if value:
        _address(value)


def _reference() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(REFERENCE))


def _amount(**options: Any) -> Whole:
    return Whole(validate=validate.Range(1, MAX_AMOUNT), **options)


def _text(longest: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=longest))


class PaymentSchema(Schema):
    app_id = fields.String(required=True)
    reference = fields.String(
        required=True, validate=validate.Regexp(re.compile(r"[A-Za-z0-9]{1,32}\Z", re.ASCII))
    )
    order_number = fields.String(required=True, validate=validate.Length(1, 64))
    amount = _amount(required=True)
    currency = fields.String(required=True, validate=validate.OneOf(sorted(CURRENCIES)))
    description = _text(500)
    return_url = fields.String(required=True, validate=[_address, validate.Length(max=2000)])
    notify_url = fields.String(required=True, validate=[_address, validate.Length(max=2000)])
    locale = _text(16)
    expires_at = Whole(required=True, validate=validate.Range(0, 10**11))
    payer_subject = _text(128)


class RefundSchema(Schema):
    reference = _reference()
    refund_reference = _reference()
    amount = _amount(required=True)
    currency = fields.String(required=True)
    reason = _text(500)
    notify_url = fields.String(
        load_default="", validate=[_optional_address, validate.Length(max=2000)]
    )


class NothingSchema(Schema):
    pass


class PaySchema(Schema):
    """``{"do": "pay"}`` of the control API, and the pay page's options."""

    reference = _reference()
    behaviour = fields.String(required=True, validate=validate.OneOf(sorted(BEHAVIOURS)))
    seconds = Whole(load_default=10, validate=validate.Range(0, 86400))
    copies = Whole(load_default=50, validate=validate.Range(1, 500))
    amount = _amount(load_default=None, allow_none=True)
    refund = _amount(load_default=None, allow_none=True)
    seed = Whole(load_default=0)


class FaultSchema(Schema):
    """``{"do": "fault"}`` of the control API."""

    endpoint = fields.String(required=True, validate=validate.OneOf(ENDPOINTS))
    kind = fields.String(required=True, validate=validate.OneOf(LINE_FAULTS + REFUND_OUTCOMES))
    seconds = fields.Float(load_default=10.0, validate=validate.Range(0, 3600))
    times = Whole(load_default=1, validate=validate.Range(1, 1000))


class AdvanceSchema(Schema):
    """``{"do": "advance"}`` of the control API."""

    seconds = fields.Float(required=True, validate=validate.Range(0, 10**9))


class LookSchema(Schema):
    """``{"do": "look"}`` of the control API."""

    reference = _reference()


def read(schema: type[Schema], body: bytes) -> dict[str, Any]:
    """Refuses with 400 or 422."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "not-json") from error
    return check(schema, said)


def check(schema: type[Schema], said: object) -> dict[str, Any]:
    """Refuses with 422."""
    try:
        return dict(schema().load(said))  # type: ignore[arg-type]
    except ValidationError as error:
        raise Refused(422, "invalid", json.dumps(error.messages)) from error
