"""A plugin's words in the reader's language."""

from __future__ import annotations

from flask import has_request_context

from storegen.plugins import Plugin
from storegen.web import i18n
from storegen.web.context import current, gettext, ngettext
from storegen.web.plugins.listed import plugins_of


def of_plugin(plugin: Plugin, locale: str) -> i18n.Texts | None:
    """The texts of a plugin in the language of ``locale``; None for one without files."""
    folder = plugin.folder
    return i18n.plugin_texts(folder / "locale", i18n.language(locale)) if folder else None


class Words:
    """``words = Words("coupons")``; then ``words.gettext("Claim")``: the plugin's own text in the
    reader's language, else the shop's, else English. Outside of a request: English."""

    def __init__(self, plugin: str) -> None:
        self.plugin = plugin

    def gettext(self, message: str, /, **values: object) -> str:
        """A text; ``%(name)s`` stands for a value."""
        own = self._own()
        if own is None or not own.knows(message):
            return gettext(message, **values)
        text = own.gettext(message)
        return text % values if values else text

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """A text about ``n`` things; ``%(num)s`` is the number."""
        own = self._own()
        if own is None or not own.knows(one):
            if not has_request_context():
                return (one if n == 1 else many) % {"num": n, **values}
            return ngettext(one, many, n, **values)
        return own.ngettext(one, many, n) % {"num": n, **values}

    def _own(self) -> i18n.Texts | None:
        if not has_request_context():
            return None
        context = current()
        plugin = plugins_of(context.store).get(self.plugin)
        return of_plugin(plugin, context.locale) if plugin is not None else None
