"""The address book."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, request
from flask.wrappers import Response

from storegen.domain.people import addresses
from storegen.domain.people.addresses import BookedAddress
from storegen.errors import Conflict, Invalid
from storegen.web.context import current, gettext
from storegen.web.storefront import address_input
from storegen.web.storefront.account.guard import signed_in
from storegen.web.storefront.checkout_state import countries
from storegen.web.storefront.forms import Form
from storegen.web.storefront.personal import go, page
from storegen.web.storefront.words import refusal

blueprint = Blueprint("shop_book", __name__)
NEW = "new"


@blueprint.get("/account/addresses")
@signed_in
def show() -> Response:
    return _list()


@blueprint.get("/account/addresses/<address_id>")
@signed_in
def edit(address_id: str) -> Response:
    context = current()
    if address_id == NEW:
        return _form(NEW, {}, {})
    booked = addresses.get_address(context.db, context.actor, address_id)
    return _form(address_id, _of(booked), {})


@blueprint.post("/account/addresses/<address_id>")
@signed_in
def save(address_id: str) -> Response:
    """A step of the divisions, or the address itself."""
    context = current()
    actor = context.actor
    values = {name: text.strip()[:500] for name, text in request.form.items()}
    if address_id != NEW:
        addresses.get_address(context.db, actor, address_id)  # another's is not there
    typed = address_input.read(values, context.store.config.country, context.locale)
    if values.get("step") or values.get("country_shown", typed.country) != typed.country:
        return _form(address_id, values, {})
    given = typed.given(values.get("phone", ""))
    country = typed.country
    context.refresh()
    try:
        if address_id == NEW:
            default = values.get("default") == "yes"
            context.store.transact(
                lambda uow: addresses.add_address(uow, actor, country, given, default=default)
            )
        else:
            context.store.transact(
                lambda uow: addresses.change_address(uow, actor, address_id, country, given)
            )
    except Invalid as error:
        return _form(address_id, values, error.problems, status=422)
    except Conflict as error:
        return _form(address_id, values, {}, notice=refusal(error), status=409)
    return go(context.urls.account("addresses"))


@blueprint.post("/account/addresses/<address_id>/default")
@signed_in
def default(address_id: str) -> Response:
    context = current()
    actor = context.actor
    context.refresh()
    context.store.transact(lambda uow: addresses.make_default(uow, actor, address_id))
    return go(context.urls.account("addresses"))


@blueprint.post("/account/addresses/<address_id>/delete")
@signed_in
def delete(address_id: str) -> Response:
    context = current()
    actor = context.actor
    context.refresh()
    context.store.transact(lambda uow: addresses.delete_address(uow, actor, address_id))
    return go(context.urls.account("addresses"))


def _of(booked: BookedAddress) -> dict[str, str]:
    return {name: str(value) for name, value in booked.address.to_dict().items()}


def _list() -> Response:
    context = current()
    return page(
        "shop/account_addresses",
        gettext("Addresses"),
        path="/account/addresses",
        here="addresses",
        addresses=addresses.list_addresses(context.db, context.actor),
        most=addresses.MOST,
    )


def _form(
    address_id: str,
    values: Mapping[str, str],
    problems: Mapping[str, object],
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    context = current()
    typed = address_input.read(values, context.store.config.country, context.locale)
    title = gettext("New address") if address_id == NEW else gettext("Change address")
    return page(
        "shop/account_address",
        title,
        path=f"/account/addresses/{address_id}",
        status=status,
        here="addresses",
        address_id=address_id,
        address=typed,
        form=Form(values).with_problems(problems),
        notice=notice,
        countries=countries(context),
    )
