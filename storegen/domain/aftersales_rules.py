"""Which after-sales requests may be made, until when, and how one moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from storegen.domain import settings
from storegen.domain.orders.transitions import STATES
from storegen.errors import Forbidden
from storegen.uow import UnitOfWork

KINDS = ("refund_only", "return", "exchange")
DEFECTS = frozenset({"faulty", "damaged", "wrong_item", "missing_parts", "not_as_described"})
"""Reasons that are the shop's to answer for, whatever its return class says."""
REASONS = ("changed_mind", "size", *sorted(DEFECTS), "not_arrived", "other")

OPEN = frozenset({"requested", "approved", "returned"})
"""States in which a request holds its units: nobody may claim them a second time."""

MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    "approve": (frozenset({"requested"}), "approved"),
    "reject": (frozenset({"requested", "returned"}), "rejected"),
    "send_back": (frozenset({"approved"}), "returned"),
    "complete": (frozenset({"approved", "returned"}), "completed"),
    "withdraw": (frozenset({"requested", "approved"}), "withdrawn"),
}
"""Move → (from which states, to which). ``returned`` goods may turn out not to be what was sold:
such a request is rejected after all."""


def target(move: str, state: str) -> str:
    """The state that ``move`` leads to, or `Forbidden`."""
    sources, reached = MOVES[move]
    if state not in sources:
        raise Forbidden("after_sales", state, move)
    return reached


def needs_goods_back(kind: str) -> bool:
    return kind in ("return", "exchange")


def ends_at(uow: UnitOfWork, received_at: datetime) -> datetime:
    """The end of the last day for a request: whole days, counted from the day after receipt in
    the shop's time zone (China's seven-day rule: Measures on returns without reason, 2017, § 10).
    """
    zone = ZoneInfo(uow.store.config.timezone)
    days = settings.load(uow).checkout.return_days
    last = received_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)


def may_request(uow: UnitOfWork, state: str, received_at: datetime | None) -> bool:
    """Whether the order is one about which something may be asked now."""
    if received_at is not None:
        return state in ("received", "completed") and uow.now < ends_at(uow, received_at)
    return STATES[state].may_request_after_sales


def kinds_for(*, ships: bool, left: int) -> tuple[str, ...]:
    """What may be asked about units of a line of which ``left`` have left the shop. Whether goods
    may come back without a defect is a question of the reason: `reason_fits`."""
    return KINDS if ships and left > 0 else ("refund_only",)


def reason_fits(kind: str, reason: str, return_class: str, *, left: bool) -> bool:
    """Without a defect, excluded goods do not come back once they have left."""
    if reason not in REASONS:
        return False
    if return_class == "no_return" and left:
        return reason in DEFECTS or (kind == "refund_only" and reason == "not_arrived")
    return True
