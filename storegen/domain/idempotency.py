"""A request that a client may repeat has one effect and one answer.

The key is claimed in a short transaction of its own, so that a rival sees "still running"; the
answer is stored in the transaction of the effect, so that both are there or neither is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from storegen.domain.upsert import insert_new
from storegen.errors import KeyReused, StillRunning, StoreError
from storegen.models import Idempotency
from storegen.store import Store
from storegen.uow import UnitOfWork

TAKE_OVER_AFTER = timedelta(seconds=60)
KEEP_FOR = timedelta(hours=48)


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
    A refusal frees the key, since nothing has happened.
    """
    wanted = request_hash(body)
    before = store.transact(lambda uow: _claim(uow, key, wanted))
    if before is not None:
        return before
    given: dict[str, Any] = {}

    def effect(uow: UnitOfWork) -> None:
        given.clear()

        def answer(value: dict[str, Any]) -> None:
            given.update(value)
            uow.db.execute(update(Idempotency).where(*_is(key)).values(state="done", answer=value))

        work(uow, answer)
        if not given:
            raise AssertionError("the effect gave no answer")

    try:
        store.transact(effect)
    except StoreError:
        store.transact(lambda uow: _forget(uow, key))
        raise
    return given


def _claim(uow: UnitOfWork, key: Key, wanted: str) -> dict[str, Any] | None:
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
        return None
    row = uow.db.execute(select(Idempotency).where(*_is(key)).with_for_update()).mappings().one()
    if row["request_hash"] != wanted:
        raise KeyReused
    if row["state"] == "done":
        answer: dict[str, Any] = row["answer"]
        return answer
    if row["claimed_at"] > uow.now - TAKE_OVER_AFTER:
        raise StillRunning
    uow.db.execute(update(Idempotency).where(*_is(key)).values(claimed_at=uow.now))
    return None


def _forget(uow: UnitOfWork, key: Key) -> None:
    uow.db.execute(delete(Idempotency).where(*_is(key), Idempotency.state == "running"))


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
