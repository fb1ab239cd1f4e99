"""`serve`: web workers under granian and one job worker, started and stopped together."""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from storegen.errors import SetupError
from storegen.publish.site import Site
from storegen.serving.accesslog import Format, line_of
from storegen.serving.lifeline import follow_parent
from storegen.serving.logwriter import LogWriter
from storegen.serving.ports import claim
from storegen.serving.supervisor import Supervisor
from storegen.serving.wsgi import build_wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FACTORY = "storegen.web.serving:site"
"""Where the web layer makes the `Site` of a store directory."""

_CONNECTIONS = 512  # open at once per worker; idle ones count, so it is not a number of threads


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How a shop is served.

    ``factory`` is a dotted path ``module:function``, called with ``store_dir`` in each worker,
    which returns a `Site`. ``workers`` None means one per core. ``threads`` run Python in each
    worker. ``jobs`` is the command of the job worker; None runs none, an empty one the usual.
    ``access_log`` None writes to standard output. ``grace`` (seconds) is what a stop may take.
    """

    store_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int | None = None
    threads: int = 4
    factory: str = FACTORY
    jobs: Sequence[str] | None = ()
    access_log: Path | None = None
    log_format: Format = "text"
    log_requests: bool = True
    cache: bool = True
    grace: float = 30.0


def serve(serving: Serving, *, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun and return.

    ``on_ready`` is called once, from another thread, with the address when the shop answers.
    Raises `PortTaken` and other `SetupError` before anything was started, or when the app of a
    worker refuses to start; SystemExit(1) when workers keep crashing.
    """
    guard = claim(serving.host, serving.port)
    try:
        _serve(serving, on_ready)
    finally:
        guard.close()


def _serve(serving: Serving, on_ready: Callable[[str], None] | None) -> None:
    # A forked child would inherit the locks of our threads in whatever state they are.
    multiprocessing.set_start_method("spawn", force=True)
    refusals = multiprocessing.get_context("spawn").SimpleQueue()
    jobs = None
    if serving.jobs is not None:
        command = list(serving.jobs) or [
            sys.executable, "-m", "storegen.jobs", str(serving.store_dir),
        ]  # fmt: skip
        jobs = Supervisor(command, grace=serving.grace)
    server = _Server(serving, jobs)
    done = threading.Event()
    if on_ready is not None:
        threading.Thread(
            target=_announce, args=(serving, on_ready, done), name="announce", daemon=True
        ).start()
    try:
        if jobs is not None:
            jobs.start()
        server.serve(target_loader=partial(_load, serving, refusals), wrap_loader=False)
    except SystemExit:
        if not refusals.empty():
            raise SetupError(*refusals.get()) from None
        raise
    finally:
        done.set()
        if jobs is not None:
            jobs.stop()


class _Server(MPServer):
    """granian's server, which tells the job worker to stop as soon as it is told itself."""

    def __init__(self, serving: Serving, jobs: Supervisor | None) -> None:
        workers = serving.workers or os.cpu_count() or 1
        super().__init__(
            serving.factory,
            address=serving.host,
            port=serving.port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=workers,
            blocking_threads=serving.threads,
            backpressure=_CONNECTIONS,
            respawn_failed_workers=True,
            workers_kill_timeout=max(1, round(serving.grace)),
            log_level=LogLevels.warning,
        )
        self._jobs = jobs

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        if self._jobs is not None:
            self._jobs.ask()
        super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]


def _load(serving: Serving, refusals: Any) -> WSGIApplication:
    """In a worker: make the app. A refusal travels to the parent, as one sentence for a person."""
    follow_parent(serving.grace)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the parent takes it as "renew the workers"
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    module, _, name = serving.factory.partition(":")
    try:
        site: Site = getattr(importlib.import_module(module), name)(serving.store_dir)
        log = None
        if serving.log_requests:
            log = LogWriter(serving.access_log, line_of(serving.log_format))
        return build_wsgi(site, log=log, cache=serving.cache)
    except SetupError as error:
        refusals.put((error.what, error.fix))
        sys.exit(2)


def _announce(serving: Serving, on_ready: Callable[[str], None], done: threading.Event) -> None:
    """Wait until the port answers. A worker listens only after its app is made."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(serving.host, serving.host)  # noqa: S104
    while not done.is_set():
        try:
            socket.create_connection((host, serving.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            shown = f"[{host}]" if ":" in host else host
            on_ready(f"http://{shown}:{serving.port}")
            return
