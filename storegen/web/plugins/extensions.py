"""``extensions`` in API answers: what plugins add to products and orders, in one call for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storegen.uow import UnitOfWork


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
