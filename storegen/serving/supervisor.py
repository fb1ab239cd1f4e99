"""One process that is kept running: the job worker beside the web workers."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storegen.serving.lifeline import tied

_log = logging.getLogger("storegen.serving")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait before the next start, in seconds.

    It doubles from ``first`` to ``most`` and begins anew after a run of ``healthy`` seconds.
    """

    first: float = 0.5
    most: float = 30.0
    healthy: float = 10.0

    def delay(self, failures: int) -> float:
        """Before start number ``failures`` + 1 in a row, with ``failures`` from 1."""
        return float(min(self.most, self.first * 2 ** min(failures - 1, 30)))


class Supervisor:
    """Runs ``command``, starts it again when it ends, and ends it for good with `stop`.

    ``environment`` is added to our own: secrets go there, since every user of the machine may
    read a command line.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        backoff: Backoff | None = None,
        grace: float = 30.0,
    ) -> None:
        self._command = tied(list(command))
        self._name = " ".join(command)
        self._cwd = cwd
        self._environment = {**os.environ, **environment} if environment else None
        self._backoff = backoff or Backoff()
        self._grace = grace
        self._stopping = threading.Event()
        # Reentrant, because a signal handler asks for the stop, perhaps while the same thread does.
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        # The kernel ties the process to this thread, so it must live as long as the process.
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        """The process that runs now."""
        process = self._process
        return None if process is None else process.pid

    def start(self) -> None:
        self._thread.start()

    def ask(self) -> None:
        """Ask the process to finish, without waiting. May be called from a signal handler."""
        self._stopping.set()
        with self._lock:
            if self._process is not None:
                self._process.terminate()

    def stop(self) -> None:
        """Ask, wait for ``grace`` seconds, then kill the process with all it started."""
        self.ask()
        if self._thread.is_alive():
            self._thread.join(self._grace)
        if self._thread.is_alive():
            _log.warning("%s did not stop in %g seconds and is killed", self._name, self._grace)
            with self._lock:
                if self._process is not None:
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._thread.join()

    def _run(self) -> None:
        failures = 0
        while True:
            with self._lock:
                if self._stopping.is_set():
                    return
                # In a session of its own, so that Ctrl-C reaches it through `ask` only.
                process = self._process = subprocess.Popen(
                    self._command,
                    cwd=self._cwd,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            started = time.monotonic()
            code = process.wait()
            with self._lock:
                self._process = None
            if self._stopping.is_set():
                return
            failures = 1 if time.monotonic() - started >= self._backoff.healthy else failures + 1
            delay = self._backoff.delay(failures)
            _log.error("%s ended with %d; again in %g seconds", self._name, code, delay)
            self._stopping.wait(delay)
