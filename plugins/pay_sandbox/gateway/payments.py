"""Payments: what may happen to one, and what is said about it.

Every function works inside the caller's transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from sqlite3 import Connection, Row
from typing import Any

from storegen_plugins.pay_sandbox.gateway.merchants import Merchant
from storegen_plugins.pay_sandbox.gateway.refusals import Refused

_COLUMNS = (
    "reference",
    "order_number",
    "amount",
    "currency",
    "description",
    "return_url",
    "notify_url",
    "locale",
    "expires_at",
    "payer_subject",
)
_SAME = ("amount", "currency", "order_number")
"""What makes a repeated creation the same payment."""


def create(db: Connection, merchant: Merchant, asked: Mapping[str, Any], now: float) -> Row:
    """A new payment, or the one that this reference already has.

    Refuses a reference that stands for something else, or that was closed before it came.
    """
    if asked["app_id"] != merchant.app_id:
        raise Refused(403, "unknown-app")
    known = find(db, merchant.merchant_id, asked["reference"])
    if known is not None:
        if known["state"] == "closed":
            raise Refused(409, "payment-closed")
        if any(known[name] != asked[name] for name in _SAME):
            raise Refused(409, "reference-reused")
        return known
    _insert(db, merchant, {name: asked[name] for name in _COLUMNS}, "open", now)
    return get(db, merchant.merchant_id, asked["reference"])


def find(db: Connection, merchant_id: str, reference: str) -> Row | None:
    row: Row | None = db.execute(
        "SELECT * FROM payment WHERE merchant_id = ? AND reference = ?", (merchant_id, reference)
    ).fetchone()
    return row


def get(db: Connection, merchant_id: str, reference: str) -> Row:
    """Refuses with 404."""
    payment = find(db, merchant_id, reference)
    if payment is None:
        raise Refused(404, "no-such-payment")
    return payment


def by_token(db: Connection, token: str) -> Row:
    """The payment of a pay page. Refuses with 404."""
    row: Row | None = db.execute("SELECT * FROM payment WHERE token = ?", (token,)).fetchone()
    if row is None:
        raise Refused(404, "no-such-payment")
    return row


def state(payment: Row, now: float) -> str:
    """The state as of now: an open payment closes when it expires."""
    if payment["state"] == "open" and now >= payment["expires_at"]:
        return "closed"
    return str(payment["state"])


def move(db: Connection, payment: Row, to: str, now: float) -> None:
    db.execute(
        "UPDATE payment SET state = ?, changed_at = ? WHERE id = ?", (to, now, payment["id"])
    )


def capture(
    db: Connection, payment: Row, now: float, *, amount: int | None = None, currency: str = ""
) -> None:
    """Take the money, whatever the state: who may is decided before."""
    nth = db.execute(
        "SELECT count(*) FROM capture WHERE payment_id = ?", (payment["id"],)
    ).fetchone()[0]
    db.execute(
        "INSERT INTO capture VALUES (?, ?, ?, ?, ?, ?)",
        (
            f"cap{secrets.token_hex(10)}",
            payment["id"],
            payment["amount"] if amount is None else amount,
            currency or payment["currency"],
            now,
            nth,
        ),
    )
    move(db, payment, "captured", now)


def close(db: Connection, merchant: Merchant, reference: str, now: float) -> Row:
    """No money after this, unless it is already here.

    A reference that never arrived is closed too, so that a creation still on its way is refused.
    """
    payment = find(db, merchant.merchant_id, reference)
    if payment is None:
        _insert(db, merchant, {"reference": reference}, "closed", now)
        return get(db, merchant.merchant_id, reference)
    if payment["state"] in ("open", "waiting"):
        db.execute("DELETE FROM due WHERE subject = ?", (payment["id"],))
        move(db, payment, "closed", now)
        if payment["late_seconds"] is not None:
            schedule(db, "capture_late", payment["id"], now + payment["late_seconds"])
    return get(db, merchant.merchant_id, reference)


def captured(db: Connection, payment: Row) -> int:
    """Sum of all captures, minor units."""
    row = db.execute(
        "SELECT coalesce(sum(amount), 0) FROM capture WHERE payment_id = ?", (payment["id"],)
    ).fetchone()
    return int(row[0])


def schedule(db: Connection, verb: str, subject: str, at: float) -> None:
    """Let the notifier do ``verb`` on a payment or refund at a time."""
    db.execute("INSERT INTO due (at, verb, subject) VALUES (?, ?, ?)", (at, verb, subject))


def fact(db: Connection, payment: Row, now: float, *, nth: int = 0) -> dict[str, Any]:
    """What the gateway says about a payment: to a query and in a notification alike.

    Equal facts have equal event ids. ``nth`` is for a payment that was captured twice: a query
    speaks of the first capture.
    """
    result = {"open": "pending", "waiting": "pending", "captured": "succeeded"}.get(
        (present := state(payment, now)), present
    )
    said = {
        "type": "payment",
        "merchant_id": payment["merchant_id"],
        "app_id": payment["app_id"],
        "reference": payment["reference"],
        "payment_id": payment["id"],
        "provider_reference": payment["id"],
        "payer_subject": payment["payer_subject"],
        "result": result,
        "amount": payment["amount"],
        "currency": payment["currency"],
        "event_id": f"{payment['id']}.{result}",
        "occurred_at": int(payment["changed_at"]),
    }
    if result == "succeeded":
        row = db.execute(
            "SELECT * FROM capture WHERE payment_id = ? AND nth = ?", (payment["id"], nth)
        ).fetchone()
        said |= {
            "amount": row["amount"],
            "currency": row["currency"],
            "provider_reference": row["id"],
            "event_id": row["id"],
            "occurred_at": int(row["at"]),
        }
    return said


def _insert(
    db: Connection, merchant: Merchant, values: Mapping[str, Any], to: str, now: float
) -> None:
    blank = {name: 0 if name in ("amount", "expires_at") else "" for name in _COLUMNS}
    row = {
        **blank,
        **values,
        "id": f"pay{secrets.token_hex(10)}",
        "token": secrets.token_urlsafe(24),
        "merchant_id": merchant.merchant_id,
        "app_id": merchant.app_id,
        "state": to,
        "changed_at": now,
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO payment ({names}) VALUES ({marks})", row)  # noqa: S608 (own names)
