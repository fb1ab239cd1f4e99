"""The variant that a command names."""

from __future__ import annotations

from storegen.domain.catalog.price_editing import FoundVariant, find_variant
from storegen.errors import Conflict, NotFound, SetupError
from storegen.store import Store


def variant(store: Store, name: str) -> FoundVariant:
    """By SKU, public id or barcode. Raises `SetupError`."""
    try:
        return store.look(lambda uow: find_variant(uow, name))
    except NotFound:
        raise SetupError(
            f"No variant has the SKU '{name}'.", "Look it up in the back office, or export."
        ) from None
    except Conflict:
        raise SetupError(
            f"Several variants have the SKU '{name}'.", "Use the variant's id instead."
        ) from None
