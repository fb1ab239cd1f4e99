"""The outer form: a gzipped tar of plain files, written as a stream and read as a stream.

Any tar program reads it. We read it ourselves, because `tarfile` follows links, long-name and PAX
headers of any size before we could refuse them; here a member is a plain file or the end.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from storegen.archive import manifest as manifests
from storegen.archive import names
from storegen.archive.manifest import File, Manifest
from storegen.errors import ArchiveRefused, SetupError

_BLOCK = 512
_CHUNK = 1 << 20
_BIG = 8**11  # from here on a size does not fit USTAR's octal field

Progress = Callable[[int, int], None]
"""Called with the bytes done and all bytes."""


class _Hashing:
    """A file that remembers the hash of what was read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self.hash = hashlib.sha256()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        return data


def describe(name: str, path: Path) -> File:
    """Size and hash of a file that will be the member ``name``."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        return File(name=name, size=file.tell(), sha256=found)


def write(
    target: BinaryIO, manifest: Manifest, paths: dict[str, Path], seconds: int, progress: Progress
) -> None:
    """Write manifest and files; ``paths`` is where each member's content lies, ``seconds`` the
    time written on them. Raises `SetupError` where a file is no longer what was announced."""
    total, done = sum(file.size for file in manifest.files), 0
    with (
        gzip.GzipFile(fileobj=target, mode="wb", compresslevel=5, mtime=seconds) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        first = manifest.to_json()
        if len(first) > manifests.MAX_BYTES:
            raise SetupError("The shop has too many files for one archive.", "Report this.")
        _add(tar, manifests.NAME, len(first), seconds, _Bytes(first))
        for file in manifest.files:
            try:
                with paths[file.name].open("rb") as content:
                    hashing = _Hashing(content)
                    _add(tar, file.name, file.size, seconds, hashing)
            except OSError as error:
                if error.errno in (None, errno.ENOENT):  # shorter than announced, or gone
                    raise _changed(file.name) from None
                raise
            if hashing.hash.hexdigest() != file.sha256:
                raise _changed(file.name)
            done += file.size
            progress(done, total)


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)

    def read(self, size: int = -1) -> bytes:
        taken, self._data = self._data[:size], self._data[size:]
        return bytes(taken)


def _add(
    tar: tarfile.TarFile, name: str, size: int, seconds: int, content: _Hashing | _Bytes
) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, seconds, names.mode(name)
    tar.format = tarfile.USTAR_FORMAT if size < _BIG else tarfile.GNU_FORMAT
    tar.addfile(info, content)


def _changed(name: str) -> SetupError:
    return SetupError(f"The file {name} changed while it was being copied.", "Try again.")


class Reader:
    """Reads the members in their order, each checked against the manifest as it passes."""

    def __init__(self, archive: Path, file: BinaryIO) -> None:
        self.archive = archive
        self._packed = gzip.GzipFile(fileobj=file, mode="rb")
        with self._refusing():
            head = self._header()
            if head is None or head[0] != manifests.NAME:
                raise self.refused("its first member is not a manifest")
            if head[1] > manifests.MAX_BYTES:
                raise self.refused("its manifest is too large")
            self.manifest = manifests.read_manifest(b"".join(self._data(head[1])))
        seen = [file.name for file in self.manifest.files]
        for name in seen:
            if not names.is_safe(name):
                raise self.refused(f"it names a file '{name!r}' that may not be in a shop")
        if len({name.casefold() for name in seen}) != len(seen):
            raise self.refused("it names a file twice")

    def members(self) -> Iterator[tuple[File, Iterator[bytes]]]:
        """Each announced file with its content, which must be read before the next one. Content
        that is not what was announced raises `ArchiveRefused` at its end."""
        for file in self.manifest.files:
            with self._refusing():
                head = self._header()
            if head is None:
                raise self.refused(f"'{file.name}' is missing")
            if head != (file.name, file.size):
                raise self.refused(f"it has '{head[0]!r}' where '{file.name}' was announced")
            yield file, self._checked(file)
        with self._refusing():
            if self._header() is not None:
                raise self.refused("it holds more than was announced")

    def refused(self, reason: str) -> ArchiveRefused:
        return ArchiveRefused(self.archive, reason)

    def _checked(self, file: File) -> Iterator[bytes]:
        found = hashlib.sha256()
        with self._refusing():
            for chunk in self._data(file.size):
                found.update(chunk)
                yield chunk
        if found.hexdigest() != file.sha256:
            raise self.refused(f"the content of '{file.name}' is not what was written")

    def _header(self) -> tuple[str, int] | None:
        block = self._exactly(_BLOCK)
        if not any(block):
            return None
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, ValueError):
            raise self.refused("one of its headers is broken") from None
        if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or info.size < 0:
            raise self.refused(f"'{info.name!r}' is not a plain file")
        return info.name, info.size

    def _data(self, size: int) -> Iterator[bytes]:
        left = size
        while left:
            chunk = self._exactly(min(left, _CHUNK))
            left -= len(chunk)
            yield chunk
        self._exactly(-size % _BLOCK)

    def _exactly(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            more = self._packed.read(size - len(data))
            if not more:
                raise EOFError
            data += more
        return bytes(data)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except EOFError:
            raise self.refused("it ends too early") from None
        except (gzip.BadGzipFile, zlib.error):
            raise self.refused("it is no archive, or it is damaged") from None
        except ValueError as error:
            raise self.refused(str(error)) from None
