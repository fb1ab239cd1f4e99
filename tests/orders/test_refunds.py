"""Money out: never more than came in, each refund once, every unit its exact share."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from storegen.domain import fulfilment
from storegen.domain.fulfilment import Ship
from storegen.domain.payments import following
from storegen.domain.refunds import requesting, sending
from storegen.domain.refunds.requesting import RefundRequested
from storegen.errors import Conflict, NotAllowed, RefundTooMuch
from storegen.models import LedgerEntry, Order, OrderLine, Refund, Setting, Stock, Variant
from storegen.values.actor import Actor
from storegen.values.payment import RefundFact
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.fixtures.payment import fact, start, use

GUEST = Actor(kind="guest", session_id=1)


@pytest.fixture
def shop(store):
    make_delivery(store)
    return store


@pytest.fixture
def provider(shop):
    return use(shop)


def paid_order(shop, *lines):
    placed = place_order(shop, *lines)
    reference = start(shop, GUEST, placed.order_id)
    following.notify(shop, "scripted", fact(reference))
    return placed


def order_of(shop, placed):
    with shop.read() as uow:
        return uow.db.execute(select(Order.__table__).where(Order.id == placed.order_id)).one()


def lines_of(shop, placed):
    with shop.read() as uow:
        return uow.db.execute(
            select(OrderLine.__table__)
            .where(OrderLine.order_id == placed.order_id)
            .order_by(OrderLine.position)
        ).all()


def refunds_of(shop, placed):
    with shop.read() as uow:
        return uow.db.execute(
            select(Refund.__table__).where(Refund.order_id == placed.order_id).order_by(Refund.id)
        ).all()


def refund(shop, placed, **wanted):
    return shop.transact(
        lambda uow: requesting.request_refund(
            uow, STAFF, placed.order_id, RefundRequested(**wanted)
        )
    )


def level(shop, goods):
    with shop.read() as uow:
        return uow.db.execute(
            select(Stock.on_hand, Stock.reserved).where(Stock.variant_id == goods.variant_id)
        ).one()


def test_one_unit_before_shipping_is_refunded_and_will_not_ship(shop, provider):
    tea = make_product(shop, price=999, stock=5)
    placed = paid_order(shop, (tea, 3))
    (line,) = lines_of(shop, placed)
    refund(shop, placed, lines={line.public_id: 1}, reason="one cup too many")
    assert sending.send_due(shop) == 1
    order = order_of(shop, placed)
    assert (order.state, order.refunded) == ("to_ship", 999)
    assert level(shop, tea) == (5, 2)
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, Ship()))
    assert level(shop, tea) == (3, 0)
    assert [x.shipped for x in lines_of(shop, placed)] == [2]
    assert order_of(shop, placed).state == "shipped"


@pytest.mark.parametrize("restock", [True, False])
def test_a_returned_unit_goes_back_on_the_shelf_only_if_staff_say_so(shop, provider, restock):
    tea = make_product(shop, stock=5)
    placed = paid_order(shop, (tea, 2))
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, Ship()))
    (line,) = lines_of(shop, placed)
    refund(shop, placed, lines={line.public_id: 1}, restock=restock)
    assert level(shop, tea) == (4 if restock else 3, 0)


def test_the_whole_order_back_ends_refunded_with_its_goods_free(shop, provider):
    tea = make_product(shop, stock=5)
    placed = paid_order(shop, (tea, 2))
    shop.transact(lambda uow: requesting.cancel_paid(uow, STAFF, placed.order_id, "sorry"))
    assert order_of(shop, placed).state == "refunding"
    sending.send_due(shop)
    order = order_of(shop, placed)
    assert (order.state, order.refunded) == ("refunded", order.captured)
    assert level(shop, tea) == (5, 0)
    with pytest.raises(Conflict):
        refund(shop, placed, shipping=1)


def test_more_than_is_left_is_refused(shop, provider):
    placed = paid_order(shop, (make_product(shop, price=1000), 2))
    (line,) = lines_of(shop, placed)
    with pytest.raises(RefundTooMuch):
        refund(shop, placed, lines={line.public_id: 3})
    with pytest.raises(RefundTooMuch):
        refund(shop, placed, shipping=601)
    refund(shop, placed, lines={line.public_id: 2}, shipping=600)
    for more in ({"lines": {line.public_id: 1}}, {"shipping": 1}):
        with pytest.raises((RefundTooMuch, Conflict)):
            refund(shop, placed, **more)
    assert sum(x.amount for x in refunds_of(shop, placed)) == placed.payable


def test_only_staff_with_the_permission_refund(shop, provider):
    placed = paid_order(shop, (make_product(shop), 1))
    packer = Actor(kind="staff", staff_id=2, permissions=frozenset({"orders.ship"}))
    for actor in (packer, GUEST, Actor(kind="customer", customer_id=1)):
        with pytest.raises(NotAllowed):
            shop.transact(
                lambda uow, a=actor: requesting.request_refund(
                    uow, a, placed.order_id, RefundRequested(shipping=1)
                )
            )


def test_a_refund_is_sent_under_one_number_until_it_is_known(shop, provider, clock):
    placed = paid_order(shop, (make_product(shop, price=1000), 1))
    (line,) = lines_of(shop, placed)
    refund(shop, placed, lines={line.public_id: 1})
    provider.down = True
    sending.send_due(shop)
    assert refunds_of(shop, placed)[0].state == "unknown"
    assert sending.send_due(shop) == 0, "not again at once"
    provider.down = False
    clock.move(minutes=2)
    sending.send_due(shop)  # asked first; the provider never heard of it, so it is said again
    (done,) = refunds_of(shop, placed)
    assert done.state == "succeeded"
    assert len({request.refund_reference for request in provider.refunds}) == 1
    assert order_of(shop, placed).refunded == 1000


def test_a_shop_that_does_not_know_its_address_names_none(shop, provider):
    placed = paid_order(shop, (make_product(shop, price=1000), 2))
    (line,) = lines_of(shop, placed)
    refund(shop, placed, lines={line.public_id: 1})
    sending.send_due(shop)
    shop.config = replace(shop.config, base_url="")
    refund(shop, placed, lines={line.public_id: 1})
    sending.send_due(shop)
    said = [request.notify_url for request in provider.refunds]
    assert said == ["http://shop.test/pay/scripted/notify", ""]


def test_a_refund_that_succeeded_is_booked_once_however_often_it_is_said(shop, provider):
    placed = paid_order(shop, (make_product(shop, price=1000), 2))
    (line,) = lines_of(shop, placed)
    refund(shop, placed, lines={line.public_id: 1})
    sending.send_due(shop)
    (done,) = refunds_of(shop, placed)
    said = RefundFact(refund_reference=done.reference, result="succeeded", amount=1000)
    for _ in range(3):
        assert following.notify(shop, "scripted", said) == "duplicate"
    assert order_of(shop, placed).refunded == 1000


def test_one_failed_refund_holds_up_no_other_and_stays_on_the_work_list(shop, provider, clock):
    """likeshop 6: if one refund throws, all roll back and are never tried again."""
    one = paid_order(shop, (make_product(shop, price=1000), 1))
    two = paid_order(shop, (make_product(shop, price=1000), 1))
    for placed in (one, two):
        (line,) = lines_of(shop, placed)
        refund(shop, placed, lines={line.public_id: 1})
    provider.refund_results = ["failed"]
    sending.send_due(shop)
    assert [refunds_of(shop, x)[0].state for x in (one, two)] == ["failed", "succeeded"]
    with shop.read() as uow:
        assert sending.waiting(uow) == 1
    (failed,) = refunds_of(shop, one)
    shop.transact(lambda uow: sending.retry(uow, STAFF, failed.public_id))
    sending.send_due(shop)
    assert refunds_of(shop, one)[0].state == "succeeded"
    assert order_of(shop, one).refunded == 1000


def test_what_was_paid_by_hand_is_given_back_by_hand(shop, provider):
    provider.kind, provider.notifies = "instructions", False
    provider.refund_results = ["by_hand"]
    placed = place_order(shop, (make_product(shop, price=1000), 1))
    start(shop, GUEST, placed.order_id)
    from storegen.domain.payments import booking

    shop.transact(lambda uow: booking.confirm_by_hand(uow, STAFF, placed.order_id, "B1"))
    (line,) = lines_of(shop, placed)
    refund(shop, placed, lines={line.public_id: 1})
    sending.send_due(shop)
    (waiting,) = refunds_of(shop, placed)
    assert (waiting.state, order_of(shop, placed).refunded) == ("by_hand", 0)
    shop.transact(lambda uow: sending.confirm_by_hand(uow, STAFF, waiting.public_id, "transfer 7"))
    assert order_of(shop, placed).refunded == 1000


def test_overpaid_money_goes_back_and_the_order_stays(shop, provider):
    placed = place_order(shop, (make_product(shop, price=1000), 1))
    first = start(shop, GUEST, placed.order_id)
    with shop.write() as uow:
        from storegen.models import Payment

        uow.db.execute(update(Payment).values(state="failed"))
    second = start(shop, GUEST, placed.order_id)
    for reference in (first, second):
        following.notify(shop, "scripted", fact(reference))
    shop.transact(lambda uow: requesting.refund_overpaid(uow, STAFF, placed.order_id))
    with pytest.raises(Conflict):
        shop.transact(lambda uow: requesting.refund_overpaid(uow, STAFF, placed.order_id))
    sending.send_due(shop)
    order = order_of(shop, placed)
    assert (order.state, order.captured - order.refunded) == ("to_ship", placed.payable)


def test_partial_shipments_and_their_parcels(shop, provider):
    tea, cup = make_product(shop, stock=5), make_product(shop, stock=5)
    placed = paid_order(shop, (tea, 2), (cup, 1))
    first, second = lines_of(shop, placed)
    some = Ship(lines={first.public_id: 1}, parcels=(("SF", "SF123"),))
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, some))
    assert order_of(shop, placed).state == "to_ship"
    assert (level(shop, tea), level(shop, cup)) == ((4, 1), (5, 1))
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, Ship()))
    assert order_of(shop, placed).state == "shipped"
    assert [x.shipped for x in lines_of(shop, placed)] == [2, 1]
    with pytest.raises(Conflict):
        shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, Ship()))
    assert second.quantity == 1


def test_received_and_completed_by_themselves_after_their_days(shop, provider, clock):
    placed = paid_order(shop, (make_product(shop), 1))
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, Ship()))
    clock.move(days=9)
    assert fulfilment.receive_and_complete_due(shop) == 0
    clock.move(days=2)
    fulfilment.receive_and_complete_due(shop)
    assert order_of(shop, placed).state == "received"
    clock.move(days=8)
    fulfilment.receive_and_complete_due(shop)
    assert order_of(shop, placed).state == "completed"


@pytest.fixture(scope="module")
def quick_store(tmp_path_factory, sqlite_template):
    """One SQLite store for all examples of the property; PostgreSQL adds the same arithmetic."""
    import json
    import shutil

    from storegen.store import Store
    from tests.fixtures.stores import STORE_TOML, TestClock

    root = tmp_path_factory.mktemp("property")
    shutil.copyfile(sqlite_template, root / "shop.db")
    (root / "store.toml").write_text(
        STORE_TOML.format(
            database=json.dumps("sqlite:///shop.db"),
            currency="CNY",
            country="CN",
            locale="zh-Hans",
            mode="demo",
            plugins="[]",
        )
    )
    with Store.open(root, clock=TestClock()) as store:
        make_delivery(store, fee=1237)
        use(store)
        yield store


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_refunding_unit_by_unit_ends_with_what_was_captured(quick_store, data):
    shop = quick_store
    inclusive = data.draw(st.booleans())
    tax = {
        "prices_include_tax": inclusive,
        "default_bp": 0,
        "shipping_bp": data.draw(st.sampled_from([0, 600, 1300])),
        "classes": {"a": 1300, "b": 900, "c": 333},
    }
    with shop.write() as uow:
        uow.db.execute(Setting.__table__.delete())
        uow.db.execute(insert(Setting).values(key="tax", value=tax, updated_at=uow.now))
        uow.touch("shell")
    lines = []
    for code in data.draw(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=4)):
        goods = make_product(shop, price=data.draw(st.integers(1, 99_999)), stock=None)
        with shop.write() as uow:
            uow.db.execute(
                update(Variant).where(Variant.id == goods.variant_id).values(tax_code=code)
            )
        lines.append((goods, data.draw(st.integers(1, 7))))
    placed = paid_order(shop, *lines)
    rows = lines_of(shop, placed)
    units = [row.public_id for row in rows for _ in range(row.quantity)]
    for unit in data.draw(st.permutations(units)):
        refund(shop, placed, lines={unit: 1})
    order = order_of(shop, placed)
    if order.shipping:
        refund(shop, placed, shipping=order.shipping)
    sending.send_due(shop, limit=1000)
    order = order_of(shop, placed)
    assert order.refunded == order.captured == placed.payable
    assert order.state == "refunded"
    with shop.read() as uow:
        entries = uow.db.execute(
            select(LedgerEntry.kind, LedgerEntry.amount).where(
                LedgerEntry.order_id == placed.order_id
            )
        ).all()
    assert sum(x.amount if x.kind == "capture" else -x.amount for x in entries) == 0
