"""One picture from an address that a stranger may have written.

The guard is in the connection itself: every connect, also after a redirect, resolves the name,
checks each address and connects to the very address that was checked. There is no moment between
check and use in which the name could begin to mean something else.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import httpcore
import httpx

from storegen.errors import PictureUnreachable
from storegen.media.addresses import (
    Network,
    Resolver,
    is_odd_number,
    is_public,
    resolve_within,
    system_resolver,
    within,
)
from storegen.media.decode import MAX_BYTES
from storegen.media.sniff import sniff

_REDIRECTS = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}
_MAX_URL = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """What a fetch may do. ``seconds`` bounds one picture from name to last byte.

    ``allowed`` names networks that may be reached although they are not public, for a host whose
    own picture server is inside.
    """

    seconds: float = 10.0
    connect_seconds: float = 4.0
    max_bytes: int = MAX_BYTES
    max_redirects: int = 3
    ports: frozenset[int] = frozenset({80, 443})
    allowed: tuple[Network, ...] = ()
    resolver: Resolver = system_resolver


def fetch_picture(url: str, rules: FetchRules | None = None) -> bytes:
    """The bytes of the picture at ``url``. Raises `PictureUnreachable`, nothing else.

    That they are a picture is told from their beginning, not from the Content-Type.
    """
    rules = rules or FetchRules()
    return _Fetch(url, rules).run()


class _Refused(Exception):
    """Carries a reason through httpcore to the caller."""


class _Fetch:
    def __init__(self, url: str, rules: FetchRules) -> None:
        self._first, self._rules = url, rules
        self._ends = time.monotonic() + rules.seconds

    def run(self) -> bytes:
        try:
            data = self._follow()
        except _Refused as refusal:
            raise self._failure(str(refusal)) from None
        except (httpcore.TimeoutException, TimeoutError):
            raise self._failure("timeout") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ssl.SSLError):
            raise self._failure("network") from None
        if sniff(data) is None:
            raise self._failure("not-a-picture")
        return data

    def _failure(self, reason: str) -> PictureUnreachable:
        return PictureUnreachable(without_credentials(self._first), reason)

    def _follow(self) -> bytes:
        url = self._checked(self._first.strip().replace(" ", "%20"))
        for _ in range(self._rules.max_redirects + 1):
            answer = self._get(url)
            if isinstance(answer, bytes):
                return answer
            try:
                url = self._checked(str(url.join(answer)))
            except httpx.InvalidURL as error:
                raise _Refused("address") from error
        raise _Refused("redirects")

    def _checked(self, text: str) -> httpx.URL:
        """The parsed address, if its parts are allowed; the host is looked at on connecting."""
        if len(text) > _MAX_URL or any(ord(c) <= 32 or ord(c) == 127 or c == "\\" for c in text):
            raise _Refused("address")
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, ValueError) as error:
            raise _Refused("address") from error
        if url.scheme not in _PORTS or not url.host:
            raise _Refused("address")
        if url.userinfo:
            raise _Refused("credentials")
        if (url.port or _PORTS[url.scheme]) not in self._rules.ports:
            raise _Refused("port")
        if is_odd_number(url.raw_host.decode("ascii")):
            raise _Refused("not-public")
        return url

    def _get(self, url: httpx.URL) -> bytes | str:
        """The body, or where a redirect points."""
        headers = [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", "storegen"),
            ("Accept", "image/avif,image/webp,image/*;q=0.8"),
            ("Accept-Encoding", "identity"),  # so that no small answer unpacks into a large one
        ]
        target = httpcore.URL(
            scheme=url.raw_scheme,
            host=url.raw_host,
            port=url.port,
            target=url.raw_path,
        )
        backend = _GuardedBackend(self._rules, self._ends)
        # No proxy: a proxy would resolve the name by itself, behind the guard.
        with (
            httpcore.ConnectionPool(network_backend=backend, retries=0) as connections,
            connections.stream("GET", target, headers=headers) as response,
        ):
            found = {name.lower(): value for name, value in response.headers}
            if response.status in _REDIRECTS and b"location" in found:
                return found[b"location"].decode("utf-8", "replace")
            if response.status != 200:
                raise _Refused("status")
            length = found.get(b"content-length", b"0")
            if length.isdigit() and int(length) > self._rules.max_bytes:
                raise _Refused("too-many-bytes")
            return self._read(response)

    def _read(self, response: httpcore.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_stream():
            body += chunk
            if len(body) > self._rules.max_bytes:
                raise _Refused("too-many-bytes")
        return bytes(body)


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only and lets nothing outlast the deadline."""

    def __init__(self, rules: FetchRules, ends: float) -> None:
        self._rules, self._ends = rules, ends
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._addresses(host.strip("[]"), port)
        for address in addresses:
            # A host that answers on none of its addresses must not take a deadline for each.
            limit = min(self._rules.connect_seconds, _left(self._ends)) / len(addresses)
            try:
                stream = self._inner.connect_tcp(address, port, timeout=limit)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address == addresses[-1]:
                    raise
            else:
                return _DeadlineStream(stream, self._ends)
        raise AssertionError("unreachable: there is at least one address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise _Refused("address")

    def _addresses(self, host: str, port: int) -> list[str]:
        limit = min(self._rules.connect_seconds, _left(self._ends))
        try:
            found = resolve_within(self._rules.resolver, host, port, limit)
        except TimeoutError:
            raise
        except OSError as error:
            raise _Refused("name") from error
        if not found:
            raise _Refused("name")
        # One inside address among public ones is a trick, not a choice.
        if not all(is_public(each) or within(each, self._rules.allowed) for each in found):
            raise _Refused("not-public")
        return list(found)[:3]


class _DeadlineStream(httpcore.NetworkStream):
    """A stream whose reads and writes share one deadline: drops of bytes win no time."""

    def __init__(self, inner: httpcore.NetworkStream, ends: float) -> None:
        self._inner, self._ends = inner, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._ends))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, _left(self._ends))
        return _DeadlineStream(inner, self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(ends: float) -> float:
    """Seconds until the deadline. Raises TimeoutError once it has passed."""
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def without_credentials(url: str) -> str:
    """``url`` fit for a report: a password in it is nobody's business."""
    scheme, mark, rest = url[:_MAX_URL].partition("://")
    authority, slash, path = rest.partition("/")
    return scheme + mark + authority.rpartition("@")[2] + slash + path


def shortened(rules: FetchRules, seconds: float) -> FetchRules:
    """The same rules with less time."""
    return replace(rules, seconds=min(rules.seconds, seconds))
