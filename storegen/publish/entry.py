"""A page as ready bytes: made once from the app's response, sent many times."""

from __future__ import annotations

import gzip
import hashlib
import threading
from dataclasses import dataclass, field
from typing import Literal

import brotli

from storegen.counters import ALL, Counters

Headers = list[tuple[str, str]]
Encoding = Literal["br", "gzip", "identity"]

MARK = "x-storegen-cache"
"""The response header by which the app allows a page to be kept, and names its tags.

``X-Storegen-Cache: product:123 listing`` keeps it until one of these tags is raised; a word
``ttl=5`` shortens its life to 5 seconds. The header is never sent to anybody.
"""

# What may not be repeated to the next reader, or is made anew for each response.
_OWN = frozenset({MARK, "content-length", "etag", "last-modified", "date", "server", "connection",
                  "transfer-encoding", "x-request-id", "age", "vary"})  # fmt: skip
_SMALLEST_TO_COMPRESS = 512  # bytes; below it the headers outweigh the gain
_OVERHEAD = 2048  # bytes of Python objects beside the bodies, by measurement rounded up
_COMPRESSIBLE = ("text/", "application/json", "application/ld+json", "application/javascript",
                 "application/xml", "application/manifest+json", "application/rss+xml",
                 "application/atom+xml", "image/svg+xml")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a response says about being kept."""

    tags: frozenset[str]
    ttl: float
    immutable: bool


def judge(status: str, headers: Headers, ttl: float) -> Verdict | None:
    """Whether this response may be kept, and for how long; None for no.

    A page is kept when it carries the mark (200, and 404 as well), or when it is immutable.
    Anything that hints at one reader only overrules both.
    """
    named = {name.lower(): value for name, value in headers}
    control = named.get("cache-control", "").lower()
    mark = named.get(MARK)
    immutable = "immutable" in control and status.startswith("200")
    if mark is None and not immutable:
        return None
    if not status.startswith(("200", "404")) or "set-cookie" in named:
        return None
    if "private" in control or "no-store" in control or "content-encoding" in named:
        return None
    # "Vary: Cookie" is how Flask says that it looked at the session.
    varies = {word.strip().lower() for word in named.get("vary", "").split(",")} - {""}
    if not varies <= {"accept-encoding"}:
        return None
    if "'nonce-" in named.get("content-security-policy", ""):
        return None  # a nonce that is used twice protects nobody
    tags = set()
    for word in (mark or "").split():
        if word.startswith("ttl="):
            ttl = min(ttl, float(word[4:]))
        else:
            tags.add(word)
    return Verdict(frozenset(tags | {ALL}), ttl, immutable and mark is None)


class Variant:
    """One encoding of a page with the headers that go with it."""

    __slots__ = ("body", "etag", "headers", "short_headers")

    def __init__(self, common: Headers, body: bytes, etag: str, encoding: Encoding) -> None:
        self.body = [body]
        self.etag = etag
        #: for 304: RFC 9110 asks for those that would guide a cache
        self.short_headers = [
            pair
            for pair in common
            if pair[0].lower() in ("cache-control", "content-location", "expires", "vary")
        ] + [("ETag", etag)]
        self.headers = [*common, ("ETag", etag), ("Content-Length", str(len(body)))]
        if encoding != "identity":
            self.headers.append(("Content-Encoding", encoding))


@dataclass(slots=True, eq=False)
class Entry:
    """A kept page. ``slots`` and ``values`` are the counters that it depends on."""

    status: str
    common: Headers
    body: bytes
    slots: tuple[int, ...]
    values: tuple[int, ...]
    good_until: float
    immutable: bool
    _digest: str = field(init=False)
    _compressible: bool = field(init=False)
    _variants: dict[Encoding, Variant] = field(init=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._digest = hashlib.blake2b(self.body, digest_size=12).hexdigest()
        kind = next((v for n, v in self.common if n.lower() == "content-type"), "")
        self._compressible = len(self.body) >= _SMALLEST_TO_COMPRESS and kind.lower().startswith(
            _COMPRESSIBLE
        )

    @property
    def weight(self) -> int:
        """Bytes in memory, all encodings made so far included."""
        packed = sum(len(v.body[0]) for e, v in self._variants.copy().items() if e != "identity")
        return len(self.body) + packed + _OVERHEAD

    def fresh(self, counters: Counters, now: float) -> bool:
        """Whether nothing that the page shows has changed since before it was rendered."""
        if self.immutable:
            return True
        return now < self.good_until and counters.at(self.slots) == self.values

    def variant(self, encoding: Encoding) -> tuple[Variant, bool]:
        """The page in ``encoding``, and whether it had to be made now (so that it weighs more)."""
        if not self._compressible:
            encoding = "identity"
        found = self._variants.get(encoding)
        if found is not None:
            return found, False
        with self._lock:
            found = self._variants.get(encoding)
            if found is not None:
                return found, False
            found = self._make(encoding)
            self._variants[encoding] = found
            return found, True

    def _make(self, encoding: Encoding) -> Variant:
        common, body, digest = self.common, self.body, self._digest
        if self._compressible:
            common = [*common, ("Vary", "Accept-Encoding")]
        if encoding == "br":
            # Quality 5 costs about what gzip does; 9 is for what is packed once and kept for good.
            body = brotli.compress(body, quality=9 if self.immutable else 5)
            digest += "-br"
        elif encoding == "gzip":
            body = gzip.compress(body, compresslevel=6, mtime=0)
            digest += "-gz"
        return Variant(common, body, f'"{digest}"', encoding)


def make_entry(
    status: str, headers: Headers, body: bytes, verdict: Verdict, *,
    snapshot: memoryview, counters: Counters, now: float,
) -> Entry:  # fmt: skip
    """Keep a response. ``snapshot`` holds the counters from before its rendering began."""
    slots = counters.slots(verdict.tags)
    common = [(name, value) for name, value in headers if name.lower() not in _OWN]
    kind = next((v for n, v in common if n.lower() == "content-type"), "")
    if not verdict.immutable and (
        kind.startswith("text/html") or not any(n.lower() == "cache-control" for n, _ in common)
    ):
        # The browser asks again each time and gets a 304: no old price from its own memory.
        common = [pair for pair in common if pair[0].lower() != "cache-control"]
        common.append(("Cache-Control", "no-cache"))
    return Entry(
        status=status,
        common=common,
        body=body,
        slots=slots,
        values=tuple([snapshot[slot] for slot in slots]),
        good_until=now + verdict.ttl,
        immutable=verdict.immutable,
    )
