"""A page's data made ready: sections in their order, with settings that can be relied on."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storegen.web.theming.schema import BadSetting, SettingSpec, value_of
from storegen.web.theming.theme import Theme

log = logging.getLogger(__name__)
PLUGIN = "@plugin"
"""Where plugins' sections and blocks will stand; the name is no theme's to use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    type: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: str
    type: str
    settings: Mapping[str, Any]
    blocks: tuple[Block, ...]
    required: bool


def resolve(theme: Theme, data: Mapping[str, Any], locales: Sequence[str]) -> tuple[Section, ...]:
    """The sections that can be shown. What cannot (a type that the theme does not have, a value
    of the wrong kind) is left out or replaced by its default, and logged: data that an owner or
    an older theme wrote never breaks a page."""
    return tuple(_sections(theme, data, locales))


def _sections(theme: Theme, data: Mapping[str, Any], locales: Sequence[str]) -> Iterator[Section]:
    sections = data.get("sections")
    order = data.get("order")
    if not isinstance(sections, Mapping) or not isinstance(order, list):
        log.warning("theme %s: a page's data has no sections and order", theme.name)
        return
    for key in order:
        given = sections.get(key) if isinstance(key, str) else None
        if not isinstance(given, Mapping) or given.get("disabled") is True:
            continue
        kind = given.get("type")
        if kind == PLUGIN:
            continue
        schema = theme.sections.get(kind) if isinstance(kind, str) else None
        if schema is None:
            log.warning("theme %s has no section '%s'; '%s' is left out", theme.name, kind, key)
            continue
        where = f"{theme.name}: section '{key}'"
        yield Section(
            id=key,
            type=schema.type,
            settings=settings_of(schema.settings, given.get("settings"), locales, where),
            blocks=tuple(_blocks(schema.blocks, given.get("blocks"), locales, where)),
            required=schema.required,
        )


def _blocks(
    schemas: Mapping[str, Any], given: Any, locales: Sequence[str], where: str
) -> Iterator[Block]:
    counts: dict[str, int] = {}
    for item in given if isinstance(given, list) else []:
        kind = item.get("type") if isinstance(item, Mapping) else None
        if kind == PLUGIN:
            continue
        schema = schemas.get(kind) if isinstance(kind, str) else None
        if schema is None:
            log.warning("%s has no block '%s'; it is left out", where, kind)
            continue
        counts[schema.type] = counts.get(schema.type, 0) + 1
        if counts[schema.type] <= schema.most:
            yield Block(
                type=schema.type,
                settings=settings_of(schema.settings, item.get("settings"), locales, where),
            )


def settings_of(
    specs: Sequence[SettingSpec], given: Any, locales: Sequence[str], where: str
) -> dict[str, Any]:
    """Every setting of the schema, as given or else as its default."""
    values = given if isinstance(given, Mapping) else {}
    found = {}
    for spec in specs:
        try:
            found[spec.id] = value_of(spec, values.get(spec.id, spec.default), locales)
        except BadSetting as error:
            log.warning("%s: %s; the default is used", where, error)
            found[spec.id] = value_of(spec, spec.default, locales)
    return found
