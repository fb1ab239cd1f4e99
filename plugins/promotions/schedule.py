"""When an activity runs: from a start to an end, on some weekdays, in some hours of the day.

Everything but start and end is local time of the shop: 10:00 stays 10:00 where clocks change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = 24 * 60
"""Minutes of a day."""
YEARS = range(2000, 3000)
"""In which an activity may begin and end: time zones move no such time out of the calendar."""
_FAR = 370
"""Days that are looked ahead for the next time."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """From ``start`` (included) to ``end`` (not included), aware."""

    start: datetime
    end: datetime | None

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)

    def overlaps(self, other: Window) -> bool:
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """``weekdays``: Monday is 0; none: every day. ``hours``: pairs of minutes of the day, sorted
    and apart from each other, ``(600, 720)`` is 10:00 to 12:00; none: the whole day."""

    starts_at: datetime
    ends_at: datetime | None = None
    weekdays: tuple[int, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()

    @property
    def whole(self) -> Window:
        return Window(self.starts_at, self.ends_at)

    @property
    def always(self) -> bool:
        """Whether it runs from its start to its end without a pause."""
        return not self.weekdays and not self.hours

    def slot(self, now: datetime, timezone: str) -> Window | None:
        """The time in which it runs now; None while it does not."""
        if not self.whole.holds(now):
            return None
        if self.always:
            return self.whole
        return next((each for each in self.slots(now, timezone, days=1) if each.holds(now)), None)

    def next_slot(self, now: datetime, timezone: str) -> Window | None:
        """The first time that begins after ``now``."""
        if self.always:
            return self.whole if now < self.starts_at else None
        found = self.slots(max(now, self.starts_at), timezone, days=_FAR)
        return next((each for each in found if each.start > now), None)

    def changes_at(self, now: datetime, timezone: str) -> datetime | None:
        """When it next begins or ends to run; None: never again."""
        running = self.slot(now, timezone)
        if running is not None:
            return running.end
        coming = self.next_slot(now, timezone)
        return None if coming is None else coming.start

    def slots(self, since: datetime, timezone: str, *, days: int) -> Iterator[Window]:
        """Its times of the day of ``since`` and of the ``days`` - 1 after it, cut to its own start
        and end; those that are over by ``since`` are left out."""
        if self.always:
            if self.ends_at is None or since < self.ends_at:
                yield self.whole
            return
        zone = ZoneInfo(timezone)
        first = since.astimezone(zone).date()
        for number in range(days):
            day = first + timedelta(days=number)
            if self.ends_at is not None and at(day, 0, zone) >= self.ends_at:
                return
            if self.weekdays and day.weekday() not in self.weekdays:
                continue
            for begin, end in self.hours or ((0, DAY),):
                start = max(at(day, begin, zone), self.starts_at)
                stop = at(day, end, zone)
                if self.ends_at is not None:
                    stop = min(stop, self.ends_at)
                if start < stop and stop > since:
                    yield Window(start, stop)

    def overlaps(self, other: Schedule, since: datetime, timezone: str) -> bool:
        """Whether both run at one moment from ``since`` on, within the next weeks."""
        if not self.whole.overlaps(other.whole):
            return False
        if self.always or other.always:
            one, two = (self, other) if self.always else (other, self)
            begin = max(since, one.starts_at)
            return any(one.whole.overlaps(each) for each in two.slots(begin, timezone, days=60))
        begin = max(since, self.starts_at, other.starts_at)
        theirs = list(other.slots(begin, timezone, days=60))
        return any(
            mine.overlaps(each) for mine in self.slots(begin, timezone, days=60) for each in theirs
        )

    def problems(self) -> Iterator[tuple[str, str]]:
        for name, moment in (("starts_at", self.starts_at), ("ends_at", self.ends_at)):
            if moment is not None and moment.year not in YEARS:
                yield name, "out-of-range"
                return
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            yield "ends_at", "too-early"
        if not set(self.weekdays) <= set(range(7)):
            yield "weekdays", "unknown"
        before = 0
        for begin, end in self.hours:
            if not before <= begin < end <= DAY:
                yield "hours", "order"
                return
            before = end

    def to_json(self) -> dict[str, Any]:
        return {"weekdays": list(self.weekdays), "hours": [list(each) for each in self.hours]}

    @classmethod
    def from_json(
        cls, starts_at: datetime, ends_at: datetime | None, record: Mapping[str, Any]
    ) -> Schedule:
        return cls(
            starts_at=starts_at,
            ends_at=ends_at,
            weekdays=tuple(record.get("weekdays", ())),
            hours=tuple((begin, end) for begin, end in record.get("hours", ())),
        )


def at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """A local time as UTC; minute 1440 is the next midnight."""
    if minute >= DAY:
        day, minute = day + timedelta(days=1), minute - DAY
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)
