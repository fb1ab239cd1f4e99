"""The carriers that plugins bring, for the back office's forms and for links on order pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from storegen.store import Store


def choices(store: Store, locale: str) -> list[tuple[str, str]]:
    """(code, title) of each carrier, in the order of plugins; none without such a plugin."""
    return [
        (carrier.code, title_of(carrier.titles, locale))
        for carrier in store.plugins.carriers.values()
    ]


def code_of(store: Store, text: str) -> str:
    """What is stored for a parcel: the code of the carrier that staff chose or wrote by its title
    in any language; other carriers stay as they were written."""
    wanted = text.strip()
    for carrier in store.plugins.carriers.values():
        names = {carrier.code, *carrier.titles.values()}
        if wanted.casefold() in {name.casefold() for name in names}:
            return carrier.code
    return wanted


def shown(store: Store, carrier: str, number: str, locale: str) -> tuple[str, str]:
    """(title, address of the tracking page or "") of a parcel for a reader of ``locale``."""
    found = store.plugins.carriers.get(carrier)
    if found is None:
        return carrier, ""
    url = found.tracking_url
    filled = url.replace("{number}", quote(number, safe="")) if url and number else ""
    return title_of(found.titles, locale), filled


def title_of(titles: Mapping[str, str], locale: str) -> str:
    """The title in the reader's language, else in English."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    for candidate in (locale, language):
        if titles.get(candidate):
            return titles[candidate]
    return titles["en"]
