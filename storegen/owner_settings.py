"""What the owner set for plugins in the back office, read so that every process follows it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from storegen.errors import StoreError
from storegen.models import Setting

if TYPE_CHECKING:
    from storegen.store import Store
    from storegen.uow import UnitOfWork

log = logging.getLogger("storegen.plugins")

KEY = "plugin."
"""Prefix of the keys in the table of settings: ``plugin.<name>`` holds field → JSON value."""
TAG = "plugin-settings"
_CACHED = "plugin-settings"

Found = tuple[object, Mapping[str, Mapping[str, Any]]]


def plugin_settings(store: Store) -> Found:
    """A mark that differs after each change, and plugin → field → value.

    A look at a counter, and a query after a change. While the database cannot be asked (it is not
    migrated yet, or away) what was known before counts, or nothing.
    """
    mark = store.counters.read((TAG,))
    hit: tuple[tuple[int, ...], Any] | None = store.cache.get(_CACHED)
    if hit is not None and hit[0] == mark:
        return mark, hit[1]
    try:
        values = store.look(read)
    except (DBAPIError, StoreError) as error:
        log.warning("the owner's settings of plugins cannot be read now: %s", type(error).__name__)
        return (mark, "unread"), {} if hit is None else hit[1]
    store.cache[_CACHED] = (mark, values)
    return mark, values


def remember(uow: UnitOfWork, rows: Mapping[str, Any]) -> None:
    """Keep what a look at the whole table of settings has found, to save a query of its own."""
    uow.cached(_CACHED, (TAG,), lambda: _of_plugins(rows))


def read(uow: UnitOfWork) -> dict[str, dict[str, Any]]:
    """Plugin → field → value, in one query."""
    rows = uow.db.execute(
        select(Setting.key, Setting.value).where(Setting.key.startswith(KEY, autoescape=True))
    )
    return _of_plugins({key: value for key, value in rows})


def _of_plugins(rows: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        key.removeprefix(KEY): dict(value) for key, value in rows.items() if key.startswith(KEY)
    }
