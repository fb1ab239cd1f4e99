"""Small pictures for lists."""

from __future__ import annotations

from typing import Any

from storegen.domain.catalog.pictures import picture_of
from storegen.media import keys
from storegen.store import Store


def thumbnail(store: Store, *media: Any) -> str:
    """The address of the smallest rendition, from the columns of `Media` as `picture_of` takes
    them; ``""`` where there is no picture."""
    picture = picture_of(*media)
    if picture is None:
        return ""
    webp = [each for each in picture.renditions if each.format == "webp"]
    smallest = min(webp or picture.renditions, key=lambda each: each.width)
    return store.media.url(keys.key_of(picture.sha, smallest.name))
