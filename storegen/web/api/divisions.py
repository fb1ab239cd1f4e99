"""Administrative divisions, for address forms."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from storegen import divisions
from storegen.errors import NotFound
from storegen.web.api.routes import Routes
from storegen.web.api.schemas.common import Answer
from storegen.web.context import current

routes = Routes(
    "divisions",
    __name__,
    url_prefix="/divisions",
    description="Provinces, cities and districts by their official codes (China: GB/T 2260).",
)


class Division(Answer):
    """``leaf``: nothing lies below it, so an address may name it."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    leaf = fields.Boolean(required=True)


class DivisionList(Answer):
    """``path`` leads from the topmost division down to the one that was asked about."""

    path = fields.List(fields.Nested(Division), required=True)
    items = fields.List(fields.Nested(Division), required=True)


@routes.operation("GET", "/<country:country>", answers=DivisionList)
def list_divisions(country: str) -> Any:
    """The topmost divisions of a country; 404 where addresses are written without."""
    return _below(country, "")


@routes.operation("GET", "/<country:country>/<division:code>", answers=DivisionList)
def list_divisions_below(country: str, code: str) -> Any:
    """What lies directly below a division."""
    return _below(country, code)


def _below(country: str, code: str) -> Any:
    locale = current().locale
    path = divisions.path(country, code, locale)
    if country not in divisions.AVAILABLE or (code and not path):
        raise NotFound("division")

    def shape(found: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
        return [
            {"code": each, "name": name, "leaf": divisions.is_valid_leaf(country, each)}
            for each, name in found
        ]

    answer = {"path": shape(path), "items": shape(divisions.children(country, code, locale))}
    return answer, 200, {"X-Storegen-Cache": "shell"}
