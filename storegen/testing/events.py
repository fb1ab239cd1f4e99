"""Events brought to plugins in a test."""

from __future__ import annotations

from storegen.domain import outbox_delivery
from storegen.store import Store


class NotDelivered(AssertionError):
    """A plugin failed on an event."""


def deliver(store: Store) -> int:
    """Deliver what is due, and what that causes; how many. Raises `NotDelivered` with the plugin's
    own error."""
    total = 0
    while done := outbox_delivery.deliver_due(store):
        total += done
    with store.read() as uow:
        failed = outbox_delivery.letters(uow)
    if failed:
        said = "; ".join(f"{one.plugin} on {one.event}: {one.error}" for one in failed)
        raise NotDelivered(said)
    return total
