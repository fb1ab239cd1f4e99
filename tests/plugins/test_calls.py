"""What a plugin's exception or junk costs, by the policy of each hook."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import IntegrityError

from storegen.errors import Busy, PluginFault, PluginProblem, Refused
from storegen.hookspecs import HOOKS
from storegen.models import Limit
from storegen.plugins.returns import CHECKS
from storegen.sdk import Event, IssuedReward, LineTax, Offer, Reward, Surcharge
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI
from storegen.values.orders import OrderChange
from tests.fixtures.stores import TestClock
from tests.plugins.objects import answer, plugin, use

FEE = Surcharge(source="x", amount=100, includes_tax=True)
CHANGE = OrderChange(
    order_id=1, number="A", move="pay", from_state="pending_payment", to_state="paid",
    customer_id=None, session_id=None, channel="web", total=1, lines=(), applied={},
)  # fmt: skip


def boom(*_: Any) -> Any:
    raise RuntimeError("boom")


def fees(name: str, function: Callable[..., Any]) -> Any:
    return plugin(name, x=answer("fees", function))


def ask(store: Store) -> list[tuple[str, Any]]:
    return store.plugins.ask("fees", cart=None, facts=None)


def test_every_hook_has_a_policy_and_a_check() -> None:
    assert set(HOOKS) == set(CHECKS)
    assert set(HOOKS.values()) <= {"stop", "skip", "refuse", "abort", "retry"}


def test_pairs_come_in_the_order_of_plugins_and_nothing_is_left_out(store: Store) -> None:
    use(
        store,
        plugin("late", after=("early",), x=answer("fees", lambda: [FEE])),
        fees("none", lambda cart: None),
        fees("early", lambda cart, facts: []),
    )
    assert store.plugins.implementing("fees") == ("none", "early", "late")
    assert ask(store) == [("early", []), ("late", [FEE])]
    assert store.plugins.ask_one("late", "fees", cart=None, facts=None) == [FEE]
    assert store.plugins.ask_one("nobody", "fees", cart=None, facts=None) is None
    with pytest.raises(KeyError):
        store.plugins.ask("feees")


def test_skip_leaves_out_the_broken_one_alone(store: Store) -> None:
    host = use(store, fees("bad", boom), fees("good", lambda: [FEE]))
    failed: list[str] = []
    assert host.ask("fees", failed=failed, cart=None, facts=None) == [("good", [FEE])]
    assert failed == ["bad"]


@pytest.mark.parametrize(
    ("hook", "junk", "what"),
    [
        ("fees", "junk", "str instead of a list of Surcharge"),
        ("fees", [Offer(id="x", lines=(), unit_price=1)], "Offer instead of Surcharge"),
        (
            "fees",
            [Surcharge(source="x", amount=1.5, includes_tax=True)],  # type: ignore[arg-type]
            "Surcharge with float as amount",
        ),
        (
            "fees",
            [Surcharge(source="x", amount=True, includes_tax=True)],
            "Surcharge with bool as amount",
        ),
        (
            "offers",
            [Offer(id="x", lines=["1"], unit_price=1)],  # type: ignore[arg-type]
            "Offer with list as lines",
        ),
        ("discounts", [None], "NoneType instead of Promotion"),
        ("api_fields", {"1": {}}, "a key of type str"),
        ("api_fields", {1: {"x": object()}}, "what is no JSON"),
        ("personal_data", {"x": float("nan")}, "what is no JSON"),
    ],
)
def test_junk_is_a_fault(store: Store, hook: str, junk: Any, what: str) -> None:
    host = use(store, plugin("bad", x=answer(hook, lambda: junk)))
    arguments: dict[str, Any] = dict.fromkeys(("uow", "cart", "facts", "kind", "ids"))
    arguments["customer_id"] = 1
    assert host.ask(hook, **arguments) == []
    (fault,) = host.faults()
    assert (fault.plugin, fault.hook) == ("bad", hook)
    assert what in fault.reason


def test_a_refusal_is_no_fault(store: Store) -> None:
    def no(*_: Any) -> None:
        raise Refused("bad:no", "No.")

    host = use(
        store,
        plugin("bad", x=answer("fees", no), y=answer("check_order", no), z=answer("tax_lines", no)),
    )
    arguments: dict[str, Any] = {"uow": None, "actor": CLI, "cart": None, "facts": None}
    assert host.ask("fees", **arguments) == []
    for hook in ("check_order", "tax_lines"):
        with pytest.raises(Refused, match="bad:no"):
            host.ask(hook, **arguments)
    assert host.faults() == ()


def test_refuse_refuses_to_the_customer(store: Store) -> None:
    host = use(store, plugin("bad", x=answer("tax_lines", boom)))
    for _ in range(5):  # also when the breaker is open: no sale at a wrong tax
        with pytest.raises(PluginFault) as refusal:
            host.ask("tax_lines", cart=None, facts=None)
    assert refusal.value.data() == {"plugin": "bad"}
    use(store, plugin("ok", x=answer("tax_lines", lambda: {"a": LineTax(tax_bp=600)})))
    assert store.plugins.ask("tax_lines", cart=None, facts=None)[0][1]["a"].tax_bp == 600


def test_three_faults_in_five_minutes_leave_it_out_until_they_are_older(
    store: Store, clock: TestClock
) -> None:
    calls: list[int] = []

    def broken(*_: Any) -> None:
        calls.append(1)
        raise RuntimeError("boom")

    host = use(store, fees("bad", broken), fees("good", lambda: [FEE]))
    for _ in range(6):
        assert ask(store) == [("good", [FEE])]
    assert len(calls) == 3
    (fault,) = host.faults()
    assert (fault.plugin, fault.hook, fault.count, fault.open) == ("bad", "fees", 3, True)
    clock.move(minutes=5)
    ask(store)
    assert len(calls) == 4
    assert [one.open for one in host.faults()] == [False]


def test_other_processes_see_the_fault(store: Store) -> None:
    use(store, fees("bad", boom))
    ask(store)
    other = use(store, fees("bad", boom))
    assert [(one.plugin, one.hook, one.count) for one in other.faults()] == [("bad", "fees", 1)]
    assert other.breaker.seen() == ()  # but each learns alone whom to leave out


def wrote(uow: UnitOfWork) -> list[str]:
    return list(uow.db.scalars(select(Limit.key).order_by(Limit.key)))


def write(uow: UnitOfWork, key: str) -> None:
    uow.db.execute(insert(Limit).values(key=key, window_start=uow.now, count=1))


def test_what_a_skipped_plugin_wrote_is_taken_back_and_the_rest_stays(store: Store) -> None:
    def half(uow: UnitOfWork) -> None:
        write(uow, "half")
        uow.db.execute(text("SELECT nonsense FROM nowhere"))

    def whole(uow: UnitOfWork) -> dict[str, int]:
        write(uow, "whole")
        return {"x": 1}

    use(
        store,
        plugin("bad", x=answer("personal_data", half)),
        plugin("good", x=answer("personal_data", whole)),
    )
    with store.write() as uow:
        write(uow, "core")
        assert store.plugins.ask("personal_data", uow=uow, customer_id=1) == [("good", {"x": 1})]
    with store.read() as uow:
        assert wrote(uow) == ["core", "whole"]


def test_a_failed_statement_does_not_spoil_a_reading_unit(store: Store) -> None:
    def bad(uow: UnitOfWork) -> None:
        uow.db.execute(text("SELECT nonsense FROM nowhere"))

    use(store, plugin("bad", x=answer("pricing_facts", bad)))
    with store.read() as uow:
        assert store.plugins.ask("pricing_facts", uow=uow, cart=None) == []
        assert wrote(uow) == []


def test_objects_of_a_skipped_plugin_are_not_written_later(store: Store) -> None:
    def bad(uow: UnitOfWork) -> None:
        uow.orm.add(Limit(key="orm", window_start=uow.now, count=1))
        uow.orm.flush()
        uow.orm.add(Limit(key="later", window_start=uow.now, count=1))
        raise RuntimeError("boom")

    use(store, plugin("bad", x=answer("personal_data", bad)))
    with store.write() as uow:
        mine = Limit(key="mine", window_start=uow.now, count=1)
        uow.orm.add(mine)
        store.plugins.ask("personal_data", uow=uow, customer_id=1)
        mine.count = 5
    with store.read() as uow:
        assert uow.db.execute(select(Limit.key, Limit.count)).all() == [("mine", 5)]


def test_during_aborts_the_move_and_names_the_plugin(store: Store) -> None:
    def bad(uow: UnitOfWork) -> None:
        write(uow, "twice")
        write(uow, "twice")

    use(store, plugin("bad", x=answer("during_transition", bad)))

    def move(uow: UnitOfWork) -> None:
        write(uow, "core")
        store.plugins.during(uow, CLI, CHANGE)

    with pytest.raises(PluginFault) as fault:
        store.transact(move)
    assert fault.value.plugin == "bad"
    assert isinstance(fault.value.__cause__, IntegrityError)
    with store.read() as uow:
        assert wrote(uow) == []


def test_no_savepoint_where_nobody_wants_one(store: Store) -> None:
    seen: list[str] = []

    def record(_c: Any, _name: str) -> None:
        seen.append("savepoint")

    event.listen(store.engine, "savepoint", record)
    use(store, fees("other", lambda: [FEE]))
    with store.write() as uow:
        store.plugins.during(uow, CLI, CHANGE)
        assert store.plugins.first("issue_reward", uow=uow) is None
    assert seen == []
    use(store, plugin("a", x=answer("during_transition", lambda change: None)))
    with store.write() as uow:
        store.plugins.during(uow, CLI, CHANGE)
    assert seen == []  # it takes no unit of work, so it cannot write
    use(store, plugin("a", x=answer("during_transition", lambda uow: None)))
    with store.write() as uow:
        store.plugins.during(uow, CLI, CHANGE)
    assert seen == ["savepoint"]


def test_the_databases_own_troubles_are_nobodys_fault(store: Store) -> None:
    def locked(uow: UnitOfWork) -> None:
        raise Busy

    host = use(store, plugin("bad", x=answer("pricing_facts", locked)))
    with pytest.raises(Busy), store.read() as uow:
        host.ask("pricing_facts", uow=uow, cart=None)
    assert host.faults() == ()


def test_first_asks_nobody_after_the_one_who_answers(store: Store) -> None:
    gone: list[str] = []

    def issue(reward: Reward) -> IssuedReward | None:
        gone.append("b")
        return IssuedReward(plugin="b", reference="1", title="One") if reward.kind == "b" else None

    use(
        store,
        plugin("a", x=answer("issue_reward", lambda: None)),
        plugin("b", x=answer("issue_reward", issue)),
        plugin("c", x=answer("issue_reward", boom)),
    )
    with store.write() as uow:
        found = store.plugins.first(
            "issue_reward", uow=uow, customer_id=1, reward=Reward(kind="b"), key="k"
        )
        assert found is not None
        assert found[0] == "b"
        with pytest.raises(PluginFault):
            store.plugins.first(
                "issue_reward", uow=uow, customer_id=1, reward=Reward(kind="?"), key="k"
            )
    assert gone == ["b", "b"]


def test_other_code_of_a_plugin_is_contained_alike(store: Store) -> None:
    host = use(store, plugin("bad"))
    for _ in range(4):
        assert host.contained("bad", "slot footer", boom) is None
    assert host.contained("bad", "slot footer", lambda: 1) is None  # left out for now
    assert host.contained("bad", "slot head", lambda: 1) == 1
    assert [(one.hook, one.count, one.open) for one in host.faults()] == [("slot footer", 3, True)]


def test_an_event_handler_raises_what_it_raises(store: Store, clock: TestClock) -> None:
    def hear(event: Event) -> None:
        raise KeyError(event.name)

    use(store, plugin("bad", events=("order.pay",), x=answer("on_event", hear)))
    told = Event(id=1, name="order.pay", version=1, payload={}, at=clock.now() - timedelta(1))
    for _ in range(4):
        with pytest.raises(KeyError, match=r"order\.pay"):
            store.plugins.ask_one("bad", "on_event", uow=None, event=told)


def test_each_call_is_traced_when_asked_for(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    use(store, fees("bad", boom), fees("good", lambda: [FEE]), environ={"STOREGEN_TRACE": "1"})
    with caplog.at_level(logging.INFO, "storegen.trace"):
        ask(store)
    lines = [one.getMessage() for one in caplog.records if one.name == "storegen.trace"]
    assert [line.split(" us=")[0] for line in lines] == [
        "plugin=bad hook=fees",
        "plugin=good hook=fees",
    ]
    assert lines[0].endswith("outcome=fault: RuntimeError")
    assert lines[1].endswith("outcome=ok")
    caplog.clear()
    use(store, fees("good", lambda: [FEE]))
    ask(store)
    assert not [one for one in caplog.records if one.name == "storegen.trace"]


def test_a_listener_without_an_ear_stops_the_boot(store: Store) -> None:
    with pytest.raises(PluginProblem, match="does not answer `on_event`"):
        use(store, plugin("deaf", events=("order.pay",)))
