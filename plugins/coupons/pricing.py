"""What coupons do to a cart: facts in at most three queries, then pure rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from storegen_plugins.coupons.campaigns import terms_of
from storegen_plugins.coupons.codes import find_codes, normal
from storegen_plugins.coupons.rules import WHOLE, Rules
from storegen_plugins.coupons.tables import Coupon
from storegen_plugins.coupons.terms import window
from storegen_plugins.coupons.using import CODE, COUPON

from storegen.sdk import CartView, Promotion, UnitOfWork
from storegen.sdk.lookups import Contact, categories_of, contact_of_customer, has_ordered

MOST = 30
"""Coupons that compete in one cart: the quote of a full wallet stays quick."""
GROUP = "coupons"
CHOICE = "coupons.choice"
"""Attribute of a cart: ids of the coupons that were chosen, ``none``, or absent: the best."""
NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A coupon that may apply, as pricing sees it. ``chosen``: by the customer, or by code."""

    id: str
    template_id: int
    title: str
    rules: Rules
    ends_at: datetime
    chosen: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``candidates`` that count, ``others`` that the customer could choose instead, the categories
    of the cart's products, and why a code that was typed is worth nothing."""

    candidates: tuple[Candidate, ...]
    others: tuple[Candidate, ...]
    categories: Mapping[int, frozenset[int]]
    bad_codes: Mapping[str, str]


def facts(uow: UnitOfWork, cart: CartView) -> Facts | None:
    """None, and no query, for a guest without a code."""
    if not cart.lines or (cart.customer_id is None and not cart.coupons):
        return None
    codes, bad = _by_code(uow, cart)
    wallet = _wallet(uow, cart, {one.template_id for one in codes})
    if not codes and not wallet and not bad:
        return None
    every = [*codes, *wallet]
    candidates, others = _chosen(every, cart.attributes.get(CHOICE, ""))
    scoped = any(one.rules.scope == "categories" for one in every)
    products = {line.product_id for line in cart.lines}
    return Facts(
        candidates=tuple(candidates[:MOST]),
        others=tuple(others[:MOST]),
        categories=categories_of(uow, products) if scoped else {},
        bad_codes=bad,
    )


def promotions(cart: CartView, found: Facts) -> list[Promotion]:
    """Pure: the rules of the candidates as the core's promotions."""
    return [promotion(one, cart, found.categories) for one in found.candidates]


def promotion(
    one: Candidate, cart: CartView, categories: Mapping[int, frozenset[int]]
) -> Promotion:
    """A coupon as one promotion over the lines that it covers."""
    rules = one.rules
    covered = tuple(
        line.key
        for line in cart.lines
        if rules.covers(line.product_id, categories.get(line.product_id, frozenset()))
    )
    percent = rules.percent_bp if rules.kind == "percent" else WHOLE
    scope: Any = {"shipping": "shipping", "exchange": "cheapest_unit"}.get(rules.kind, "order")
    return Promotion(
        id=one.id,
        scope=scope,
        kind="fixed" if rules.kind == "money" else "percent",
        amount=rules.amount if rules.kind == "money" else 0,
        percent_bp=0 if rules.kind == "money" else percent,
        max_amount=rules.cap if rules.kind in ("percent", "shipping") else None,
        min_subtotal=rules.min_amount,
        min_pieces=rules.min_pieces,
        scoped_thresholds=True,
        only_lines=covered,
        channels=rules.channels,
        exclusive_group=None if rules.stackable else GROUP,
        stacks_with=() if rules.alone else None,
        title=one.title,
        own_words=True,
    )


def _wallet(uow: UnitOfWork, cart: CartView, by_code: set[int]) -> list[Candidate]:
    """Usable coupons of the cart's customer, without campaigns that a code of theirs is in."""
    if cart.customer_id is None:
        return []
    rows = uow.db.execute(
        select(Coupon.public_id, Coupon.template_id, Coupon.version, Coupon.rules, Coupon.ends_at)
        .where(
            Coupon.customer_id == cart.customer_id,
            Coupon.state == "unused",
            Coupon.starts_at <= uow.now,
            Coupon.ends_at > uow.now,
        )
        .order_by(Coupon.ends_at, Coupon.id)
        .limit(200)
    ).all()
    found: dict[tuple[int, int], Candidate] = {}
    for row in rows:  # of one campaign's equal coupons, the one that ends first
        kind = (row.template_id, row.version)
        if kind in found or row.template_id in by_code:
            continue
        rules = Rules.from_json(row.rules)
        found[kind] = Candidate(
            id=f"{COUPON}{row.public_id}",
            template_id=row.template_id,
            title=rules.title(cart.locale),
            rules=rules,
            ends_at=row.ends_at,
        )
    return _for_this_person(uow, cart, list(found.values()))


def _by_code(uow: UnitOfWork, cart: CartView) -> tuple[list[Candidate], dict[str, str]]:
    """What the cart's codes stand for, and reasons (see `refusals`) of those that do not count."""
    if not cart.coupons:
        return [], {}
    rows = find_codes(uow, cart.coupons)
    known = {row.code for row in rows}
    bad = {code: "unknown-code" for code in cart.coupons if normal(code) not in known}
    found: list[Candidate] = []
    for row in rows:
        terms = terms_of(row)
        reason = bad_code(row, uow.now)
        good = window(terms, uow.now, uow.store.config.timezone)
        if reason is None and not good.holds(uow.now):
            reason = "not-yet" if uow.now < good.start else "code-over"
        if reason is not None:
            bad[row.code] = reason
            continue
        found.append(
            Candidate(
                id=f"{CODE}{row.code_id}",
                template_id=row.id,
                title=terms.rules.title(cart.locale),
                rules=terms.rules,
                ends_at=good.end,
                chosen=True,
                code=row.code,
            )
        )
    fits = _for_this_person(uow, cart, found)
    for one in found:
        if one not in fits:
            bad[one.code] = "new-customers"
    return fits, bad


def bad_code(row: Any, now: datetime) -> str | None:
    """Why a code's row (see `find_codes`) is worth nothing at this moment; None if it is good."""
    if row.code_state != "free":
        return "code-taken" if row.code_state == "taken" else "code-over"
    if row.state != "live" or row.channel != "code":  # a draft may be given in another way later
        return "code-over"
    if row.claim_from is not None and now < row.claim_from:
        return "not-yet"
    if row.claim_until is not None and now >= row.claim_until:
        return "code-over"
    if row.total is not None and row.issued >= row.total:
        return "gone"
    return None


def _for_this_person(uow: UnitOfWork, cart: CartView, found: list[Candidate]) -> list[Candidate]:
    """Without those for a first order, where this is none."""
    if cart.customer_id is None or not any(one.rules.new_customers for one in found):
        return found  # a guest is judged by the order's phone and e-mail, when it is placed
    contact: Contact = contact_of_customer(uow, cart.customer_id)
    if not has_ordered(uow, cart.customer_id, contact):
        return found
    return [one for one in found if not one.rules.new_customers]


def _chosen(every: Sequence[Candidate], choice: str) -> tuple[list[Candidate], list[Candidate]]:
    """What the customer's choice leaves. A code is a choice of its own: without another one, it is
    tried first, together with what may be stacked."""
    if choice == NONE:
        return [one for one in every if one.chosen], [one for one in every if not one.chosen]
    wanted = set(choice.split(",")) - {""}
    known = [one for one in every if one.chosen or one.id.removeprefix(COUPON) in wanted]
    if wanted and any(not one.chosen for one in known):
        return known, [one for one in every if one not in known]
    # Nothing was chosen, or what was chosen is gone: the best one.
    return list(every), []
