"""Counters that tell every process of a store what has changed.

A commit raises the counters of the tags it touched (`Counters.bump`); a cached page remembers the
values from before its rendering began, and is good only while they are the same. One small file,
mapped into the memory of web workers, worker and command line, carries them: reading costs
microseconds and takes no lock.

The file belongs to running processes, not to the shop's data: leave it out of archives, and never
truncate it under a running shop (a mapped page that vanishes kills its reader).
"""

from __future__ import annotations

import fcntl
import mmap
import os
import sys
import threading
import zlib
from collections.abc import Iterable
from pathlib import Path

ALL = "all"
"""The tag whose change makes every page of the store stale."""

_MAGIC = 0x7374_6F72_6567_0001  # names the format; another value means a damaged file
_SLOTS = 8192  # 100,000 products share them; two that meet only refresh each other needlessly
_SIZE = 8 * (1 + _SLOTS)


class Counters:
    """The counters of one store, kept in the file ``path`` (made when first used).

    Safe to share between threads, and to inherit through fork.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._fd = -1
        self._pid = -1
        self._identity = (-1, -1)
        self._words = memoryview(b"")

    def bump(self, tags: Iterable[str]) -> None:
        """Raise the counters of ``tags``; call it after the commit, never before.

        Raises `OSError` when the file cannot be written; what was committed stays committed.
        """
        slots = self.slots(tags)
        if not slots:
            return
        with self._mutex:
            words = self._current()
            # flock, not lockf: it belongs to this open file, so that two Counters of one process
            # exclude each other as well, and closing another descriptor does not release it.
            fcntl.flock(self._fd, fcntl.LOCK_EX)
            try:
                for slot in slots:
                    words[slot] = (words[slot] + 1) & 0xFFFF_FFFF_FFFF_FFFF
            finally:
                fcntl.flock(self._fd, fcntl.LOCK_UN)

    def read(self, tags: Iterable[str]) -> tuple[int, ...]:
        """The present values of ``tags``, in the order of `slots`."""
        return self.at(self.slots(tags))

    def slots(self, tags: Iterable[str]) -> tuple[int, ...]:
        """Where the counters of ``tags`` are: sorted, each once."""
        return tuple(sorted({_slot(tag) for tag in tags}))

    def at(self, slots: tuple[int, ...]) -> tuple[int, ...]:
        """The present values of ``slots``. Takes no lock: an aligned word is read whole."""
        words = self._words
        if not words:
            with self._mutex:
                words = self._current()
        return tuple([words[slot] for slot in slots])

    def snapshot(self) -> memoryview:
        """All values now, as a copy indexed by slot: taken before a page's tags are known."""
        with self._mutex:
            words = self._current()
        return memoryview(bytes(words)).cast("Q")

    def close(self) -> None:
        """Let the file go. Using the counters again opens it again."""
        with self._mutex:
            self._close()

    # Below, the mutex is held.

    def _current(self) -> memoryview:
        """The mapping of the file that the path names now.

        A file that was deleted and made again must not split the processes into two groups, and
        a child may not share its parent's open file, since they would share its lock.
        """
        if self._fd >= 0:
            try:
                found = os.stat(self._path)
            except FileNotFoundError:
                found = None
            same = found is not None and (found.st_dev, found.st_ino) == self._identity
            if same and self._pid == os.getpid():
                return self._words
            self._close()
        self._open()
        return self._words

    def _open(self) -> None:
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            try:
                words = _map(fd)
            finally:
                fcntl.flock(fd, fcntl.LOCK_UN)
            status = os.fstat(fd)
        except BaseException:
            os.close(fd)
            raise
        self._fd, self._pid, self._words = fd, os.getpid(), words
        self._identity = (status.st_dev, status.st_ino)

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        # The mapping itself goes with its last reader: another thread may be reading it now.
        self._fd, self._words = -1, memoryview(b"")


def _map(fd: int) -> memoryview:
    """Map the file of ``fd``, whose lock is held, and mend it if it is new, short or damaged.

    It is mended in place, since others may have it mapped. Values start from a random number: if
    they began at 0 again, a page of before could find its old values and pass for fresh.
    """
    if os.fstat(fd).st_size < _SIZE:
        if sys.platform == "darwin":
            os.ftruncate(fd, _SIZE)
        else:  # a hole on a full disk would kill whoever writes it
            os.posix_fallocate(fd, 0, _SIZE)
    words = memoryview(mmap.mmap(fd, _SIZE)).cast("Q")
    if words[_SLOTS] != _MAGIC:
        start = int.from_bytes(os.urandom(7), "little")
        words[:_SLOTS] = memoryview(start.to_bytes(8, "little") * _SLOTS).cast("Q")
        words[_SLOTS] = _MAGIC  # last, so that a half-made file is made again
    return words


def _slot(tag: str) -> int:
    return 0 if tag == ALL else 1 + zlib.crc32(tag.encode()) % (_SLOTS - 1)
