"""The storefront."""

from __future__ import annotations

from flask import Flask

from storegen.web.context import current
from storegen.web.problems import request_id
from storegen.web.theming import Head
from storegen.web.theming.render import render_text


def install(app: Flask) -> None:
    """Register the routes of this area."""
    from storegen.web.storefront import fragment, public, shop, sitemap, wellknown

    for module in (public, fragment, sitemap, wellknown):
        app.register_blueprint(module.blueprint)
    shop.install(app)


def error_page(status: int, title: str, detail: str) -> str:
    """The themed page for a refusal."""
    return render_text(
        current(),
        "error",
        head=Head(title=title, index=False),
        detail=detail,
        request_id=request_id() if status >= 500 else "",
    )
