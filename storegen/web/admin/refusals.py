"""Refusals of the domain in the words of a form: which field, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from storegen.errors import Conflict, Invalid, PictureRefused, RefundTooMuch, StoreError
from storegen.web.context import current, gettext
from storegen.web.problems import sentence


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


FIELD_REASONS: Mapping[str, str] = {
    "required": _("Please fill this in."),
    "not-a-number": _("Please type a whole number."),
    "more-than-left": _("That is more than is left."),
    "nothing-to-refund": _("Choose at least one unit or an amount of freight."),
    "too-many": _("These are too many."),
    "too-long": _("This is too long."),
    "too-short": _("This is too short."),
    "too-common": _("Too many people use this password. Please take another."),
    "not-a-login": _("2 to 255 characters without spaces, please."),
    "unknown": _("This is not known here."),
    "option-values": _("Every variant needs a value for each option."),
    "below-zero": _("That would leave less than nothing on the shelf."),
    "taken": _("This is taken already."),
    "not-possible": _("This is not possible here."),
}

CONFLICTS: Mapping[str, str] = {
    "login-taken": _("This sign-in name is taken already."),
    "last-owner": _("Somebody must be able to do everything: this is the last owner."),
    "nothing-due": _("There is nothing left to pay."),
    "already-booked": _("This payment has been booked already."),
    "not-overpaid": _("Nothing was paid beyond the price."),
    "not-refundable": _("This order cannot be refunded now."),
    "not-shippable": _("This order cannot be shipped now."),
    "nothing-to-ship": _("There is nothing left to ship."),
    "refund-not-failed": _("This refund has not failed."),
    "refund-not-by-hand": _("This refund is not one to be paid by hand."),
    "goods-not-back": _("The goods have not come back yet."),
    "handle-taken": _("This address is taken by another product."),
    "slug-taken": _("This address is taken already."),
    "code-taken": _("This code is taken already."),
    "too-many-pictures": _("A product holds at most 50 pictures."),
    "too-many-things": _("These are more than 5,000 things. Please narrow the list down."),
    "category-loop": _("A category cannot stand below itself."),
    "changed-meanwhile": _("Somebody else has changed this meanwhile. Please look again."),
    "page-needed": _(
        "Customers must be able to read this text before they buy. Publish another page of its "
        "kind first."
    ),
    "page-linked": _("Another page leads here. Take the link out under “Home page” first."),
    "last-method": _(
        "This is the only delivery on offer. Offer another one first, or the shop takes no orders."
    ),
    "still-missing": _("The shop cannot open yet; the list says what is missing."),
}

PICTURES: Mapping[str, str] = {
    "not-a-picture": _("This file is no picture. JPEG, PNG, WebP, GIF and AVIF are taken."),
    "broken": _("This picture is damaged and cannot be read."),
    "too-many-bytes": _("This picture is too large: at most 20 MB."),
    "too-many-pixels": _("This picture has too many pixels."),
    "shape": _("This picture is too narrow or too flat."),
    "too-slow": _("This picture takes too long to read."),
    "crashed": _("This picture cannot be read."),
}


def explain(error: StoreError, schema: Schema) -> tuple[dict[str, Any], str]:
    """(errors of fields, the sentence above the form)."""
    if isinstance(error, Invalid):
        fields = {name: _worded(reasons) for name, reasons in error.problems.items()}
        known = {name: fields[name] for name in fields if name in schema.fields}
        rest = [text for name in fields if name not in known for text in _flat(fields[name])]
        return known, " ".join(rest) or gettext("Please check the marked fields.")
    if isinstance(error, PictureRefused):
        return {}, gettext(PICTURES.get(error.reason, "This file is no picture."))
    if isinstance(error, RefundTooMuch):
        return {}, gettext("That is more than is left to refund.")
    if isinstance(error, Conflict) and error.reason in CONFLICTS:
        return {}, gettext(CONFLICTS[error.reason])
    current()
    return {}, sentence(error)


def _worded(reasons: Any) -> Any:
    if isinstance(reasons, Mapping):
        return {key: _worded(value) for key, value in reasons.items()}
    if isinstance(reasons, str):
        return [gettext(FIELD_REASONS.get(reasons, reasons))]
    return [gettext(FIELD_REASONS.get(str(each), str(each))) for each in reasons]


def _flat(found: Any) -> list[str]:
    if isinstance(found, Mapping):
        return [text for value in found.values() for text in _flat(value)]
    return list(found)
