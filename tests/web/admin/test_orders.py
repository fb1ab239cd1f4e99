"""Orders at the desk over HTTP: find, ship, confirm, refund, cancel, note."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from storegen.domain.payments import booking
from storegen.domain.refunds import sending
from storegen.models import (
    AuditLog,
    LedgerEntry,
    Order,
    OrderContact,
    OrderLine,
    Parcel,
    Refund,
    Stock,
)
from storegen.store import Store
from storegen.values.actor import CLI
from tests.fixtures.goods import Goods, make_delivery, make_product, place_order
from tests.fixtures.stores import statements
from tests.web.admin.conftest import Desk, words


@pytest.fixture
def goods(store: Store) -> Goods:
    make_delivery(store)
    return make_product(store, "Cold Tea", price=999)


def order(store: Store, *lines: tuple[Goods, int], paid: bool = True) -> str:
    placed = place_order(store, *lines)
    if paid:
        store.transact(lambda uow: booking.confirm_by_hand(uow, CLI, placed.order_id, "t1"))
    return placed.public_id


def line(store: Store, key: str) -> str:
    with store.read() as uow:
        return str(
            uow.db.scalar(
                select(OrderLine.public_id)
                .join(Order, Order.id == OrderLine.order_id)
                .where(Order.public_id == key)
            )
        )


def row(store: Store, key: str) -> Order:
    with store.read() as uow:
        found = uow.orm.scalar(select(Order).where(Order.public_id == key))
        assert found is not None
        return found


def logged(store: Store, action: str) -> int:
    with store.read() as uow:
        return int(
            uow.db.scalar(
                select(func.count())
                .select_from(AuditLog)
                .where(AuditLog.action == action, AuditLog.actor.like("staff:%"))
            )
            or 0
        )


def test_ship_in_parts_with_parcels_then_correct_one(
    desk: Desk, store: Store, goods: Goods
) -> None:
    key = order(store, (goods, 3))
    unit = f"units.{line(store, key)}"
    desk.done(
        f"/orders/{key}/ship",
        {unit: "2", "parcels.0.carrier": "SF", "parcels.0.number": "SF1000"},
    )
    page = desk.get(f"/orders/{key}")
    assert "shipped 2 of 3" in words(page)
    assert "SF1000" in page.text
    assert row(store, key).state == "to_ship"
    too_many = desk.post(f"/orders/{key}/ship", {unit: "2"})
    assert too_many.status_code == 422
    assert "From 0 to 1" in too_many.text
    assert desk.post(f"/orders/{key}/ship", {unit: "0"}).status_code == 422
    with store.read() as uow:
        parcel = uow.db.scalar(select(Parcel.id))
    desk.done(
        f"/orders/{key}/correct-parcel", {"parcel": parcel, "carrier": "SF", "number": "SF2000"}
    )
    assert "SF2000" in desk.get(f"/orders/{key}").text
    desk.done(f"/orders/{key}/ship", {unit: "1"})
    assert row(store, key).state == "shipped"
    desk.done(f"/orders/{key}/receive")
    desk.done(f"/orders/{key}/complete")
    assert row(store, key).state == "completed"
    assert logged(store, "order.ship") == 2
    assert logged(store, "parcel.correct") == 1
    assert logged(store, "order.complete") == 1


def test_another_orders_parcel_is_not_there_to_correct(
    desk: Desk, store: Store, goods: Goods
) -> None:
    keys = [order(store, (goods, 1)) for _ in range(2)]
    for key, number in zip(keys, ("A1", "B1"), strict=True):
        sent = {f"units.{line(store, key)}": "1", "parcels.0.carrier": "SF"}
        desk.done(f"/orders/{key}/ship", {**sent, "parcels.0.number": number})
    with store.read() as uow:
        other = uow.db.scalar(select(Parcel.id).where(Parcel.tracking_number == "B1"))
    answer = desk.post(
        f"/orders/{keys[0]}/correct-parcel", {"parcel": other, "carrier": "X", "number": "stolen"}
    )
    assert answer.status_code == 422
    with store.read() as uow:
        assert sorted(uow.db.scalars(select(Parcel.tracking_number))) == ["A1", "B1"]


def test_confirm_a_transfer_once(desk: Desk, store: Store, goods: Goods) -> None:
    key = order(store, (goods, 1), paid=False)
    path, form = f"/orders/{key}/confirm-payment", {"reference": "bank 77"}
    shown = desk.post(path, form)
    assert "¥15.99" in shown.text
    assert row(store, key).captured == 0
    desk.applied(path, form)
    assert row(store, key).captured == 1599
    assert row(store, key).state == "to_ship"
    assert desk.post(path, form).status_code == 409
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_refund_some_units_shows_the_amount_first(desk: Desk, store: Store, goods: Goods) -> None:
    key = order(store, (goods, 3))
    unit = f"units.{line(store, key)}"
    form = {unit: "1", "shipping": "6", "reason": "A dent"}
    shown = desk.post(f"/orders/{key}/refund", form)
    assert "¥9.99" in shown.text
    assert "¥15.99" in shown.text
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Refund)) == 0
    desk.applied(f"/orders/{key}/refund", form)
    with store.read() as uow:
        assert uow.db.execute(select(Refund.amount, Refund.reason)).one() == (1599, "A dent")
        assert uow.db.scalar(select(Stock.reserved)) == 2  # it will not ship: free again
    for wrong in ({unit: "3"}, {"shipping": "0.01"}, {unit: "-1"}, {unit: "1e3"}, {unit: "0.5"}):
        assert desk.post(f"/orders/{key}/refund", wrong).status_code in (409, 422), wrong
    assert desk.post(f"/orders/{key}/refund", {unit: "0"}).status_code == 422


def test_a_preview_that_is_out_of_date_is_not_applied(
    desk: Desk, store: Store, goods: Goods
) -> None:
    key = order(store, (goods, 2))
    form = {"reason": ""}
    seal = re.search(
        r'name="apply" value="(\w+)"', desk.post(f"/orders/{key}/refund-all", form).text
    )
    assert seal is not None
    desk.applied(f"/orders/{key}/refund", {f"units.{line(store, key)}": "1"})
    again = desk.post(f"/orders/{key}/refund-all", {**form, "apply": seal[1]})
    assert again.status_code == 200
    assert "Something has changed meanwhile" in again.text
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Refund)) == 1


def test_everything_back_then_paid_by_hand(desk: Desk, store: Store, goods: Goods) -> None:
    key = order(store, (goods, 2))
    desk.applied(f"/orders/{key}/refund-all", {"reason": "called off"})
    assert row(store, key).state == "refunding"
    sending.send_due(store)
    with store.read() as uow:
        refund, state = uow.db.execute(select(Refund.public_id, Refund.state)).one()
    assert state == "by_hand"
    assert "Refunds that need you" in desk.get("").text
    desk.done(f"/refunds/{refund}/confirm", {"reference": "bank 9"})
    assert row(store, key).state == "refunded"
    assert desk.post(f"/refunds/{refund}/confirm", {"reference": "bank 9"}).status_code == 409
    assert desk.post(f"/refunds/{refund}/retry").status_code == 409


def test_overpaid_is_explained_and_given_back(desk: Desk, store: Store, goods: Goods) -> None:
    key = order(store, (goods, 1))
    with store.write() as uow:
        order_id = uow.db.scalar(select(Order.id))
        uow.db.execute(
            LedgerEntry.__table__.insert().values(  # type: ignore[attr-defined]
                order_id=order_id, kind="capture", amount=500, source="again", at=uow.now
            )
        )
        uow.db.execute(update(Order).values(captured=Order.captured + 500, flags=["overpaid"]))
    page = desk.get(f"/orders/{key}")
    assert "More money came in" in page.text
    assert key in desk.get("/orders?f.look=flagged").text
    desk.applied(f"/orders/{key}/refund-overpaid", {})
    with store.read() as uow:
        assert uow.db.scalar(select(Refund.amount)) == 500
    assert desk.post(f"/orders/{key}/refund-overpaid").status_code == 409


def test_cancel_an_unpaid_order_frees_its_goods(desk: Desk, store: Store, goods: Goods) -> None:
    key = order(store, (goods, 4), paid=False)
    desk.done(f"/orders/{key}/cancel", {"reason": "asked by phone"})
    assert row(store, key).state == "cancelled"
    with store.read() as uow:
        assert uow.db.scalar(select(Stock.reserved)) == 0
    assert desk.post(f"/orders/{key}/cancel").status_code == 409


def test_notes_are_kept_and_harmless(desk: Desk, store: Store, goods: Goods) -> None:
    key = order(store, (goods, 1))
    desk.done(f"/orders/{key}/note", {"text": "<script>alert(1)</script> call back"})
    page = desk.get(f"/orders/{key}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert desk.post(f"/orders/{key}/note", {"text": "  "}).status_code == 422
    assert desk.post(f"/orders/{key}/note", {"text": "x" * 2001}).status_code == 422
    assert logged(store, "order.note") == 1


def test_packing_slip_has_no_prices(desk: Desk, store: Store, goods: Goods) -> None:
    key = order(store, (goods, 2))
    slip = desk.get(f"/orders/{key}/sheet/slip")
    assert "Cold Tea" in slip.text
    assert "南京东路" in slip.text
    assert "¥" not in slip.text


def test_filters_and_search(desk: Desk, store: Store, goods: Goods) -> None:
    paid, unpaid = order(store, (goods, 1)), order(store, (goods, 1), paid=False)
    number = row(store, paid).number
    found = {
        "": {paid, unpaid},
        "?f.state=to_ship": {paid},
        "?f.state=pending_payment": {unpaid},
        "?f.payment=paid": {paid},
        "?f.payment=unpaid": {unpaid},
        "?f.fulfilment=none": {paid, unpaid},
        "?f.fulfilment=all": set(),
        "?f.since=2026-03-01&f.until=2026-03-01": {paid, unpaid},
        "?f.since=2026-03-02": set(),
        "?f.since=nonsense&f.state=nonsense": {paid, unpaid},
        f"?q={number}": {paid},
        "?q=138001": {paid, unpaid},
        "?q=王小": {paid, unpaid},
        "?q=%25": set(),  # a percent sign is a percent sign
        "?q='": set(),
    }
    for query, keys in found.items():
        page = desk.get(f"/orders{query}")
        assert page.status_code == 200
        assert {key for key in (paid, unpaid) if key in page.text} == keys, query


def test_a_page_at_a_time(desk: Desk, store: Store, goods: Goods) -> None:
    keys = [order(store, (goods, 1), paid=False) for _ in range(3)]
    from storegen.web.admin.registry import Query
    from storegen.web.admin.resources.orders import rows

    with store.read() as uow:
        first = rows(uow, Query(limit=2))
        second = rows(uow, Query(limit=2, after=first.next))
    assert [each.key for each in (*first.rows, *second.rows)] == keys[::-1]
    assert first.next
    assert not second.next
    assert desk.get("/orders?after=x'--").status_code == 200


def test_a_list_costs_the_same_however_long_it_is(
    make_desk: Callable[..., Desk], store: Store, goods: Goods
) -> None:
    desk = make_desk("*")
    order(store, (goods, 1))
    desk.get("/orders")
    with statements(store) as few:
        desk.get("/orders")
    more = [make_product(store) for _ in range(4)]
    for other in more:
        order(store, (goods, 1), (other, 1))
    desk.get("/orders")
    with statements(store) as many:
        desk.get("/orders")
    assert len(few) == len(many) <= 6, many.texts


def test_csv_runs_no_formula(desk: Desk, store: Store, goods: Goods) -> None:
    order(store, (goods, 1))
    with store.write() as uow:
        uow.db.execute(update(OrderContact).values(name='=HYPERLINK("http://evil")'))
    answer = desk.get("/orders/export.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeff")
    table = list(csv.reader(io.StringIO(answer.text[1:])))
    assert len(table) == 2
    assert '\'=HYPERLINK("http://evil")' in table[1]
    assert "15.99" in table[1]
    assert not any(cell.startswith(("=", "@")) for cell in table[1])
