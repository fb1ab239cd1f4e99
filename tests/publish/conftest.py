from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storegen.counters import Counters
from storegen.publish.cachekey import KeyRules
from storegen.publish.pagecache import PageCache
from tests.publish.client import Shop

RULES = KeyRules(
    trusted_host=lambda host: host.lower() in ("shop.example", "other.example"),
    query=frozenset({"page", "sort", "q"}),
)


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def counters(tmp_path: Path) -> Counters:
    return Counters(tmp_path / "counters")


@pytest.fixture
def cache(shop: Shop, counters: Counters) -> PageCache:
    return PageCache(shop, lambda environ: counters, RULES)


@pytest.fixture
def make_cache(shop: Shop, counters: Counters) -> Callable[..., PageCache]:
    def make(app: Any = shop, **options: Any) -> PageCache:
        return PageCache(app, lambda environ: counters, RULES, **options)

    return make
