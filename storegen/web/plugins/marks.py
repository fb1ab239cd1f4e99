"""What the pieces of the page that is being made say to the page cache."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import g

GAP = 10
"""Seconds that a page is kept which lacks a piece because of a fault."""


def depends_on(tags: Iterable[str]) -> None:
    """The page is stale when one of these is touched."""
    g.setdefault("slot_tags", []).extend(tags)


def incomplete() -> None:
    """A piece failed: the page is tried again soon."""
    g.slot_gap = True


def ends(at: object, now: datetime) -> None:
    """The page says something that is true until ``at`` only."""
    if isinstance(at, datetime):
        left = max(1, int((at - now).total_seconds()))
        g.slot_ttl = min(left, g.get("slot_ttl", left))


def marks() -> list[str]:
    """Words for ``X-Storegen-Cache``."""
    found: list[str] = list(g.get("slot_tags", ()))
    if g.get("slot_gap"):
        found.append(f"ttl={GAP}")
    if "slot_ttl" in g:
        found.append(f"ttl={g.slot_ttl}")
    return found
