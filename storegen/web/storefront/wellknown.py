"""Small files that browsers and robots ask for by name."""

from __future__ import annotations

import base64

from flask import Blueprint, Response, abort, jsonify

from storegen.domain import settings
from storegen.errors import BadMediaKey
from storegen.web import brand_css
from storegen.web.context import Context, current
from storegen.web.storefront.public import shop_words

blueprint = Blueprint("wellknown", __name__)
_PRIVATE = ("/admin", "/api/", "/cart", "/checkout", "/orders/", "/account", "/fragment", "/search")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What may be looked at; personal pages of every language are not worth a visit."""
    context = current()
    if context.locale != context.store.config.locale:
        abort(404)
    prefixes = [
        context.urls.prefix,
        *(f"/{one.lower()}" for one in context.store.config.locales[1:]),
    ]
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for prefix in prefixes for path in _PRIVATE]
    lines += ["", f"Sitemap: {context.urls.absolute('/sitemap.xml')}", ""]
    return _kept(Response("\n".join(lines), mimetype="text/plain"))


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """The shop as an app on a home screen."""
    context = current()
    brand = settings.load(context.db).brand
    name, words = shop_words(context)
    light = brand_css.colours(brand.colour, brand.accent)
    data = {
        "name": name,
        "short_name": name[:12],
        "description": words or name,
        "id": context.urls.home(),
        "start_url": context.urls.home(),
        "scope": context.urls.home(),
        "display": "standalone",
        "lang": context.locale,
        "dir": "ltr",
        "theme_color": light["brand"],
        "background_color": light["paper"],
        "icons": [
            {
                "src": context.store.media.url(key),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "maskable" if kind == "maskable" else "any",
            }
            for file, key in sorted(brand.icons.items())
            for kind, _, size in [file.partition("-")]
            if kind in ("icon", "maskable")
        ],
    }
    response = jsonify(data)
    response.mimetype = "application/manifest+json"
    return _kept(response)


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """The brand's small icon, or a plain dot where nothing was drawn yet."""
    return _icon(current(), "favicon")


@blueprint.get("/apple-touch-icon.png")
def touch_icon() -> Response:
    return _icon(current(), "touch")


def _icon(context: Context, kind: str) -> Response:
    icons = settings.load(context.db).brand.icons
    key = next((icons[name] for name in sorted(icons) if name.startswith(f"{kind}-")), None)
    body = _BLANK
    if key is not None:
        try:
            with context.store.media.open(key) as file:
                body = file.read()
        except BadMediaKey:
            body = _BLANK
    return _kept(Response(body, mimetype="image/png"))


def _kept(response: Response) -> Response:
    response.headers["X-Storegen-Cache"] = settings.SHELL
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


_BLANK = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
