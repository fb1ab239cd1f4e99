"""sitemap.xml: one file for a shop that fits into it, else an index of parts; all of it written
as it is read, whatever the size of the shop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort
from sqlalchemy import func, select

from storegen.domain import settings
from storegen.models import Product
from storegen.web.context import Context, current
from storegen.web.theming import shell as shells
from storegen.web.urls import Urls, urls

blueprint = Blueprint("sitemap", __name__)
PART = 10_000
"""Products in a part: with their languages fewer addresses than the 50,000 that are allowed."""
_BARE = Urls("", "")
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPEN = f'{_XML}<urlset xmlns="{_SPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'


@blueprint.get("/sitemap.xml")
def whole() -> Response:
    """Everything, or where the parts are; a part begins behind the last product of another."""
    context = _main()
    starts = context.db.cached("sitemap", ("listing",), lambda: _starts(context))
    if len(starts) <= 1:
        return _urlset(_pages(context), _products(context, 0))
    names = ["pages", *(f"products-{after}" for after in starts)]
    addresses = [escape(context.urls.absolute(f"/sitemap-{name}.xml")) for name in names]
    parts = "".join(f"<sitemap><loc>{address}</loc></sitemap>\n" for address in addresses)
    return _answer([f'{_XML}<sitemapindex xmlns="{_SPACE}">\n', parts, "</sitemapindex>\n"])


@blueprint.get("/sitemap-pages.xml")
def pages() -> Response:
    """Home page, categories and texts."""
    return _urlset(_pages(_main()))


@blueprint.get("/sitemap-products-<int:after>.xml")
def products(after: int) -> Response:
    """`PART` products with an id above ``after``."""
    return _urlset(_products(_main(), after))


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
    return [0, *(end for end in ends if last is not None and end < last)]


def _pages(context: Context) -> list[str]:
    shell = shells.load(context)
    everyone = _everyone(context)
    paths = ["/", _BARE.all_products()]
    paths += [_BARE.category(shelf.slug) for shelf in shell.by_id.values() if shelf.products]
    paths += [_BARE.page(one.slug) for one in shell.pages]
    return [_entry(everyone, path) for path in paths]


def _products(context: Context, after: int) -> Iterator[str]:
    """Read while it is sent, in a unit of its own: the request's is over by then."""
    everyone = _everyone(context)
    statement = (
        select(Product.handle, Product.updated_at)
        .where(Product.status == "active", Product.id > after)
        .order_by(Product.id)
        .limit(PART)
        .execution_options(yield_per=1000)
    )

    def lines() -> Iterator[str]:
        with context.store.read() as uow:
            for row in uow.db.execute(statement):
                yield _entry(everyone, _BARE.product(row.handle), row.updated_at)

    return lines()


def _everyone(context: Context) -> list[tuple[str, Urls]]:
    store = context.store
    return [(each, urls(store, each, context.urls.base)) for each in store.config.locales]


def _entry(everyone: list[tuple[str, Urls]], path: str, changed: datetime | None = None) -> str:
    """The address in every language, each naming the others."""
    addresses = [(locale, escape(each.absolute(each.to(path)))) for locale, each in everyone]
    others = ""
    if len(addresses) > 1:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{locale}" href="{address}"/>'
            for locale, address in addresses
        )
    when = f"<lastmod>{changed.date().isoformat()}</lastmod>" if changed else ""
    return "".join(f"<url><loc>{address}</loc>{when}{others}</url>\n" for _, address in addresses)


def _urlset(*parts: Iterable[str]) -> Response:
    def lines() -> Iterator[str]:
        yield _OPEN
        for part in parts:
            yield from part
        yield "</urlset>\n"

    return _answer(lines())


def _answer(body: Iterable[str]) -> Response:
    response = Response(body, mimetype="application/xml")
    response.headers["X-Storegen-Cache"] = f"listing {settings.SHELL}"
    response.headers["Cache-Control"] = "no-cache"
    return response
