"""Engines for SQLite and PostgreSQL that begin, lock and retry the same way for the callers."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storegen import silence
from storegen.errors import Busy, SetupError

T = TypeVar("T")
RETRIES = 5
_RETRY_STATES = {"40001", "40P01"}  # serialisation failure, deadlock
_BUSY_STATES = {"55P03", "57014"}  # lock_timeout, cancelled
_BUSY_CLASSES = ("08", "53", "57P")  # connection lost, disk or connections used up, shut down
_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


def database_url(text_url: str, root: Path) -> URL:
    """The address of a store's database: SQLite paths are relative to the store's folder.

    ``postgresql://…`` uses psycopg 3; ``?schema=NAME`` keeps a store in a schema of its own.
    """
    try:
        url = make_url(text_url)
    except Exception as error:
        raise SetupError(
            f"'{text_url}' is not a database address.",
            "Write sqlite:///shop.db or postgresql://user:password@host/name.",
        ) from error
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        if not url.database or url.database == ":memory:":
            raise SetupError(
                "A store cannot live in memory.", "Name a file, such as sqlite:///shop.db."
            )
        return url.set(database=str((root / url.database).resolve()))
    raise SetupError(
        f"Databases of the kind '{url.drivername}' are not supported.",
        "Use sqlite:///shop.db or postgresql://user:password@host/name.",
    )


def make_engine(url: URL) -> Engine:
    """An engine whose write transactions are serialised by the database, not by luck."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return _postgresql_engine(url)


def _sqlite_engine(url: URL) -> Engine:
    # timeout is the busy timeout in seconds. The driver's own BEGIN comes too late (at the first
    # write), where a lost race cannot be retried; so autocommit and BEGIN by hand.
    engine = create_engine(
        url,
        hide_parameters=True,  # they are names, addresses and codes, and errors go into logs
        connect_args={"timeout": 30, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # an order that was answered survives a crash
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("storegen_write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    schema = url.query.get("schema")
    url = url.difference_update_query(["schema"])
    engine = create_engine(
        url,
        hide_parameters=True,  # as above
        pool_pre_ping=False,
        pool_size=8,
        max_overflow=8,
        pool_timeout=10,
        connect_args={"options": "-c lock_timeout=3s -c timezone=UTC", "connect_timeout": 5},
        isolation_level="READ COMMITTED",
    )

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: Any, parameters: Any) -> Any:
        return silence.connect(*arguments, **parameters)

    if schema is not None:
        if not isinstance(schema, str) or not schema.isidentifier():
            raise SetupError(f"'{schema}' is not a schema name.", "Use letters and digits.")

        @event.listens_for(engine, "begin")
        def _search_path(connection: Connection) -> None:
            # SET LOCAL: a plain SET would survive the return to the pool.
            connection.exec_driver_sql(f'SET LOCAL search_path TO "{schema}"')

    return engine


@contextmanager
def begin(engine: Engine, *, write: bool) -> Iterator[Connection]:
    """One transaction. A writing one is committed at the end, rolled back on an exception.

    A reading one is always rolled back: it has nothing to keep, and a connection that died under it
    must not make a second error out of one that has been answered.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(storegen_write=write)
        transaction = connection.begin()
        if not write:
            try:
                yield connection
            finally:
                transaction.rollback()
            return
        with transaction:
            yield connection


def is_retryable(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _RETRY_STATES


def as_busy(error: DBAPIError | PoolTimeout) -> Busy | None:
    """The `Busy` refusal for a database that is locked, full, stopped or gone, or whose connections
    are all in use; None for anything else, which is a defect."""
    if isinstance(error, PoolTimeout):
        return Busy()
    if isinstance(error.orig, sqlite3.Error):
        # SQLite calls a misspelt table an OperationalError too, so its own code decides. The last
        # byte is the kind, the others say more about it.
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        return Busy() if code in _SQLITE_AWAY else None
    state = getattr(error.orig, "sqlstate", None)
    if state in _BUSY_STATES or error.connection_invalidated:
        return Busy()
    if isinstance(error, OperationalError) and (state or "08").startswith(_BUSY_CLASSES):
        return Busy()  # without a state no server has answered
    return None


def with_retries(attempt: Callable[[], T]) -> T:
    """Run a whole unit of work, again after a deadlock or serialisation failure, with jitter."""
    for tries in range(RETRIES):
        try:
            return attempt()
        except (DBAPIError, PoolTimeout) as error:
            if isinstance(error, DBAPIError) and is_retryable(error) and tries < RETRIES - 1:
                time.sleep(random.uniform(0.005, 0.03) * 2**tries)  # noqa: S311 - jitter
                continue
            busy = as_busy(error)
            if busy is not None:
                raise busy from error
            raise
    raise AssertionError("unreachable")


def ping(engine: Engine) -> None:
    """Raise if the database does not answer."""
    with begin(engine, write=False) as connection:
        connection.execute(text("SELECT 1"))
