"""`backup`: everything of a shop in one archive, taken while it sells."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import storegen
from storegen.archive import container, dumping, names
from storegen.archive.manifest import Manifest
from storegen.config import FILE
from storegen.errors import SetupError
from storegen.store import Store

Watch = Callable[[str, int, int], None]
"""What is being done, how much of it is done, how much there is."""


def default_name(store: Store) -> str:
    return f"{store.root.name}-{store.clock.now():%Y%m%dT%H%M%SZ}.tar.gz"


def backup(store: Store, target: Path, watch: Watch = lambda what, done, total: None) -> Manifest:
    """Write the archive ``target``, which must not exist: whole or not at all, mode 600.

    The database is copied first, at one moment; pictures are never changed once written, so those
    that it knows are there afterwards. ``var/`` is left out. Raises `SetupError`.
    """
    target = target.absolute()
    if target.exists():
        raise SetupError(f"{target} is there already.", "Name a new file, or move that one away.")
    with _writing(target), _scratch(target) as folder:
        return _backup(store, target, folder, watch)


def _backup(store: Store, target: Path, folder: Path, watch: Watch) -> Manifest:
    _need(folder, _database_size(store))
    copy = dumping.dump(store.engine, folder, lambda done, all_: watch("database", done, all_))
    own = names.own_files(store.root, _referenced(store.root))
    pictures = names.media_files(store.root)
    paths = {name: store.root / name for name in [*own, *pictures]}
    if FILE not in paths:
        raise SetupError(f"{store.root / FILE} is no plain file.", "Put the file itself there.")
    paths = {FILE: paths.pop(FILE), **copy.paths, **paths}
    files = []
    for number, (name, path) in enumerate(paths.items(), 1):
        files.append(container.describe(name, path))
        watch("files", number, len(paths))
    manifest = Manifest(
        storegen=storegen.__version__,
        created=store.clock.now().isoformat(),
        shop=store.config.name,
        database=copy.kind,
        revisions=copy.revisions,
        tables=copy.tables,
        sequences=copy.sequences,
        sums=copy.sums,
        files=tuple(files),
    )
    _need(folder, sum(file.size for file in files if file.name.startswith(names.MEDIA)))
    whole = folder / "archive"
    with open(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        seconds = int(store.clock.now().timestamp())
        container.write(
            file, manifest, paths, seconds, lambda done, all_: watch("archive", done, all_)
        )
        file.flush()
        os.fsync(file.fileno())
    os.replace(whole, target)
    return manifest


def _database_size(store: Store) -> int:
    if store.engine.dialect.name != "sqlite":
        return 0  # another machine's disk; a dump that does not fit here ends in a clear error
    path = Path(str(store.engine.url.database))
    return path.stat().st_size if path.exists() else 0


def _need(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise SetupError(
            f"The disk of {folder.parent} has {free >> 20} MiB free, "
            f"and the backup needs {(size >> 20) + 1} MiB.",
            "Make room there, or name a file on another disk.",
        )


def _referenced(root: Path) -> list[str]:
    """What ``$file:`` names inside the shop's folder."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for each in value.values():
                yield from walk(each)
        elif isinstance(value, list):
            for each in value:
                yield from walk(each)
        elif isinstance(value, str) and value.startswith("$file:"):
            yield value.removeprefix("$file:")

    return list(walk(tomllib.loads((root / FILE).read_text("utf-8"))))


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """A folder of our own beside the target: the last step is a rename on one disk."""
    folder = Path(tempfile.mkdtemp(prefix=".storegen-backup-", dir=target.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SetupError(
            f"The backup {target} cannot be written: {(error.strerror or str(error)).lower()}"
            f"{f' ({error.filename})' if error.filename else ''}.",
            "Name a file in a folder that exists, has room, and that you may write to.",
        ) from error
