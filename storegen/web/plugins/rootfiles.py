"""Files at the root of the shop's address that plugins bring, such as proofs of ownership."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, NotFound

from storegen.domain.settings import SHELL
from storegen.errors import PluginProblem
from storegen.store import Store
from storegen.web.binding import LOCALE, STORE

LARGEST = 64 * 1024
"""Bytes."""
_RUNS = (
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
    # A script at the root could be any page's by the policy, or watch over all of them.
    "text/javascript",
    "application/javascript",
)
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}", re.ASCII)


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
    if kind in _RUNS:
        kind = "text/plain"  # a proof, not a page: it never runs in the shop's name
    response = Response(body, mimetype=kind)
    response.headers["X-Storegen-Cache"] = SHELL
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def check(app: Flask, store: Store) -> None:
    """Raises `PluginProblem` for a file that could not be answered, or is the core's."""
    core = app.url_map.bind("")
    for name in files_of(store):
        try:
            core.match(f"/{name}", "GET")
        except NotFound:
            continue
        except HTTPException:
            pass
        raise PluginProblem(
            f"A plugin's root_files has `{name}`, which the shop answers itself.",
            "Take another name for the file.",
        )


def files_of(store: Store) -> Mapping[str, bytes]:
    """File name → content, from all plugins of the store."""
    return store.plugins.root_files
