"""Which plugins the store of a request uses, and whose a request is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask, current_app

from storegen.plugins import Plugin
from storegen.store import Store

_EXTENSION = "storegen.plugins"


@dataclass(slots=True)
class Mounted:
    """What an app has of plugins. Hangs from the app."""

    owners: dict[str, str] = field(default_factory=dict)
    """Endpoint → plugin."""
    views: dict[tuple[str, str], str] = field(default_factory=dict)
    """(plugin, view of one of its pages) → endpoint."""


def mounted(app: Flask | None = None) -> Mounted:
    """Of this app, or of the one that answers the present request."""
    found: Mounted = (app or current_app).extensions.setdefault(_EXTENSION, Mounted())
    return found


def plugins_of(store: Store) -> Mapping[str, Plugin]:
    """Name → plugin, in their order, of those that this store uses."""
    return store.plugins.by_name
