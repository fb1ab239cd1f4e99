"""For the host: is the process alive, and can it serve."""

from __future__ import annotations

from flask import Blueprint, request
from flask.wrappers import Response

from storegen import __version__, database, migrate
from storegen.errors import StoreError
from storegen.store import Store
from storegen.web import binding

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is looked at."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.get("/readyz")
def readyz() -> tuple[dict[str, object], int, dict[str, str]]:
    """200 if requests can be served: the database answers and has this release's schema. A
    plugin whose breaker is open is shown, and never makes it fail."""
    store: Store = request.environ[binding.STORE]
    problems: list[str] = []
    try:
        database.with_retries(lambda: database.ping(store.engine))
        problems += [f"schema of '{name}' is not up to date" for name in _behind(store)]
    except StoreError as error:
        problems.append(f"database: {error.code}")
    faults = store.plugins.faults()
    left_out = {fault.plugin for fault in faults if fault.open}
    body: dict[str, object] = {
        "ready": not problems,
        "problems": problems,
        "version": __version__,
        "plugins": {
            plugin.manifest.name: "open" if plugin.manifest.name in left_out else "ok"
            for plugin in store.plugins.plugins
        },
        # Never why: what an exception says may name people and addresses; that is for the log.
        "plugin_faults": [
            {"plugin": fault.plugin, "hook": fault.hook, "faults": fault.count, "open": fault.open}
            for fault in faults
        ],
    }
    return body, 503 if problems else 200, {"Cache-Control": "no-store"}


def _behind(store: Store) -> list[str]:
    return store.cached("schema", ("all",), lambda: migrate.pending(store.engine, store.streams))
