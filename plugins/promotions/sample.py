"""Believable promotions for a sample shop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from storegen_plugins.promotions import activities
from storegen_plugins.promotions.rules import Item, Rules, Tier, reduced
from storegen_plugins.promotions.schedule import DAY, Schedule

from storegen.sdk import CLI, UnitOfWork, exponent
from storegen.sdk.lookups import best_sellers

_FLASH, _TIMED = 6, 4


def fill(uow: UnitOfWork) -> None:
    """A flash sale three times a day, timed prices, tiers; and a draft."""
    one: int = 10 ** exponent(uow.store.config.currency)
    found = best_sellers(uow, _FLASH + _TIMED)
    if not found:
        return
    schedule = Schedule(starts_at=uow.now, ends_at=uow.now + timedelta(days=60))
    slots = Schedule(
        starts_at=uow.now,
        ends_at=uow.now + timedelta(days=60),
        hours=((0, 12 * 60), (12 * 60, 20 * 60), (20 * 60, DAY)),
    )

    def flash(product: Any) -> Item:
        price = reduced(product.price_min, 2500) // one * one or product.price_min * 3 // 4
        return Item(product=product.id, price=price, stock=20, limit=2)

    _add(
        uow,
        slots,
        kind="flash",
        titles={"zh": "限时秒杀", "en": "Flash sale"},
        items=tuple(flash(each) for each in found[:_FLASH]),
        stacks="coupons",
    )
    if found[_FLASH:]:
        _add(
            uow,
            schedule,
            kind="timed",
            titles={"zh": "本周特价", "en": "This week's prices"},
            items=tuple(Item(product=each.id, percent_bp=1000) for each in found[_FLASH:]),
        )
    _add(
        uow,
        schedule,
        kind="amount_off",
        titles={"zh": "满减优惠", "en": "Spend more, save more"},
        tiers=(Tier(amount=300 * one, off=30 * one), Tier(amount=600 * one, off=80 * one)),
    )
    _add(
        uow,
        schedule,
        live=False,
        kind="n_for_m",
        titles={"zh": "第二件半价", "en": "The second at half price"},
        every=1,
        percent_bp=5000,
    )


def _add(uow: UnitOfWork, schedule: Schedule, live: bool = True, **given: Any) -> None:
    rules = Rules(**given)
    name = rules.title(uow.store.config.locale)
    public_id = activities.create(uow, CLI, name, rules, schedule)
    if live:
        activities.publish(uow, CLI, public_id)
