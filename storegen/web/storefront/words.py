"""States, kinds and reason codes as people read them. Keys are the domain's codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.errors import StoreError
from storegen.web.context import current, gettext


def _(text: str) -> str:
    """Marks a text for translation; it is translated when it is shown."""
    return text


PROBLEMS: Mapping[str, str] = {
    "required": _("Please fill this in."),
    "too-long": _("This is too long."),
    "too-many": _("That is too many."),
    "not-text": _("Please fill this in."),
    "not-a-number": _("Please enter a whole number."),
    "out-of-range": _("Please choose a number from 1 to 999."),
    "not-a-phone": _("This is not a phone number that we can read."),
    "not-a-mobile": _("Please enter a mobile number that can receive text messages."),
    "not-an-email": _("This is not an e-mail address."),
    "not-a-postcode": _("This is not a postcode of that country."),
    "not-a-name": _("Please enter a name of at most 100 signs."),
    "unknown-division": _("Please choose from the list."),
    "choose-further": _("Please choose the next level too."),
    "unknown-country": _("Please choose from the list."),
    "unknown": _("Please choose from the list."),
    "too-short": _("Please use at least 8 signs."),
    "too-common": _("This password is easy to guess. Please choose another one."),
    "like-the-name": _("The password must not be the name you sign in with."),
    "wrong-code": _("This code is not right, or it is not valid any more."),
    "wrong-password": _("This is not your present password."),
    "not-possible": _("This is not possible for these goods."),
    "no-return": _("These goods come back for a fault only."),
    "contact-required": _("Please give a phone number or an e-mail address."),
    "accept-required": _("Please confirm that you are sure."),
    "accept:required": _("Please confirm that you have read this."),
    "ack:required": _("Please confirm that you know this."),
    "payment:required": _("Please choose how you pay."),
    "method:required": _("Please choose how it should be delivered."),
    "division:required": _("Please choose where it goes."),
    "lines:too-many": _("Your cart is full. Please take something out first."),
    "pictures:too-many": _("Please send at most 6 pictures."),
    "pictures:not-a-picture": _("One of these files is not a picture that we can read."),
    "pictures:too-large": _("One of these pictures is too large. Please send smaller ones."),
}

FIELDS: Mapping[str, str] = {
    "contact": _("Phone or e-mail"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "name": _("Name"),
    "country": _("Country or region"),
    "division": _("Province, city, district"),
    "region": _("State or province"),
    "city": _("City"),
    "line1": _("Street and number"),
    "line2": _("Flat, floor, building"),
    "postcode": _("Postcode"),
    "method": _("Delivery"),
    "payment": _("Payment"),
    "note": _("Note for the shop"),
    "accept": _("Terms"),
    "password": _("Password"),
    "old": _("Present password"),
    "code": _("Code"),
    "quantity": _("Quantity"),
    "kind": _("What should happen"),
    "reason": _("Reason"),
    "message": _("What happened"),
    "pictures": _("Pictures"),
    "carrier": _("Carrier"),
    "tracking_number": _("Tracking number"),
    "locale": _("Language"),
}

ORDER_STATES: Mapping[str, str] = {
    "pending_payment": _("Waiting for payment"),
    "placed": _("Ordered"),
    "paid": _("Paid"),
    "to_ship": _("Being packed"),
    "shipped": _("On its way"),
    "received": _("Received"),
    "completed": _("Completed"),
    "refunding": _("Being refunded"),
    "refunded": _("Refunded"),
    "cancelled": _("Cancelled"),
    "closed": _("Closed, not paid in time"),
}

PAYMENT_STATES: Mapping[str, str] = {
    "unpaid": _("Not paid yet"),
    "part": _("Paid in part"),
    "paid": _("Paid"),
    "part_refunded": _("Refunded in part"),
    "refunded": _("Refunded"),
}

FULFILMENT_STATES: Mapping[str, str] = {
    "none": _("Not sent yet"),
    "part": _("Sent in part"),
    "all": _("All sent"),
}

REFUND_STATES: Mapping[str, str] = {
    "requested": _("On its way to you"),
    "pending": _("On its way to you"),
    "unknown": _("On its way to you"),
    "by_hand": _("The shop transfers it to you"),
    "succeeded": _("Given back"),
    "failed": _("Delayed; the shop takes care of it"),
}

REQUEST_KINDS: Mapping[str, str] = {
    "refund_only": _("Money back, goods stay"),
    "return": _("Send back, money back"),
    "exchange": _("Send back, exchange"),
}

REQUEST_STATES: Mapping[str, str] = {
    "requested": _("Waiting for the shop"),
    "approved": _("Approved"),
    "returned": _("Goods on their way back"),
    "completed": _("Done"),
    "rejected": _("Not accepted"),
    "withdrawn": _("Withdrawn"),
}

REASONS: Mapping[str, str] = {
    "changed_mind": _("I changed my mind"),
    "size": _("Size or fit"),
    "damaged": _("Arrived damaged"),
    "faulty": _("Does not work as it should"),
    "missing_parts": _("Parts are missing"),
    "not_as_described": _("Not as described"),
    "wrong_item": _("Wrong goods"),
    "not_arrived": _("Has not arrived"),
    "other": _("Something else"),
}

EVENTS: Mapping[str, str] = {
    "place": _("Ordered"),
    "pay": _("Paid"),
    "pay_late": _("Paid"),
    "pay_on_delivery": _("Confirmed, paid on delivery"),
    "prepare": _("Being packed"),
    "cancel": _("Cancelled"),
    "cancel_unpaid": _("Cancelled"),
    "close": _("Closed, not paid in time"),
    "ship": _("All sent"),
    "hand_over": _("Handed over"),
    "receive": _("Received"),
    "complete": _("Completed"),
    "refund_all": _("Being refunded"),
    "refunded": _("Refunded"),
    "shipment": _("A parcel has left"),
    "payment_failed": _("A payment did not go through"),
    "awaiting_transfer": _("Waiting for your transfer"),
    "refund_requested": _("Refund decided"),
    "replacement": _("A replacement has left"),
}

CONSENTS: Mapping[str, str] = {
    "privacy": _("Privacy policy"),
    "terms": _("Terms of sale"),
    "personalisation": _("Personal suggestions"),
}

FREIGHT_REASONS: Mapping[str, str] = {
    "by-weight": _("by weight"),
    "by-pieces": _("by number of pieces"),
    "by-amount": _("by order value"),
    "free-over": _("free for orders of this size"),
    "pickup": _("you pick it up"),
    "nothing-to-ship": _("nothing to send"),
}


def say(table: Mapping[str, str], code: str) -> str:
    """The text for a code; a code that a plugin made is shown as it is."""
    text = table.get(code)
    return gettext(text) if text else code


def problem(field: str, code: str) -> str:
    name = "ack" if field.startswith(("ack", "acknowledged")) else field
    text = PROBLEMS.get(f"{name}:{code}") or PROBLEMS.get(code)
    return gettext(text) if text else gettext(_("Please check this."))


def in_language(texts: Mapping[str, Any]) -> str:
    """One of a plugin's texts in the reader's language, else in English, else any."""
    locale = current().locale
    for key in (locale, locale.split("-")[0], "en"):
        if texts.get(key):
            return str(texts[key])
    return str(next(iter(texts.values()), ""))


def refusal(error: StoreError) -> str:
    from storegen.web.problems import sentence

    return sentence(error)
