"""The OpenAPI document, and flask-smorest told to leave refusals to `storegen.web.problems`."""

from __future__ import annotations

from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin, resolver
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, Response, json
from werkzeug.routing import BaseConverter

from storegen import __version__
from storegen.web.api.routes import REFUSALS
from storegen.web.api.schemas.common import Problem
from storegen.web.context import current
from storegen.web.plugins import operations

PREFIX = "/api/v1"
ABOUT = """\
The shop for programs: the same catalog, carts and orders as its pages, through the same rules.

* **Ids** are opaque texts. **Money** is `{"amount": 1999, "currency": "CNY"}` in minor units.
* **Times** are UTC, ISO 8601.
* **Languages**: paths begin with the language where it is not the shop's main one, as the pages
  do: `/en/api/v1/products`.
* **Who**: `POST /sessions` gives a guest's token; send it as `Authorization: Bearer …`. Cookies are
  not read. A guest's cart and an order also open to whoever knows their id or token.
* **Refusals** are `application/problem+json` (RFC 9457); `code` is stable, `detail` is for people.
* **Bodies** are `application/json`; a field that is not described here is refused.
* **Lists** answer `{"items", "total", "next"}`; follow `next` until it is null.
"""

_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "Bearer"}},
    429: {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait."}},
}
_MEANING = {
    400: "No JSON, or a header is missing.",
    401: "No session in force under this token, or this needs a signed-in customer.",
    403: "Not allowed to this session.",
    404: "Nothing there, or not for whoever asks: the two look the same.",
    409: "It contradicts the present state; `code` and `reason` say how.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "A value does not fit its field; `problems` says which and why.",
    429: "Too many tries.",
    502: "The payment provider does not answer; nothing is lost.",
    503: "The shop is busy or its database away; try again soon.",
}


class PublicId(BaseConverter):
    """What `random_id` makes. Anything else in its place is an address that does not exist."""

    regex = "[a-z0-9]{1,32}"
    part_isolating = True


class Country(BaseConverter):
    """ISO 3166-1 alpha-2."""

    regex = "[A-Z]{2}"


class DivisionCode(BaseConverter):
    """The official code of an administrative division."""

    regex = "[0-9]{1,12}"


class Api(flask_smorest.Api):  # type: ignore[misc]
    """One document for all stores of an app: it names no shop."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    owner = ""
    """The plugin whose operations are being added; its schemas carry its name."""

    def _register_error_handlers(self) -> None:
        """Refusals of the API are those of the whole app."""

    def _register_responses(self) -> None:
        for status, name in REFUSALS.items():
            described: dict[str, Any] = {
                "description": _MEANING[status],
                "content": {"application/problem+json": {"schema": Problem}},
            }
            if status in _HEADERS:
                described["headers"] = _HEADERS[status]
            self.spec.components.response(name, described, lazy=True)

    def _openapi_json(self) -> Response:
        shown = operations.of_store(self.spec.to_dict(), current().store)
        response = Response(
            json.dumps(shown, ensure_ascii=False, separators=(",", ":")),
            mimetype="application/json",
        )
        response.headers["X-Storegen-Cache"] = "shell"
        return response


def make(app: Flask) -> Api:
    """The API of an app, without its operations yet."""
    app.config["OPENAPI_URL_PREFIX"] = PREFIX

    def schema_name(schema: Any) -> str:
        found: str = resolver(schema)
        core = resolve_schema_cls(schema).__module__.startswith("storegen.")
        return found if core else operations.schema_name(api.owner, found)

    api = Api()
    api.init_app(
        app,
        spec_kwargs={
            "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=schema_name),
            "title": "storegen shop API",
            "version": __version__,
            "openapi_version": "3.0.3",
            "info": {"description": ABOUT},
            "servers": [{"url": "/"}],
        },
    )
    api.spec.components.security_scheme(
        "bearer",
        {"type": "http", "scheme": "bearer", "description": "The token of a session."},
    )
    for name, kind in (("id", PublicId), ("country", Country), ("division", DivisionCode)):
        app.url_map.converters[name] = kind
        api.register_converter(kind, _described)
    return api


def _described(converter: BaseConverter) -> dict[str, str]:
    return {"type": "string", "pattern": f"^{converter.regex}$"}
