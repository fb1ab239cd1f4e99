"""Questions about the core's goods, people and orders: one query each, for whole lists."""

from __future__ import annotations

from storegen.domain.audit_log import record as audit
from storegen.domain.catalog.card_reading import Card
from storegen.domain.catalog.card_reading import by_ids as cards
from storegen.domain.limits import network_of
from storegen.domain.lookups import (
    Contact,
    Goods,
    Named,
    OrderBrief,
    best_sellers,
    categories_of,
    contact_of_customer,
    contact_of_order,
    find,
    goods,
    has_ordered,
    internal_id,
    internal_ids,
    named,
    order_of,
    person_key,
    placed_by_guest,
    public_ids,
    setup_of,
    variants_of,
)

__all__ = [
    "Card",
    "Contact",
    "Goods",
    "Named",
    "OrderBrief",
    "audit",
    "best_sellers",
    "cards",
    "categories_of",
    "contact_of_customer",
    "contact_of_order",
    "find",
    "goods",
    "has_ordered",
    "internal_id",
    "internal_ids",
    "named",
    "network_of",
    "order_of",
    "person_key",
    "placed_by_guest",
    "public_ids",
    "setup_of",
    "variants_of",
]
