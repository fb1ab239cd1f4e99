"""What a section may be told: its settings, its blocks, and what they mean when they are wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storegen.domain.html import clean_html

_LINK = re.compile(r"(?:/(?!/)|https?://|mailto:|tel:|#)[^\s\"<>\\]*")
_SHA = re.compile(r"[0-9a-f]{64}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
KINDS = ("text", "html", "bool", "integer", "select", "link", "picture", "products", "colour")


class BadSetting(ValueError):
    """A value that its setting cannot take; the default is used instead, and a log line says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """``label`` and texts: locale → text. ``minimum`` and ``maximum`` bound an integer."""

    id: str
    kind: str
    label: Mapping[str, str]
    default: Any = None
    options: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSchema:
    type: str
    name: Mapping[str, str]
    settings: tuple[SettingSpec, ...]
    most: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSchema:
    """``required``: a page is nothing without it (its product, its cart), so its faults are not
    contained."""

    type: str
    name: Mapping[str, str]
    settings: tuple[SettingSpec, ...] = ()
    blocks: Mapping[str, BlockSchema] = field(default_factory=dict)
    presets: tuple[Mapping[str, Any], ...] = ()
    pages: tuple[str, ...] = ()
    required: bool = False


def read_schema(kind: str, data: Mapping[str, Any]) -> SectionSchema:
    """A section's JSON file; mistakes in it raise, since its author sees them at once."""
    return SectionSchema(
        type=kind,
        name=data["name"],
        settings=read_settings(data.get("settings", [])),
        blocks={
            block["type"]: BlockSchema(
                type=block["type"],
                name=block["name"],
                settings=read_settings(block.get("settings", [])),
                most=block.get("most", 50),
            )
            for block in data.get("blocks", [])
        },
        presets=tuple(data.get("presets", [])),
        pages=tuple(data.get("pages", [])),
        required=data.get("required", False),
    )


def read_settings(items: Sequence[Mapping[str, Any]]) -> tuple[SettingSpec, ...]:
    specs = []
    for item in items:
        if item["type"] not in KINDS:
            raise ValueError(f"setting '{item['id']}': there is no type '{item['type']}'")
        specs.append(
            SettingSpec(
                id=item["id"],
                kind=item["type"],
                label=item["label"],
                default=item.get("default"),
                options=tuple(item.get("options", [])),
                minimum=item.get("minimum", 0),
                maximum=item.get("maximum", 10_000),
            )
        )
    return tuple(specs)


def value_of(spec: SettingSpec, given: Any, locales: Sequence[str]) -> Any:
    """``given`` as the setting's type, in the first of ``locales`` that it has a text in.

    Raises `BadSetting`. A text that is not there at all is "".
    """
    if spec.kind in ("text", "html"):
        text = in_locale(given, locales)
        return clean_html(text) if spec.kind == "html" else text
    if spec.kind == "bool":
        return _is(spec, given, bool)
    if spec.kind == "integer":
        number = _is(spec, given, int)
        return min(max(number, spec.minimum), spec.maximum)
    if spec.kind == "select":
        if given not in spec.options:
            raise BadSetting(f"'{spec.id}' is one of {', '.join(spec.options)}")
        return given
    if spec.kind == "products":
        return _products(spec, given)
    text = _is(spec, given, str)
    if spec.kind == "link" and text and not _LINK.fullmatch(text):
        raise BadSetting(f"'{spec.id}' is a path or an http address")
    if spec.kind == "picture" and text and not _SHA.fullmatch(text):
        raise BadSetting(f"'{spec.id}' is the SHA-256 of a picture")
    if spec.kind == "colour" and text and not _COLOUR.fullmatch(text):
        raise BadSetting(f"'{spec.id}' is a colour such as #f7f3ea")
    return text


def in_locale(given: Any, locales: Sequence[str]) -> str:
    """A text, or the best of a mapping from locale to text."""
    if given is None:
        return ""
    if isinstance(given, str):
        return given
    if isinstance(given, Mapping):
        for locale in locales:
            if isinstance(given.get(locale), str):
                return str(given[locale])
        return next((text for text in given.values() if isinstance(text, str)), "")
    raise BadSetting("not a text")


def _products(spec: SettingSpec, given: Any) -> tuple[str, ...]:
    """Handles; none means that the section chooses."""
    if given is None:
        return ()
    if not isinstance(given, list | tuple) or not all(isinstance(one, str) for one in given):
        raise BadSetting(f"'{spec.id}' is a list of handles")
    return tuple(given)[:48]


def _is(spec: SettingSpec, given: Any, kind: type) -> Any:
    if given is None and kind is str:
        return ""
    if not isinstance(given, kind) or (kind is int and isinstance(given, bool)):
        raise BadSetting(f"'{spec.id}' is a {kind.__name__}")
    return given
