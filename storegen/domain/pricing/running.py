"""The running amounts of a cart while promotions lower them, in the price basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add, sub

from storegen.values.money import allocate
from storegen.values.pricing import CartView

Pieces = list[tuple[int, int]]
"""(price of a piece, how many have it), dearest first: a line of 10,000 pieces stays short.

Never changed in place, so that copies of `Running` may share it.
"""


@dataclass(slots=True)
class Running:
    """``lines`` and ``shipping`` are what is left to pay, ``gifts`` what was given (variant id →
    pieces).

    Pieces lag behind their line by ``owed``, which is spread over them when somebody looks.
    """

    lines: list[int]
    shipping: list[int]
    pieces: list[Pieces]
    owed: list[int]
    gifts: dict[int, int]

    @classmethod
    def start(cls, cart: CartView) -> Running:
        return cls(
            [line.unit_price * line.quantity for line in cart.lines],
            [charge.amount for charge in cart.shipping],
            [[(line.unit_price, line.quantity)] if line.quantity else [] for line in cart.lines],
            [0] * len(cart.lines),
            {},
        )

    def copy(self) -> Running:
        return Running(
            self.lines[:], self.shipping[:], self.pieces[:], self.owed[:], self.gifts.copy()
        )

    def left(self) -> tuple[int, int]:
        """What a customer compares: less to pay is better, and for the same money more gifts."""
        return sum(self.lines) + sum(self.shipping), -sum(self.gifts.values())

    def pieces_of(self, i: int) -> Pieces:
        if self.owed[i]:
            self.pieces[i] = lowered(self.pieces[i], self.owed[i])
            self.owed[i] = 0
        return self.pieces[i]

    def cut_lines(self, cuts: Sequence[int]) -> None:
        """Take a cut from each line as a whole."""
        self.lines = list(map(sub, self.lines, cuts))
        self.owed = list(map(add, self.owed, cuts))

    def cut_pieces(self, i: int, cut: int, after: Pieces) -> None:
        """Take ``cut`` from certain pieces of the line, which leaves ``after``."""
        self.lines[i] -= cut
        self.pieces[i] = after


def split(pieces: Pieces, count: int | None) -> tuple[Pieces, Pieces]:
    """The dearest ``count`` pieces, and the others; without a count, all are taken."""
    if count is None:
        return pieces, []
    taken: Pieces = []
    others: Pieces = []
    for price, number in pieces:
        some = min(number, max(count, 0))
        count -= some
        if some:
            taken.append((price, some))
        if number > some:
            others.append((price, number - some))
    return taken, others


def without(pieces: Pieces, taken: Pieces) -> Pieces:
    """The pieces that are not ``taken``."""
    numbers = dict(pieces)
    for price, number in taken:
        numbers[price] -= number
    return [(price, number) for price, number in numbers.items() if number]


def worth(pieces: Pieces) -> int:
    if len(pieces) == 1:
        return pieces[0][0] * pieces[0][1]
    return sum([price * number for price, number in pieces])


def merged(pieces: Pieces) -> Pieces:
    """Each price once, dearest first."""
    if len(pieces) == 1:
        return pieces
    if len(pieces) == 2 and pieces[0][0] > pieces[1][0]:
        return pieces
    numbers: dict[int, int] = {}
    for price, number in pieces:
        numbers[price] = numbers.get(price, 0) + number
    return sorted(numbers.items(), reverse=True)


def lowered(pieces: Pieces, cut: int) -> Pieces:
    """The pieces after ``cut`` was taken from them together, in proportion to their prices."""
    if len(pieces) == 1:
        return _level(*pieces[0], cut)
    result: Pieces = []
    for (price, number), share in zip(
        pieces, allocate(cut, [p * n for p, n in pieces]), strict=True
    ):
        result += _level(price, number, share)
    return merged(result)


def _level(price: int, number: int, cut: int) -> Pieces:
    """Equal pieces after a cut: the first of them may cost one more."""
    base, dearer = divmod(price * number - cut, number)
    return [(base + 1, dearer), (base, number - dearer)] if dearer else [(base, number)]
