"""Calling hooks: one plugin at a time, with the hook's policy around each call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storegen.database import as_busy, is_retryable
from storegen.errors import Busy, PluginFault, PluginProblem, StoreError
from storegen.hookspecs import HOOKS, Policy
from storegen.plugins.breaker import Breaker
from storegen.plugins.returns import CHECKS, Check
from storegen.plugins.said import said, trace_of
from storegen.plugins.savepoint import needs_savepoint, savepoint
from storegen.values.actor import Actor
from storegen.values.orders import OrderChange

if TYPE_CHECKING:
    from storegen.uow import UnitOfWork

log = logging.getLogger("storegen.plugins")
traced = logging.getLogger("storegen.trace")
TRACE = "STOREGEN_TRACE"


@dataclass(frozen=True, slots=True)
class Implementation:
    """How one plugin answers one hook. It may take fewer arguments than the hook has."""

    plugin: str
    hook: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    policy: Policy
    check: Check


class Caller:
    """Calls implementations in the order of plugins; what a defect costs is the hook's policy.

    A hook that nobody implements costs a look into a dictionary. Faults are counted in ``breaker``.
    With ``trace`` every call is logged with its time in microseconds and its outcome.
    """

    def __init__(self, breaker: Breaker, *, trace: bool) -> None:
        self.breaker = breaker
        self.trace = trace
        self._implementations: dict[str, tuple[Implementation, ...]] = dict.fromkeys(HOOKS, ())

    def implementing(self, hook: str) -> tuple[str, ...]:
        """Who answers ``hook``, in order. Raises ``KeyError`` for a hook that is none."""
        return tuple(one.plugin for one in self._implementations[hook])

    def ask(
        self, hook: str, *, failed: list[str] | None = None, **arguments: Any
    ) -> list[tuple[str, Any]]:
        """(plugin, value) of all that answered, without ``None``.

        ``failed`` collects the plugins that a fault (or an open breaker) left out. Raises what the
        hook's policy lets through: `Refused` and other refusals, `PluginFault`.
        """
        pairs = []
        for one in self._implementations[hook]:
            value = self._call(one, arguments, failed)
            if value is not None:
                pairs.append((one.plugin, value))
        return pairs

    def ask_one(
        self, plugin: str, hook: str, *, failed: list[str] | None = None, **arguments: Any
    ) -> Any:
        """One plugin's value; ``None`` also if it does not answer this hook. As `ask`."""
        for one in self._implementations[hook]:
            if one.plugin == plugin:
                return self._call(one, arguments, failed)
        return None

    def first(self, hook: str, **arguments: Any) -> tuple[str, Any] | None:
        """The first plugin that answers something, and what; nobody after it is asked."""
        for one in self._implementations[hook]:
            value = self._call(one, arguments, None)
            if value is not None:
                return one.plugin, value
        return None

    def during(self, uow: UnitOfWork, actor: Actor, change: OrderChange) -> None:
        """Tell the plugins of an order's move, each in a savepoint. Raises what forbids it."""
        for one in self._implementations["during_transition"]:
            self._call(one, {"uow": uow, "actor": actor, "change": change}, None)

    def contained(
        self, plugin: str, what: str, work: Callable[[], Any], *, uow: UnitOfWork | None = None
    ) -> Any:
        """Run other code of a plugin (a piece of a page, say) as a hook with the policy ``skip``.

        ``what`` names it for the breaker and the log, for example ``slot product.buy``. ``None``
        after a fault, a refusal, or while the breaker is open.
        """
        return self._run(plugin, what, "skip", None, work, uow, None)

    def attempted(self, plugin: str, what: str, work: Callable[[], Any]) -> Any:
        """Run other code of a plugin as a hook with the policy ``retry``: a fault is counted and
        raised as it is."""
        return self._run(plugin, what, "retry", None, work, None, None)

    def _call(
        self, one: Implementation, arguments: Mapping[str, Any], failed: list[str] | None
    ) -> Any:
        values = [arguments[name] for name in one.arguments]
        uow = None
        if "uow" in one.arguments and one.policy != "retry":  # a retry rolls back all there is
            uow = arguments["uow"]
        return self._run(
            one.plugin,
            one.hook,
            one.policy,
            one.check,
            lambda: one.function(*values),
            uow,
            failed,
        )

    def _run(
        self,
        plugin: str,
        hook: str,
        policy: Policy,
        check: Check | None,
        work: Callable[[], Any],
        uow: UnitOfWork | None,
        failed: list[str] | None,
    ) -> Any:
        if policy == "skip" and self.breaker.is_open(plugin, hook):
            self._traced(plugin, hook, 0, "breaker open")
            if failed is not None:
                failed.append(plugin)
            return None
        started = perf_counter_ns() if self.trace else 0
        try:
            if uow is None or not needs_savepoint(uow):
                value = _checked(work, check)
            else:
                with savepoint(uow):
                    value = _checked(work, check)
        except Exception as error:
            outcome = self._after(plugin, hook, policy, error, failed)
            self._traced(plugin, hook, started, outcome)
            if policy == "skip":
                return None
            if isinstance(error, StoreError) or policy == "retry":
                raise
            raise PluginFault(plugin, hook, said(error)) from error
        if self.trace:
            self._traced(plugin, hook, started, "nothing" if value is None else "ok")
        return value

    def _after(
        self,
        plugin: str,
        hook: str,
        policy: Policy,
        error: Exception,
        failed: list[str] | None,
    ) -> str:
        """Tell an answer from a defect, and count the defect. The database's own troubles are
        neither: they are raised again, so that the whole unit is tried anew."""
        if isinstance(error, Busy):
            raise error
        if isinstance(error, DBAPIError | PoolTimeout) and (
            as_busy(error) is not None or (isinstance(error, DBAPIError) and is_retryable(error))
        ):
            raise error
        if isinstance(error, StoreError) and not isinstance(error, PluginFault | PluginProblem):
            return f"refused: {error.code}"
        text = said(error)
        self.breaker.fault(plugin, hook, text)
        log.error("plugin %s failed in %s (%s): %s", plugin, hook, policy, trace_of(error))
        if failed is not None:
            failed.append(plugin)
        return f"fault: {type(error).__name__}"

    def _traced(self, plugin: str, hook: str, started: int, outcome: str) -> None:
        if self.trace:
            micros = (perf_counter_ns() - started) // 1000 if started else 0
            traced.info("plugin=%s hook=%s us=%d outcome=%s", plugin, hook, micros, outcome)


def _checked(work: Callable[[], Any], check: Check | None) -> Any:
    try:
        value = work()
    except SystemExit as error:  # which nobody else would take for a failure
        raise RuntimeError("it tried to end the process") from error
    if value is not None and check is not None and (problem := check(value)):
        raise TypeError(f"returned {problem}")
    return value


def implementations(
    order: Sequence[str], found: Mapping[str, Mapping[str, tuple[Callable[..., Any], Any]]]
) -> dict[str, tuple[Implementation, ...]]:
    """Hook → its implementations in the plugins' order; ``found``: hook → plugin → function and
    the names of its arguments."""
    return {
        hook: tuple(
            Implementation(name, hook, *found[hook][name], policy, CHECKS[hook])
            for name in order
            if name in found.get(hook, {})
        )
        for hook, policy in HOOKS.items()
    }


def tracing(environ: Mapping[str, str]) -> bool:
    """Whether calls are traced; then the trace is shown, whatever the level of other logs is."""
    on = environ.get(TRACE) == "1"
    if on:
        traced.setLevel(logging.INFO)
        if not logging.getLogger().handlers and not traced.handlers:
            traced.addHandler(logging.StreamHandler())
    return on
