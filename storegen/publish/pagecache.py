"""The page cache: ready bytes in front of Flask, good for as long as nothing they show changes.

A page is kept when the app's response allows it with `MARK`, or is immutable. It is keyed by
`Key` and answered in the encoding that the client prefers; each process holds its own memory, and
`storegen.counters` makes them all forget together. The values of the counters are taken before
the rendering begins, so a commit that falls into the rendering makes the page stale at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from storegen.counters import Counters
from storegen.publish.cachekey import Key, KeyRules, is_plain, plain
from storegen.publish.entry import MARK, Entry, judge, make_entry
from storegen.publish.flight import Flight, Flights, Landed
from storegen.publish.lru import ByteLru, Recent
from storegen.publish.negotiate import Encodings, matches
from storegen.publish.response import Response, run

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OUTCOME = "storegen.cache"
"""Where the WSGI environment says what the cache did: hit, fresh (rendered and kept) or pass."""


class PageCache:
    """WSGI middleware.

    ``counters_for`` gives the counters of the store that a request is for, or None to leave the
    request alone. ``max_bytes`` is for the process, ``ttl`` (seconds) is how long a page lives
    if a process died between its commit and raising the counters, ``wait`` (seconds) how long a
    request waits for another's rendering of the same page before it renders for itself.
    """

    def __init__(
        self,
        app: WSGIApplication,
        counters_for: Callable[[WSGIEnvironment], Counters | None],
        rules: KeyRules,
        *,
        max_bytes: int = 64 * 2**20,
        ttl: float = 60.0,
        wait: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._counters_for = counters_for
        self._rules = rules
        self._ttl = ttl
        self._wait = wait
        self._clock = clock
        self._largest = max_bytes // 16
        # Three shares, so that a flood of invented searches or a gallery of large pictures
        # cannot push the product pages out.
        self._pages: ByteLru[Key, Entry] = ByteLru(max_bytes // 2)
        self._odd: ByteLru[Key, Entry] = ByteLru(max_bytes // 4)
        self._assets: ByteLru[Key, Entry] = ByteLru(max_bytes // 4)
        # What past responses taught about a path. Only where a public page is known to be may a
        # request be cut down to its key; only where none is known to be is nobody made to wait.
        self._public: Recent[tuple[str, str]] = Recent(16_384)
        self._private: Recent[tuple[str, str]] = Recent(4_096)
        self._flights = Flights()
        self._encodings = Encodings()

    @property
    def held(self) -> int:
        """Bytes of pages held now."""
        return self._pages.held + self._odd.held + self._assets.held

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asks = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        key = self._rules.key(environ) if asks else None
        counters = None if key is None else self._counters_for(environ)
        if key is None or counters is None:
            return self._pass(run(self._app, environ), environ, start_response)
        entry = self._find(key, counters)
        if entry is not None:
            environ[OUTCOME] = "hit"
            return self._send(entry, key, environ, start_response)
        return self._miss(key, counters, environ, start_response)

    def _find(self, key: Key, counters: Counters) -> Entry | None:
        now = self._clock()
        for share in (self._odd,) if key.query else (self._pages, self._assets, self._odd):
            entry = share.get(key)
            if entry is not None:
                if entry.fresh(counters, now):
                    return entry
                share.discard(key)
        return None

    def _send(
        self, entry: Entry, key: Key, environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        chosen, grown = entry.variant(
            self._encodings.choose(environ.get("HTTP_ACCEPT_ENCODING", ""))
        )
        if grown:
            self._share(entry, key).put(key, entry)
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition is not None and matches(condition, chosen.etag):
            start_response("304 Not Modified", chosen.short_headers.copy())
            return []
        start_response(entry.status, chosen.headers.copy())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else chosen.body

    def _share(self, entry: Entry, key: Key) -> ByteLru[Key, Entry]:
        if entry.immutable:
            return self._assets
        # Strangers choose the query and the paths that do not exist, the shop its pages.
        return self._odd if key.query or entry.status.startswith("404") else self._pages

    def _miss(
        self,
        key: Key,
        counters: Counters,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        place = (key.host, key.path)
        until = self._clock() + self._wait
        while place not in self._private:
            flight, pilot = self._flights.board(key)
            if pilot:
                return self._render(key, counters, environ, start_response, flight)
            if not flight.wait(max(0.0, until - self._clock())):
                break
            # A page rendered from before the latest commit may have landed: judge it like any.
            entry = self._find(key, counters)
            if entry is not None:
                environ[OUTCOME] = "hit"
                return self._send(entry, key, environ, start_response)
            if flight.landed is Landed.NOTHING:
                break
        return self._alone(place, environ, start_response)

    def _render(
        self,
        key: Key,
        counters: Counters,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        flight: Flight,
    ) -> Iterable[bytes]:
        """Render as the pilot of ``flight``, and land it whatever happens."""
        landed = Landed.NOTHING
        try:
            place = (key.host, key.path)
            if not (place in self._public or is_plain(environ, key)):
                # Never seen: the request may need what a cut would take away. Answer it whole,
                # keep nothing, and let the answer tell whether the next may be cut.
                response = run(self._app, environ)
                if self._learn(place, response):
                    landed = Landed.AGAIN
                return self._pass(response, environ, start_response)
            snapshot, now = counters.snapshot(), self._clock()
            response = run(self._app, plain(environ, key))
            verdict = judge(response.status, response.headers, self._ttl)
            body = response.read(self._largest) if verdict else None
            if verdict is not None and body is not None:
                self._learn(place, response)
                entry = make_entry(
                    response.status,
                    response.headers,
                    body,
                    verdict,
                    snapshot=snapshot,
                    counters=counters,
                    now=now,
                )
                self._share(entry, key).put(key, entry)
                landed = Landed.KEPT
                environ[OUTCOME] = "fresh"
                return self._send(entry, key, environ, start_response)
            if response.failed:
                return self._pass(response, environ, start_response)
            self._private.add(place)
            if response.marked or is_plain(environ, key):
                return self._pass(response, environ, start_response)
            # The path is public no longer: what was cut away may matter again.
            self._public.discard(place)
            response.close()
            return self._alone(place, environ, start_response)
        finally:
            self._flights.land(key, flight, landed)

    def _alone(
        self, place: tuple[str, str], environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer this request whole and for itself, but learn from the answer."""
        response = run(self._app, environ)
        self._learn(place, response)
        return self._pass(response, environ, start_response)

    def _learn(self, place: tuple[str, str], response: Response) -> bool:
        """Remember what kind of path this is; True if its pages are public."""
        if response.marked:
            self._private.discard(place)
            self._public.add(place)
        elif not response.failed and not response.status.startswith(("206", "304")):
            self._public.discard(place)
            self._private.add(place)
        return response.marked

    def _pass(
        self, response: Response, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        start_response(response.status, [p for p in response.headers if p[0].lower() != MARK])
        if environ["REQUEST_METHOD"] == "HEAD":  # it may have been rendered as a GET
            response.close()
            return []
        return response.body
