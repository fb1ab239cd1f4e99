"""Coupons in words: what one is worth, from when on, for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storegen_plugins.coupons.rules import WHOLE, Rules
from storegen_plugins.coupons.words import say

from storegen.sdk import UnitOfWork
from storegen.sdk.lookups import Named, named
from storegen.sdk.words import money

_NAMES = 3
"""Products or categories that are named; of more, only the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """``worth`` is short and large (¥10, 20% off), ``condition`` and ``scope`` are phrases."""

    title: str
    worth: str
    condition: str
    scope: str
    notes: tuple[str, ...] = ()


class Speaker:
    """Says many coupons in one language, with one query per kind of name."""

    def __init__(self, uow: UnitOfWork, locale: str, every: Iterable[Rules]) -> None:
        self.locale = locale
        self.currency: str = uow.store.config.currency
        rules = list(every)
        self._products: Mapping[int, Named] = named(
            uow, "product", {n for one in rules for n in one.products[:_NAMES]}, locale
        )
        self._categories: Mapping[int, Named] = named(
            uow, "category", {n for one in rules for n in one.categories[:_NAMES]}, locale
        )

    def words(self, rules: Rules) -> Words:
        return Words(
            title=rules.title(self.locale),
            worth=self._worth(rules),
            condition=self._condition(rules),
            scope=self._scope(rules),
            notes=tuple(self._notes(rules)),
        )

    def _say(self, message: str, **values: object) -> str:
        return say(self.locale, message, **values)

    def _money(self, amount: int) -> str:
        return money(amount, self.currency, self.locale)

    def _worth(self, rules: Rules) -> str:
        if rules.kind == "money":
            return self._say("%(amount)s off", amount=self._money(rules.amount))
        if rules.kind == "percent":
            return self._say(
                "%(percent)s%% off",
                percent=f"{rules.percent_bp / 100:g}",
                fold=f"{(WHOLE - rules.percent_bp) / 1000:g}",
            )
        if rules.kind == "shipping":
            return self._say("Free delivery")
        return self._say("One piece free")

    def _condition(self, rules: Rules) -> str:
        if rules.min_amount is not None:
            return self._say("from %(amount)s", amount=self._money(rules.min_amount))
        if rules.min_pieces is not None:
            return self._say("from %(pieces)s pieces", pieces=rules.min_pieces)
        return self._say("no minimum")

    def _scope(self, rules: Rules) -> str:
        names = self._names(rules)
        if names:
            text = self._say(", ").join(names)
            listed = rules.products if names[0] in self._titles(rules.products) else ()
            more = max(len(listed), len(rules.categories) if not listed else 0) > _NAMES
            return self._say("for %(names)s and others" if more else "for %(names)s", names=text)
        if rules.excluded:
            return self._say("for everything but a few products")
        return self._say("for everything")

    def _names(self, rules: Rules) -> list[str]:
        if rules.kind == "exchange" or rules.scope == "products":
            return self._titles(rules.products)
        if rules.scope == "categories":
            found = (self._categories.get(number) for number in rules.categories[:_NAMES])
            return [one.title for one in found if one]
        return []

    def _titles(self, products: tuple[int, ...]) -> list[str]:
        found = (self._products.get(number) for number in products[:_NAMES])
        return [one.title for one in found if one]

    def _notes(self, rules: Rules) -> Iterable[str]:
        if rules.cap is not None and rules.kind in ("percent", "shipping"):
            yield self._say("at most %(amount)s", amount=self._money(rules.cap))
        if rules.new_customers:
            yield self._say("first order only")
        if rules.stackable:
            yield self._say("together with other coupons")
        if rules.alone:
            yield self._say("not with other offers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A coupon in somebody's wallet. ``state``: usable, waiting (not good yet), used, expired,
    revoked."""

    id: str
    words: Words
    state: str
    starts_at: datetime
    ends_at: datetime
    used_at: datetime | None
    soon: bool = False
    """It ends within three days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A campaign that can be claimed."""

    id: str
    words: Words
    claim_from: datetime | None
    claim_until: datetime | None
    validity: str
    days: int
    valid_until: datetime | None
    opens: bool
    """It has not opened yet."""
    gone: bool
    """All have been given out."""


def state_of(row: Any, now: datetime) -> str:
    """What a coupon's row comes to now, whether or not the job has been by."""
    if row.state != "unused":
        return str(row.state)
    if row.ends_at <= now:
        return "expired"
    return "waiting" if row.starts_at > now else "usable"
