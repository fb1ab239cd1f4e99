"""This plugin's words outside of a request: refusals in a transaction, sentences of activities."""

from __future__ import annotations

from pathlib import Path

from storegen.sdk import words

LOCALE = Path(__file__).parent / "locale"


def say(locale: str, message: str, **values: object) -> str:
    """An English message id in the language of ``locale``."""
    return words.say(LOCALE, locale, message, **values)
