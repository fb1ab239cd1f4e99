"""A line for each request, with an id that the answer, the error page and the log share.

What could open an order or an account never reaches the log: no query string, no body, no cookie,
and in a path no token (``/o/<token>`` is written ``/o/***``).
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from storegen.serving.logwriter import LogWriter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Format = Literal["text", "json"]

REQUEST_ID = "storegen.request_id"
"""Where the WSGI environment holds the id of the request."""

_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}").fullmatch
# A path segment after one of these words, or one that looks like a random token by itself: long,
# of letters and digits only, and neither a picture's nor a stylesheet's content hash. Tokens with
# dashes in them look like the address of a product, so their places are named: the back office's
# one-time link is good for a quarter of an hour after somebody has read it here.
_NAMED_TOKEN = re.compile(r"(/(?:o|orders?|s|enter|sign-in|login|invite|reset|confirm)/)[^/]+")
_BARE_TOKEN = re.compile(r"(?<=/)(?=[A-Za-z_]*[0-9])[A-Za-z0-9_]{22,}(?=/|$)")
_HASHED = ("/assets/", "/media/")


class Record(NamedTuple):
    """One answered request. ``took`` is in seconds, ``size`` in bytes of body."""

    at: float
    took: float
    client: str
    method: str
    path: str
    protocol: str
    status: str
    size: int
    referer: str
    agent: str
    host: str
    request_id: str
    cache: str


class AccessLog:
    """WSGI middleware: gives each request an id, and ``writer`` a `Record` when it is answered."""

    def __init__(self, app: WSGIApplication, writer: LogWriter[Record]) -> None:
        self._app = app
        self._put = writer.put

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID")
        request_id = given if given is not None and _SANE_ID(given) else secrets.token_hex(8)
        environ[REQUEST_ID] = request_id
        # The app may rewrite the environment; the log tells what was asked.
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        answered = "500"

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
        ) -> Callable[[bytes], object]:
            nonlocal answered
            answered = status[:3]
            headers.append(("X-Request-Id", request_id))
            if exc_info is None:
                return start_response(status, headers)
            return start_response(status, headers, exc_info)

        def done(size: int) -> None:
            self._put(
                Record(
                    time.time(),
                    time.perf_counter() - started,
                    environ.get("REMOTE_ADDR", "-"),
                    method,
                    path,
                    environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
                    answered,
                    size,
                    environ.get("HTTP_REFERER", ""),
                    environ.get("HTTP_USER_AGENT", ""),
                    environ.get("HTTP_HOST", ""),
                    request_id,
                    environ.get("storegen.cache", "pass"),
                )
            )

        try:
            body = self._app(environ, start)
        except BaseException:
            done(0)
            raise
        if type(body) is list:
            done(len(body[0]) if len(body) == 1 else sum(map(len, body)))
            return body
        return _Counted(body, done)


class _Counted:
    """A body that is still being made; tells its size when it is closed."""

    def __init__(self, body: Iterable[bytes], done: Callable[[int], None]) -> None:
        self._body, self._done, self._size = body, done, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            self._size += len(chunk)
            yield chunk

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            done, self._done = self._done, _nothing
            done(self._size)


def _nothing(size: int) -> None:
    pass


def masked(path: str) -> str:
    """``path`` as the log may show it."""
    path = _NAMED_TOKEN.sub(r"\1***", path)
    return path if path.startswith(_HASHED) else _BARE_TOKEN.sub("***", path)


_json = json.JSONEncoder(ensure_ascii=False).encode


def json_line(record: Record) -> str:
    """One JSON object; times in UTC and milliseconds."""
    # Written out, since building a dictionary first takes three times as long, for each request.
    return (
        f'{{"time": "{_utc(record.at).isoformat(timespec="milliseconds")}", '
        f'"request_id": "{record.request_id}", "client": {_json(record.client)}, '
        f'"host": {_json(_text(record.host))}, "method": {_json(record.method)}, '
        f'"path": {_json(masked(_text(record.path)))}, "status": {record.status}, '
        f'"bytes": {record.size}, "ms": {record.took * 1000:.2f}, "cache": "{record.cache}", '
        f'"referer": {_json(_referer(record.referer))}, "agent": {_json(_text(record.agent))}}}'
    )


def text_line(record: Record) -> str:
    """Combined log format, followed by milliseconds, what the cache did, and the request's id."""
    path = _quoted(masked(_text(record.path)))
    return (
        f"{record.client} - - [{_utc(record.at):%d/%b/%Y:%H:%M:%S +0000}]"
        f' "{_quoted(record.method)} {path} {record.protocol}" {record.status} {record.size}'
        f' "{_quoted(_referer(record.referer)) or "-"}" "{_quoted(_text(record.agent)) or "-"}"'
        f" {record.took * 1000:.2f}ms {record.cache} {record.request_id}"
    )


def line_of(form: Format) -> Callable[[Record], str]:
    """The function that writes a record in ``form``."""
    return json_line if form == "json" else text_line


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _text(raw: str) -> str:
    """WSGI hands bytes over as Latin-1; people read UTF-8. At most 512 characters."""
    raw = raw[:512]
    return raw if raw.isascii() else raw.encode("latin-1", "replace").decode("utf-8", "replace")


def _referer(raw: str) -> str:
    """Where the visitor came from: site and path, since its query may be a secret of that site."""
    if not raw:
        return ""
    try:
        parts = urlsplit(_text(raw))
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{masked(parts.path)}" if host else masked(parts.path)


_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), 34, 92, *range(127, 160))}


def _quoted(text: str) -> str:
    """Nothing in ``text`` can end the quotes or begin a new line of the log."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return text.translate(_ESCAPES)
