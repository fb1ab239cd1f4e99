"""Take a plugin's data out of a shop for good, with an export of them if that is wished."""

from __future__ import annotations

import base64
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection, MetaData, Table, delete, inspect, select

from storegen import __version__, migrate
from storegen.archive import tables
from storegen.counters import ALL
from storegen.errors import SetupError
from storegen.models import JobLease, OutboxDelivery, Setting
from storegen.owner_settings import KEY, TAG
from storegen.plugins.manifest import NAME
from storegen.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What is gone: table → rows, and how many files of the plugin's own."""

    rows: dict[str, int]
    files: int


def inventory(store: Store, plugin: str) -> Purged:
    """What `purge` would take away now. Raises `SetupError` for a name that is none."""
    _check_name(plugin)
    with store.engine.connect() as connection, connection.begin():
        names = _tables(connection, plugin)
        rows = {name: tables.count(connection, name) for name in names}
    return Purged(rows=rows, files=len(_files(store, plugin)))


def purge(store: Store, plugin: str, export: Path | None) -> Purged:
    """Drop the tables of ``plugin``, its version table, settings, deliveries, leases and files, in
    one transaction; before that write them to ``export``, a new zip archive: one file of JSON
    lines for each table.

    Works with and without the plugin's package. Raises `SetupError` while the plugin is listed in
    store.toml, and where tables of another plugin refer to it; then nothing has changed.
    """
    _check_name(plugin)
    if plugin in store.config.plugins:
        raise SetupError(
            f"Plugin `{plugin}` is in use.",
            f"Run `storegen plugin disable {store.root} {plugin}` first, and restart the shop.",
        )
    files = _files(store, plugin)
    with migrate.exclusive(store.engine) as connection:
        names = _tables(connection, plugin)
        _check_free(connection, plugin, names)
        rows = {name: tables.count(connection, name) for name in names}
        if export is not None:
            _export(store, connection, plugin, names, files, export)
        for name in reversed(names):
            connection.exec_driver_sql(f'DROP TABLE "{name}"')
        version = f"{migrate.VERSION_TABLE}_{plugin}"
        if version in migrate.tables_present(connection):
            connection.exec_driver_sql(f'DROP TABLE "{version}"')
        connection.execute(delete(Setting).where(Setting.key == KEY + plugin))
        connection.execute(delete(OutboxDelivery).where(OutboxDelivery.listener == plugin))
        leases = JobLease.name.startswith(f"{plugin}.", autoescape=True)
        connection.execute(delete(JobLease).where(leases))
        migrate.check_foreign_keys(connection)
    shutil.rmtree(store.root / "plugin-data" / plugin, ignore_errors=True)
    store.counters.bump((TAG, ALL))
    return Purged(rows=rows, files=len(files))


def _check_name(plugin: str) -> None:
    if NAME.fullmatch(plugin) is None:
        raise SetupError(f"{plugin!r} is no name of a plugin.", "See `storegen plugins DIR`.")


def _tables(connection: Connection, plugin: str) -> list[str]:
    """The plugin's tables, those first that others refer to."""
    prefix = f"p_{plugin}__"
    there = migrate.tables_present(connection)
    return tables.in_order(connection, [name for name in there if name.startswith(prefix)])


def _check_free(connection: Connection, plugin: str, names: list[str]) -> None:
    inspector = inspect(connection)
    for name in sorted(migrate.tables_present(connection) - set(names)):
        if not tables.is_plugins(name):
            continue
        for key in inspector.get_foreign_keys(name):
            if key["referred_table"] in names:
                other = name.removeprefix("p_").partition("__")[0]
                raise SetupError(
                    f"Tables of plugin `{other}` refer to those of `{plugin}`.",
                    f"Purge `{other}` first, or keep both.",
                )


def _files(store: Store, plugin: str) -> list[Path]:
    folder = store.root / "plugin-data" / plugin
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _export(
    store: Store,
    connection: Connection,
    plugin: str,
    names: list[str],
    files: list[Path],
    target: Path,
) -> None:
    """Written and on the disk before anything is dropped; an archive that is there stays."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SetupError(
            f"{target} cannot be written: {error.strerror}.", "Name a new file."
        ) from error
    try:
        with os.fdopen(handle, "wb") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                about = {
                    "plugin": plugin,
                    "storegen": __version__,
                    "revision": migrate.revisions(connection).get(plugin),
                    "exported_at": store.clock.now().isoformat(),
                    "tables": {name: tables.count(connection, name) for name in names},
                    "settings": connection.execute(
                        select(Setting.value).where(Setting.key == KEY + plugin)
                    ).scalar(),
                }
                archive.writestr("about.json", json.dumps(about, ensure_ascii=False, indent=1))
                for name in names:
                    with TextIOWrapper(archive.open(f"{name}.jsonl", "w"), "utf-8") as lines:
                        _write(connection, name, lines)
                folder = store.root / "plugin-data" / plugin
                for path in files:
                    archive.write(path, f"files/{path.relative_to(folder).as_posix()}")
            raw.flush()
            os.fsync(raw.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _write(connection: Connection, name: str, lines: TextIO) -> None:
    for row in _rows(connection, Table(name, MetaData(), autoload_with=connection)):
        lines.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(table)).mappings().yield_per(1000):
        yield dict(row)


def _plain(value: Any) -> str:
    """What JSON has no word for, as text: bytes in base64, decimals and dates as they are said."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, date) else str(value)
