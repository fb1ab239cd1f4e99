"""Writes log records in the background: whoever serves a request only puts one in a queue."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import stat
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

R = TypeVar("R")

_MOST_WAITING = 100_000  # records; when the disk stands still, the oldest are given up
_FLUSH_AT = 2_000  # records


class LogWriter(Generic[R]):
    """Appends ``line(record)`` to the file ``path``, or to standard output for None.

    Records are written every ``interval`` seconds, when many wait, at `close`, and at the end of
    the process. A file that was moved away (log rotation) is made again. Several processes may
    write to the same file: each write holds whole lines.
    """

    def __init__(
        self, path: Path | None, line: Callable[[R], str], *, interval: float = 1.0
    ) -> None:
        self._path = path
        self._line = line
        self._interval = interval
        self._waiting: deque[R] = deque(maxlen=_MOST_WAITING)
        self._wake = threading.Event()
        self._closed = False
        self._writing = threading.Lock()
        self._fd = -1
        self._identity = (-1, -1)
        with self._writing:
            self._open()  # a folder that cannot be written must stop the start, not the log
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def put(self, record: R) -> None:
        """Queue ``record``; costs well under a microsecond and never blocks."""
        self._waiting.append(record)
        if len(self._waiting) == _FLUSH_AT:
            self._wake.set()

    def close(self) -> None:
        """Write what waits and let the file go."""
        atexit.unregister(self.close)
        self._closed = True
        self._wake.set()
        self._thread.join()
        self.flush()
        with self._writing:
            if self._path is not None and self._fd >= 0:
                os.close(self._fd)
            self._fd = -1

    def flush(self) -> None:
        """Write what waits now."""
        with self._writing:
            text = []
            with contextlib.suppress(IndexError):
                while True:
                    text.append(self._line(self._waiting.popleft()))
            if text:
                # A full disk costs lines of the log, never an answer to a customer.
                with contextlib.suppress(OSError):
                    self._open()
                    self._write(text)

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(self._interval)
            self._wake.clear()
            self.flush()

    def _open(self) -> None:
        if self._path is None:
            self._fd = 1
            return
        if self._fd >= 0:
            try:
                found = os.stat(self._path)
            except FileNotFoundError:
                found = None
            if found is not None and (found.st_dev, found.st_ino) == self._identity:
                return
            os.close(self._fd)
            self._fd = -1
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        status = os.fstat(self._fd)
        self._identity = (status.st_dev, status.st_ino)

    def _write(self, lines: list[str]) -> None:
        # Into a pipe only so much goes in one piece; a file that is appended to takes it all.
        most = 2**20 if stat.S_ISREG(os.fstat(self._fd).st_mode) else select.PIPE_BUF
        piece = b""
        for line in lines:
            data = line.encode("utf-8", "backslashreplace") + b"\n"
            if piece and len(piece) + len(data) > most:
                self._write_all(piece)
                piece = b""
            piece += data
        self._write_all(piece)

    def _write_all(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._fd, data) :]
