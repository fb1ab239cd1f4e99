"""A quote as JSON and back: what an order keeps of it. Integers stay integers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from storegen.values.pricing import (
    Adjustment,
    Quote,
    QuoteGift,
    QuoteLine,
    QuoteShipping,
    TaxSummary,
)

_ROWS: dict[str, type[Any]] = {
    "lines": QuoteLine,
    "shipping": QuoteShipping,
    "tax_summary": TaxSummary,
    "adjustments": Adjustment,
    "gifts": QuoteGift,
}


def to_record(quote: Quote) -> dict[str, Any]:
    """Plain dictionaries and lists, ready for `json.dumps`."""
    record: dict[str, Any] = _plain(quote)
    return record


def from_record(record: Mapping[str, Any]) -> Quote:
    """The quote that `to_record` wrote; anything else is a bug and raises `TypeError`."""
    rows = {
        name: tuple(kind(**_frozen(row)) for row in record.get(name, ()))
        for name, kind in _ROWS.items()
    }
    return Quote(**{**record, **rows})


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
