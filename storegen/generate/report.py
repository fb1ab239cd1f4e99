"""What a command made of a catalog, and what it left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from storegen.values.catalog import RowProblem

MOST_LISTED = 1000
"""Problems that are kept one by one; beyond that they are only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostPicture:
    """A picture that could not be had; its product was imported without it."""

    product: str
    source: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Counts of one or more catalogs that were imported. ``images``: pictures of the catalog
    that are in the shop now; ``artwork``: products that got a drawn one instead."""

    products: int = 0
    new: int = 0
    variants: int = 0
    images: int = 0
    artwork: int = 0
    skipped: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    lost_pictures: int = 0
    lost: list[LostPicture] = field(default_factory=list)
    lost_reasons: Counter[str] = field(default_factory=Counter)
    formats: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def skip(self, problem: RowProblem) -> None:
        self.skipped += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(problem)

    def lose(self, lost: LostPicture) -> None:
        self.lost_pictures += 1
        self.lost_reasons[lost.reason] += 1
        if len(self.lost) < MOST_LISTED:
            self.lost.append(lost)

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: counts, then the lists behind them."""
        return {
            "products": self.products,
            "new": self.new,
            "variants": self.variants,
            "images": self.images,
            "artwork": self.artwork,
            "skipped": self.skipped,
            "images_failed": self.lost_pictures,
            "formats": self.formats,
            "seconds": round(self.seconds, 2),
            "problems": [
                {name: getattr(each, name) for name in RowProblem.__slots__}
                for each in self.problems
            ],
            "failed_images": [
                {name: getattr(each, name) for name in LostPicture.__slots__} for each in self.lost
            ],
        }
