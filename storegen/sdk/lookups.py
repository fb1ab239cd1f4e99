"""Questions about the core's goods, people and orders: one query each, for whole lists."""

from __future__ import annotations

from storegen.domain.audit_log import record as audit
from storegen.domain.limits import network_of
from storegen.domain.lookups import (
    Contact,
    Named,
    OrderBrief,
    categories_of,
    contact_of_customer,
    contact_of_order,
    find,
    has_ordered,
    internal_id,
    named,
    order_of,
    person_key,
)

__all__ = [
    "Contact",
    "Named",
    "OrderBrief",
    "audit",
    "categories_of",
    "contact_of_customer",
    "contact_of_order",
    "find",
    "has_ordered",
    "internal_id",
    "named",
    "network_of",
    "order_of",
    "person_key",
]
