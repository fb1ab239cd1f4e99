"""`restore`: a shop out of an archive, checked on the way; whole, or nothing is left behind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import tomlkit
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storegen import database, migrate
from storegen.archive import dumping, loading, names
from storegen.archive.backup import Watch
from storegen.archive.container import Reader
from storegen.archive.loading import Unfit
from storegen.archive.manifest import Manifest
from storegen.config import FILE, read_config
from storegen.errors import ArchiveRefused, PluginProblem, SetupError
from storegen.generate.database import prepare, unreachable
from storegen.generate.folder import new_folder
from storegen.generate.storefile import DATABASE
from storegen.plugins.discovery import choose, discover
from storegen.plugins.loading import load

_WORK = ".restoring"
_ASIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """``database`` is the new address in store.toml, ``migrated`` the revisions that the archive
    did not have yet, ``rows`` table → how many."""

    root: Path
    database: str
    migrated: tuple[str, ...]
    files: int
    rows: Mapping[str, int]
    sums: Mapping[str, int]


def restore(
    archive: Path,
    root: Path,
    database_url: str = "",
    watch: Watch = lambda what, done, total: None,
) -> Restored:
    """Make the shop of ``archive`` in ``root``, a new or empty folder; ``database_url`` puts its
    data elsewhere than its store.toml says, also on the other kind of database.

    Raises `ArchiveRefused`, `SchemaTooNew` and other `SetupError`; then nothing is left of it.
    """
    try:
        with archive.open("rb") as file:
            reader = Reader(archive, file)
            manifest = reader.manifest
            _check_announced(reader)
            migrate.check_known(manifest.revisions)
            root = root.absolute()
            with new_folder(root) as undo:
                _check_room(root, manifest)
                work = root / _WORK
                work.mkdir(mode=0o700)
                _unpack(reader, root, work, watch)
                restored = _restore_database(reader, root, work, database_url, undo)
                shutil.rmtree(work)
            return restored
    except Unfit as reason:
        raise ArchiveRefused(archive, str(reason)) from reason
    except OSError as error:
        raise SetupError(
            f"{archive} cannot be restored: {(error.strerror or str(error)).lower()}"
            f"{f' ({error.filename})' if error.filename else ''}.",
            "Check that the archive is there and that the disk has room and may be written to.",
        ) from error


def _check_announced(reader: Reader) -> None:
    manifest = reader.manifest
    announced = {file.name for file in manifest.files if file.name.startswith(names.DATABASE)}
    if manifest.database == "sqlite":
        wanted = {dumping.SQLITE}
    else:
        wanted = {f"{names.DATABASE}{table.name}.copy" for table in manifest.tables}
    if announced != wanted:
        raise reader.refused("its database is not all there")
    if not any(file.name == FILE for file in manifest.files):
        raise reader.refused(f"it has no {FILE}")
    if len({table.name for table in manifest.tables}) != len(manifest.tables):
        raise reader.refused("it names a table twice")


def _check_room(root: Path, manifest: Manifest) -> None:
    """Before anything is unpacked: a small archive may announce more than there is disk."""
    size = sum(file.size for file in manifest.files)
    free = shutil.disk_usage(root).free
    if size > free:
        raise SetupError(
            f"The disk of {root} has {free >> 20} MiB free, and the shop needs {size >> 20} MiB.",
            "Make room there, or name a folder on another disk.",
        )


def _unpack(reader: Reader, root: Path, work: Path, watch: Watch) -> None:
    total, done = sum(file.size for file in reader.manifest.files), 0
    for file, content in reader.members():
        if file.name.startswith(names.DATABASE):
            path = work / file.name.removeprefix(names.DATABASE)
        else:
            path = root / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = names.mode(file.name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as target:
            for chunk in content:
                target.write(chunk)
        done += file.size
        watch("files", done, total)


def _restore_database(
    reader: Reader,
    root: Path,
    work: Path,
    database_url: str,
    undo: Callable[[Callable[[], object]], None],
) -> Restored:
    manifest = reader.manifest
    source = work
    if manifest.database == "sqlite":
        source = work / Path(dumping.SQLITE).name
        loading.check_file(source)
        with dumping.plain(source) as connection:
            if migrate.revisions(connection) != dict(manifest.revisions):
                raise reader.refused("its database is not at the revision that was written down")
    streams = _streams(root, manifest)
    migrate.check_known(manifest.revisions, streams)
    address = _address(root, database_url)
    url = database.database_url(address, root)
    if url.get_backend_name() == "sqlite":
        file = Path(str(url.database))
        _check_free(reader, root, file, undo)
        if manifest.database == "sqlite":
            os.replace(source, file)
            engine = database.make_engine(url)
            undo(engine.dispose)
        else:
            engine = _fill(address, root, undo, manifest, streams, source)
    else:
        engine = _fill(address, root, undo, manifest, streams, source)
    try:
        migrated = _check_and_migrate(engine, manifest, streams)
    except DBAPIError as error:
        raise unreachable(url.render_as_string(), error) from error
    finally:
        engine.dispose()
    return Restored(
        root=root,
        database=url.render_as_string(),
        migrated=tuple(migrated),
        files=len(manifest.files),
        rows={table.name: table.rows for table in manifest.tables},
        sums=manifest.sums,
    )


def _fill(
    address: str,
    root: Path,
    undo: Callable[[Callable[[], object]], None],
    manifest: Manifest,
    streams: tuple[migrate.Stream, ...],
    source: Path,
) -> Engine:
    """New tables as they were, and the rows into them."""
    missing = set(manifest.revisions) - {stream.name for stream in streams}
    if missing:
        raise SetupError(
            f"The shop has tables of plugin `{min(missing)}`, which is not installed here.",
            "Install it first, or restore to SQLite, where its tables are kept as they are.",
        )
    there = tuple(stream for stream in streams if stream.name in manifest.revisions)
    engine = prepare(address, root, undo, there, dict(manifest.revisions))
    loading.load(engine, manifest, source)
    return engine


def _streams(root: Path, manifest: Manifest) -> tuple[migrate.Stream, ...]:
    """The core's and those of all plugins that the shop lists or has tables of, so far as they are
    installed. `storegen check` says what else is missing."""
    names = dict.fromkeys([*read_config(root).plugins, *sorted(set(manifest.revisions) - {"core"})])
    sources = discover(root)
    found = [migrate.CORE_STREAM]
    for name in names:
        with suppress(PluginProblem):
            one = load(choose(name, sources))
            if one.manifest.tables is not None and one.folder is not None:
                found.append(migrate.plugin_stream(name, one.manifest.tables, one.folder))
    return tuple(found)


def _check_and_migrate(
    engine: Engine, manifest: Manifest, streams: tuple[migrate.Stream, ...]
) -> list[str]:
    with engine.connect() as connection, connection.begin():
        loading.check_contents(connection, manifest)
    return migrate.migrate(engine, streams)


def _address(root: Path, database_url: str) -> str:
    """Where the data go; store.toml is changed where it said something else.

    An archive of a shop whose SQLite file lay elsewhere must not write over that file.
    """
    if database_url:
        address = database_url
    else:
        address = read_config(root).database
        url = database.database_url(address, root)
        if url.get_backend_name() != "sqlite":
            return address
        file = Path(str(url.database))
        if file.is_relative_to(root.resolve()) and file.parent == root.resolve():
            return address
        address = DATABASE
    path = root / FILE
    document = tomlkit.parse(path.read_text("utf-8"))
    document["store"]["database"] = address
    path.write_text(tomlkit.dumps(document), "utf-8")
    read_config(root)
    return address


def _check_free(
    reader: Reader, root: Path, file: Path, undo: Callable[[Callable[[], object]], None]
) -> None:
    """No file of the archive may stand where the database or SQLite's own files beside it go."""
    beside = [file, *(file.with_name(file.name + end) for end in _ASIDE)]
    if any(path.exists() for path in beside):
        if file.parent == root.resolve():
            raise reader.refused("a file of it lies where the database goes")
        raise SetupError(f"{file} is there already.", "Name a new file for the database.")
    for path in beside:
        undo(partial(path.unlink, missing_ok=True))
