"""Which variant a reader means: by its id, or by one value of each option."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storegen.domain.catalog.pictures import Picture
from storegen.domain.catalog.product_page import ProductPage, VariantView, product_page
from storegen.web.context import Context

FIELD = "option-"
"""Name of an option's field in a form: ``option-0``, ``option-1`` …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of an option. ``state``: ok, out (sold out together with the other chosen
    values) or none (there is no such combination)."""

    text: str
    chosen: bool
    state: str
    picture: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChoice:
    field: str
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """``variant`` is the chosen one, None where the values make none or nothing is for sale."""

    variant: VariantView | None
    options: tuple[OptionChoice, ...]

    @property
    def picture(self) -> Picture | None:
        return self.variant.picture if self.variant else None


def choose(product: ProductPage, public_id: str = "") -> Choice:
    """The variant of this id, else the first that can be ordered."""
    variants = product.variants
    chosen = next((each for each in variants if each.public_id == public_id), None)
    if chosen is None:
        chosen = next((each for each in variants if each.available), next(iter(variants), None))
    values = chosen.option_values if chosen else ()
    return _choice(product, chosen, tuple(values))


def from_form(product: ProductPage, form: Mapping[str, str]) -> Choice:
    """The variant that a form's option fields name; an id in ``variant`` for one without."""
    if not product.options or f"{FIELD}0" not in form:
        return choose(product, form.get("variant", ""))
    values = tuple(form.get(f"{FIELD}{at}", "") for at in range(len(product.options)))
    return _choice(product, _with(product, values), values)


def posted_variant(context: Context, form: Mapping[str, str]) -> str:
    """The public id of the variant that a product's form means by ``product`` (its handle) and
    its option fields; "" for none."""
    handle = form.get("product", "")[:255]
    if not handle or f"{FIELD}0" not in form:
        return ""
    shown = product_page(context.db, handle, context.locale)
    chosen = from_form(shown, form).variant if shown is not None else None
    return chosen.public_id if chosen else ""


def _with(product: ProductPage, values: tuple[str, ...]) -> VariantView | None:
    return next((each for each in product.variants if each.option_values == values), None)


def _choice(product: ProductPage, chosen: VariantView | None, values: tuple[str, ...]) -> Choice:
    by_values = {each.option_values: each for each in product.variants}
    options = []
    for at, option in enumerate(product.options):
        shown = []
        for text in option.values:
            other = by_values.get((*values[:at], text, *values[at + 1 :]))
            first = next((v for v in product.variants if _at(v, at) == text), None)
            if first is None:
                continue  # a value that no variant has any more
            shown.append(
                Value(
                    text=text,
                    chosen=_at_values(values, at) == text,
                    state="none" if other is None else "ok" if other.available else "out",
                    picture=(other or first).picture,
                )
            )
        options.append(OptionChoice(field=f"{FIELD}{at}", name=option.name, values=tuple(shown)))
    return Choice(variant=chosen, options=tuple(options))


def _at(variant: VariantView, place: int) -> str:
    return _at_values(variant.option_values, place)


def _at_values(values: tuple[str, ...], place: int) -> str:
    return values[place] if place < len(values) else ""
