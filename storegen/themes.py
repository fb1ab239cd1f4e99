"""Which themes there are."""

from __future__ import annotations

import importlib.resources

DEFAULT_THEME = "grove"


def themes() -> frozenset[str]:
    """The names of the bundled themes: folders with a ``theme.toml``."""
    root = importlib.resources.files("storegen_themes")
    found = {each.name for each in root.iterdir() if each.joinpath("theme.toml").is_file()}
    return frozenset(found)
