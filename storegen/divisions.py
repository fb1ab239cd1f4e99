"""Administrative divisions of countries: provinces, cities, districts, by their official codes.

China's come from GB/T 2260 (``storegen/data/divisions``). Countries without data have none, and
their addresses name a region as free text. Names are in the country's own language, and in
English where the data has it: provinces and cities. Districts and counties keep their Chinese
names (``tools/make_divisions.py`` says why).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

AVAILABLE = frozenset({"CN"})
"""ISO 3166 countries whose divisions are known."""

Division = tuple[str, str]
"""(code, name)"""


@dataclass(frozen=True, slots=True)
class Divisions:
    """All divisions of a country. ``below[""]`` are the topmost; a leaf has no entry in it."""

    names: Mapping[str, str]
    english: Mapping[str, str]
    parents: Mapping[str, str]
    below: Mapping[str, tuple[str, ...]]

    def name(self, code: str, locale: str = "zh") -> str:
        own = self.names[code]
        return self.english.get(code, own) if locale.startswith("en") else own


@functools.cache
def _read(country: str) -> Divisions:
    file = resources.files("storegen.data").joinpath("divisions", f"{country}.json")
    document = json.loads(file.read_text("utf-8"))
    names: dict[str, str] = document["names"]
    parents = {code: _parent(code, names) for code in names}
    below: dict[str, list[str]] = {}
    for code, parent in parents.items():
        below.setdefault(parent, []).append(code)
    return Divisions(
        MappingProxyType(names),
        MappingProxyType(document["english"]),
        MappingProxyType(parents),
        MappingProxyType({code: tuple(children) for code, children in below.items()}),
    )


def _parent(code: str, names: Mapping[str, str]) -> str:
    """A municipality's districts, and counties that a province runs itself, skip the city."""
    province, city = f"{code[:2]}0000", f"{code[:4]}00"
    if code == province:
        return ""
    return city if code != city and city in names else province


def load(country: str) -> Divisions | None:
    """The country's divisions, read once; None where there is no data."""
    return _read(country) if country in AVAILABLE else None


def children(country: str, code: str = "", locale: str = "zh") -> tuple[Division, ...]:
    """What lies directly below ``code`` (below the country without one), in official order."""
    divisions = load(country)
    if divisions is None:
        return ()
    return tuple((each, divisions.name(each, locale)) for each in divisions.below.get(code, ()))


def path(country: str, code: str, locale: str = "zh") -> tuple[Division, ...]:
    """From the topmost division down to ``code``; empty for a code that is not known."""
    divisions = load(country)
    found: list[Division] = []
    while divisions is not None and code in divisions.names:
        found.append((code, divisions.name(code, locale)))
        code = divisions.parents[code]
    return tuple(reversed(found))


def is_valid_leaf(country: str, code: str) -> bool:
    """Whether an address may name ``code``: it is known, and nothing lies below it."""
    divisions = load(country)
    return divisions is not None and code in divisions.names and code not in divisions.below


def find(country: str, name: str, below: str = "") -> str | None:
    """The code of a name, in any language of the data, directly below ``below``.

    The Chinese ending (省, 市, 自治区 ...) may be missing: imported addresses often drop it.
    """
    divisions = load(country)
    wanted = name.strip().casefold()
    if divisions is None or not wanted:
        return None
    codes = divisions.below.get(below, ())
    for code in codes:
        if wanted in (divisions.names[code], divisions.english.get(code, "").casefold()):
            return code
    short = [code for code in codes if len(wanted) > 1 and divisions.names[code].startswith(wanted)]
    return short[0] if len(short) == 1 else None
