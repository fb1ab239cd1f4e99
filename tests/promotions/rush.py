"""One process of a rush for a flash sale: places the orders whose carts were prepared for it."""

from __future__ import annotations

import collections
import json
import sys
from pathlib import Path

from sqlalchemy import true
from storegen_plugins.promotions import flash

from storegen.domain.orders import placing
from storegen.errors import PriceChanged, Refused
from storegen.store import Store
from storegen.values.actor import Actor
from tests.fixtures.goods import SHANGHAI


def switch_guards_off() -> None:
    """The negative control: no look before, and an update without its condition."""
    flash._enough = lambda quantity, stock: true()
    flash.counts = lambda uow, places, customer_id: {}


def main(root: str, carts: str, expected: str, guarded: str) -> None:
    if guarded == "off":
        switch_guards_off()
    outcomes: collections.Counter[str] = collections.Counter()
    with Store.open(Path(root)) as store:
        print("ready", flush=True)
        sys.stdin.readline()  # all start together
        for number, session_id in enumerate(json.loads(carts)):
            actor = Actor(kind="guest", session_id=session_id)
            command = placing.PlaceOrder(
                expected_total=int(expected),
                phone=f"+86139{session_id:05d}{number:03d}",
                address=SHANGHAI,
                shipping_method="express",
            )
            try:
                store.transact(lambda uow, a=actor, c=command: placing.place(uow, a, c))  # type: ignore[misc]
                outcomes["sold"] += 1
            except (PriceChanged, Refused):
                outcomes["sold out"] += 1
            except Exception as error:
                outcomes[f"{type(error).__name__}: {error}"] += 1
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(*sys.argv[1:])
