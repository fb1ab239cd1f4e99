"""The hooks that may refuse a sale, and do: for no reason, and by failing."""

from __future__ import annotations

from typing import Any

from storegen.sdk import CartView, UnitOfWork, hookimpl, settings_of

from .acts import Acts

acts = Acts()


def _act(uow: UnitOfWork) -> Any:
    return acts.act(settings_of(uow, "saboteur")["mode"], uow)


@hookimpl
def tax_lines(cart: CartView, facts: Any) -> Any:
    return acts.act(facts["mode"], None)


@hookimpl
def check_order(uow: UnitOfWork) -> Any:
    return _act(uow)


@hookimpl
def during_transition(uow: UnitOfWork) -> Any:
    return _act(uow)


@hookimpl
def issue_reward(uow: UnitOfWork) -> Any:
    return _act(uow)


@hookimpl
def erase_personal_data(uow: UnitOfWork) -> Any:
    return _act(uow)
