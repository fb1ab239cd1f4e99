"""A shop with something in every corner, and a look at all of its rows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, insert, select, text

from storegen.domain import fulfilment
from storegen.domain.payments import following
from storegen.domain.refunds import requesting, sending
from storegen.models import (
    Base,
    Category,
    Media,
    OrderLine,
    Session,
    Setting,
    Translation,
    random_id,
)
from storegen.store import Store
from tests.fixtures.goods import STAFF, make_delivery, make_guest, make_product, place_order
from tests.fixtures.payment import fact, start, use

NASTY = 'tab\tline\nback\\slash \\N \\. "quoted" 茶 🍵 \r\n\x08'
PICTURE = "ab/" + "c" * 62


def fill(store: Store) -> None:
    """Orders in several states, text that breaks careless formats, a shelf before its parent."""
    make_delivery(store)
    use(store)
    tea = make_product(store, NASTY, price=1000, stock=50, vendor=NASTY, description=NASTY)
    untracked = make_product(store, "sample", price=0, stock=None)
    place_order(store, (tea, 1))
    paid = place_order(store, (tea, 4), (untracked, 2))
    following.notify(store, "scripted", fact(start(store, make_guest(store), paid.order_id)))
    with store.read() as uow:
        line = uow.db.scalar(
            select(OrderLine.public_id).where(
                OrderLine.order_id == paid.order_id, OrderLine.variant_id == tea.variant_id
            )
        )
    some = fulfilment.Ship(lines={line: 2}, parcels=(("SF", "SF1"),))
    store.transact(lambda uow: fulfilment.ship(uow, STAFF, paid.order_id, some))
    wanted = requesting.RefundRequested(lines={line: 1}, reason=NASTY)
    store.transact(lambda uow: requesting.request_refund(uow, STAFF, paid.order_id, wanted))
    sending.send_due(store)
    gone = make_guest(store).session_id
    with store.write() as uow:
        uow.db.execute(delete(Session).where(Session.id == gone))
        shelf = {"public_id": random_id(), "slug": "green", "title": "绿茶"}
        uow.db.execute(insert(Category).values(id=7, parent_id=None, **shelf))
        shelf = {"public_id": random_id(), "slug": "tea", "title": "茶"}
        uow.db.execute(insert(Category).values(id=9, parent_id=None, **shelf))
        uow.db.execute(text("UPDATE category SET parent_id = 9 WHERE id = 7"))
        uow.db.execute(
            insert(Translation).values(
                entity="product", entity_id=tea.product_id, locale="en", field="title", text=NASTY
            )
        )
        uow.db.execute(
            insert(Setting).values(
                key="theme", value={"a": [1, None, True, NASTY]}, updated_at=uow.now
            )
        )
        uow.db.execute(
            insert(Media).values(
                sha256="ab" + "c" * 62, mime="image/jpeg", size=4, width=1, height=1,
                renditions=[], created_at=uow.now,
            )
        )  # fmt: skip
        put = (
            "INSERT INTO product_search (rowid, tokens) VALUES (:i, :t)"
            if uow.db.dialect.name == "sqlite"
            else "INSERT INTO product_search (product_id, tokens) "
            "VALUES (:i, to_tsvector('simple', :t))"
        )
        uow.db.execute(text(put), {"i": tea.product_id, "t": "tea tea 绿 绿茶 茶 o'clock"})
    picture = store.root / "media" / PICTURE
    picture.mkdir(parents=True)
    (picture / "original.jpg").write_bytes(b"JPEG")
    (picture / "w640.webp").write_bytes(b"WEBP" * 5000)
    (picture / ".tmp-half").write_bytes(b"half")
    (store.root / "secrets").mkdir()
    (store.root / "secrets" / "pay.txt").write_text("s3cret\n")
    (store.var / "serve.log").write_text("not this")
    store.counters.bump(["listing"])


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, as the models read it."""
    with store.read() as uow:
        return {
            table.name: sorted(map(tuple, uow.db.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def finds(store: Store, word: str) -> list[int]:
    """Ids of the products that full-text search finds by ``word``."""
    with store.read() as uow:
        if uow.db.dialect.name == "sqlite":
            sql = "SELECT rowid FROM product_search WHERE product_search MATCH :w"
        else:
            sql = (
                "SELECT product_id FROM product_search "
                "WHERE tokens @@ plainto_tsquery('simple', :w)"
            )
        return list(uow.db.execute(text(sql), {"w": f'"{word}"'}).scalars())


def entries(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
