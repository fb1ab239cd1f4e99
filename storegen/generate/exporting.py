"""A shop's catalog as a file, with the pictures that it names beside it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from storegen.domain.catalog.exporting import OriginalPicture, pictures, products
from storegen.errors import BadMediaKey, SetupError
from storegen.generate.catalog import FORMATS, write_catalog
from storegen.media import keys
from storegen.store import Store
from storegen.values.catalog import CatalogProduct


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    products: int
    pictures: int


def export_catalog(store: Store, path: Path, format: str, *, originals: bool = True) -> Exported:
    """Write all products to ``path``, and (``originals``) their pictures to the paths that the
    file names them by, so that importing it elsewhere makes the same shop.

    Raises `SetupError` for an unknown format or a folder that cannot be written.
    """
    if format not in FORMATS:
        raise SetupError(f"'{format}' is no catalog format.", f"Use one of {', '.join(FORMATS)}.")
    if not path.parent.is_dir() or path.is_dir():
        raise SetupError(f"{path} cannot be written.", "Name a file in a folder that is there.")
    count = 0
    with store.read() as uow:

        def counted() -> Iterator[CatalogProduct]:
            nonlocal count
            for product in products(uow):
                count += 1
                yield product

        config = store.config
        try:
            write_catalog(
                counted(), path, format=format, currency=config.currency, base_url=config.base_url
            )
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise SetupError(f"{path} cannot be written: {reason}.", "Name another file.") from None
        copied = _originals(store, list(pictures(uow)), path.parent) if originals else 0
    return Exported(products=count, pictures=copied)


def _originals(store: Store, found: list[OriginalPicture], folder: Path) -> int:
    copied = 0
    for each in {each.source: each for each in found}.values():
        target = _inside(folder, each.source)
        if target is None:
            continue
        try:
            with store.media.open(keys.original_key(each.sha, each.mime)) as source:
                _copy(source, target)
        except BadMediaKey:
            continue  # the file is lost; `storegen check` says so
        copied += 1
    return copied


def _inside(folder: Path, source: str) -> Path | None:
    """The file that ``source`` names below ``folder``; None where it would lie outside."""
    base = folder.resolve()
    path = (base / source.replace("\\", "/")).resolve()
    return path if path.is_relative_to(base) and path != base else None


def _copy(source: BinaryIO, target: Path) -> None:
    """Whole or not at all; a file that is there already is replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".export-")
    try:
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(source, file)
        Path(draft).chmod(0o644)
        os.replace(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
