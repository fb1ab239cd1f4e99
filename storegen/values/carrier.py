"""Carriers of parcels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A carrier that staff may choose for a parcel.

    ``code`` is stable and lower case; ``titles`` has ``en``. ``tracking_url`` is the carrier's
    page for one parcel with ``{number}`` in it, https; empty if there is none.
    """

    code: str
    titles: Mapping[str, str]
    tracking_url: str = ""
