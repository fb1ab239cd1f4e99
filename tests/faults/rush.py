"""One process of a rush: places the orders whose carts were prepared for it."""

from __future__ import annotations

import collections
import json
import sys
from dataclasses import replace
from pathlib import Path

from sqlalchemy import update

from storegen.domain import stock
from storegen.domain.orders import placing
from storegen.errors import SoldOut
from storegen.models import Stock
from storegen.store import Store
from storegen.values.actor import Actor
from tests.fixtures.goods import SHANGHAI


def switch_guards_off() -> None:
    """The negative control: no look before, and an update without its condition."""
    stock._RESERVE = (
        update(Stock)
        .where(Stock.variant_id == stock.bindparam("v"))
        .values(reserved=Stock.reserved + stock.bindparam("q"))
    )
    real = placing.load

    def everything_is_there(*arguments: object, **named: object) -> object:
        cart = real(*arguments, **named)  # type: ignore[arg-type]
        assert cart is not None
        return replace(cart, lines=tuple(replace(line, enough=True) for line in cart.lines))

    placing.load = everything_is_there  # type: ignore[assignment]


def main(root: str, carts: str, guarded: str) -> None:
    if guarded == "off":
        switch_guards_off()
    outcomes: collections.Counter[str] = collections.Counter()
    with Store.open(Path(root)) as store:
        print("ready", flush=True)
        sys.stdin.readline()  # all start together
        for session_id, expected in json.loads(carts):
            actor = Actor(kind="guest", session_id=session_id)
            command = placing.PlaceOrder(
                expected_total=expected,
                phone="+8613800138000",
                address=SHANGHAI,
                shipping_method="express",
            )
            try:
                store.transact(lambda uow, a=actor, c=command: placing.place(uow, a, c))  # type: ignore[misc]
                outcomes["sold"] += 1
            except SoldOut:
                outcomes["sold out"] += 1
            except Exception as error:
                outcomes[f"{type(error).__name__}: {error}"] += 1
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(*sys.argv[1:])
