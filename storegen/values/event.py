"""Facts, as plugins hear of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, told after its transaction committed.

    ``id`` is the same each time the event is delivered; ``at`` is when it happened, UTC.
    """

    id: int
    name: str
    version: int
    payload: Mapping[str, Any]
    at: datetime
