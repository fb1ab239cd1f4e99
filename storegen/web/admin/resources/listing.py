"""What the lists of the bundled resources have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from storegen.domain.orders.desk import escaped
from storegen.errors import NotFound
from storegen.models import Order
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.web.admin import labels
from storegen.web.admin.registry import Filter, Listing, Query, Row

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


def newest(
    uow: UnitOfWork,
    query: Query,
    wanted: Select[*tuple[Any, ...]],
    key: Any,
    make: Callable[[Any], Row],
) -> Listing:
    """A page of ``wanted``, newest first; ``key`` is the column of its rows' ``id``."""
    if query.after:
        wanted = wanted.where(key < number(query.after))
    found = uow.db.execute(wanted.order_by(key.desc()).limit(query.limit + 1)).all()
    return cut(found, query.limit, make, lambda row: row.id)


def one(uow: UnitOfWork, model: type[Any], key: str, what: str) -> Any:
    """The row of ``model`` with this public id, for its page. Raises `NotFound` (``what``)."""
    row = uow.db.execute(select(model.__table__).where(model.public_id == key)).one_or_none()
    if row is None:
        raise NotFound(what)
    return row


def of_orders(wanted: Select[*tuple[Any, ...]], search: str) -> Select[*tuple[Any, ...]]:
    """``wanted``, which joins orders, for those whose number has ``search`` in it."""
    if not search:
        return wanted
    pattern = f"%{escaped(search.lower())}%"
    return wanted.where(func.lower(Order.number).like(pattern, escape="\\"))


def state_filter(codes: Iterable[str], *more: tuple[str, str]) -> Filter:
    """A choice of states by their names; ``more`` come before them."""
    return Filter(
        name="state",
        title="State",
        choices=(*more, *((code, labels.STATES[code][0]) for code in codes)),
    )


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
