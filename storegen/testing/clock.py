"""A clock for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **delta: float) -> None:
        self.moment += timedelta(**delta)
