"""Starting values by trade and by country, read from the tables beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel.core import get_global

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A trade. Freight measures as in `FreightZone`; percents are of the country's parcel fee."""

    title: Mapping[str, str]
    by: str
    first: int
    extra: int
    extra_percent: int
    free_over_fees: int
    ship_within_hours: int
    return_days_at_least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country's starting values. ``fee``: a usual parcel, in major units of its currency."""

    tax_bp: int = 0
    include: bool = True
    timezone: str = "UTC"
    return_days: int = 14
    fee: str = "5"
    known: bool = field(default=True)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {name: Preset(**values) for name, values in _read("presets.toml").items()}
)


def country(code: str) -> Country:
    """The starting values of a country, those of no country in particular if it is not listed."""
    table = _read("countries.toml")
    return Country(**{**table["default"], **table.get(code, {})}, known=code in table)


def main_currency(code: str) -> str:
    """The currency that a country uses now; USD where it has none of its own."""
    current = [
        each[0]
        for each in get_global("territory_currencies").get(code, ())
        if each[2] is None and each[3]
    ]
    return current[0] if current else "USD"
