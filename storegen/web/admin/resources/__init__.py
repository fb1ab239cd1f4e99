"""The resources that the core brings, registered as a plugin would register its own."""

from __future__ import annotations

from storegen.web.admin.registry import Registry
from storegen.web.admin.resources import (
    after_sales,
    audit,
    categories,
    customers,
    dead_letters,
    jobs,
    messages,
    orders,
    pages,
    plugins,
    products,
    refunds,
    settings,
    shipping,
    staff,
    theme,
)


def add_all(registry: Registry) -> None:
    """In the order of the menu."""
    for module in (
        orders,
        refunds,
        after_sales,
        customers,
        products,
        categories,
        pages,
        theme,
        settings,
        shipping,
        staff,
        audit,
        messages,
        jobs,
        dead_letters,
        plugins,
    ):
        registry.add(module.RESOURCE)
