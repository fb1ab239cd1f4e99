"""Products and pictures that sections name, read for the whole page at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from storegen.domain.catalog import card_reading, pictures
from storegen.domain.catalog.card_reading import Card
from storegen.domain.catalog.pictures import Picture
from storegen.models import Product
from storegen.web.context import Context
from storegen.web.theming import shell
from storegen.web.theming.schema import SettingSpec
from storegen.web.theming.sections import Section
from storegen.web.theming.theme import Theme

_MOST = 24


class Resources:
    """What a section's template asks for. Nothing is read before the first question, and then
    for all sections together, so that a page of many sections costs no more than one of two."""

    def __init__(self, context: Context, theme: Theme, sections: Sequence[Section]) -> None:
        self._context = context
        named = [pair for each in sections for pair in _named(theme, each)]
        self._handles = {one for spec, value in named if spec.kind == "products" for one in value}
        self._shas = {value for spec, value in named if spec.kind == "picture" and value}

    def picture(self, sha: str, alt: str = "") -> Picture | None:
        found = self._pictures.get(sha)
        return _with_alt(found, alt) if found else None

    def cards(self, handles: Iterable[str], limit: int = _MOST) -> list[Card]:
        """The named products in their order; without names the best that there are."""
        handles = list(handles)
        if not handles:
            return self._best[:limit]
        known = self._cards
        return [known[handle] for handle in handles if handle in known][:limit]

    def shelf_covers(self) -> Mapping[int, Picture]:
        """Pictures of the categories at the top, by id."""
        return self._covers

    @cached_property
    def _pictures(self) -> dict[str, Picture]:
        return pictures.pictures(self._context.db, self._shas)

    @cached_property
    def _cards(self) -> dict[str, Card]:
        return card_reading.by_handles(self._context.db, self._context.locale, self._handles)

    @cached_property
    def _best(self) -> list[Card]:
        return card_reading.cards(
            self._context.db,
            self._context.locale,
            order=(Product.sold.desc(), Product.id.desc()),
            limit=_MOST,
        )

    @cached_property
    def _covers(self) -> dict[int, Picture]:
        shelves = shell.load(self._context).shelves
        return card_reading.shelf_covers(self._context.db, [shelf.id for shelf in shelves])


def _named(theme: Theme, section: Section) -> Iterator[tuple[SettingSpec, Any]]:
    schema = theme.sections[section.type]
    for spec in schema.settings:
        yield spec, section.settings[spec.id]
    for block in section.blocks:
        for spec in schema.blocks[block.type].settings:
            yield spec, block.settings[spec.id]


def _with_alt(picture: Picture, alt: str) -> Picture:
    return replace(picture, alt=alt)
