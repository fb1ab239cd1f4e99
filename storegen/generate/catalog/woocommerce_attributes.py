"""WooCommerce's numbered attribute columns, and what they say about options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product as combinations

from storegen.generate.catalog.cells import split_list
from storegen.generate.catalog.handles import handle_from_title
from storegen.generate.catalog.problems import Problems
from storegen.generate.catalog.tables import Record
from storegen.generate.catalog.variants import Found
from storegen.generate.catalog.woocommerce_columns import attribute_column, attribute_part
from storegen.values.catalog import CatalogOption, CatalogVariant
from storegen.values.money import allocate

_MOST = 2000


class Attributes:
    """The attributes of one row, by number and by name."""

    def __init__(self, record: Record) -> None:
        self.parts: dict[int, dict[str, str]] = {}
        for name, text in record.unknown():
            part = attribute_part(name)
            if part:
                self.parts.setdefault(part[0], {})[part[1]] = text.strip()
        # Names match whatever their case, unless there is one that is the same.
        named = [
            (number, parts)
            for number, parts in sorted(self.parts.items(), reverse=True)
            if parts.get("name")
        ]
        self._by_name = {parts["name"].lower(): (number, parts) for number, parts in named}
        self._exactly = {parts["name"]: (number, parts) for number, parts in named}

    def _find(self, name: str) -> tuple[int, dict[str, str]] | None:
        return self._exactly.get(name) or self._by_name.get(name.lower())

    def names(self) -> list[str]:
        return [parts["name"] for _, parts in sorted(self.parts.items()) if parts.get("name")]

    def used_by(self, variations: Iterable[Attributes]) -> list[str]:
        """The names that variations choose by, in the parent's order, others after."""
        theirs = list(dict.fromkeys(name for mine in variations for name in mine.names()))
        wanted = {name.lower() for name in theirs}
        known = [name for name in dict.fromkeys(self.names()) if name.lower() in wanted]
        lower = {name.lower() for name in known}
        return known + [name for name in theirs if name.lower() not in lower]

    def number(self, name: str) -> int | None:
        found = self._find(name)
        return found[0] if found else None

    def value(self, name: str) -> str:
        found = self._find(name)
        return found[1].get("value", "").replace("\\,", ",") if found else ""

    def choices(self, name: str) -> list[str]:
        found = self._find(name)
        return list(dict.fromkeys(split_list(found[1].get("value", "")))) if found else []

    def values_for(self, names: Sequence[str]) -> tuple[str, ...]:
        """The row's own choice for each option; blank where it says "any"."""
        return tuple(self.value(name) for name in names)


def options_from(
    names: Sequence[str], parent: Attributes, variants: Sequence[CatalogVariant]
) -> tuple[CatalogOption, ...]:
    """The options with the parent's values, then those that only variations name."""
    options = []
    for place, name in enumerate(names):
        values = dict.fromkeys(parent.choices(name))
        values |= dict.fromkeys(variant.option_values[place] for variant in variants)
        options.append(CatalogOption(name=name, values=tuple(values)))
    return tuple(options)


def option_extras(parent: Attributes, option_names: Sequence[str]) -> dict[str, str]:
    """The attribute cells that the options themselves do not hold."""
    taken = {parent.number(name) for name in option_names}
    usual = {"visible": "1", "global": "1"}
    extra: dict[str, str] = {}
    for number, parts in parent.parts.items():
        for part, text in parts.items():
            if number in taken and (part in {"name", "value"} or usual.get(part) == text):
                continue
            extra[attribute_column(number, part)] = text
    return extra


def expand(
    found: Sequence[Found],
    names: Sequence[str],
    parent: Attributes,
    column: str,
    problems: Problems,
) -> list[Found]:
    """A variation that leaves an option open stands for each of its values.

    What a more exact variation says wins; the stock of an open one is split between what it
    stands for, so that together no more is sold than there is.
    """
    exact = {variant.option_values for _, variant in found if all(variant.option_values)}
    out: list[Found] = []
    for row, variant in found:
        if all(variant.option_values):
            out.append((row, variant))
            continue
        choices = [
            [value] if value else parent.choices(name)
            for name, value in zip(names, variant.option_values, strict=True)
        ]
        open_names = [n for n, v in zip(names, variant.option_values, strict=True) if not v]
        wanted = [values for values in combinations(*choices) if values not in exact]
        if not all(choices) or len(wanted) > _MOST:
            shown = ", ".join(open_names)
            problems.add(row, column, f"the variation has no value for '{shown}'", variant.sku)
            continue
        exact.update(wanted)
        stocks: Sequence[int | None] = [None] * len(wanted)
        if variant.stock is not None and wanted:
            stocks = allocate(variant.stock, [1] * len(wanted))
            if len(wanted) > 1:
                reason = "stock of a variation for any value is split between the values"
                problems.add(row, column, reason, variant.stock)
        for values, stock in zip(wanted, stocks, strict=True):
            out.append((row, replace(variant, option_values=values, stock=stock)))
    return _distinct_skus(out, names)


def _distinct_skus(found: Sequence[Found], names: Sequence[str]) -> list[Found]:
    """Variants that came from one row get their values behind its SKU."""
    rows = [row for row, _ in found]
    out = []
    for row, variant in found:
        if rows.count(row) > 1 and variant.sku:
            tail = handle_from_title(" ".join(variant.option_values))
            variant = replace(variant, sku=f"{variant.sku}-{tail}")
        out.append((row, variant))
    return out
