"""The templates of a plugin: in ``templates/<plugin>/`` beside its manifest, with the theme's
macros to import."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import url_for as flask_url_for
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, Template
from markupsafe import Markup, escape

from storegen.plugins import Plugin
from storegen.web import assets
from storegen.web.context import current
from storegen.web.plugins.listed import mounted
from storegen.web.plugins.texts import Words
from storegen.web.theming.environment import make
from storegen.web.theming.theme import load_theme


class _Loader(PrefixLoader):
    """Templates of one plugin, which speak its language; the theme's keep the theme's."""

    def __init__(self, plugin: str, folder: Path) -> None:
        super().__init__({plugin: FileSystemLoader(folder / "templates" / plugin)})
        self._names = names(plugin)

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        source, filename, uptodate = self.get_source(environment, name)
        code = environment.compile(source, name, filename)
        known = ChainMap(dict(self._names), globals or {})
        return environment.template_class.from_code(environment, code, known, uptodate)


def names(plugin: str) -> dict[str, Any]:
    """What every template of a plugin may use, beside the names of the theme's templates."""
    words = Words(plugin)

    def gettext(message: str, /, **values: object) -> Markup:
        """Texts and values are words, never HTML, unless a value is Markup."""
        text = escape(words.gettext(message))
        return text % _escaped(values) if values else text

    def ngettext(one: str, many: str, n: int, /, **values: object) -> Markup:
        if_one, if_many = str(escape(one)), str(escape(many))
        known = {name: escape(value) for name, value in values.items()}
        return Markup(words.ngettext(if_one, if_many, n, **known))  # noqa: S704 - escaped above

    return {
        "_": gettext,
        "gettext": gettext,
        "ngettext": ngettext,
        "url_for": lambda view, **values: url_for(plugin, view, **values),
        "asset": lambda name: assets.url(current(), f"plugin/{plugin}/{name}"),
        "admin": admin_address,
    }


def url_for(plugin: str, view: str, **values: Any) -> str:
    """The address of a view of the plugin's pages in the reader's language. Raises `LookupError`
    for a view that it does not have."""
    endpoint = mounted().views.get((plugin, view))
    if endpoint is None:
        raise LookupError(f"plugin {plugin} has no page called {view}")
    return flask_url_for(endpoint, **values)


def admin_address(path: str = "") -> str:
    """An address of the back office in the reader's language."""
    return f"{current().urls.prefix}/admin" + (f"/{path}" if path else "")


def render(theme: str, plugin: Plugin, template: str, values: dict[str, Any]) -> Markup:
    """``template`` of the plugin. Raises what Jinja2 raises."""
    folder, name = plugin.folder, plugin.manifest.name
    if folder is None:
        raise LookupError(f"plugin {name} is a single file: it has no templates")
    found = _environment(theme, name, folder).get_template(f"{name}/{template}")
    return Markup(found.render(values))  # noqa: S704 - rendered with autoescape


@cache
def _environment(theme: str, plugin: str, folder: Path) -> Environment:
    """Of a plugin in a theme: code of the process, shared by the stores that have both."""
    environment = make(load_theme(theme).root)
    theirs = environment.loader
    assert isinstance(theirs, BaseLoader)
    environment.loader = ChoiceLoader([_Loader(plugin, folder), theirs])
    return environment


def _escaped(values: dict[str, object]) -> dict[str, object]:
    return {name: one if isinstance(one, int) else escape(one) for name, one in values.items()}
