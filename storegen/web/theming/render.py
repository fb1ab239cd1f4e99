"""A page of the shop from its template, its sections and what every page shows."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, request
from flask.wrappers import Response
from markupsafe import Markup

from storegen.domain import opening, settings
from storegen.domain.catalog import pictures
from storegen.domain.catalog.pictures import Picture
from storegen.web import binding
from storegen.web.context import Context
from storegen.web.plugins.marks import marks
from storegen.web.theming import shell as shells
from storegen.web.theming.environment import environment_of
from storegen.web.theming.head import Head
from storegen.web.theming.resources import Resources
from storegen.web.theming.sections import Section, resolve, settings_of
from storegen.web.theming.theme import Theme, load_theme

log = logging.getLogger(__name__)


def render(
    context: Context,
    template: str,
    *,
    head: Head,
    tags: Iterable[str] | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """The page ``template`` of the store's theme; ``values`` reach it and its sections.

    ``tags`` name what it depends on: then it is public, and kept until one of them is touched.
    Without them it is personal and never kept. Where the theme has ``pages/<template>.json`` (or
    the owner an edit of it), ``sections`` is the page's sections, rendered in their order.
    """
    body = render_text(context, template, head=head, **values)
    response = Response(body, status=status, mimetype="text/html")
    if tags is None:
        g.personal = True
        response.headers["Cache-Control"] = "private, no-store"
    else:
        response.headers["X-Storegen-Cache"] = " ".join(
            dict.fromkeys([settings.SHELL, *tags, *marks()])
        )
        response.headers["Cache-Control"] = "no-cache"
    return response


def render_text(context: Context, template: str, *, head: Head, **values: Any) -> str:
    """The page's HTML."""
    theme = load_theme(context.store.config.theme)
    name = template.rpartition("/")[2]
    everything = {**_common(context, theme, head), "page_name": name, **values}
    everything["logos"] = _logos(context, everything["theme"])
    everything["sections"] = _sections(context, theme, template, everything)
    return environment_of(theme.name).get_template(f"{template}.html").render(everything)


def page_sections(context: Context, theme: Theme, page: str) -> tuple[Section, ...]:
    """The owner's page, or the theme's."""
    data = shells.load(context).edits.get(page) or theme.pages.get(page)
    if not isinstance(data, Mapping):
        return ()
    key = f"sections:{theme.name}:{page}:{context.locale}"
    return context.db.cached(
        key, (settings.SHELL,), lambda: resolve(theme, data, locales_of(context))
    )


def locales_of(context: Context) -> tuple[str, ...]:
    """Where to look for a text of the theme's data: the reader's, its language, the shop's, any."""
    locale = context.locale
    return (locale, locale.split("-")[0], context.store.config.locale, "en")


def _sections(
    context: Context, theme: Theme, page: str, values: Mapping[str, Any]
) -> tuple[Markup, ...]:
    sections = page_sections(context, theme, page)
    if not sections:
        return ()
    resources = Resources(context, theme, sections)
    made = []
    for section in sections:
        try:
            template = environment_of(theme.name).get_template(f"sections/{section.type}.html")
            html = template.render({**values, "section": section, "resources": resources})
        except Exception:
            if section.required:
                raise
            log.exception("theme %s: section '%s' is left out", theme.name, section.id)
            continue
        if html.strip():
            made.append(Markup(html))  # noqa: S704 - rendered with autoescape
    return tuple(made)


def _common(context: Context, theme: Theme, head: Head) -> dict[str, Any]:
    store, locale, urls = context.store, context.locale, context.urls
    shop = settings.load(context.db)
    names = shop.brand.names
    alternates = []
    if head.path is not None:
        alternates = [
            (each, urls.absolute(binding.prefix(store, each) + head.path))
            for each in store.config.locales
        ]
    return {
        "head": head,
        "here_path": request.path,
        "locale": locale,
        "locales": store.config.locales,
        "switch": {each: binding.prefix(store, each) for each in store.config.locales},
        "switch_path": head.path or "/",
        "canonical": urls.absolute(urls.prefix + head.path) if head.path is not None else None,
        "alternates": alternates if len(alternates) > 1 else [],
        "shop": shop,
        "shop_name": in_words(names, locale) or store.config.name,
        "tagline": in_words(shop.brand.taglines, locale),
        "shell": shells.load(context),
        "demo": store.config.mode == "demo",
        "closed": opening.reasons_closed(context.db, shop),
        "currency": store.config.currency,
        "country": store.config.country,
        "theme": settings_of(theme.settings, shop.theme, locales_of(context), theme.name),
    }


def _logos(context: Context, chosen: Mapping[str, Any]) -> dict[str, Picture | None]:
    shas = {"light": chosen.get("logo") or "", "dark": chosen.get("logo_dark") or ""}

    def read() -> dict[str, Picture | None]:
        found = pictures.pictures(context.db, filter(None, shas.values()))
        return {name: found.get(sha) for name, sha in shas.items()}

    if not any(shas.values()):
        return dict.fromkeys(shas)
    return context.db.cached("logos", (settings.SHELL,), read)


def in_words(texts: Mapping[str, str], locale: str) -> str:
    """One of an owner's texts in the reader's language, or in whichever there is."""
    return texts.get(locale) or texts.get(locale.split("-")[0]) or next(iter(texts.values()), "")
