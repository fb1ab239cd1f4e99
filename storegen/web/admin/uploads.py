"""Pictures that staff send: judged, decoded and encoded anew in a process of its own."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from storegen.domain.catalog.media_rows import NewMedia, record_media
from storegen.errors import PictureRefused
from storegen.media import keys
from storegen.media.pool import PicturePool
from storegen.store import Store

MOST_BYTES = 20 * 2**20
BODY = MOST_BYTES + 2**20
"""Of the whole request: the picture and the fields beside it."""
SECONDS = 20.0
ICONS = {
    "icon-192": (192, 0.80),
    "icon-512": (512, 0.80),
    "maskable-192": (192, 0.58),
    "maskable-512": (512, 0.58),
    "touch-180": (180, 0.80),
    "favicon-32": (32, 1.0),
    "favicon-48": (48, 1.0),
}
"""Icon → side in pixels, and the part of it that the logo takes. Maskable icons are cut to a
circle of 80 % (W3C Web Application Manifest), into which a square of 0.57 fits."""


@dataclass(frozen=True, slots=True)
class Taken:
    media_id: int
    sha: str


def take_picture(store: Store, data: bytes, name: str = "") -> Taken:
    """Process a picture and record it. Raises `PictureRefused`."""
    if len(data) > MOST_BYTES:
        raise PictureRefused("too-many-bytes")
    with PicturePool(store.media, workers=1, seconds=SECONDS) as pool:
        result = pool.submit(data).result()
    new = NewMedia(result=result, size=len(data), name=name[:200])
    ids = store.transact(lambda uow: record_media(uow, {result.sha256: new}))
    return Taken(ids[result.sha256], result.sha256)


def icons_of(store: Store, sha: str, ground: str) -> dict[str, str]:
    """Icons made of a logo that was taken in, on the colour ``ground``; icon name → media key.

    They are made of the rendition that we encoded ourselves, never of the bytes that came.
    """
    files = [key for key in store.media.files(sha) if key.endswith(".webp")]
    widest = max(files, key=lambda key: int(key.rpartition("/w")[2].removesuffix(".webp")))
    with store.media.open(widest) as file:
        logo = Image.open(io.BytesIO(file.read())).convert("RGBA")
    return {
        name: store.media.put(keys.key_of(sha, f"{name}.png"), _icon(logo, side, part, ground))
        for name, (side, part) in ICONS.items()
    }


def _icon(logo: Image.Image, side: int, part: float, ground: str) -> bytes:
    sheet = Image.new("RGB", (side, side), ground)
    room = max(1, round(side * part))
    scale = min(room / logo.width, room / logo.height)
    size = max(1, round(logo.width * scale)), max(1, round(logo.height * scale))
    small = logo.resize(size, Image.Resampling.LANCZOS)
    sheet.paste(small, ((side - size[0]) // 2, (side - size[1]) // 2), small)
    buffer = io.BytesIO()
    sheet.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
