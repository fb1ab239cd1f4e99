"""A plugin's settings where no setup is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.uow import UnitOfWork


def settings_of(uow: UnitOfWork, plugin: str) -> Mapping[str, Any]:
    """The settings of ``plugin`` (its own name), checked by its schema, as they are now. Raises
    ``KeyError`` for a plugin that is not at work."""
    settings: Mapping[str, Any] = uow.store.plugins.by_name[plugin].setup.settings
    return settings
