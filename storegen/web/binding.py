"""Which store and which language a request is for, settled before Flask routes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from storegen.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HOST = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]{1,5})?", re.ASCII)
STORE = "storegen.store"
LOCALE = "storegen.locale"


class StoreSource(Protocol):
    """Where an app finds the store of a request: one here, hundreds at a host."""

    def find(self, host: str) -> Store | None:
        """The store that answers to this Host header; None for a host that is nobody's."""


class SingleStore:
    """One store for one app. ``hosts`` of store.toml, or any loopback name while it has none."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def find(self, host: str) -> Store | None:
        return self.store if trusted_host(self.store, host) else None


def trusted_host(store: Store, host: str) -> bool:
    """Whether links in mail, QR codes and redirects may carry this host."""
    found = _HOST.fullmatch(host.lower())
    if found is None:  # `shop.test:80@evil.test` begins as ours, and a link with it leads elsewhere
        return False
    name = found["v6"] or found["name"]
    config = store.config
    known = {entry.lower() for entry in config.hosts}
    if config.base_url:
        known.add(config.base_url.split("//", 1)[1].split(":")[0].split("/")[0])
    if not known or config.mode == "demo":
        known |= {"localhost", "127.0.0.1", "::1"}
    return name in known


def prefix(store: Store, locale: str) -> str:
    """What a path begins with in this locale: nothing in the main one, ``/en`` in English."""
    return "" if locale == store.config.locale else f"/{locale.lower()}"


class Bind:
    """WSGI layer right above Flask: refuses foreign hosts, moves ``/en`` out of the path.

    The prefix becomes SCRIPT_NAME, so that Flask's routes and URLs need not know of languages.
    """

    def __init__(self, app: WSGIApplication, source: StoreSource) -> None:
        self._app = app
        self._source = source

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        store = self._source.find(environ.get("HTTP_HOST", ""))
        if store is None:
            return _refuse(start_response)
        environ[STORE] = store
        environ[LOCALE] = store.config.locale
        path = environ.get("PATH_INFO", "")
        first = path.split("/", 2)[1] if path.startswith("/") else ""
        for locale in store.config.locales:
            if first and f"/{first}" == prefix(store, locale):
                environ[LOCALE] = locale
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{first}"
                environ["PATH_INFO"] = path[len(first) + 1 :]
                break
        return self._app(environ, start_response)


def _refuse(start_response: Callable[..., object]) -> list[bytes]:
    body = b"This address is not one of the shop's. Check `hosts` and `base_url` in store.toml.\n"
    start_response(
        "421 Misdirected Request",
        [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]
