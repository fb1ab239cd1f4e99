"""What an owner asks for: the input of `new_store`, checked before anything is made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from storegen.errors import SetupError, UnknownCurrency
from storegen.generate.presets import PRESETS, main_currency
from storegen.plugins import discover
from storegen.plugins.discovery import choose, did_you_mean
from storegen.themes import DEFAULT_THEME, themes
from storegen.values.money import CURRENCIES, exponent

COMPLETE = ("zh-Hans", "en")
"""Languages that storegen itself speaks completely."""
DEMO_PLUGINS = ("pay_sandbox", "pay_offline")
LIVE_PLUGINS = ("pay_offline",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A shop to make. ``catalogs`` may be empty; ``locales`` begins with the main one.

    ``database_url`` "" is a SQLite file in the folder. ``colour`` "" is drawn from the name.
    ``sample``: the sample brand, with its own catalog, texts and pictures.
    """

    root: Path
    name: str
    country: str
    currency: str
    locales: tuple[str, ...]
    catalogs: tuple[Path, ...] = ()
    theme: str = DEFAULT_THEME
    preset: str = "general"
    plugins: tuple[str, ...] = field(default=DEMO_PLUGINS)
    database_url: str = ""
    mode: str = "demo"
    colour: str = ""
    owner: str = "owner"
    sample: bool = False

    @property
    def locale(self) -> str:
        return self.locales[0]


def checked(brief: Brief) -> Brief:
    """``brief`` itself. Raises `SetupError` (or `PluginProblem`) for the first thing wrong."""
    if not brief.name.strip() or len(brief.name) > 200:
        raise SetupError("The shop needs a name of at most 200 characters.", "Give one: --name.")
    check_currency(brief.currency)
    check_country(brief.country)
    for locale in brief.locales:
        check_locale(locale)
    if brief.colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", brief.colour):
        raise SetupError(
            f"'{brief.colour}' is no colour.", "Write six hexadecimal digits, such as #2f6b4f."
        )
    if brief.theme not in themes():
        hint = did_you_mean(brief.theme, themes())
        raise SetupError(
            f"There is no theme '{brief.theme}'.",
            f"{hint}Choose one of: {', '.join(sorted(themes()))}.",
        )
    if brief.preset not in PRESETS:
        raise SetupError(
            f"There is no preset '{brief.preset}'.", f"Choose one of: {', '.join(PRESETS)}."
        )
    sources = discover()
    for plugin in brief.plugins:
        if plugin not in sources:
            raise SetupError(
                f"There is no plugin '{plugin}'.",
                f"{did_you_mean(plugin, sources)}Choose from: {', '.join(sorted(sources))}.",
            )
        choose(plugin, sources)
    return brief


def check_currency(currency: str) -> None:
    try:
        exponent(currency)
    except UnknownCurrency:
        raise SetupError(
            f"'{currency}' is no currency.",
            f"{_meant(currency.upper())}Give its ISO 4217 code, such as CNY or USD.",
        ) from None


def _meant(currency: str) -> str:
    """Who writes a country's code wants that country's currency; else the nearest code."""
    if get_global("territory_currencies").get(currency):
        return f"Did you mean `{main_currency(currency)}`? "
    return did_you_mean(currency, sorted(CURRENCIES))


def check_country(country: str) -> None:
    # ZZ stands for "unknown" there.
    if len(country) != 2 or country == "ZZ" or country not in get_global("territory_currencies"):
        raise SetupError(f"'{country}' is no country.", "Give its ISO 3166 code, such as CN or US.")


def check_locale(locale: str) -> None:
    try:
        Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        raise SetupError(
            f"'{locale}' is no language.", "Give its code, such as zh-Hans or en."
        ) from None


def with_complete(locales: Sequence[str]) -> tuple[str, ...]:
    """A single language together with those that storegen speaks completely."""
    given = tuple(dict.fromkeys(locales))
    if len(given) > 1:
        return given
    main = given[0]
    others = [each for each in COMPLETE if each.split("-")[0] != main.split("-")[0]]
    return (main, *others)
