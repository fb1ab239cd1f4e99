"""Which fields an address has in a country, and whether one is filled in well."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from babel import Locale

from storegen import divisions
from storegen.domain.contact import normalise_phone
from storegen.errors import Invalid
from storegen.values.address import Address

_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two-letter territories of CLDR that no parcel goes to: unions, test and unknown regions."""
_NAMES = {
    "CN": {
        "zh": {"TW": "中国台湾", "HK": "中国香港", "MO": "中国澳门"},
        "en": {"TW": "Taiwan, China", "HK": "Hong Kong, China", "MO": "Macao, China"},
    }
}
"""Seller's country → language → names that its standards (GB/T 2659) want; CLDR's differ."""
_CHINESE_POSTCODE = re.compile(r"\d{6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressField:
    """One field of a form. ``autocomplete`` is the token of the HTML standard; a ``division``
    is chosen from `storegen.divisions`, level by level."""

    name: str
    autocomplete: str
    required: bool = True
    most: int = 100
    kind: Literal["text", "phone", "division", "postcode"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressForm:
    """The fields of an address in one country, in the order in which people write them there."""

    country: str
    fields: tuple[AddressField, ...]

    def field(self, name: str) -> AddressField | None:
        return next((field for field in self.fields if field.name == name), None)


_NAME = AddressField(name="name", autocomplete="name", most=60)
_PHONE = AddressField(name="phone", autocomplete="tel", most=40, kind="phone")
_POSTCODE = AddressField(
    name="postcode", autocomplete="postal-code", required=False, most=16, kind="postcode"
)
_WITH_DIVISIONS = (
    _NAME,
    _PHONE,
    AddressField(name="division", autocomplete="address-level2", most=12, kind="division"),
    AddressField(name="line1", autocomplete="street-address", most=200),
    _POSTCODE,
)
_WITH_TEXT = (
    _NAME,
    AddressField(name="line1", autocomplete="address-line1", most=200),
    AddressField(name="line2", autocomplete="address-line2", required=False, most=200),
    AddressField(name="city", autocomplete="address-level2"),
    AddressField(name="region", autocomplete="address-level1", required=False),
    _POSTCODE,
    _PHONE,
)


def countries(locale: str, seller: str = "") -> tuple[tuple[str, str], ...]:
    """(ISO code, name in ``locale``) of every country and region, by name. ``seller`` is the
    shop's own country, whose rules say what some of them are called."""
    names = dict(Locale.parse(locale.replace("-", "_")).territories)
    names.update(_NAMES.get(seller, {}).get(locale[:2], {}))
    found = [(code, name) for code, name in names.items() if _is_country(code)]
    return tuple(sorted(found, key=lambda country: (country[1], country[0])))


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES


def form(country: str) -> AddressForm:
    """The form of ``country`` (ISO 3166). Raises `Invalid` for what is no country."""
    if not _is_country(country) or country not in Locale("en").territories:
        raise Invalid({"country": "unknown-country"})
    fields = _WITH_DIVISIONS if country in divisions.AVAILABLE else _WITH_TEXT
    return AddressForm(country=country, fields=fields)


def validate(country: str, given: Mapping[str, Any]) -> Address:
    """The address that ``given`` (field → text) describes.

    Texts are trimmed and their inner white space is folded; fields that the form does not have
    are left out. Raises `Invalid` with one reason code per wrong field: ``required``,
    ``too-long``, ``not-text``, ``not-a-phone``, ``not-a-postcode``, ``unknown-division``,
    ``choose-further`` (a division with others below it), ``unknown-country``.
    """
    problems: dict[str, str] = {}
    values: dict[str, str] = {}
    for field in form(country).fields:
        try:
            values[field.name] = _value(field, country, given.get(field.name))
        except Invalid as refusal:
            problems[field.name] = refusal.problems[field.name]
    if problems:
        raise Invalid(problems)
    if values.get("division"):
        names = [name for _, name in divisions.path(country, values["division"])]
        values |= {"region": names[0], "city": "".join(names[1:])}
    return Address(country=country, **values)


def _value(field: AddressField, country: str, raw: Any) -> str:
    if raw is not None and not isinstance(raw, str):
        raise Invalid({field.name: "not-text"})
    text = _clean(raw or "")
    if not text:
        if field.required:
            raise Invalid({field.name: "required"})
        return ""
    if len(text) > field.most:
        raise Invalid({field.name: "too-long"})
    match field.kind:
        case "phone":
            return _phone(field.name, country, text)
        case "division":
            return _division(field.name, country, text)
        case "postcode":
            return _postcode(field.name, country, text)
        case "text":
            return text


def _clean(text: str) -> str:
    """Without control and direction characters, which could turn a label's text around."""
    shown = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return " ".join(unicodedata.normalize("NFC", shown).split())


def _phone(name: str, country: str, text: str) -> str:
    try:
        return normalise_phone(text, country)
    except Invalid:
        raise Invalid({name: "not-a-phone"}) from None


def _division(name: str, country: str, code: str) -> str:
    if divisions.is_valid_leaf(country, code):
        return code
    known = divisions.path(country, code)
    raise Invalid({name: "choose-further" if known else "unknown-division"})


def _postcode(name: str, country: str, text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).upper()
    if country == "CN" and not _CHINESE_POSTCODE.fullmatch(folded):
        raise Invalid({name: "not-a-postcode"})
    if not all(c.isalnum() or c in " -" for c in folded):
        raise Invalid({name: "not-a-postcode"})
    return folded
