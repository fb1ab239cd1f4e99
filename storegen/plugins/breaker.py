"""A circuit breaker per plugin and hook."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from storegen.values.plugin import Clock

FAULTS = 3
WINDOW = timedelta(minutes=5)

Key = tuple[str, str]
"""Plugin and hook."""
_REASON = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with one plugin in one hook: how often of late, when and why last, and
    whether the plugin is left out for it (``open``)."""

    plugin: str
    hook: str
    count: int
    last_at: datetime
    reason: str
    open: bool


class Breaker:
    """Opens after three faults in five minutes and closes by itself when they are older.

    It is per process: each worker learns alone, which costs at most three faults per worker.
    """

    def __init__(self, clock: Clock, tell: Callable[[Fault], None] | None = None) -> None:
        self._clock = clock
        self._tell = tell
        self._faults: dict[Key, deque[datetime]] = defaultdict(lambda: deque(maxlen=FAULTS))
        self._last: dict[Key, str] = {}
        self._lock = Lock()

    def fault(self, plugin: str, hook: str, reason: str = "") -> None:
        """Count one fault; ``reason`` is kept for whoever mends the plugin."""
        key, now = (plugin, hook), self._clock()
        with self._lock:
            self._faults[key].append(now)
            self._last[key] = reason[:_REASON]
            tripped = self._tripped(key)
        if self._tell is not None:
            self._tell(Fault(plugin, hook, 1, now, reason[:_REASON], tripped))

    def is_open(self, plugin: str, hook: str) -> bool:
        """True while the plugin should not be asked on this hook."""
        if (plugin, hook) not in self._faults:
            return False  # without the lock: it is asked before every call
        with self._lock:
            return self._tripped((plugin, hook))

    def open(self) -> tuple[Key, ...]:
        """All pairs that are open now, sorted: for `/readyz` and the back office."""
        with self._lock:
            return tuple(sorted(key for key in list(self._faults) if self._tripped(key)))

    def seen(self) -> tuple[Fault, ...]:
        """What went wrong in the last five minutes in this process, sorted by plugin and hook."""
        with self._lock:
            now = self._clock()
            found = []
            for key in sorted(self._faults):
                recent = [at for at in self._faults[key] if now - at < WINDOW]
                if recent:
                    found.append(
                        Fault(*key, len(recent), recent[-1], self._last[key], self._tripped(key))
                    )
            return tuple(found)

    def _tripped(self, key: Key) -> bool:
        faults = self._faults.get(key)
        return faults is not None and len(faults) == FAULTS and self._clock() - faults[0] < WINDOW
