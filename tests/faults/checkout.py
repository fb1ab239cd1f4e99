"""One checkout by a process that may die in it: an order under a key, then its payment.

The provider keeps what it knows in files, as a real one would survive the shop's death.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storegen.domain.idempotency import Key, once
from storegen.domain.orders.placing import place
from storegen.domain.refunds import sending
from storegen.store import Store
from storegen.values.actor import Actor
from storegen.values.payment import (
    PaymentFact,
    PaymentRequest,
    PaymentStart,
    RefundFact,
    RefundRequest,
)
from tests.fixtures.payment import ScriptedProvider, start, use
from tests.fixtures.stores import TestClock


@dataclass
class FileProvider(ScriptedProvider):
    """Remembers payments and refunds by reference, one file each."""

    folder: Path = Path()

    def start(self, request: PaymentRequest) -> PaymentStart:
        (self.folder / f"payment-{request.reference}").write_text(str(request.amount))
        return PaymentStart(kind="redirect", redirect_url=f"http://pay.test/{request.reference}")

    def query(self, reference: str) -> PaymentFact:
        raise NotImplementedError

    def refund(self, request: RefundRequest) -> RefundFact:
        (self.folder / f"refund-{request.refund_reference}").write_text(str(request.amount))
        return RefundFact(
            refund_reference=request.refund_reference, result="succeeded", amount=request.amount
        )


def use_files(store: Store) -> FileProvider:
    folder = store.root / "provider"
    folder.mkdir(exist_ok=True)
    provider = FileProvider(folder=folder)
    use(store, provider)
    return provider


def check_out(store: Store, session_id: int, expected: int) -> dict[str, Any]:
    """What the web does for one click on "order", and again for each repetition of it."""
    actor = Actor(kind="guest", session_id=session_id, locale="zh-Hans")
    body = {"expected": expected}

    def work(uow: Any, answer: Any) -> None:
        command = order_command_of(expected)
        place(uow, actor, command, lambda p: answer({"order": p.order_id, "token": p.token}))

    answer = once(store, Key(f"session:{session_id}", "place", "click"), body, work)
    reference = start(store, actor, answer["order"])
    return {**answer, "reference": reference}


def order_command_of(expected: int) -> Any:
    from storegen.domain.orders.placing import PlaceOrder
    from tests.fixtures.goods import SHANGHAI

    return PlaceOrder(
        expected_total=expected,
        phone="+8613800138000",
        name="王小明",
        address=SHANGHAI,
        shipping_method="express",
    )


def main(root: str, what: str, argument: str) -> None:
    with Store.open(Path(root), clock=TestClock()) as store:
        use_files(store)
        if what == "checkout":
            session_id, expected = json.loads(argument)
            check_out(store, session_id, expected)
        elif what == "refunds":
            sending.send_due(store)
        else:
            from storegen.domain.payments import following
            from tests.fixtures.payment import fact

            reference, amount = json.loads(argument)
            following.notify(store, "scripted", fact(reference, amount=amount, event_id="e1"))


if __name__ == "__main__":
    main(*sys.argv[1:])
