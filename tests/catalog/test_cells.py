"""Prices, weights and formula guards, cell by cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storegen.generate.catalog.cells import (
    MILLIGRAMS,
    BadCell,
    join_list,
    neutralise,
    read_price,
    read_weight,
    restore,
    show_weight,
    split_list,
)

PRICES = [
    ("19.99", "CNY", 1999),
    (" 19.9 ", "CNY", 1990),
    ("¥1,299.00", "CNY", 129900),
    ("￥１２９９", "CNY", 129900),
    ("1,299", "CNY", 129900),
    ("12,345,678.90", "CNY", 1234567890),
    ("19,99", "EUR", 1999),
    ("1.299,00 €", "EUR", 129900),
    ("1 299,00", "EUR", 129900),
    ("19.99 CNY", "CNY", 1999),
    ("88元", "CNY", 8800),
    ("1,500", "JPY", 1500),
    ("1.299", "KWD", 1299),
    ("0", "CNY", 0),
]


@pytest.mark.parametrize(("text", "currency", "amount"), PRICES)
def test_prices(text: str, currency: str, amount: int) -> None:
    assert read_price(text, currency) == amount


BAD = [
    ("abc", "CNY", "price 'abc' is not a number such as 19.99"),
    ("1.299", "CNY", "price '1.299' is not a number such as 19.99"),
    ("1,299", "KWD", "price '1,299' is not a number such as 19.999"),
    ("-1", "CNY", "price '-1' is below zero"),
    ("9.5", "JPY", "price '9.5' is not a number such as 1999"),
    ("5 USD", "CNY", "price '5 USD' is in USD, the shop sells in CNY"),
    ("1,2,3", "CNY", "price '1,2,3' is not a number such as 19.99"),
    ("1e5", "CNY", "price '1e5' is not a number such as 19.99"),
    ("NaN", "CNY", "price 'NaN' is not a number such as 19.99"),
]


@pytest.mark.parametrize(("text", "currency", "reason"), BAD)
def test_what_is_no_price_says_what_is_expected(text: str, currency: str, reason: str) -> None:
    with pytest.raises(BadCell) as caught:
        read_price(text, currency)
    assert str(caught.value) == reason


@given(st.integers(0, 10**9), st.sampled_from(sorted(MILLIGRAMS)))
def test_a_weight_comes_back_in_any_unit(weight: int, unit: str) -> None:
    assert read_weight(show_weight(weight, unit), unit) == weight


@given(st.text())
def test_a_guarded_cell_comes_back_and_starts_no_formula(text: str) -> None:
    guarded = neutralise(text)
    assert restore(guarded) == text
    assert guarded[:1] not in {"=", "@", "\t", "\r"}


@given(st.lists(st.text(st.characters(exclude_characters="\\")).map(str.strip).filter(bool)))
def test_a_list_comes_back(parts: list[str]) -> None:
    assert split_list(join_list(parts)) == parts
