"""Promotions that may not be combined (``stacks_with``): the set that is best for the customer.

Choosing is bounded, so that no list of promotions makes a quote slow. Each promotion in conflict
is tried alone; what it takes alone is the most that it takes beside others, since amounts only
fall. So sets are looked at in the order of the most that they could take, the first one wins that
no other can pass, and at most `MOST_TRIALS` are priced in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

from storegen.domain.pricing.conditions import Refused, named
from storegen.domain.pricing.exclusive import contested, run_groups
from storegen.domain.pricing.run import Outcome, Turn, run
from storegen.domain.pricing.running import Running
from storegen.values.pricing import CartView

MOST_TRIALS = 4
MOST_STEPS = 60

Worth = tuple[int, int]
"""Money taken, then gifts given."""


def run_stacked(cart: CartView, start: Running, turns: list[Turn]) -> tuple[Running, list[Outcome]]:
    """Give every turn its go, but of those that exclude each other only the best set."""
    enemies = _enemies(turns)
    if not enemies:
        return run_groups(cart, start, turns)
    now = start.copy()
    # What comes before the first choice does not depend on it.
    choices = {*enemies, *(turn.rank for group in contested(turns) for turn in group)}
    first = next(i for i, turn in enumerate(turns) if turn.rank in choices)
    outcomes, turns = run(cart, now, turns[:first]), turns[first:]
    free = [turn for turn in turns if turn.rank not in enemies]
    rivals: list[tuple[Worth, Turn]] = []
    for turn in turns:
        if turn.rank in enemies:
            alone = now.copy()
            [outcome] = run(cart, alone, [turn])
            if outcome.applied:
                rivals.append((_worth(now, alone), turn))
            else:
                outcomes.append(outcome)
    rivals.sort(key=lambda rival: (-rival[0][0], -rival[0][1], rival[1].rank))
    base = _worth(now, run_groups(cart, now, free)[0]) if free else (0, 0)
    best: tuple[Running, list[Outcome]] | None = None
    for tried, (bound, chosen) in enumerate(_sets(rivals, enemies)):
        if best is not None and (tried >= MOST_TRIALS or _sum(base, bound) <= _worth(now, best[0])):
            break
        together = sorted([*free, *chosen], key=lambda turn: turn.rank)
        trial = run_groups(cart, now, together)
        if best is None or trial[0].left() < best[0].left():
            best = trial
    assert best is not None  # the first set is always tried
    applied = [outcome.turn for outcome in best[1] if outcome.applied]
    ran = {outcome.turn.rank for outcome in best[1]}
    outcomes += (_lost(turn, applied, enemies) for _, turn in rivals if turn.rank not in ran)
    return best[0], outcomes + best[1]


def _enemies(turns: Sequence[Turn]) -> dict[int, set[int]]:
    """Rank → ranks of the turns that it may not be combined with."""
    found: dict[int, set[int]] = {}
    for turn in turns:
        names = turn.promotion.stacks_with
        if names is None:
            continue
        allowed = frozenset(names)
        for other in turns:
            if other is not turn and not named(other.promotion.id, allowed):
                found.setdefault(turn.rank, set()).add(other.rank)
                found.setdefault(other.rank, set()).add(turn.rank)
    return found


def _sets(
    rivals: Sequence[tuple[Worth, Turn]], enemies: dict[int, set[int]]
) -> Iterator[tuple[Worth, list[Turn]]]:
    """Sets without a conflict, those that could take the most first (at the first by the worth of
    their members alone). ``rivals`` come with the best first."""
    bit = {turn.rank: 1 << i for i, (_, turn) in enumerate(rivals)}
    against = [sum(bit.get(rank, 0) for rank in enemies[turn.rank]) for _, turn in rivals]

    def members(mask: int) -> Iterator[int]:
        while mask:
            low = mask & -mask
            yield low.bit_length() - 1
            mask ^= low

    def worth(mask: int) -> Worth:
        return _sum(*(rivals[i][0] for i in members(mask)))

    def most(mask: int) -> Worth:
        """At most one of promotions that all exclude each other can apply: the best of them."""
        leaders = []
        while mask:
            leader = (mask & -mask).bit_length() - 1
            leaders.append(rivals[leader][0])
            mask ^= 1 << leader
            others = mask & against[leader]
            while others:
                i = (others & -others).bit_length() - 1
                mask ^= 1 << i
                others &= against[i]
        return _sum(*leaders)

    def push(chosen: int, undecided: int) -> None:
        bound = _sum(worth(chosen), most(undecided))
        heappush(heap, (-bound[0], -bound[1], -chosen, undecided))

    heap: list[tuple[int, int, int, int]] = []
    push(0, (1 << len(rivals)) - 1)
    steps = 0
    while heap:
        money, gifts, chosen, undecided = heappop(heap)
        chosen, steps = -chosen, steps + 1
        split = next((i for i in members(undecided) if against[i] & undecided), None)
        while split is not None and steps > MOST_STEPS:  # finish it with the best that still fits
            chosen |= 1 << split
            undecided &= ~(against[split] | 1 << split)
            split = next((i for i in members(undecided) if against[i] & undecided), None)
        if split is None:
            yield (-money, -gifts), [rivals[i][1] for i in members(chosen | undecided)]
            continue
        push(chosen | 1 << split, undecided & ~(against[split] | 1 << split))
        push(chosen, undecided & ~(1 << split))


def _worth(before: Running, after: Running) -> Worth:
    (paid, given), (less, more) = before.left(), after.left()
    return paid - less, given - more


def _sum(*amounts: Worth) -> Worth:
    return sum(money for money, _ in amounts), sum(gifts for _, gifts in amounts)


def _lost(turn: Turn, applied: Sequence[Turn], enemies: dict[int, set[int]]) -> Outcome:
    winner = next(each for each in applied if each.rank in enemies[turn.rank])
    return Outcome(turn, Refused("not-combinable", {"winner": winner.promotion.id}))
