"""What every tabular format does with a product's variants: options and doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storegen.generate.catalog.problems import Problems
from storegen.values.catalog import CatalogOption, CatalogVariant

Found = tuple[int, CatalogVariant]
"""A variant and the row it came from."""


def without_doubles(found: Sequence[Found], column: str, problems: Problems) -> list[Found]:
    """The first variant of each combination of option values; the later ones are noted."""
    kept: dict[tuple[str, ...], Found] = {}
    for row, variant in found:
        first = kept.setdefault(variant.option_values, (row, variant))
        if first[0] == row and first[1] is variant:
            continue
        shown = " / ".join(variant.option_values)
        reason = (
            f"variant '{shown}' is already in row {first[0]}"
            if shown
            else f"the product is already in row {first[0]} and has no options"
        )
        problems.add(row, column, reason, shown)
    return list(kept.values())


def options_of(names: Sequence[str], variants: Sequence[CatalogVariant]) -> list[CatalogOption]:
    """The options with the values that variants have, in order of first appearance."""
    return [
        CatalogOption(
            name=name,
            values=tuple(dict.fromkeys(variant.option_values[place] for variant in variants)),
        )
        for place, name in enumerate(names)
    ]


def fold_options(
    options: Sequence[CatalogOption], variants: Sequence[CatalogVariant], most: int
) -> tuple[list[str], list[CatalogVariant]]:
    """Option names and variants with at most ``most`` options: the last takes in the rest."""
    names = [option.name for option in options]
    if len(names) <= most:
        return names, list(variants)
    last = most - 1
    folded = [
        replace(
            variant,
            option_values=(
                *variant.option_values[:last],
                " / ".join(variant.option_values[last:]),
            ),
        )
        for variant in variants
    ]
    return [*names[:last], " / ".join(names[last:])], folded
