"""One key, one effect: also when the first attempt was thought dead and was not."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, insert, select

from storegen import failpoints
from storegen.domain import idempotency
from storegen.domain.idempotency import Key, once
from storegen.errors import EmptyCart, KeyReused, StillRunning
from storegen.models import Idempotency, Setting

KEY = Key("session:1", "place", "abc")


def effect(name):
    def work(uow, answer):
        uow.db.execute(insert(Setting).values(key=name, value=1, updated_at=uow.now))
        answer({"by": name})

    return work


def effects(store):
    return store.look(lambda uow: sorted(uow.db.scalars(select(Setting.key))))


def test_a_slow_attempt_that_was_taken_over_has_no_effect_any_more(store, clock, monkeypatch):
    """It claimed, slept for a minute, and wakes after the second attempt has finished."""
    seen = []

    def sleep_long(point):
        if point == "checkout.claimed" and not seen:
            seen.append(point)
            clock.move(seconds=61)
            assert once(store, KEY, {}, effect("second")) == {"by": "second"}

    monkeypatch.setattr(failpoints, "reach", sleep_long)
    with pytest.raises(StillRunning):
        once(store, KEY, {}, effect("first"))
    assert effects(store) == ["second"]
    assert once(store, KEY, {}, effect("third")) == {"by": "second"}


def test_a_slow_refusal_does_not_free_the_key_of_who_took_over(store, clock, monkeypatch):
    seen = []

    def sleep_long(point):
        if point == "checkout.claimed" and not seen:
            seen.append(point)
            clock.move(seconds=61)
            store.transact(
                lambda uow: idempotency._claim(uow, KEY, idempotency.request_hash({}))
            )  # the second attempt works on

    monkeypatch.setattr(failpoints, "reach", sleep_long)

    def refuse(uow, answer):
        raise EmptyCart

    with pytest.raises(EmptyCart):
        once(store, KEY, {}, refuse)
    with pytest.raises(StillRunning):
        once(store, KEY, {}, effect("third"))


def test_a_defect_frees_the_key_too(store):
    """Otherwise the customer's second click would be told for a minute that it is being done."""

    def broken(uow, answer):
        answer({"by": "nobody"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(store, KEY, {}, broken)
    assert once(store, KEY, {}, effect("second")) == {"by": "second"}


def test_the_answer_does_not_remember_an_attempt_that_was_retried(store):
    """A deadlock runs the whole effect again: only the last one's answer is given."""
    from sqlalchemy.exc import OperationalError

    tries = []

    def work(uow, answer):
        tries.append(1)
        answer({"by": len(tries)} if len(tries) > 1 else {"by": 0, "left": "over"})
        if len(tries) < 3:
            error = RuntimeError()
            error.sqlstate = "40P01"
            raise OperationalError("", {}, error)

    assert once(store, KEY, {}, work) == {"by": 3}
    assert once(store, KEY, {}, work) == {"by": 3}


def test_keys_of_others_never_meet(store):
    assert once(store, KEY, {}, effect("a")) == {"by": "a"}
    other = Key("session:2", "place", "abc")
    assert once(store, other, {"another": "body"}, effect("b")) == {"by": "b"}
    elsewhere = Key("session:1", "refund", "abc")
    assert once(store, elsewhere, {}, effect("c")) == {"by": "c"}
    with pytest.raises(KeyReused):
        once(store, KEY, {"another": "body"}, effect("d"))


def test_many_at_once_have_one_effect(store):
    outcomes = []

    def go(n):
        try:
            outcomes.append(once(store, KEY, {}, effect(f"e{n}"))["by"])
        except StillRunning:
            outcomes.append("running")

    threads = [threading.Thread(target=go, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(effects(store)) == 1
    assert set(outcomes) - {"running"} == set(effects(store))


def test_keys_are_kept_for_two_days_and_then_forgotten(store, clock):
    once(store, KEY, {}, effect("a"))
    clock.move(hours=47)
    store.transact(idempotency.sweep)
    assert once(store, KEY, {}, effect("b")) == {"by": "a"}
    clock.move(hours=2)
    store.transact(idempotency.sweep)
    count = select(func.count()).select_from(Idempotency)
    assert store.look(lambda uow: uow.db.scalar(count)) == 0
