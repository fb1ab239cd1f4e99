"""What waits to be told to a shop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from sqlite3 import Connection
from typing import Any

BACK_OFF = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
"""Seconds before each further attempt; after the last one the gateway gives up."""


def enqueue(
    db: Connection, url: str, said: Mapping[str, Any], due: float, *, bad_signature: bool = False
) -> None:
    """Tell ``said`` to ``url`` from ``due`` on, until it is acknowledged.

    The bytes are made once: every attempt sends the same ones, signed anew.
    """
    body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    db.execute(
        "INSERT INTO notification (merchant_id, reference, url, body, bad_signature, due)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (said["merchant_id"], said["reference"], url, body, int(bad_signature), due),
    )


def after_failure(attempts: int) -> int | None:
    """Seconds to the next attempt after ``attempts`` failures; ``None``: give up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def acknowledged(status: int, body: bytes) -> bool:
    """Only status 200 with the code SUCCESS counts; a login page with 200 does not."""
    if status != 200:
        return False
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("code") == "SUCCESS"
