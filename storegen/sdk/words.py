"""Words where there is no request: refusals in a transaction, titles in a quote; and codes."""

from __future__ import annotations

from pathlib import Path

from storegen.values.codes import fold_code
from storegen.web.i18n import language, money, plugin_texts

__all__ = ["fold_code", "money", "say"]


def say(folder: Path, locale: str, message: str, **values: object) -> str:
    """``message`` (an English text with ``%(name)s``) in the locale's language, by the files in
    ``folder`` (the plugin's ``locale``): ``<folder>/zh_Hans/*.po``."""
    text = plugin_texts(folder, language(locale)).gettext(message)
    return text % values if values else text
