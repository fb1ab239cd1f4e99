"""Reading single cells: money, whole numbers, yes and no, weights, lists; and formula cells.

Each ``read_*`` takes the cell's text (not blank) and returns the value or raises `BadCell`,
whose text is the stable English sentence that a `RowProblem` carries.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from storegen.errors import InvalidAmount
from storegen.values.money import CURRENCIES, exponent, parse_decimal

MILLIGRAMS = {
    "g": Decimal(1000),
    "kg": Decimal(1_000_000),
    "oz": Decimal("28349.523125"),
    "lb": Decimal("453592.37"),
}
"""Milligrams in one unit (the avoirdupois pound is 453.59237 g by definition)."""

_UNIT_NAMES = {
    "gram": "g",
    "grams": "g",
    "克": "g",
    "kgs": "kg",
    "kilogram": "kg",
    "kilograms": "kg",
    "公斤": "kg",
    "千克": "kg",
    "ounce": "oz",
    "ounces": "oz",
    "lbs": "lb",
    "pound": "lb",
    "pounds": "lb",
}
_MAX_WEIGHT = 10**12
_MAX_STOCK = 10**9

_YES = frozenset(["true", "yes", "y", "1", "on", "t", "是", "continue"])
_NO = frozenset(["false", "no", "n", "0", "off", "f", "否", "deny"])

_SYMBOLS = re.compile(r"US\$|HK\$|NT\$|A\$|C\$|S\$|[¥$€£₩₹元圆]|RMB|人民币", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_EUROPEAN = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d{1,2}", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d{1,2}", re.ASCII)
_SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3}(\D|$))")

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_SEPARATOR = re.compile(r"(?<!\\),")


class BadCell(ValueError):
    """The cell does not hold what its column is for."""


def neutralise(text: str) -> str:
    """Keep a spreadsheet from running the cell as a formula (OWASP, CSV injection).

    A plain number keeps its sign; everything else that could start a formula gets an
    apostrophe in front, which `restore` takes away again.
    """
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def restore(text: str) -> str:
    """Undo `neutralise`; WooCommerce writes the same apostrophes."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read_price(text: str, currency: str, what: str = "price") -> int:
    """Money in minor units from ``19.99``, ``¥1,299.00``, ``1.299,00 €`` or ``19.99 CNY``."""
    number = unicodedata.normalize("NFKC", text).strip()
    named = _CODE.search(number)
    if named and named[0].upper() in CURRENCIES:
        if named[0].upper() != currency:
            raise BadCell(f"{what} '{text}' is in {named[0].upper()}, the shop sells in {currency}")
        number = number.replace(named[0], "")
    number = _SPACES.sub("", _SYMBOLS.sub("", number)).strip()
    if _EUROPEAN.fullmatch(number):
        number = number.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(number) and (number.count(",") > 1 or exponent(currency) < 3):
        number = number.replace(",", "")
    elif _COMMA.fullmatch(number):
        number = number.replace(",", ".")
    try:
        amount = parse_decimal(number, currency)
    except InvalidAmount:
        example = {0: "1999", 3: "19.999"}.get(exponent(currency), "19.99")
        raise BadCell(f"{what} '{text}' is not a number such as {example}") from None
    if amount < 0:
        raise BadCell(f"{what} '{text}' is below zero")
    return amount


def read_decimal(text: str, what: str) -> Decimal:
    number = unicodedata.normalize("NFKC", text).strip()
    if _GROUPED.fullmatch(number):
        number = number.replace(",", "")
    elif _COMMA.fullmatch(number):
        number = number.replace(",", ".")
    try:
        value = Decimal(number)
    except InvalidOperation:
        raise BadCell(f"{what} '{text}' is not a number such as 0.5") from None
    if not value.is_finite() or abs(value) > _MAX_WEIGHT:
        raise BadCell(f"{what} '{text}' is not a number such as 0.5")
    return value


def read_whole(text: str, what: str) -> int:
    """A whole number; ``10.0``, as spreadsheets like to write it, is 10."""
    try:
        value = read_decimal(text, what)
    except BadCell:
        value = Decimal("0.5")
    if value != value.to_integral_value() or abs(value) > _MAX_STOCK:
        raise BadCell(f"{what} '{text}' is not a whole number such as 10")
    return int(value)


def read_stock(text: str) -> int:
    stock = read_whole(text, "stock")
    if stock < 0:
        raise BadCell(f"stock '{text}' is below zero, so 0 is taken")
    return stock


def read_bool(text: str, what: str) -> bool:
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadCell(f"{what} '{text}' is not TRUE or FALSE")


def read_unit(text: str) -> str:
    word = text.strip().lower()
    word = _UNIT_NAMES.get(word, word)
    if word not in MILLIGRAMS:
        raise BadCell(f"weight unit '{text}' is not g, kg, oz or lb")
    return word


def read_weight(text: str, unit: str) -> int:
    """Milligrams from a number in ``unit``."""
    value = read_decimal(text, "weight")
    weight = int((value * MILLIGRAMS[unit]).to_integral_value(ROUND_HALF_EVEN))
    if not 0 <= weight <= _MAX_WEIGHT:
        raise BadCell(f"weight '{text}' is not a number such as 0.5")
    return weight


def show_weight(weight: int, unit: str) -> str:
    """Milligrams as a plain number in ``unit`` that `read_weight` reads back exactly."""
    value = (Decimal(weight) / MILLIGRAMS[unit]).quantize(Decimal("1e-8"))
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def split_list(text: str) -> list[str]:
    """The parts of a comma list; ``\\,`` is a comma inside a part."""
    parts = (part.replace("\\,", ",").strip() for part in _SEPARATOR.split(text))
    return [part for part in parts if part]


def join_list(parts: Iterable[str]) -> str:
    return ", ".join(part.replace(",", "\\,") for part in parts)


def clean_path(text: str) -> str:
    """A category path with `` > `` between its steps."""
    return " > ".join(step.strip() for step in text.split(">") if step.strip())
