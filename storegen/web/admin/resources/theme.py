"""The pages of the theme: which sections they have, in which order, with which words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, validate

from storegen.domain import theme_pages
from storegen.domain.html import clean_html
from storegen.errors import NotFound
from storegen.uow import UnitOfWork
from storegen.web.admin import fields, picture_choice, uploads
from storegen.web.admin.picture_choice import Offered
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
)
from storegen.web.admin.resources import theme_links
from storegen.web.admin.resources.listing import SHOP
from storegen.web.admin.resources.offered_pictures import offered
from storegen.web.context import gettext
from storegen.web.theming.schema import SectionSchema, SettingSpec
from storegen.web.theming.theme import Theme, load_theme

PAGE_TITLES = {
    "home": "Home page",
    "product": "Product page",
    "listing": "Lists",
    "search": "Search page",
    "cart": "Cart",
}
_LINK = re.compile(r"(?:/(?!/)|https?://|mailto:|tel:|#)[^\s\"<>\\]*|")
MOST_TEXT = 5000
MOST_UPLOADS = 4
"""Pictures of full size that may be sent with one form."""


def _theme(uow: UnitOfWork) -> Theme:
    return load_theme(uow.store.config.theme)


def rows(uow: UnitOfWork, query: Query) -> Listing:
    theme = _theme(uow)
    return Listing(
        rows=[
            Row(
                key=page,
                cells={
                    "title": gettext(PAGE_TITLES.get(page, page)),
                    "sections": len(data.get("order", ())),
                    "edited": "yes" if theme_pages.edited(uow, theme.name, page) else "no",
                },
            )
            for page, data in theme.pages.items()
        ]
    )


def _data(ask: Ask) -> dict[str, Any]:
    theme = _theme(ask.uow)
    if ask.key not in theme.pages:
        raise NotFound("page")
    edited = theme_pages.edited(ask.uow, theme.name, ask.key)
    data: dict[str, Any] = dict(edited if edited is not None else theme.pages[ask.key])
    return data


def detail(ask: Ask) -> Detail:
    _data(ask)
    edited = theme_pages.edited(ask.uow, _theme(ask.uow).name, ask.key)
    return Detail(
        title=gettext(PAGE_TITLES.get(ask.key, ask.key)),
        verbs=["save", "add", *(["reset"] if edited else [])],
    )


def _shown(ask: Ask) -> list[tuple[str, Mapping[str, Any], SectionSchema]]:
    """(key, section, schema) in order, those that the theme knows."""
    theme, data = _theme(ask.uow), _data(ask)
    found = []
    for key in data.get("order", ()):
        section = data.get("sections", {}).get(key)
        schema = (
            theme.sections.get(str(section.get("type"))) if isinstance(section, Mapping) else None
        )
        if schema is not None:
            found.append((key, section, schema))
    return found


def _words(texts: Mapping[str, str], locale: str) -> str:
    return str(texts.get(locale) or texts.get("en") or next(iter(texts.values()), ""))


def _field(spec: SettingSpec, ask: Ask, pictures: Sequence[Offered]) -> Any:
    title, locales = _words(spec.label, ask.locale), ask.store.config.locales
    match spec.kind:
        case "text":
            return fields.texts(title, locales, MOST_TEXT)
        case "html":
            return fields.texts(title, locales, MOST_TEXT, widget="textarea")
        case "bool":
            return fields.flag(title)
        case "integer":
            return fields.number(title, spec.minimum, spec.maximum, empty=True)
        case "select":
            return fields.choice(title, [(each, each) for each in spec.options])
        case "products":
            return fields.words(title, help="Addresses of products; empty: the shop chooses.")
        case "picture":
            return picture_choice.picture(title, pictures)
        case "link":
            made = fields.text(title, 500)
            made.validators.append(
                validate.Regexp(
                    re.compile(rf"(?:{_LINK.pattern})\Z"),
                    error="A path such as /pages/about or an http address, please.",
                )
            )
            return made
        case _:
            return fields.text(title, 500)


def _settings(
    specs: Sequence[SettingSpec], ask: Ask, pictures: Sequence[Offered]
) -> dict[str, Any]:
    return {spec.id: _field(spec, ask, pictures) for spec in specs}


def _form(ask: Ask) -> Schema:
    pictures = offered(ask.uow, theme_links.pictures(_data(ask)))
    sections: dict[str, Any] = {}
    for key, _section, schema in _shown(ask):
        parts: dict[str, Any] = {
            "_position": fields.number("Position", 0, 999),
            "_shown": fields.flag("Shown"),
        }
        if not schema.required:
            parts["_remove"] = fields.flag("Take this section out")
        if schema.settings:
            parts.update(_settings(schema.settings, ask, pictures))
        for block in schema.blocks.values():
            parts[f"_block_{block.type}"] = fields.rows(
                _words(block.name, ask.locale),
                fields.form(**_settings(block.settings, ask, pictures)),
                spare=1,
                one="Entry",
            )
        sections[key] = fields.group(_words(schema.name, ask.locale), fields.form(**parts))
    return fields.form(**sections)


def _initial(ask: Ask) -> Mapping[str, Any]:
    locale = ask.store.config.locale
    found: dict[str, Any] = {}
    for place, (key, section, schema) in enumerate(_shown(ask), 1):
        values: dict[str, Any] = {
            "_position": place * 10,
            "_shown": section.get("disabled") is not True,
        }
        values.update(_values(schema.settings, section.get("settings") or {}, locale))
        for block in schema.blocks.values():
            values[f"_block_{block.type}"] = [
                _values(block.settings, each.get("settings") or {}, locale)
                for each in section.get("blocks") or ()
                if each.get("type") == block.type
            ]
        found[key] = values
    return found


def _values(specs: Sequence[SettingSpec], given: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """Settings as their fields take them: a plain text is the main language's."""
    values = {}
    for spec in specs:
        value = given.get(spec.id, spec.default)
        if spec.kind in ("text", "html") and isinstance(value, str):
            value = {locale: value}
        values[spec.id] = value
    return values


