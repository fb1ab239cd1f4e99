"""After-sales: who may ask what until when, every move of the table, and the money it gives."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storegen.domain import aftersales, fulfilment
from storegen.domain import aftersales_rules as rules
from storegen.domain.aftersales import Ask
from storegen.domain.orders.reading import order_view
from storegen.domain.payments import booking
from storegen.domain.settings import save
from storegen.errors import Conflict, Forbidden, Invalid, NotAllowed, NotFound
from storegen.models import AfterSales, OrderLine, Stock
from storegen.store import Store
from storegen.values.actor import CLI, Actor
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.fixtures.payment import fact, start, use
from tests.fixtures.stores import TestClock

BUYER = Actor(kind="guest", locale="zh-Hans")


class Sale:
    """A paid order of three pieces, and shorthands for what is done about it."""

    def __init__(self, store: Store, **product: object) -> None:
        make_delivery(store)
        use(store)
        self.store = store
        placed = place_order(store, (make_product(store, price=1001, **product), 3))  # type: ignore[arg-type]
        self.id, self.token = placed.order_id, placed.token
        reference = start(store, BUYER, self.id)
        store.transact(lambda uow: booking.book(uow, "scripted", fact(reference)))
        with store.read() as uow:
            self.line = uow.db.scalar(select(OrderLine.public_id)) or ""

    def receive(self) -> None:
        self.store.transact(lambda uow: fulfilment.ship(uow, STAFF, self.id, fulfilment.Ship()))
        self.store.transact(lambda uow: fulfilment.receive(uow, STAFF, self.id))

    def ask(self, kind: str = "return", reason: str = "size", quantity: int = 1) -> str:
        ask = Ask(line=self.line, kind=kind, reason=reason, quantity=quantity)
        return self.store.transact(lambda uow: aftersales.request(uow, BUYER, self.token, ask))

    def move(self, move: str, request: str, actor: Actor = STAFF) -> None:
        def work(uow):  # type: ignore[no-untyped-def]
            match move:
                case "approve":
                    aftersales.approve(uow, actor, request)
                case "reject":
                    aftersales.reject(uow, actor, request, "No")
                case "complete":
                    aftersales.complete(uow, actor, request)
                case "withdraw":
                    aftersales.withdraw(uow, BUYER, self.token, request)
                case "send_back":
                    aftersales.send_back(uow, BUYER, self.token, request, carrier="SF", number="1")

        self.store.transact(work)

    def state(self) -> tuple[str, int]:
        with self.store.read() as uow:
            row = uow.db.execute(select(AfterSales.state, AfterSales.amount)).one()
            return row.state, row.amount


PATHS: dict[str, list[str]] = {
    "requested": [],
    "approved": ["approve"],
    "returned": ["approve", "send_back"],
    "completed": ["approve", "send_back", "complete"],
    "rejected": ["reject"],
    "withdrawn": ["withdraw"],
}


@pytest.mark.parametrize("state", PATHS)
def test_every_other_move_is_refused(store: Store, state: str) -> None:
    sale = Sale(store)
    sale.receive()
    request = sale.ask()
    for move in PATHS[state]:
        sale.move(move, request)
    before = sale.state()
    assert before[0] == state
    for move, (sources, _) in rules.MOVES.items():
        if state not in sources:
            with pytest.raises(Forbidden):
                sale.move(move, request)
    assert sale.state() == before


def test_what_is_over_is_due_no_more(store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    for moves in (["withdraw"], ["approve", "withdraw"], ["reject"]):
        request = sale.ask()
        for move in moves:
            sale.move(move, request)
    with store.read() as uow:
        assert uow.db.scalars(select(AfterSales.deadline)).all() == [None, None, None]


def test_units_come_back_at_their_own_share(store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    for _ in range(3):
        request = sale.ask()
        for move in PATHS["completed"]:
            sale.move(move, request)
    with store.read() as uow:
        order = order_view(uow, STAFF, sale.id)
    assert [each.amount for each in order.requests] == [1001, 1001, 1001]
    assert sum(each.amount for each in order.refunds) == order.lines[0].gross
    assert order.lines[0].claimable == 0
    assert "after_sales" not in order.actions


def test_what_has_not_left_is_refunded_and_free_again(store: Store) -> None:
    sale = Sale(store)
    with pytest.raises(Invalid):
        sale.ask("return")
    request = sale.ask("refund_only", "changed_mind", 2)
    sale.move("approve", request)
    sale.move("complete", request)
    assert sale.state() == ("completed", 2002)
    with store.read() as uow:
        assert uow.db.execute(select(Stock.on_hand, Stock.reserved)).one() == (10, 1)


def test_an_exchange_gives_no_money(store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    request = sale.ask("exchange")
    for move in PATHS["completed"]:
        sale.move(move, request)
    assert sale.state() == ("completed", 0)
    with store.read() as uow:
        order = order_view(uow, STAFF, sale.id)
    assert order.refunds == ()
    assert "replacement" in [event.kind for event in order.events]


def test_a_return_is_not_paid_before_the_goods_are_back(store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    request = sale.ask()
    sale.move("approve", request)
    with pytest.raises(Conflict, match="goods-not-back"):
        sale.move("complete", request)


def test_units_are_claimed_once(store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    first = sale.ask(quantity=2)
    with pytest.raises(Conflict, match="after-sales-units"):
        sale.ask(quantity=2)
    sale.move("withdraw", first)
    sale.ask(quantity=3)


def test_only_staff_who_refund_decide(store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    request = sale.ask()
    packer = Actor(kind="staff", staff_id=2, permissions=frozenset({"orders.ship"}))
    for actor in (BUYER, packer):
        for move in ("approve", "reject", "complete"):
            with pytest.raises(NotAllowed):
                sale.move(move, request, actor)
    with pytest.raises(NotFound):
        store.transact(lambda uow: aftersales.withdraw(uow, BUYER, "x" * 26, request))


def test_the_window_is_whole_days_after_receipt(store: Store, clock: TestClock) -> None:
    """Received on 1 March at noon in Shanghai: until the end of 8 March there."""
    sale = Sale(store)
    sale.receive()
    clock.moment = datetime(2026, 3, 8, 15, 59, 59, tzinfo=UTC)
    sale.ask()
    clock.moment = datetime(2026, 3, 8, 16, 0, tzinfo=UTC)
    with pytest.raises(Conflict, match="after-sales-over"):
        sale.ask()


def test_an_order_that_is_completed_early_keeps_its_window(store: Store, clock: TestClock) -> None:
    store.transact(lambda uow: save(uow, CLI, "checkout", {"complete_after_days": 1}))
    sale = Sale(store)
    sale.receive()
    clock.move(days=2)
    fulfilment.receive_and_complete_due(store)
    with store.read() as uow:
        assert order_view(uow, BUYER, sale.token).state == "completed"
    assert sale.ask()


def test_a_return_that_nobody_sends_ends(store: Store, clock: TestClock) -> None:
    sale = Sale(store)
    sale.receive()
    request = sale.ask()
    sale.move("approve", request)
    clock.move(days=6)
    assert aftersales.withdraw_overdue(store) == 0
    clock.move(days=2)
    assert aftersales.withdraw_overdue(store) == 1
    assert sale.state()[0] == "withdrawn"


def test_goods_without_free_return_need_a_defect(store: Store) -> None:
    fits = {
        (kind, reason)
        for kind in rules.KINDS
        for reason in rules.REASONS
        if rules.reason_fits(kind, reason, "no_return", left=True)
    }
    assert fits == {
        *((kind, reason) for kind in rules.KINDS for reason in rules.DEFECTS),
        ("refund_only", "not_arrived"),
    }
    assert not rules.reason_fits("return", "nonsense", "seven_days", left=True)
