"""Activities in the life of an order: flash stock taken and given back, results counted."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update
from storegen_plugins.promotions import flash
from storegen_plugins.promotions.tables import FlashPerson, Use

from storegen.sdk import Actor, OrderChange, UnitOfWork
from storegen.sdk.lookups import contact_of_customer, person_key

PREFIX = "promotions:"
_FELL_THROUGH = ("cancelled", "closed", "refunded")
_UNSENT = ("paid", "to_ship")


def follow(uow: UnitOfWork, actor: Actor, change: OrderChange) -> None:
    """An order moves. One that no activity changed costs no query."""
    used = discounts(change)
    if not used:
        return
    if change.move == "place":
        flash.take(uow, change, actor.locale)
        _record(uow, change, used)
    elif change.to_state in ("cancelled", "closed") or (
        change.to_state in ("refunding", "refunded") and change.from_state in _UNSENT
    ):
        flash.give_back(uow, change)
    elif change.from_state in ("cancelled", "closed"):
        flash.take_again(uow, change, actor.locale)
    if change.to_state in _FELL_THROUGH:
        _mark(uow, change, ended_at=uow.now)
    elif change.from_state in ("cancelled", "closed"):
        _mark(uow, change, ended_at=None)
    if change.move in ("pay", "pay_late", "pay_on_delivery"):
        _mark(uow, change, paid_at=uow.now)


def discounts(change: OrderChange) -> dict[tuple[int, int], tuple[int, int]]:
    """(activity, version) → what it took off, and from how many pieces at a price of its own.

    The id of a promotion begins with its mark, ``<activity>.<version>``; that of an offer has it
    after its kind.
    """
    found: dict[tuple[int, int], tuple[int, int]] = {}

    def add(mark: str, amount: int, pieces: int) -> None:
        activity, version = mark.split(".")
        key = (int(activity), int(version))
        before = found.get(key, (0, 0))
        found[key] = (before[0] + amount, before[1] + pieces)

    for source, amount in change.applied.items():
        if source.startswith(PREFIX):
            add(source.removeprefix(PREFIX).partition("-")[0], max(-amount, 0), 0)
    for line in change.lines:
        if line.offer.startswith(PREFIX) and not line.gift:
            saved = ((line.list_price or line.unit_price) - line.unit_price) * line.quantity
            add(line.offer.split("-")[1], max(saved, 0), line.quantity)
    return found


def _record(
    uow: UnitOfWork, change: OrderChange, used: dict[tuple[int, int], tuple[int, int]]
) -> None:
    uow.db.execute(
        insert(Use),
        [
            {
                "activity_id": activity_id,
                "version": version,
                "order_id": change.order_id,
                "discount": discount,
                "order_total": change.total,
                "pieces": pieces,
                "at": uow.now,
            }
            for (activity_id, version), (discount, pieces) in sorted(used.items())
        ],
    )


def _mark(uow: UnitOfWork, change: OrderChange, **values: object) -> None:
    uow.db.execute(update(Use).where(Use.order_id == change.order_id).values(**values))


def personal_data(uow: UnitOfWork, customer_id: int) -> dict[str, object] | None:
    """What counts towards the limits of flash sales."""
    rows = uow.db.execute(
        select(FlashPerson.slot, FlashPerson.taken)
        .where(FlashPerson.person == f"c{customer_id}", FlashPerson.taken > 0)
        .order_by(FlashPerson.slot)
    )
    found = [{"from": row.slot.isoformat(), "pieces": row.taken} for row in rows]
    return {"flash_sales": found} if found else None


def erase(uow: UnitOfWork, customer_id: int) -> None:
    """Parts the counts from the person; what orders took stays with the orders."""
    contact = contact_of_customer(uow, customer_id)
    persons = {person_key(uow, flash.PLUGIN, one) for one in contact.phones | contact.emails}
    uow.db.execute(
        delete(FlashPerson).where(
            FlashPerson.person.in_(sorted({f"c{customer_id}"} | (persons - {""})))
        )
    )
