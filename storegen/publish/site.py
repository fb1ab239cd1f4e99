"""What the web layer hands over to be served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storegen.counters import Counters
from storegen.publish.cachekey import KeyRules

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A WSGI app and what must be known to stand in front of it.

    ``counters_for``: the counters of the store that a request is for, None if there is none.
    ``rules``: trusted hosts and the query parameters that public pages read.
    ``proxies``: how many reverse proxies of the owner's stand before the server; only that many
    entries of X-Forwarded-For, -Proto and -Host are believed.
    """

    app: WSGIApplication
    counters_for: Callable[[WSGIEnvironment], Counters | None]
    rules: KeyRules
    proxies: int = 0
