"""Serving: a thread per connection is enough for a sandbox, and its line can really drop."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from sys import exc_info
from threading import Condition, Thread
from time import time
from typing import TYPE_CHECKING, Any
from wsgiref.handlers import SimpleHandler
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

from storegen_plugins.pay_sandbox.gateway.gateway import Gateway
from storegen_plugins.pay_sandbox.gateway.merchants import Merchant
from storegen_plugins.pay_sandbox.gateway.notifier import Notifier
from storegen_plugins.pay_sandbox.gateway.refusals import LineDropped
from storegen_plugins.pay_sandbox.gateway.wsgi import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)
IDLE_SECONDS = 15
STOP_SECONDS = 5


class _Handler(ServerHandler):
    server_software = "storegen-sandbox"

    def handle_error(self) -> None:
        if isinstance(exc_info()[1], LineDropped):
            return  # nothing is written, and the connection closes
        SimpleHandler.handle_error(self)

    def log_exception(self, error: Any) -> None:
        log.error("request failed", exc_info=error)


class _RequestHandler(WSGIRequestHandler):
    timeout = IDLE_SECONDS

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ["REQUEST_URI"] = self.path
        return environ

    def handle(self) -> None:
        """As in the standard library, with our handler; one request per connection."""
        try:
            self.raw_requestline = self.rfile.readline(65537)
        except OSError:
            return
        if len(self.raw_requestline) > 65536:
            self.requestline = self.request_version = self.command = ""
            self.send_error(414)
            return
        if not self.raw_requestline or not self.parse_request():
            return
        handler = _Handler(
            self.rfile,
            self.wfile,  # type: ignore[arg-type]
            self.get_stderr(),
            self.get_environ(),
            multithread=True,
        )
        handler.request_handler = self  # type: ignore[attr-defined]
        server = self.server
        assert isinstance(server, _Server)
        with server.at_work():
            handler.run(server.app)

    def log_message(self, format: str, *args: Any) -> None:
        log.info("%s %s", self.address_string(), format % args)


class _Server(ThreadingMixIn, WSGIServer):
    # Browsers open connections that they do not use: those must not hold up a stop. Requests that
    # have begun are counted by hand instead.
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], app: WSGIApplication) -> None:
        self.app = app
        self._begun = 0
        self._ended = Condition()
        super().__init__(address, _RequestHandler)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with self._ended:
            self._begun += 1
        try:
            yield
        finally:
            with self._ended:
                self._begun -= 1
                self._ended.notify_all()

    def wait_until_idle(self) -> None:
        with self._ended:
            self._ended.wait_for(lambda: self._begun == 0, timeout=STOP_SECONDS)

    def server_bind(self) -> None:
        # The standard library looks up the host's name here, which may take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)
        self.setup_environ()


@contextmanager
def running(
    database: Path,
    merchants: Iterable[Merchant],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    wall: Callable[[], float] = time,
) -> Iterator[str]:
    """Serve the gateway from threads of this process; the value is its address.

    Port 0 takes a free one. Raises `OSError` if the port is taken. On leaving, requests and
    notifications on their way are finished.
    """
    gateway = Gateway(
        database, {merchant.merchant_id: merchant for merchant in merchants}, wall=wall
    )
    server = _Server((host, port), create_app(gateway))
    notifier = Notifier(gateway)
    thread = Thread(target=server.serve_forever, args=(0.1,), name="gateway", daemon=True)
    thread.start()
    notifier.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.wait_until_idle()
        notifier.stop()
        server.server_close()
