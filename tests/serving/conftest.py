from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def eventually(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for ``condition``; fail when it does not come."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def runs(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")


def children(pid: int) -> list[int]:
    """All descendants of ``pid`` that run."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return [child for child in found if runs(child)]


class Served:
    """A server process under test."""

    def __init__(self, store_dir: Path, **options: Any) -> None:
        self.port = int(options.setdefault("port", free_port()))
        options = {
            "store_dir": str(store_dir), "factory": "tests.serving.shop:site", "workers": 2,
            "jobs": None, "access_log": str(store_dir / "access.log"), **options,
        }  # fmt: skip
        # Into files: a pipe would stay open as long as an orphan of a failed test.
        self._out, self._errors = (store_dir / f"{self.port}-{id(self)}.{n}" for n in (1, 2))
        with self._out.open("wb") as out, self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "tests.serving.launch", json.dumps(options)],
                cwd=ROOT,
                stdout=out,
                stderr=errors,
                start_new_session=True,
            )

    def wait_ready(self) -> Served:
        eventually(lambda: self.process.poll() is not None or self._out.read_text())
        assert self._out.read_text().startswith("ready"), self._errors.read_text()
        return self

    def end(self, with_signal: int = signal.SIGTERM) -> tuple[int, str]:
        """Stop it; its exit code and what it wrote to standard error."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.wait(timeout=40), self._errors.read_text()

    def kill_all(self) -> None:
        family = [] if self.process.poll() is not None else children(self.process.pid)
        for pid in (*family, self.process.pid):
            if runs(pid):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts servers on ``tmp_path``; none of them outlives the test."""
    started: list[Served] = []

    def begin(**options: Any) -> Served:
        started.append(Served(tmp_path, **options))
        return started[-1]

    yield begin
    for served in started:
        served.kill_all()
