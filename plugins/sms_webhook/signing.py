"""The signature of messages and receipts.

``X-Storegen-Signature`` is HMAC-SHA256 in hex over ``<timestamp>\\n<body>``, keyed by the secret;
``X-Storegen-Timestamp`` is in Unix seconds, and what is older than five minutes does not count.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

WINDOW = 300
TIMESTAMP, SIGNATURE = "x-storegen-timestamp", "x-storegen-signature"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    said = timestamp.encode() + b"\n" + body
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def headers(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: sign(secret, timestamp, body)}


def holds(secret: str, given: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether a request with these headers (names in small letters) is theirs, and of now."""
    timestamp, signature = given.get(TIMESTAMP, ""), given.get(SIGNATURE, "")
    if not secret or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if not hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode()):
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW
