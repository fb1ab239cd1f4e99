"""Where plugins come from. Looking imports no plugin."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from storegen.errors import PluginProblem
from storegen.plugins.own import own_package

BUNDLED = "storegen_plugins"
ENTRY_POINTS = "storegen.plugins"


@dataclass(frozen=True, slots=True)
class Source:
    """A plugin that could be used. ``load`` imports it and returns the object with ``manifest``."""

    name: str
    origin: str
    load: Callable[[], object]
    module: str = ""
    """Import name of the module that has it; migrations and templates lie in its package."""


def discover(root: Path | None = None) -> dict[str, tuple[Source, ...]]:
    """Name → sources: the bundled plugins, the installed packages' entry points, and what lies in
    ``plugins/`` of the store in ``root``.

    A name with two sources is an error only when it is listed.
    """
    found: dict[str, tuple[Source, ...]] = {}
    own = () if root is None else _own(root / "plugins")
    for source in (*_bundled(), *_installed(), *own):
        found[source.name] = (*found.get(source.name, ()), source)
    return found


def choose(name: str, sources: Mapping[str, tuple[Source, ...]]) -> Source:
    """The one source of a listed plugin. Raises `PluginProblem` if there is none, or two."""
    candidates = sources.get(name, ())
    if not candidates:
        raise PluginProblem(
            f"There is no plugin `{name}`.",
            f"{did_you_mean(name, sources)}Correct [plugins] in store.toml, or install the "
            "package that brings it.",
        )
    if len(candidates) > 1:
        raise PluginProblem(
            f"Two plugins are called `{name}`: {' and '.join(c.origin for c in candidates)}.",
            "Uninstall one of them.",
        )
    return candidates[0]


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """A sentence with the nearest valid name, or nothing."""
    near = get_close_matches(name, list(valid), n=1, cutoff=0.5)
    return f"Did you mean `{near[0]}`? " if near else ""


def _bundled() -> Iterable[Source]:
    package = importlib.import_module(BUNDLED)
    for module in pkgutil.iter_modules(package.__path__):
        path = f"{BUNDLED}.{module.name}"
        yield _source(module.name, path, path)


def _installed() -> Iterable[Source]:
    points: Iterable[EntryPoint] = entry_points(group=ENTRY_POINTS)
    # A package found twice on the path (editable and installed) names the same object.
    for point in sorted(set(points), key=lambda point: (point.name, point.value)):
        yield Source(point.name, point.value, point.load, point.module)


def _own(folder: Path) -> Iterable[Source]:
    """Single files ``NAME.py`` and folders ``NAME/`` of one store. Nothing gets on the import path:
    they are found through a package that only this store's plugins are in."""
    if not folder.is_dir():
        return
    package = own_package(folder)
    for found in pkgutil.iter_modules([str(folder)]):
        where = f"plugins/{found.name}{'/' if found.ispkg else '.py'}"
        yield _source(found.name, where, f"{package}.{found.name}")


def _source(name: str, origin: str, module: str) -> Source:
    return Source(name, origin, lambda: importlib.import_module(module), module)
