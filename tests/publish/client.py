"""A client that calls a WSGI app as a server would, checked by `wsgiref.validate`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from wsgiref.validate import validator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def call(app: WSGIApplication, target: str, method: str = "GET", **environ: str) -> Answer:
    """``environ`` in CGI names: ``HTTP_HOST="evil"``."""
    path, _, query = target.partition("?")
    full: dict[str, Any] = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "shop.example", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False, **environ,
    }  # fmt: skip
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started.append((status, headers))
        return lambda data: None

    body = validator(app)(full, start_response)
    try:
        data = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    ((status, headers),) = started
    named = {name.lower(): value for name, value in headers}
    assert len(named) == len(headers), f"a header came twice: {headers}"
    return Answer(int(status[:3]), named, data)


class Shop:
    """An app that renders what it is asked and counts; every attack would show in its bytes.

    ``headers`` and ``status`` may be changed by the test; the body repeats all of the request
    that an app might be tempted to print.
    """

    def __init__(self) -> None:
        self.renders: list[str] = []
        self.status = "200 OK"
        self.headers: list[tuple[str, str]] = [("X-Storegen-Cache", "product:1 listing")]
        self.price = 1
        self.size = 2000
        self.environs: list[WSGIEnvironment] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.renders.append(environ["PATH_INFO"])
        self.environs.append(dict(environ))
        told = sorted((k, v) for k, v in environ.items() if k.startswith("HTTP_"))
        body = f"price={self.price};{environ['QUERY_STRING']};{told};".encode()
        start_response(self.status, [("Content-Type", "text/html; charset=utf-8"), *self.headers])
        return [body.ljust(self.size, b"x")]
