"""Pages and other texts of a new shop, in its languages."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import get_currency_name
from sqlalchemy import insert

from storegen.domain.html import clean_html
from storegen.domain.upsert import upsert
from storegen.models import StaticPage, Translation, random_id
from storegen.uow import UnitOfWork

Words = Mapping[str, str]
"""Locale → text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A static page; ``title`` and ``body`` (HTML) by locale."""

    slug: str
    kind: str
    title: Words
    body: Words


def pages(
    table: Sequence[Mapping[str, Any]], facts: Mapping[str, object] | None = None
) -> list[Page]:
    """Pages from a TOML table; with ``facts``, what stands in braces is filled in."""
    return [
        Page(
            slug=each["slug"],
            kind=each["kind"],
            title=each["title"],
            body={
                locale: (text.format(**facts) if facts else text).strip()
                for locale, text in each["body"].items()
            },
        )
        for each in table
    ]


def policy_drafts(
    name: str, *, country: str, currency: str, return_days: int, ship_hours: int,
    payment_minutes: int,
) -> list[Page]:  # fmt: skip
    """Drafts of the pages that law and customers want, with this shop's facts."""
    table = tomllib.loads(Path(__file__).with_name("policies.toml").read_text(encoding="utf-8"))
    facts: dict[str, object] = {
        "name": html.escape(name),
        "return_days": return_days,
        "ship_hours": ship_hours,
        "payment_minutes": payment_minutes,
    }
    for short, locale in (("zh", "zh_Hans"), ("en", "en")):
        facts[f"country_{short}"] = _country(country, locale)
        facts[f"currency_{short}"] = get_currency_name(currency, locale=locale)
    return pages(table["pages"], facts)


def write_pages(uow: UnitOfWork, found: Sequence[Page], locales: Sequence[str]) -> None:
    """Store the pages in the shop's main language, the others as translations."""
    main = locales[0]
    for position, page in enumerate(found):
        page_id = uow.db.execute(
            insert(StaticPage)
            .values(
                public_id=random_id(),
                slug=page.slug,
                kind=page.kind,
                title=in_locale(page.title, main),
                body=clean_html(in_locale(page.body, main)),
                position=position,
                updated_at=uow.now,
            )
            .returning(StaticPage.id)
        ).scalar_one()
        for locale in locales[1:]:
            texts = {"title": page.title, "body": page.body}
            for name, words in texts.items():
                text = in_locale(words, locale)
                translate(
                    uow, "page", page_id, locale, name, clean_html(text) if name == "body" else text
                )
    uow.touch("shell")


def translate(
    uow: UnitOfWork, entity: str, entity_id: int, locale: str, name: str, text: str
) -> None:
    upsert(
        uow.db,
        Translation,
        {"entity": entity, "entity_id": entity_id, "locale": locale, "field": name, "text": text},
        keys=("entity", "entity_id", "locale", "field"),
    )


def in_locale(words: Words, locale: str) -> str:
    """The text in ``locale``, its language, English, or whatever there is."""
    for key in (locale, locale.split("-")[0], "en"):
        for known, text in words.items():
            if known == key or known.split("-")[0] == key:
                return text
    return next(iter(words.values()), "")


def _country(code: str, locale: str) -> str:
    if code == "CN":
        return {"zh_Hans": "中华人民共和国", "en": "the People's Republic of China"}[locale]
    return str(Locale.parse(locale).territories.get(code, code))
