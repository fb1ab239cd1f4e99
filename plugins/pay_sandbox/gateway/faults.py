"""Faults that wait for the shop's next call."""

from __future__ import annotations

from dataclasses import dataclass
from sqlite3 import Connection

ENDPOINTS = ("create", "query", "close", "refund", "query_refund")
LINE_FAULTS = ("drop", "drop_before", "error", "slow", "junk", "unsigned")
"""After the work the line drops; before it; 503; an answer after ``seconds``; an answer that is
no JSON; an answer with a bad signature."""
REFUND_OUTCOMES = ("pending", "unknown", "failed")
"""For the endpoint ``refund``; the first two succeed after ``seconds``."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    seconds: float


def arm(
    db: Connection, merchant_id: str, endpoint: str, kind: str, seconds: float, times: int
) -> None:
    """Let the next ``times`` calls of an endpoint go wrong."""
    db.execute(
        "INSERT INTO fault (merchant_id, endpoint, kind, seconds, remaining)"
        " VALUES (?, ?, ?, ?, ?)",
        (merchant_id, endpoint, kind, seconds, times),
    )


def take(db: Connection, merchant_id: str, endpoint: str) -> Fault | None:
    """The oldest fault that waits for this endpoint, used up by one."""
    row = db.execute(
        "SELECT * FROM fault WHERE merchant_id = ? AND endpoint = ? AND remaining > 0"
        " ORDER BY id LIMIT 1",
        (merchant_id, endpoint),
    ).fetchone()
    if row is None:
        return None
    db.execute("UPDATE fault SET remaining = remaining - 1 WHERE id = ?", (row["id"],))
    return Fault(row["kind"], row["seconds"])
