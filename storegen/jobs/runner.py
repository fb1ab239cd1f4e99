"""One thread per lane, until it is told to stop."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Sequence

from storegen.jobs.schedule import JOBS, Job, woken
from storegen.store import Store

log = logging.getLogger("storegen.jobs")
LOOK = 0.2
"""Seconds between two looks at the counters, which is how quickly a woken job starts."""


def run(store: Store, stop: threading.Event, jobs: Sequence[Job] = JOBS) -> None:
    """Run all lanes until ``stop`` is set; returns when the last job under way is done."""
    lanes: dict[str, list[Job]] = {}
    for job in jobs:
        lanes.setdefault(job.lane, []).append(job)
    threads = [
        threading.Thread(target=_lane, args=(store, lane, stop), name=name)
        for name, lane in lanes.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _step_back() -> None:
    """Encoding pictures fills a core; whoever waits for a page comes first. On Linux a thread has
    a niceness of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)


def _lane(store: Store, jobs: list[Job], stop: threading.Event) -> None:
    if any(job.patient for job in jobs):
        _step_back()
    due = {job.name: 0.0 for job in jobs}
    seen: dict[str, tuple[int, ...]] = {}
    while not stop.is_set():
        for job in jobs:
            now = time.monotonic()
            called = woken(store, [job])
            if now < due[job.name] and seen.get(job.name) == called:
                continue
            seen[job.name] = called  # before the work, so that a call during it counts
            due[job.name] = now + job.every
            _attempt(store, job)
            if stop.is_set():
                return
        stop.wait(LOOK)


def _attempt(store: Store, job: Job) -> None:
    """A job that fails is tried again at its next turn; the others never notice."""
    try:
        job.work(store)
    except Exception:
        log.exception("job %s failed; it is tried again in %s s", job.name, job.every)
