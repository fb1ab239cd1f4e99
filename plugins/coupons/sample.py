"""Believable campaigns for the sample shop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from storegen_plugins.coupons import campaigns, codes
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.terms import Terms

from storegen.sdk import CLI, UnitOfWork, exponent


def fill(uow: UnitOfWork) -> None:
    """Three coupons to claim, one for registration, one for birthdays, one after an order, a code
    for everybody and one for games; all live."""
    one = 10 ** exponent(uow.store.config.currency)
    for name, rules, terms in _campaigns(uow, one):
        public_id = campaigns.create(uow, CLI, name, Terms(rules=Rules(**rules), **terms))
        campaigns.move(uow, CLI, public_id, "live")
        if name == "WELCOME10":
            codes.add_shared(uow, CLI, public_id, "WELCOME10")


def _campaigns(uow: UnitOfWork, one: int) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    season_ends = uow.now + timedelta(days=90)
    return [
        (
            "Ten off",
            {
                "kind": "money",
                "amount": 10 * one,
                "min_amount": 100 * one,
                "titles": {"zh": "满100减10", "en": "10 off from 100"},
            },
            {"per_customer": 3, "per_day": 1, "days": 30},
        ),
        (
            "Season",
            {
                "kind": "percent",
                "percent_bp": 1200,
                "cap": 60 * one,
                "min_amount": 200 * one,
                "titles": {"zh": "当季 88 折", "en": "Season: 12% off"},
            },
            {"total": 500, "validity": "fixed", "valid_until": season_ends},
        ),
        (
            "Free delivery",
            {
                "kind": "shipping",
                "stackable": True,
                "titles": {"zh": "免运费券", "en": "Free delivery"},
            },
            {"total": 1000, "validity": "next_day", "days": 7},
        ),
        (
            "Welcome",
            {
                "kind": "money",
                "amount": 15 * one,
                "min_amount": 60 * one,
                "new_customers": True,
                "titles": {"zh": "新人见面礼", "en": "Welcome present"},
            },
            {"channel": "register", "days": 30},
        ),
        (
            "Birthday",
            {
                "kind": "money",
                "amount": 20 * one,
                "titles": {"zh": "生日快乐", "en": "Happy birthday"},
            },
            {"channel": "birthday", "days": 14, "per_customer": None},
        ),
        (
            "Come again",
            {
                "kind": "money",
                "amount": 8 * one,
                "min_amount": 80 * one,
                "titles": {"zh": "回头客礼券", "en": "Come again"},
            },
            {"channel": "gift", "gift_from": 150 * one, "per_customer": None, "days": 60},
        ),
        (
            "WELCOME10",
            {
                "kind": "percent",
                "percent_bp": 1000,
                "cap": 30 * one,
                "titles": {"zh": "见面九折", "en": "10% off to start with"},
            },
            {"channel": "code", "per_customer": 1},
        ),
        (
            "Game prize",
            {
                "kind": "money",
                "amount": 5 * one,
                "titles": {"zh": "游戏奖券", "en": "Game prize"},
            },
            {"channel": "game", "total": 10_000, "per_customer": None, "days": 7},
        ),
    ]
