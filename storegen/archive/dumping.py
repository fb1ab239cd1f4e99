"""A copy of the database at one moment, while others write to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine

from storegen import migrate
from storegen.archive import tables
from storegen.archive.manifest import Table
from storegen.archive.names import DATABASE
from storegen.errors import SetupError

SQLITE = f"{DATABASE}shop.db"
_PAGES = 4096  # 16 MiB at a time, so that a progress bar moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """Members of the archive and where their content lies, and what the database says of itself."""

    kind: str
    paths: dict[str, Path]
    tables: tuple[Table, ...]
    sequences: dict[str, int]
    sums: dict[str, int]
    revisions: dict[str, str]


def dump(engine: Engine, folder: Path, progress: Callable[[int, int], None]) -> Dump:
    """Copy the database of ``engine`` into ``folder``. Raises `SetupError` where no shop is."""
    if engine.dialect.name == "sqlite":
        copy = folder / "shop.db"
        _online_copy(Path(str(engine.url.database)), copy, progress)
        with plain(copy) as connection:
            return _described(connection, "sqlite", {SQLITE: copy})
    try:
        return _postgresql(engine, folder, progress)
    except psycopg.Error as error:
        raise SetupError(
            f"The database cannot be copied: {str(error).splitlines()[0]}.",
            "Try again when nobody changes its tables (`storegen migrate`).",
        ) from error


@contextmanager
def plain(path: Path) -> Iterator[Connection]:
    """A SQLite file as it lies there: no WAL beside it, nothing written."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _online_copy(source: Path, target: Path, progress: Callable[[int, int], None]) -> None:
    def step(_status: int, left: int, total: int) -> None:
        progress(total - left, total)

    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, timeout=30)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            # Within one read transaction of ours every step sees the same moment; without it the
            # copy would begin anew after every order that somebody places meanwhile.
            old.isolation_level = None
            old.execute("BEGIN")
            old.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            old.backup(new, pages=_PAGES, progress=step)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    except sqlite3.Error as error:
        raise SetupError(
            f"The database {source} cannot be copied: {error}.",
            "Check that the disk has room and that the shop is whole: `storegen check DIR`.",
        ) from error


def _postgresql(engine: Engine, folder: Path, progress: Callable[[int, int], None]) -> Dump:
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as idle:
        connection = idle.execution_options(**options, storegen_write=False)
        with connection.begin():
            names = [*tables.present(connection), tables.SEARCH]
            cursor = connection.connection.cursor()
            paths = {}
            for number, name in enumerate(names):
                paths[f"{DATABASE}{name}.copy"] = target = folder / f"{name}.copy"
                listed = ", ".join(f'"{each}"' for each in tables.columns(connection, name))
                with (
                    target.open("wb") as file,
                    cursor.copy(f"COPY \"{name}\" ({listed}) TO STDOUT (ENCODING 'UTF8')") as rows,
                ):
                    for chunk in rows:
                        file.write(chunk)
                progress(number + 1, len(names))
            return _described(connection, "postgresql", paths)


def _described(connection: Connection, kind: str, paths: dict[str, Path]) -> Dump:
    names = tables.present(connection)
    revisions = migrate.revisions(connection)
    if not names or not revisions:
        raise SetupError("The database holds no shop.", "Check `database` in store.toml.")
    return Dump(
        kind=kind,
        paths=paths,
        tables=tuple(
            Table(
                name=name,
                columns=tuple(tables.columns(connection, name)),
                rows=tables.count(connection, name),
            )
            for name in (names if kind == "sqlite" else [*names, tables.SEARCH])
        ),
        sequences=tables.sequences(connection, names),
        sums=tables.sums(connection),
        revisions=revisions,
    )
