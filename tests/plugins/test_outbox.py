"""Events reach each listening plugin once, whatever fails in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from storegen.domain import outbox, outbox_delivery
from storegen.domain.outbox_delivery import MOST_TRIES, deliver_due, letters, retry, waiting
from storegen.errors import NotAllowed, NotFound
from storegen.jobs import JOBS
from storegen.migrate import migrate
from storegen.models import Customer, Limit, OutboxDelivery, OutboxEvent
from storegen.sdk import Event, emit
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI, Actor
from tests.fixtures.stores import TestClock, statements
from tests.plugins import own
from tests.plugins.objects import answer, plugin, use

NAME = "order.pay"


def listener(name: str, hear: Callable[..., None], **facts: Any) -> Any:
    return plugin(name, **({"events": (NAME,)} | facts), x=answer("on_event", hear))


def tell(store: Store, name: str = NAME, **payload: Any) -> None:
    store.transact(lambda uow: outbox.emit(uow, name, payload))


def states(store: Store) -> list[tuple[str, str, int]]:
    with store.read() as uow:
        columns = (OutboxDelivery.listener, OutboxDelivery.state, OutboxDelivery.attempts)
        rows = uow.db.execute(select(*columns).order_by(OutboxDelivery.id))
        return [(row.listener, row.state, row.attempts) for row in rows]


def mark(uow: UnitOfWork, key: str) -> None:
    uow.db.execute(insert(Limit).values(key=key, window_start=uow.now, count=1))


def marks(store: Store) -> list[str]:
    with store.read() as uow:
        return list(uow.db.scalars(select(Limit.key).order_by(Limit.key)))


def test_it_costs_one_statement_and_one_more_if_somebody_listens(store: Store) -> None:
    def nothing(event: Event) -> None: ...

    use(store, listener("a", nothing, events=("order.close",)))
    with statements(store) as ran:
        tell(store)
    assert len(ran) == 1
    assert states(store) == []
    use(store, listener("b", nothing), listener("c", nothing), listener("a", nothing))
    with statements(store) as ran:
        tell(store)
    assert len(ran) == 2
    assert states(store) == [("b", "waiting", 0), ("c", "waiting", 0), ("a", "waiting", 0)]


def test_what_is_rolled_back_is_told_to_nobody(store: Store) -> None:
    use(store, listener("a", lambda event: None))

    def work(uow: UnitOfWork) -> None:
        outbox.emit(uow, NAME, {})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.transact(work)
    assert states(store) == []


def test_each_hears_each_event_once_with_what_was_said(store: Store, clock: TestClock) -> None:
    heard: list[tuple[str, Event]] = []
    use(
        store,
        listener("a", lambda event: heard.append(("a", event))),
        listener("b", lambda event: heard.append(("b", event))),
    )
    happened = clock.now()
    tell(store, order_id=7, state="paid")
    clock.move(seconds=5)
    assert deliver_due(store) == 2
    assert deliver_due(store) == 0
    assert [name for name, _ in heard] == ["a", "b"]
    event = heard[0][1]
    assert (event.name, event.version, event.at) == (NAME, 1, happened)
    assert event.payload == {"order_id": 7, "state": "paid"}
    assert states(store) == [("a", "done", 1), ("b", "done", 1)]


def test_a_failure_takes_its_effects_back_and_is_tried_again_with_growing_pauses(
    store: Store, clock: TestClock
) -> None:
    fail = [True]

    def hear(uow: UnitOfWork, event: Event) -> None:
        mark(uow, f"effect:{event.id}")
        if fail[0]:
            raise RuntimeError("no answer")

    use(store, listener("bad", hear), listener("good", lambda event: None))
    tell(store)
    assert deliver_due(store) == 1  # the other one does not wait for it
    assert marks(store) == []
    pauses = []
    for _ in range(3):
        with store.read() as uow:
            (letter,) = letters(uow)
        assert (letter.plugin, letter.event, letter.state) == ("bad", NAME, "waiting")
        assert letter.error == "RuntimeError: no answer"
        pauses.append(int((letter.next_at - clock.now()).total_seconds()))
        clock.move(seconds=pauses[-1] - 1)
        assert deliver_due(store) == 0
        with store.read() as uow:
            assert letters(uow)[0].attempts == letter.attempts  # not before its time
        clock.move(seconds=1)
        deliver_due(store)
    assert pauses == [5, 10, 20]
    fail[0] = False
    clock.move(hours=1)
    assert deliver_due(store) == 1
    assert len(marks(store)) == 1


def test_after_many_tries_it_lies_on_the_list_until_somebody_retries(
    store: Store, clock: TestClock
) -> None:
    fail = [True]

    def hear(uow: UnitOfWork) -> None:
        if fail[0]:
            raise RuntimeError("down")
        mark(uow, "done")

    use(store, listener("bad", hear))
    tell(store)
    for _ in range(MOST_TRIES + 3):
        deliver_due(store)
        clock.move(hours=7)
    assert states(store) == [("bad", "dead", MOST_TRIES)]
    with store.read() as uow:
        (letter,) = letters(uow, state="dead")
        assert letters(uow, state="waiting") == letters(uow, after=letter.id) == []
        assert waiting(uow) == {"bad": {"dead": 1}}
    fail[0] = False
    with pytest.raises(NotAllowed):
        store.transact(lambda uow: retry(uow, Actor(kind="staff"), letter.id))
    store.transact(lambda uow: retry(uow, CLI, letter.id))
    assert deliver_due(store) == 1
    assert marks(store) == ["done"]
    with pytest.raises(NotFound):
        store.transact(lambda uow: retry(uow, CLI, letter.id))


def test_a_plugin_that_is_switched_off_finds_its_events_when_it_is_back(store: Store) -> None:
    heard: list[int] = []
    use(store, listener("a", lambda event: heard.append(event.id)))
    tell(store)
    use(store)
    assert deliver_due(store) == 0
    tell(store)  # nobody listens now
    use(store, listener("a", lambda event: heard.append(event.id)))
    assert deliver_due(store) == 1
    assert len(heard) == 1


def test_events_of_a_plugins_own(store: Store) -> None:
    heard: list[Event] = []
    use(
        store,
        plugin("maker", emits=("made",)),
        listener("a", lambda event: heard.append(event), events=("maker.made",), after=("maker",)),
    )
    store.transact(lambda uow: emit(uow, "maker.made", {"x": 1}, version=2))
    deliver_due(store)
    assert [(one.name, one.version, one.payload) for one in heard] == [("maker.made", 2, {"x": 1})]
    for name in ("maker.maed", "order.pay", "other.made"):
        with pytest.raises(ValueError, match="in `emits`"):
            store.transact(lambda uow, name=name: emit(uow, name, {}))  # type: ignore[misc]


def test_the_worker_has_a_lane_for_it() -> None:
    (job,) = [job for job in JOBS if job.name == outbox.JOB_NAME]
    assert job.work is outbox_delivery.deliver_due
    assert [other.name for other in JOBS if other.lane == job.lane] == [outbox.JOB_NAME]


WORKER = """
import sys
from pathlib import Path
from storegen.domain.outbox_delivery import deliver_due
from storegen.store import Store
with Store.open(Path(sys.argv[1])) as store:
    print(deliver_due(store))
