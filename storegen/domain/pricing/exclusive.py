"""Exclusive groups: of each, the one rule that leaves the customer the least to pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from storegen.domain.pricing.conditions import Refused
from storegen.domain.pricing.run import Outcome, Turn, run
from storegen.domain.pricing.running import Running
from storegen.values.pricing import CartView


class Trial(NamedTuple):
    """The cart as it would be with one candidate of a group."""

    candidate: Turn
    now: Running
    outcomes: list[Outcome]

    def own(self) -> Outcome:
        return next(each for each in self.outcomes if each.turn is self.candidate)


def contested(turns: Sequence[Turn]) -> list[list[Turn]]:
    """The groups that have more than one rule, in the order of their first."""
    groups: dict[str, list[Turn]] = {}
    for turn in turns:
        if turn.promotion.exclusive_group is not None:
            groups.setdefault(turn.promotion.exclusive_group, []).append(turn)
    return [group for group in groups.values() if len(group) > 1]


def run_groups(cart: CartView, start: Running, turns: list[Turn]) -> tuple[Running, list[Outcome]]:
    """Give every turn its go, but of each exclusive group only the best.

    Groups are decided one after another, in the order of their first rule, each candidate by the
    price of the whole cart with the groups still undecided left out. A tie goes to the earlier.
    """
    groups = contested(turns)
    waiting = {turn.rank for group in groups for turn in group}
    now, rest, outcomes = start.copy(), turns, list[Outcome]()
    if not groups:
        return now, run(cart, now, turns)
    for group in groups:
        # What comes before the group's first rule does not depend on who wins it.
        first = rest.index(group[0])
        outcomes += run(cart, now, (turn for turn in rest[:first] if turn.rank not in waiting))
        rest = rest[first:]
        trials = [_trial(cart, now, rest, waiting, candidate) for candidate in group]
        best = min(trials, key=lambda trial: trial.now.left())
        outcomes += (_lost(trial, best) for trial in trials if trial is not best)
        waiting.discard(best.candidate.rank)
    return best.now, outcomes + best.outcomes


def _trial(
    cart: CartView, start: Running, rest: list[Turn], waiting: set[int], candidate: Turn
) -> Trial:
    now = start.copy()
    tried = [turn for turn in rest if turn is candidate or turn.rank not in waiting]
    return Trial(candidate, now, run(cart, now, tried))


def _lost(trial: Trial, best: Trial) -> Outcome:
    """Why a candidate stays out: it could not apply anyhow, or another one is better."""
    own = trial.own()
    if not own.applied:
        return own
    return Outcome(own.turn, Refused("better-in-group", {"winner": best.candidate.promotion.id}))
