"""A picture whose server was away when its catalog was imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from storegen.domain.catalog.missing_pictures import missing_pictures, try_again_now
from storegen.generate.catalog import write_catalog
from storegen.generate.importing import ImportOptions, import_catalogs
from storegen.generate.picture_retry import (
    FIRST,
    ROUNDS,
    retry_due,
    retry_pictures,
)
from storegen.media.artwork.palette import brand_palette
from storegen.models import Product, ProductImage
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.values.catalog import CatalogImage, CatalogProduct, CatalogVariant
from tests.fixtures.stores import TestClock
from tests.media.test_fetch import PNG, Server, answer, server

__all__ = ["server"]
GONE = answer(b"", "503 Service Unavailable")


@pytest.fixture
def lost(store: Store, server: Server, tmp_path: Path) -> Store:
    """A shop with a product whose only picture could not be had."""
    server.pages["/a.png"] = GONE
    catalog = tmp_path / "tea.jsonl"
    tea = CatalogProduct(
        handle="tea",
        title="Tea",
        variants=(CatalogVariant(price=100),),
        images=(CatalogImage(source=server.url()),),
    )
    write_catalog([tea], catalog, format="jsonl", currency="CNY")
    options = ImportOptions(palette=brand_palette("tea"), fetch=server.rules())
    assert import_catalogs(store, CLI, [catalog], options).lost_pictures == 1
    assert store.look(missing_pictures) == 1
    return store


def test_it_comes_when_its_server_is_back(lost: Store, server: Server) -> None:
    drawn = lost.look(lambda uow: uow.db.scalar(select(Product.cover_id)))
    assert retry_pictures(lost, rules=server.rules()) == (0, 1)
    server.pages["/a.png"] = answer(PNG)
    assert retry_pictures(lost, rules=server.rules()) == (1, 0)
    had = lost.look(lambda uow: uow.db.scalar(select(ProductImage.media_id)))
    assert had is not None
    assert lost.look(lambda uow: uow.db.scalar(select(Product.cover_id))) == had != drawn


def test_the_guard_is_the_importer_s(lost: Store, server: Server) -> None:
    server.pages["/a.png"] = answer(PNG)
    asked = len(server.asked)
    assert retry_pictures(lost) == (0, 1)
    assert len(server.asked) == asked


def test_a_few_rounds_ever_more_seldom(lost: Store, server: Server, clock: TestClock) -> None:
    rules = server.rules()

    def asked() -> int:
        before = len(server.asked)
        retry_due(lost, rules)
        return len(server.asked) - before

    assert asked() == 0  # its time only begins
    wait = FIRST
    for _ in range(ROUNDS):
        clock.move(seconds=wait.total_seconds() - 1)
        assert asked() == 0
        clock.move(seconds=2)
        assert asked() == 1
        wait *= 4
    clock.move(days=400)
    assert asked() == 0


def test_staff_need_not_wait_for_the_next_round(
    lost: Store, server: Server, clock: TestClock
) -> None:
    rules = server.rules()
    retry_due(lost, rules)
    for _ in range(ROUNDS):
        clock.move(days=2)
        retry_due(lost, rules)
    server.pages["/a.png"] = answer(PNG)
    clock.move(days=400)
    assert retry_due(lost, rules) == 0  # nobody asks any more
    assert lost.transact(lambda uow: try_again_now(uow, CLI)) == 1
    assert retry_due(lost, rules) == 1
    assert lost.transact(lambda uow: try_again_now(uow, CLI)) == 0
