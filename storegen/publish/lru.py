"""A dictionary that holds at most so many bytes and forgets what was not used for longest."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar


class Weighed(Protocol):
    """What the dictionary holds: something that knows its size in bytes."""

    @property
    def weight(self) -> int: ...


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Weighed)


class ByteLru(Generic[K, V]):
    """Least recently used goes first; ``max_bytes`` is never passed. Safe between threads."""

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._held = 0
        self._items: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        """Bytes held now."""
        return self._held

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: K) -> V | None:
        with self._lock:
            found = self._items.get(key)
            if found is None:
                return None
            self._items.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V) -> None:
        """Hold ``value``, or weigh it again if it has grown; what is too big is not held."""
        with self._lock:
            self._drop(key)
            weight = value.weight
            if weight > self._max:
                return
            self._items[key] = (value, weight)
            self._held += weight
            while self._held > self._max:
                self._drop(next(iter(self._items)))

    def discard(self, key: K) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: K) -> None:
        found = self._items.pop(key, None)
        if found is not None:
            self._held -= found[1]


class Recent(Generic[K]):
    """A set that remembers the ``most`` members last added."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[K, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, item: K) -> bool:
        return item in self._items

    def add(self, item: K) -> None:
        with self._lock:
            self._items[item] = None
            self._items.move_to_end(item)
            if len(self._items) > self._most:
                self._items.popitem(last=False)

    def discard(self, item: K) -> None:
        with self._lock:
            self._items.pop(item, None)
