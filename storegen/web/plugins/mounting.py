"""A plugin's blueprints, put where they belong; what is wrong with one stops the boot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, abort, request
from flask.wrappers import Response

from storegen.errors import PluginProblem
from storegen.plugins import Plugin
from storegen.web.binding import STORE
from storegen.web.plugins import admin, csp, pieces, rootfiles
from storegen.web.plugins.kinds import Api, Hooks, Pages
from storegen.web.plugins.listed import mounted, plugins_of
from storegen.web.plugins.loading import load
from storegen.web.plugins.naming import HOOKS, is_hook, segment

HOOK_BODY = 256 * 1024
"""Bytes that a webhook takes."""


def install(app: Flask, plugins: Iterable[Plugin], taken: Iterable[str] = ()) -> None:
    """Mount what ``plugins`` bring. Raises `PluginProblem`.

    ``taken``: further first parts of paths that are not free, such as those of languages.
    """
    core = {*taken, HOOKS, "assets", "media"} | {_part(rule.rule, 1) for rule in _rules(app)}
    core_api = {_part(rule.rule, 3) for rule in _rules(app) if rule.rule.startswith("/api/v1/")}
    for plugin in plugins:
        name = plugin.manifest.name
        csp.check(plugin.manifest)
        pieces.check(plugin)
        if plugin.manifest.pages:
            _free(name, segment(name), core, f"/{segment(name)}")
        if plugin.manifest.api:
            _free(name, segment(name), core_api, f"/api/v1/{segment(name)}")
        for blueprint in load(plugin, "pages", plugin.manifest.pages, Pages):
            _mount(app, plugin, blueprint, f"/{segment(name)}")
        for blueprint in load(plugin, "api", plugin.manifest.api, Api):
            _mount(app, plugin, blueprint, f"/api/v1/{segment(name)}")
        for blueprint in load(plugin, "webhooks", plugin.manifest.webhooks, Hooks):
            _mount(app, plugin, blueprint, f"/{HOOKS}/{segment(name)}")
        admin.add(app, plugin)
    app.before_request(_gate)
    app.before_request(rootfiles.answer)
    app.after_request(_no_cookies_for_machines)


def _mount(app: Flask, plugin: Plugin, blueprint: Any, prefix: str) -> None:
    name, there = plugin.manifest.name, mounted(app)
    before = {rule.endpoint for rule in _rules(app)}
    try:
        if isinstance(blueprint, Api):
            api = app.extensions["storegen.api"]
            api.owner = name
            api.register_blueprint(blueprint, url_prefix=prefix)
        else:
            app.register_blueprint(blueprint, url_prefix=prefix)
    except (ValueError, AssertionError) as error:
        raise PluginProblem(
            f"Plugin `{name}`: {blueprint.name} cannot be mounted: {error}",
            "Give each of its modules one blueprint, and each view a name of its own.",
        ) from error
    for rule in _rules(app):
        if rule.endpoint in before:
            continue
        there.owners[rule.endpoint] = name
        if isinstance(blueprint, Pages):
            view = rule.endpoint.rpartition(".")[2]
            if there.views.setdefault((name, view), rule.endpoint) != rule.endpoint:
                raise PluginProblem(
                    f"Plugin `{name}` has two pages called `{view}`.",
                    "Give the views of all its pages different names.",
                )


def _free(plugin: str, part: str, taken: set[str], address: str) -> None:
    if part in taken:
        raise PluginProblem(
            f"Plugin `{plugin}` would answer {address}, which is storegen's own.",
            "Take another name for the plugin.",
        )


def _rules(app: Flask) -> list[Any]:
    return list(app.url_map.iter_rules())


def _part(rule: str, number: int) -> str:
    parts = rule.split("/")
    return parts[number] if len(parts) > number else ""


def _gate() -> None:
    """Nothing of a plugin answers in a store that does not list it."""
    endpoint = request.endpoint
    owner = mounted().owners.get(endpoint) if endpoint else None
    if owner is None:
        return
    if owner not in plugins_of(request.environ[STORE]):
        abort(404)
    if endpoint is not None and is_hook(endpoint):
        request.max_content_length = HOOK_BODY
        request.environ.pop("HTTP_COOKIE", None)


def _no_cookies_for_machines(response: Response) -> Response:
    if is_hook(request.endpoint or ""):
        del response.headers["Set-Cookie"]
        response.headers.setdefault("Cache-Control", "no-store")
    return response
