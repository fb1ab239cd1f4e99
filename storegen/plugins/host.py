"""The plugin host of one store."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pluggy

import storegen
from storegen import hookspecs
from storegen.errors import PluginProblem
from storegen.plugins.breaker import Breaker, Fault
from storegen.plugins.brought import at_start, bring
from storegen.plugins.calls import Caller, implementations, tracing
from storegen.plugins.checks import check_manifests, listeners, own_events
from storegen.plugins.contained import ContainedProvider
from storegen.plugins.discovery import Source, discover
from storegen.plugins.faultlog import FaultLog
from storegen.plugins.http import http_client
from storegen.plugins.live import LiveSettings, Owner
from storegen.plugins.loading import Loaded, load_listed, register
from storegen.plugins.manifest import Manifest
from storegen.plugins.order import in_order
from storegen.plugins.settings import read_settings
from storegen.plugins.started import ContainedChannel
from storegen.values.carrier import Carrier
from storegen.values.plugin import Clock, Companion, PluginSetup

log = logging.getLogger("storegen.plugins")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin at work: what it is, where it came from, what it was given."""

    manifest: Manifest
    origin: str
    setup: PluginSetup
    folder: Path | None = None
    """Its package's, with ``templates/`` and ``migrations/``; None for a single file."""
    package: str = ""
    """Import name of its package (of its module, for a single file), "" if it has none."""


