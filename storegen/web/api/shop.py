"""What a program has to know of the shop before anything else."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from storegen.domain import settings
from storegen.domain.opening import reasons_closed
from storegen.domain.people import consents
from storegen.domain.settings import SHELL
from storegen.web.api.routes import Routes
from storegen.web.api.schemas.common import Answer
from storegen.web.context import current

routes = Routes("shop", __name__, description="The shop itself. Public, and cached.")


class Shop(Answer):
    """``consents``: kind → version of the texts that buyers accept; ``open``: whether it
    takes orders now."""

    name = fields.String(required=True)
    currency = fields.String(required=True)
    country = fields.String(required=True)
    locale = fields.String(required=True, metadata={"description": "Of this answer."})
    locales = fields.List(fields.String(), required=True)
    prices_include_tax = fields.Boolean(required=True)
    open = fields.Boolean(required=True)
    consents = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


@routes.operation("GET", "/shop", answers=Shop)
def get_shop() -> Any:
    """Name, currency, languages, and the texts that buyers are asked to accept."""
    context = current()
    config, uow = context.store.config, context.db
    shop = settings.load(uow)
    answer = {
        "name": shop.brand.names.get(context.locale) or config.name,
        "currency": config.currency,
        "country": config.country,
        "locale": context.locale,
        "locales": list(config.locales),
        "prices_include_tax": shop.tax.prices_include_tax,
        "open": not reasons_closed(uow, shop),
        "consents": dict(consents.in_force(uow)),
    }
    return answer, 200, {"X-Storegen-Cache": f"listing {SHELL}"}
