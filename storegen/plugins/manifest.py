"""The static facts of a plugin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

from storegen.values.plugin import PluginJob, SlotPiece

NAME = re.compile(r"[a-z](?:[a-z0-9]|_(?=[a-z0-9])){0,39}", re.ASCII)
"""Lower case, digits and single underscores between them: a name is also an import name and part of
the tables' names, ``p_<plugin>__<table>``, where two underscores divide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a plugin says about itself; a plugin exposes it as ``manifest``.

    ``name`` is the name by which `store.toml` lists the plugin.
    """

    name: str
    version: str
    title: Mapping[str, str]
    """Locale → name for the owner; ``en`` must be there."""
    requires_storegen: str = ""
    """A version range as in packaging, for example ``>=0.1,<0.2``; empty takes every version."""
    requires: tuple[str, ...] = ()
    """Plugins that must be listed too; they are set up and called earlier."""
    after: tuple[str, ...] = ()
    """Plugins that are called earlier if they are listed."""
    settings_schema: type[Schema] | None = None
    """Checks the plugin's table in `store.toml`. A field with ``metadata={"secret": True}`` is
    never shown. Without a schema the plugin takes no settings."""
    default_settings: Callable[[str], Mapping[str, Any]] | None = None
    """What `storegen new` writes into `store.toml`, as TOML values. Its argument is a seed: 32 or
    more unguessable characters from which the plugin may derive keys."""
    tables: Any = None
    """The ``MetaData`` of the plugin's own tables (`sdk.tables`); every name begins with
    ``p_<plugin>__``. Their migrations lie in ``migrations/versions`` beside the manifest."""
    slots: tuple[SlotPiece, ...] = ()
    """Pieces of pages; a slot that storegen does not have stops the boot."""
    events: tuple[str, ...] = ()
    """Events that `on_event` is called with: the core's (``values/events.py``), or
    ``<plugin>.<name>`` of a plugin in ``requires`` or ``after``."""
    emits: tuple[str, ...] = ()
    """Events of the plugin's own, without its name in front."""
    jobs: tuple[PluginJob, ...] = ()
    """Timed work for the shop's worker."""
    pages: tuple[str, ...] = ()
    """Flask blueprints (``package.module:name``) for ``/<plugin>/...``, with ``-`` for ``_``."""
    api: tuple[str, ...] = ()
    """API blueprints (``package.module:name``) for ``/api/v1/<plugin>/...``."""
    webhooks: tuple[str, ...] = ()
    """Blueprints for ``/hooks/<plugin>/...``: no session, no CSRF, the body as it came."""
    admin: tuple[str, ...] = ()
    """Back-office resources (``package.module:name``) for the same registry as the core's."""
    permissions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Permission (``<plugin>.<name>``) → locale → title."""
    csp: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Directive (``img-src``, ``connect-src``, ``frame-src``, ``script-src``) → further https
    origins for the shop's pages."""
    cli: str = ""
    """A click group (``package.module:name``), run as ``storegen run DIR <plugin> ...``."""
