"""What staff decide about requests and parked notifications, pressed over HTTP."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select, update

from storegen.models import AfterSales, AuditLog, Customer, Order, ParkedNotification, Refund, Stock
from storegen.store import Store
from tests.fixtures.stores import TestClock
from tests.orders.test_aftersales import Sale
from tests.web.admin.conftest import Desk, words


def request_of(store: Store) -> AfterSales:
    with store.read() as uow:
        found = uow.orm.scalar(select(AfterSales))
        assert found is not None
        return found


def refunds(store: Store) -> list[int]:
    with store.read() as uow:
        return list(uow.db.scalars(select(Refund.amount)))


def on_hand(store: Store) -> int:
    with store.read() as uow:
        return int(uow.db.scalar(select(Stock.on_hand)) or 0)


def test_a_return_is_approved_and_finished(desk: Desk, store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    key = sale.ask(quantity=2)
    assert "Changed" not in words(desk.get(f"/after-sales/{key}"))
    desk.done(f"/after-sales/{key}/approve", {"text": "Send it to Rain Lane 1"})
    found = request_of(store)
    assert (found.state, found.decision) == ("approved", "Send it to Rain Lane 1")
    assert found.decided_at is not None
    assert refunds(store) == []
    early = desk.post(f"/after-sales/{key}/complete", {"shipping": "", "restock": "1"})
    assert early.status_code >= 400
    assert refunds(store) == []
    sale.move("send_back", key)
    before = on_hand(store)
    desk.done(f"/after-sales/{key}/complete", {"shipping": "", "restock": "1"})
    assert request_of(store).state == "completed"
    assert refunds(store) == [2002]
    assert on_hand(store) == before + 2


def test_a_rejection_needs_its_reason(desk: Desk, store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    key = sale.ask()
    assert desk.post(f"/after-sales/{key}/reject", {"text": " "}).status_code == 422
    assert request_of(store).state == "requested"
    desk.done(f"/after-sales/{key}/reject", {"text": "It was worn"})
    assert (request_of(store).state, request_of(store).decision) == ("rejected", "It was worn")
    assert refunds(store) == []


def test_deciding_takes_the_permission(make_desk: Callable[..., Desk], store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    key = sale.ask()
    clerk = make_desk("orders.view")
    assert clerk.get(f"/after-sales/{key}").status_code == 200
    for verb in ("approve", "reject"):
        assert clerk.post(f"/after-sales/{key}/{verb}", {"text": "x"}).status_code == 403
    assert request_of(store).state == "requested"


def parked(store: Store, state: str = "given_up") -> int:
    fact = {"reference": "r1", "result": "succeeded", "amount": 100}

    def work(uow):  # type: ignore[no-untyped-def]
        row = ParkedNotification(
            provider="gone", event_id=f"e-{state}", fact=fact, attempts=9, state=state,
            next_at=uow.now, created_at=uow.now,
        )  # fmt: skip
        uow.orm.add(row)
        uow.orm.flush()
        return row.id

    return int(store.transact(work))


def test_a_parked_notification_is_tried_again(desk: Desk, store: Store, clock: TestClock) -> None:
    key = parked(store)
    assert "Given up" in words(desk.get("/jobs"))
    clock.move(hours=1)
    desk.done(f"/jobs/{key}/retry")
    with store.read() as uow:
        state, next_at = uow.db.execute(
            select(ParkedNotification.state, ParkedNotification.next_at)
        ).one()
        actions = list(uow.db.scalars(select(AuditLog.action)))
    assert (state, next_at) == ("waiting", clock.now())
    assert "notification.retry" in actions
    done = parked(store, "done")
    assert "/retry" not in desk.get(f"/jobs/{done}").text
    assert desk.post(f"/jobs/{done}/retry").status_code == 404
    assert desk.post("/jobs/999999/retry").status_code == 404


def test_a_customer_is_found_with_their_orders(desk: Desk, store: Store) -> None:
    with store.write() as uow:
        customer = Customer(name="Lin <b>", locale="en", created_at=uow.now)
        uow.orm.add(customer)
        uow.orm.flush()
        key, number = customer.public_id, customer.id
    sale = Sale(store)
    store.transact(lambda uow: uow.db.execute(update(Order).values(customer_id=number)))
    found = words(desk.get("/customers?q=lin"))
    assert "Lin &lt;b&gt;" in found
    assert "Lin" not in words(desk.get("/customers?q=nobody"))
    with store.read() as uow:
        order = uow.db.scalar(select(Order.number).where(Order.id == sale.id))
    page = desk.get(f"/customers/{key}")
    assert str(order) in words(page)
    assert desk.get("/customers/nobody").status_code == 404


def test_the_audit_log_is_read_and_searched_in_words(desk: Desk, store: Store) -> None:
    sale = Sale(store)
    desk.done("/pages/new", {"kind": "page", "title.zh-Hans": "x", "position": "0"})
    sale.receive()
    everything = words(desk.get("/audit"))
    assert "Page saved" in everything
    assert "Order shipped" in everything
    for search in ("page.save", "page saved"):
        found = words(desk.get("/audit", query_string={"q": search}))
        assert "Page saved" in found
        assert "Order shipped" not in found


def test_the_timeline_names_people_and_places_in_words(desk: Desk, store: Store) -> None:
    sale = Sale(store)
    sale.receive()
    with store.read() as uow:
        key = uow.db.scalar(select(Order.public_id))
    said = words(desk.get(f"/orders/{key}"))
    for code in ("· guest", "· job", "· staff:", "web", "scripted"):
        assert code not in said, code
    assert "Guest" in said
    assert "Website" in said
    store.transact(lambda uow: uow.db.execute(update(Order).values(channel="a-plugins-own")))
    assert "a-plugins-own" in words(desk.get(f"/orders/{key}"))
