"""The JSON API under ``/api/v1``, with its OpenAPI document at ``/api/v1/openapi.json``."""

from __future__ import annotations

from flask import Flask, request

from storegen.web.api import (
    aftersales,
    bearer,
    carts,
    categories,
    customer,
    customer_orders,
    divisions,
    document,
    orders,
    products,
    sessions,
    shop,
)
from storegen.web.api.parsing import MAX_BODY

PREFIX = document.PREFIX


def install(app: Flask) -> None:
    """Register the operations of the API."""
    api = document.make(app)
    app.extensions["storegen.api"] = api
    app.before_request(_limit_body)
    app.after_request(bearer.challenge)
    for module in (
        shop, products, categories, divisions, sessions, customer, carts, orders, aftersales
    ):  # fmt: skip
        api.register_blueprint(module.routes, url_prefix=PREFIX + (module.routes.url_prefix or ""))


def _limit_body() -> None:
    if request.path.startswith("/api/"):
        request.max_content_length = MAX_BODY


__all__ = ["customer_orders", "install"]
