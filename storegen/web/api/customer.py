"""The signed-in customer: profile, addresses, orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.domain.people import addresses, customers
from storegen.values.actor import Actor
from storegen.web.api import bearer
from storegen.web.api.routes import Routes, Who
from storegen.web.api.schemas import people as shapes
from storegen.web.context import current

routes = Routes(
    "customer", __name__, url_prefix="/customer", description="The signed-in customer's own."
)
ADDRESS = {
    "name": "王小明",
    "phone": "13800138000",
    "country": "CN",
    "division": "310101",
    "line1": "南京东路 1 号",
}


@routes.operation("GET", "", answers=shapes.Customer, who=Who.CUSTOMER)
def get_customer() -> Any:
    """Who is signed in."""
    return shapes.customer_shape(customers.profile(current().db, bearer.customer()))


@routes.operation(
    "PATCH",
    "",
    answers=shapes.Customer,
    body=shapes.ProfileGiven,
    example={"name": "王小明"},
    who=Who.CUSTOMER,
)
def change_customer(body: Mapping[str, Any]) -> Any:
    """Change name or language."""
    actor = _customer()
    current().store.transact(lambda uow: customers.change_profile(uow, actor, **body))
    return shapes.customer_shape(customers.profile(current().db, actor))


@routes.operation(
    "PUT",
    "/password",
    answers=None,
    status=204,
    body=shapes.PasswordChange,
    example={"old": "correct horse battery", "new": "another good one"},
    refuses=(429,),
    who=Who.CUSTOMER,
)
def change_password(body: Mapping[str, Any]) -> Any:
    """Set a password or another one; the customer's other sessions end."""
    customers.change_password(current().store, _customer(), old=body["old"], new=body["new"])
    return "", 204


@routes.operation("GET", "/addresses", answers=shapes.AddressBook, who=Who.CUSTOMER)
def list_addresses() -> Any:
    """The address book, the default one first."""
    found = addresses.list_addresses(current().db, bearer.customer())
    return {"items": [shapes.booked_shape(each) for each in found]}


@routes.operation(
    "POST",
    "/addresses",
    answers=shapes.Booked,
    status=201,
    body=shapes.BookedGiven,
    example={**ADDRESS, "default": True},
    refuses=(409,),
    who=Who.CUSTOMER,
)
def add_address(body: Mapping[str, Any]) -> Any:
    """Add an address; the first one becomes the default."""
    actor = _customer()
    made = current().store.transact(
        lambda uow: addresses.add_address(
            uow, actor, body["country"], body, default=body["default"]
        )
    )
    return shapes.booked_shape(made)


@routes.operation("GET", "/addresses/<id:address>", answers=shapes.Booked, who=Who.CUSTOMER)
def get_address(address: str) -> Any:
    """One address."""
    return shapes.booked_shape(addresses.get_address(current().db, bearer.customer(), address))


@routes.operation(
    "PUT",
    "/addresses/<id:address>",
    answers=shapes.Booked,
    body=shapes.BookedGiven,
    example={**ADDRESS, "line1": "南京东路 2 号"},
    who=Who.CUSTOMER,
)
def replace_address(body: Mapping[str, Any], address: str) -> Any:
    """Replace one address; `default` true also puts it first."""
    actor = _customer()

    def work(uow: Any) -> Any:
        addresses.get_address(uow, actor, address)
        changed = addresses.change_address(uow, actor, address, body["country"], body)
        if body["default"]:
            addresses.make_default(uow, actor, address)
            changed = addresses.get_address(uow, actor, address)
        return changed

    return shapes.booked_shape(current().store.transact(work))


@routes.operation("DELETE", "/addresses/<id:address>", answers=None, status=204, who=Who.CUSTOMER)
def delete_address(address: str) -> Any:
    """Take an address out of the book."""
    actor = _customer()
    current().store.transact(lambda uow: addresses.delete_address(uow, actor, address))
    return "", 204


def _customer() -> Actor:
    actor = bearer.customer()
    current().refresh()  # the look is over before the write begins
    return actor