"""


def test_a_worker_that_dies_in_between_loses_and_doubles_nothing(
    make_store: Callable[..., Store], backend: str
) -> None:
    store = make_store(backend, plugins=["stamps"])
    own.write(store.root)
    migrate(store.engine, store.streams)
    for _ in range(3):
        with store.write() as uow:
            customer = uow.db.execute(
                insert(Customer).values(locale="en", created_at=uow.now).returning(Customer.id)
            ).scalar_one()
            outbox.emit(uow, "customer.registered", {"customer_id": customer})

    def work(failpoint: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", WORKER, str(store.root)],
            env={**os.environ, "STOREGEN_FAILPOINT": failpoint},
            capture_output=True,
            text=True,
            timeout=120,
        )

    table = store.plugins.by_name["stamps"].manifest.tables.tables["p_stamps__stamp"]
    for _ in range(2):
        assert work("outbox.handled").returncode == -signal.SIGKILL
        with store.read() as uow:
            assert uow.db.scalar(select(func.count()).select_from(table)) == 0
        assert [state for _, state, _ in states(store)] == ["waiting"] * 3
    # Two at once take turns.
    both = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(store.root)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    delivered = [int(one.communicate(timeout=120)[0]) for one in both]
    assert sum(delivered) == 3
    with store.read() as uow:
        events = uow.db.scalars(select(OutboxEvent.id).order_by(OutboxEvent.id)).all()
        counts = uow.db.scalars(select(table.c.count).order_by(table.c.count)).all()
    assert counts == events
    assert [state for _, state, _ in states(store)] == ["done"] * 3
