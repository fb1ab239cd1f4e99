"""A bundled theme, read and checked once per process: it is package data, as code is."""

from __future__ import annotations

import importlib.resources
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from storegen.errors import SetupError
from storegen.themes import themes
from storegen.web.theming.schema import SectionSchema, SettingSpec, read_schema, read_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """``bundles``: name of an asset → the files of the theme that it is made of, in order."""

    name: str
    version: str
    title: Mapping[str, str]
    root: Path
    settings: tuple[SettingSpec, ...]
    sections: Mapping[str, SectionSchema]
    pages: Mapping[str, Mapping[str, Any]]
    bundles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class UnknownTheme(SetupError):
    """``store.toml`` names a theme that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no theme '{name}'.",
            f"Set `theme` in store.toml to one of: {', '.join(sorted(themes()))}.",
        )
        self.name = name


@cache
def load_theme(name: str) -> Theme:
    """The theme of this name. Raises `UnknownTheme`."""
    if name not in themes():
        raise UnknownTheme(name)
    return read_theme(Path(str(importlib.resources.files("storegen_themes"))) / name)


def read_theme(root: Path) -> Theme:
    """Read a theme's folder. What is wrong in it is a mistake of its author and raises."""
    about = tomllib.loads((root / "theme.toml").read_text("utf-8"))
    return Theme(
        name=about["name"],
        version=about["version"],
        title=about["title"],
        root=root,
        settings=read_settings(about.get("settings", [])),
        sections={
            path.stem: read_schema(path.stem, json.loads(path.read_text("utf-8")))
            for path in sorted((root / "sections").glob("*.json"))
        },
        pages={
            path.stem: json.loads(path.read_text("utf-8"))
            for path in sorted((root / "pages").glob("*.json"))
        },
        bundles={name: tuple(files) for name, files in about.get("bundles", {}).items()},
    )
