"""A shop that staff, customers, a provider and the worker use in any order."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from storegen.domain import aftersales, fulfilment, stock
from storegen.domain.audit import drifts
from storegen.domain.payments import booking, following
from storegen.domain.refunds import requesting, sending
from storegen.errors import StoreError
from storegen.models import AfterSales, Order, OrderLine, Refund
from storegen.store import Store
from tests.fixtures.goods import STAFF, make_delivery, make_guest, make_product, place_order
from tests.fixtures.payment import fact, start, use
from tests.fixtures.stores import TestClock

PICK = st.integers(0, 99)
"""Which of the orders so far: hypothesis shrinks it to the first."""


class BusyShop(RuleBasedStateMachine):
    """Refusals are answers; only drift (or a bug that raises) is a failure."""

    open_store: Callable[[TestClock], Store]

    @initialize()
    def open(self) -> None:
        self.clock = TestClock()
        self.shop = type(self).open_store(self.clock)
        make_delivery(self.shop)
        self.provider = use(self.shop)
        self.goods = [
            make_product(self.shop, "tea", price=999, stock=6),
            make_product(self.shop, "cup", price=3, stock=4, backorder=3),
            make_product(self.shop, "sample", price=0, stock=None),
            make_product(self.shop, "book to read on a screen", price=500, stock=None, ships=False),
        ]
        self.orders: list[int] = []
        self.references: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "shop"):
            self.shop.close()

    def _do(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except StoreError:
            return False
        return True

    def _verb(self, verb: Callable[..., object], *arguments: object, **named: object) -> bool:
        return self._do(lambda: self.shop.transact(lambda uow: verb(uow, *arguments, **named)))

    def _order(self, pick: int) -> int:
        return self.orders[pick % len(self.orders)] if self.orders else 0

    def _line(self, order_id: int, pick: int) -> str:
        with self.shop.read() as uow:
            lines = uow.db.scalars(
                select(OrderLine.public_id).where(OrderLine.order_id == order_id)
            ).all()
        return lines[pick % len(lines)] if lines else ""

    @rule(quantities=st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(any))
    def place(self, quantities: list[int]) -> None:
        wanted = [pair for pair in zip(self.goods, quantities, strict=True) if pair[1]]
        self._do(lambda: self.orders.append(place_order(self.shop, *wanted).order_id))

    @rule(pick=PICK, kind=st.sampled_from(["redirect", "on_delivery", "instructions"]))
    def begin_to_pay(self, pick: int, kind: str) -> None:
        self.provider.kind = kind
        guest = make_guest(self.shop)
        self._do(lambda: self.references.append(start(self.shop, guest, self._order(pick))))

    @rule(quantities=st.tuples(*[st.integers(0, 2)] * 4).filter(any))
    def place_and_pay(self, quantities: tuple[int, ...]) -> None:
        self.place(list(quantities))
        self.begin_to_pay(len(self.orders) - 1, "redirect")
        self.told(len(self.references) - 1, "succeeded", "")

    @rule(
        pick=PICK,
        result=st.sampled_from(["succeeded", "succeeded", "failed", "closed", "pending"]),
        capture=st.sampled_from(["", "", "another"]),
    )
    def told(self, pick: int, result: str, capture: str) -> None:
        """A notification: the first, again, late, or of a second capture of one payment."""
        references = [reference for reference in self.references if reference]
        if not references:
            return
        reference = references[pick % len(references)]
        if result == "succeeded":
            self.provider.states[reference] = "succeeded"
        said = fact(reference, result, provider_reference=capture and f"{capture}-{reference}")
        self._do(lambda: following.notify(self.shop, "scripted", said))

    @rule(pick=PICK)
    def staff_saw_the_money(self, pick: int) -> None:
        self._verb(booking.confirm_by_hand, STAFF, self._order(pick), "")

    @rule(pick=PICK)
    def give_up_unpaid(self, pick: int) -> None:
        self._do(lambda: following.cancel_unpaid(self.shop, STAFF, self._order(pick)))

    @rule(hours=st.sampled_from([1, 80, 400]))
    def time_goes_by(self, hours: int) -> None:
        self.clock.move(hours=hours)
        following.close_due(self.shop)
        fulfilment.receive_and_complete_due(self.shop)

    @rule(pick=PICK, line=PICK, count=st.integers(0, 3))
    def ship(self, pick: int, line: int, count: int) -> None:
        order = self._order(pick)
        some = {self._line(order, line): count} if count else {}
        self._verb(fulfilment.ship, STAFF, order, fulfilment.Ship(lines=some))

    @rule(pick=PICK)
    def receive(self, pick: int) -> None:
        self._verb(fulfilment.receive, STAFF, self._order(pick))

    @rule(pick=PICK, line=PICK, count=st.integers(0, 3), freight=PICK, restock=st.booleans())
    def refund(self, pick: int, line: int, count: int, freight: int, restock: bool) -> None:
        order = self._order(pick)
        wanted = requesting.RefundRequested(
            lines={self._line(order, line): count} if count else {},
            shipping=freight * 6,
            restock=restock,
        )
        self._verb(requesting.request_refund, STAFF, order, wanted)

    @rule(pick=PICK)
    def give_everything_back(self, pick: int) -> None:
        self._verb(requesting.cancel_paid, STAFF, self._order(pick), "sorry")

    @rule(pick=PICK)
    def give_back_what_was_too_much(self, pick: int) -> None:
        self._verb(requesting.refund_overpaid, STAFF, self._order(pick))

    @rule(
        results=st.lists(
            st.sampled_from(["succeeded", "failed", "pending", "unknown", "by_hand"]), max_size=2
        )
    )
    def send_refunds(self, results: list[str]) -> None:
        self.provider.refund_results = results
        self.clock.move(seconds=90)
        sending.send_due(self.shop)

    @rule(pick=PICK, by_hand=st.booleans())
    def look_after_a_refund(self, pick: int, by_hand: bool) -> None:
        with self.shop.read() as uow:
            refunds = uow.db.scalars(select(Refund.public_id).order_by(Refund.id)).all()
        if not refunds:
            return
        refund = refunds[pick % len(refunds)]
        if by_hand:
            self._verb(sending.confirm_by_hand, STAFF, refund, "receipt 7")
        else:
            self._verb(sending.retry, STAFF, refund)

    @rule(
        pick=PICK,
        line=PICK,
        count=st.integers(1, 2),
        kind=st.sampled_from(["return", "refund_only"]),
    )
    def ask_after_sales(self, pick: int, line: int, count: int, kind: str) -> None:
        order = self._order(pick)
        with self.shop.read() as uow:
            token = uow.db.scalar(select(Order.token).where(Order.id == order)) or ""
        ask = aftersales.Ask(
            line=self._line(order, line), kind=kind, reason="damaged", quantity=count
        )
        self._verb(aftersales.request, make_guest(self.shop), token, ask)

    @rule(pick=PICK, restock=st.booleans())
    def finish_after_sales(self, pick: int, restock: bool) -> None:
        with self.shop.read() as uow:
            asked = uow.db.execute(
                select(AfterSales.public_id, Order.token)
                .join(Order, Order.id == AfterSales.order_id)
                .order_by(AfterSales.id)
            ).all()
        if not asked:
            return
        one, token = asked[pick % len(asked)]
        self._verb(aftersales.approve, STAFF, one, "send it back")
        self._verb(
            aftersales.send_back, make_guest(self.shop), token, one, carrier="SF", number="1"
        )
        self._verb(aftersales.complete, STAFF, one, restock=restock)

    @rule(pick=PICK, units=st.integers(0, 6))
    def count_the_shelf(self, pick: int, units: int) -> None:
        variant = self.goods[pick % len(self.goods)].variant_id
        self._verb(stock.set_level, STAFF, variant, on_hand=units)

    @invariant()
    def nothing_drifts(self) -> None:
        if hasattr(self, "shop"):
            with self.shop.read() as uow:
                assert drifts(uow) == []
