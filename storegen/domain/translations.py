"""Texts of an entity in the shop's other languages."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select

from storegen.domain.upsert import upsert
from storegen.models import Translation
from storegen.uow import UnitOfWork

Texts = Mapping[str, str]
"""Locale → text."""


def read_texts(uow: UnitOfWork, entity: str, entity_id: int) -> dict[str, dict[str, str]]:
    """Field → locale → text, without the main locale, whose texts are in the entity's columns."""
    found: dict[str, dict[str, str]] = {}
    for locale, name, text in uow.db.execute(
        select(Translation.locale, Translation.field, Translation.text).where(
            Translation.entity == entity, Translation.entity_id == entity_id
        )
    ):
        found.setdefault(name, {})[locale] = text
    return found


def write_texts(uow: UnitOfWork, entity: str, entity_id: int, fields: Mapping[str, Texts]) -> None:
    """Set the fields' texts in every language but the main one; an empty text is taken away, so
    that the main language's is shown."""
    config = uow.store.config
    for name, texts in fields.items():
        for locale in config.locales:
            if locale == config.locale:
                continue
            text = texts.get(locale, "")
            key = {"entity": entity, "entity_id": entity_id, "locale": locale, "field": name}
            if text:
                upsert(uow.db, Translation, {**key, "text": text}, keys=tuple(key))
            else:
                uow.db.execute(delete(Translation).filter_by(**key))
