"""Keeping pictures: the protocol, and a folder of the store that follows it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote

from storegen.errors import BadMediaKey
from storegen.media import keys


class MediaStore(Protocol):
    """Where pictures are kept. It must survive pickling: pool workers write to it themselves.

    Every method raises `BadMediaKey` for a key that `storegen.media.keys` does not make.
    """

    def put(self, key: str, data: bytes) -> str:
        """Write whole or not at all, replacing what was there; returns ``key``."""
        ...

    def put_original(self, data: bytes, mime: str) -> str:
        """Keep the very bytes that came in; returns their key."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open for reading. Raises `BadMediaKey` too when nothing is there."""
        ...

    def exists(self, key: str) -> bool: ...

    def files(self, sha: str) -> Iterator[str]:
        """The keys of all files of one picture, sorted."""
        ...

    def url(self, key: str) -> str:
        """The address of a public file. Originals have none: `BadMediaKey`."""
        ...


@dataclass(frozen=True, slots=True)
class LocalMedia:
    """Pictures in the folder ``root``, served below ``base``."""

    root: Path
    base: str = "/media"

    def put(self, key: str, data: bytes) -> str:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        # A reader sees the old file or the new one, and so does a machine that lost power.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".tmp-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                os.fchmod(handle, 0o644)
                file.flush()
                os.fsync(handle)
            os.replace(temporary, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        _sync_folder(path.parent)
        return key

    def put_original(self, data: bytes, mime: str) -> str:
        key = keys.original_key(keys.sha256(data), mime)
        path = self._path(key)
        # The name is the hash of the content, so the same length means the same bytes.
        if path.is_file() and path.stat().st_size == len(data):
            return key
        return self.put(key, data)

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise BadMediaKey(key) from None

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def files(self, sha: str) -> Iterator[str]:
        if not re.fullmatch("[0-9a-f]{64}", sha):
            raise BadMediaKey(sha)
        folder = self.root / sha[:2] / sha[2:]
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if not path.name.startswith(".tmp-"):
                    yield keys.key_of(sha, path.name)

    def url(self, key: str) -> str:
        return f"{self.base}/{quote(keys.public(key))}"

    def _path(self, key: str) -> Path:
        path = self.root / keys.checked(key)
        # The key cannot climb, but a link in a restored archive could lead outside.
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise BadMediaKey(key)
        return path


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
