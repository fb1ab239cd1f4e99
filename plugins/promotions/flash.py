"""The stock of flash sales: pieces per product and time slot, taken by conditional updates in the
order's transaction, so that not one more than there are is ever promised."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from storegen_plugins.promotions.activities import STOCK_TAG, Running
from storegen_plugins.promotions.rules import Item, Rules
from storegen_plugins.promotions.tables import (
    ActivityVersion,
    FlashPerson,
    FlashStock,
    FlashTake,
)
from storegen_plugins.promotions.words import say

from storegen.sdk import OrderChange, Refused, UnitOfWork, insert_new
from storegen.sdk.lookups import (
    contact_of_customer,
    contact_of_order,
    person_key,
    placed_by_guest,
)

PLUGIN, FLASH = "promotions", "flash-"
FEW = 10
"""From so few pieces on, every sale makes the pages that show them stale."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SENTENCES = {
    "sold-out": "The flash sale of this product is sold out. Please look at the new price.",
    "limit": "You have as many of this product at the flash price as one person may have.",
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A product in one time slot of a flash sale. Sorted, so that rivals lock in one order."""

    activity_id: int
    product_id: int
    slot: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """How many went out, and how many of them to the person who asks."""

    taken: int = 0
    mine: int = 0

    def left(self, item: Item) -> int:
        return max((item.stock or 0) - self.taken, 0)

    def allowed(self, item: Item) -> int:
        """How many more this person may have."""
        if item.limit is None:
            return self.left(item)
        return min(self.left(item), max(item.limit - self.mine, 0))


def place_of(activity_id: int, product_id: int, start: datetime) -> Place:
    """Where the pieces of the slot that begins at ``start`` are counted: orders remember slots by
    their minute, so a sale that begins within one is counted from its beginning."""
    return Place(activity_id, product_id, _EPOCH + timedelta(minutes=_minute(start)))


def _minute(start: datetime) -> int:
    return (start - _EPOCH) // timedelta(minutes=1)


def offer_id(one: Running, product_id: int) -> str:
    """What an order's line remembers: activity, version, slot (minutes since 1970), product."""
    minute = _minute(one.slot.start)
    return f"{FLASH}{one.live.mark}-{minute}-{product_id}"


def counts(
    uow: UnitOfWork, places: Collection[Place], customer_id: int | None
) -> dict[Place, Count]:
    """How these stand; one query."""
    if not places:
        return {}
    person = f"c{customer_id}" if customer_id is not None else ""
    rows = uow.db.execute(
        select(
            FlashStock.activity_id,
            FlashStock.product_id,
            FlashStock.slot,
            FlashStock.taken,
            FlashPerson.taken.label("mine"),
        )
        .outerjoin(
            FlashPerson,
            and_(
                FlashPerson.activity_id == FlashStock.activity_id,
                FlashPerson.product_id == FlashStock.product_id,
                FlashPerson.slot == FlashStock.slot,
                FlashPerson.person == person,
            ),
        )
        .where(or_(*(_at(FlashStock, place) for place in sorted(places))))
    )
    return {
        Place(row.activity_id, row.product_id, row.slot): Count(row.taken, row.mine or 0)
        for row in rows
    }


def take(uow: UnitOfWork, change: OrderChange, locale: str) -> None:
    """The pieces of a new order. Raises `Refused` where they are not there any more."""
    wanted = _wanted(change)
    if not wanted:
        return
    persons = _persons(uow, change, uow.now)
    for (place, version), quantity in sorted(wanted.items()):
        item = _item(uow, place, version)
        _take(uow, place, item, quantity, persons, locale)
        uow.db.execute(
            insert(FlashTake).values(
                order_id=change.order_id,
                activity_id=place.activity_id,
                product_id=place.product_id,
                slot=place.slot,
                quantity=quantity,
                at=uow.now,
            )
        )


def give_back(uow: UnitOfWork, change: OrderChange) -> None:
    """The order fell through: its pieces are there again, once."""
    for row in _takes(uow, change.order_id, returned=False):
        done = uow.db.execute(
            update(FlashTake)
            .where(FlashTake.id == row.id, FlashTake.returned_at.is_(None))
            .values(returned_at=uow.now)
        )
        if done.rowcount != 1:
            continue  # it was given back before
        place = Place(row.activity_id, row.product_id, row.slot)
        uow.db.execute(
            update(FlashStock)
            .where(_at(FlashStock, place))
            .values(taken=FlashStock.taken - row.quantity)
        )
        for person in _persons(uow, change, row.at):
            uow.db.execute(
                update(FlashPerson)
                .where(
                    _at(FlashPerson, place),
                    FlashPerson.person == person,
                    FlashPerson.taken >= row.quantity,
                )
                .values(taken=FlashPerson.taken - row.quantity)
            )
        uow.touch(STOCK_TAG)


