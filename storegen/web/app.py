"""The Flask app: one per set of plugins; the store is bound to each request."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, g
from flask.wrappers import Response

from storegen.plugins import Plugin
from storegen.store import Store
from storegen.web import bodies, guards, health, media, payments, problems
from storegen.web.binding import Bind, SingleStore, StoreSource, prefix
from storegen.web.plugins import mounting, rootfiles

MAX_BODY = 2 * 2**20
"""Bytes; uploads of pictures have a limit of their own at their door."""


def create_app(source: Store | StoreSource, used: Iterable[Plugin] = ()) -> Flask:
    """An app for one store with its plugins, or for all that ``source`` finds, with those that are
    ``used`` by any of them. Raises `PluginProblem`."""
    taken: list[str] = []
    if isinstance(source, Store):
        used = source.plugins.plugins
        taken = [prefix(source, locale).strip("/") for locale in source.config.locales]
        source = SingleStore(source)
    app = Flask("storegen.web", static_folder=None, template_folder="templates")
    app.request_class = bodies.Request
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_PARTS"] = 1000
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.converters["int"] = guards.DatabaseInteger
    guards.install(app)
    problems.install(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(media.blueprint)
    app.register_blueprint(payments.blueprint)
    _register_areas(app)
    mounting.install(app, used, taken)
    if isinstance(source, SingleStore):
        rootfiles.check(app, source.store)
    app.after_request(_cookies)
    app.teardown_request(_close)
    app.wsgi_app = Bind(app.wsgi_app, source)  # type: ignore[method-assign]
    return app


def _register_areas(app: Flask) -> None:
    from storegen.web import admin, api, storefront

    storefront.install(app)
    api.install(app)
    admin.install(app)


def _cookies(response: Response) -> Response:
    if "context" in g:
        response = g.context.finish(response)
    if "Set-Cookie" in response.headers:
        response.headers.pop("X-Storegen-Cache", None)
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _close(_error: BaseException | None) -> None:
    if "context" in g:
        g.context.close()
