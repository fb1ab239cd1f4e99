"""Every hook of storegen, in one file; the docstrings are the reference.

An implementation is a function (or method) with the hook's name, marked ``@hookimpl`` from
`storegen.sdk`. It may take fewer arguments than the hook has, but none of another name. The host
calls implementations one by one in the order of plugins (`requires`, `after`, then `store.toml`)
and keeps apart what each of them returned. ``None`` always means "nothing from me".

What an exception does is the hook's *policy*, named with the hook: ``stop`` stops the boot with a
`PluginProblem` that names the plugin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import pluggy

from storegen.values.payment import PaymentProvider
from storegen.values.plugin import Companion, PluginSetup

PROJECT = "storegen"
hookimpl = pluggy.HookimplMarker(PROJECT)
_hookspec = pluggy.HookspecMarker(PROJECT)

Policy = Literal["stop"]
_F = TypeVar("_F", bound=Callable[..., object])


def _hook(policy: Policy) -> Callable[[_F], _F]:
    def mark(function: _F) -> _F:
        function.storegen_policy = policy  # type: ignore[attr-defined]
        return _hookspec(function)

    return mark


@_hook("stop")
def payment_methods(setup: PluginSetup) -> Sequence[PaymentProvider] | None:
    """Ways to pay that this plugin brings.

    When: once, while the store opens. Do no network traffic here: the shop must start while a
    provider is down.

    Return: providers in the order in which the checkout shows them. ``code`` is stable, lower
    case and unique over all plugins; ``titles`` has ``en``. ``None`` or an empty list: no way to
    pay, for example while a setting is missing on purpose.

    An exception, a code that is taken or a value that is no provider: stops the boot. What the
    *methods* of a provider raise afterwards is contained per call (see `PaymentProvider`).
    """


@_hook("stop")
def companions(setup: PluginSetup) -> Sequence[Companion] | None:
    """Programs that run beside the shop, as the sandbox gateway does in a demo.

    When: by `storegen serve`, before it starts its workers; no other command asks.

    Return: programs to start and to restart if they end by themselves. ``None``: none.

    An exception or a value of another type: stops the start.
    """


HOOKS: dict[str, Policy] = {
    name: value.storegen_policy
    for name, value in list(globals().items())
    if hasattr(value, "storegen_policy")
}
"""Name of each hook → what an exception does."""
