"""One process of a rush: threads that claim, or that place orders, all at the same moment."""

from __future__ import annotations

import collections
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

from sqlalchemy import select, update
from storegen_plugins.coupons import issuing, pricing, using
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.tables import Coupon

from storegen.domain.orders.placing import PlaceOrder, place
from storegen.errors import PriceChanged, Refused
from storegen.store import Store
from storegen.values.actor import Actor


def switch_guards_off() -> None:
    """The negative control: nobody looks at what is left, nor at a coupon's state."""

    def take(*_: Any, **__: Any) -> None:
        return None

    def wallet(uow: Any, cart: Any, *_: Any) -> list[pricing.Candidate]:
        return [
            pricing.Candidate(
                id=f"{using.COUPON}{row.public_id}",
                template_id=row.template_id,
                title="",
                rules=Rules.from_json(row.rules),
                ends_at=row.ends_at,
            )
            for row in uow.db.execute(
                select(Coupon.__table__).where(Coupon.customer_id == cart.customer_id)
            )
        ]

    def redeem(uow: Any, _actor: Any, change: Any, wanted: Any, *_: Any) -> None:
        uow.db.execute(update(Coupon).where(wanted).values(state="used", order_id=change.order_id))

    issuing._take = take
    pricing._wallet = wallet
    using._redeem = redeem


def claim(store: Store, campaign: str, customer_id: int) -> str:
    actor = Actor(kind="customer", customer_id=customer_id)
    store.transact(lambda uow: issuing.claim(uow, actor, campaign))
    return "done"


def order(store: Store, cart: str, customer_id: int) -> str:
    actor = Actor(kind="customer", customer_id=customer_id)
    command = PlaceOrder(expected_total=4000, phone="+8613800138000", cart=cart)
    store.transact(lambda uow: place(uow, actor, command))
    return "done"


def main(root: str, what: str, work: str, guards: str) -> None:
    if guards == "off":
        switch_guards_off()
    todo = json.loads(work)
    run = {"claim": claim, "order": order}[what]
    together = Barrier(len(todo))
    with Store.open(Path(root)) as store:
        store.plugins  # noqa: B018 - made before the rush, not in it

        def one(given: list[Any]) -> str:
            together.wait()
            try:
                return run(store, *given)
            except (Refused, PriceChanged) as error:
                return getattr(error, "reason", error.code)
            except Exception as error:
                return f"{type(error).__name__}: {error}"

        print("ready", flush=True)
        sys.stdin.readline()
        with ThreadPoolExecutor(len(todo)) as pool:
            outcomes = collections.Counter(pool.map(one, todo))
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(*sys.argv[1:])
