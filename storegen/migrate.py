"""Bring a database to the schema that this release needs.

Each stream (the core's, then each plugin's) has a version table of its own: branches in one table
break the upgrade after a plugin is removed. Nothing here ever downgrades by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from storegen import database
from storegen.errors import SetupError
from storegen.models import Base
from storegen.models.base import UTCMicros

CORE = Path(__file__).parent / "migrations"
_LOCK = 7_205_759_403  # any fixed number: two migrations of one database take turns
SEARCH_TABLES = ("product_search",)
"""Made by hand in the first revision, since each database has its own full-text index."""


VERSION_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class Stream:
    """One line of revisions with its own version table: ``core``, or the name of a plugin."""

    name: str
    versions: Path
    version_table: str
    tables: MetaData


CORE_STREAM = Stream("core", CORE / "versions", VERSION_TABLE, Base.metadata)


def plugin_stream(name: str, tables: MetaData, folder: Path) -> Stream:
    """The stream of a plugin whose package lies in ``folder``."""
    versions = folder / "migrations" / "versions"
    return Stream(name, versions, f"{VERSION_TABLE}_{name}", tables)


class SchemaTooNew(SetupError):
    """The database was migrated by a newer release than this one."""


def migrate(
    engine: Engine,
    streams: tuple[Stream, ...] = (CORE_STREAM,),
    to: Mapping[str, str] | None = None,
) -> list[str]:
    """Upgrade every stream to its head; the names of the revisions that were applied.

    ``to`` names a revision per stream to stop at, for a restore of older tables.
    Raises `SchemaTooNew` where the database knows a revision that this release does not, and
    `SetupError` for a plugin with tables and no revision that makes them.
    """
    applied: list[str] = []
    for stream in streams:
        _check_made(stream)
        with exclusive(engine) as connection:
            before = _current(connection, stream)
            check_known({stream.name: before} if before is not None else {}, (stream,))
            scripts = ScriptDirectory.from_config(_config(stream))
            target = (to or {}).get(stream.name) or str(scripts.get_current_head())
            steps = scripts.iterate_revisions(target, before or "base")
            names = [f"{stream.name}:{step.revision}" for step in steps]
            if not names:
                continue
            config = _config(stream)
            config.attributes["configure"] = _options(connection, stream)
            command.upgrade(config, target)
            check_foreign_keys(connection)
            applied += reversed(names)
    return applied


def downgrade(engine: Engine, stream: Stream, to: str = "base") -> None:
    """Take a stream back to a revision. For tests of migrations: no command does this to a shop."""
    with exclusive(engine) as connection:
        config = _config(stream)
        config.attributes["configure"] = _options(connection, stream)
        command.downgrade(config, to)
        check_foreign_keys(connection)


def revisions(connection: Connection) -> dict[str, str]:
    """The revision of each stream that the database has, those of plugins that are gone too."""
    found = {}
    for table in sorted(tables_present(connection)):
        if table == VERSION_TABLE or table.startswith(f"{VERSION_TABLE}_"):
            name = table.removeprefix(VERSION_TABLE).removeprefix("_") or "core"
            revision = connection.exec_driver_sql(f'SELECT version_num FROM "{table}"').scalar()  # noqa: S608
            if revision is not None:
                found[name] = str(revision)
    return found


def tables_present(connection: Connection) -> set[str]:
    """The names of the shop's tables, in its own schema."""
    if connection.dialect.name == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    return set(connection.exec_driver_sql(sql).scalars())


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
                f"Upgrade {'storegen' if stream is CORE_STREAM else stream.name}, or restore a "
                "backup made with this release.",
            )


def _check_made(stream: Stream) -> None:
    if stream.tables.tables and not any(stream.versions.glob("*.py")):
        raise SetupError(
            f"Plugin '{stream.name}' has tables and no revision that makes them.",
            f"Its author writes one: storegen plugin migration DIR {stream.name} -m TEXT.",
        )


def pending(engine: Engine, streams: tuple[Stream, ...] = (CORE_STREAM,)) -> list[str]:
    """The names of the streams that are not at their head."""
    heads = {
        stream: ScriptDirectory.from_config(_config(stream)).get_current_head()
        for stream in streams
    }
    with database.begin(engine, write=False) as connection:
        return [stream.name for stream in streams if _current(connection, stream) != heads[stream]]


def _config(stream: Stream) -> Config:
    config = Config()
    config.set_main_option("script_location", str(CORE).replace("%", "%%"))
    config.set_main_option("version_locations", str(stream.versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")  # a folder's name may hold any other sign
    return config


def _options(connection: Connection, stream: Stream) -> dict[str, Any]:
    return {
        "connection": connection,
        "target_metadata": stream.tables,
        "version_table": stream.version_table,
        "render_as_batch": True,
        "render_item": render_item,
        "include_name": include_name(stream),
        "compare_type": True,
        "transaction_per_migration": False,
    }


def render_item(kind: str, item: Any, context: Any) -> str | bool:
    """Revisions name plain types, so that they stay true when the models move on."""
    if kind == "type" and isinstance(item, UTCMicros):
        return "sa.BigInteger()"
    return False


def include_name(stream: Stream) -> Callable[[str | None, str, Any], bool]:
    """For alembic: leave tables alone that are not the stream's, as full-text indexes and other
    plugins'. What begins with a plugin's prefix is its own also when no model describes it."""

    def ours(name: str | None, kind: str, parents: Any) -> bool:
        if kind != "table":
            return True
        own = stream is not CORE_STREAM and str(name).startswith(f"p_{stream.name}__")
        return own or name in stream.tables.tables

    return ours


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
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


def check_foreign_keys(connection: Connection) -> None:
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


def write_revision(engine: Engine, stream: Stream, message: str) -> Path | None:
    """Write the revision that brings the stream's tables from the database's state to that of its
    models, for authors; None if nothing differs. Raises `SetupError` while the stream is behind.
    """
    stream.versions.mkdir(parents=True, exist_ok=True)
    scripts = ScriptDirectory.from_config(_config(stream))
    number = len(list(scripts.walk_revisions())) + 1
    written: list[Path] = []

    def keep(_context: Any, _revision: Any, directives: list[Any]) -> None:
        if directives[0].upgrade_ops.is_empty():
            directives[:] = []

    with engine.connect() as connection, connection.begin():
        if _current(connection, stream) != scripts.get_current_head():
            raise SetupError(
                f"The database is behind the revisions that '{stream.name}' has already.",
                "Run `storegen migrate DIR` first.",
            )
        config = _config(stream)
        options = _options(connection, stream)
        config.attributes["configure"] = {**options, "process_revision_directives": keep}
        made = command.revision(
            config,
            message,
            autogenerate=True,
            rev_id=f"{number:04d}",
            version_path=str(stream.versions),
        )
        for script in made if isinstance(made, list) else [made]:
            if script is not None:
                written.append(Path(script.path))
    return written[0] if written else None
