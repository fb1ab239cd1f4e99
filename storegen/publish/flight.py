"""Single flight: of many threads that want the same page, one renders and the others wait."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from enum import Enum


class Landed(Enum):
    """How a flight ended, which tells the waiters what to do."""

    KEPT = "the page is in the cache now"
    AGAIN = "not kept, but the next flight can be"
    NOTHING = "there is nothing to share; each for himself"


class Flight:
    """One rendering under way."""

    __slots__ = ("_done", "landed")

    def __init__(self) -> None:
        self._done = threading.Event()
        self.landed = Landed.NOTHING

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False if ``seconds`` were not enough."""
        return self._done.wait(seconds)

    def land(self) -> None:
        self._done.set()


class Flights:
    """The renderings under way in this process, by page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[Hashable, Flight] = {}

    def board(self, key: Hashable) -> tuple[Flight, bool]:
        """The flight for ``key``, and whether the caller is its pilot, who must `land` it."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def land(self, key: Hashable, flight: Flight, landed: Landed) -> None:
        with self._lock:
            self._flights.pop(key, None)
        flight.landed = landed
        flight.land()
