"""Plugins' operations in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.store import Store
from storegen.web.plugins.listed import mounted, plugins_of
from storegen.web.plugins.naming import API, segment

PREFIX = "/api/v1/"


def schema_name(plugin: str, name: str) -> str:
    """A plugin's schema carries its name, so that two plugins may both have a ``Claim``."""
    return "".join(part.title() for part in plugin.split("_")) + name


def of_store(document: Mapping[str, Any], store: Store) -> dict[str, Any]:
    """The document without the operations of plugins that this store does not list."""
    used = plugins_of(store)
    every = {owner for end, owner in mounted().owners.items() if end.startswith(f"{API}__")}
    if not every:
        return dict(document)
    hidden = tuple(f"{PREFIX}{segment(name)}/" for name in every - used.keys())
    tags = []
    for tag in document.get("tags", ()):
        owner = _owner(tag["name"])
        if not owner:
            tags.append(tag)
        elif owner in used and owner not in [each["name"] for each in tags]:
            tags.append({**tag, "name": owner})
    paths = {
        path: operations
        for path, operations in document["paths"].items()
        if not hidden or not f"{path}/".startswith(hidden)
    }
    return {**document, "paths": paths, "tags": tags}


def _owner(tag: str) -> str:
    """The plugin of a blueprint's name; "" for one of the core's."""
    parts = tag.split("__")
    return "__".join(parts[1:-1]) if parts[0] == API and len(parts) > 2 else ""
