"""What plugins bring when the store opens, checked and contained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from storegen.errors import PluginProblem
from storegen.plugins.breaker import Breaker
from storegen.plugins.calls import Implementation
from storegen.plugins.contained import ContainedProvider
from storegen.plugins.payment import contain
from storegen.plugins.started import ContainedChannel, carriers, channels, root_files
from storegen.values.carrier import Carrier
from storegen.values.plugin import PluginSetup


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """``payment_providers`` and ``carriers`` by code, in the plugins' order; ``message_channels``
    by kind; ``root_files`` by name."""

    payment_providers: Mapping[str, ContainedProvider]
    message_channels: Mapping[str, ContainedChannel]
    carriers: Mapping[str, Carrier]
    root_files: Mapping[str, bytes]


def bring(collect: Callable[[str], list[tuple[str, Any]]], breaker: Breaker) -> Brought:
    """``collect`` calls one hook of the start: (plugin, value) pairs. Raises `PluginProblem`."""
    return Brought(
        payment_providers=MappingProxyType(contain(collect("payment_methods"), breaker)),
        message_channels=MappingProxyType(channels(collect("message_channels"), breaker)),
        carriers=MappingProxyType(carriers(collect("carriers"))),
        root_files=MappingProxyType(root_files(collect("root_files"))),
    )


def at_start(one: Implementation, setup: PluginSetup) -> Any:
    """Call a hook of the start. Whatever goes wrong raises `PluginProblem`."""
    try:
        value = one.function(*[setup for _ in one.arguments])
    except PluginProblem:
        raise
    except Exception as error:
        raise PluginProblem(
            f"Plugin `{one.plugin}` failed in {one.hook}: {type(error).__name__}: {error}.",
            f"Check [plugin.{one.plugin}] in store.toml, or start with --safe-mode.",
        ) from error
    if value is not None and (problem := one.check(value)):
        raise PluginProblem(
            f"Plugin `{one.plugin}`: {one.hook} returned {problem}.",
            f"Take `{one.plugin}` out of [plugins] in store.toml, or update it.",
        )
    return value