class PluginHost(Caller):
    """Finds, checks and orders the plugins of one store, and calls them.

    ``names`` are the plugins of `store.toml` in its order, ``settings`` their raw tables by name
    (tables of plugins that are not listed are left alone); ``owner`` looks up what was set in the
    back office, which counts where store.toml says nothing. Secrets in files are looked up from
    ``root``, the store's folder. Nothing is imported that is not listed. ``faults`` is a file that
    tells all processes of the store what any of them saw.

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
        owner: Owner | None = None,
        faults: Path | None = None,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._clock = clock
        self._fault_log = None if faults is None else FaultLog(faults)
        tell = None if self._fault_log is None else self._fault_log.add
        super().__init__(Breaker(clock, tell), trace=tracing(self._environ))
        self.safe_mode = safe_mode
        self._root = root
        self._raw = settings
        self._owner = owner
        self._clients: list[httpx.Client] = []
        listed = () if safe_mode else tuple(names)
        loaded = load_listed(
            listed, discover(root) if sources is None else sources, storegen_version
        )
        manifests = {name: one.manifest for name, one in loaded.items()}
        order = in_order(manifests, listed)
        check_manifests(manifests, {name: one.folder for name, one in loaded.items()})
        self.own_events = frozenset(own_events(manifests.values()))
        """``<plugin>.<name>`` of the events that plugins announce."""
        self.plugins: tuple[Plugin, ...] = tuple(
            self._plugin(
                loaded[name],
                PluginSetup(
                    plugin=name,
                    settings=self._settings(loaded[name].manifest),
                    base_url=base_url.rstrip("/"),
                    locale=locale,
                    currency=currency,
                    clock=clock,
                    data_dir=root / "plugin-data" / name,
                    http=self._client,
                ),
            )
            for name in order
        )
        self.by_name: Mapping[str, Plugin] = MappingProxyType(
            {plugin.manifest.name: plugin for plugin in self.plugins}
        )
        self._register(order, loaded)
        self._listeners = listeners(
            [plugin.manifest for plugin in self.plugins], self.implementing("on_event")
        )
        self._mark, self._owner_values = self._owner_says()
        self._start()

    # -- what plugins brought when the store opened ------------------------------------------

    @property
    def payment_providers(self) -> Mapping[str, ContainedProvider]:
        """Code → provider, in the order of the checkout."""
        self._follow_settings()
        return self._payment_providers

    @payment_providers.setter
    def payment_providers(self, providers: Mapping[str, ContainedProvider]) -> None:
        self._payment_providers: Mapping[str, ContainedProvider] = providers

    @property
    def message_channels(self) -> Mapping[str, ContainedChannel]:
        """Kind (``sms``, ``email``) → the channel that plugins bring for it."""
        self._follow_settings()
        return self._brought.message_channels

    @property
    def carriers(self) -> Mapping[str, Carrier]:
        """Code → carrier, in the order of plugins."""
        self._follow_settings()
        return self._brought.carriers

    @property
    def root_files(self) -> Mapping[str, bytes]:
        """Name → content of files at the root of the shop's address."""
        self._follow_settings()
        return self._brought.root_files

    def listeners(self, event: str) -> tuple[str, ...]:
        """The plugins that hear of ``event``, in order."""
        return self._listeners.get(event, ())

    def collect(
        self, hook: str, setups: Mapping[str, PluginSetup] | None = None
    ) -> list[tuple[str, Any]]:
        """Call every implementation of a hook of the start with its plugin's setup (or the one in
        ``setups``): (plugin, value) pairs, no ``None``. Whatever goes wrong raises
        `PluginProblem`."""
        pairs = []
        for one in self._implementations[hook]:
            setup = (setups or {}).get(one.plugin) or self.by_name[one.plugin].setup
            value = at_start(one, setup)
            if value is not None:
                pairs.append((one.plugin, value))
        return pairs

    def companions(self) -> tuple[Companion, ...]:
        """Programs that `storegen serve` runs beside the shop. Raises `PluginProblem`."""
        return tuple(one for _, answer in self.collect("companions") for one in answer)

    def faults(self) -> tuple[Fault, ...]:
        """What went wrong in the last five minutes, in all processes of the store."""
        if self._fault_log is None:
            return self.breaker.seen()
        return self._fault_log.recent(self._clock())

    def close(self) -> None:
        """Close the connections that plugins opened through the host."""
        while self._clients:
            self._clients.pop().close()

    # -- settings -------------------------------------------------------------------------------

    def fixed_settings(self, plugin: str) -> Mapping[str, Any]:
        """What store.toml decides for a plugin, secrets by reference: name → TOML value."""
        return self._raw.get(plugin, {})

    def try_settings(self, plugin: str, owner: Mapping[str, Any]) -> Mapping[str, Any]:
        """The checked settings if the owner's were ``owner``, with which the plugin's hooks of the
        start do their part. Raises `PluginProblem`."""
        found = self.by_name[plugin]
        settings = read_settings(
            found.manifest,
            self.fixed_settings(plugin),
            environ=self._environ,
            root=self._root,
            owner=owner,
        )
        setups = {plugin: replace(found.setup, settings=settings)}
        bring(partial(self.collect, setups=setups), self.breaker)
        return settings

    def _settings(self, manifest: Manifest) -> Mapping[str, Any]:
        raw = self._raw.get(manifest.name, {})

        def check(owner: Mapping[str, Any]) -> Mapping[str, Any]:
            return read_settings(manifest, raw, environ=self._environ, root=self._root, owner=owner)

        if manifest.settings_schema is None or self._owner is None:
            return check({})
        return LiveSettings(manifest.name, self._owner, check)

    def _owner_says(self) -> tuple[object, Mapping[str, Mapping[str, Any]]]:
        return self._owner() if self._owner is not None and self.plugins else (None, {})

    def _follow_settings(self) -> None:
        """Ask the hooks of the start again after the owner changed a setting."""
        mark, values = self._owner_says()
        if mark == self._mark:
            return
        self._mark = mark
        if values == self._owner_values:  # another counter shares the place of ours
            return
        self._owner_values = values
        try:
            self._start()
        except PluginProblem as problem:
            # The shop is running: what it had before goes on.
            log.error("settings of a plugin cannot be used: %s", problem)

    def _start(self) -> None:
        brought = bring(self.collect, self.breaker)
        self._payment_providers = brought.payment_providers
        self._brought = brought

    # -- making ---------------------------------------------------------------------------------

    def _plugin(self, loaded: Loaded, setup: PluginSetup) -> Plugin:
        return Plugin(loaded.manifest, loaded.source.origin, setup, loaded.folder, loaded.package)

    def _register(self, order: Sequence[str], loaded: Mapping[str, Loaded]) -> None:
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        found: dict[str, dict[str, tuple[Callable[..., Any], Any]]] = {}
        for name in order:
            for hook, function in register(manager, loaded[name]).items():
                found.setdefault(hook, {})[name] = function
        self._implementations = implementations(order, found)

    def _client(self, base_url: str) -> httpx.Client:
        client = http_client(base_url)
        self._clients.append(client)
        return client
