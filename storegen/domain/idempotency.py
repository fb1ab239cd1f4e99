"""A request that a client may repeat has one effect and one answer.

The key is claimed in a short transaction of its own, so that a rival sees "still running"; the
answer is stored in the transaction of the effect, so that both are there or neither is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from storegen import failpoints
from storegen.domain.upsert import insert_new
from storegen.errors import Busy, KeyReused, StillRunning
from storegen.models import Idempotency
from storegen.store import Store
from storegen.uow import UnitOfWork

TAKE_OVER_AFTER = timedelta(seconds=60)
KEEP_FOR = timedelta(hours=48)
_SKEW = timedelta(minutes=1)
"""Machines' clocks differ by less. A claim from further ahead was made before the clock was set
back, and is not waited for."""


@dataclass(frozen=True, slots=True)
class Key:
    """``principal``: whose key it is (a session, a token); keys of others never meet it."""

    principal: str
    endpoint: str
    key: str


def request_hash(body: Any) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


Answer = Callable[[dict[str, Any]], None]
"""What the effect calls with its answer, before it takes the locks that rivals wait for."""


def once(
    store: Store, key: Key, body: Any, work: Callable[[UnitOfWork, Answer], None]
) -> dict[str, Any]:
    """Do ``work`` in a write unit unless this key has its answer; the (first) answer.

    ``body`` is what the client asked: another one under the same key raises `KeyReused`.
    A refusal frees the key, since nothing has happened. An attempt that was thought dead and taken
    over cannot have its effect any more: `StillRunning` rolls it back.
    """
    wanted = request_hash(body)
    claimed = store.transact(lambda uow: _claim(uow, key, wanted))
    if isinstance(claimed, dict):
        return claimed
    failpoints.reach("checkout.claimed")
    mine = (*_is(key), Idempotency.state == "running", Idempotency.claimed_at == claimed)
    given: dict[str, Any] = {}

    def effect(uow: UnitOfWork) -> None:
        given.clear()

        def answer(value: dict[str, Any]) -> None:
            given.update(value)
            done = uow.db.execute(
                update(Idempotency).where(*mine).values(state="done", answer=value)
            )
            if done.rowcount != 1:  # so slow that somebody took the claim over
                raise StillRunning

        work(uow, answer)
        if not given:
            raise AssertionError("the effect gave no answer")

    try:
        store.transact(effect)
    except Exception:
        # Nothing has happened (an effect stores its answer), so the key is free, unless it was
        # taken over meanwhile. Where even this fails, it is free after a while.
        with suppress(Busy):
            store.transact(lambda uow: uow.db.execute(delete(Idempotency).where(*mine)))
        raise
    failpoints.reach("checkout.committed")
    return given


def _claim(uow: UnitOfWork, key: Key, wanted: str) -> dict[str, Any] | datetime:
    """The first answer where there is one, else the moment that this claim is told by."""
    made = insert_new(
        uow.db,
        Idempotency,
        {
            "principal": key.principal,
            "endpoint": key.endpoint,
            "key": key.key,
            "request_hash": wanted,
            "state": "running",
            "answer": {},
            "status": 0,
            "claimed_at": uow.now,
        },
        keys=("principal", "endpoint", "key"),
    )
    if made is not None:
        return uow.now
    row = (
        uow.db.execute(select(Idempotency.__table__).where(*_is(key)).with_for_update())
        .mappings()
        .one_or_none()
    )
    if row is None:  # a refusal freed the key between the two statements
        return _claim(uow, key, wanted)
    if row["request_hash"] != wanted:
        raise KeyReused
    if row["state"] == "done":
        answer: dict[str, Any] = row["answer"]
        return answer
    if uow.now - TAKE_OVER_AFTER < row["claimed_at"] <= uow.now + _SKEW:
        raise StillRunning
    uow.db.execute(update(Idempotency).where(*_is(key)).values(claimed_at=uow.now))
    return uow.now


def sweep(uow: UnitOfWork) -> int:
    """Forget keys that are older than a client may remember."""
    done = uow.db.execute(delete(Idempotency).where(Idempotency.claimed_at < uow.now - KEEP_FOR))
    return done.rowcount


def _is(key: Key) -> tuple[Any, ...]:
    return (
        Idempotency.principal == key.principal,
        Idempotency.endpoint == key.endpoint,
        Idempotency.key == key.key,
    )
