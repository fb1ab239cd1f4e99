"""A circuit breaker per plugin and hook."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta
from threading import Lock

from storegen.values.plugin import Clock

FAULTS = 3
WINDOW = timedelta(minutes=5)

Key = tuple[str, str]
"""Plugin and hook."""


class Breaker:
    """Opens after three faults in five minutes and closes by itself when they are older.

    It is per process: each worker learns alone, which costs at most three faults per worker.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._faults: dict[Key, deque[datetime]] = defaultdict(lambda: deque(maxlen=FAULTS))
        self._lock = Lock()

    def fault(self, plugin: str, hook: str) -> None:
        """Count one fault."""
        with self._lock:
            self._faults[plugin, hook].append(self._clock())

    def is_open(self, plugin: str, hook: str) -> bool:
        """True while the plugin should not be asked on this hook."""
        with self._lock:
            return self._tripped((plugin, hook))

    def open(self) -> tuple[Key, ...]:
        """All pairs that are open now, sorted: for `/readyz` and the back office."""
        with self._lock:
            return tuple(sorted(key for key in list(self._faults) if self._tripped(key)))

    def _tripped(self, key: Key) -> bool:
        faults = self._faults.get(key)
        return faults is not None and len(faults) == FAULTS and self._clock() - faults[0] < WINDOW