def take_again(uow: UnitOfWork, change: OrderChange, locale: str) -> None:
    """A closed order is paid late: its price holds only while there are pieces. Raises `Refused`,
    and the money goes back."""
    rows = _takes(uow, change.order_id, returned=True)
    if not rows:
        return
    versions = {place: version for place, version in _wanted(change)}
    for row in rows:
        persons = _persons(uow, change, row.at)
        place = Place(row.activity_id, row.product_id, row.slot)
        _take(uow, place, _item(uow, place, versions[place]), row.quantity, persons, locale)
        uow.db.execute(update(FlashTake).where(FlashTake.id == row.id).values(returned_at=None))


def _take(
    uow: UnitOfWork, place: Place, item: Item, quantity: int, persons: Sequence[str], locale: str
) -> None:
    keys = ["activity_id", "product_id", "slot"]
    named = {name: getattr(place, name) for name in keys}
    insert_new(uow.db, FlashStock, {**named, "taken": 0}, keys=keys)
    stock = item.stock or 0
    taken = uow.db.scalar(
        update(FlashStock)
        .where(_at(FlashStock, place), _enough(quantity, stock))
        .values(taken=FlashStock.taken + quantity)
        .returning(FlashStock.taken)
    )
    if taken is None:
        raise _refusal("sold-out", locale)
    if stock - taken <= FEW:
        uow.touch(STOCK_TAG)
    for person in persons:
        insert_new(
            uow.db, FlashPerson, {**named, "person": person, "taken": 0}, keys=[*keys, "person"]
        )
        most = quantity if item.limit is None else item.limit
        done = uow.db.execute(
            update(FlashPerson)
            .where(
                _at(FlashPerson, place),
                FlashPerson.person == person,
                # Without a limit, it is counted all the same.
                *(() if item.limit is None else (FlashPerson.taken + quantity <= most,)),
            )
            .values(taken=FlashPerson.taken + quantity)
        )
        if done.rowcount != 1:
            raise _refusal("limit", locale)


def _enough(quantity: int, stock: int) -> ColumnElement[bool]:
    """The guard: of rivals for the last pieces, the update of one finds its row."""
    return FlashStock.taken + quantity <= stock


def _item(uow: UnitOfWork, place: Place, version: int) -> Item:
    """The terms under which the order was priced; versions never change."""

    def read() -> Rules:
        record = uow.db.execute(
            select(ActivityVersion.rules).where(
                ActivityVersion.activity_id == place.activity_id,
                ActivityVersion.version == version,
            )
        ).scalar_one()
        return Rules.from_json(record)

    rules = uow.cached(f"promotions.version.{place.activity_id}.{version}", (), read)
    item = rules.item(place.product_id)
    assert item is not None  # the offer's id was made from it
    return item


def _wanted(change: OrderChange) -> dict[tuple[Place, int], int]:
    """Place and version → pieces, of the lines that the flash price was given to."""
    found: dict[tuple[Place, int], int] = {}
    for line in change.lines:
        if line.gift or not line.offer.startswith(f"{PLUGIN}:{FLASH}"):
            continue
        mark, minute, product = line.offer.removeprefix(f"{PLUGIN}:{FLASH}").split("-")
        activity, version = mark.split(".")
        slot = _EPOCH + timedelta(minutes=int(minute))
        key = (Place(int(activity), int(product), slot), int(version))
        found[key] = found.get(key, 0) + line.quantity
    return found


def _persons(uow: UnitOfWork, change: OrderChange, at: datetime) -> list[str]:
    """Everything by which the person behind an order was known when it took its pieces, sorted:
    whoever signed in or proved a phone later has other orders there, which still count."""
    contact = contact_of_order(uow, change.order_id)
    subjects = contact.phones | contact.emails
    found = set()
    if change.customer_id is not None and not placed_by_guest(uow, change.order_id):
        found.add(f"c{change.customer_id}")
        known = contact_of_customer(uow, change.customer_id, by=at)
        subjects |= known.phones | known.emails
    found |= {person_key(uow, PLUGIN, subject) for subject in subjects}
    return sorted(found - {""})


def _takes(uow: UnitOfWork, order_id: int, *, returned: bool) -> list[Any]:
    state = FlashTake.returned_at.is_not(None) if returned else FlashTake.returned_at.is_(None)
    return list(
        uow.db.execute(
            select(FlashTake.__table__)
            .where(FlashTake.order_id == order_id, state)
            .order_by(FlashTake.activity_id, FlashTake.product_id, FlashTake.slot)
        )
    )


def _at(table: Any, place: Place) -> Any:
    return and_(
        table.activity_id == place.activity_id,
        table.product_id == place.product_id,
        table.slot == place.slot,
    )


def _refusal(reason: str, locale: str) -> Refused:
    return Refused(f"promotions:{reason}", say(locale, _SENTENCES[reason]))


def refuse(reason: str, locale: str) -> None:
    """Raise the `Refused` for a reason (``sold-out``, ``limit``)."""
    raise _refusal(reason, locale)
