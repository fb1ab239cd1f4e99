"""The blueprints that plugins make: pages, API operations, webhooks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from storegen.web.api.routes import Routes
from storegen.web.plugins.naming import API, HOOKS, PAGES

_WHOLE_APP = (
    "before_app_request",
    "after_app_request",
    "teardown_app_request",
    "app_context_processor",
    "app_errorhandler",
    "app_url_defaults",
    "app_url_value_preprocessor",
    "app_template_filter",
    "app_template_global",
    "app_template_test",
    "add_app_template_filter",
    "add_app_template_global",
    "add_app_template_test",
)


class _Own:
    """A plugin's blueprint acts on its own requests: what acts on the whole app is refused."""

    def __getattribute__(self, name: str) -> Any:
        if name in _WHOLE_APP:
            raise AttributeError(f"{name}: a plugin's blueprint acts on its own requests only")
        return super().__getattribute__(name)


class Pages(_Own, Blueprint):
    """Pages at ``/<plugin>/...``: ``pages = Pages("coupons", __name__)``, then ``@pages.get("")``
    and ``@pages.post("/claim")``. The name of a view is its name in ``url_for``."""

    def __init__(self, plugin: str, import_name: str) -> None:
        super().__init__(_name(PAGES, plugin, import_name), import_name)
        self.plugin = plugin


class Hooks(_Own, Blueprint):
    """Webhooks at ``/hooks/<plugin>/...``: the body as it came, at most 256 KiB; no session, no
    cookie, no check of the origin. Who sends must prove it, by a signature say."""

    def __init__(self, plugin: str, import_name: str) -> None:
        super().__init__(_name(HOOKS, plugin, import_name), import_name)
        self.plugin = plugin


class Api(_Own, Routes):
    """API operations at ``/api/v1/<plugin>/...``: ``api = Api("coupons", __name__,
    description=...)``, then ``@api.operation("GET", "/mine", answers=Schema, who=Who.CUSTOMER)``.
    Their ids in the OpenAPI document begin with the plugin's name."""

    def __init__(self, plugin: str, import_name: str, *, description: str = "") -> None:
        super().__init__(
            _name(API, plugin, import_name), import_name, description=description or plugin
        )
        self.plugin = plugin
        self.id_prefix = f"{plugin}_"
        self.documented = {"tags": [plugin]}


def _name(kind: str, plugin: str, import_name: str) -> str:
    return f"{kind}__{plugin}__{import_name.rpartition('.')[2]}"
