"""Many remote pictures: several at once, within one budget, giving up on dead hosts."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from storegen.errors import PictureUnreachable
from storegen.media.fetch import FetchRules, fetch_picture, shortened, without_credentials

# These say that the host is gone; a refused or missing picture says nothing about the next one.
_HOST_FAILURES = {"name", "timeout", "network"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """The outcome for one address: ``data``, or the ``failure`` that left it empty."""

    url: str
    data: bytes = b""
    failure: PictureUnreachable | None = None


class FetchPool:
    """``with FetchPool() as pool: for each in pool.map(urls)``.

    ``threads`` fetches run at once. Together they take no longer than ``budget`` seconds, counted
    from the first fetch; after ``patience`` failures in a row a host is asked no more.
    """

    def __init__(
        self,
        rules: FetchRules | None = None,
        *,
        threads: int = 8,
        budget: float = 120.0,
        patience: int = 3,
    ) -> None:
        self._rules = rules or FetchRules()
        self._threads, self._budget, self._patience = threads, budget, patience
        self._ends: float | None = None
        self._failed: Counter[str] = Counter()
        self._lock = Lock()
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="fetch-picture")

    def __enter__(self) -> FetchPool:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    def fetch(self, url: str) -> Fetched:
        """Fetch one now, in this thread, counting it to the budget and to its host."""
        host = _host(url)
        with self._lock:
            self._ends = self._ends or time.monotonic() + self._budget
            left = self._ends - time.monotonic()
            skipped = self._failed[host] >= self._patience
        if skipped or left <= 0:
            reason = "host-skipped" if skipped else "budget"
            return Fetched(url, failure=PictureUnreachable(without_credentials(url), reason))
        try:
            data = fetch_picture(url, shortened(self._rules, left))
        except PictureUnreachable as failure:
            with self._lock:
                self._failed[host] += failure.reason in _HOST_FAILURES
            return Fetched(url, failure=failure)
        with self._lock:
            self._failed[host] = 0
        return Fetched(url, data=data)

    def map(self, urls: Iterable[str]) -> Iterator[Fetched]:
        """One outcome for each address, in their order, reading ``urls`` only as needed."""
        window: deque[Future[Fetched]] = deque()
        for url in urls:
            # Each waiting outcome may hold a whole picture, so only a few may wait.
            if len(window) >= self._threads:
                yield window.popleft().result()
            window.append(self._executor.submit(self.fetch, url))
        while window:
            yield window.popleft().result()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
