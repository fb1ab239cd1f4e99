"""Pictures of after-sales requests: who may see them, and when they are forgotten."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import insert, select, update

from storegen.archive.backup import backup
from storegen.archive.restore import restore
from storegen.domain import aftersales, fulfilment, housekeeping
from storegen.domain import aftersales_evidence as evidence
from storegen.domain.payments import following
from storegen.domain.people import closure
from storegen.errors import BadMediaKey, NotAllowed, NotFound
from storegen.media import keys
from storegen.media.pictures import process_picture, save_picture
from storegen.models import AfterSales, Customer, Order, OrderLine, random_id
from storegen.store import Store
from storegen.values.actor import Actor
from tests.fixtures.goods import STAFF, make_delivery, make_guest, make_product, place_order
from tests.fixtures.payment import fact, start, use
from tests.fixtures.stores import TestClock

GUEST = Actor(kind="guest", session_id=1)
DAY = 86_400


@pytest.fixture
def shop(store: Store) -> Store:
    make_delivery(store)
    use(store)
    return store


def photograph() -> bytes:
    body = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    Image.new("RGB", (500, 400), "#884422").save(body, "JPEG", exif=exif)
    return body.getvalue()


@pytest.fixture
def asked(shop: Store) -> tuple[str, str]:
    """A request with one picture: the order's token and the request's id."""
    return ask(shop)


def ask(shop: Store) -> tuple[str, str]:
    placed = place_order(shop, (make_product(shop, price=1000, stock=5), 2))
    following.notify(shop, "scripted", fact(start(shop, make_guest(shop), placed.order_id)))
    shop.transact(lambda uow: fulfilment.ship(uow, STAFF, placed.order_id, fulfilment.Ship()))
    shop.transact(lambda uow: fulfilment.receive(uow, STAFF, placed.order_id))
    with shop.read() as uow:
        wanted = select(OrderLine.public_id).where(OrderLine.order_id == placed.order_id)
        line = uow.db.scalars(wanted).one()
    name, data = random_id(), photograph()
    made = save_picture(evidence.media(shop, name), data, process_picture(data, widths=(320, 1280)))
    wish = aftersales.Ask(
        id=name,
        line=line,
        kind="return",
        reason="damaged",
        message="a secret wish",
        pictures=[evidence.described(made)],
    )
    assert shop.transact(lambda uow: aftersales.request(uow, GUEST, placed.token, wish)) == name
    return placed.token, name


def files(shop: Store) -> list[Path]:
    return sorted(path for path in (shop.root / "private").rglob("*") if path.is_file())


def picture_of(shop: Store, token: str, name: str, size: str = "small") -> bytes:
    with shop.read() as uow, evidence.of_buyer(uow, token, name, 0, size) as file:
        return file.read()


def test_the_link_holder_and_staff_see_them(shop: Store, asked: tuple[str, str]) -> None:
    small, large = (picture_of(shop, *asked, size) for size in ("small", "large"))
    assert small != large
    with shop.read() as uow, evidence.of_staff(uow, STAFF, asked[1], 0, "large") as file:
        assert file.read() == large
    for data in (small, large):
        assert Image.open(io.BytesIO(data)).format == "WEBP"
        assert b"where I live" not in data


def test_nobody_else_does(shop: Store, asked: tuple[str, str]) -> None:
    token, name = asked
    wrong = [
        (random_id(26), name, 0, "small"),
        (ask(shop)[0], name, 0, "small"),
        (token, random_id(), 0, "small"),
        (token, "../../shop.db", 0, "small"),
        (token, name, 1, "small"),
        (token, name, -1, "small"),
        (token, name, 0, "original"),
    ]
    with shop.read() as uow:
        for each in wrong:
            with pytest.raises(NotFound):
                evidence.of_buyer(uow, *each)
        packer = Actor(kind="staff", staff_id=2, permissions=frozenset({"products.edit"}))
        with pytest.raises(NotAllowed):
            evidence.of_staff(uow, packer, name, 0, "small")


def test_they_have_no_public_place(shop: Store, asked: tuple[str, str]) -> None:
    (small, _) = files(shop)
    key = "/".join(small.parts[-3:])
    assert not shop.media.exists(key)
    with pytest.raises(BadMediaKey):
        evidence.media(shop, asked[1]).url(key)
    assert (shop.root / "private").stat().st_mode & 0o077 == 0
    with pytest.raises(NotFound):
        evidence.media(shop, "../../media")
    original = keys.original_key(keys.sha256(photograph()), "image/jpeg")
    assert not evidence.media(shop, asked[1]).exists(original)


def test_closing_the_account_erases_them(
    shop: Store, asked: tuple[str, str], make_customer: int
) -> None:
    other = ask(shop)
    with shop.write() as uow:
        uow.db.execute(
            update(Order)
            .where(Order.token == asked[0])
            .values(customer_id=make_customer, ended_at=uow.now)
        )
    me = Actor(kind="customer", customer_id=make_customer)
    shop.transact(lambda uow: closure.close_account(uow, me, make_customer))
    with pytest.raises(NotFound):
        picture_of(shop, *asked)
    with shop.read() as uow:
        row = uow.db.execute(
            select(AfterSales.pictures, AfterSales.message).where(AfterSales.public_id == asked[1])
        ).one()
    assert tuple(row) == ([], "")
    assert {path.relative_to(evidence.area(shop)).parts[0] for path in files(shop)} == {other[1]}
    assert picture_of(shop, *other)


@pytest.fixture
def make_customer(shop: Store) -> int:
    with shop.write() as uow:
        return uow.db.execute(
            insert(Customer)
            .values(public_id=random_id(), name="Lin", locale="en", created_at=uow.now)
            .returning(Customer.id)
        ).scalar_one()


def test_a_closure_that_fails_erases_nothing(shop: Store, asked: tuple[str, str]) -> None:
    def fails(uow: object) -> None:
        evidence.erase(uow)  # type: ignore[arg-type]
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError):
        shop.transact(fails)
    assert picture_of(shop, *asked)


@pytest.mark.parametrize(("state", "days", "kept"), [
    ("completed", 364, True), ("completed", 366, False), ("rejected", 366, False),
    ("requested", 366, True),
])  # fmt: skip
def test_they_are_forgotten_a_year_after_a_decided_request(
    shop: Store, asked: tuple[str, str], clock: TestClock, state: str, days: int, kept: bool
) -> None:
    with shop.write() as uow:
        uow.db.execute(update(AfterSales).values(state=state, deadline=None))
    clock.move(days=days)
    housekeeping.sweep(shop)
    assert bool(files(shop)) is kept
    if not kept:
        with pytest.raises(NotFound):
            picture_of(shop, *asked)


def test_what_a_crash_left_is_removed_a_day_later(
    shop: Store, asked: tuple[str, str], clock: TestClock
) -> None:
    """Pictures that were taken in for a request that never came to be."""
    left = random_id()
    data = photograph()
    save_picture(evidence.media(shop, left), data, process_picture(data, widths=(320,)))
    now = clock.now().timestamp()
    for folder in evidence.area(shop).iterdir():
        os.utime(folder, (now, now))
    assert evidence.remove_unused(shop) == 0  # its request may be on its way
    clock.move(seconds=DAY + 1)
    assert evidence.remove_unused(shop) == 1
    assert not (evidence.area(shop) / left).exists()
    assert picture_of(shop, *asked)


@pytest.mark.parametrize("backend", ["sqlite"])  # files are the same with either database
def test_a_backup_takes_them_along(shop: Store, asked: tuple[str, str], tmp_path: Path) -> None:
    archive = tmp_path / "shop.tar.gz"
    backup(shop, archive)
    restored = restore(archive, tmp_path / "again")
    with Store.open(restored.root) as again:
        assert picture_of(again, *asked) == picture_of(shop, *asked)
        assert {path.stat().st_mode & 0o077 for path in files(again)} == {0}
