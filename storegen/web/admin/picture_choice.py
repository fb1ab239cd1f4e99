"""A field for one picture: one that the shop has, a new one that is sent along, or none.

It works without scripts: radio buttons with small pictures, and a file field that wins over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields
from werkzeug.datastructures import FileStorage

from storegen.store import Store
from storegen.web.admin import uploads
from storegen.web.context import gettext

_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A picture to choose from: ``key`` is the SHA-256 of its original."""

    key: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes of a new picture, not looked at yet."""

    data: bytes


class PictureChoice(fields.Field[Any]):
    """``""``, the SHA-256 of a known picture, or `Sent`; `taken` makes the last one a SHA-256."""

    def __init__(self, offered: Iterable[Offered], **more: Any) -> None:
        super().__init__(**more)
        self.offered = tuple(offered)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        return {"chosen": value or "", "file": ""}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str | Sent:
        given = value if isinstance(value, Mapping) else {}
        file, chosen = given.get("file"), str(given.get("chosen", ""))
        if isinstance(file, FileStorage):
            data = file.stream.read(uploads.MOST_BYTES + 1)
            if len(data) > uploads.MOST_BYTES:
                raise ValidationError(gettext("This file is too large."))
            if not data:
                raise ValidationError(gettext("This file is empty."))
            return Sent(data)
        if chosen and not _SHA.fullmatch(chosen):
            raise ValidationError(gettext("Please choose one of these."))
        return chosen


def picture(title: str, offered: Iterable[Offered]) -> PictureChoice:
    return PictureChoice(offered, load_default="", metadata={"title": title, "widget": "picture"})


def taken(store: Store, values: Any, name: str) -> Any:
    """``values`` with every `Sent` in them taken in and replaced by its SHA-256.

    Outside of any transaction: a picture takes a while. Raises `PictureRefused`.
    """
    if isinstance(values, Sent):
        return uploads.take_picture(store, values.data, name).sha
    if isinstance(values, Mapping):
        return {key: taken(store, each, name) for key, each in values.items()}
    if isinstance(values, list):
        return [taken(store, each, name) for each in values]
    return values
