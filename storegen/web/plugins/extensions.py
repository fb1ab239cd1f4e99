"""``extensions`` in API answers: what plugins add to products and orders, in one call for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storegen.uow import UnitOfWork
from storegen.values.order_view import OrderView
from storegen.web.api.schemas.orders import order_shape


def extensions(uow: UnitOfWork, kind: str, ids: Sequence[int]) -> Mapping[int, dict[str, Any]]:
    """Internal id → plugin → JSON values. ``kind``: ``product`` or ``order``."""
    found: dict[int, dict[str, Any]] = {each: {} for each in ids}
    if not ids:
        return found
    for plugin, answer in uow.store.plugins.ask("api_fields", uow=uow, kind=kind, ids=list(ids)):
        for key, values in answer.items():
            if key in found and values:
                found[key][plugin] = values
    return found


def order_answer(uow: UnitOfWork, order: OrderView) -> dict[str, Any]:
    """An order as the API answers it."""
    more = extensions(uow, "order", [order.order_id])
    return {**order_shape(order), "extensions": more[order.order_id]}
