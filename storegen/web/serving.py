"""A store directory as a `Site` that `storegen.serving` can serve."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from storegen.publish.cachekey import KeyRules
from storegen.publish.site import Site
from storegen.store import Store
from storegen.web.app import create_app
from storegen.web.binding import trusted_host

QUERY = frozenset(
    {"q", "page", "after", "sort", "f", "min", "max", "stock", "variant", "tag"}
) | frozenset(
    {"category", "vendor", "type", "option", "price_min", "price_max", "available", "limit"}
)
"""Parameters that public pages and the API's public answers read; the cache ignores others."""


def site(store_dir: str | Path, *, safe_mode: bool = False) -> Site:
    """Open the store and make its app. Raises `SetupError` before anything is served."""
    store = Store.open(Path(store_dir), safe_mode=safe_mode)
    store.plugins  # noqa: B018 - a plugin that is wrong stops the start
    return Site(
        app=create_app(store),
        counters_for=lambda environ: store.counters,
        rules=KeyRules(trusted_host=partial(trusted_host, store), query=QUERY),
        proxies=store.config.trusted_proxies,
    )


def safe_site(store_dir: str | Path) -> Site:
    """The shop without its plugins (`storegen serve --safe-mode`)."""
    return site(store_dir, safe_mode=True)
