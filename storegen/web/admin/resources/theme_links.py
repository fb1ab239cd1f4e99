"""Where the sections of the theme's pages lead to, and which pictures they show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from storegen.domain import theme_pages
from storegen.uow import UnitOfWork
from storegen.web.theming.theme import load_theme

_PATH = "/pages/"
_SHA = re.compile(r"[0-9a-f]{64}")


def linked_pages(uow: UnitOfWork) -> frozenset[str]:
    """Slugs of the static pages that some section of the theme links to, as it is shown now."""
    theme = load_theme(uow.store.config.theme)
    shown = (theme_pages.edited(uow, theme.name, name) or own for name, own in theme.pages.items())
    return frozenset(
        text.removeprefix(_PATH).partition("?")[0].partition("#")[0]
        for page in shown
        for text in _texts(page)
        if text.startswith(_PATH)
    )


def pictures(data: Mapping[str, Any]) -> frozenset[str]:
    """SHA-256 of the pictures that a theme's page shows."""
    return frozenset(text for text in _texts(data) if _SHA.fullmatch(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)
