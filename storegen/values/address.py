"""A postal address that was validated, as orders and address books keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from storegen.values.shipping import Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """``country`` is ISO 3166, ``phone`` E.164 or empty, ``division`` the official code of the
    smallest division, where the country has such codes; ``region`` and ``city`` then are the
    names of its upper and lower divisions."""

    name: str
    country: str
    phone: str = ""
    division: str = ""
    region: str = ""
    city: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""

    @property
    def destination(self) -> Destination:
        return Destination(country=self.country, division=self.division, postcode=self.postcode)

    def to_dict(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Address:
        """The address that `to_dict` wrote."""
        return cls(**stored)
