"""Put a dumped database into a fresh one, of the same kind or the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storegen.archive import copytext, tables
from storegen.archive.manifest import Manifest, Table

_BATCH = 2000
_CHUNK = 1 << 20


class Unfit(ValueError):
    """The dump does not fit the tables; the message says what."""


def check_file(path: Path) -> None:
    """A SQLite file from elsewhere: whole, and nothing in it that runs by itself."""
    try:
        with closing(sqlite3.connect(path)) as file:
            file.execute("PRAGMA trusted_schema=OFF")
            if file.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise Unfit("its database is damaged")
            if file.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise Unfit("rows of its database lack what they refer to")
            odd = file.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
            ).fetchone()
    except sqlite3.Error:
        raise Unfit("its database is damaged") from None
    if odd is not None:
        raise Unfit("its database holds a trigger or view, which no shop has")


def check_contents(connection: Connection, manifest: Manifest) -> None:
    """Every row and every sum that was there is there again."""
    there = {*tables.present(connection), tables.SEARCH}
    for table in manifest.tables:
        found = tables.count(connection, table.name) if table.name in there else 0
        if found != table.rows:
            raise Unfit(f"its table {table.name} has {found} rows, not {table.rows}")
    if tables.sums(connection) != manifest.sums:
        raise Unfit("the sums of its orders, money or stock are not those that were written down")


def load(engine: Engine, manifest: Manifest, dump: Path) -> None:
    """Fill the empty tables of ``engine``, which are at the manifest's revision. ``dump`` is the
    SQLite file, or the folder of COPY files. One transaction. Raises `Unfit`."""
    with _unfit(), engine.begin() as connection:
        present = tables.present(connection)
        wanted = {table.name: table for table in manifest.tables}
        if set(present) != set(wanted) - {tables.SEARCH}:
            odd = min(set(present) ^ (set(wanted) - {tables.SEARCH}))
            raise Unfit(f"the table {odd} is on one side only")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for name in reversed(present):  # whatever a revision itself has put there
            connection.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608
        for name in present:
            _fill(connection, wanted[name], dump)
        _fill_search(connection, manifest, dump)
        _set_sequences(connection, manifest, present)


def _fill(connection: Connection, table: Table, dump: Path) -> None:
    types = tables.columns(connection, table.name)
    if set(table.columns) - set(types):
        raise Unfit(f"its table {table.name} has a column that is not known")
    listed = ", ".join(f'"{name}"' for name in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        insert = f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})'  # noqa: S608
        source = copytext.rows(dump / f"{table.name}.copy", table.columns, types)
        _in_batches(connection, insert, source)
        return
    sql = f'COPY "{table.name}" ({listed}) FROM STDIN'
    with connection.connection.cursor().copy(f"{sql} (ENCODING 'UTF8')") as target:
        if dump.is_dir():
            with (dump / f"{table.name}.copy").open("rb") as file:
                while chunk := file.read(_CHUNK):
                    target.write(chunk)
        else:
            with closing(sqlite3.connect(dump)) as file_:
                for row in file_.execute(f'SELECT {listed} FROM "{table.name}"'):  # noqa: S608
                    target.write_row(row)


def _fill_search(connection: Connection, manifest: Manifest, dump: Path) -> None:
    """Each database has its own full-text index; the words in it are the same."""
    if connection.dialect.name == "sqlite":
        source = copytext.rows(dump / f"{tables.SEARCH}.copy", ("product_id", "tokens"), {})
        found = ((product_id, copytext.tokens(vector)) for product_id, vector in source)
        _in_batches(connection, "INSERT INTO product_search (rowid, tokens) VALUES (?, ?)", found)
    elif dump.is_dir():
        table = next((each for each in manifest.tables if each.name == tables.SEARCH), None)
        if table is None:
            raise Unfit("its search index is missing")
        _fill(connection, table, dump)
    else:
        statement = text(
            "INSERT INTO product_search (product_id, tokens) "
            "VALUES (:id, to_tsvector('simple', :tokens))"
        )
        with closing(sqlite3.connect(dump)) as file:
            rows = file.execute("SELECT rowid, tokens FROM product_search")
            while batch := rows.fetchmany(_BATCH):
                connection.execute(statement, [{"id": row[0], "tokens": row[1]} for row in batch])


def _in_batches(connection: Connection, insert: str, rows: Iterator[Sequence[Any]]) -> None:
    batch: list[tuple[Any, ...]] = []
    for row in rows:
        batch.append(tuple(row))
        if len(batch) == _BATCH:
            connection.exec_driver_sql(insert, batch)
            batch.clear()
    if batch:
        connection.exec_driver_sql(insert, batch)


def _set_sequences(connection: Connection, manifest: Manifest, names: Sequence[str]) -> None:
    """The next id is one that was never given, as it would have been in the old database."""
    for name in names:
        last = manifest.sequences.get(name, 0)
        if connection.dialect.name == "sqlite":
            _set_sqlite(connection, name, last)
            continue
        sequence = tables.sequence(connection, name)
        if sequence is not None:
            highest = connection.exec_driver_sql(f'SELECT MAX(id) FROM "{name}"').scalar()  # noqa: S608
            last = max(last, int(highest or 0))
            connection.execute(
                text("SELECT setval(CAST(:s AS regclass), :n, :called)"),
                {"s": sequence, "n": max(1, last), "called": last > 0},
            )


def _set_sqlite(connection: Connection, name: str, last: int) -> None:
    """Only tables with AUTOINCREMENT have a row there; the others begin after their last id."""
    if "AUTOINCREMENT" not in _definition(connection, name):
        return
    highest = connection.exec_driver_sql(f'SELECT MAX(id) FROM "{name}"').scalar()  # noqa: S608
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
    connection.exec_driver_sql(
        "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
        (name, max(last, int(highest or 0))),
    )


def _definition(connection: Connection, name: str) -> str:
    return str(
        connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)
        ).scalar_one()
    ).upper()


@contextmanager
def _unfit() -> Iterator[None]:
    """What the database refuses of a dump is the dump's fault."""
    try:
        yield
    except (DBAPIError, psycopg.Error, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise Unfit(f"its data do not fit the tables ({reason[:200]})") from error
    except OSError as error:
        raise Unfit(f"a table's data are missing ({error.strerror})") from error
