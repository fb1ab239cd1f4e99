"""Words, numbers and times in the reader's language.

Message ids are the English texts. Every area has its own file ``storegen/locale/<lang>/<area>.po``;
plugins have folders of theirs. Read once per process: they are package data.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, dates, numbers
from babel.messages import pofile

from storegen.values.money import exponent, to_decimal

ROOT = Path(__file__).parent.parent / "locale"
_SYMBOLS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$"}


class Texts(gettext.NullTranslations):
    """The messages of one language, from all areas."""

    def __init__(self, messages: dict[str, str], plurals: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self._messages = messages
        self._plurals = plurals

    def gettext(self, message: str) -> str:
        return self._messages.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self._plurals.get(msgid1)
        if forms:
            return forms[0] if len(forms) == 1 or n == 1 else forms[1]
        return msgid1 if n == 1 else msgid2

    def over(self, others: Iterable[Texts]) -> Texts:
        """These, with what only the others have."""
        messages: dict[str, str] = {}
        plurals: dict[str, tuple[str, ...]] = {}
        for each in (*others, self):
            messages.update(each._messages)
            plurals.update(each._plurals)
        return Texts(messages, plurals)

    def knows(self, message: str) -> bool:
        """Whether this language has the text, as one or as one of many."""
        return message in self._messages or message in self._plurals

    def pgettext(self, context: str, message: str) -> str:
        return self._messages.get(f"{context}\x04{message}") or self.gettext(message)


def language(locale: str) -> str:
    """The language folder for a locale: Chinese in any form, else English."""
    return "zh_Hans" if locale.lower().startswith("zh") else "en"


@cache
def texts(lang: str, area: str = "") -> Texts:
    """The messages of a language. One English word may be two in Chinese ("Pages" of a list, of a
    shop); where areas disagree, ``area`` says whose reader this is."""
    found = sorted((ROOT / lang).glob("*.po"), key=lambda path: (path.stem == area, path.stem))
    return _read(found)


@cache
def plugin_texts(folder: Path, lang: str) -> Texts:
    """The messages of a plugin, from ``<folder>/<lang>/*.po`` or ``<folder>/<lang>.po``; ``folder``
    is the ``locale`` beside its manifest. What it lacks is said in English."""
    return _read([*sorted((folder / lang).glob("*.po")), *folder.glob(f"{lang}.po")])


def _read(paths: Iterable[Path]) -> Texts:
    messages: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for path in paths:
        with path.open("rb") as file:
            for message in pofile.read_po(file):
                if not message.id or not message.string:
                    continue
                if isinstance(message.id, tuple | list):
                    forms = tuple(message.string)
                    if all(forms):
                        plurals[message.id[0]] = forms
                    continue
                key = f"{message.context}\x04{message.id}" if message.context else message.id
                messages[key] = str(message.string)
    return Texts(messages, plurals)


@cache
def babel_locale(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))


def money(amount: int, currency: str, locale: str) -> str:
    """Minor units as a price: ``¥1,299``, ``¥19.90``, ``-$5.00``; the symbol is chosen on purpose
    (CLDR's English writes CN¥)."""
    digits = exponent(currency)
    whole, _, fraction = to_decimal(abs(amount), currency).partition(".")
    grouped = numbers.format_decimal(int(whole), locale=babel_locale(locale))
    point = numbers.get_decimal_symbol(babel_locale(locale))
    text = grouped + (f"{point}{fraction}" if digits and fraction.strip("0") else "")
    if digits and not fraction.strip("0") and currency != "CNY":
        text = f"{grouped}{point}{fraction}"
    symbol = _SYMBOLS.get(currency) or f"{currency} "
    return f"{'-' if amount < 0 else ''}{symbol}{text}"


def day(moment: datetime, locale: str, timezone: str) -> str:
    return dates.format_date(
        moment.astimezone(ZoneInfo(timezone)), format="medium", locale=babel_locale(locale)
    )


def moment(when: datetime, locale: str, timezone: str) -> str:
    """A day and a time of day to the minute, in the shop's zone."""
    known = babel_locale(locale)
    local = when.astimezone(ZoneInfo(timezone))
    day = dates.format_date(local, format="medium", locale=known)
    time = dates.format_time(local, format="short", locale=known)
    return str(dates.get_datetime_format("medium", known)).format(time, day)


def phone(number: str, country: str) -> str:
    """A number as people of ``country`` write it, a foreign one with its country's; what is no
    number stays as it is."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    own = phonenumbers.region_code_for_number(parsed) == country
    known = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, known.NATIONAL if own else known.INTERNATIONAL)


def language_name(locale: str) -> str:
    """A language in its own words, for the switch."""
    parsed = babel_locale(locale)
    return (parsed.get_language_name(parsed) or locale) if parsed.language != "zh" else "中文"
