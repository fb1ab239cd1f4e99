"""The brand's mark, icons and further pictures of a shop, from its name and colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storegen.domain.catalog.media_rows import NewMedia, record_media
from storegen.media import keys
from storegen.media.artwork.mark import app_icons, mark
from storegen.media.artwork.palette import Palette
from storegen.media.pool import PicturePool
from storegen.media.renditions import WIDTHS
from storegen.store import Store

_ICON_OWNER = "image/svg+xml"


def store_pictures(
    store: Store, pictures: Mapping[str, bytes], widths: Sequence[int] = WIDTHS
) -> dict[str, str]:
    """Process pictures that are no product's (name → bytes) and record them; name → SHA-256,
    by which a page asks for them. Raises `PictureRefused`."""
    with PicturePool(store.media, widths=widths) as pool:
        tasks = {name: pool.submit(data) for name, data in pictures.items()}
        made = {name: task.result() for name, task in tasks.items()}
    new = {
        result.sha256: NewMedia(result=result, size=len(pictures[name]), name=name, made_here=True)
        for name, result in made.items()
    }
    store.transact(lambda uow: record_media(uow, new))
    return {name: result.sha256 for name, result in made.items()}


def draw_icons(store: Store, name: str, palette: Palette) -> dict[str, str]:
    """Icons for browsers and home screens; icon name (``icon-192``) → media key."""
    source = mark(name, palette, ground=palette.brand)
    store.media.put_original(source, _ICON_OWNER)
    sha = keys.sha256(source)
    return {
        file.removesuffix(".png"): store.media.put(keys.key_of(sha, file), data)
        for file, data in app_icons(name, palette).items()
    }
