"""How plugins speak HTTP to the outside."""

from __future__ import annotations

import httpx

CONNECT_SECONDS = 2.0
READ_SECONDS = 6.0


def http_client(
    base_url: str = "", *, connect: float = CONNECT_SECONDS, read: float = READ_SECONDS
) -> httpx.Client:
    """A client that fails fast. ``connect`` and ``read`` are seconds.

    It follows no redirect (a signed request must not be sent elsewhere) and reads no proxy from
    the environment. httpx retries nothing: whoever calls decides whether a repeat is safe.
    """
    return httpx.Client(
        base_url=base_url,
        timeout=httpx.Timeout(read, connect=connect),
        follow_redirects=False,
        trust_env=False,
    )
