"""Everything that the checkout shows, worked out from the cart and what was typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from storegen.domain import addressing, contact, delivery
from storegen.domain.carts.gifts import GivenGoods
from storegen.domain.carts.loading import LoadedCart
from storegen.domain.delivery import Option
from storegen.domain.payments import starting
from storegen.domain.payments.starting import Methods
from storegen.domain.people import addresses, consents, customers
from storegen.domain.people.addresses import BookedAddress
from storegen.errors import Invalid
from storegen.values.address import Address
from storegen.values.pricing import Quote
from storegen.values.shipping import Destination, FreightTemplate
from storegen.web.context import Context
from storegen.web.storefront import address_input
from storegen.web.storefront.address_input import AddressInput
from storegen.web.storefront.forms import flat

NEW = "new"
NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutState:
    """``options`` reach the destination; ``quote`` includes delivery once one is chosen.
    ``texts``: kind → version that is still to be accepted."""

    values: Mapping[str, str]
    cart: LoadedCart
    ships: bool
    saved: tuple[BookedAddress, ...]
    chosen: BookedAddress | None
    address: AddressInput
    destination: Destination | None
    options: tuple[Option, ...]
    refusal: str
    method: str
    template: FreightTemplate | None
    quote: Quote
    payments: tuple[Methods, ...]
    payment: str
    texts: Mapping[str, str] = field(default_factory=dict)
    gifts: tuple[GivenGoods, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the total is the one that would be charged."""
        return not self.ships or self.template is not None

    def value(self, name: str) -> str:
        return self.values.get(name, "")


def countries(context: Context) -> list[tuple[str, str]]:
    """(code, name) of the countries that some way of delivery reaches, the shop's own first."""
    own = context.store.config.country
    places = {
        place.upper()
        for template in delivery.templates(context.db)
        for zone in template.zones
        if not zone.refused
        for place in zone.places
    }
    every = addressing.countries(context.locale, own)
    reached = {own if place.isdigit() else place for place in places} | {own}
    found = [each for each in every if "*" in places or each[0] in reached]
    return sorted(found, key=lambda country: country[0] != own)


def build(context: Context, cart: LoadedCart, values: Mapping[str, str]) -> CheckoutState:
    """From the form's values; from a customer's defaults where nothing was typed yet."""
    uow, actor, store = context.db, context.actor, context.store
    saved: tuple[BookedAddress, ...] = ()
    texts = dict(consents.in_force(uow))
    if actor.customer_id is not None:
        saved = tuple(addresses.list_addresses(uow, actor))
        missing = consents.missing(uow, actor.customer_id, texts)
        texts = {kind: version for kind, version in texts.items() if kind in missing}
        if not values:
            values = _of_customer(context)
    wanted = values.get("address", saved[0].id if saved else NEW)
    chosen = next((one for one in saved if one.id == wanted), None)
    typed = address_input.read(values, store.config.country, context.locale)
    ships = delivery.needs_shipping(cart)
    destination = chosen.address.destination if chosen else typed.destination
    options: tuple[Option, ...] = ()
    refusal = method = ""
    if ships and destination is not None:
        every = delivery.options(uow, cart, destination)
        options = tuple(option for option in every if option.charge is not None)
        method = _method(options, values.get("method", ""))
        if not options:
            refusal = every[0].refusal if every else "no-zone"
    place = destination if method else None
    quote, template = delivery.priced(uow, cart, place, method)
    payments = tuple(
        starting.methods(store, amount=quote.payable, channel=actor.channel, locale=context.locale)
    )
    codes = [payment.code for payment in payments]
    payment = values.get("payment", "")
    return CheckoutState(
        values=values,
        cart=cart,
        ships=ships,
        saved=saved,
        chosen=chosen,
        address=typed,
        destination=destination,
        options=options,
        refusal=refusal,
        method=method,
        template=template,
        quote=quote,
        payments=payments,
        payment=payment if payment in codes else (codes[0] if codes else ""),
        texts=texts,
        gifts=delivery.gifts(uow, cart, place, quote),
    )


def _method(options: tuple[Option, ...], wanted: str) -> str:
    codes = [option.template.code for option in options]
    if wanted in codes:
        return wanted
    return codes[0] if codes else ""


def _of_customer(context: Context) -> dict[str, str]:
    """What a customer need not type again."""
    profile = customers.profile(context.db, context.actor)
    subjects = {one.provider: one.subject for one in reversed(profile.identities)}
    return {
        "name": profile.name,
        "phone": subjects.get("phone", ""),
        "email": subjects.get("email", ""),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The checked part of a checkout: who gets it, where, and how to reach them."""

    address: Address | None
    name: str
    phone: str
    email: str


def check(context: Context, state: CheckoutState) -> tuple[Confirmed | None, dict[str, str]]:
    """What was typed, normalised, or a problem per field."""
    problems: dict[str, str] = {}
    address: Address | None = None
    phone, email = state.value("phone"), state.value("email")
    if state.ships and state.chosen is not None:
        address = state.chosen.address
    elif state.ships:
        try:
            address = addressing.validate(state.address.country, state.address.given(phone))
        except Invalid as error:
            problems |= flat(error.problems)
    if address is not None and state.chosen is None:
        phone = address.phone
    elif phone and "phone" not in problems:
        try:
            phone = contact.normalise_phone(phone, context.store.config.country)
        except Invalid as error:
            problems |= flat(error.problems)
    if email:
        try:
            email = contact.normalise_email(email)
        except Invalid as error:
            problems |= flat(error.problems)
    if address is not None and not phone:
        phone = address.phone
    if not phone and not email and "phone" not in problems:
        problems["phone"] = "required" if state.ships else "contact-required"
    if len(state.value("note")) > NOTE:
        problems["note"] = "too-long"
    if state.quote.payable and not state.payment:
        problems["payment"] = "required"
    if state.texts and state.value("accept") != "yes":
        problems["accept"] = "required"
    for line in state.cart.lines:
        key = line.view.key
        if line.return_class == "no_return" and line.for_sale and not state.value(f"ack-{key}"):
            problems[f"ack-{key}"] = "required"
    if problems:
        return None, problems
    name = address.name if address else state.value("name")[:60]
    return Confirmed(address=address, name=name, phone=phone, email=email), {}
