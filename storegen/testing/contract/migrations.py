"""Migrations of a plugin: up, down, up again, with rows in the tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Table, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from storegen import migrate
from storegen.models import Base
from storegen.store import Store

_MOMENT = datetime(2026, 3, 1, tzinfo=UTC)


def problems(store: Store, name: str) -> list[str]:
    """Nothing for a plugin without tables."""
    stream = next((one for one in store.streams if one.name == name), None)
    if stream is None:
        return []
    found = _differences(store, stream, "after the migrations")
    with store.write() as uow:
        _fill(uow.db, stream)
    before = _differences(store, migrate.CORE_STREAM, "")
    try:
        migrate.downgrade(store.engine, stream)
    except Exception as error:
        return [*found, f"its migrations do not go down: {type(error).__name__}: {error}"]
    with store.read() as uow:
        left = [one for one in migrate.tables_present(uow.db) if one.startswith(f"p_{name}__")]
    if left:
        found.append(f"going down left the tables {', '.join(sorted(left))}")
    if _differences(store, migrate.CORE_STREAM, "") != before:
        found.append("its migrations changed tables of the core")
    try:
        migrate.migrate(store.engine, store.streams)
    except Exception as error:
        return [*found, f"its migrations do not go up again: {type(error).__name__}: {error}"]
    return found + _differences(store, stream, "after going down and up again")


def _differences(store: Store, stream: migrate.Stream, when: str) -> list[str]:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "target_metadata": stream.tables,
                "include_name": migrate.include_name(stream),
                "version_table": stream.version_table,
                "compare_type": True,
            },
        )
        return [
            f"{when} the tables are not what the models say: {change}"
            for change in compare_metadata(context, _all_tables(stream))
        ]


def _all_tables(stream: migrate.Stream) -> Any:
    return stream.tables


def _fill(db: Connection, stream: migrate.Stream) -> None:
    """A row in each empty table, so that going down and up is tried on data. One that cannot be
    made up (a check that only the plugin understands) is left out."""
    for table in stream.tables.sorted_tables:
        if table.name not in migrate.tables_present(db) or db.scalar(
            select(func.count()).select_from(table)
        ):
            continue
        try:
            with db.begin_nested():
                db.execute(insert(table).values(_row(db, table)))
        except SQLAlchemyError:
            continue


def _row(db: Connection, table: Table) -> dict[str, Any]:
    return {
        column.name: _value(db, column)
        for column in table.columns
        if column is not table.autoincrement_column and column.default is None
    }


def _value(db: Connection, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        target = key.column
        known = Base.metadata.tables.get(target.table.name)
        wanted = (known if known is not None else target.table).columns[target.name]
        return db.scalar(select(wanted).limit(1))
    kind = column.type.python_type
    made: dict[type, Any] = {int: 1, bool: True, float: 1.0, dict: {}, list: [], bytes: b"x"}
    return _MOMENT if kind is datetime else made.get(kind, "x")
