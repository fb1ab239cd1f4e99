"""What a shop's database holds, in the same words for both kinds."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, inspect

from storegen.migrate import tables_present
from storegen.models import Base

SEARCH = "product_search"
_SUMS = {
    "orders.total": "SELECT SUM(total) FROM orders",
    "orders.captured": "SELECT SUM(captured) FROM orders",
    "orders.refunded": "SELECT SUM(refunded) FROM orders",
    "ledger.captures": "SELECT SUM(amount) FROM ledger_entry WHERE kind = 'capture'",
    "ledger.refunds": "SELECT SUM(amount) FROM ledger_entry WHERE kind = 'refund'",
    "stock.on_hand": "SELECT SUM(on_hand) FROM stock",
    "stock.reserved": "SELECT SUM(reserved) FROM stock",
}


def present(connection: Connection) -> list[str]:
    """The shop's tables, those first that others refer to; plugins' tables come last."""
    there = tables_present(connection)
    core = [table.name for table in Base.metadata.sorted_tables if table.name in there]
    return core + in_order(connection, {name for name in there if is_plugins(name)})


def is_plugins(table: str) -> bool:
    """Whether a table is a plugin's, by its name: ``p_<plugin>__<table>``."""
    return table.startswith("p_") and "__" in table


def in_order(connection: Connection, names: Iterable[str]) -> list[str]:
    """Sorted, and those first that others refer to (also where two refer to each other)."""
    waiting = sorted(names)
    inspector = inspect(connection)
    refers = {
        name: {str(key["referred_table"]) for key in inspector.get_foreign_keys(name)} - {name}
        for name in waiting
    }
    done: list[str] = []
    while waiting:
        left = set(waiting)
        following = next((name for name in waiting if not refers[name] & left), waiting[0])
        waiting.remove(following)
        done.append(following)
    return done


def columns(connection: Connection, table: str) -> dict[str, str]:
    """Column → declared type, in the order of the table; ``table`` is one of `present`."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f'PRAGMA table_info("{table}")')
        return {row.name: row.type for row in rows}
    rows = connection.exec_driver_sql(
        "SELECT column_name AS name, data_type AS type FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position",
        (table,),
    )
    return {row.name: row.type for row in rows}


def count(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT COUNT(*) FROM "{table}"').scalar_one())  # noqa: S608


def sums(connection: Connection) -> dict[str, int]:
    """What an owner would miss first if it came out different."""
    return {name: int(connection.exec_driver_sql(sql).scalar() or 0) for name, sql in _SUMS.items()}


def sequences(connection: Connection, tables: Iterable[str]) -> dict[str, int]:
    """Table → the highest id that it ever gave, where the database remembers one: an id of a
    session that ended must not be given to the next visitor."""
    if connection.dialect.name == "sqlite":
        known = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'"
        ).first()
        rows = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence") if known else ()
        wanted = set(tables)
        return {row[0]: int(row[1]) for row in rows if row[0] in wanted}
    found = {}
    for table in tables:
        name = sequence(connection, table)
        if name is not None:
            last, called = connection.exec_driver_sql(
                f"SELECT last_value, is_called FROM {name}"  # noqa: S608 - the database's own word
            ).one()
            found[table] = int(last) if called else 0
    return found


def sequence(connection: Connection, table: str) -> str | None:
    """PostgreSQL's name, quoted, of the sequence behind ``table.id``."""
    if "id" not in columns(connection, table):
        return None
    found: str | None = connection.exec_driver_sql(
        "SELECT pg_get_serial_sequence(%s, 'id')", (f'"{table}"',)
    ).scalar()
    return found
