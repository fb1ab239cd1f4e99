"""A shipping method for a new shop, so that it can sell today."""

from __future__ import annotations

from storegen.generate.presets import Country, Preset
from storegen.values.money import exponent, parse_decimal
from storegen.values.shipping import FreightTemplate, FreightZone

TITLES = {"zh-Hans": "快递", "en": "Standard delivery"}
# Provinces by how far a courier's price list puts them (first two digits of GB/T 2260), as a
# percentage of the usual fee. Hong Kong, Macau and Taiwan need customs papers: not by default.
_CHINA = (
    (("15", "46", "62", "63", "64"), 150),
    (("54", "65"), 250),
)
_CHINA_REFUSED = ("71", "81", "82")


def standard(
    preset: Preset, country: str, values: Country, currency: str, home_currency: str
) -> FreightTemplate:
    """The usual courier inside the country; other countries are not served until the owner adds
    a zone. Amounts in minor units of ``currency``."""
    fee = parse_decimal(values.fee, home_currency)
    if currency != home_currency:  # no rate is known here, so a plain round amount
        fee = 5 * int(10 ** exponent(currency))
    zones = []
    if country == "CN":
        zones = [_zone(preset, places, fee * percent // 100, 2) for places, percent in _CHINA]
        zones.append(FreightZone(places=_CHINA_REFUSED, refused=True))
    zones.append(_zone(preset, (country,), fee, 1))
    return FreightTemplate(
        code="standard",
        title=TITLES["en"],
        by="pieces" if preset.by == "pieces" else "weight",
        zones=tuple(zones),
        days=(2, 5),
    )


def _zone(preset: Preset, places: tuple[str, ...], fee: int, dearer: int) -> FreightZone:
    return FreightZone(
        places=places,
        first=preset.first,
        first_fee=fee,
        extra=preset.extra,
        extra_fee=fee * preset.extra_percent // 100,
        free_over=fee * preset.free_over_fees * dearer if preset.free_over_fees else None,
    )
