"""The gateway itself: database, merchants, clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

from storegen_plugins.pay_sandbox.gateway.database import Database
from storegen_plugins.pay_sandbox.gateway.merchants import Merchant


class Gateway:
    """What requests and the notifier share.

    Two clocks: ``wall`` dates signatures; `now` dates payments and may be moved forward by the
    control API, so that a test need not wait for a payment to expire.
    """

    def __init__(
        self,
        database: Path,
        merchants: Mapping[str, Merchant],
        *,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.database = Database(database)
        self.merchants = dict(merchants)
        self.wall = wall
        self.work = Event()
        """Set when something may be due earlier than the notifier thinks."""
        self._ahead = 0.0

    def now(self) -> float:
        """Unix seconds."""
        return self.wall() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move `now` forward."""
        self._ahead += seconds
        self.work.set()
