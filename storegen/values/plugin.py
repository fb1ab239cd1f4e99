"""What the host hands to a plugin, and what a plugin may ask the host to run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC. Plugins never ask the machine for it."""

_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginSetup:
    """What one plugin knows of its store when it is set up.

    ``settings`` are this plugin's own, validated by its schema, defaults filled in, secrets
    resolved; they are left out of ``repr`` so that no log line carries a secret.
    """

    plugin: str
    settings: Mapping[str, Any] = field(repr=False)
    base_url: str
    """Public address of the shop, without a slash at the end."""
    locale: str
    """The store's main locale."""
    currency: str
    """The store's currency, ISO 4217."""
    clock: Clock
    data_dir: Path
    """A folder of the plugin's own inside the store. The plugin makes it when it needs it."""
    http: Callable[[str], Any]
    """Base URL → an ``httpx.Client`` with short time-outs that follows no redirects and reads no
    proxy settings; it is safe to share between threads, and the host closes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A program that `storegen serve` runs and supervises beside the shop.

    It must stop on SIGTERM. Secrets go into ``environment``: a command line is public to every
    user of the machine.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: _EMPTY, repr=False)
    url: str = ""
    """Where it listens, to be shown in the log; empty if nowhere."""
