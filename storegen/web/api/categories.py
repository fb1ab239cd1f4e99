"""The shelves of the shop."""

from __future__ import annotations

from typing import Any

from storegen.domain.catalog.category_reading import categories
from storegen.domain.settings import SHELL
from storegen.web.api.routes import Routes
from storegen.web.api.schemas.catalog import CategoryList
from storegen.web.context import current

routes = Routes("categories", __name__, description="The shelves of the shop. Public, and cached.")


@routes.operation("GET", "/categories", answers=CategoryList)
def list_categories() -> Any:
    """All categories at once, in the owner's order; `GET /products?category=slug` lists one."""
    context = current()
    found = categories(context.db, context.locale)
    items = [
        {
            "id": each.public_id,
            "slug": each.slug,
            "title": each.title,
            "parent": each.parent,
            "products": each.products,
        }
        for each in found
    ]
    answer = {"items": items, "total": len(items), "next": None}
    return answer, 200, {"X-Storegen-Cache": f"listing {SHELL}"}
