from __future__ import annotations

import sys
from pathlib import Path

from storegen.serving.supervisor import Backoff, Supervisor
from tests.serving.conftest import children, eventually, runs

FAILING = (
    "import pathlib, sys, time; pathlib.Path(sys.argv[1], str(time.time())).touch(); sys.exit(1)"
)
STUBBORN = """
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1], "child").write_text(str(child.pid))
time.sleep(600)
"""


def test_delay_doubles_up_to_a_limit() -> None:
    backoff = Backoff(first=0.5, most=30)
    assert [backoff.delay(n) for n in (1, 2, 3, 7, 1000)] == [0.5, 1, 2, 30, 30]


def test_failing_process_is_started_again_with_growing_pauses(tmp_path: Path) -> None:
    supervisor = Supervisor(
        [sys.executable, "-c", FAILING, str(tmp_path)], backoff=Backoff(first=0.05, most=60)
    )
    supervisor.start()
    eventually(lambda: len(list(tmp_path.iterdir())) >= 5)
    supervisor.stop()
    starts = sorted(float(path.name) for path in tmp_path.iterdir())
    assert starts[4] - starts[3] > 0.05 * 2**3


def test_stop_during_a_pause_does_not_wait_for_it(tmp_path: Path) -> None:
    supervisor = Supervisor(
        [sys.executable, "-c", FAILING, str(tmp_path)], backoff=Backoff(first=600, most=600)
    )
    supervisor.start()
    eventually(lambda: len(list(tmp_path.iterdir())) == 1 and supervisor.pid is None)
    supervisor.stop()
    assert len(list(tmp_path.iterdir())) == 1


def test_process_that_will_not_stop_is_killed_with_its_children(tmp_path: Path) -> None:
    supervisor = Supervisor([sys.executable, "-c", STUBBORN, str(tmp_path)], grace=0.2)
    supervisor.start()
    note = tmp_path / "child"
    eventually(lambda: note.exists() and note.read_text())
    pid, child = supervisor.pid, int(note.read_text())
    assert pid is not None
    assert child in children(pid)
    supervisor.stop()
    eventually(lambda: not runs(pid) and not runs(child))


def test_stop_before_the_start_is_no_harm() -> None:
    Supervisor(["true"]).stop()
