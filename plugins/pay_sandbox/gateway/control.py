"""``POST /_control``: what a person does on the pay page, for tests and demos.

Signed like every other call, so that only the shop itself can play with its payments.
"""

from __future__ import annotations

import json
from typing import Any

from storegen_plugins.pay_sandbox.gateway import faults, payments, refunds
from storegen_plugins.pay_sandbox.gateway.behaviours import Options, perform
from storegen_plugins.pay_sandbox.gateway.gateway import Gateway
from storegen_plugins.pay_sandbox.gateway.merchants import Merchant
from storegen_plugins.pay_sandbox.gateway.refusals import Refused
from storegen_plugins.pay_sandbox.gateway.schemas import (
    AdvanceSchema,
    FaultSchema,
    LookSchema,
    NothingSchema,
    PaySchema,
    check,
)


def obey(gateway: Gateway, merchant: Merchant, body: bytes) -> dict[str, Any]:
    """``{"do": "pay" | "fault" | "advance" | "send_now" | "look", ...}``."""
    try:
        said = json.loads(body)
        wish = said.pop("do")
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise Refused(400, "not-json") from error
    match wish:
        case "pay":
            return _pay(gateway, merchant, said)
        case "fault":
            with gateway.database.write() as db:
                faults.arm(db, merchant.merchant_id, **check(FaultSchema, said))
            return {}
        case "advance":
            gateway.advance(check(AdvanceSchema, said)["seconds"])
            return {}
        case "send_now":
            check(NothingSchema, said)
            with gateway.database.write() as db:
                db.execute(
                    "UPDATE notification SET due = ?, state = 'waiting'"
                    " WHERE merchant_id = ? AND state IN ('waiting', 'given_up')",
                    (gateway.now(), merchant.merchant_id),
                )
            return {}
        case "look":
            return _look(gateway, merchant, check(LookSchema, said)["reference"])
    raise Refused(422, "invalid", "do: pay, fault, advance, send_now or look")


def _pay(gateway: Gateway, merchant: Merchant, said: object) -> dict[str, Any]:
    asked = check(PaySchema, said)
    reference, behaviour = asked.pop("reference"), asked.pop("behaviour")
    now = gateway.now()
    with gateway.database.write() as db:
        payment = payments.get(db, merchant.merchant_id, reference)
        perform(db, payment, behaviour, Options(**asked), now)
        return payments.fact(db, payments.get(db, merchant.merchant_id, reference), now)


def _look(gateway: Gateway, merchant: Merchant, reference: str) -> dict[str, Any]:
    """Everything that the gateway has about a payment."""
    with gateway.database.read() as db:
        payment = payments.get(db, merchant.merchant_id, reference)
        return {
            "payment": payments.fact(db, payment, gateway.now()),
            "captured": payments.captured(db, payment),
            "captures": [
                dict(row)
                for row in db.execute(
                    "SELECT amount, currency, nth FROM capture WHERE payment_id = ? ORDER BY nth",
                    (payment["id"],),
                )
            ],
            "refunds": [
                refunds.fact(db, row)
                for row in db.execute(
                    "SELECT * FROM refund WHERE payment_id = ? ORDER BY rowid", (payment["id"],)
                )
            ],
            "notifications": [
                {
                    "state": row["state"],
                    "attempts": row["attempts"],
                    "last": row["last"],
                    "said": json.loads(row["body"]),
                }
                for row in db.execute(
                    "SELECT * FROM notification WHERE merchant_id = ? AND reference = ?"
                    " ORDER BY id",
                    (merchant.merchant_id, reference),
                )
            ],
        }
