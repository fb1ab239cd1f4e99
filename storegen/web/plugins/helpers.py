"""Small things that a plugin's views need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request

from storegen.domain import idempotency
from storegen.domain.idempotency import Answer
from storegen.domain.idempotency import Key as _Key
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.payment import RawNotification
from storegen.web.context import current
from storegen.web.plugins.listed import mounted

T = TypeVar("T")


def transact(work: Callable[[UnitOfWork], T]) -> T:
    """Run ``work(uow)`` in one write transaction, whole again after a deadlock. What the request
    read before is forgotten: ``current().db`` looks anew."""
    context = current()
    context.refresh()
    made = context.store.transact(work)
    context.refresh()
    return made


def once(
    actor: Actor, key: str, body: Any, work: Callable[[UnitOfWork, Answer], None]
) -> dict[str, Any]:
    """A write that a client may repeat: ``work(uow, answer)`` runs in one transaction and calls
    ``answer`` with a JSON object; the same ``key`` of the same session again gives that answer, and
    another ``body`` under it raises ``409 idempotency-key-reused``. The key is this operation's."""
    context = current()
    context.refresh()
    endpoint = request.endpoint or ""
    plugin = mounted().owners[endpoint]
    whose = f"session:{actor.session_id}"
    if actor.session_id is None:
        whose = f"staff:{actor.staff_id}" if actor.staff_id else f"network:{actor.network}"
    view = endpoint.rpartition(".")[2]
    return idempotency.once(context.store, _Key(whose, f"{plugin}.{view}"[:64], key), body, work)


def raw_request() -> RawNotification:
    """A webhook's request as it came: method, path, query, headers in small letters, body bytes.
    Check its signature on these bytes."""
    return RawNotification(
        method=request.method,
        path=request.path,
        query=request.query_string.decode("latin-1"),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(cache=False),
    )
