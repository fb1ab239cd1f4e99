"""Exclusive groups: of each, the one rule that leaves the customer the least to pay."""

from __future__ import annotations

from storegen.domain.pricing.conditions import Refused
from storegen.domain.pricing.run import Outcome, Turn, run
from storegen.domain.pricing.running import Running
from storegen.values.pricing import CartView


def run_groups(cart: CartView, now: Running, turns: list[Turn]) -> list[Outcome]:
    """Give every turn its go, but of each exclusive group only the best; lowers ``now``.

    Groups are decided one after another, in the order of their first rule, each candidate by the
    price of the whole cart with the groups still undecided left out. A tie goes to the earlier.
    """
    groups: dict[str, list[Turn]] = {}
    for turn in turns:
        if turn.promotion.exclusive_group is not None:
            groups.setdefault(turn.promotion.exclusive_group, []).append(turn)
    contested = [group for group in groups.values() if len(group) > 1]
    waiting = {turn.rank for group in contested for turn in group}
    outcomes: list[Outcome] = []
    rest = turns
    for group in contested:
        # What comes before the group's first rule does not depend on who wins it.
        first = rest.index(group[0])
        outcomes += run(cart, now, (turn for turn in rest[:first] if turn.rank not in waiting))
        rest = rest[first:]
        winner, lost = _decide(cart, now, rest, waiting, group)
        outcomes += lost
        waiting.discard(winner.rank)
    return outcomes + run(cart, now, (turn for turn in rest if turn.rank not in waiting))


def _decide(
    cart: CartView, now: Running, rest: list[Turn], waiting: set[int], group: list[Turn]
) -> tuple[Turn, list[Outcome]]:
    trials = [_trial(cart, now, rest, waiting, candidate) for candidate in group]
    best = min(range(len(group)), key=lambda i: trials[i][0])
    better = Refused("better-in-group", {"winner": group[best].promotion.id})
    lost = [
        Outcome(outcome.turn, better) if outcome.applied else outcome
        for i, (_, outcome) in enumerate(trials)
        if i != best
    ]
    return group[best], lost


def _trial(
    cart: CartView, start: Running, rest: list[Turn], waiting: set[int], candidate: Turn
) -> tuple[int, Outcome]:
    """What is left to pay with this candidate, and how its own turn went."""
    now = start.copy()
    tried = [turn for turn in rest if turn is candidate or turn.rank not in waiting]
    outcomes = run(cart, now, tried)
    return now.left(), next(outcome for outcome in outcomes if outcome.turn is candidate)
