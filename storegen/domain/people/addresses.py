"""A customer's address book. Another's address is not there, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, delete, func, insert, select, update

from storegen.domain import addressing
from storegen.domain.people.customers import customer_of
from storegen.errors import Conflict, NotFound
from storegen.models import Customer, CustomerAddress
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.values.address import Address

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedAddress:
    """``id`` is the public one."""

    id: str
    address: Address
    is_default: bool


def list_addresses(uow: UnitOfWork, actor: Actor) -> Sequence[BookedAddress]:
    """The signed-in customer's addresses, the default one first, then the newest."""
    wanted = _select(customer_of(actor)).order_by(
        case((CustomerAddress.is_default.is_(True), 0), else_=1), CustomerAddress.id.desc()
    )
    return [_booked(row) for row in uow.db.execute(wanted).mappings()]


def get_address(uow: UnitOfWork, actor: Actor, public_id: str) -> BookedAddress:
    """One of the customer's own addresses. Raises `NotFound`."""
    wanted = _select(customer_of(actor)).where(CustomerAddress.public_id == public_id)
    row = uow.db.execute(wanted).mappings().one_or_none()
    if row is None:
        raise NotFound("address")
    return _booked(row)


def add_address(
    uow: UnitOfWork, actor: Actor, country: str, given: Mapping[str, Any], *, default: bool = False
) -> BookedAddress:
    """Add what `addressing.validate` accepts; the first one becomes the default.

    Raises `Invalid`, and `Conflict` ("too-many-addresses") beyond 20.
    """
    customer_id = customer_of(actor)
    address = addressing.validate(country, given)
    _lock(uow, customer_id)
    present = uow.db.execute(
        select(func.count())
        .select_from(CustomerAddress)
        .where(CustomerAddress.customer_id == customer_id)
    ).scalar_one()
    if present >= MOST:
        raise Conflict("too-many-addresses")
    public_id: str = uow.db.execute(
        insert(CustomerAddress)
        .values(
            customer_id=customer_id,
            address=address.to_dict(),
            is_default=False,
            created_at=uow.now,
        )
        .returning(CustomerAddress.public_id)
    ).scalar_one()
    if default or present == 0:
        _make_default(uow, customer_id, public_id)
    return get_address(uow, actor, public_id)


def change_address(
    uow: UnitOfWork, actor: Actor, public_id: str, country: str, given: Mapping[str, Any]
) -> BookedAddress:
    """Replace one of the customer's own addresses. Raises `NotFound` or `Invalid`."""
    changed = uow.db.execute(
        update(CustomerAddress)
        .where(*_own(actor, public_id))
        .values(address=addressing.validate(country, given).to_dict())
    )
    if changed.rowcount != 1:
        raise NotFound("address")
    return get_address(uow, actor, public_id)


def make_default(uow: UnitOfWork, actor: Actor, public_id: str) -> None:
    """Offer this address first from now on. Raises `NotFound`."""
    customer_id = customer_of(actor)
    _lock(uow, customer_id)
    get_address(uow, actor, public_id)
    _make_default(uow, customer_id, public_id)


def delete_address(uow: UnitOfWork, actor: Actor, public_id: str) -> None:
    """Take one out of the book; the newest that is left takes over as default."""
    customer_id = customer_of(actor)
    _lock(uow, customer_id)
    was_default = get_address(uow, actor, public_id).is_default
    uow.db.execute(delete(CustomerAddress).where(*_own(actor, public_id)))
    left = list_addresses(uow, actor)
    if was_default and left:
        _make_default(uow, customer_id, left[0].id)


def _select(customer_id: int) -> Select[str, dict[str, Any], bool]:
    return select(
        CustomerAddress.public_id, CustomerAddress.address, CustomerAddress.is_default
    ).where(CustomerAddress.customer_id == customer_id)


def _booked(row: Mapping[Any, Any]) -> BookedAddress:
    return BookedAddress(
        id=row["public_id"],
        address=Address.from_dict(row["address"]),
        is_default=row["is_default"],
    )


def _own(actor: Actor, public_id: str) -> tuple[Any, ...]:
    return (
        CustomerAddress.customer_id == customer_of(actor),
        CustomerAddress.public_id == public_id,
    )


def _make_default(uow: UnitOfWork, customer_id: int, public_id: str) -> None:
    uow.db.execute(
        update(CustomerAddress)
        .where(CustomerAddress.customer_id == customer_id)
        .values(is_default=CustomerAddress.public_id == public_id)
    )


def _lock(uow: UnitOfWork, customer_id: int) -> None:
    # One change of a book at a time, so that the limit and the single default hold.
    uow.db.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())
