"""Which request gets which cached page, and what its rendering may know.

One rule keeps strangers from poisoning the cache: a page that is kept was rendered from nothing
but what is in its key. So the same function that makes the key can also cut a request down to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_LONGEST_PATH = 1024  # characters
_LONGEST_QUERY = 2048
_MOST_PARAMETERS = 30


class Key(NamedTuple):
    """The name of a page. ``query`` holds the known parameters only, sorted by name."""

    host: str
    scheme: str
    path: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRules:
    """``query``: parameters that pages of the store read; every other one is ignored by the cache.

    ``bypass``: paths that are never answered from memory nor kept.
    """

    trusted_host: Callable[[str], bool]
    query: frozenset[str] = frozenset()
    bypass: frozenset[str] = frozenset({"/healthz", "/readyz"})

    def key(self, environ: WSGIEnvironment) -> Key | None:
        """The key of a GET or HEAD request; None if it is no business of the cache."""
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        host = environ.get("HTTP_HOST", "").lower()
        if (
            path in self.bypass
            or len(path) > _LONGEST_PATH
            or "HTTP_AUTHORIZATION" in environ
            # A GET with a body may be answered by what the body says, which no key holds.
            or environ.get("CONTENT_LENGTH", "") not in ("", "0")
            or "HTTP_TRANSFER_ENCODING" in environ
            or not self.trusted_host(host)
        ):
            return None
        raw = environ.get("QUERY_STRING", "")
        query = self._known(raw) if raw else ""
        if query is None:
            return None
        return Key(host, environ["wsgi.url_scheme"], path, query)

    def _known(self, raw: str) -> str | None:
        if len(raw) > _LONGEST_QUERY:
            return None
        try:
            pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            return None
        known = sorted((pair for pair in pairs if pair[0] in self.query), key=lambda pair: pair[0])
        return urlencode(known) if known else ""


# Headers that change nothing about which page it is, for deciding that a request is already plain.
_HARMLESS = frozenset({"HTTP_HOST", "HTTP_ACCEPT_ENCODING", "HTTP_CONNECTION", "HTTP_X_REQUEST_ID"})
_QUERY_COPIES = ("REQUEST_URI", "RAW_URI", "UNENCODED_URL")


def is_plain(environ: WSGIEnvironment, key: Key) -> bool:
    """Whether the request says nothing that its key does not say."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ.get("QUERY_STRING", "") == key.query
        and environ["HTTP_HOST"] == key.host
        and all(name in _HARMLESS for name in environ if name.startswith("HTTP_"))
    )


def plain(environ: WSGIEnvironment, key: Key) -> WSGIEnvironment:
    """The request cut down to its key: no cookie, no forwarded host, no foreign parameter."""
    bare = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") and name not in _QUERY_COPIES
    }
    bare |= {"REQUEST_METHOD": "GET", "QUERY_STRING": key.query, "HTTP_HOST": key.host}
    return bare
