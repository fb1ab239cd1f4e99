"""Notice a PostgreSQL server that is there and answers nothing: frozen, or behind a dead network.

A statement has no time limit of its own, since an audit or a migration may rightly run for minutes.
So when the server has said nothing for a while it is asked something new, on a connection of its
own: if that is answered, the statement is merely long; if not, the connection is given up, and
the shop answers 503 instead of waiting with all its threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

import psycopg

SILENCE = 5.0
"""Seconds without a byte after which the server is asked; longer than `lock_timeout`."""
PROBE = 2
"""Seconds that the question may take (libpq knows no shorter time)."""


class WatchedConnection(psycopg.Connection[Any]):
    """A connection that does not wait for a frozen server."""

    answers: Callable[[], bool] | None = None
    """Whether the server takes a new connection now."""

    def wait(self, gen: Any, *arguments: Any, **named: Any) -> Any:
        return super().wait(self._watched(gen), *arguments, **named)

    def _watched(self, gen: Any) -> Generator[Any, Any, Any]:
        """``gen`` as it is. psycopg resumes it whenever the socket is ready, and a few times a
        second with 0 while it is not."""
        heard = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > SILENCE:
                    if self.answers is not None and not self.answers():
                        self.pgconn.finish()
                        raise psycopg.OperationalError("the server has stopped answering")
                    heard = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value


def connect(*arguments: Any, **parameters: Any) -> WatchedConnection:
    """`psycopg.connect`, watched."""

    def answers() -> bool:
        try:
            psycopg.connect(*arguments, **{**parameters, "connect_timeout": PROBE}).close()
        except psycopg.OperationalError:
            return False
        return True

    connection = WatchedConnection.connect(*arguments, **parameters)
    connection.answers = answers
    return connection
