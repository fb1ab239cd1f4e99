"""What the lists of the bundled resources have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from storegen.store import Store
from storegen.web.admin.registry import Listing, Row

T = TypeVar("T")

SALES, GOODS, SHOP, HOUSE = "1 Sales", "2 Goods", "3 Shop", "4 House"
"""Groups of the menu; the number sorts and is not shown."""


def cut(
    rows: Sequence[T], limit: int, make: Callable[[T], Row], key: Callable[[T], Any]
) -> Listing:
    """A page of ``rows`` that were read with one more than ``limit``."""
    page = rows[:limit]
    more = len(rows) > limit
    return Listing(rows=[make(row) for row in page], next=str(key(page[-1])) if more else "")


def number(text: str) -> int:
    """A cursor that came by address; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def day_start(store: Store, text: str, *, days: int = 0) -> datetime | None:
    """The beginning of a day (``2026-03-01``) in the shop's zone; None for anything else."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(store.config.timezone))
