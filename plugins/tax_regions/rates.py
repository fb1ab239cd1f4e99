"""Rates as the owner writes them, and the one for a destination."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storegen.sdk import Schema, ValidationError, fields, validate, validates_schema

_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,6})?\Z", re.ASCII)
_RATE = validate.Range(0, 10_000)


class RateSchema(Schema):
    """``[[plugin.tax_regions.rates]]`` in `store.toml`."""

    place = fields.String(
        required=True,
        validate=validate.Regexp(_PLACE, error="A country or a region, as in US or US-CA."),
        metadata={"title": {"en": "Place", "zh": "地区"}},
    )
    rate_bp = fields.Integer(
        required=True,
        validate=_RATE,
        metadata={"title": {"en": "Rate in basis points", "zh": "税率（万分之一）"}},
    )
    components_bp = fields.List(
        fields.Integer(validate=_RATE),
        load_default=list,
        metadata={"title": {"en": "Its parts (state, county ...)", "zh": "组成（州、县等）"}},
    )
    shipping = fields.Boolean(
        load_default=True, metadata={"title": {"en": "Freight is taxed too", "zh": "运费计税"}}
    )

    @validates_schema
    def _adds_up(self, data: Mapping[str, Any], **_: Any) -> None:
        parts = data.get("components_bp") or []
        if parts and sum(parts) != data.get("rate_bp"):
            raise ValidationError("They must add up to rate_bp.", "components_bp")


class TaxRegionsSettings(Schema):
    """``[plugin.tax_regions]`` in `store.toml`. A region goes before its country; a destination
    that is not named keeps the shop's own rates."""

    rates = fields.List(
        fields.Nested(RateSchema),
        load_default=list,
        metadata={"title": {"en": "Rates", "zh": "税率"}},
    )

    @validates_schema
    def _each_once(self, data: Mapping[str, Any], **_: Any) -> None:
        places = [rate["place"] for rate in data.get("rates", ())]
        if len(places) != len(set(places)):
            raise ValidationError("Each place once only.", "rates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The rate of one destination, in basis points."""

    tax_bp: int
    components_bp: tuple[int, ...]
    shipping_taxed: bool


def facts_of(settings: Mapping[str, Any], country: str, region: str) -> Facts | None:
    """The closest place's rate; None for a place that is not named."""
    if not country:
        return None
    known = {rate["place"]: rate for rate in settings["rates"]}
    region = region.upper().removeprefix(f"{country}-")
    inside = [place for place in known if _holds(place, country, region)]
    if not inside:
        return None
    rate = known[max(inside, key=len)]
    return Facts(
        tax_bp=rate["rate_bp"],
        components_bp=tuple(rate["components_bp"]),
        shipping_taxed=rate["shipping"],
    )


def _holds(place: str, country: str, region: str) -> bool:
    """A country holds all of it; a division code holds those that begin with it (CN-31 for 310101),
    a letter code itself only."""
    owner, _, part = place.partition("-")
    if owner != country:
        return False
    return not part or part == region or (part.isdigit() and region.startswith(part))
