"""The unit of work: one transaction with everything a verb needs.

Verbs are ``verb(uow, actor, command)``; nothing is visible to others until the unit commits, and
what must wait for the commit (raising cache counters, waking the worker) is collected here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from storegen.store import Store

T = TypeVar("T")


class UnitOfWork:
    """``db`` is a Core connection inside the transaction; ``orm`` a session on the same one."""

    def __init__(self, store: Store, db: Connection, *, write: bool) -> None:
        self.store = store
        self.db = db
        self.write = write
        self.now: datetime = store.clock.now()
        """One moment for the whole unit, so that what it writes agrees with itself."""
        self.tags: set[str] = set()
        self.after_commit: list[Callable[[], None]] = []
        self._orm: Session | None = None
        # SQLite shows a reading unit the database as it was at its first look. What it reads later
        # may be older than the counters say by then, so those of before are remembered.
        self._seen = store.counters.snapshot()

    @property
    def orm(self) -> Session:
        if self._orm is None:
            self._orm = Session(self.db, autoflush=True, expire_on_commit=False)
        return self._orm

    @property
    def session(self) -> Session | None:
        """The session of `orm`, if anybody has asked for it yet."""
        return self._orm

    def touch(self, *tags: str) -> None:
        """Pages that depend on any of ``tags`` are stale once this unit has committed."""
        self.tags.update(tags)

    def touch_products(self, product_ids: Iterable[int]) -> None:
        self.touch("listing", *(f"product:{product_id}" for product_id in product_ids))

    def cached(self, key: str, tags: tuple[str, ...], make: Callable[[], T]) -> T:
        """A value that many requests share, made again once a commit of any process has touched one
        of ``tags``.

        A unit that touched a tag itself gets a value of its own, which is not shared: it may roll
        back. Nor is one that was made after a rival's commit by a unit that cannot see it.
        """
        if self.tags.intersection(tags):
            return make()
        store = self.store
        slots = store.counters.slots(tags)
        present = store.counters.at(slots)
        hit: tuple[tuple[int, ...], Any] | None = store.cache.get(key)
        if hit is not None and hit[0] == present:
            value: T = hit[1]
            return value
        value = make()
        if present == tuple([self._seen[slot] for slot in slots]):
            store.cache[key] = (present, value)
        return value

    def later(self, action: Callable[[], None]) -> None:
        """Run ``action`` after the commit; it must not fail the work that is already done."""
        self.after_commit.append(action)

    def flush(self) -> None:
        if self._orm is not None:
            self._orm.flush()

    def close(self) -> None:
        if self._orm is not None:
            self._orm.close()
