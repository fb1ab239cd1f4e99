"""A shop under test, into which plugins are put."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask

from storegen.clock import Clock
from storegen.config import FILE, read_config
from storegen.generate import toml_edit
from storegen.migrate import migrate
from storegen.plugins import PluginHost, Source, discover
from storegen.plugins.host import Plugin
from storegen.store import Store
from storegen.testing.goods import make_delivery, make_product
from storegen.testing.sandbox import Gateway
from storegen.testing.stores import StoreMaker
from storegen.web.app import create_app


class Kit:
    """``app`` is made when it is first asked for, so plugins that were put in before are in it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._modules: dict[str, ModuleType] = {}

    def stock_shelves(self) -> None:
        """Goods to sell, and a way to send them."""
        make_delivery(self.store)
        for title, price in (("Green tea", 1999), ("Teapot", 12900), ("Cup", 500)):
            make_product(self.store, title, price=price, stock=100, description=f"<p>{title}</p>")

    @cached_property
    def app(self) -> Flask:
        return create_app(self.store)

    def with_plugin(
        self, plugin: str | Path | ModuleType, settings: Mapping[str, Any] | None = None
    ) -> Plugin:
        """Enable a plugin with these settings (as store.toml has them), make its tables.

        ``plugin``: the name of an installed one, the imported module that has the manifest, or the
        path of a single file or folder, which is copied into the store's own ``plugins``. Raises
        what a shop would refuse to start with.
        """
        if isinstance(plugin, Path):
            name = plugin.stem
            _copy(plugin, self.store.root / "plugins" / plugin.name)
        elif isinstance(plugin, ModuleType):
            name = plugin.manifest.name
            self._modules[name] = plugin
        else:
            name = plugin
        toml_edit.edit(self.store.root / FILE, toml_edit.list_plugin(name, dict(settings or {})))
        self.restart()
        migrate(self.store.engine, self.store.streams)
        return self.store.plugins.by_name[name]

    def restart(self) -> None:
        """As a restart of the shop: the store reads its file and its plugins again."""
        store = self.store
        store.config = read_config(store.root)
        if "plugins" in store.__dict__:
            store.__dict__.pop("plugins").close()
        if self._modules:
            store.__dict__["plugins"] = _host(store, self._modules)
        store.cache.clear()
        self.__dict__.pop("app", None)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def _host(store: Store, modules: Mapping[str, ModuleType]) -> PluginHost:
    """The store's own host, which also finds ``modules``."""
    found = {**discover(store.root), **{name: (_source(name, modules[name]),) for name in modules}}
    return store.make_host(found)


def _source(name: str, module: ModuleType) -> Source:
    return Source(name, f"{module.__name__} under test", lambda: module, module.__name__)


@contextmanager
def small_shop(
    folder: Path, database: Callable[[str], str], clock: Clock, gateway: Gateway
) -> Iterator[Kit]:
    """A shop in English and Chinese below ``folder``, with goods, and the sandbox to pay at."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in gateway.settings.items()]
    account = "\n".join(["\n[plugin.pay_sandbox]", *lines, ""])
    with StoreMaker(folder, database, clock) as make:
        kit = Kit(make(locale="en", plugins=["pay_offline", "pay_sandbox"], extra=account))
        kit.stock_shelves()
        yield kit
