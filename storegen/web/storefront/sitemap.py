"""sitemap.xml: an index of parts, each written as it is read, whatever the size of the shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, stream_with_context
from sqlalchemy import func, select

from storegen.domain import settings
from storegen.models import Product
from storegen.web.context import Context, current
from storegen.web.theming import shell as shells
from storegen.web.urls import Urls, urls

blueprint = Blueprint("sitemap", __name__)
PART = 10_000
"""Products in a part; with their languages fewer addresses than the 50,000 that are allowed."""
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """All parts; a part begins behind the last product of the one before."""
    context = _main()
    parts = context.db.cached("sitemap", ("listing",), lambda: _starts(context))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    ]
    for name in ["pages", *(f"products-{after}" for after in parts)]:
        address = context.urls.absolute(f"/sitemap-{name}.xml")
        lines.append(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n")
    lines.append("</sitemapindex>\n")
    return _answer("".join(lines))


@blueprint.get("/sitemap-pages.xml")
def pages() -> Response:
    context = _main()
    shell = shells.load(context)
    paths = ["/", "/collections/all"]
    everyone = _everyone(context)
    bare = Urls("", "")
    paths += [bare.category(shelf.slug) for shelf in shell.by_id.values() if shelf.products]
    paths += [bare.page(one.slug) for one in shell.pages]
    return _answer("".join([_OPEN, *(_entry(everyone, path) for path in paths), "</urlset>\n"]))


@blueprint.get("/sitemap-products-<int:after>.xml")
def products(after: int) -> Response:
    """`PART` products with an id above ``after``."""
    context = _main()
    everyone = _everyone(context)
    statement = (
        select(Product.handle, Product.updated_at)
        .where(Product.status == "active", Product.id > after)
        .order_by(Product.id)
        .limit(PART)
        .execution_options(yield_per=1000)
    )
    rows = context.db.db.execute(statement)
    bare = Urls("", "")

    def lines() -> Iterator[str]:
        yield _OPEN
        for row in rows:
            yield _entry(everyone, bare.product(row.handle), row.updated_at)
        yield "</urlset>\n"

    response = Response(stream_with_context(lines()), mimetype="application/xml")
    response.headers["X-Storegen-Cache"] = "listing"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _main() -> Context:
    """Sitemaps are told once, in no language's folder."""
    context = current()
    if context.locale != context.store.config.locale:
        abort(404)
    return context


def _starts(context: Context) -> list[int]:
    """The id behind which each part begins, in one pass over the ids."""
    place = func.row_number().over(order_by=Product.id).label("place")
    numbered = select(Product.id.label("id"), place).where(Product.status == "active").subquery()
    ends = context.db.db.scalars(
        select(numbered.c.id).where(numbered.c.place % PART == 0).order_by(numbered.c.id)
    ).all()
    last = context.db.db.scalar(select(func.max(Product.id)).where(Product.status == "active"))
    if last is None:
        return []
    return [0, *(end for end in ends if end < last)]


def _everyone(context: Context) -> list[tuple[str, Urls]]:
    store = context.store
    return [(each, urls(store, each, context.urls.base)) for each in store.config.locales]


def _entry(everyone: list[tuple[str, Urls]], path: str, changed: datetime | None = None) -> str:
    """The address in every language, each naming the others."""
    addresses = [(locale, escape(each.absolute(each.to(path)))) for locale, each in everyone]
    alternates = (
        "".join(
            f'<xhtml:link rel="alternate" hreflang="{locale}" href="{address}"/>'
            for locale, address in addresses
        )
        if len(addresses) > 1
        else ""
    )
    when = f"<lastmod>{changed.date().isoformat()}</lastmod>" if changed else ""
    return "".join(
        f"<url><loc>{address}</loc>{when}{alternates}</url>\n" for _, address in addresses
    )


def _answer(body: str) -> Response:
    response = Response(body, mimetype="application/xml")
    response.headers["X-Storegen-Cache"] = f"listing {settings.SHELL}"
    response.headers["Cache-Control"] = "no-cache"
    return response
