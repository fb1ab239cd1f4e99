"""Promotions that exclude each other, by ``exclusive_group`` or ``stacks_with``: the set that is
best for the customer.

Choosing is bounded, so that no list of promotions makes a quote slow. Each promotion in conflict
is tried alone; what it takes alone is the most that it takes beside others, since amounts only
fall. So sets are looked at in the order of the most that they could take, until no other can pass
the best, and at most `MOST_TRIALS` are priced in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

from storegen.domain.pricing.conditions import Refused
from storegen.domain.pricing.run import Outcome, Turn, run
from storegen.domain.pricing.running import Running
from storegen.values.pricing import CartView

MOST_TRIALS = 4
MOST_STEPS = 60

Worth = tuple[int, int]
"""Money taken, then gifts given."""
Enemies = dict[int, set[int]]
"""Rank → ranks of the turns that it excludes or is excluded by."""


def run_best(cart: CartView, start: Running, turns: list[Turn]) -> tuple[Running, list[Outcome]]:
    """Give every turn its go, but of those that exclude each other only the best set. Of equal
    sets it is the one whose rules come earlier."""
    now = start.copy()
    enemies = _enemies(turns)
    if not enemies:
        return now, run(cart, now, turns)
    # What comes before the first choice does not depend on it.
    first = next(i for i, turn in enumerate(turns) if turn.rank in enemies)
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
    best, went, chosen = _best(cart, now, free, rivals, enemies)
    outcomes += went
    kept = {turn.rank for turn in chosen}
    applied = [outcome.turn for outcome in went if outcome.applied]
    outcomes += (
        _lost(turn, applied or chosen, enemies) for _, turn in rivals if turn.rank not in kept
    )
    return best, outcomes


def _best(
    cart: CartView,
    now: Running,
    free: Sequence[Turn],
    rivals: Sequence[tuple[Worth, Turn]],
    enemies: Enemies,
) -> tuple[Running, list[Outcome], list[Turn]]:
    found: tuple[tuple[tuple[int, int], list[int]], Running, list[Outcome], list[Turn]] | None = (
        None
    )
    base: Worth | None = None
    for tried, (bound, chosen) in enumerate(_sets(rivals, enemies)):
        if found is not None:
            if tried >= MOST_TRIALS:
                break
            if base is None:
                without = now.copy()
                run(cart, without, free)
                base = _worth(now, without)
            if _sum(base, bound) < _worth(now, found[1]):
                break
        trial = now.copy()
        outcomes = run(cart, trial, sorted([*free, *chosen], key=lambda turn: turn.rank))
        rank = (trial.left(), sorted(turn.rank for turn in chosen))
        if found is None or rank < found[0]:
            found = (rank, trial, outcomes, chosen)
    assert found is not None  # without rivals there is the empty set
    return found[1:]


def _enemies(turns: Sequence[Turn]) -> Enemies:
    found: Enemies = {}

    def part(one: Turn, other: Turn) -> None:
        found.setdefault(one.rank, set()).add(other.rank)
        found.setdefault(other.rank, set()).add(one.rank)

    groups: dict[str, list[Turn]] = {}
    plugins = [turn.promotion.id.partition(":")[0] for turn in turns]
    for turn in turns:
        group, names = turn.promotion.exclusive_group, turn.promotion.stacks_with
        if group is not None:
            for other in groups.setdefault(group, []):
                part(turn, other)
            groups[group].append(turn)
        if names is not None:
            for other, plugin in zip(turns, plugins, strict=True):
                if not (plugin in names or other.promotion.id in names or other is turn):
                    part(turn, other)
    return found


def _sets(
    rivals: Sequence[tuple[Worth, Turn]], enemies: Enemies
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


def _lost(turn: Turn, winners: Sequence[Turn], enemies: Enemies) -> Outcome:
    """Which rule is better: one of its group, if there is one."""
    against = [each for each in winners if each.rank in enemies[turn.rank]]
    group = turn.promotion.exclusive_group
    for each in against:
        if group is not None and each.promotion.exclusive_group == group:
            return Outcome(turn, Refused("better-in-group", {"winner": each.promotion.id}))
    winner = against[0].promotion.id if against else ""
    return Outcome(turn, Refused("not-combinable", {"winner": winner}))
