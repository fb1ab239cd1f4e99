"""The gateway's JSON as facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from storegen.sdk import PaymentFact, RefundFact

_T = TypeVar("_T", str, int)


class Malformed(Exception):
    """Signed, but not in the agreed form."""


def payment_fact(said: Mapping[str, Any]) -> PaymentFact:
    """Raises `Malformed`."""
    result = _get(said, "result", str)
    if result not in ("succeeded", "failed", "pending", "closed"):
        raise Malformed("no such result")
    return PaymentFact(
        reference=_get(said, "reference", str),
        result=result,  # type: ignore[arg-type]
        amount=_get(said, "amount", int),
        currency=_get(said, "currency", str),
        provider_reference=_get(said, "provider_reference", str),
        event_id=_get(said, "event_id", str),
        occurred_at=_get(said, "occurred_at", int),
        payer_subject=_get(said, "payer_subject", str),
        app_id=_get(said, "app_id", str),
    )


def refund_fact(said: Mapping[str, Any]) -> RefundFact:
    """Raises `Malformed`."""
    result = _get(said, "result", str)
    if result not in ("succeeded", "failed", "pending", "unknown"):
        raise Malformed("no such result")
    return RefundFact(
        refund_reference=_get(said, "refund_reference", str),
        result=result,  # type: ignore[arg-type]
        amount=_get(said, "amount", int),
        reference=_get(said, "reference", str),
        provider_reference=_get(said, "provider_reference", str),
        event_id=_get(said, "event_id", str),
        message=_get(said, "message", str),
    )


def _get(said: Mapping[str, Any], name: str, kind: type[_T]) -> _T:
    value = said.get(name)
    # `True` is an int in Python, and no amount.
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Malformed(f"{name} is missing or of another type")
    return value
