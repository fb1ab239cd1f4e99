"""Static files under addresses that change with their content; brand colours as one of them."""

from __future__ import annotations

import hashlib
import importlib.resources
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from storegen.domain import settings
from storegen.media.artwork.palette import brand_palette
from storegen.web.context import Context

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


def theme_root(theme: str) -> Path:
    """The folder of a bundled theme."""
    return Path(str(importlib.resources.files("storegen_themes"))) / theme


def read(context: Context, name: str) -> Asset | None:
    """``brand.css`` from the owner's colours, ``core/…`` of the core, else of the theme."""
    store = context.store
    if name == BRAND_CSS:
        return store.cached(
            "brand.css",
            (settings.SHELL,),
            lambda: make(_brand_css(context).encode(), BRAND_CSS),
        )
    root, inner = (CORE, name[5:]) if name.startswith("core/") else _theme_assets(context, name)
    path = (root / inner).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        return None
    stamp = path.stat()
    key = (stamp.st_mtime_ns, stamp.st_size)
    hit = store.cache.get(f"asset:{path}")
    if hit is not None and hit[0] == key:
        found: Asset = hit[1]
        return found
    made = make(path.read_bytes(), path.name)
    store.cache[f"asset:{path}"] = (key, made)
    return made


def url(context: Context, name: str) -> str:
    """The address of a file that is there; a missing one is a mistake in a template."""
    found = read(context, name)
    if found is None:
        raise LookupError(f"no such asset: {name}")
    return f"/assets/{found.digest}/{name}"


def _theme_assets(context: Context, name: str) -> tuple[Path, str]:
    return theme_root(context.store.config.theme) / "assets", name


def _brand_css(context: Context) -> str:
    """The palette as custom properties; themes use them and nothing else for brand colours."""
    palette = brand_palette(settings.load(context.db).brand.colour)
    names = ("brand", "on_brand", "brand_text", "ink", "paper", "tint", "accent", "accent_soft")
    rules = [f"--{name.replace('_', '-')}: {getattr(palette, name)};" for name in names]
    rules += [f"--shade-{n}: {shade};" for n, shade in enumerate(palette.shades, 1)]
    return ":root { " + " ".join(rules) + " }\n"
