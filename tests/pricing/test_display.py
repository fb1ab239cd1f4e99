"""What one piece costs a stranger, and what may be struck through beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from storegen.domain.pricing import display
from storegen.domain.pricing.display import plain_prices, record_offer_prices
from storegen.models import PriceHistory
from storegen.values.actor import JOB
from storegen.values.pricing import Offer
from tests.fixtures.goods import make_product
from tests.fixtures.stores import statements
from tests.plugins.objects import answer, plugin, use


def flash(store: Any, price: int, goods: Any) -> None:
    def pricing_facts(cart: Any) -> Any:
        return tuple(line.key for line in cart.lines if line.variant_id == goods.variant_id) or None

    def offers(facts: Any) -> Any:
        commitment = Offer(id="group", lines=facts, unit_price=1, kind="commitment")
        return [Offer(id="1", lines=facts, unit_price=price, title="秒杀"), commitment]

    hooks = {each.__name__: answer(each.__name__, each) for each in (pricing_facts, offers)}
    use(store, plugin("flash", **hooks))


def struck(store: Any, goods: Any) -> Any:
    with store.read() as uow:
        return plain_prices(uow, [goods.variant_id])[goods.variant_id].struck


def test_an_automatic_offer_sets_the_price_of_a_plain_piece(store: Any) -> None:
    tea, cup = make_product(store, price=1_000), make_product(store, price=300)
    with store.read() as uow:
        assert store.plugins.implementing("pricing_facts") == ()
        with statements(store) as found:
            assert plain_prices(uow, [tea.variant_id]) == {}
    assert len(found) == 0  # nobody prices anything: the list price is all there is
    flash(store, 700, tea)
    with store.read() as uow:
        prices = plain_prices(uow, [tea.variant_id, cup.variant_id, 999_999])
    assert [(x.price, x.list_price, x.offer, x.title) for x in prices.values()] == [
        (700, 1_000, "flash:1", "秒杀"),
        (300, 300, "list", ""),
    ]
    assert [x.struck for x in prices.values()] == [1_000, None]


@pytest.mark.parametrize(
    ("rule", "history", "expected"),
    [
        ("never", [], None),
        ("declared", [], 1_000),
        ("seven_days", [("all", 10, 1_000)], 1_000),
        # raised three days ago: the lower price of before is what may be struck through
        ("seven_days", [("all", 10, 900), ("all", 3, 1_000)], 900),
        ("seven_days", [("all", 30, 650), ("all", 10, 1_000)], 1_000),
        # another activity of this week was lower still
        ("seven_days", [("all", 10, 1_000), ("flash:0", 2, 690)], None),
        # this very offer does not speak against itself
        ("seven_days", [("all", 10, 1_000), ("flash:1", 0, 700)], 1_000),
    ],
)
def test_what_may_be_struck_through_beside_an_offer(
    store: Any, rule: str, history: list[tuple[str, int, int]], expected: int | None,
    monkeypatch: Any,
) -> None:  # fmt: skip
    real = display.settings.load

    def load(uow: Any) -> Any:
        shop = real(uow)
        return replace(shop, checkout=replace(shop.checkout, struck_price=rule))

    monkeypatch.setattr(display.settings, "load", load)
    tea = make_product(store, price=1_000)
    with store.write() as uow:
        uow.db.execute(PriceHistory.__table__.delete())
        for channel, days, price in history:
            if channel.startswith("flash:1"):
                record_offer_prices(uow, JOB, channel, {tea.variant_id: price})
                continue
            uow.db.execute(
                insert(PriceHistory).values(
                    variant_id=tea.variant_id,
                    channel=channel,
                    price=price,
                    valid_from=uow.now - timedelta(days=days),
                )
            )
    flash(store, 700, tea)
    assert struck(store, tea) == expected
