"""Which rows make one product, whatever order the file has them in."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

NO_GROUP = -1


class Grouper:
    """Numbers the products of a file by first appearance and files each row under one.

    A row tells the names it answers to (a Shopify handle; a WooCommerce id and SKU; what a
    variation calls its parent): rows that share a name are one product. ``apart`` turns True
    as soon as a product's rows are interrupted by another's.
    """

    def __init__(self) -> None:
        self.ordinals = array("i")
        self.count = 0
        self.apart = False
        self._last = NO_GROUP
        self._by_name: dict[str, int] = {}

    def add(self, names: Sequence[str]) -> None:
        """File the next row; one without names belongs to no product."""
        if not names:
            self.ordinals.append(NO_GROUP)
            return
        known = next((self._by_name[name] for name in names if name in self._by_name), None)
        if known is None:
            ordinal = self.count
            self.count += 1
        else:
            ordinal = known
            self.apart = self.apart or ordinal != self._last
        for name in names:
            self._by_name.setdefault(name, ordinal)
        self._last = ordinal
        self.ordinals.append(ordinal)

    def finish(self) -> None:
        """Every row is in: the names are not needed any more."""
        self._by_name.clear()

    def order(self) -> Sequence[int]:
        """Row indexes, product by product in order of first appearance; row order inside."""
        return array("i", sorted(range(len(self.ordinals)), key=self.ordinals.__getitem__))
