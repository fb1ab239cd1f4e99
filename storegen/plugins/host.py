"""The plugin host of one store."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pluggy

import storegen
from storegen import hookspecs
from storegen.errors import PluginProblem
from storegen.plugins.breaker import Breaker
from storegen.plugins.contained import ContainedProvider
from storegen.plugins.discovery import Source, choose, discover
from storegen.plugins.http import http_client
from storegen.plugins.loading import Loaded, check_version, load, register
from storegen.plugins.manifest import Manifest
from storegen.plugins.order import in_order
from storegen.plugins.payment import contain
from storegen.plugins.place import folder_of, package_of
from storegen.plugins.settings import read_settings
from storegen.values.plugin import Clock, Companion, PluginSetup


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin at work: what it is, where it came from, what it was given."""

    manifest: Manifest
    origin: str
    setup: PluginSetup
    package: str = ""
    """Import name of its package; "" for a single file, which has no files beside it."""

    @property
    def folder(self) -> Path | None:
        """Where its templates, static files and translations lie."""
        return folder_of(self.package)


class PluginHost:
    """Finds, checks and orders the plugins of one store, and calls them.

    ``names`` are the plugins of `store.toml` in its order, ``settings`` their raw tables by name
    (tables of plugins that are not listed are left alone). Secrets in files are looked up from
    ``root``, the store's folder. Nothing is imported that is not listed.

    Raises `PluginProblem` for whatever is wrong. With ``safe_mode`` no plugin is used at all, so
    that an owner can start, and mend, a shop that a plugin keeps from starting.
    """

    def __init__(
        self,
        names: Sequence[str],
        settings: Mapping[str, Mapping[str, Any]],
        *,
        root: Path,
        base_url: str,
        locale: str,
        currency: str,
        clock: Clock,
        storegen_version: str = storegen.__version__,
        environ: Mapping[str, str] | None = None,
        sources: Mapping[str, tuple[Source, ...]] | None = None,
        safe_mode: bool = False,
    ) -> None:
        self.safe_mode = safe_mode
        self.breaker = Breaker(clock)
        self._clients: list[httpx.Client] = []
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        listed = () if safe_mode else _once(names)
        loaded = _load(listed, discover() if sources is None else sources, storegen_version)
        self.plugins: tuple[Plugin, ...] = tuple(
            Plugin(
                (manifest := loaded[name].manifest),
                loaded[name].source.origin,
                PluginSetup(
                    plugin=name,
                    settings=read_settings(
                        manifest,
                        settings.get(name, {}),
                        environ=os.environ if environ is None else environ,
                        root=root,
                    ),
                    base_url=base_url.rstrip("/"),
                    locale=locale,
                    currency=currency,
                    clock=clock,
                    data_dir=root / "plugin-data" / name,
                    http=self._client,
                ),
                package_of(loaded[name].target),
            )
            for name in in_order({name: one.manifest for name, one in loaded.items()}, listed)
        )
        for plugin in self.plugins:
            register(self._manager, loaded[plugin.manifest.name])
        self.payment_providers: Mapping[str, ContainedProvider] = MappingProxyType(
            contain(self.collect("payment_methods"), self.breaker)
        )
        """Code → provider, in the order of the checkout."""

    def collect(self, hook: str) -> list[tuple[str, Any]]:
        """Call every implementation with its plugin's setup: (plugin, value) pairs, no ``None``.

        An exception is handled by the hook's policy; ``stop`` raises `PluginProblem`.
        """
        pairs: list[tuple[str, Any]] = []
        caller = getattr(self._manager.hook, hook)
        of_plugin = {impl.plugin_name: impl for impl in caller.get_hookimpls()}
        for plugin in self.plugins:
            name = plugin.manifest.name
            if (impl := of_plugin.get(name)) is None:
                continue
            arguments = {"setup": plugin.setup}
            try:
                # An implementation may take fewer arguments than the hook has.
                value = impl.function(*[arguments[argument] for argument in impl.argnames])
            except PluginProblem:
                raise
            except Exception as error:
                raise PluginProblem(
                    f"Plugin `{name}` failed in {hook}: {type(error).__name__}: {error}.",
                    f"Check [plugin.{name}] in store.toml, or start with --safe-mode.",
                ) from error
            if value is not None:
                pairs.append((name, value))
        return pairs

    def companions(self) -> tuple[Companion, ...]:
        """Programs that `storegen serve` runs beside the shop. Raises `PluginProblem`."""
        found: list[Companion] = []
        for plugin, answer in self.collect("companions"):
            if not isinstance(answer, list | tuple) or not all(
                isinstance(one, Companion) for one in answer
            ):
                raise PluginProblem(
                    f"Plugin `{plugin}`: companions returned something else than Companions.",
                    f"Take `{plugin}` out of [plugins] in store.toml, or update it.",
                )
            found.extend(answer)
        return tuple(found)

    def close(self) -> None:
        """Close the connections that plugins opened through the host."""
        while self._clients:
            self._clients.pop().close()

    def _client(self, base_url: str) -> httpx.Client:
        client = http_client(base_url)
        self._clients.append(client)
        return client


def _once(names: Iterable[str]) -> tuple[str, ...]:
    seen: list[str] = []
    for name in names:
        if name in seen:
            raise PluginProblem(
                f"Plugin `{name}` is listed twice.", "Take one of them out of store.toml."
            )
        seen.append(name)
    return tuple(seen)


def _load(
    names: Iterable[str], sources: Mapping[str, tuple[Source, ...]], storegen_version: str
) -> dict[str, Loaded]:
    loaded: dict[str, Loaded] = {}
    for name in names:
        loaded[name] = load(choose(name, sources))
        check_version(loaded[name].manifest, storegen_version)
    return loaded
