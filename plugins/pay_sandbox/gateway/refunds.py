"""Refunds. Every function works inside the caller's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from sqlite3 import Connection, Row
from typing import Any

from storegen_plugins.pay_sandbox.gateway import notifications, payments
from storegen_plugins.pay_sandbox.gateway.faults import Fault
from storegen_plugins.pay_sandbox.gateway.refusals import Refused


def refund(
    db: Connection, merchant_id: str, asked: Mapping[str, Any], fault: Fault | None, now: float
) -> Row:
    """Refund once per number: a repeat gets the first answer, unless that was ``failed``.

    Refuses a number that stands for something else, and more than was captured.
    """
    payment = payments.get(db, merchant_id, asked["reference"])
    known = find(db, merchant_id, asked["refund_reference"])
    if known is not None:
        same = (payment["id"], asked["amount"], asked["currency"])
        if (known["payment_id"], known["amount"], known["currency"]) != same:
            raise Refused(409, "refund-number-reused")
        if known["state"] != "failed":
            return known
    _check_sum(db, payment, asked["amount"], asked["currency"])
    outcome = fault.kind if fault and fault.kind in ("pending", "unknown", "failed") else ""
    db.execute(
        "INSERT INTO refund VALUES (:id, :merchant_id, :refund_reference, :payment_id, :amount,"
        " :currency, :reason, :notify_url, :state, :now, 1) ON CONFLICT DO UPDATE"
        " SET state = excluded.state, changed_at = excluded.changed_at, attempts = attempts + 1",
        {
            "id": f"ref{secrets.token_hex(10)}",
            "merchant_id": merchant_id,
            "refund_reference": asked["refund_reference"],
            "payment_id": payment["id"],
            "amount": asked["amount"],
            "currency": asked["currency"],
            "reason": asked["reason"],
            "notify_url": asked["notify_url"],
            "state": outcome or "succeeded",
            "now": now,
        },
    )
    row = get(db, merchant_id, asked["refund_reference"])
    if fault and outcome in ("pending", "unknown"):
        payments.schedule(db, "settle_refund", row["id"], now + fault.seconds)
    else:
        _notify(db, row, now)
    return row


def settle(db: Connection, refund_id: str, now: float) -> None:
    """A refund that was under way has arrived."""
    db.execute(
        "UPDATE refund SET state = 'succeeded', changed_at = ? WHERE id = ?", (now, refund_id)
    )
    row = db.execute("SELECT * FROM refund WHERE id = ?", (refund_id,)).fetchone()
    _notify(db, row, now)


def find(db: Connection, merchant_id: str, refund_reference: str) -> Row | None:
    row: Row | None = db.execute(
        "SELECT * FROM refund WHERE merchant_id = ? AND refund_reference = ?",
        (merchant_id, refund_reference),
    ).fetchone()
    return row


def get(db: Connection, merchant_id: str, refund_reference: str) -> Row:
    """Refuses with 404."""
    row = find(db, merchant_id, refund_reference)
    if row is None:
        raise Refused(404, "no-such-refund")
    return row


def fact(db: Connection, row: Row) -> dict[str, Any]:
    """What the gateway says about a refund. Each attempt's outcome is a fact of its own."""
    payment = db.execute("SELECT * FROM payment WHERE id = ?", (row["payment_id"],)).fetchone()
    return {
        "type": "refund",
        "merchant_id": row["merchant_id"],
        "app_id": payment["app_id"],
        "reference": payment["reference"],
        "refund_reference": row["refund_reference"],
        "provider_reference": row["id"],
        "result": row["state"],
        "amount": row["amount"],
        "currency": row["currency"],
        "event_id": f"{row['id']}.{row['attempts']}.{row['state']}",
        "occurred_at": int(row["changed_at"]),
        "message": "sandbox: refused by the payer's bank" if row["state"] == "failed" else "",
    }


def _check_sum(db: Connection, payment: Row, amount: int, currency: str) -> None:
    if payment["state"] != "captured":
        raise Refused(409, "payment-not-captured")
    if currency != payment["currency"]:
        raise Refused(409, "other-currency")
    row = db.execute(
        "SELECT coalesce(sum(amount), 0) FROM refund WHERE payment_id = ? AND state != 'failed'",
        (payment["id"],),
    ).fetchone()
    if row[0] + amount > payments.captured(db, payment):
        raise Refused(409, "refund-exceeds-capture")


def _notify(db: Connection, row: Row, now: float) -> None:
    if row["notify_url"]:
        notifications.enqueue(db, row["notify_url"], fact(db, row), now)
