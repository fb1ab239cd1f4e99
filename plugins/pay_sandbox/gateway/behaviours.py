"""What a payer, or what goes wrong, can do to a payment: one function per behaviour.

The pay page and the control API drive the same functions, each inside one transaction.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection, Row
from typing import Any

from storegen_plugins.pay_sandbox.gateway import payments, refunds
from storegen_plugins.pay_sandbox.gateway.notifications import enqueue
from storegen_plugins.pay_sandbox.gateway.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a behaviour is played. Seconds are of the gateway's clock, amounts in minor units."""

    seconds: int = 10
    copies: int = 50
    amount: int | None = None
    """What is captured instead of what was asked."""
    refund: int | None = None
    """What ``storm_refund`` refunds; by default all."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Play:
    """A behaviour at work on one payment."""

    db: Connection
    payment: Row
    now: float
    options: Options

    def take(self) -> dict[str, Any]:
        """Capture, and return the fact."""
        payments.capture(self.db, self.payment, self.now, amount=self.options.amount)
        return self.said()

    def said(self, nth: int = 0) -> dict[str, Any]:
        again = payments.by_token(self.db, self.payment["token"])
        return payments.fact(self.db, again, self.now, nth=nth)

    def tell(self, said: dict[str, Any], wait: float = 0, *, bad_signature: bool = False) -> None:
        if url := self.payment["notify_url"]:
            enqueue(self.db, url, said, self.now + wait, bad_signature=bad_signature)


def approve(play: Play) -> None:
    play.tell(play.take())


def decline(play: Play) -> None:
    payments.move(play.db, play.payment, "failed", play.now)
    play.tell(play.said())


def delay(play: Play) -> None:
    payments.move(play.db, play.payment, "waiting", play.now)
    payments.schedule(play.db, "capture", play.payment["id"], play.now + play.options.seconds)


def notify_twice(play: Play) -> None:
    said = play.take()
    play.tell(said)
    play.tell(said)


def capture_twice(play: Play) -> None:
    play.tell(play.take())
    payments.capture(play.db, play.payment, play.now)
    play.tell(play.said(nth=1))


def late(play: Play) -> None:
    """Money comes after the shop has closed the payment, or after it has expired."""
    seconds = play.options.seconds
    if payments.state(play.payment, play.now) == "closed":
        payments.schedule(play.db, "capture_late", play.payment["id"], play.now + seconds)
        return
    play.db.execute(
        "UPDATE payment SET late_seconds = ? WHERE id = ?", (seconds, play.payment["id"])
    )
    at = max(play.payment["expires_at"], play.now) + seconds
    payments.schedule(play.db, "capture_late", play.payment["id"], at)


def drop(play: Play) -> None:
    """The money is taken; nobody hears of it."""
    play.take()


def wrong_amount(play: Play) -> None:
    said = play.take()
    play.tell(said | {"amount": max(1, said["amount"] // 100)})


def wrong_currency(play: Play) -> None:
    said = play.take()
    play.tell(said | {"currency": "JPY" if said["currency"] != "JPY" else "CNY"})


def bad_signature(play: Play) -> None:
    play.tell(play.take(), bad_signature=True)


def storm(play: Play) -> None:
    _storm(play, play.said(), play.take(), [])


def storm_refund(play: Play) -> None:
    """As storm, with a refund that was made at the gateway; its notification comes first."""
    pending = play.said()
    said = play.take()
    asked = {
        "reference": play.payment["reference"],
        "refund_reference": f"GATEWAY{play.payment['id'][3:]}",
        "amount": play.options.refund or said["amount"],
        "currency": said["currency"],
        "reason": "made at the gateway",
        "notify_url": "",
    }
    row = refunds.refund(play.db, play.payment["merchant_id"], asked, None, play.now)
    refunded = refunds.fact(play.db, row)
    play.tell(refunded)
    _storm(play, pending, said, [refunded])


def _storm(play: Play, pending: dict[str, Any], said: dict[str, Any], more: list[Any]) -> None:
    copies = play.options.copies
    stale = [pending] * (copies // 10)
    told = [*more * (copies // 10), *stale]
    told += [said] * (copies - len(told))
    random.Random(play.options.seed).shuffle(told)  # noqa: S311 (an order, not a secret)
    for one in told:
        # After what the behaviour told first, so that "refund before payment" is an order.
        play.tell(one, wait=0.3 if more else 0)


BEHAVIOURS: dict[str, Callable[[Play], None]] = {
    function.__name__: function
    for function in (
        approve,
        decline,
        delay,
        notify_twice,
        capture_twice,
        late,
        drop,
        wrong_amount,
        wrong_currency,
        bad_signature,
        storm,
        storm_refund,
    )
}
STRANDED = frozenset({"drop"})
"""Behaviours after which the payer is not sent back to the shop."""


def perform(db: Connection, payment: Row, name: str, options: Options, now: float) -> None:
    """Play a behaviour. Refuses an unknown one, and a payment that is no longer open.

    Only ``late`` is possible on a closed one: that is what it is for.
    """
    if name not in BEHAVIOURS:
        raise Refused(422, "unknown-behaviour")
    present = payments.state(payment, now)
    if present != "open" and not (present == "closed" and name == "late" and payment["amount"]):
        raise Refused(409, f"payment-{present}")
    BEHAVIOURS[name](Play(db, payment, now, options))
