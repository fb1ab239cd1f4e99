"""The public pages: nobody is asked who they are, and everybody gets the same bytes."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.wrappers import Response
from sqlalchemy import select

from storegen.domain.catalog.card_reading import Card
from storegen.domain.catalog.listing import ListingQuery, read_listing
from storegen.domain.catalog.product_page import ProductPage, product_page
from storegen.domain.html import plain_text
from storegen.errors import NotFound
from storegen.models import Redirect
from storegen.web.context import Context, current, gettext
from storegen.web.storefront import listing_view, structured
from storegen.web.storefront.choosing import Choice, choose, from_form
from storegen.web.storefront.static_pages import static_page
from storegen.web.theming import Head, render
from storegen.web.theming import shell as shells
from storegen.web.theming.shell import Shelf

blueprint = Blueprint("public", __name__)
LISTING = "listing"
"""The tag of everything that shows more products than one."""


@blueprint.get("/")
def home() -> Response:
    context = current()
    name, words = shop_words(context)
    head = Head(
        title=name,
        description=words,
        path="/",
        data=structured.shop(context, name),
    )
    return render(context, "home", head=head, tags=[LISTING])


@blueprint.get("/collections/<slug>")
def collection(slug: str) -> Response:
    """A category; ``all`` is every product."""
    context = current()
    shell = shells.load(context)
    shelf: Shelf | None = None
    if slug != "all":
        shelf = next((one for one in shell.by_id.values() if one.slug == slug), None)
        if shelf is None:
            return moved_or_missing(f"/collections/{slug}")
    view = listing_view.of_request(context, f"/collections/{slug}")
    query = listing_view.query_of(view, category_id=shelf.id if shelf else None)
    found = read_listing(context.db, context.locale, query)
    if query.after and not found.cards:
        return _from_the_start(view)
    title = shelf.title if shelf else gettext("All products")
    trail = shell.trail(shelf.id) if shelf else []
    path = f"/collections/{slug}"
    crumbs = [(one.title, context.urls.category(one.slug)) for one in trail] or [(title, "")]
    page = listing_view.page_of(view, found, path)
    head = Head(
        title=page.titled(title),
        description=_listing_words(context, title, [card.title for card in found.cards[:4]]),
        path=page.canonical,
        index=not view.narrowed,
        picture=next((card.picture for card in found.cards if card.picture), None),
        data=structured.crumbs(context, [(one.title, f"/collections/{one.slug}") for one in trail]),
        previous=page.previous,
        next=page.next,
    )
    return render(
        context,
        "listing",
        head=head,
        tags=[LISTING],
        status=404 if page.beyond else 200,
        title=title,
        crumbs=crumbs,
        shelf=shelf,
        listing=found,
        page=page,
        view=view,
    )


@blueprint.get("/search")
def search() -> Response:
    """Never in an index: it shows what others show better."""
    context = current()
    view = listing_view.of_request(context, "/search")
    query = listing_view.query_of(view, search=view.q)
    found = read_listing(context.db, context.locale, query)
    if query.after and not found.cards:
        return _from_the_start(view)
    suggested: tuple[Card, ...] = ()
    if not found.cards:
        suggested = read_listing(
            context.db, context.locale, ListingQuery(size=4), facets=False
        ).cards
    title = gettext("Search: %(words)s", words=view.q) if view.q else gettext("Search")
    page = listing_view.page_of(view, found, "/search")
    return render(
        context,
        "search",
        head=Head(
            title=title, path=page.canonical, index=False, previous=page.previous, next=page.next
        ),
        tags=[LISTING],
        title=title,
        crumbs=[(title, "")],
        shelf=None,
        listing=found,
        page=page,
        view=view,
        suggested=suggested,
    )


@blueprint.get("/products/<handle>")
def product(handle: str) -> Response:
    """One product; ``?variant=`` chooses one of its variants."""
    context = current()
    shown = product_page(context.db, handle, context.locale)
    if shown is None:
        return moved_or_missing(f"/products/{handle}")
    choice = choose(shown, request.args.get("variant", ""))
    shell = shells.load(context)
    trails = [shell.trail(one) for one in shown.shelf_ids if one in shell.by_id]
    trail = max(trails, key=len, default=[])
    path = f"/products/{shown.handle}"
    crumbs = [(one.title, context.urls.category(one.slug)) for one in trail]
    description = shown.seo_description or plain_text(shown.description)
    picture = choice.picture or next(iter(shown.pictures), None)
    head = Head(
        title=shown.seo_title or shown.title,
        description=description,
        path=path,
        kind="product",
        picture=picture,
        data=(
            structured.product(context, shown, description),
            *structured.crumbs(
                context,
                [*((one.title, f"/collections/{one.slug}") for one in trail), (shown.title, path)],
            ),
        ),
    )
    return render(
        context,
        "product",
        head=head,
        tags=_product_tags(shown),
        product=shown,
        choice=choice,
        crumbs=[*crumbs, (shown.title, "")],
        related=shown.related,
    )


@blueprint.post("/products/<handle>/choice")
def choice(handle: str) -> Response:
    """Without scripts: the page of the variant that the form's options name."""
    context = current()
    shown = product_page(context.db, handle, context.locale)
    if shown is None:
        raise NotFound("product")
    found: Choice = from_form(shown, request.form)
    address = context.urls.product(handle)
    if found.variant is not None:
        address += f"?variant={found.variant.public_id}"
    response = redirect(address, code=303)
    assert isinstance(response, Response)
    return response


@blueprint.get("/pages/<slug>")
def page(slug: str) -> Response:
    """A page of text: about, policies."""
    context = current()
    found = static_page(context.db, slug, context.locale)
    if found is None:
        return moved_or_missing(f"/pages/{slug}")
    path = f"/pages/{slug}"
    head = Head(
        title=found.title,
        description=plain_text(found.body),
        path=path,
        data=structured.crumbs(context, [(found.title, path)]),
    )
    return render(context, "page", head=head, tags=[], page=found)


def moved_or_missing(path: str) -> Response:
    """A redirect to where it went, for good; else `NotFound`."""
    context = current()
    new = context.db.db.scalar(select(Redirect.new_path).where(Redirect.old_path == path))
    if new is None:
        raise NotFound("page")
    response = redirect(context.urls.to(new), code=301)
    assert isinstance(response, Response)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _from_the_start(view: listing_view.ListingView) -> Response:
    """To the first page of a list, from behind a product that it does not know."""
    response = redirect(view.address(), code=302)
    assert isinstance(response, Response)
    response.headers["Cache-Control"] = "no-cache"
    return response


def shop_words(context: Context) -> tuple[str, str]:
    """The shop's name and its one line, in the reader's language."""
    from storegen.domain import settings
    from storegen.web.theming.render import in_words

    brand = settings.load(context.db).brand
    name = in_words(brand.names, context.locale) or context.store.config.name
    return name, in_words(brand.taglines, context.locale)


def _listing_words(context: Context, title: str, products: list[str]) -> str:
    if not products:
        return title
    joined = gettext(", ").join(products)
    return gettext("%(title)s: %(products)s and more.", title=title, products=joined)


def _product_tags(shown: ProductPage) -> list[str]:
    beside = [card.id for card in (*shown.related, *shown.children)]
    return [f"product:{each}" for each in (shown.id, *beside)]
