"""What the plugin host costs: ``python bench/hooks.py`` prints microseconds per call.

A call with five implementations, a hook that nobody answers, a savepoint (which a hook inside a
writing unit gets), a look at live settings, and an event with and without a listener.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from storegen.domain import outbox
from storegen.migrate import migrate
from storegen.plugins import PluginHost, Source
from storegen.sdk import Manifest, Schema, Surcharge, fields, hookimpl
from storegen.store import Store
from storegen.testing.stores import STORE_TOML
from storegen.values.actor import CLI

FEE = [Surcharge(source="x", amount=1, includes_tax=True)]


class Settings(Schema):
    limit = fields.Integer(load_default=3)


def main() -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "store.toml").write_text(
            STORE_TOML.format(
                database='"sqlite:///shop.db"', currency="CNY", country="CN", locale="en",
                mode="demo", plugins="[]",
            )
        )  # fmt: skip
        with Store.open(root) as store:
            migrate(store.engine)
            measure(store)


def measure(store: Store) -> None:
    host = use(store, 0)
    show("a hook that nobody answers", lambda: host.ask("fees", cart=None, facts=None), 200_000)
    host = use(store, 5)
    show("five implementations of `fees`", lambda: host.ask("fees", cart=None, facts=None), 50_000)
    settings = host.plugins[0].setup.settings
    show("a look at a live setting", lambda: settings["limit"], 100_000)
    with store.read() as uow:
        show(
            "five of `pricing_facts` in a reading unit (SQLite: no savepoint)",
            lambda: host.ask("pricing_facts", uow=uow, cart=None),
            50_000,
        )
    with store.write() as uow:
        show("a bare savepoint", lambda: savepoint(uow), 2_000)
        show("five of `during_transition`, each in a savepoint", lambda: during(host, uow), 500)
    use(store, 0)
    with store.write() as uow:
        show("an event without a listener", lambda: outbox.emit(uow, "order.pay", {}), 2_000)
    use(store, 5)
    with store.write() as uow:
        show("an event with five listeners", lambda: outbox.emit(uow, "order.pay", {}), 1_000)


def savepoint(uow: Any) -> None:
    with uow.db.begin_nested():
        pass


def during(host: PluginHost, uow: Any) -> None:
    host.during(uow, CLI, None)  # type: ignore[arg-type]


def show(what: str, work: Callable[[], Any], times: int) -> None:
    work()
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, (time.perf_counter() - began) / times)
    print(f"{best * 1e6:9.2f} µs  {what}")


def use(store: Store, count: int) -> PluginHost:
    plugins = [plugin(f"p{number}") for number in range(count)]
    host = PluginHost(
        [one.manifest.name for one in plugins], {}, root=store.root, base_url="", locale="en",
        currency="CNY", clock=store.clock.now, environ={},
        sources={
            one.manifest.name: (Source(one.manifest.name, "bench", lambda one=one: one),)  # type: ignore[misc]
            for one in plugins
        },
        owner=lambda: (store.counters.read(("plugin-settings",)), {}),
    )  # fmt: skip
    store.__dict__["plugins"] = host
    return host


def plugin(name: str) -> Any:
    return SimpleNamespace(
        manifest=Manifest(
            name=name, version="1", title={"en": name}, events=("order.pay",),
            settings_schema=Settings,
        ),
        fees=hookimpl(specname="fees")(lambda cart, facts: FEE),
        facts=hookimpl(specname="pricing_facts")(lambda uow, cart: 1),
        during=hookimpl(specname="during_transition")(lambda uow, change: None),
        hear=hookimpl(specname="on_event")(lambda event: None),
    )  # fmt: skip


if __name__ == "__main__":
    main()
