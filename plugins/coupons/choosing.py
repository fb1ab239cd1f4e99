"""A cart's coupons as the customer sees them: what applies, what else could, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storegen_plugins.coupons.pricing import CHOICE, NONE, Candidate, Facts, facts
from storegen_plugins.coupons.refusals import SENTENCES
from storegen_plugins.coupons.rules import WHOLE, Rules
from storegen_plugins.coupons.shown import Speaker, Words
from storegen_plugins.coupons.using import COUPON, PLUGIN
from storegen_plugins.coupons.words import say

from storegen.sdk import CartView, UnitOfWork
from storegen.sdk.words import money

_WHY = {
    "no-matching-line": "Nothing in your cart is covered by it.",
    "other-channel": "It cannot be used here.",
    "no-shipping": "It counts as soon as your address is known.",
    "better-in-group": "Another coupon saves more.",
    "not-combinable": "Another offer saves more, and the two do not go together.",
    "changed-nothing": "There is nothing left that it could lower.",
}
"""Reason of a quote → message id; thresholds have sentences with amounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One coupon of the list. ``saves`` in minor units, 0 while it does not apply; ``why`` says
    why it does not."""

    id: str
    words: Words
    saves: int
    why: str
    code: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCode:
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CartCoupons:
    """``automatic``: nothing was chosen, the best applies. ``hint``: the sentence about the coupon
    that is closest and better."""

    choices: tuple[Choice, ...]
    codes: tuple[Choice, ...]
    bad_codes: tuple[BadCode, ...]
    automatic: bool
    none: bool
    saved: int
    hint: str


def in_cart(uow: UnitOfWork, locale: str, cart: CartView, quote: Any) -> CartCoupons:
    """``quote`` is the cart's own."""
    found = facts(uow, cart)
    if found is None:
        return CartCoupons(
            choices=(), codes=(), bad_codes=(), automatic=True, none=False, saved=0, hint=""
        )
    steps = {
        step.source.removeprefix(PLUGIN): step
        for step in quote.adjustments
        if step.source.startswith(PLUGIN)
    }
    every = [*found.candidates, *found.others]
    speaker = Speaker(uow, locale, [one.rules for one in every])
    choice = cart.attributes.get(CHOICE, "")
    wanted = set(choice.split(","))
    choices = [
        Choice(
            id=one.id.removeprefix(COUPON),
            words=speaker.words(one.rules),
            saves=_saved(steps.get(one.id)),
            why=_why(cart, locale, steps.get(one.id)),
            code=one.code,
            chosen=one.id.removeprefix(COUPON) in wanted,
        )
        for one in every
    ]
    saved = sum(one.saves for one in choices)
    return CartCoupons(
        choices=tuple(sorted((x for x in choices if not x.code), key=lambda x: -x.saves)),
        codes=tuple(one for one in choices if one.code),
        bad_codes=tuple(
            BadCode(code=code, why=say(locale, SENTENCES[reason]))
            for code, reason in found.bad_codes.items()
        ),
        automatic=not any(one.chosen for one in choices) and choice != NONE,
        none=choice == NONE,
        saved=saved,
        hint=_hint(cart, locale, found, steps, saved),
    )


def _saved(step: Any) -> int:
    return -step.amount if step is not None and step.applied else 0


def _why(cart: CartView, locale: str, step: Any) -> str:
    if step is None or step.applied:
        return ""
    missing = step.data.get("missing")
    if step.reason == "below-minimum" and missing is not None:
        amount = money(int(missing), cart.currency, locale)
        return say(locale, "%(amount)s are missing.", amount=amount)
    if step.reason == "too-few-pieces" and missing is not None:
        return say(locale, "%(pieces)s more pieces are needed.", pieces=missing)
    return say(locale, _WHY.get(step.reason, "It does not apply to this cart."))


def _hint(cart: CartView, locale: str, found: Facts, steps: dict[str, Any], saved: int) -> str:
    """Of the coupons that a little more would make usable, the one with the least missing that
    would save more than what applies now."""
    best: tuple[int, Candidate] | None = None
    for one in found.candidates:
        step = steps.get(one.id)
        if step is None or step.applied or step.reason != "below-minimum":
            continue
        missing = int(step.data.get("missing", 0))
        worth = _worth(one.rules)
        better = worth > (0 if one.rules.stackable else saved)
        if missing > 0 and better and (best is None or missing < best[0]):
            best = (missing, one)
    if best is None:
        return ""
    return say(
        locale,
        "Spend %(amount)s more to use “%(title)s”.",
        amount=money(best[0], cart.currency, locale),
        title=best[1].title,
    )


def _worth(rules: Rules) -> int:
    """What it takes off at least, once its threshold is reached; freight is not known here."""
    if rules.kind == "money":
        return rules.amount
    if rules.kind == "percent":
        worth = (rules.min_amount or 0) * rules.percent_bp // WHOLE
        return worth if rules.cap is None else min(worth, rules.cap)
    return 1
