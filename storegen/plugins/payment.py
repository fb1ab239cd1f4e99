"""Checks on what the hook `payment_methods` returned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from storegen.errors import PluginProblem
from storegen.plugins.breaker import Breaker
from storegen.plugins.contained import ContainedProvider
from storegen.values.payment import PaymentProvider

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_METHODS = (
    "available",
    "start",
    "read_notification",
    "acknowledge",
    "query",
    "close",
    "refund",
    "query_refund",
)


def contain(
    answers: Iterable[tuple[str, object]], breaker: Breaker
) -> dict[str, ContainedProvider]:
    """Code → contained provider, in the order of the answers. Raises `PluginProblem`."""
    providers: dict[str, ContainedProvider] = {}
    for plugin, answer in answers:
        if not isinstance(answer, list | tuple):
            raise _wrong(plugin, f"returned {type(answer).__name__} instead of a list")
        for provider in answer:
            if problem := _problem(provider):
                raise _wrong(plugin, problem)
            if provider.code in providers:
                raise _wrong(
                    plugin,
                    f"brings `{provider.code}`, which is already brought by plugin "
                    f"`{providers[provider.code].plugin}`",
                )
            providers[provider.code] = ContainedProvider(plugin, provider, breaker)
    return providers


def _problem(provider: PaymentProvider) -> str:
    missing = [name for name in _METHODS if not callable(getattr(provider, name, None))]
    if missing:
        return f"returned a {type(provider).__name__} that has no `{missing[0]}`"
    code = getattr(provider, "code", None)
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        return f"has a bad provider code {code!r}: small letters, digits, underscores, at most 32"
    titles = getattr(provider, "titles", None)
    if not isinstance(titles, Mapping) or not titles.get("en"):
        return f"has no English title for `{code}`"
    if not isinstance(getattr(provider, "notifies", None), bool):
        return f"does not say whether `{code}` notifies"
    return ""


def _wrong(plugin: str, what: str) -> PluginProblem:
    return PluginProblem(
        f"Plugin `{plugin}`: payment_methods {what}.",
        f"Take `{plugin}` out of [plugins] in store.toml, or update it.",
    )
