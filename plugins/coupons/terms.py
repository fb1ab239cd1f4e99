"""How a campaign hands coupons out: to whom, how many, and how long each is good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from storegen_plugins.coupons.rules import Rules

from storegen.sdk import Invalid

Channel = Literal["claim", "register", "birthday", "code", "gift", "staff", "game"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
Validity = Literal["fixed", "days", "next_day"]
VALIDITIES: tuple[Validity, ...] = get_args(Validity)
_MOST_DAYS = 3650
_YEARS = range(2000, 3000)
"""Of a campaign's days: time zones move none of them out of the calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A campaign as the owner writes it. Times are aware; amounts in minor units.

    ``channel``: claimed by customers, given at registration, for a birthday, by code, after an
    order (``gift_from``: from this order total), by staff, or by a game (`issue_reward`).
    """

    rules: Rules
    channel: Channel = "claim"
    total: int | None = None
    """How many are issued in all; None: no end."""
    per_customer: int | None = 1
    per_day: int | None = None
    """How many one customer gets in one day of the shop's time zone."""
    claim_from: datetime | None = None
    claim_until: datetime | None = None
    validity: Validity = "days"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    days: int = 30
    gift_from: int = 0
    listed: bool = True
    """Shown in the claim centre and on the pages of the products that it covers."""

    def check(self) -> None:
        """Raise `Invalid` with a reason per field."""
        problems = dict(self._problems())
        try:
            self.rules.check()
        except Invalid as error:
            problems = {**error.problems, **problems}
        if problems:
            raise Invalid(problems)

    def _problems(self) -> Iterator[tuple[str, str]]:
        if self.channel not in CHANNELS:
            yield "channel", "unknown"
        for name in ("total", "per_customer", "per_day"):
            value = getattr(self, name)
            if value is not None and not 1 <= value <= 10**9:
                yield name, "out-of-range"
        for name in ("claim_from", "claim_until", "valid_from", "valid_until"):
            moment = getattr(self, name)
            if moment is not None and moment.year not in _YEARS:
                yield name, "out-of-range"
        if self.claim_from and self.claim_until and self.claim_until <= self.claim_from:
            yield "claim_until", "too-early"
        if self.validity == "fixed":
            if self.valid_until is None:
                yield "valid_until", "required"
            elif self.valid_from is not None and self.valid_until <= self.valid_from:
                yield "valid_until", "too-early"
        elif self.validity not in VALIDITIES:
            yield "validity", "unknown"
        elif not 1 <= self.days <= _MOST_DAYS:
            yield "days", "out-of-range"
        if not 0 <= self.gift_from <= 10**12:
            yield "gift_from", "out-of-range"

    def to_json(self) -> dict[str, Any]:
        """For the immutable snapshot of a version."""
        record = {each.name: getattr(self, each.name) for each in fields(self)}
        record["rules"] = self.rules.to_json()
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in record.items()
        }


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start`` (included) to ``end`` (not included), both aware."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def window(terms: Terms, now: datetime, timezone: str) -> Window:
    """When a coupon that is issued ``now`` is good.

    ``days`` counts whole days of 24 hours from now; ``next_day`` begins with the next midnight of
    the shop's time zone and ends ``days`` midnights later.
    """
    if terms.validity == "fixed":
        assert terms.valid_until is not None  # `check` saw to it
        return Window(terms.valid_from or now, terms.valid_until)
    if terms.validity == "days":
        return Window(now, now + timedelta(days=terms.days))
    return Window(midnight(now, timezone, 1), midnight(now, timezone, 1 + terms.days))


def midnight(now: datetime, timezone: str, days: int = 0) -> datetime:
    """The midnight that began today in ``timezone``, or that many days later, in UTC."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date() + timedelta(days=days)
    return datetime(today.year, today.month, today.day, tzinfo=zone).astimezone(UTC)
