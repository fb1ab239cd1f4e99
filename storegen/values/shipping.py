"""Where goods go, and how a freight template prices the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """ISO 3166 country and the division's code (China: GB/T 2260, six digits), most exact first
    known; enough to price delivery before the street is typed."""

    country: str
    division: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightZone:
    """What a template charges in some places.

    ``places``: division codes or their prefixes (``65`` is all of Xinjiang), ISO countries such
    as ``US``, or ``*`` for everywhere else; the longest match wins. ``first``/``extra`` measure
    grams, pieces or minor units by the template's ``by``; each begun ``extra`` costs
    ``extra_fee``. ``free_over``: goods amount (price basis) from which it costs nothing.
    ``refused`` zones are not delivered to.
    """

    places: tuple[str, ...]
    first: int = 0
    first_fee: int = 0
    extra: int = 0
    extra_fee: int = 0
    free_over: int | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightTemplate:
    """One shipping method. ``days`` is the promised delivery span, first and last day."""

    code: str
    title: str
    by: Literal["weight", "pieces", "amount"]
    zones: tuple[FreightZone, ...]
    tax_bp: int = 0
    days: tuple[int, int] | None = None
    pickup: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDelivered:
    """A method that does not take these goods there: ``no-zone`` or ``refused``."""

    method: str
    reason: Literal["no-zone", "refused"]
