"""Visitors, customers and what they receive."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from sqlalchemy import insert, select

from storegen.domain import audit_log, contact
from storegen.domain.people import codes, sessions, sign_in
from storegen.errors import TooMany
from storegen.models import Message, Order, OrderContact
from storegen.store import Store
from storegen.values.actor import Actor

T = TypeVar("T")
PHONE = "+8613800138000"
OTHER_PHONE = "+8613900139000"
EMAIL = "lin@example.com"
PASSWORD = "correct horse battery"


def guest(store: Store, *, network: str = "192.0.2.1", locale: str = "en") -> Actor:
    """Somebody with a session and nothing else."""
    with store.write() as uow:
        opened = sessions.open_session(uow)
    return Actor(kind="guest", session_id=opened.id, network=network, locale=locale)


def ask_code(store: Store, actor: Actor, text: str, purpose: str = codes.SIGN_IN) -> str:
    """Ask for a code and read it where the person would."""
    subject = contact.parse_subject(store, text)
    store.transact(lambda uow: codes.request_code(uow, actor, subject, purpose=purpose))
    return last_code(store, subject.value)


def last_code(store: Store, recipient: str) -> str:
    with store.read() as uow:
        data = uow.db.execute(
            select(Message.data).where(Message.recipient == recipient).order_by(Message.id.desc())
        ).scalars()
        return str(next(iter(data))["code"])


def wrong(code: str) -> str:
    """A code that is certainly not ``code``."""
    return f"{(int(code) + 1) % 10**6:06d}"


def customer(store: Store, text: str = PHONE, *, network: str = "192.0.2.1") -> Actor:
    """Somebody signed in by code."""
    actor = guest(store, network=network)
    done = sign_in.sign_in_by_code(store, actor, text, ask_code(store, actor, text))
    return as_actor(store, done.session.token)


def as_actor(store: Store, token: str) -> Actor:
    with store.read() as uow:
        session = sessions.find_session(uow, token)
    assert session is not None
    return session.actor(network="192.0.2.1")


def at_once(times: int, work: Callable[[int], T]) -> list[T | Exception]:
    """Run ``work(i)`` in ``times`` threads that start together; failures are results."""
    ready = Barrier(times)

    def one(number: int) -> T | Exception:
        ready.wait()
        try:
            return work(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def passed_until_refused(work: Callable[[int], object], most: int = 200) -> int:
    """How often ``work(i)`` passes before a limit refuses it."""
    for number in range(most):
        try:
            work(number)
        except TooMany:
            return number
    raise AssertionError("no limit refused it")


@pytest.fixture
def slow_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait between a verb's last check and its commit, so that rivals surely overlap."""
    record = audit_log.record

    def slowly(*given: Any, **data: Any) -> None:
        record(*given, **data)
        time.sleep(0.3)

    monkeypatch.setattr(audit_log, "record", slowly)


@pytest.fixture
def make_order(store: Store) -> Callable[..., int]:
    """An order with a contact; ``ended`` ones are over."""

    def make(
        *, customer_id: int | None = None, ended: bool = True, phone: str = "", email: str = ""
    ) -> int:
        with store.write() as uow:
            number = f"T{uow.now:%H%M%S}{phone[-4:]}{email[:3]}{customer_id or 0}{ended:d}"
            values: dict[str, Any] = {
                "number": number,
                "token": number,
                "customer_id": customer_id,
                "currency": "CNY",
                "state": "completed" if ended else "to_ship",
                "prices_include_tax": True,
                "goods": 1999,
                "total": 1999,
                "payable": 1999,
                "captured": 1999,
                "note": "ring twice",
                "placed_at": uow.now,
                "ended_at": uow.now if ended else None,
            }
            order_id: int = uow.db.execute(
                insert(Order).values(**values).returning(Order.id)
            ).scalar_one()
            uow.db.execute(
                insert(OrderContact).values(
                    order_id=order_id,
                    name="Lin",
                    phone=phone,
                    email=email,
                    address={"line1": "1 Long Road"},
                )
            )
        return order_id

    return make


@pytest.fixture
def live_store(make_store: Callable[..., Store], backend: str) -> Store:
    """A live shop without [mail]: it can send nothing."""
    return make_store(backend, mode="live")
