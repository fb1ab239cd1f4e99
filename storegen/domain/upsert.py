"""INSERT … ON CONFLICT, said once for both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(db: Connection, model: Any) -> postgresql.Insert:
    """An INSERT with ``on_conflict_do_nothing`` and ``on_conflict_do_update``.

    The two dialects spell both alike; the type is PostgreSQL's for the sake of the checker.
    """
    table = cast(Table, model.__table__)
    if db.dialect.name == "sqlite":
        return cast(postgresql.Insert, sqlite.insert(table))
    return postgresql.insert(table)


def insert_new(
    db: Connection, model: Any, values: Mapping[str, Any], *, keys: Sequence[str]
) -> Any | None:
    """Insert a row unless one with the same ``keys`` (a unique constraint) is there.

    Returns the new row's primary key (its first column), or None when a rival was first. On
    PostgreSQL this waits for a rival that has not committed.
    """
    first = next(iter(cast(Table, model.__table__).primary_key.columns))
    statement = insert(db, model).values(**values)
    made = statement.on_conflict_do_nothing(index_elements=list(keys)).returning(first)
    return db.execute(made).scalar_one_or_none()


def upsert(db: Connection, model: Any, values: Mapping[str, Any], *, keys: Sequence[str]) -> None:
    """Insert a row, or give the one with the same ``keys`` these values."""
    statement = insert(db, model).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in keys}
    db.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed))
