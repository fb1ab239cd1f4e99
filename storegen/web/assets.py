"""Static files under addresses that change with their content; brand colours as one of them."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from storegen.domain import settings
from storegen.web import brand_css
from storegen.web.context import Context
from storegen.web.plugins.listed import plugins_of
from storegen.web.theming.theme import load_theme

BRAND_CSS = "brand.css"
CORE = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    mimetype: str
    digest: str


def make(body: bytes, name: str) -> Asset:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind in ("application/javascript", "text/javascript"):
        kind = "text/javascript"
    return Asset(body, kind, hashlib.sha256(body).hexdigest()[:16])


def read(context: Context, name: str) -> Asset | None:
    """``brand.css`` from the owner's colours, ``core/…`` of the core, ``plugin/<name>/…`` of a
    plugin, else of the theme."""
    store = context.store
    if name == BRAND_CSS:
        return context.db.cached(
            "brand.css",
            (settings.SHELL,),
            lambda: make(_brand_css(context).encode(), BRAND_CSS),
        )
    if name.startswith("core/"):
        return _of_files(context, name, [_inside(CORE, name[5:])])
    if name.startswith("plugin/"):
        return _of_plugin(context, name)
    theme = load_theme(store.config.theme)
    folder = theme.root / "assets"
    parts = theme.bundles.get(name, (name,))
    return _of_files(context, f"{theme.name}/{name}", [_inside(folder, part) for part in parts])


def _of_plugin(context: Context, name: str) -> Asset | None:
    """``plugin/<plugin>/<file>``: from ``static/`` beside a plugin's manifest."""
    _, plugin, file = (*name.split("/", 2), "", "")[:3]
    found = plugins_of(context.store).get(plugin)
    if found is None or found.folder is None or not file:
        return None
    return _of_files(context, name, [_inside(found.folder / "static", file)])


def _of_files(context: Context, key: str, files: list[Path | None]) -> Asset | None:
    """Files one after the other, read again when one of them has changed."""
    found = [path for path in files if path is not None]
    if len(found) != len(files):
        return None
    stamps = [path.stat() for path in found]
    stamp = tuple(number for each in stamps for number in (each.st_mtime_ns, each.st_size))
    cache = context.store.cache
    hit = cache.get(f"asset:{key}")
    if hit is not None and hit[0] == stamp:
        known: Asset = hit[1]
        return known
    made = make(b"\n".join(path.read_bytes() for path in found), key)
    cache[f"asset:{key}"] = (stamp, made)
    return made


def _inside(root: Path, name: str) -> Path | None:
    """The file ``name`` below ``root``; None where there is none, or a link leads out."""
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root.resolve()) and path.is_file() else None
    except (OSError, ValueError):  # no name that a file could have: too long, or with a NUL
        return None


def url(context: Context, name: str) -> str:
    """The address of a file that is there; a missing one is a mistake in a template."""
    found = read(context, name)
    if found is None:
        raise LookupError(f"no such asset: {name}")
    return f"/assets/{found.digest}/{name}"


def _brand_css(context: Context) -> str:
    shop = settings.load(context.db)
    return brand_css.text(shop.brand, shop.theme)
