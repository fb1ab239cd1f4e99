"""One variant's price, with its history, its card and the pages that show it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from storegen.domain.audit_log import history
from storegen.domain.catalog.price_editing import find_variant, set_price
from storegen.errors import Conflict, Invalid, NotAllowed, NotFound
from storegen.models import PriceHistory, Product
from storegen.store import Store
from storegen.values.actor import CLI, Actor
from storegen.values.catalog import CatalogVariant
from tests.generate.catalogs import bring, cup, tea


def test_a_price_is_set_with_all_that_repeats_it(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, tea())
    with store.read() as uow:
        found = find_variant(uow, "LJ-50")
    tag = [f"product:{found.product_id}"]
    before = store.counters.read(tag)
    store.transact(lambda uow: set_price(uow, CLI, found.id, 9900))
    assert store.counters.read(tag) != before
    with store.read() as uow:
        assert find_variant(uow, "LJ-50").compare_at == 14800
        card = uow.db.execute(select(Product.price_min, Product.compare_at_min)).one()
        assert tuple(card) == (9900, 14800)
        prices = uow.db.scalars(
            select(PriceHistory.price)
            .where(PriceHistory.variant_id == found.id)
            .order_by(PriceHistory.id)
        )
        assert list(prices) == [12800, 9900]
        (entry,) = history(uow, "variant", found.id)
        assert entry.data == {"before": 12800, "after": 9900, "compare_at": 14800}
    store.transact(lambda uow: set_price(uow, CLI, found.id, 9900, None))
    with store.read() as uow:
        assert find_variant(uow, "6900000000011").compare_at is None


def test_the_same_price_again_writes_nothing(store: Store, tmp_path: Path) -> None:
    bring(store, tmp_path, cup())
    with store.read() as uow:
        found = find_variant(uow, "CUP")
    before = store.counters.read(["listing"])
    store.transact(lambda uow: set_price(uow, CLI, found.id, 4500))
    assert store.counters.read(["listing"]) == before


def test_refusals(store: Store, tmp_path: Path) -> None:
    same = CatalogVariant(sku="CUP", price=1, stock=1)
    bring(store, tmp_path, cup(), cup(handle="twin", variants=(same,)))
    guest = Actor(kind="guest")
    with store.write() as uow:
        for error, work in (
            (Conflict, lambda: find_variant(uow, "CUP")),
            (NotFound, lambda: find_variant(uow, "")),
            (NotFound, lambda: set_price(uow, CLI, 999, 1)),
            (NotAllowed, lambda: set_price(uow, guest, 1, 1)),
            (Invalid, lambda: set_price(uow, CLI, 1, -5)),
            (Invalid, lambda: set_price(uow, CLI, 1, 10**16)),
        ):
            with pytest.raises(error):
                work()
