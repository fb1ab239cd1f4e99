"""The templates' environment: autoescaped, compiled once, shared by all stores of the process.

What belongs to a request comes through functions that ask `storegen.web.context.current`, so that
macros need no context of their own and no store's data stays in here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from storegen.domain import settings
from storegen.domain.catalog.pictures import Picture
from storegen.domain.html import clean_html
from storegen.media.sources import PictureSources, picture_sources
from storegen.values.money import to_decimal
from storegen.web import assets, i18n
from storegen.web import context as requests
from storegen.web.theming.theme import load_theme
from storegen.web.urls import Urls


@cache
def environment_of(theme: str) -> Environment:
    """Of a bundled theme, by its name; its templates are code of the process, as its data is."""
    return make(load_theme(theme).root)


def make(root: Path) -> Environment:
    """For a bundled theme. ``icons`` are the files in ``assets/icons``, written into the page."""
    environment = Environment(
        loader=FileSystemLoader([root / "templates", root]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.globals.update(
        _=_text,
        gettext=_text,
        ngettext=_plural,
        url=_Urls(),
        phone=lambda number: i18n.phone(number, requests.current().store.config.country),
        money=lambda amount: requests.current().money(amount),
        price_number=_price_number,
        day=lambda when: requests.current().day(when),
        moment=lambda when: requests.current().moment(when),
        asset=lambda name: assets.url(requests.current(), name),
        word=_word,
        icon=_icons(root / "assets" / "icons"),
        sources=sources,
        language_name=i18n.language_name,
        slot=_slot,
        slot_cards=_slot_cards,
    )
    environment.filters["ld_json"] = ld_json
    environment.filters["lines"] = lines
    environment.filters["cleaned"] = cleaned
    return environment


def sources(picture: Picture) -> PictureSources:
    """What `<picture>` needs of a picture of the present store."""
    return picture_sources(picture.sha, picture.renditions, requests.current().store.media.url)


def ld_json(data: Any) -> Markup:
    """A data block that no content can close: the signs of HTML are written as escapes."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - escaped for a script data block just above


def lines(text: str) -> Markup:
    """Plain text with its line breaks."""
    return Markup("<br>\n").join(escape(line) for line in text.splitlines())


def cleaned(text: str) -> Markup:
    """HTML of a product or page. It was cleaned when it came in, and is cleaned again here: a row
    that some other tool wrote must not run in a customer's browser."""
    return Markup(clean_html(text))  # noqa: S704 - by nh3's allow-list


def _text(message: str, /, **values: object) -> Markup:
    """A text of the theme; texts and values are words, never HTML, unless a value is Markup."""
    text = escape(requests.gettext(message))
    return text % _safe(values) if values else text


def _plural(one: str, many: str, n: int, /, **values: object) -> Markup:
    return escape(requests.current().texts.ngettext(one, many, n)) % _safe({"num": n, **values})


def _safe(values: dict[str, object]) -> dict[str, object]:
    return {name: one if isinstance(one, int) else escape(one) for name, one in values.items()}


def _word(text: str) -> str:
    """A word of the catalog (tag, type, option, value) as the owner says it in this language."""
    context = requests.current()
    return settings.load(context.db).words.get(context.locale, {}).get(text, text)


def _price_number(amount: int) -> str:
    """A price as programs read it: ``19.90``."""
    return to_decimal(amount, requests.current().store.config.currency)


def _slot(name: str, **args: Any) -> Markup:
    from storegen.web.plugins import slots

    return slots.slot(name, **args)


def _slot_cards(products: Sequence[Any]) -> str:
    from storegen.web.plugins import slots

    return slots.cards(products)


class _Urls:
    """``url.product(handle)`` of the present request."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(Urls, name):
            raise AttributeError(name)
        return getattr(requests.current().urls, name)


def _icons(folder: Path) -> Callable[..., Markup]:
    drawn = {path.stem: path.read_text("utf-8").strip() for path in folder.glob("*.svg")}

    def icon(name: str) -> Markup:
        """An icon beside words that say the same; it is hidden from readers of the page."""
        return Markup(drawn[name])  # noqa: S704 - files of the theme

    return icon
