"""Counting tries: exact under races, kept when the work fails, forgetful in time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storegen.domain import limits
from storegen.errors import NotFound, TooMany
from storegen.models import Limit
from storegen.store import Store
from tests.fixtures.stores import TestClock, statements
from tests.people.conftest import at_once


def hit(store: Store, key: str = "claim:me", limit: int = 3) -> None:
    store.transact(lambda uow: limits.hit(uow, key, limit, 60))


def test_limit_is_reached_and_says_when_to_try_again(store: Store, clock: TestClock) -> None:
    for _ in range(3):
        hit(store)
    clock.move(seconds=20)
    with pytest.raises(TooMany) as refusal:
        hit(store)
    assert (refusal.value.what, refusal.value.retry_after) == ("claim", 40)
    clock.move(seconds=40)
    hit(store)


def test_others_are_not_affected(store: Store) -> None:
    for _ in range(3):
        hit(store)
    hit(store, "claim:you")
    hit(store, "other:me")


def test_one_statement(store: Store) -> None:
    hit(store)
    with statements(store) as ran:
        hit(store)
    assert len(ran) == 1


def test_thirty_at_once_pass_exactly_ten(store: Store) -> None:
    results = at_once(30, lambda _: hit(store, limit=10))
    assert results.count(None) == 10
    assert sum(isinstance(result, TooMany) for result in results) == 20


def test_counted_apart_stays_counted_when_the_work_fails(store: Store) -> None:
    def inside() -> None:
        with store.write() as uow:
            limits.check(uow, "claim", "inside")
            raise NotFound("thing")

    for _ in range(limits.LIMITS["claim"].limit):
        with pytest.raises(NotFound):
            inside()
        limits.count(store, ("claim", "apart"))
    with pytest.raises(NotFound):  # rolled back with the work each time
        inside()
    with pytest.raises(TooMany):
        limits.count(store, ("claim", "apart"))


def test_a_refused_pair_counts_nothing(store: Store) -> None:
    for _ in range(limits.LIMITS["sign-in-network"].limit):
        limits.count(store, ("sign-in-network", "attacker"))
    for _ in range(20):
        with pytest.raises(TooMany):
            limits.count(store, ("sign-in", "victim"), ("sign-in-network", "attacker"))
    limits.count(store, ("sign-in", "victim"))


def test_a_clock_set_back_locks_nobody_out(store: Store, clock: TestClock) -> None:
    for _ in range(3):
        hit(store)
    clock.move(days=-1)
    hit(store)


def test_keys_hold_no_personal_data(store: Store) -> None:
    hit(store, "sign-in:phone:+8613800138000")
    with store.read() as uow:
        key = uow.db.execute(select(Limit.key)).scalar_one()
    assert key.startswith("sign-in:")
    assert "13800138000" not in key


def test_sweep_drops_old_windows_only(store: Store, clock: TestClock) -> None:
    hit(store, "claim:old")
    clock.move(days=3)
    hit(store, "claim:new")
    store.transact(limits.sweep)
    with store.read() as uow:
        assert len(uow.db.execute(select(Limit.key)).all()) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", ""),
        ("unknown", "unknown"),
        ("_hidden", "unknown"),
        ("192.0.2.300", "unknown"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("1:2", "unknown"),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert limits.network_of(address) == network
