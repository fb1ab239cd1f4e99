"""With a plugin at work that answers everything badly, the shop still sells, at the right price."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from storegen.domain import audit, outbox_delivery, plugin_jobs
from storegen.models import Order, OutboxDelivery
from storegen.testing import sabotage
from storegen.testing.browser import Shopper
from storegen.testing.clock import TestClock
from storegen.testing.goods import make_product
from storegen.testing.kit import Kit, small_shop
from storegen.testing.sandbox import Gateway, gateway
from storegen.testing.tour import Tour

MODES = ("raise", "junk", "slow")
Open = Callable[..., tuple[Kit, Gateway]]


@pytest.fixture
def open_shop(
    tmp_path: Path,
    make_database: Callable[[str], str],
    clock: TestClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Open]:
    """``open_shop("raise", backend)``: a small shop with the saboteur in this mode; "": without."""
    with ExitStack() as stack:

        def make(mode: str, backend: str = "sqlite") -> tuple[Kit, Gateway]:
            monkeypatch.setenv(sabotage.VARIABLE, mode)
            folder = tmp_path / f"with-{mode or 'nobody'}"
            folder.mkdir()
            pay = stack.enter_context(gateway(folder, clock))
            shop = small_shop(folder, lambda _any: make_database(backend), clock, pay)
            return stack.enter_context(shop), pay

        yield make


def readiness(kit: Kit) -> dict[str, Any]:
    answer = kit.app.test_client().get("/readyz", base_url="http://shop.test")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def drifts(kit: Kit) -> list[Any]:
    """What stock and money are off by."""
    with kit.store.read() as uow:
        return list(audit.drifts(uow))


@pytest.mark.parametrize("mode", MODES)
def test_the_shop_sells_ships_and_refunds(open_shop: Open, mode: str, backend: str) -> None:
    """Browse, cart, place, pay, ship, refund, account, back office, API, in both languages."""
    kit, pay = open_shop(mode, backend)
    store = kit.store
    assert store.plugins.plugins[0].manifest.name == "saboteur"
    for _ in range(4):
        plugin_jobs.run_due(store)
    Tour(kit, pay).take()
    while outbox_delivery.deliver_due(store):
        pass
    with store.read() as uow:
        totals = sorted(uow.db.scalars(select(Order.total)))
        states = uow.db.scalar(
            select(func.count()).where(
                OutboxDelivery.listener == "saboteur", OutboxDelivery.state == "waiting"
            )
        )
    assert totals == [25600, 50600, 50600], "the prices are what they are without it"
    assert drifts(kit) == []
    ready = readiness(kit)
    assert ready["ready"] is True
    if mode == "slow":
        return
    assert states, "its events wait to be tried again"
    assert ready["plugins"]["saboteur"] == "open"
    assert {one["plugin"] for one in ready["plugin_faults"]} == {"saboteur"}
    hooks = {one["hook"] for one in ready["plugin_faults"]}
    assert {"discounts", "fees", "slot product.price", "slot cart.summary"} <= hooks


@pytest.mark.parametrize("mode", ["raise", "junk"])  # what sleeps costs the processor nothing
def test_a_page_costs_at_most_five_milliseconds_more(open_shop: Open, mode: str) -> None:
    """Processor time of a product page and of a cart: the median of forty of each shop, in turns,
    so that whatever else the machine does weighs on both."""
    people = []
    for kit in (open_shop("")[0], open_shop(mode)[0]):
        shopper = Shopper(lambda kit=kit: kit.app, kit.store)  # type: ignore[misc]
        lamp = make_product(kit.store, "Lamp", price=1000, handle="lamp")
        shopper.add(lamp)
        people.append(shopper)
    for path in ("/products/lamp", "/cart"):
        rounds = [[_cost(shopper, path) for shopper in people] for _ in range(40)]
        alone, spoiled = (statistics.median(costs) for costs in zip(*rounds, strict=True))
        assert spoiled - alone <= 5.0, f"{path}: {alone:.1f} ms alone, {spoiled:.1f} ms with it"


def _cost(shopper: Shopper, path: str) -> float:
    """Milliseconds of this thread: the gateways beside the shops have theirs."""
    began = time.thread_time()
    assert shopper.get(path).status == 200
    return (time.thread_time() - began) * 1000


@contextmanager
def guarded(kit: Kit) -> Iterator[None]:
    """Its guards answer too, inside of this block."""
    guards = sabotage.guard(kit.store.root)
    kit.restart()
    try:
        yield
    finally:
        guards.unlink()
        kit.restart()


def test_broken_guards_refuse_a_sale_and_leave_nothing_half_done(
    open_shop: Open, backend: str
) -> None:
    kit, pay = open_shop("raise", backend)
    shopper = Shopper(lambda: kit.app, kit.store, gateway=pay)
    lamp = make_product(kit.store, "Lamp", price=1000, stock=1)
    shopper.add(lamp)
    with guarded(kit):
        for _ in range(3):
            page = shopper.submit(shopper.get("/cart").form(action="cart"))
            assert page.status < 500
            page = shopper.get("/checkout")
            assert "sabotage" not in page.text
            form = next((one for one in page.forms() if "checkout" in one.action), None)
            if form is not None:
                page = shopper.submit(form, payment="sandbox")
                assert "/orders/" not in page.url
                assert "sabotage" not in page.text
    with kit.store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Order)) == 0
    assert drifts(kit) == []
    assert shopper.pay(shopper.order("sandbox")).status == 200, "without them it sells again"


def test_its_own_pages_fail_alone(open_shop: Open) -> None:
    kit, _pay = open_shop("raise")
    shopper = Shopper(lambda: kit.app, kit.store)
    for path in ("/saboteur", "/saboteur/raise", "/api/v1/saboteur/things"):
        page = shopper.get(path)
        assert page.status == 500
        assert "sabotage" not in page.text
    assert shopper.post("/hooks/saboteur/notify").status == 500
    assert shopper.get("/saboteur.txt").body == b"\xff\x00"
    assert shopper.get("/").status == 200


def test_a_shop_that_lost_it_goes_on(open_shop: Open) -> None:
    """Switched off, its events wait for its return and disturb nobody."""
    kit, pay = open_shop("raise")
    Tour(kit, pay).take()
    settings = kit.store.root / "store.toml"
    settings.write_text(settings.read_text("utf-8").replace('"saboteur", ', ""), "utf-8")
    shutil.rmtree(kit.store.root / "plugins")
    kit.restart()
    assert readiness(kit)["plugins"].keys() == {"pay_offline", "pay_sandbox"}
    assert outbox_delivery.deliver_due(kit.store) == 0