def _kept(specs: Sequence[SettingSpec], values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spec in specs:
        value = values.get(spec.id)
        if spec.kind == "html":
            value = {locale: clean_html(text) for locale, text in (value or {}).items()}
        if value not in (None, "", {}, []):
            found[spec.id] = value
        elif spec.kind == "bool":
            found[spec.id] = bool(value)
    return found


def _save(call: Call) -> Done:
    given = picture_choice.taken(call.store, call.values, "section")

    def work(uow: UnitOfWork) -> None:
        ask = Ask(store=call.store, uow=uow, actor=call.actor, key=call.key, locale=call.locale)
        data = _data(ask)
        sections = {key: dict(section) for key, section in data.get("sections", {}).items()}
        places: dict[str, int] = {
            key: (number + 1) * 10 for number, key in enumerate(data.get("order", ()))
        }
        for key, section, schema in _shown(ask):
            values = given[key]
            if values.get("_remove") and not schema.required:
                sections.pop(key)
                places.pop(key)
                continue
            places[key] = values["_position"]
            made = {**section, "settings": _kept(schema.settings, values)}
            made["disabled"] = not values["_shown"]
            if schema.blocks:
                made["blocks"] = [
                    {"type": block.type, "settings": _kept(block.settings, each)}
                    for block in schema.blocks.values()
                    for each in values[f"_block_{block.type}"][: block.most]
                ]
            sections[key] = made
        order = sorted(places, key=lambda key: places[key])
        theme_pages.save_theme_page(
            uow, call.actor, _theme(uow).name, call.key, {"sections": sections, "order": order}
        )

    call.store.transact(work)
    return Done(said="The page is saved.")


def _add_form(ask: Ask) -> Schema:
    theme = _theme(ask.uow)
    known = [
        (kind, _words(schema.name, ask.locale))
        for kind, schema in theme.sections.items()
        if not schema.required and (not schema.pages or ask.key in schema.pages)
    ]
    return fields.form(type=fields.choice("Section", known))


def _add(call: Call) -> Done:
    def work(uow: UnitOfWork) -> None:
        ask = Ask(store=call.store, uow=uow, actor=call.actor, key=call.key)
        data, kind = _data(ask), call.values["type"]
        sections = dict(data.get("sections", {}))
        key, number = kind, 1
        while key in sections:
            number += 1
            key = f"{kind}-{number}"
        presets = _theme(uow).sections[kind].presets
        preset = presets[0] if presets else {}
        sections[key] = {
            "type": kind,
            "settings": dict(preset.get("settings", {})),
            "blocks": list(preset.get("blocks", [])),
        }
        theme_pages.save_theme_page(
            uow,
            call.actor,
            _theme(uow).name,
            call.key,
            {"sections": sections, "order": [*data.get("order", ()), key]},
        )

    call.store.transact(work)
    return Done(said="The section stands at the end of the page.")


def _reset(call: Call) -> Done:
    theme = call.store.config.theme
    call.store.transact(lambda uow: theme_pages.reset_theme_page(uow, call.actor, theme, call.key))
    return Done(said="The theme's own page is shown again.")


RESOURCE = Resource(
    name="theme",
    title="Home page",
    permission="pages.view",
    group=SHOP,
    icon="theme",
    list=rows,
    detail=detail,
    columns=(
        Column(name="title", title="Page", main=True),
        Column(name="sections", title="Sections", kind="number"),
        Column(name="edited", title="Changed", kind="state"),
    ),
    verbs=(
        Verb(
            name="save", title="Save", permission="pages.edit", schema=_form, initial=_initial,
            run=_save, place="inline", upload=MOST_UPLOADS * uploads.BODY,
        ),
        Verb(
            name="add", title="Add a section", permission="pages.edit", schema=_add_form, run=_add,
        ),
        Verb(
            name="reset", title="Back to the theme's own", permission="pages.edit", danger=True,
            confirm="Your changes of this page are forgotten.", run=_reset,
        ),
    ),
)  # fmt: skip
