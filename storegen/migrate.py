"""Bring a database to the schema that this release needs.

Each stream (the core's, later each plugin's) has a version table of its own: branches in one table
break the upgrade after a plugin is removed. Nothing here ever downgrades by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storegen.errors import SetupError
from storegen.models import Base
from storegen.models.base import UTCMicros

CORE = Path(__file__).parent / "migrations"
_LOCK = 7_205_759_403  # any fixed number: two migrations of one database take turns
SEARCH_TABLES = ("product_search",)
"""Made by hand in the first revision, since each database has its own full-text index."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One line of revisions with its own version table."""

    name: str
    folder: Path
    version_table: str


CORE_STREAM = Stream("core", CORE, "alembic_version")


class SchemaTooNew(SetupError):
    """The database was migrated by a newer release than this one."""


def migrate(
    engine: Engine,
    streams: tuple[Stream, ...] = (CORE_STREAM,),
    to: Mapping[str, str] | None = None,
) -> list[str]:
    """Upgrade every stream to its head; the names of the revisions that were applied.

    ``to`` names a revision per stream to stop at, for a restore of older tables.
    Raises `SchemaTooNew` where the database knows a revision that this release does not.
    """
    applied: list[str] = []
    for stream in streams:
        with _exclusive(engine) as connection:
            before = _current(connection, stream)
            check_known({stream.name: before} if before is not None else {}, (stream,))
            scripts = ScriptDirectory.from_config(_config(stream))
            target = (to or {}).get(stream.name) or str(scripts.get_current_head())
            steps = scripts.iterate_revisions(target, before or "base")
            names = [f"{stream.name}:{step.revision}" for step in steps]
            config = _config(stream)
            config.attributes["configure"] = _options(connection, stream)
            command.upgrade(config, target)
            _check_foreign_keys(connection)
            applied += reversed(names)
    return applied


def revisions(
    connection: Connection, streams: tuple[Stream, ...] = (CORE_STREAM,)
) -> dict[str, str]:
    """The revision of each stream that the database has."""
    found = {stream.name: _current(connection, stream) for stream in streams}
    return {name: revision for name, revision in found.items() if revision is not None}


def check_known(found: Mapping[str, str], streams: tuple[Stream, ...] = (CORE_STREAM,)) -> None:
    """Raise `SchemaTooNew` for a revision that this release does not have."""
    for stream in streams:
        scripts = ScriptDirectory.from_config(_config(stream))
        revision = found.get(stream.name)
        known = {script.revision for script in scripts.walk_revisions()}
        if revision is not None and revision not in known:
            raise SchemaTooNew(
                f"The database is at revision {revision} of '{stream.name}', "
                "which this release does not know.",
                "Upgrade storegen, or restore a backup made with this release.",
            )


def pending(engine: Engine, streams: tuple[Stream, ...] = (CORE_STREAM,)) -> list[str]:
    """The names of the streams that are not at their head."""
    behind = []
    for stream in streams:
        scripts = ScriptDirectory.from_config(_config(stream))
        with engine.connect() as connection, connection.begin():
            if _current(connection, stream) != scripts.get_current_head():
                behind.append(stream.name)
    return behind


def _config(stream: Stream) -> Config:
    config = Config()
    config.set_main_option("script_location", str(stream.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _options(connection: Connection, stream: Stream) -> dict[str, Any]:
    return {
        "connection": connection,
        "target_metadata": Base.metadata,
        "version_table": stream.version_table,
        "render_as_batch": True,
        "render_item": render_item,
        "include_name": include_name,
        "compare_type": True,
        "transaction_per_migration": False,
    }


def render_item(kind: str, item: Any, context: Any) -> str | bool:
    """Revisions name plain types, so that they stay true when the models move on."""
    if kind == "type" and isinstance(item, UTCMicros):
        return "sa.BigInteger()"
    return False


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Leave tables alone that the models do not describe: full-text indexes, plugins' tables."""
    if kind == "table":
        return name in Base.metadata.tables
    return True


@contextmanager
def _exclusive(engine: Engine) -> Iterator[Connection]:
    """One transaction around a whole stream, one at a time.

    On SQLite foreign keys are off while tables are rebuilt: with them on, dropping the old copy
    of a core table deletes the rows that a plugin's table cascades from it.
    """
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
                yield connection
        finally:
            if sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise SetupError(
                f"The migration would leave {len(broken)} rows without what they refer to; "
                "it was taken back.",
                "Run `storegen audit`, and report this with its output.",
            )


def _current(connection: Connection, stream: Stream) -> str | None:
    return MigrationContext.configure(
        connection, opts={"version_table": stream.version_table}
    ).get_current_revision()
