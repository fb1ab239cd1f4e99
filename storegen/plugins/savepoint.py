"""A plugin's part of a transaction, which can be taken back without the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from storegen.uow import UnitOfWork


def needs_savepoint(uow: UnitOfWork) -> bool:
    """A reading unit on SQLite has nothing to take back. On PostgreSQL one failed statement makes
    a whole transaction useless, a reading one too."""
    return uow.write or uow.db.dialect.name != "sqlite"


@contextmanager
def savepoint(uow: UnitOfWork) -> Iterator[None]:
    """Run the block in a savepoint; what it wrote is gone if it raises."""
    uow.flush()
    session = uow.session
    before: set[Any] = set(session.identity_map.keys()) if session is not None else set()
    try:
        with uow.db.begin_nested():
            yield
            uow.flush()  # so that what the plugin's objects do wrong is its fault, not the core's
    except BaseException:
        if uow.session is not None:
            _forget(uow.session, before)
        raise


def _forget(session: Session, before: set[Any]) -> None:
    """Objects that the plugin added or loaded go; the core's are read anew."""
    for item in session.new:
        session.expunge(item)
    for key in [key for key in session.identity_map.keys() if key not in before]:  # noqa: SIM118 - it is no dict
        session.expunge(session.identity_map[key])
    session.expire_all()
