"""Sessions, sign-in and the customer's own account."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from storegen.domain.contact import Provider
from storegen.domain.people.addresses import BookedAddress
from storegen.domain.people.customers import Profile
from storegen.domain.people.passwords import LONGEST
from storegen.web.api.fields import Flag, OneOf, Part, Text
from storegen.web.api.schemas.common import (
    AddressGiven,
    AddressShape,
    Answer,
    Body,
    ConsentsGiven,
    Moment,
)

PROVIDERS: tuple[Provider, ...] = ("phone", "email")


class ContactGiven(Body):
    """A phone number as people of the shop's country write it, or an e-mail address."""

    contact = Text(most=254, least=1, required=True, metadata={"example": "13800138000"})


class CodeGiven(ContactGiven):
    code = Text(most=16, least=1, required=True, metadata={"example": "042517"})
    consents = Part(ConsentsGiven, load_default=dict)


class PasswordGiven(ContactGiven):
    password = Text(most=LONGEST * 2, least=1, required=True)
    consents = Part(ConsentsGiven, load_default=dict)


class RegistrationGiven(PasswordGiven):
    """``code`` is needed where the shop can send codes to ``contact``."""

    code = Text(most=16, load_default="")


class ProfileGiven(Body):
    """What is left out stays."""

    name = Text(most=100)
    locale = Text(most=16)


class PasswordChange(Body):
    """``old`` is needed where there is a password."""

    old = Text(most=LONGEST * 2, load_default="")
    new = Text(most=LONGEST * 2, least=1, required=True)


class BookedGiven(AddressGiven):
    default = Flag(load_default=False)


class Session(Answer):
    """``token`` is shown once: keep it, and send it as ``Authorization: Bearer …``."""

    token = fields.String(required=True)
    expires_at = Moment(required=True)
    customer = fields.Boolean(
        required=True, metadata={"description": "Whether it is a customer's, not a guest's."}
    )


class Identity(Answer):
    provider = OneOf(*PROVIDERS, required=True)
    subject = fields.String(required=True)
    verified = fields.Boolean(required=True)


class Customer(Answer):
    id = fields.String(required=True)
    name = fields.String(required=True)
    locale = fields.String(required=True)
    has_password = fields.Boolean(required=True)
    identities = fields.List(fields.Nested(Identity), required=True)
    created_at = Moment(required=True)


class Booked(AddressShape):
    id = fields.String(required=True)
    default = fields.Boolean(required=True)


class AddressBook(Answer):
    items = fields.List(fields.Nested(Booked), required=True)


def customer_shape(found: Profile) -> dict[str, Any]:
    return {
        "id": found.public_id,
        "name": found.name,
        "locale": found.locale,
        "has_password": found.has_password,
        "identities": [
            {
                "provider": each.provider,
                "subject": each.subject,
                "verified": each.verified_at is not None,
            }
            for each in found.identities
        ],
        "created_at": found.created_at,
    }


def booked_shape(found: BookedAddress) -> dict[str, Any]:
    return {"id": found.id, "default": found.is_default, **found.address.to_dict()}
