"""Pages of the back office from their templates: words, values and addresses for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, current_app, render_template, request

from storegen.web import assets, i18n
from storegen.web.admin import labels
from storegen.web.admin.access import address
from storegen.web.admin.registry import registry
from storegen.web.binding import prefix
from storegen.web.context import Context, current, gettext, ngettext
from storegen.web.i18n import language_name
from storegen.web.plugins.listed import plugins_of
from storegen.web.urls import with_query

FLASH = "said"


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A whole page. Everything that a template may use is named in `known`."""
    body = render_template(template, **known(), **values)
    response = Response(body, status=status, mimetype="text/html")
    response.headers["Referrer-Policy"] = "same-origin"  # addresses hold what staff searched for
    return response


def known() -> Mapping[str, Any]:
    context = current()
    actor = context.staff_actor
    signed_in = context.staff is not None
    return {
        "_": gettext,
        "ngettext": ngettext,
        "lang": context.locale,
        "shop": context.store.config.name,
        "currency": context.store.config.currency,
        "money": context.money,
        "phone": lambda number: i18n.phone(number, context.store.config.country),
        "moment": lambda when: moment(context, when),
        "day": context.day,
        "asset": lambda name: assets.url(context, name),
        "admin": address,
        "here": request.script_root + request.path,
        "query": with_query,
        "may": actor.may,
        "menu": registry(current_app._get_current_object()).for_actor(  # type: ignore[attr-defined]
            actor, plugins_of(context.store)
        )
        if signed_in
        else (),
        "staff": context.staff,
        "csrf": context.staff.csrf if context.staff is not None else "",
        "state_title": state_title,
        "state_tone": lambda code: labels.STATES.get(str(code), ("", "quiet"))[1],
        "languages": languages(context),
        "language_name": language_name,
        "shop_url": context.urls.home(),
    }


def moment(context: Context, when: datetime | None) -> str:
    return context.moment(when) if when is not None else ""


def state_title(code: object) -> str:
    """The name of a state, or the code itself where it is a plugin's own."""
    text = str(code)
    return gettext(labels.STATES[text][0]) if text in labels.STATES else text


def languages(context: Context) -> list[tuple[str, str, bool]]:
    """(name, this page in that language, whether it is the present one): Chinese and English."""
    path = request.full_path.rstrip("?") if request.method == "GET" else "/admin"
    return [
        (language_name(locale), prefix(context.store, locale) + path, locale == context.locale)
        for locale in context.store.config.locales
    ]
