"""Signed HTTP between a shop and the sandbox gateway, the same in both directions.

The signature is HMAC-SHA256 in hex, keyed by the merchant's secret, over
``METHOD\\nPATH?query\\ntimestamp\\nnonce\\nbody\\n``. An answer is signed in the same way with
``RESPONSE status`` in place of the method and the nonce of its request, so that no answer can be
passed off as the answer to something else.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping

WINDOW_SECONDS = 300
MERCHANT = "x-sandbox-merchant"
TIMESTAMP = "x-sandbox-timestamp"
NONCE = "x-sandbox-nonce"
SIGNATURE = "x-sandbox-signature"

_TIMESTAMP = re.compile(r"[0-9]{1,11}", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9]{16,64}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)


class BadSignature(Exception):
    """Not from whom it claims to be, or not from now. The text is for the log."""


def sign(secret: str, method: str, target: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature in hex. ``target`` is the path with its query, as it is sent."""
    head = f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode()
    return hmac.new(secret.encode(), head + body + b"\n", hashlib.sha256).hexdigest()


def signed_headers(
    secret: str,
    merchant: str,
    method: str,
    target: str,
    body: bytes,
    *,
    now: float,
    nonce: str = "",
) -> dict[str, str]:
    """The four headers of a request or an answer. ``now`` is in Unix seconds."""
    nonce = nonce or secrets.token_hex(16)
    timestamp = str(int(now))
    return {
        MERCHANT: merchant,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: sign(secret, method, target, timestamp, nonce, body),
    }


def verify(
    secret: str,
    merchant: str,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float,
) -> str:
    """Check the four headers on the raw bytes and return the nonce. Raises `BadSignature`.

    ``headers`` have names in lower case. Each header has one spelling only, so that no two
    messages share a signed text.
    """
    timestamp, nonce = headers.get(TIMESTAMP, ""), headers.get(NONCE, "")
    signature = headers.get(SIGNATURE, "")
    if headers.get(MERCHANT, "") != merchant:
        raise BadSignature("another merchant")
    if not _TIMESTAMP.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise BadSignature("timestamp or nonce is missing or malformed")
    if not _SIGNATURE.fullmatch(signature):
        raise BadSignature("signature is missing or malformed")
    if "\n" in method or "\n" in target:
        raise BadSignature("line break in the request line")
    expected = sign(secret, method, target, timestamp, nonce, body)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise BadSignature("wrong signature")
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        raise BadSignature("outside the window of five minutes")
    return nonce
