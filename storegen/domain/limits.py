"""How often something may be tried, counted in the database so that all processes agree.

Where a failure raises, and so rolls its transaction back, the try is counted first and in a short
transaction of its own (`count`); inside a transaction that will commit, `check` is enough.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, or_

from storegen.domain.keyed_hash import keyed_hash
from storegen.domain.upsert import insert
from storegen.errors import TooMany
from storegen.models import Limit
from storegen.uow import UnitOfWork

if TYPE_CHECKING:
    from storegen.store import Store

_WITH_PORT = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """At most ``limit`` times in a window of ``seconds``, which begins with the first time."""

    limit: int
    seconds: int


LIMITS: Mapping[str, Rule] = MappingProxyType(
    {
        # Tries with a password. The network's share is larger: an office has one address.
        "sign-in": Rule(10, 900),
        "sign-in-network": Rule(60, 900),
        "staff-sign-in": Rule(10, 900),
        "staff-sign-in-network": Rule(30, 900),
        "staff-link-network": Rule(30, 900),
        "password-change": Rule(10, 900),
        "register-network": Rule(20, 3600),
        # Each code costs money and somebody's patience. Five codes of five tries an hour find
        # one of a million codes in 4,500 years.
        "code-wait": Rule(1, 60),
        "code-request": Rule(5, 3600),
        "code-request-network": Rule(30, 3600),
        "code-try": Rule(25, 3600),
        "code-try-network": Rule(100, 3600),
        # Things found by guessing.
        "order-token-network": Rule(60, 600),
        "coupon-code": Rule(20, 600),
        "claim": Rule(20, 600),
        "place-order": Rule(30, 600),
        "after-sales": Rule(30, 3600),
    }
)

NEW_GUEST_SECONDS = 600
UNKNOWN = "unknown"
"""The one network of all whose address the server does not know."""

_SKEW = timedelta(minutes=1)
"""A window may begin this much in the future: machines' clocks differ, a unit's ``now`` is its
beginning. Further ahead means that the clock was set back, and the window is begun anew."""


def hit(uow: UnitOfWork, key: str, limit: int, window_seconds: int) -> None:
    """Count one more for ``key`` (``name:who``) in one statement. Raises `TooMany` over ``limit``.

    Only the name is stored readable; the whole key is a keyed hash, so no phone number or address
    can be read from the table.
    """
    name = key.partition(":")[0]
    window = timedelta(seconds=window_seconds)
    new = insert(uow.db, Limit).values(
        key=f"{name}:{keyed_hash(uow.store, 'limit', key)}", window_start=uow.now, count=1
    )
    over = or_(Limit.window_start <= uow.now - window, Limit.window_start > uow.now + _SKEW)
    counted = new.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((over, 1), else_=Limit.count + 1),
            "window_start": case((over, new.excluded.window_start), else_=Limit.window_start),
        },
    ).returning(Limit.count, Limit.window_start)
    count, start = uow.db.execute(counted).one()
    if count > limit:
        left = (start + window - uow.now).total_seconds()
        raise TooMany(name, max(1, math.ceil(left)))


def check(uow: UnitOfWork, name: str, who: str) -> None:
    """`hit` with the numbers of ``LIMITS[name]``; nobody (``""``) is not counted."""
    rule = LIMITS[name]
    if who:
        hit(uow, f"{name}:{who}", rule.limit, rule.seconds)


def check_new_guest(uow: UnitOfWork, network: str) -> None:
    """Count what a guest begins from the address ``network``: a session, or a cart without one.

    Each is a row that a program without cookies could have made for ever; the owner sets the
    number in ``store.toml`` (``new_guests``), since only they know what stands behind one address
    (a school, a mobile operator). Raises `TooMany`.
    """
    who = network_of(network)
    if who:
        hit(uow, f"new-guest:{who}", uow.store.config.new_guests, NEW_GUEST_SECONDS)


def count(store: Store, *tries: tuple[str, str]) -> None:
    """Count (name, who) pairs in a transaction of their own, before the try itself.

    All or nothing: who is refused by one limit does not use up another's. Raises `TooMany`.
    """

    def work(uow: UnitOfWork) -> None:
        for name, who in tries:
            check(uow, name, who)

    store.transact(work)


def forget(uow: UnitOfWork, name: str, who: str) -> None:
    """Begin anew, as after a sign-in that succeeded."""
    key = f"{name}:{keyed_hash(uow.store, 'limit', f'{name}:{who}')}"
    uow.db.execute(delete(Limit).where(Limit.key == key))


def network_of(address: str) -> str:
    """What counts as one network: an IPv4 address, or the /64 of an IPv6 one.

    Some proxies report a port with it; that is left away. Everything else that is said about an
    address is one network for all who come so, `UNKNOWN`: a proxy that says nothing useful must
    not switch the limits off. "" only for "", who came over no network (the command line, jobs).
    """
    if not address:
        return ""
    if found := _WITH_PORT.fullmatch(address):
        address = found[1] or found[2]
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def sweep(uow: UnitOfWork) -> None:
    """Drop counters whose window is long over."""
    uow.db.execute(delete(Limit).where(Limit.window_start < uow.now - timedelta(days=2)))
