"""Which addresses a fetch may connect to: decided after resolution, on the number itself."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from threading import Thread

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: (host, port) → the numeric addresses of the host. Raises OSError.
Resolver = Callable[[str, int], Sequence[str]]

# IPv6 ranges that carry an IPv4 address inside, with the bits to shift to reach it.
_CARRIERS = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (ipaddress.IPv6Network("::/96"), 0),  # compatible, long given up
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4
)
_TEREDO = ipaddress.IPv6Network("2001::/32")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


def system_resolver(host: str, port: int) -> list[str]:
    """The system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve_within(resolver: Resolver, host: str, port: int, seconds: float) -> Sequence[str]:
    """``resolver``'s answer, or TimeoutError: the system's own has no time-out to set."""
    answer: list[Sequence[str]] = []
    failure: list[OSError] = []

    def ask() -> None:
        try:
            answer.append(resolver(host, port))
        except (OSError, UnicodeError) as error:
            failure.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = Thread(target=ask, daemon=True)  # left behind if it hangs; must not hold the exit
    thread.start()
    thread.join(max(0.0, seconds))
    if failure:
        raise failure[0]
    if not answer:
        raise TimeoutError(host)
    return answer[0]


def is_public(text: str) -> bool:
    """Whether the numeric address ``text`` belongs to the public internet."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address in _TEREDO or address.is_site_local:
            return False
        for network, shift in _CARRIERS:
            if address in network:
                inner = ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
                return is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_odd_number(host: str) -> bool:
    """True for `0x7f.1`, `2130706433`, `127.1` and the like: numbers that are no dotted quad.

    Resolvers disagree on them, people do not write them: they are refused in whatever value.
    """
    if not _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return False
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return True
    return False


def within(text: str, networks: Sequence[Network]) -> bool:
    """Whether the numeric address ``text`` lies in one of ``networks``."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return any(address.version == each.version and address in each for each in networks)
