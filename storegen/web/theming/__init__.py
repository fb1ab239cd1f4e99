"""Themes: templates, sections with a schema, pages as data, assets.

A theme is a folder: ``theme.toml``, ``templates/``, ``sections/<type>.html`` with
``sections/<type>.json``, ``pages/<page>.json`` (``{"sections": {...}, "order": [...]}``) and
``assets/``. What an owner changed of a page lies in the table ``theme_page``, so that an update of
the theme loses nothing.
"""

from storegen.web.theming.head import Head
from storegen.web.theming.render import render
from storegen.web.theming.theme import Theme, load_theme

__all__ = ["Head", "Theme", "load_theme", "render"]
