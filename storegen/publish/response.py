"""Call a WSGI app and hold its answer, to look at the headers before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from storegen.publish.entry import MARK, Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class Response:
    """An answer under way: headers complete, ``body`` perhaps not yet made."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: str, headers: Headers, body: Iterable[bytes]) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def marked(self) -> bool:
        """Whether the app says that this is a public page, whoever asks."""
        for name, value in self.headers:
            lower = name.lower()
            if lower == MARK or (lower == "cache-control" and "immutable" in value.lower()):
                return True
        return False

    @property
    def failed(self) -> bool:
        """Whether the server is at fault, which says nothing about the page."""
        return self.status.startswith("5")

    def read(self, limit: int) -> bytes | None:
        """The whole body; None if it is longer than ``limit`` bytes, and then nothing is lost."""
        chunks: list[bytes] = []
        size = 0
        rest = iter(self.body)
        kept = False
        try:
            for chunk in rest:
                chunks.append(chunk)
                size += len(chunk)
                if size > limit:
                    self.body = _Chain(chunks, rest, self.close_method())
                    kept = True
                    return None
        finally:
            if not kept:
                self.close()
        self.body = []
        return b"".join(chunks)

    def close_method(self) -> Callable[[], None] | None:
        """The ``close`` that WSGI asks to call in the end, if the body has one."""
        return getattr(self.body, "close", None)

    def close(self) -> None:
        """Give the app its resources back without (further) reading."""
        close = self.close_method()
        if close is not None:
            close()


class _Chain:
    """Chunks already read, then the rest; closes what it came from."""

    def __init__(
        self, chunks: list[bytes], rest: Iterator[bytes], close: Callable[[], None] | None
    ) -> None:
        self._chunks, self._rest, self._close = chunks, rest, close

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks
        yield from self._rest

    def close(self) -> None:
        if self._close is not None:
            self._close()


def run(app: WSGIApplication, environ: WSGIEnvironment) -> Response:
    """Call ``app`` until its status and headers are known."""
    started: list[tuple[str, Headers]] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: Headers, exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        started.append((status, list(headers)))
        return written.append

    body = app(environ, start_response)
    if not started or written:
        # An app may start only when its first chunk is asked for, and may use `write`.
        rest = iter(body)
        if not started:
            written.extend([chunk] if (chunk := next(rest, None)) is not None else [])
        body = _Chain(written, rest, getattr(body, "close", None))
    status, headers = started[-1]
    return Response(status, headers, body)
