"""Settings of a plugin that follow the owner's changes while the shop runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from storegen.plugins.settings import without_wrong

log = logging.getLogger("storegen.plugins")

Owner = Callable[[], tuple[object, Mapping[str, Mapping[str, Any]]]]
"""The owner's settings now: a mark that changes with them, and plugin → field → JSON value."""


class LiveSettings(Mapping[str, Any]):
    """Read like a dictionary; what is read is what the owner says now, in every process.

    ``check`` makes checked settings out of the owner's values and raises `PluginProblem`. Values
    that do not fit any more (the plugin was updated, say) are left out, the others count.
    """

    def __init__(
        self,
        plugin: str,
        owner: Owner,
        check: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    ) -> None:
        self._plugin = plugin
        self._owner = owner
        self._check = check
        self._mark: object = object()
        self._values: Mapping[str, Any] = {}
        self.left_out: tuple[str, ...] = ()
        """Names of the owner's settings that do not fit."""
        self._now()

    def _now(self) -> Mapping[str, Any]:
        mark, all_values = self._owner()
        if mark != self._mark:
            given = all_values.get(self._plugin, {})
            self._values, self.left_out = without_wrong(self._check, given)
            if self.left_out:
                names = ", ".join(self.left_out)
                log.warning("plugin %s: settings %s do not fit any more", self._plugin, names)
            self._mark = mark
        return self._values

    @property
    def mark(self) -> object:
        """Another one after each change of the settings."""
        self._now()
        return self._mark

    def __getitem__(self, name: str) -> Any:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def __repr__(self) -> str:
        return f"<settings of {self._plugin}>"  # never the values: some are secret
