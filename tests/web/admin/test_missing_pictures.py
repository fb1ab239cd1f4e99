"""The overview counts pictures that an import could not fetch, and has them tried again."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import insert, select

from storegen.domain.catalog.missing_pictures import LEASE
from storegen.models import JobLease, ProductImage
from storegen.store import Store
from tests.fixtures.goods import make_product
from tests.web.admin.conftest import Desk, words

SOURCES = ("https://pictures.example/a.png", "https://pictures.example/b.png", "beside.png")


def lose(store: Store) -> None:
    tea = make_product(store, "Tea", price=1200, stock=10)
    with store.write() as uow:
        for place, source in enumerate(SOURCES):
            uow.db.execute(
                insert(ProductImage).values(
                    product_id=tea.product_id, source=source, position=place, alt=""
                )
            )


def test_they_are_counted_and_tried_at_once(desk: Desk, store: Store) -> None:
    assert "could not be fetched" not in words(desk.get(""))
    lose(store)
    assert "2 pictures of products could not be fetched yet" in words(desk.get(""))
    called = store.counters.read(["job:retries"])
    desk.done("/products/all/fetch-pictures", {})
    with store.read() as uow:
        [lease] = uow.db.execute(select(JobLease.faults, JobLease.next_at)).all()
        assert uow.db.scalars(select(JobLease.name)).all() == [LEASE]
        assert (lease.faults, lease.next_at <= uow.now) == (0, True)
    assert store.counters.read(["job:retries"]) != called
    assert "Missing pictures tried again" in words(desk.get("/audit"))


def test_who_may_only_look_has_no_button(make_desk: Callable[..., Desk], store: Store) -> None:
    lose(store)
    looker, nobody = make_desk("products.view"), make_desk("pages.view")
    assert "could not be fetched" in looker.get("").text
    assert "fetch-pictures" not in looker.get("").text
    assert looker.post("/products/all/fetch-pictures").status_code == 403
    assert "could not be fetched" not in nobody.get("").text
