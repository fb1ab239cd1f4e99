"""Addresses, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from storegen.domain.addressing import countries, form, validate
from storegen.errors import Invalid
from storegen.values.address import Address
from storegen.values.shipping import Destination

CHINESE = {
    "name": "林晓", "phone": "138 0013 8000", "division": "440305", "line1": "科技园 1 号",
}  # fmt: skip
GERMAN = {
    "name": "Jo Süß", "line1": "Hauptstr. 1", "city": "Berlin", "postcode": "10115",
    "phone": "030 901820",
}  # fmt: skip


def test_a_chinese_address() -> None:
    assert validate("CN", CHINESE) == Address(
        name="林晓",
        country="CN",
        phone="+8613800138000",
        division="440305",
        region="广东省",
        city="深圳市南山区",
        line1="科技园 1 号",
    )


def test_a_municipality_is_region_and_district() -> None:
    address = validate("CN", {**CHINESE, "division": "110101", "postcode": "１０００１０"})
    assert (address.region, address.city, address.postcode) == ("北京市", "东城区", "100010")
    assert address.destination == Destination(country="CN", division="110101", postcode="100010")


def test_an_address_elsewhere() -> None:
    address = validate("DE", {**GERMAN, "division": "440305"})
    assert (address.city, address.phone, address.division) == ("Berlin", "+4930901820", "")


def test_a_stored_address_comes_back() -> None:
    address = validate("CN", CHINESE)
    assert Address.from_dict(address.to_dict()) == address


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        ("+86 138-0013-8000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("0755-26001234", "+8675526001234"),
        ("(010) 6552 9988", "+861065529988"),
        ("+852 2345 6789", "+85223456789"),
    ],
)
def test_phones(phone: str, stored: str) -> None:
    assert validate("CN", {**CHINESE, "phone": phone}).phone == stored


@pytest.mark.parametrize(
    ("country", "change", "problem"),
    [
        ("CN", {"name": ""}, {"name": "required"}),
        ("CN", {"name": " \u200b\u202e\t"}, {"name": "required"}),
        ("CN", {"name": "a" * 61}, {"name": "too-long"}),
        ("CN", {"name": 7}, {"name": "not-text"}),
        ("CN", {"name": None, "line1": None}, {"name": "required", "line1": "required"}),
        ("CN", {"phone": "1380013800"}, {"phone": "not-a-phone"}),
        ("CN", {"phone": "12345678901"}, {"phone": "not-a-phone"}),
        ("CN", {"phone": "call me"}, {"phone": "not-a-phone"}),
        ("CN", {"phone": "1" * 41}, {"phone": "too-long"}),
        ("CN", {"division": "440300"}, {"division": "choose-further"}),
        ("CN", {"division": "999999"}, {"division": "unknown-division"}),
        ("CN", {"postcode": "1000"}, {"postcode": "not-a-postcode"}),
        ("DE", {"postcode": "<b>"}, {"postcode": "not-a-postcode"}),
        ("DE", {"city": "  "}, {"city": "required"}),
        ("ZZ", {}, {"country": "unknown-country"}),
        ("de", {}, {"country": "unknown-country"}),
        ("", {}, {"country": "unknown-country"}),
    ],
)
def test_problems(country: str, change: dict[str, Any], problem: dict[str, str]) -> None:
    base = CHINESE if country == "CN" else GERMAN
    with pytest.raises(Invalid) as refusal:
        validate(country, {**base, **change})
    assert refusal.value.problems == problem


def test_text_is_cleaned_of_what_cannot_be_seen() -> None:
    address = validate("CN", {**CHINESE, "line1": "  科技园\r\n 1\u202e号 ", "name": "e\u0301"})
    assert (address.line1, address.name) == ("科技园 1号", "é")


def test_a_form_names_its_fields_in_the_country_s_order() -> None:
    assert [field.name for field in form("CN").fields] == [
        "name", "phone", "division", "line1", "postcode",
    ]  # fmt: skip
    german = form("DE")
    assert [field.name for field in german.fields if field.required] == [
        "name", "line1", "city", "phone",
    ]  # fmt: skip
    assert german.field("division") is None
    postcode = german.field("postcode")
    assert postcode is not None
    assert postcode.autocomplete == "postal-code"


@pytest.mark.parametrize(("locale", "name"), [("en", "China"), ("zh", "中国"), ("zh-CN", "中国")])
def test_countries_in_the_reader_s_language(locale: str, name: str) -> None:
    found = dict(countries(locale))
    assert found["CN"] == name
    assert 240 <= len(found) <= 265
    assert not {"EU", "ZZ", "UN", "001"} & set(found)
    for code in found:
        assert form(code).country == code
