"""Timed work of plugins: when due, contained, and never twice at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from storegen.domain.plugin_jobs import run_due
from storegen.jobs import JOBS
from storegen.models import JobLease, Limit
from storegen.sdk import PluginJob
from storegen.store import Store
from storegen.uow import UnitOfWork
from tests.fixtures.stores import TestClock
from tests.plugins.objects import plugin, use


def with_job(name: str, work: Callable[[UnitOfWork], Any], every: float = 60) -> Any:
    return plugin(name, jobs=(PluginJob(name="work", every=every, work=work),))


def lease(store: Store, name: str) -> Any:
    with store.read() as uow:
        return uow.db.execute(
            select(JobLease.__table__).where(JobLease.name == f"{name}.work")
        ).one()


def test_it_runs_when_it_is_due_and_at_once_again_while_there_is_work(
    store: Store, clock: TestClock
) -> None:
    left, calls = [3], []

    def work(uow: UnitOfWork) -> int:
        calls.append(uow.now)
        left[0] = max(0, left[0] - 1)
        return left[0]

    use(store, with_job("a", work))
    assert run_due(store) == 2
    assert len(calls) == 3
    assert run_due(store) == 0
    assert len(calls) == 3
    clock.move(seconds=59)
    run_due(store)
    assert len(calls) == 3
    clock.move(seconds=1)
    run_due(store)
    assert len(calls) == 4


def test_one_that_never_ends_lets_the_others_have_their_turn(store: Store) -> None:
    turns: list[str] = []

    def turn(name: str, done: int) -> Callable[[UnitOfWork], int]:
        def work(uow: UnitOfWork) -> int:
            turns.append(name)
            return done

        return work

    use(store, with_job("busy", turn("busy", 1)), with_job("calm", turn("calm", 0)))
    run_due(store)
    assert turns[-1] == "calm"
    assert len(turns) == 21


def test_a_fault_takes_its_writes_back_and_pauses_grow(store: Store, clock: TestClock) -> None:
    def bad(uow: UnitOfWork) -> int:
        uow.db.execute(insert(Limit).values(key="bad", window_start=uow.now, count=1))
        raise RuntimeError("boom")

    def good(uow: UnitOfWork) -> int:
        done.append(1)
        return 0

    done: list[int] = []
    host = use(store, with_job("bad", bad), with_job("good", good))
    run_due(store)
    assert done == [1]
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(Limit)) == 0
    assert [(one.plugin, one.hook) for one in host.faults()] == [("bad", "job work")]
    pauses = []
    for _ in range(8):
        row = lease(store, "bad")
        pauses.append(int((row.next_at - clock.now()).total_seconds()))
        clock.move(seconds=pauses[-1])
        run_due(store)
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (row.error, row.faults) == ("RuntimeError: boom", 8)


def test_junk_is_a_fault(store: Store) -> None:
    use(store, with_job("bad", lambda uow: None))
    run_due(store)
    assert lease(store, "bad").error == "TypeError: returned NoneType instead of how much was done"


@pytest.mark.parametrize("first", [True, False])
def test_two_workers_never_do_it_at_once(store: Store, clock: TestClock, first: bool) -> None:
    running, most, calls = [0], [0], [0]
    lock = threading.Lock()

    def work(uow: UnitOfWork) -> int:
        with lock:
            calls[0] += 1
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.3)
        with lock:
            running[0] -= 1
        return 0

    use(store, with_job("a", work))
    if not first:  # its row is there already, and neither waits for the other to make it
        run_due(store)
        clock.move(minutes=1)
        calls[0] = 0
    with Store.open(store.root, clock=store.clock) as other:
        use(other, with_job("a", work))
        threads = [threading.Thread(target=run_due, args=(one,)) for one in (store, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (most, calls) == ([1], [1])
    assert lease(store, "a").faults == 0


def test_the_worker_has_a_lane_for_it() -> None:
    assert [(job.name, job.work) for job in JOBS if job.lane == "plugins"] == [
        ("plugin-jobs", run_due)
    ]
