"""Where plugins come from. Looking imports no plugin."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points

from storegen.errors import PluginProblem

BUNDLED = "storegen_plugins"
ENTRY_POINTS = "storegen.plugins"


@dataclass(frozen=True, slots=True)
class Source:
    """A plugin that could be used. ``load`` imports it and returns the object with ``manifest``."""

    name: str
    origin: str
    load: Callable[[], object]


def discover() -> dict[str, tuple[Source, ...]]:
    """Name → sources: the bundled plugins, then the installed packages' entry points.

    A name with two sources is an error only when it is listed.
    """
    found: dict[str, tuple[Source, ...]] = {}
    for source in (*_bundled(), *_installed()):
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
        yield Source(module.name, path, lambda path=path: importlib.import_module(path))  # type: ignore[misc]


def _installed() -> Iterable[Source]:
    points: Iterable[EntryPoint] = entry_points(group=ENTRY_POINTS)
    # A package found twice on the path (editable and installed) names the same object.
    for point in sorted(set(points), key=lambda point: (point.name, point.value)):
        yield Source(point.name, point.value, point.load)
