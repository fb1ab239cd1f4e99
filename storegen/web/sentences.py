"""The sentence for each refusal. Keys are an error's ``code``, or ``code:reason``."""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Marks a text for translation; it is translated when it is shown."""
    return text


TITLES: Mapping[int, str] = {
    400: _("This request could not be understood"),
    401: _("Please sign in"),
    403: _("This is not allowed"),
    404: _("Page not found"),
    405: _("This is not possible here"),
    409: _("Something has changed"),
    413: _("Too much at once"),
    415: _("This cannot be read"),
    422: _("Something is missing"),
    429: _("Too many tries"),
    500: _("Something went wrong"),
    502: _("The payment service does not answer"),
    503: _("Back in a moment"),
}

SENTENCES: Mapping[str, str] = {
    "refused": "%(message)s",  # a plugin's own sentence, whole and in the reader's language
    "channel-down": _("The message could not be sent. Please try again in a few minutes."),
    "message-refused": _("The message cannot be delivered there. Please check the address."),
    "plugin-fault": _(
        "A part of the shop does not work at the moment, so this was not done and nothing was "
        "charged. Please try again in a few minutes."
    ),
    "no-issuer": _("This reward cannot be paid out by the shop at the moment."),
    "not-found": _("There is nothing at this address. It may have moved or sold out for good."),
    "method-not-allowed": _("This address does not take that kind of request."),
    "too-large": _("That was more than can be taken at once. Please send less."),
    "bad-request": _("The request could not be understood. Please go back and try again."),
    "not-json": _("Send the request as application/json."),
    "missing-key": _("Send an Idempotency-Key with the order, so that it is placed only once."),
    "conflict:no-destination": _("Say first where it should be delivered."),
    "internal": _("That is our fault, not yours. Nothing was charged. Please try again soon."),
    "invalid": _("Please check the marked fields."),
    "not-signed-in": _("Please sign in to see this."),
    "not-allowed": _("Your account may not do this."),
    "foreign-request": _("This form was sent from another place. Reload the page and try again."),
    "too-many": _("Too many tries. Please wait %(retry_after)s seconds and try again."),
    "wrong-credentials": _("That sign-in is not right. Please check it and try again."),
    "sold-out": _("There is not as much left as you want. Please take less or choose another."),
    "not-for-sale": _("This cannot be bought any more. Please take it out of your cart."),
    "offer-ended": _(
        "The price that you chose is not offered any more. Please take this out of your cart."
    ),
    "empty-cart": _("Your cart is empty."),
    "price-changed": _(
        "The price has changed from %(seen)s to %(payable)s. Please look again before you order."
    ),
    "no-delivery": _("This delivery does not reach your address. Please choose another."),
    "no-delivery:refused": _("We cannot deliver to this address."),
    "no-delivery:no-zone": _("We do not deliver to this place yet."),
    "no-delivery:unknown-method": _("Please choose how it should be delivered."),
    "shop-closed": _("The shop does not take orders at the moment. Please come back soon."),
    "forbidden-transition": _("The order has moved on meanwhile; this is not possible any more."),
    "conflict": _("Something has changed meanwhile. Please look again and retry."),
    "conflict:cart-closed": _("This cart has been ordered already."),
    "conflict:cart-changed": _("Your cart has changed meanwhile. Please look again."),
    "conflict:not-awaiting-payment": _("This order does not wait for a payment."),
    "conflict:payment-method-unavailable": _(
        "This way to pay is not possible now. Please choose another."
    ),
    "conflict:payment-time-is-over": _("The time to pay for this order is over."),
    "conflict:not-refundable": _("This order cannot be refunded now."),
    "conflict:not-shippable": _("This order cannot be shipped now."),
    "conflict:nothing-to-ship": _("There is nothing left to ship."),
    "conflict:already-shipped": _(
        "The goods are on their way already. You may refuse them when they arrive."
    ),
    "conflict:nothing-due": _("There is nothing left to pay."),
    "conflict:already-booked": _("This payment has been booked already."),
    "conflict:after-sales-over": _("The time for returns and refunds of this order is over."),
    "conflict:after-sales-units": _("A request about these pieces is under way already."),
    "conflict:after-sales-unpaid": _("This order is not paid yet, so nothing can be given back."),
    "conflict:nothing-to-send-back": _("Nothing needs to be sent back for this request."),
    "conflict:goods-not-back": _("The goods are not on their way back yet."),
    "conflict:identity-taken": _("This contact belongs to another account already."),
    "conflict:last-identity": _("This is your only way to sign in. Please add another one first."),
    "conflict:orders-open": _("An order is still under way. Please close the account afterwards."),
    "conflict:too-many-addresses": _("Your address book is full. Please delete an address first."),
    "conflict:no-channel": _("We cannot send a code there. Please sign in with a password."),
    "wrong-code": _("This code is not right, or it is not valid any more."),
    "picture-refused": _("This is not a picture that we can read."),
    "idempotency-key-reused": _("This key was used for another request."),
    "still-running": _("The same request is still being worked on. Please wait a moment."),
    "refund-too-much": _("That is more than is left to refund."),
    "provider-down": _(
        "The payment service does not answer. Nothing is lost: your order is kept, "
        "please try again in a moment."
    ),
    "busy": _("The shop is very busy. Please try again in a moment."),
    "invalid-amount": _("“%(text)s” is not an amount such as 19.90."),
}
