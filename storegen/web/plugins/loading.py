"""The objects that a manifest names."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

from storegen.errors import PluginProblem
from storegen.plugins import Plugin


def load(plugin: Plugin, field: str, names: Iterable[str], kind: type[Any]) -> Iterator[Any]:
    """The objects that a manifest names: ``package.module:name``, or ``.module:name`` within the
    plugin's package."""
    for name in names:
        module, colon, attribute = name.partition(":")
        try:
            found = getattr(importlib.import_module(module, plugin.package or None), attribute)
        except Exception as error:
            raise PluginProblem(
                f"Plugin `{plugin.manifest.name}`: `{name}` of its {field} cannot be loaded: "
                f"{type(error).__name__}: {error}.",
                "Write it as `package.module:name`, or `.module:name` within the plugin.",
            ) from error
        if not colon or not isinstance(found, kind):
            raise PluginProblem(
                f"Plugin `{plugin.manifest.name}`: `{name}` of its {field} is no {kind.__name__}.",
                f"Make it with {kind.__name__} of storegen.sdk.web.",
            )
        if (getattr(found, "plugin", "") or plugin.manifest.name) != plugin.manifest.name:
            raise PluginProblem(
                f"Plugin `{plugin.manifest.name}`: `{name}` is made for `{found.plugin}`.",
                f"Give {kind.__name__} the plugin's own name.",
            )
        yield found
