"""Plugins as plain objects, put to work in a store."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from storegen.plugins import PluginHost
from storegen.sdk import hookimpl
from storegen.store import Store
from tests.plugins.test_host_checks import plugin, sources

__all__ = ["answer", "plugin", "use"]


def answer(hook: str, function: Any) -> Any:
    """``function`` as the implementation of ``hook``; a copy, since the mark stays on it."""
    code, names = function.__code__, function.__globals__
    copy = FunctionType(code, names, function.__name__, function.__defaults__, function.__closure__)
    return hookimpl(specname=hook)(copy)


def use(store: Store, *plugins: Any, environ: dict[str, str] | None = None) -> PluginHost:
    """Have ``store`` use these plugins, and no others."""
    host = PluginHost(
        [one.manifest.name for one in plugins],
        {},
        root=store.root,
        base_url="http://shop.test",
        locale="zh-Hans",
        currency="CNY",
        clock=store.clock.now,
        sources=sources(*plugins),
        environ=environ or {},
        faults=store.var / "plugin-faults.jsonl",
    )
    store.__dict__["plugins"] = host
    return host
