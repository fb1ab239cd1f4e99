"""The two request headers that a kept page answers to: Accept-Encoding and If-None-Match."""

from __future__ import annotations

from storegen.publish.entry import Encoding

_MOST_REMEMBERED = 256


class Encodings:
    """Chooses br, gzip or identity; remembers the few header texts that browsers send."""

    def __init__(self) -> None:
        self._known: dict[str, Encoding] = {"": "identity"}

    def choose(self, accept: str) -> Encoding:
        found = self._known.get(accept)
        if found is None:
            found = best_encoding(accept)
            if len(self._known) < _MOST_REMEMBERED and len(accept) < _MOST_REMEMBERED:
                self._known[accept] = found
        return found


def best_encoding(accept: str) -> Encoding:
    """The smallest encoding that ``accept`` allows (RFC 9110, 12.5.3); br before gzip."""
    weights: dict[str, float] = {}
    for item in accept.lower().split(","):
        coding, _, parameters = item.partition(";")
        weights[coding.strip()] = _quality(parameters)
    anything = weights.get("*", 0.0)
    if weights.get("br", anything) > 0:
        return "br"
    if weights.get("gzip", weights.get("x-gzip", anything)) > 0:
        return "gzip"
    return "identity"


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the client's copy is this one (weak comparison, RFC 9110, 13.1.2)."""
    if if_none_match == etag:
        return True
    given = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in (etag, "*") for tag in given)
