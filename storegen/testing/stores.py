"""Small stores in a folder of a test's own."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from storegen.clock import Clock
from storegen.store import Store
from storegen.testing import sabotage

STORE_TOML = """\
[store]
name = "Test shop"
database = {database}
secret = "0123456789abcdef0123456789abcdef"
theme = "grove"
locale = "{locale}"
locales = ["zh-Hans", "en"]
currency = "{currency}"
country = "{country}"
timezone = "Asia/Shanghai"
plugins = {plugins}

[server]
mode = "{mode}"
base_url = "http://shop.test"
hosts = ["shop.test", "localhost", "127.0.0.1"]
"""


class StoreMaker:
    """Makes empty open stores below ``folder`` and closes them in the end.

    ``make_database(backend)`` answers the address of a fresh migrated database. With the
    environment's ``STOREGEN_TEST_SABOTEUR`` (``1`` or a mode of `storegen.testing.saboteur`) every
    store has the saboteur at work.
    """

    def __init__(self, folder: Path, make_database: Callable[[str], str], clock: Clock) -> None:
        self._folder = folder
        self._make_database = make_database
        self._clock = clock
        self._opened: list[Store] = []

    def __call__(
        self,
        backend: str = "sqlite",
        *,
        currency: str = "CNY",
        country: str = "CN",
        locale: str = "zh-Hans",
        mode: str = "demo",
        plugins: list[str] | None = None,
        extra: str = "",
    ) -> Store:
        root = self._folder / f"store-{len(self._opened)}"
        root.mkdir()
        names = list(plugins) if plugins is not None else ["pay_offline"]
        spoil = os.environ.get(sabotage.VARIABLE, "")
        if spoil:
            extra += sabotage.move_in(root, names, spoil)
        text = STORE_TOML.format(
            database=json.dumps(self._make_database(backend)),
            currency=currency,
            country=country,
            locale=locale,
            mode=mode,
            plugins=json.dumps(names),
        )
        (root / "store.toml").write_text(text + extra, encoding="utf-8")
        store = Store.open(root, clock=self._clock)
        self._opened.append(store)
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for store in self._opened:
            store.close()
