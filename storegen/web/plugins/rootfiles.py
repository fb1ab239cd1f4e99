"""Files at the root of the shop's address that plugins bring, such as proofs of ownership."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping

from flask import Response, request
from werkzeug.exceptions import NotFound

from storegen.domain.settings import SHELL
from storegen.store import Store
from storegen.web.binding import LOCALE, STORE


def answer() -> Response | None:
    """Where nothing else is: only then is a plugin's file looked for."""
    path = request.path
    if not isinstance(request.routing_exception, NotFound) or path.count("/") != 1:
        return None
    store: Store = request.environ[STORE]
    if request.method not in ("GET", "HEAD") or request.environ[LOCALE] != store.config.locale:
        return None
    body = files_of(store).get(path[1:])
    if body is None:
        return None
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if kind in ("text/html", "application/xhtml+xml", "image/svg+xml"):
        kind = "text/plain"  # a proof, not a page: it never runs in the shop's name
    response = Response(body, mimetype=kind)
    response.headers["X-Storegen-Cache"] = SHELL
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def files_of(store: Store) -> Mapping[str, bytes]:
    """File name → content, from all plugins of the store."""
    host = store.plugins
    hit = store.cache.get("web.rootfiles")
    if hit is None or hit[1][0] is not host:
        found: dict[str, bytes] = {}
        for _plugin, files in host.collect("root_files"):
            found = {**files, **found}
        hit = ((), (host, found))
        store.cache["web.rootfiles"] = hit
    known: Mapping[str, bytes] = hit[1][1]
    return known
