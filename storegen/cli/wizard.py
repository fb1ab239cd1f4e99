"""Asking in the terminal for what the command line did not say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from storegen.errors import SetupError
from storegen.generate.brief import check_country, check_currency, check_locale
from storegen.generate.guess import guess_locale
from storegen.generate.presets import PRESETS, main_currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is known so far; None or () where it was not said."""

    name: str | None
    catalogs: tuple[Path, ...]
    locales: tuple[str, ...]
    currency: str | None
    country: str | None
    preset: str | None


def ask(given: Answers, directory: Path) -> Answers:
    """Ask for what is missing, with the likely answer filled in. Questions go to standard error."""
    name = given.name
    if name is None:
        name = _prompt("Name of the shop", directory.absolute().name)
    catalogs = given.catalogs or _catalog()
    country = given.country or _prompt(
        "Country (ISO code, such as CN or US)", "CN", _upper(check_country)
    )
    guessed = guess_locale(catalogs, country)
    locales = given.locales or (
        _prompt("Language of the catalog (such as zh-Hans or en)", guessed, check_locale),
    )
    currency = given.currency or _prompt("Currency", main_currency(country), _upper(check_currency))
    preset = given.preset or _prompt(f"Trade ({', '.join(PRESETS)})", "general", _preset)
    return replace(
        given,
        name=name,
        catalogs=catalogs,
        locales=locales,
        currency=currency,
        country=country,
        preset=preset,
    )


def _catalog() -> tuple[Path, ...]:
    text = _prompt("Catalog file (empty: none)", "", _file)
    return (Path(text).expanduser(),) if text else ()


def _prompt(text: str, default: str, check: Callable[[str], object] = lambda answer: None) -> str:
    def convert(answer: str) -> str:
        try:
            changed = check(answer.strip())
        except SetupError as refusal:
            raise click.UsageError(f"{refusal.what} {refusal.fix}") from None
        return changed if isinstance(changed, str) else answer.strip()

    answer: str = click.prompt(
        text, default=default, value_proc=convert, err=True, show_default=bool(default)
    )
    return answer


def _upper(check: Callable[[str], None]) -> Callable[[str], str]:
    def checked(answer: str) -> str:
        check(answer.upper())
        return answer.upper()

    return checked


def _file(answer: str) -> None:
    if answer and not Path(answer).expanduser().is_file():
        raise SetupError(f"There is no file {answer}.", "Check the path.")


def _preset(answer: str) -> None:
    if answer not in PRESETS:
        raise SetupError(f"There is no preset '{answer}'.", f"One of {', '.join(PRESETS)}.")
