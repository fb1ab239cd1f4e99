"""What plugins do for and about people: messages, parcels, rewards, their data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select

from storegen.domain import carriers, fulfilment, message_delivery, messages, rewards
from storegen.domain.orders.moving import move
from storegen.domain.orders.reading import order_view
from storegen.domain.people.closure import close_account
from storegen.domain.people.data_export import export_data
from storegen.errors import ChannelDown, MessageRefused, NoIssuer, PluginFault, Refused
from storegen.models import Customer, Message
from storegen.sdk import Carrier, IssuedReward, OutgoingMessage, Reward
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from tests.fixtures.goods import STAFF, make_delivery, make_product, place_order
from tests.fixtures.stores import TestClock
from tests.plugins.objects import answer, plugin, use


class Sms:
    kind = "sms"

    def __init__(self, code: str = "sms_one") -> None:
        self.code = code
        self.outcome: Exception | None = None
        self.sent: list[OutgoingMessage] = []

    def send(self, message: OutgoingMessage) -> None:
        self.sent.append(message)
        if self.outcome is not None:
            raise self.outcome


@pytest.fixture
def live(make_store: Callable[..., Store], backend: str) -> Store:
    return make_store(backend, mode="live")


def code(store: Store) -> int | None:
    return store.transact(
        lambda uow: messages.send(
            uow,
            channel="sms",
            recipient="+8613800138000",
            template="sign_in_code",
            locale="en",
            data={"code": "123456", "minutes": 5},
        )
    )


def states(store: Store) -> list[str]:
    with store.read() as uow:
        return list(uow.db.scalars(select(Message.state).order_by(Message.id)))


def test_a_text_message_goes_through_the_first_plugin_that_brings_a_channel(live: Store) -> None:
    use(live)
    assert "sms" not in messages.channels_available(live)
    assert code(live) is None
    first, second = Sms(), Sms("sms_two")
    use(
        live,
        plugin("one", x=answer("message_channels", lambda: [first])),
        plugin("two", x=answer("message_channels", lambda: [second])),
    )
    assert messages.channels_available(live) == {"sms"}
    code(live)
    assert message_delivery.deliver_due(live).sent == 1
    (message,) = first.sent
    assert second.sent == []
    assert (message.to, message.template) == ("+8613800138000", "sign_in_code")
    assert "123456" in message.text
    assert ("code", "123456") in message.values
    assert states(live) == ["sent"]
    with live.read() as uow:
        assert uow.db.scalar(select(Message.data)) == {}  # the code is forgotten


@pytest.mark.parametrize("outcome", [ChannelDown("sms_one", "503"), RuntimeError("boom")])
def test_one_that_is_down_is_tried_again_with_the_same_key(
    live: Store, clock: TestClock, outcome: Exception
) -> None:
    channel = Sms()
    use(live, plugin("one", x=answer("message_channels", lambda: [channel])))
    code(live)
    channel.outcome = outcome
    assert message_delivery.deliver_due(live).put_off == 1
    assert states(live) == ["waiting"]
    channel.outcome = None
    clock.move(minutes=5)
    assert message_delivery.deliver_due(live).sent == 1
    assert len({message.key for message in channel.sent}) == 1
    assert len(channel.sent) == 2


def test_one_that_can_never_be_delivered_is_given_up(live: Store) -> None:
    channel = Sms()
    use(live, plugin("one", x=answer("message_channels", lambda: [channel])))
    channel.outcome = MessageRefused("sms_one", "no such number")
    code(live)
    assert message_delivery.deliver_due(live).failed == 1
    assert states(live) == ["failed"]


def test_a_defect_says_no_code_in_the_log(live: Store, caplog: pytest.LogCaptureFixture) -> None:
    channel = Sms()
    use(live, plugin("one", x=answer("message_channels", lambda: [channel])))
    channel.outcome = RuntimeError("POST https://sms/?text=123456")
    code(live)
    message_delivery.deliver_due(live)
    assert "sms_one" in caplog.text
    assert "123456" not in caplog.text


SF = Carrier(
    code="sf",
    titles={"en": "SF Express", "zh": "顺丰速运"},
    tracking_url="https://sf.example/track?n={number}",
)


def test_a_parcels_carrier_is_known_by_code_and_by_its_titles(store: Store) -> None:
    use(store, plugin("sf", x=answer("carriers", lambda: [SF])))
    assert carriers.choices(store, "zh-Hans") == [("sf", "顺丰速运")]
    for text in ("sf", " SF Express", "顺丰速运", "sf express"):
        assert carriers.code_of(store, text) == "sf"
    assert carriers.code_of(store, " My bike ") == "My bike"
    assert carriers.shown(store, "sf", "A 1&x", "de") == (
        "SF Express",
        "https://sf.example/track?n=A%201%26x",
    )
    assert carriers.shown(store, "My bike", "1", "en") == ("My bike", "")


def test_an_order_says_where_its_parcel_is(store: Store) -> None:
    use(store, plugin("sf", x=answer("carriers", lambda: [SF])))
    make_delivery(store)
    placed = place_order(store, (make_product(store), 1))

    def ship(uow: UnitOfWork) -> None:
        actor = Actor(kind="system")
        move(uow, actor, placed.order_id, "pay")
        fulfilment.ship(
            uow, STAFF, placed.order_id, fulfilment.Ship(parcels=(("顺丰速运", "SF123"),))
        )

    store.transact(ship)
    with store.read() as uow:
        order = order_view(uow, STAFF, placed.order_id)
    (parcel,) = order.shipments[0].parcels
    assert parcel.carrier in SF.titles.values()
    assert parcel.tracking_url == "https://sf.example/track?n=SF123"


def test_a_reward_is_paid_out_by_the_first_who_knows_its_kind(store: Store) -> None:
    def issue(customer_id: int, reward: Reward, key: str) -> IssuedReward | None:
        if reward.kind == "sold out":
            raise Refused("b:out", "No more.")
        if reward.kind != "coupon":
            return None
        return IssuedReward(plugin="b", reference=key, title=f"For {customer_id}")

    use(
        store,
        plugin("a", x=answer("issue_reward", lambda: None)),
        plugin("b", x=answer("issue_reward", issue)),
        plugin("c", x=answer("issue_reward", lambda: "junk")),
    )

    def pay(kind: str) -> IssuedReward:
        return store.transact(lambda uow: rewards.issue(uow, 7, Reward(kind=kind), "game:1:7"))

    assert pay("coupon") == IssuedReward(plugin="b", reference="game:1:7", title="For 7")
    with pytest.raises(Refused, match="b:out"):
        pay("sold out")
    with pytest.raises(PluginFault, match="c"):
        pay("points")
    use(store, plugin("a", x=answer("issue_reward", lambda: None)))
    with pytest.raises(NoIssuer):
        pay("points")


def customer(store: Store) -> Actor:
    def make(uow: UnitOfWork) -> int:
        return int(
            uow.db.execute(
                insert(Customer).values(locale="en", created_at=uow.now).returning(Customer.id)
            ).scalar_one()
        )

    return Actor(kind="customer", customer_id=store.transact(make))


def test_a_customers_export_has_the_plugins_part_and_names_who_could_not_answer(
    store: Store,
) -> None:
    def bad(uow: UnitOfWork) -> Any:
        raise RuntimeError("boom")

    use(
        store,
        plugin("bad", x=answer("personal_data", bad)),
        plugin("good", x=answer("personal_data", lambda customer_id: {"mine": customer_id})),
        plugin("none", x=answer("personal_data", lambda: None)),
    )
    me = customer(store)
    for _ in range(5):  # also while the breaker is open
        with store.read() as uow:
            found = export_data(uow, me)
        assert found["plugins"] == {"good": {"mine": me.customer_id}}
        assert found["plugins_without_answer"] == ["bad"]


def test_an_account_is_closed_with_the_plugins_part_or_not_at_all(store: Store) -> None:
    erased: list[int] = []

    def bad(uow: UnitOfWork) -> None:
        raise RuntimeError("boom")

    me = customer(store)
    assert me.customer_id is not None
    here: int = me.customer_id
    use(
        store,
        plugin("good", x=answer("erase_personal_data", lambda customer_id: erased.append(here))),
        plugin("bad", x=answer("erase_personal_data", bad)),
    )
    with pytest.raises(PluginFault, match="bad"):
        store.transact(lambda uow: close_account(uow, me, here))
    with store.read() as uow:
        assert uow.db.scalar(select(Customer.state)) == "active"
    use(store, plugin("good", x=answer("erase_personal_data", lambda: erased.append(here))))
    store.transact(lambda uow: close_account(uow, me, here))
    assert erased == [here, here]
