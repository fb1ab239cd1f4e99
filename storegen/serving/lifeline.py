"""Nobody outlives the server that started him, even when that is killed without a word."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time

# Run by a bare interpreter between fork and exec: asks the kernel for a signal when the parent
# dies, checks that it has not died before the asking, then becomes the command. In a child of a
# process with threads nothing but exec is safe, so `preexec_fn` would not do.
_TIE = """\
import os, signal, sys
parent, *command = sys.argv[1:]
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(1)
os.execvp(command[0], command)
"""


def tied(command: list[str]) -> list[str]:
    """``command`` so changed that it gets SIGTERM when the thread that starts it ends."""
    return [sys.executable, "-I", "-S", "-c", _TIE, str(os.getpid()), *command]


def follow_parent(grace: float) -> None:
    """In a process of `multiprocessing`: stop when the parent is gone, at the latest in ``grace``
    seconds after it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel

    def watch() -> None:
        multiprocessing.connection.wait([sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace)
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
