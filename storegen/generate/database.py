"""The database of a new shop: empty before, and empty again if the shop does not come to be."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Engine, inspect
from sqlalchemy.exc import DBAPIError

from storegen import database
from storegen.errors import SetupError
from storegen.migrate import CORE_STREAM, Stream, migrate
from storegen.models import Base


def prepare(
    address: str,
    root: Path,
    undo: Callable[[Callable[[], object]], None],
    streams: tuple[Stream, ...] = (CORE_STREAM,),
    to: Mapping[str, str] | None = None,
) -> Engine:
    """Connect, see that no shop is there, make the tables. ``undo`` gets what takes them back,
    ``streams`` and ``to`` are as in `migrate`.

    Raises `SetupError` where the database cannot be reached or holds a shop already.
    """
    url = database.database_url(address, root)
    engine = database.make_engine(url)
    undo(engine.dispose)
    try:
        if url.get_backend_name() == "sqlite":
            _only_ours(Path(str(url.database)))
            database.ping(engine)
            before = _tables(engine)
        else:
            before = _postgresql(engine, url.query.get("schema"), undo)
    except DBAPIError as error:
        raise unreachable(shown(url), error) from None
    if before & ({*Base.metadata.tables, "alembic_version"}):
        raise SetupError(
            f"The database {shown(url)} holds a shop already.",
            "Give an empty one, or a schema of its own: ?schema=NAME.",
        )
    if url.get_backend_name() != "sqlite":
        undo(lambda: _drop_new(engine, before))
    migrate(engine, streams, to)
    return engine


def _only_ours(path: Path) -> None:
    """A new file holds customers' addresses: other users of the machine may not read it. SQLite
    gives the files beside it the same mode."""
    with suppress(OSError):  # SQLite says what is the matter with the path
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def shown(url: URL) -> str:
    """The address as its owner wrote it: without a password, without the driver's name."""
    return url.set(drivername=url.get_backend_name()).render_as_string()


def unreachable(address: str, error: DBAPIError) -> SetupError:
    """One sentence for a database that does not answer; ``address`` has no password in it."""
    reason = " ".join(str(error.orig).split())
    return SetupError(
        f"The database {address} cannot be used: {reason[:200].rstrip(' .?!')}.",
        "Check the address, the password and that the server runs.",
    )


def _postgresql(
    engine: Engine, schema: object, undo: Callable[[Callable[[], object]], None]
) -> set[str]:
    if isinstance(schema, str):
        quoted = engine.dialect.identifier_preparer.quote_identifier(schema)
        with engine.begin() as connection:
            if schema not in inspect(connection).get_schema_names():
                connection.exec_driver_sql(f"CREATE SCHEMA {quoted}")
                undo(lambda: _execute(engine, f"DROP SCHEMA IF EXISTS {quoted} CASCADE"))
    return _tables(engine)


def _tables(engine: Engine) -> set[str]:
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            return set(inspect(connection).get_table_names())
        found = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        )
        return set(found.scalars())


def _drop_new(engine: Engine, before: set[str]) -> None:
    preparer = engine.dialect.identifier_preparer
    for name in sorted(_tables(engine) - before):
        _execute(engine, f"DROP TABLE IF EXISTS {preparer.quote_identifier(name)} CASCADE")


def _execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
