"""The personal half of the storefront: its blueprints."""

from __future__ import annotations

from flask import Flask

from storegen.web.storefront import account, address_input, aftersales, cart, checkout, orders


def install(app: Flask) -> None:
    for blueprint in (
        cart.blueprint,
        checkout.blueprint,
        orders.blueprint,
        aftersales.blueprint,
        address_input.blueprint,
        *account.blueprints,
    ):
        app.register_blueprint(blueprint)
