"""Which price may be shown struck through beside a price.

Law (China: Provisions on Clearly Marking Prices and Prohibiting Price Fraud; advertising practice
of the platforms) wants a struck-through price to have a basis that is declared on the page, or to
be the lowest price of the seven days before. The policy is `settings.Checkout.struck_price`.

Whoever shows a price selects `StruckRule.of_variants` or `StruckRule.of_products` in the statement
that reads it, so that the price history costs no statement of its own, and asks the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, String, Text, cast, func, literal, null, select
from sqlalchemy.orm import aliased

from storegen.domain import settings
from storegen.models import PriceHistory, Product, Variant
from storegen.uow import UnitOfWork

Policy = Literal["declared", "seven_days", "never"]
PERIOD = timedelta(days=7)
PAGE_LIFE = timedelta(seconds=60)
"""How long a kept page may be shown that no commit made stale (`publish.PageCache`, ``ttl``)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def struck_price(
    price: int, compare_at: int | None, policy: str, lowest: int | None = None
) -> int | None:
    """The price to strike through, in minor units; None for none.

    ``declared``: the owner's compare-at price, whose basis the terms name. ``seven_days``: no
    higher than ``lowest``, the lowest price of the seven days before this one (`lowest_of`);
    where it is not known, none. ``never``: none.
    """
    if compare_at is None or compare_at <= price or policy == "never":
        return None
    if policy == "seven_days":
        if lowest is None or lowest <= price:
            return None
        return min(compare_at, lowest)
    return compare_at


def lowest_of(history: Sequence[tuple[datetime, int]], now: datetime) -> int | None:
    """The lowest price that was valid in the seven days before the present one began.

    ``history``: (valid from, price), the oldest first; a price that is repeated goes on. None
    without a price before the present, and where the present one has itself been the price of the
    last seven days: less `PAGE_LIFE`, so that no page that was kept shows it for longer.
    """
    known = [each for each in history if each[0] <= now]
    if not known:
        return None
    begin = len(known) - 1
    while begin and known[begin - 1][1] == known[-1][1]:
        begin -= 1
    began = known[begin][0]
    if now >= began + PERIOD - PAGE_LIFE:
        return None
    found = [
        price for (_, price), (until, _) in pairwise(known[: begin + 1]) if until > began - PERIOD
    ]
    return min(found, default=None)


@dataclass(frozen=True, slots=True)
class StruckRule:
    """The shop's policy at one moment."""

    policy: str
    now: datetime

    def of_variants(self) -> ColumnElement[Any]:
        """For a statement that selects from `Variant`: its recent prices, as `for_variant` reads
        them; null where the policy asks for none."""
        if self.policy != "seven_days":
            return cast(null(), Text)
        return self._recent(Variant).correlate(Variant).scalar_subquery()

    def of_products(self) -> ColumnElement[Any]:
        """For a statement that selects from `Product`: the recent prices of its cheapest variants,
        as `for_product` reads them; null where the policy asks for none."""
        if self.policy != "seven_days":
            return cast(null(), Text)
        variant = aliased(Variant)
        cheapest = self._recent(variant).where(
            variant.product_id == Product.id,
            variant.active.is_(True),
            variant.price == Product.price_min,
        )
        return cheapest.correlate(Product).scalar_subquery()

    def struck(self, price: int, compare_at: int | None, recent: str | None) -> int | None:
        """What to strike through beside a variant's price or a product's lowest; ``recent`` is its
        `of_variants` or `of_products`."""
        if self.policy != "seven_days" or not recent:
            return struck_price(price, compare_at, self.policy)
        return min(self._justified(price, recent), default=None)

    def _justified(self, price: int, recent: str) -> list[int]:
        histories: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        for text in recent.split(","):
            variant, compare, since, row, amount = map(int, text.split(":"))
            histories.setdefault((variant, compare), []).append((since, row, amount))
        found = []
        for (_, compare), rows in histories.items():
            rows.sort()
            if rows[-1][2] != price:  # a history that was not kept justifies nothing
                continue
            history = [(_EPOCH + timedelta(microseconds=since), each) for since, _, each in rows]
            struck = struck_price(price, compare, self.policy, lowest_of(history, self.now))
            if struck is not None:
                found.append(struck)
        return found

    def _recent(self, variant: Any) -> Select[Any]:
        """``variant:compare-at:valid from:row:price`` of each price that can matter, joined by
        commas: those of the last two periods, and the one that was valid before them."""
        row, older = aliased(PriceHistory), aliased(PriceHistory)
        horizon = self.now - 2 * PERIOD
        first = (
            select(func.max(older.valid_from))
            .where(
                older.variant_id == row.variant_id,
                older.channel == "all",
                older.valid_from <= horizon,
            )
            .correlate(row)
            .scalar_subquery()
        )
        fields = (variant.compare_at, row.valid_from, row.id, row.price)
        piece: ColumnElement[str] = cast(variant.id, String)
        for each in fields:
            piece = piece + ":" + cast(each, String)
        return select(func.aggregate_strings(piece, ",")).where(
            row.variant_id == variant.id,
            variant.compare_at > variant.price,
            row.channel == "all",
            row.valid_from >= func.coalesce(first, literal(horizon, row.valid_from.type)),
        )


def struck_rule(uow: UnitOfWork) -> StruckRule:
    return StruckRule(settings.load(uow).checkout.struck_price, uow.now)
