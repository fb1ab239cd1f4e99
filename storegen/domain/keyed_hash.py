"""Hashes that only this store can make."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storegen.store import Store


def keyed_hash(store: Store, purpose: str, *parts: str) -> str:
    """HMAC-SHA256 under the store's secret, as 64 hex digits.

    For what can be guessed by trying all of it (phone numbers, six-digit codes): whoever reads
    the database without the secret cannot turn it back. ``purpose`` keeps uses apart.
    """
    message = b"".join(
        len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in (purpose, *parts))
    )
    return hmac.new(store.config.secret.encode(), message, hashlib.sha256).hexdigest()
