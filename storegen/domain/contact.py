"""Phone numbers and e-mail addresses in the one form that is stored and compared."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import phonenumbers
from marshmallow import ValidationError, validate

from storegen.errors import Invalid

if TYPE_CHECKING:
    from storegen.store import Store

Provider = Literal["phone", "email"]
CHANNELS: dict[Provider, str] = {"phone": "sms", "email": "email"}
"""Through which message channel an identity of this kind is reached."""

_EMAIL = validate.Email()
_TEXTABLE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an identity names: ``value`` is an E.164 number or a folded e-mail address."""

    provider: Provider
    value: str

    @property
    def channel(self) -> str:
        return CHANNELS[self.provider]

    def __str__(self) -> str:
        """For limits and hashes; not for logs."""
        return f"{self.provider}:{self.value}"


def normalise_phone(text: str, country: str) -> str:
    """The E.164 form (``+8613800138000``) of a number as people of ``country`` write it.

    Raises `Invalid` for what is no valid number.
    """
    number = _phone(text, country)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_email(text: str) -> str:
    """The address, trimmed, full-width signs folded, in lower case. Raises `Invalid`.

    Mailboxes that differ in case only are one mailbox wherever people have theirs.
    """
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        if len(folded) > 254 or not folded.isascii():
            raise ValidationError("")
        _EMAIL(folded)
    except ValidationError:
        raise Invalid({"email": ["not-an-email"]}) from None
    return folded


def parse_subject(store: Store, text: str, provider: Provider | None = None) -> Subject:
    """Whom a person means by ``text``; an ``@`` tells an e-mail address from a phone number.

    A phone must be able to take text messages (others cost dearly). Raises `Invalid`.
    """
    provider = provider or ("email" if "@" in text or "＠" in text else "phone")
    if provider == "email":
        return Subject("email", normalise_email(text))
    number = _phone(text, store.config.country)
    if phonenumbers.number_type(number) not in _TEXTABLE:
        raise Invalid({"phone": ["not-a-mobile"]})
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Subject("phone", e164)


def _phone(text: str, country: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text.strip()[:40], country)
    except phonenumbers.NumberParseException:
        raise Invalid({"phone": ["not-a-phone"]}) from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise Invalid({"phone": ["not-a-phone"]})
    return number
