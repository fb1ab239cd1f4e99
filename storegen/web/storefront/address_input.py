"""An address while it is typed: which fields the country has, and its divisions step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, jsonify
from flask.wrappers import Response

from storegen import divisions
from storegen.domain import addressing
from storegen.domain.addressing import AddressForm
from storegen.errors import Invalid
from storegen.values.address import Address
from storegen.values.shipping import Destination
from storegen.web.context import current, gettext

blueprint = Blueprint("shop_divisions", __name__)
_MOST_LEVELS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionStep:
    """One select: ``options`` are (code, name); an empty ``value`` has yet to be chosen."""

    name: str
    label: str
    autocomplete: str
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressInput:
    """``division`` is the leaf that was chosen, "" until then; ``values`` are as typed."""

    country: str
    form: AddressForm
    values: Mapping[str, str]
    steps: tuple[DivisionStep, ...]
    division: str

    @property
    def placed(self) -> bool:
        """Whether it is known well enough to say what delivery costs."""
        return bool(self.division) or not self.steps

    @property
    def destination(self) -> Destination | None:
        if not self.placed:
            return None
        return Destination(
            country=self.country, division=self.division, postcode=self.values.get("postcode", "")
        )

    def given(self, phone: str) -> dict[str, str]:
        """What `addressing.validate` takes. A half-chosen division is passed on as far as it goes,
        so that the refusal says to choose further."""
        half = next((step.value for step in reversed(self.steps) if step.value), "")
        return {**self.values, "phone": phone, "division": self.division or half}


def read(source: Mapping[str, str], default_country: str, locale: str) -> AddressInput:
    """From a form's values (``division_0`` …) or a stored address (``division``)."""
    country = source.get("country", "").upper() or default_country
    try:
        form = addressing.form(country)
    except Invalid:
        country, form = default_country, addressing.form(default_country)
    values = {
        name: source.get(name, "").strip()
        for name in ("name", "line1", "line2", "city", "region", "postcode")
    }
    chosen = [source.get(f"division_{level}", "") for level in range(_MOST_LEVELS)]
    if not any(chosen) and source.get("division"):
        chosen = [code for code, _ in divisions.path(country, source["division"])]
    steps, leaf = _steps(country, chosen, locale)
    return AddressInput(country=country, form=form, values=values, steps=steps, division=leaf)


def of_address(address: Address, locale: str) -> AddressInput:
    return read(address.to_dict(), address.country, locale)


def _steps(country: str, chosen: list[str], locale: str) -> tuple[tuple[DivisionStep, ...], str]:
    """The selects down to the first one that is open, and the leaf once all are chosen."""
    steps: list[DivisionStep] = []
    above = ""
    for level in range(_MOST_LEVELS):
        options = divisions.children(country, above, locale)
        if not options:
            return tuple(steps), above
        wanted = chosen[level] if level < len(chosen) else ""
        value = wanted if any(code == wanted for code, _ in options) else ""
        steps.append(
            DivisionStep(
                name=f"division_{level}",
                label=_label(country, level, options),
                autocomplete=f"address-level{level + 1}",
                options=options,
                value=value,
            )
        )
        if not value:
            return tuple(steps), ""
        above = value
    return tuple(steps), above


def _label(country: str, level: int, options: tuple[tuple[str, str], ...]) -> str:
    if level == 0:
        return gettext("Province or municipality")
    last = all(divisions.is_valid_leaf(country, code) for code, _ in options)
    return gettext("District or county") if last else gettext("City")


@blueprint.get("/divisions/<country>/<code>.json")
def below(country: str, code: str) -> Response:
    """What lies below a division (``top``: below the country), for the selects of a form."""
    context = current()
    if country not in divisions.AVAILABLE:
        abort(404)
    if code != "top" and not divisions.path(country, code):
        abort(404)
    options = divisions.children(country, "" if code == "top" else code, context.locale)
    label = _label(country, 0 if code == "top" else 1, options) if options else ""
    response = jsonify(label=label, options=[list(option) for option in options])
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
