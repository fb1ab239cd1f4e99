"""The sample brand's own facts, texts and pictures, on top of what every new shop has."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select

from storegen.domain import settings
from storegen.generate import texts
from storegen.generate.branding import store_pictures
from storegen.generate.brief import Brief
from storegen.generate.homepage import home_sections
from storegen.generate.sample import sample_dir
from storegen.generate.shop_setup import add_methods
from storegen.models import Category, ThemePage
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI
from storegen.values.shipping import FreightTemplate, FreightZone

# Drawings are rendered, which costs by the pixel: 1200 is sharp on a phone and good on a desk.
WIDTHS = (320, 640, 960, 1200)


def sample_table() -> dict[str, Any]:
    return tomllib.loads((sample_dir() / "brand.toml").read_text(encoding="utf-8"))


def sample_brief(brief: Brief) -> Brief:
    """``brief`` with what the sample brand says of itself."""
    brand = sample_table()["brand"]
    return replace(
        brief,
        name=brand["name"][brand["locale"]],
        country=brand["country"],
        currency=brand["currency"],
        locales=tuple(brand["locales"]),
        catalogs=(sample_dir() / brand["catalog"],),
        colour=brand["colours"]["brand"],
        preset="tea",
        sample=True,
    )


def latin_names() -> dict[str, str]:
    """Category title → English words, for addresses."""
    words: dict[str, str] = sample_table()["terms"]["categories"]["en"]
    return words


def apply_texts(uow: UnitOfWork, brief: Brief) -> None:
    """Contact, legal facts, delivery and pages."""
    table = sample_table()
    brand, main = table["brand"], brief.locale
    settings.save(
        uow,
        CLI,
        "brand",
        {
            "names": brand["name"],
            "taglines": brand["tagline"],
            "accent": brand["colours"]["accent"],
            "email": table["contact"]["email"],
            "phone": table["contact"]["phone"],
            "address": table["contact"]["address"][main],
        },
    )
    legal = table["legal"]
    settings.save(
        uow,
        CLI,
        "legal",
        {
            "company": legal["company"][main],
            "licence_number": legal["licence_number"],
            "icp_number": legal["icp_number"],
            "icp_domain": legal["icp_domain"],
        },
    )
    add_methods(
        uow, [(_template(each), each["title"]) for each in table["shipping"]], brief.locales
    )
    texts.write_pages(uow, texts.pages(table["pages"]), brief.locales)


def apply_terms(uow: UnitOfWork) -> None:
    """The catalog's own words in other languages; the catalog made the categories."""
    terms = sample_table()["terms"]
    words: dict[str, dict[str, str]] = {}
    for table in terms.values():
        for locale, found in table.items():
            words.setdefault(locale, {}).update(found)
    settings.save(uow, CLI, "words", words)
    categories = uow.db.execute(select(Category.id, Category.title)).all()
    for locale, titles in terms["categories"].items():
        for category_id, title in categories:
            if title in titles:
                texts.translate(uow, "category", category_id, locale, "title", titles[title])
    uow.touch(settings.SHELL)


def apply_pictures(store: Store) -> dict[str, str]:
    """The home page's and the logo's pictures; file name without extension → SHA-256."""
    table = sample_table()
    art = table["brand"]["art"]
    files = [art["logo"], art["logo_light"], art["mark"]]
    for section in table["home"].values():
        if isinstance(section, Mapping):
            files += [section[key] for key in ("image", "image_phone") if key in section]
    pictures = {
        file.rsplit("/", 1)[-1].removesuffix(".svg"): (sample_dir() / file).read_bytes()
        for file in files
    }
    return store_pictures(store, pictures, WIDTHS)


def apply_home(uow: UnitOfWork, theme: str, pictures: Mapping[str, str]) -> None:
    """The home page in the brand's words, as an owner's edit of the theme's page."""
    data = home_sections(sample_table()["home"], pictures)
    values = {"theme": theme, "page": "home", "data": data, "updated_at": uow.now}
    uow.db.execute(insert(ThemePage).values(**values))
    uow.touch(settings.SHELL)


def _template(table: Mapping[str, Any]) -> FreightTemplate:
    zones = tuple(
        FreightZone(**{**zone, "places": tuple(zone["places"])}) for zone in table["zones"]
    )
    days = table.get("days")
    return FreightTemplate(
        code=table["code"],
        title=table["title"]["en"],
        by=table["by"],
        zones=zones,
        days=(days[0], days[1]) if days else None,
    )
